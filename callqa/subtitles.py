"""What was heard, written for others: JSON, SRT, WebVTT, plain text, RTTM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from callqa.intervals import overlaps
from callqa.records import Heard, Span, Turn

_LINE = 84  # characters a subtitle holds before it is split


def as_json(call_id: str, heard: Heard) -> dict[str, Any]:
    """A transcript that ``callqa detect`` and ``callqa score`` read again, with word times."""
    role = {p.id: p.role for p in heard.participants}
    return {
        "call_id": call_id,
        "language": heard.transcript.language,
        "duration_s": heard.recording.duration_s if heard.recording else None,
        "layout": heard.recording.layout if heard.recording else "transcript",
        "kind": heard.kind,
        "dropped_words": heard.transcript.dropped_words,
        "participants": [
            p.model_dump(include={"id", "role", "role_confidence", "role_why", "channel"})
            for p in heard.participants
        ],
        "turns": [
            {
                "role": role[t.participant],
                "participant": t.participant,
                "text": t.text,
                "start_s": t.start_s,
                "end_s": t.end_s,
                "words": [
                    w.model_dump(include={"text", "start_s", "end_s", "probability"})
                    for w in t.words
                ],
            }
            for t in heard.transcript.turns
        ],
        "overlaps": [o.model_dump() for o in overlaps(heard.transcript.speech)],
        "flags": [f.model_dump(include={"code", "why"}) for f in heard.quality],
    }


def as_srt(heard: Heard) -> str:
    """SubRip, the speaker's role in brackets before each line."""
    blocks = [
        f"{n}\n{_stamp(start, ',')} --> {_stamp(end, ',')}\n[{role.capitalize()}] {text}\n"
        for n, (role, text, start, end) in enumerate(_lines(heard), 1)
    ]
    return "\n".join(blocks)


def as_vtt(heard: Heard) -> str:
    """WebVTT, the speaker's role as the cue's voice."""
    blocks = [
        f"{_stamp(start, '.')} --> {_stamp(end, '.')}\n<v {role.capitalize()}>{_escaped(text)}\n"
        for role, text, start, end in _lines(heard)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def as_txt(heard: Heard) -> str:
    """A line a turn: seconds, role, words."""
    role = {p.id: p.role for p in heard.participants}
    return "".join(
        f"{t.start_s or 0.0:8.2f}  {role[t.participant]}: {t.text}\n"
        for t in heard.transcript.turns
    )


def as_rttm(name: str, spans: Mapping[str, Sequence[Span]]) -> str:
    """NIST RTTM: one SPEAKER line a stretch, in order of time."""
    rows = sorted((s.start_s, s.length_s, who) for who, group in spans.items() for s in group)
    file = name.replace(" ", "_")
    return "".join(
        f"SPEAKER {file} 1 {start:.3f} {length:.3f} <NA> <NA> {who} <NA> <NA>\n"
        for start, length, who in rows
    )


def _lines(heard: Heard) -> Iterator[tuple[str, str, float, float]]:
    """Turns cut into lines that fit a screen, each with its own times."""
    role = {p.id: p.role for p in heard.participants}
    for turn in heard.transcript.turns:
        for first, last in _cuts(turn):
            words = turn.words[first : last + 1]
            start, end = words[0].start_s, words[-1].end_s
            if start is not None and end is not None:
                yield role[turn.participant], " ".join(w.text for w in words), start, end


def _cuts(turn: Turn) -> Iterator[tuple[int, int]]:
    first, length = 0, 0
    for n, word in enumerate(turn.words):
        length += len(word.text) + 1
        ends = word.text[-1:] in ".?!" and length > _LINE / 2
        if length >= _LINE or ends:
            yield first, n
            first, length = n + 1, 0
    if first < len(turn.words):
        yield first, len(turn.words) - 1


def _stamp(seconds: float, point: str) -> str:
    millis = round(seconds * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{point}{rest % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
