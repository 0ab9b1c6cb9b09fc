"""Rules and labels in words that a team leader understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callqa.measures import MEASURES
from callqa.profile import Profile
from callqa.score.rules import (
    After,
    All,
    AnyOf,
    AtLeast,
    AtLeastDistinct,
    Before,
    Each,
    FirstWithin,
    Has,
    Limits,
    MeasureIs,
    MetadataIs,
    NoneOf,
    Number,
    Ratio,
    Rule,
)

_LABELS = {
    "opening.greeting": "a greeting",
    "opening.organisation": "the organisation's name",
    "opening.name_given": "the agent's name",
    "opening.help_offered": "an offer of help",
    "opening.recording_notice": "a notice that the call is recorded",
    "closing.further_help": "an offer of further help",
    "closing.satisfaction_checked": "a check that the customer is satisfied",
    "closing.thanks": "thanks",
    "closing.farewell": "a goodbye",
    "identity.requested": "a request for identification",
    "identity.provided": "identifiers given",
    "identity.confirmed": "identity confirmed",
    "identity.data_protection_notice": "a data protection notice",
    "identity.disclosed_unchecked": "account detail given before the identity check",
    "positive.empathy": "empathy",
    "positive.solution": "a solution proposed",
    "positive.apology": "an apology",
    "positive.options": "options offered",
    "positive.commitment": "a promise",
    "positive.courtesy": "courtesy",
    "positive.personalised": "the customer's name used",
    "negative.blame": "blame",
    "negative.refusal": "a refusal",
    "negative.dismissive": "dismissive words",
    "negative.argument": "arguing",
    "negative.uncertainty": "uncertainty",
    "negative.jargon": "jargon",
    "negative.profanity": "swearing",
    "listening.backchannel": "listening sounds",
    "listening.acknowledgement": "acknowledgement",
    "listening.paraphrase": "the customer's matter in other words",
    "listening.summary": "a summary",
    "listening.check_understanding": "a check of understanding",
    "handling.hold_requested": "a request to hold",
    "handling.hold_explained": "a reason for the hold",
    "handling.transfer": "a transfer",
    "handling.unexplained_silence": "an unexplained silence",
    "handling.progress_update": "word of progress",
    "handling.looking_up": "word of looking something up",
    "handling.record_updating": "word of updating the record",
    "handling.readback": "details read back",
    "handling.alternative_channel": "another channel offered",
    "complaint.stated": "a complaint",
    "complaint.reason": "the reason for it",
    "complaint.escalation_requested": "a wish to speak to someone senior",
    "complaint.abuse": "abuse",
    "resolution.information_given": "information given",
    "resolution.preference_asked": "a question about what the customer prefers",
    "resolution.action_explained": "an explanation of what is done",
    "resolution.next_step": "the next step",
    "resolution.timescale": "a time by which it happens",
    "resolution.ownership": "someone who takes it on",
    "resolution.refund_offered": "a refund offered",
    "resolution.replacement_offered": "a replacement offered",
    "resolution.return_requested": "a request to have the item back for testing",
    "resolution.callback_agreed": "a call back agreed",
    "resolution.escalated": "a referral",
    "resolution.referral_briefed": "a referral with its reasons",
    "resolution.feedback_requested": "a request for feedback",
    "resolution.accepted": "the customer's agreement",
    "sales.offered": "a product offered",
    "need.adaptation_offered": "an offer to adapt",
}
_FAMILIES = {
    "complaint": "dissatisfaction",
    "positive": "positive language",
    "negative": "negative language",
    "listening": "signs of listening",
    "telephony": "a telephone feature",
    "question": "questions",
    "need": "a particular need",
    "opening": "an opening",
    "closing": "a closing",
}
_SUFFIX = {"question": " question", "need": " need"}
_METADATA = {"ring_s": "ringing time"}
_MOST_NAMED = 4


def label_words(label: str) -> str:
    """A label in words: ``question.open`` is “an open question”."""
    family, _, what = label.partition(".")
    if label == "question.asked":
        return _FAMILIES[family]
    if what == "*":
        return _FAMILIES.get(family, family)
    if label in _LABELS:
        return _LABELS[label]
    words = what.replace("_", " ") + _SUFFIX.get(family, "")
    if family in _SUFFIX:
        return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return words


def measure_words(name: str) -> str:
    """A measure's or metadata field's name in words."""
    return MEASURES.get(name) or _METADATA.get(name, name.replace("_", " "))


def listed(words: Iterable[str], joint: str) -> str:
    """“a, b and c”, each said once; a long “or” list is cut short."""
    unique = list(dict.fromkeys(words))
    if joint == "or" and len(unique) > _MOST_NAMED:
        return ", ".join(unique[:_MOST_NAMED]) + " or the like"
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} {joint} {unique[-1]}"


def describe(rule: Rule, profile: Profile) -> str:
    """What a rule asks for, as a noun phrase, with the profile's numbers filled in."""

    def say(part: Rule) -> str:
        return describe(part, profile)

    match rule:
        case Has():
            return _moments(rule)
        case All(rules):
            return _together(rules, profile)
        case AnyOf(rules) if all(isinstance(r, Has) for r in rules):
            return _moments(Has(tuple(p for r in rules if isinstance(r, Has) for p in r.picks)))
        case AnyOf(rules):
            return f"either {', or '.join(dict.fromkeys(map(say, rules)))}"
        case NoneOf(rules):
            return f"a call free of {listed(map(say, rules), 'or')}"
        case AtLeast(n, of):
            what = say(of)
            joint = " " if what in _FAMILIES.values() else " of "
            return f"at least {_number(n, profile)}{joint}{what}"
        case AtLeastDistinct(n, _, written):
            return f"at least {_number(n, profile)} kinds of {listed(map(say, written), 'or')}"
        case Ratio(of, to, limits):
            return f"{say(of)} {_limits(limits, profile)} of {say(to)}"
        case Each(anchor, has):
            return f"{say(has)} close to {say(anchor)}"
        case Before(anchor, has):
            return f"{say(has)} before {say(anchor)}"
        case After(anchor, has):
            return f"{say(has)} after {say(anchor)}"
        case FirstWithin(seconds, has):
            return f"{say(has)} within the first {_number(seconds, profile)} seconds"
        case MeasureIs(name, limits):
            return f"{measure_words(name)} of {_limits(limits, profile)}"
        case MetadataIs(field, limits, values):
            wanted = _limits(limits, profile) if limits else listed(map(str, values), "or")
            return f"{measure_words(field)} of {wanted}"


