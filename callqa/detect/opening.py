"""The agent's name and the organisation's, in the first turns.

The agent's name is never the caller's (“am I speaking to …”, “hi Emily”, “thank you, Mr …”) and
never the organisation's. Greeting, help offered and the recording notice are in the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.clauses import MARKERS, Words, tagged
from callqa.detect.names import ORGANISATION_WORDS, Name, name_at, titled
from callqa.profile import Profile
from callqa.records import Detection
from callqa.text import plain

NAME = "opening"
# What stands before the agent's own name, and how sure the place alone makes it.
_BEFORE = re.compile(
    r" (?:(?P<sure>my name is|(?:the|my) name is|you are (?:speaking|talking) (?:to|with)|"
    r"(?:your|the) (?:agent|advisor|adviser|operator) today is)|"
    r"(?P<likely>this is|(?:you are|you have come) through to|it is|i am|"
    r"(?:morning|afternoon|evening|welcome|hello|hi) ))(?= )"
)
_NOT_MINE = re.compile(r" (?:(?:what|if|whether|say|says|said|think|is|was|am i) ){1,2}$")
_AFTER_NAME = frozenset("from with at in on here speaking calling how can what and".split())
_CALLED = re.compile(
    r" (?:(?:thank you|thanks) (?:very much |so much )?for (?:calling|ringing|phoning|contacting|"
    r"choosing|getting in touch with)|welcome to|(?:you are|you have come|you have got) through to|"
    r"you have reached|(?:calling|ringing|phoning|speaking) (?:you )?from)(?= )"
)
_YOU_ARE = re.compile(r" (?:are|be)(?: also| more than| always| very| most| quite)? $")
_NO_ORGANISATION = frozenset(
    """how my this you i can back today about again in regarding with us me we what to for and
    if but so is it that just because please on at here at hello hi good bye have your sir madam
    calling this""".split()
)
_LEAD = frozenset("good morning afternoon evening hello hi".split())
_GREETS = frozenset("good hello hi morning afternoon evening how can may what which".split())


def detect(call: CallView, profile: Profile, earlier: Found) -> Iterable[Detection]:
    """``opening.name_given`` and ``opening.organisation`` of the agent's first turns."""
    heard: set[str] = set()  # what callers said before: a name repeated to them is theirs
    first = True
    for view in call.turns:
        if view.role not in ("agent", "second_agent"):
            heard.update(view.plain.tokens)
            continue
        if not call.is_opening(view):
            continue
        words = tagged(view)
        given = _given(view, earlier, profile)
        organisations = list(_organisations(words, profile, given, first=first))
        yield from (_organisation(call, view, *place) for place in organisations)
        taken = [(start, end) for start, end, *_ in organisations]
        for name, how in _names(words, given, heard, profile, first=first):
            if not any(name.start < end and start < name.end for start, end in taken):
                yield _name(call, view, name, how)
        first = False


def _given(view: TurnView, earlier: Found, profile: Profile) -> frozenset[str]:
    """First names of this turn that the lexicon or the profile's list of agents knows."""
    places = earlier.in_turn("cue.opening.given_name", view.index)
    known = {t for d in places for t in plain(d.quote).tokens}
    return frozenset(known | {t for agent in profile.agents for t in plain(agent).tokens})


# ---------------------------------------------------------------- the agent's name


def _names(
    words: Words, given: frozenset[str], heard: set[str], profile: Profile, *, first: bool
) -> Iterator[tuple[Name, str]]:
    seen: set[int] = set()
    own = {t for name in (profile.organisation, *profile.brands) for t in plain(name).tokens}
    for i in range(len(words)):
        if i in seen or titled(words, i) or words.at(i) in own or words.at(i) in heard:
            continue
        name = name_at(words, i, given)
        if name is None:
            continue
        how = _how_given(words, name, given, first=first)
        if how is None:
            continue
        seen.update(range(name.start, name.end))
        yield Name(name.start, name.end, min(name.confidence, how[1])), how[0]


def _how_given(
    words: Words, name: Name, given: frozenset[str], *, first: bool
) -> tuple[str, float] | None:
    """How the agent gave the name, and how sure that makes it; None when it is not given."""
    before = words.text(max(0, name.start - 8), name.start)
    known = words.at(name.start) in given
    after = words.at(name.end)
    if after == "speaking" or (after == "here" and name.start == 0):
        return "“… speaking”", 0.95
    place = next(reversed(list(_BEFORE.finditer(before))), None)
    if place and place.end() == len(before) - 1:
        if _NOT_MINE.search(before[: place.start() + 1]):
            return None
        if place["sure"]:
            return f"“{place['sure']} …”", 0.95
        likely = place["likely"].strip()
        placed = likely in ("this is", "you are through to", "you have come through to")
        if placed and (known or name.confidence > 0.8 or after in _AFTER_NAME):
            return f"“{likely} …”", 0.9
        closed = after in _AFTER_NAME or words.ends(name.end)
        proper = known or (name.confidence > 0.8 and words.tag(name.start) == "NNP")
        if likely in ("it is", "i am") and proper and closed:
            return f"“{likely} …”", 0.85
        return None
    if after in ("from", "at", "with") and known and words.starts_clause(name.start):
        return "before the organisation's name", 0.85
    if first and name.start == 0 and _stands_alone(words, name, known=known):
        return "as the first thing said", 0.9 if known else 0.7
    return None


