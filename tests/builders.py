"""Calls made by hand: turns that read like a call, with what was detected beside the words.

    call(
        agent("Good morning, Brightwell.", ("opening.organisation", "Brightwell")),
        customer("My heating is off again.", "complaint.stated"),
    )

A label alone lies on the whole turn; ``(label, words)`` lies on those words of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from callqa.records import (
    Attribute,
    CallRecord,
    Detection,
    Measure,
    Metadata,
    Participant,
    Recording,
    Role,
    Transcript,
    Turn,
    Word,
    detection_id,
)

_LABELS = {
    "opening": "greeting organisation name_given help_offered recording_notice",
    "closing": "further_help satisfaction_checked thanks farewell",
    "identity": "requested provided confirmed failed data_protection_notice disclosed_unchecked",
    "question": "asked open closed probing clarifying reflective leading hypothetical multiple"
    " sensitive",
    "positive": "greeting empathy solution appreciation confidence apology options commitment"
    " courtesy personalised",
    "negative": "blame refusal dismissive argument uncertainty jargon absolutes negative_phrasing"
    " filler profanity",
    "listening": "backchannel acknowledgement paraphrase summary check_understanding interruption",
    "handling": "hold_requested hold_explained hold_thanked transfer unexplained_silence"
    " progress_update looking_up record_updating readback phonetic_spelling alternative_channel",
    "telephony": "conference mute call_back",
    "complaint": "stated reason repeat_contact threat_to_leave escalation_requested injury"
    " property_damage abuse abuse_warned",
    "resolution": "information_given preference_asked action_explained next_step timescale"
    " ownership refund_offered replacement_offered callback_agreed escalated referral_briefed"
    " beyond_authority feedback_requested return_requested accepted",
    "sales": "offered order_readback payment authority_referred",
    "need": "hearing speech language vulnerability accessibility adaptation_offered",
    "situation": "billing fault order delivery change_of_details cancellation appointment",
    "emotion": "raised recovering",
}
LABELS = frozenset(f"{family}.{what}" for family, all in _LABELS.items() for what in all.split())

TURN_S, PAUSE_S = 4.0, 1.0
# What a call without trouble measures; give ``measures`` to change some of it.
ORDERLY = {
    "duration_s": 60.0,
    "talk_share_agent": 0.5,
    "pace_agent_wpm": 150.0,
    "response_latency_median_s": 1.0,
    "interruptions_agent": 0.0,
    "silence_share": 0.2,
    "unexplained_silence_longest_s": 0.0,
    "hold_longest_s": 0.0,
    "heard_share": 1.0,
}


@dataclass(frozen=True)
class Mark:
    """A label on some words of a turn, with its confidence and attributes."""

    label: str
    words: str = ""
    confidence: float = 0.9
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    role: Role
    text: str
    marks: tuple[Mark, ...]
    at: float | None


def said(
    role: Role, text: str, *marks: str | tuple[str, str] | Mark, at: float | None = None
) -> Said:
    read = [m if isinstance(m, Mark) else Mark(*((m,) if isinstance(m, str) else m)) for m in marks]
    return Said(role, text, tuple(read), at)


def agent(text: str, *marks: str | tuple[str, str] | Mark, at: float | None = None) -> Said:
    return said("agent", text, *marks, at=at)


def customer(text: str, *marks: str | tuple[str, str] | Mark, at: float | None = None) -> Said:
    return said("customer", text, *marks, at=at)


def doubtful(label: str, words: str = "", confidence: float = 0.2) -> Mark:
    """A near miss: the detector was not sure enough."""
    return Mark(label, words, confidence)


def call(
    *parts: Said,
    sound: bool = True,
    measures: Mapping[str, float] | None = None,
    metadata: Mapping[str, Any] | None = None,
    silences: tuple[tuple[float, float], ...] = (),
    **given: Any,
) -> CallRecord:
    """A record of these turns, four seconds each and a second apart unless ``at`` says when."""
    turns, detections = [], []
    clock = 0.0
    for index, part in enumerate(parts):
        start = clock if part.at is None else part.at
        turn = _turn(index, part, start if sound else None)
        turns.append(turn)
        detections += [_detection(turn, part.role, mark) for mark in part.marks]
        clock = start + TURN_S + PAUSE_S
    detections += [_silence(start, end) for start, end in silences]
    roles = dict.fromkeys(part.role for part in parts)
    values: dict[str, float] = {}
    if sound:
        first = next((t.start_s for t in turns if t.participant == "agent"), None)
        values = ORDERLY | ({} if first is None else {"first_agent_speech_s": first})
    values |= measures or {}
    return CallRecord(
        call_id="call-1",
        metadata=Metadata(**(metadata or {})),
        recordings=(Recording(sha256="0" * 64, name="call.wav"),) if sound else (),
        duration_s=clock if sound else None,
        participants=tuple(Participant(id=role, role=role, role_confidence=0.9) for role in roles),
        transcript=Transcript(turns=tuple(turns), language=given.pop("language", "en")),
        detections=tuple(detections),
        measures={k: Measure(value=v, unit="unit") for k, v in values.items()},
        kind=given.pop("kind", "conversation"),
        **given,
    )


def _turn(index: int, part: Said, start: float | None) -> Turn:
    words, at = [], 0
    texts = part.text.split()
    for i, text in enumerate(texts):
        begin = part.text.index(text, at)
        at = begin + len(text)
        step = TURN_S / len(texts)
        words.append(
            Word(
                id=f"{index}.{i}",
                text=text,
                start_char=begin,
                end_char=at,
                start_s=None if start is None else start + i * step,
                end_s=None if start is None else start + (i + 1) * step,
            )
        )
    return Turn(
        index=index,
        participant=part.role,
        text=part.text,
        words=tuple(words),
        start_s=start,
        end_s=None if start is None else start + TURN_S,
    )


def _detection(turn: Turn, role: Role, mark: Mark) -> Detection:
    quote = mark.words or turn.text
    begin = turn.text.index(quote)
    end = begin + len(quote)
    inside = [w for w in turn.words if w.start_char < end and w.end_char > begin]
    first, last = inside[0], inside[-1]
    return Detection(
        id=detection_id(mark.label, turn.participant, first.id, last.id),
        label=mark.label,
        participant=turn.participant,
        role=role,
        turn=turn.index,
        start_char=begin,
        end_char=end,
        first_word=first.id,
        last_word=last.id,
        start_s=first.start_s,
        end_s=last.end_s,
        quote=quote,
        confidence=mark.confidence,
        why="marked by hand",
        rule="hand/mark",
        attributes=dict(mark.attributes),
    )


def _silence(start: float, end: float) -> Detection:
    return Detection(
        id=detection_id("handling.unexplained_silence", "agent", str(start), str(end)),
        label="handling.unexplained_silence",
        participant="agent",
        role="agent",
        turn=None,
        start_s=start,
        end_s=end,
        confidence=0.9,
        why="nobody speaks",
        rule="hand/silence",
    )