def subject(rule: Rule, profile: Profile) -> str:
    """What a rule is about, without its limits: for what cannot be known."""
    if isinstance(rule, MeasureIs):
        return measure_words(rule.name)
    if isinstance(rule, MetadataIs):
        return measure_words(rule.field)
    return describe(rule, profile)


def _moments(selection: Has) -> str:
    """Labels as a list; many of one family by the family's name."""
    written = list(dict.fromkeys(p.written for p in selection.picks))
    families = {w.partition(".")[0] for w in written}
    if len(written) >= _MOST_NAMED and len(families) == 1:
        family = families.pop()
        if family in _FAMILIES:
            return _FAMILIES[family]
    return listed(map(label_words, written), "or")


def _together(rules: Sequence[Rule], profile: Profile) -> str:
    wanted = [describe(r, profile) for r in rules if not isinstance(r, NoneOf)]
    unwanted = [describe(part, profile) for r in rules if isinstance(r, NoneOf) for part in r.rules]
    if not unwanted:
        return " together with ".join(dict.fromkeys(wanted))
    return f"{' together with '.join(dict.fromkeys(wanted))} without {listed(unwanted, 'or')}"


def _number(number: Number, profile: Profile) -> str:
    value = number.of(profile)
    return "?" if value is None else f"{value:g}"


def _limits(limits: Limits, profile: Profile) -> str:
    parts = []
    if limits.at_least is not None:
        parts.append(f"at least {_number(limits.at_least, profile)}")
    if limits.above is not None:
        parts.append(f"more than {_number(limits.above, profile)}")
    if limits.at_most is not None:
        parts.append(f"at most {_number(limits.at_most, profile)}")
    return " and ".join(parts)
