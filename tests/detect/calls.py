"""Calls written by hand, so that a test reads like one.

>>> call("A: Good morning, how can I help?", "C: Hi there.")  # doctest: +SKIP
>>> call("A 0.0-2.5: so what I", "C 2.1-6.0: no listen", duration=6)  # doctest: +SKIP

``A`` is the agent, ``B`` a second agent, ``C`` the customer, ``T`` a third party, ``S`` the
system, ``U`` unknown. Times are optional seconds; words then share their turn's time evenly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from callqa.detect.base import CallView
from callqa.detect.engine import Engine, load_engine, view_turns
from callqa.profile import Profile
from callqa.records import Detection, Metadata, Role, Turn, TurnProsody, Word

LEXICONS = Path(__file__).resolve().parents[2] / "lexicons"
ROLES: dict[str, Role] = {
    "A": "agent",
    "B": "second_agent",
    "C": "customer",
    "T": "third_party",
    "S": "system",
    "U": "unknown",
}
_LINE = re.compile(r"([ABCTSU])(?: (\d+(?:\.\d+)?)-(\d+(?:\.\d+)?))?: ?(.*)", re.DOTALL)


def turn(index: int, line: str) -> tuple[Turn, Role]:
    """One line as a turn with words, and its role."""
    match = _LINE.fullmatch(line)
    assert match, f"write 'A: words' or 'A 0.0-1.5: words', not {line!r}"
    letter, start, end, text = match.groups()
    start_s, end_s = (float(start), float(end)) if start else (None, None)
    places = list(re.finditer(r"\S+", text))
    share = (end_s - start_s) / max(1, len(places)) if start_s is not None and end_s else None
    words = tuple(
        Word(
            id=f"{index}.{n}",
            text=place.group(),
            start_char=place.start(),
            end_char=place.end(),
            start_s=None if share is None or start_s is None else start_s + n * share,
            end_s=None if share is None or start_s is None else start_s + (n + 1) * share,
        )
        for n, place in enumerate(places)
    )
    role = ROLES[letter]
    return (
        Turn(index=index, participant=role, text=text, words=words, start_s=start_s, end_s=end_s),
        role,
    )


def call(
    *lines: str,
    duration: float | None = None,
    metadata: Metadata | None = None,
    prosody: Mapping[int, TurnProsody] | None = None,
) -> CallView:
    """The view of a call that detectors get."""
    views = view_turns([turn(n, line) for n, line in enumerate(lines)])
    return CallView(
        call_id="test",
        turns=views,
        metadata=metadata or Metadata(),
        prosody=prosody or {},
        duration_s=duration,
    )


def engine() -> Engine:
    """Phrases and detectors by themselves; the fitted model has tests of its own."""
    return load_engine(LEXICONS).rules_only


def detections(
    view: CallView, label: str | None = None, *, profile: Profile | None = None
) -> list[Detection]:
    """What phrases and detectors find, or only the detections of one label."""
    everything = engine().run(view, profile or Profile())
    return [d for d in everything if label is None or d.label == label]


def found(view: CallView, *, role: Role | None = None, profile: Profile | None = None) -> set[str]:
    """The labels that phrases and detectors find, of everybody or of one role."""
    everything = detections(view, profile=profile)
    return {d.label for d in everything if role is None or d.role == role}
