"""The identity check as a dialogue: requested, provided, confirmed or failed.

One pass over the turns keeps what is still asked for, what was given, and whether account detail
went out first. Words of cards, PINs and passwords arrive redacted; a redacted token counts as an
answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from callqa.detect.answers import answers, numbers
from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.clauses import tagged
from callqa.profile import Profile
from callqa.records import Attribute, Detection

NAME = "identity"
KINDS = (
    "name", "postcode", "address", "date_of_birth", "account", "order", "phone", "email", "secret",
)  # fmt: skip
_ASK_REACH = 15  # words between asking and the identifier asked for
_STILL_OPEN = 5  # turns for which a request waits for its answer
_TOLD_DESPITE_ASKING = 3  # digits or letters in a turn that also asks something
_YES = re.compile(r" (?:yes|it is|speaking|that is (?:right|correct|me)|correct) ")


@dataclass
class _Check:
    """What has happened so far in one call."""

    open: list[Detection] = field(default_factory=list)  # requests without an answer
    requested: list[Detection] = field(default_factory=list)
    provided: list[Detection] = field(default_factory=list)
    settled: int = 0  # how many of ``provided`` a confirmation has covered
    disclosed_before: bool = False
    noticed: bool = False


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """The steps of the check, linked by ``parts``, and detail given out before any of it."""
    check = _Check()
    for position, view in enumerate(call.turns):
        if view.role in ("agent", "second_agent"):
            yield from _agent_turn(call, view, check, earlier)
        elif view.role == "customer" and (given := _provided(call, view, check, earlier)):
            check.provided.append(given)
            yield given
        check.open = [r for r in check.open if _waits(call, r, position)]


def _waits(call: CallView, request: Detection, position: int) -> bool:
    asked = next(n for n, t in enumerate(call.turns) if t.index == request.turn)
    return position - asked < _STILL_OPEN


def _agent_turn(
    call: CallView, view: TurnView, check: _Check, earlier: Found
) -> Iterator[Detection]:
    check.noticed |= bool(earlier.in_turn("identity.data_protection_notice", view.index))
    if outcome := _outcome(call, view, check, earlier):
        yield outcome
    if disclosed := _disclosed(call, view, check, earlier):
        check.disclosed_before = True
        yield disclosed
    asked = list(_requested(call, view, check, earlier))
    check.open.extend(asked)
    check.requested.extend(asked)
    if asked or not _just_answered(call, view, check):
        yield from asked
        return
    if closing := _closed_by_thanks(call, view, check, earlier):
        yield closing


# ---------------------------------------------------------------- requested


def _requested(
    call: CallView, view: TurnView, check: _Check, earlier: Found
) -> Iterator[Detection]:
    asks = earlier.in_turn("cue.identity.ask", view.index)
    verifies = check.noticed or bool(earlier.in_turn("cue.identity.verify", view.index))
    for kind in KINDS:
        for cue in earlier.in_turn(f"cue.identity.{kind}", view.index):
            start = _asked_from(view, cue, asks)
            if start is None:
                continue
            identifier = str(cue.attributes["identifier"])
            attributes: dict[str, Attribute] = {"identifier": identifier}
            if verifies:
                attributes["purpose"] = "verification"
            yield call.detection(
                "identity.requested",
                view,
                start,
                cue.end_char or start,
                confidence=0.9,
                why=f"asks the caller for their {identifier}",
                rule=f"{NAME}/requested",
                attributes=attributes,
            )


def _asked_from(view: TurnView, cue: Detection, asks: Iterable[Detection]) -> int | None:
    """The character at which the request for ``cue`` starts; None where it is not asked for."""
    tokens = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)
    if not tokens:
        return None
    sentence, _ = view.plain.sentence(tokens[0])
    nearest: int | None = None
    for ask in asks:
        at = view.plain.tokens_in(ask.start_char or 0, ask.end_char or 0)
        if at and at[0] >= sentence and at[0] <= tokens[0] and tokens[0] - at[0] <= _ASK_REACH:
            nearest = ask.start_char
    return nearest


# ---------------------------------------------------------------- provided


def _provided(call: CallView, view: TurnView, check: _Check, earlier: Found) -> Detection | None:
    words = tagged(view)
    waiting = [r for r in check.open if answers(words, str(r.attributes["identifier"]))]
    if earlier.in_turn("question.asked", view.index) and numbers(words) < _TOLD_DESPITE_ASKING:
        waiting = []  # “what did you say?”
    confirmed = not waiting and check.open and _YES.match(view.plain.text)
    if confirmed:  # “am I speaking to Mrs Reid?” — “yes”
        waiting = [r for r in check.open if _names_the_caller(r)]
    if waiting:
        check.open = [r for r in check.open if r not in waiting]
        identifiers = list(dict.fromkeys(str(r.attributes["identifier"]) for r in waiting))
        return _given(call, view, identifiers, parts=[r.id for r in waiting])
    identifiers = [
        identifier
        for cue in earlier.in_turn("cue.identity.volunteered", view.index)
        for identifier in _volunteered(view, cue, earlier)
        if identifier == "name" or numbers(words) >= 2
    ]
    unique = list(dict.fromkeys(identifiers))
    return _given(call, view, unique, volunteered=True) if unique else None


def _names_the_caller(request: Detection) -> bool:
    return (request.attributes["identifier"] == "name" and "speaking" in request.quote.lower()) or (
        request.quote.lower().startswith(("is that", "is this", "is it"))
    )


def _volunteered(view: TurnView, cue: Detection, earlier: Found) -> list[str]:
    found = [
        str(d.attributes["identifier"])
        for kind in KINDS
        for d in earlier.in_turn(f"cue.identity.{kind}", view.index)
        if (d.start_char or 0) < (cue.end_char or 0) and (d.end_char or 0) > (cue.start_char or 0)
    ]
    quote = cue.quote.lower()
    if not found and ("name" in quote or quote.startswith(("this", "it"))):
        found = ["name"]
    if (not found and "live" in quote) or "from at" in quote:
        found = ["address"]
    return list(dict.fromkeys(found))


def _given(
    call: CallView,
    view: TurnView,
    identifiers: list[str],
    *,
    parts: Iterable[str] = (),
    volunteered: bool = False,
) -> Detection:
    how = "without being asked" if volunteered else "when asked"
    return call.detection(
        "identity.provided",
        view,
        0,
        len(view.text),
        confidence=0.8,
        why=f"gives {' and '.join(identifiers)} {how}",
        rule=f"{NAME}/provided",
        attributes={
            "identifier": identifiers[0],
            "identifiers": identifiers,
            "volunteered": volunteered,
        },
        parts=parts,
    )


# ---------------------------------------------------------------- confirmed, failed, disclosed


def _outcome(call: CallView, view: TurnView, check: _Check, earlier: Found) -> Detection | None:
    if not (check.requested or check.provided):
        return None
    for cue in earlier.in_turn("cue.identity.failed", view.index):
        unsettled = len(check.provided) > check.settled
        if unsettled or (check.requested and not check.provided):
            check.settled = len(check.provided)
            return _result(call, view, check, cue, "failed", 0.8)
    for cue in earlier.in_turn("cue.identity.passed", view.index):
        if len(check.provided) > check.settled or (check.requested and not check.settled):
            check.settled = max(1, len(check.provided))
            return _result(call, view, check, cue, "confirmed", 0.9 if check.provided else 0.7)
    return None


def _just_answered(call: CallView, view: TurnView, check: _Check) -> bool:
    """Whether the caller's last words gave an identifier that nothing has settled yet."""
    if not check.provided or len(check.provided) <= check.settled:
        return False
    before = [t.index for t in call.turns if t.index < view.index]
    return bool(before) and check.provided[-1].turn == before[-1]