def _stands_alone(words: Words, name: Name, *, known: bool) -> bool:
    if words.ends(name.end):
        return name.end - name.start <= 2
    return known and (words.at(name.end) in _GREETS or words.comma_before(name.end))


def _name(call: CallView, view: TurnView, name: Name, how: str) -> Detection:
    start, end = view.plain.chars(name.start, name.end - 1)
    said = view.text[start:end]
    return call.detection(
        "opening.name_given",
        view,
        start,
        end,
        confidence=name.confidence,
        why=f"gives a name: “{said}”, {how}",
        rule=f"{NAME}/name",
        attributes={"name": said.title() if said.islower() else said},
    )


# ---------------------------------------------------------------- the organisation's name


def _organisations(
    words: Words, profile: Profile, given: frozenset[str], *, first: bool
) -> Iterator[tuple[int, int, float, str]]:
    """Places as (first word, end, confidence, how)."""
    own = list(_profiled(words, profile))
    if own:
        yield from own
        return
    text = words.text(0, len(words))
    for match in _CALLED.finditer(text):
        if _YOU_ARE.search(text[: match.start() + 1]):
            continue  # “you're also welcome to …”
        start = text[: match.end()].count(" ")
        end = _reach(words, start, given)
        if end > start and not (end == start + 1 and words.at(start) in given):
            yield start, end, 0.88, f"after “{match.group().strip()}”"
            return
    for match in re.finditer(r" (?:from|with|at)(?= )", text):
        start = text[: match.end()].count(" ")
        if _name_before(words, start - 1, given) and (end := _reach(words, start, given)) > start:
            yield start, end, 0.85, "after the name"
            return
    if first and (lead := _leading(words, given)):
        yield lead


def _profiled(words: Words, profile: Profile) -> Iterator[tuple[int, int, float, str]]:
    text = words.text(0, len(words))
    for known in (profile.organisation, *profile.brands):
        spoken = plain(known).text
        if known and (at := text.find(spoken)) >= 0:
            start = text[:at].count(" ")
            yield start, start + spoken.count(" ") - 1, 0.97, "the organisation's own name"
            return


def _name_before(words: Words, i: int, given: frozenset[str]) -> bool:
    """Whether the words before ``i`` are a person's name that was being given."""
    for start in (i - 1, i - 2):
        name = name_at(words, start, given) if start >= 0 else None
        if (
            name
            and name.end == i
            and (
                (words.at(start) in given and words.at(start - 1) not in ("for", "of", "and"))
                or words.text(start - 2, start).strip()
                in ("this is", "name is", "speaking to", "speaking with")
            )
        ):
            return True
    return False


def _reach(words: Words, start: int, given: frozenset[str]) -> int:
    """Where the organisation's name that starts at ``start`` ends; ``start`` if there is none."""
    end = start
    if words.at(start) in ("a", "an"):
        return start
    while end < len(words) and end - start < 6 and not words.ends(end):
        word = words.at(end)
        if end > start and words.comma_before(end):
            break
        if word in _NO_ORGANISATION or (end > start and word in MARKERS - {"and"}):
            break
        if word in given and (words.at(end + 1) == "speaking" or end == start):
            break
        end += 1
    while end > start and words.at(end - 1) in ("the", "a", "and", "of"):
        end -= 1
    return end


def _leading(words: Words, given: frozenset[str]) -> tuple[int, int, float, str] | None:
    """“operator services, can I help you”, “Acme, good morning”: the first thing said."""
    start = 0
    while words.at(start) in _LEAD or (words.ends(start) and 0 < start < len(words)):
        start += 1
    end = start
    while end < len(words) and end - start < 5 and not words.ends(end):
        if words.at(end) in _GREETS or words.at(end) in _NO_ORGANISATION or words.at(end) in given:
            break
        if end > start and words.comma_before(end):
            break
        end += 1
    said = words.words[start:end]
    if not said or (said[0] in MARKERS and said[0] not in ORGANISATION_WORDS):
        return None
    if any(word in ORGANISATION_WORDS for word in said):
        return start, end, 0.8, "as the first thing said"
    if words.at(end) in given and "speaking" in words.words[end + 1 : end + 3]:
        return start, end, 0.8, "before the name"
    greets = words.at(end) in _GREETS and start == 0
    capital = words.view.text[words.view.plain.spans[start][0]].isupper()
    if greets and capital and len(said) <= 3:
        return start, end, 0.6, "before the greeting"
    return None


def _organisation(
    call: CallView, view: TurnView, first: int, end: int, confidence: float, how: str
) -> Detection:
    start_char, end_char = view.plain.chars(first, end - 1)
    return call.detection(
        "opening.organisation",
        view,
        start_char,
        end_char,
        confidence=confidence,
        why=f"names the organisation: “{view.text[start_char:end_char]}”, {how}",
        rule=f"{NAME}/organisation",
    )


DETECTOR = Detector(
    name=NAME,
    labels=("opening.name_given", "opening.organisation"),
    version="2",
    detect=detect,
    needs=("cue.opening.*",),
)