def _closed_by_thanks(
    call: CallView, view: TurnView, check: _Check, earlier: Found
) -> Detection | None:
    """“That’s lovely, thank you”, with nothing more asked: accepted, if only by implication."""
    thanks = earlier.in_turn("cue.identity.thanks", view.index)
    verifying = any(r.attributes.get("purpose") == "verification" for r in check.requested)
    if not thanks or check.open or not verifying:
        return None
    check.settled = len(check.provided)
    return _result(call, view, check, thanks[0], "confirmed", 0.62)


def _identifiers(check: _Check) -> list[str]:
    named: list[str] = []
    for given in check.provided:
        kinds = given.attributes["identifiers"]
        named.extend(kinds if isinstance(kinds, list) else [str(kinds)])
    return list(dict.fromkeys(named))


def _result(
    call: CallView, view: TurnView, check: _Check, cue: Detection, how: str, confidence: float
) -> Detection:
    identifiers = _identifiers(check)
    named = " and ".join(identifiers) or "what was asked"
    said = "accepts" if how == "confirmed" else "does not accept"
    first = ", after account detail was already given" if check.disclosed_before else ""
    return call.detection(
        f"identity.{how}",
        view,
        cue.start_char or 0,
        cue.end_char or 0,
        confidence=confidence,
        why=f"{said} {named}: “{cue.quote}”{first}",
        rule=f"{NAME}/{how}",
        attributes={
            "identifiers": identifiers,
            "count": len(identifiers),
            "disclosed_before": check.disclosed_before,
        },
        parts=[d.id for d in (*check.requested, *check.provided)],
    )


def _disclosed(call: CallView, view: TurnView, check: _Check, earlier: Found) -> Detection | None:
    """Account detail given before the caller gave any identifier; said once a call."""
    cues = earlier.in_turn("cue.identity.detail", view.index)
    if not cues or check.provided or check.disclosed_before:
        return None
    return call.detection(
        "identity.disclosed_unchecked",
        view,
        cues[0].start_char or 0,
        cues[0].end_char or 0,
        confidence=0.8,
        why=f"gives account detail before the caller was identified: “{cues[0].quote}”",
        rule=f"{NAME}/disclosed",
    )


DETECTOR = Detector(
    name=NAME,
    labels=(
        "identity.requested",
        "identity.provided",
        "identity.confirmed",
        "identity.failed",
        "identity.disclosed_unchecked",
    ),
    version="2",
    detect=detect,
    needs=("cue.identity.*", "identity.data_protection_notice", "question.asked"),
)
