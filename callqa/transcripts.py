"""Transcripts made elsewhere: JSON, JSON Lines, SRT and WebVTT, into turns.

JSON is ``{"call_id", "turns": [{"role", "text", "start_s"?, "end_s"?}]}``, where ``speaker`` does
instead of ``role`` and may be any name that tells voices apart; JSON Lines is one such call a
line; SRT and VTT name the speaker in front of the text, as ``[Agent]`` or ``Agent:``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callqa.errors import TranscriptError
from callqa.records import Participant, Role, Transcript, Turn, Word

SUFFIXES = frozenset({".json", ".jsonl", ".srt", ".vtt"})
_ROLES: dict[str, Role] = {
    "agent": "agent", "csr": "agent", "advisor": "agent", "adviser": "agent", "operator": "agent",
    "representative": "agent", "rep": "agent", "support": "agent", "clerk": "agent",
    "second_agent": "second_agent", "agent2": "second_agent", "agent 2": "second_agent",
    "supervisor": "second_agent", "customer": "customer", "caller": "customer",
    "client": "customer", "user": "customer", "third_party": "third_party",
    "third party": "third_party", "system": "system", "ivr": "system", "bot": "system",
    "unknown": "unknown", "": "unknown",
}  # fmt: skip
_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE_TIME = re.compile(rf"{_STAMP}\s*-->\s*{_STAMP}")
_SPEAKER = re.compile(
    r"^\s*(?:\[([^\]]{1,30})\]:?|<v(?:\.[\w.]+)? ([^>]{1,30})>|(\w[\w ]{0,20}):)\s*"
)


@dataclass(frozen=True)
class GivenCall:
    """A call that came as words: turns with participants, times where the file had them."""

    call_id: str
    transcript: Transcript
    participants: tuple[Participant, ...]

    @property
    def has_times(self) -> bool:
        """Whether every turn came with its times."""
        return all(t.start_s is not None and t.end_s is not None for t in self.transcript.turns)


def split_words(turn: int, text: str) -> tuple[Word, ...]:
    """White-space separated words with their characters; no times."""
    return tuple(
        Word(id=f"{turn}.{n}", text=m.group(), start_char=m.start(), end_char=m.end())
        for n, m in enumerate(re.finditer(r"\S+", text))
    )


def read_calls(path: Path) -> Iterator[GivenCall | TranscriptError]:
    """The calls in a file. A line of JSON Lines that cannot be read is yielded as its error.

    Raises:
        TranscriptError: the file itself cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise TranscriptError(f"There is no file {path}.", remedy="Check the path.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptError(
            f"{path.name} is not UTF-8 text.", remedy="Give a transcript as JSON, SRT or VTT."
        ) from error
    if not text.strip():
        raise TranscriptError(f"{path.name} is empty.", remedy="Give at least one call.")
    suffix = path.suffix.lower()
    if suffix in (".srt", ".vtt"):
        yield _subtitles(path, text)
    elif suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    yield _call(f"{path.name}, line {number}", line, f"{path.stem}-{number}")
                except TranscriptError as error:
                    yield error
    else:
        yield _call(path.name, text, path.stem)


def parse_call(data: Any, *, where: str, default_id: str) -> GivenCall:
    """A call from decoded JSON.

    Raises:
        TranscriptError: a field is missing or of the wrong kind; the message names it.
    """
    if not isinstance(data, dict) or not isinstance(data.get("turns"), list):
        raise TranscriptError(
            f"{where}: expected an object with a list 'turns', got {type(data).__name__}"
            + (f" with {', '.join(map(str, data))[:80]}" if isinstance(data, dict) else "")
            + ".",
            remedy='Write {"call_id": …, "turns": [{"role": "agent", "text": "…"}]}.',
        )
    rows = [_row(where, n, turn) for n, turn in enumerate(data["turns"])]
    return _given(str(data.get("call_id") or default_id), rows, data.get("language") or "en")


@dataclass(frozen=True)
class _Row:
    role: Role
    speaker: str
    text: str
    start_s: float | None
    end_s: float | None


def _call(where: str, text: str, default_id: str) -> GivenCall:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(
            f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            remedy="Mend that place, or name the file .srt or .vtt if it is one.",
        ) from error
    return parse_call(data, where=where, default_id=default_id)


def _row(where: str, number: int, turn: Any) -> _Row:
    if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
        raise TranscriptError(
            f"{where}: turn {number} has no 'text'.",
            remedy='Each turn is {"role": …, "text": …, "start_s"?: …, "end_s"?: …}.',
        )
    speaker = str(turn.get("role") or turn.get("speaker") or "").strip().lower()
    times: list[float | None] = []
    for key in ("start_s", "end_s"):
        value = turn.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise TranscriptError(
                f"{where}: turn {number} has {key} = {value!r}, which is not a number.",
                remedy="Give seconds from the start of the call, or leave it out.",
            )
        times.append(None if value is None else float(value))
    role = _ROLES.get(speaker, "unknown")
    return _Row(role, speaker or "unknown", turn["text"], times[0], times[1])


def _subtitles(path: Path, text: str) -> GivenCall:
    rows: list[_Row] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        time = _CUE_TIME.search(block)
        if not time:
            continue
        said = " ".join(block[time.end() :].split("\n")[1:]).strip()
        name = _SPEAKER.match(said)
        speaker = next((g for g in name.groups() if g), "").strip().lower() if name else ""
        known = speaker in _ROLES or bool(name and (name[1] or name[2]))
        if name and known:
            said = said[name.end() :]
        role = _ROLES.get(speaker, "unknown")
        start, end = _seconds(time.groups()[:4]), _seconds(time.groups()[4:])
        if said:
            rows.append(_Row(role, speaker if known else "unknown", said, start, end))
    if not rows:
        raise TranscriptError(
            f"{path.name} holds no timed line of text.",
            remedy="Give SRT or VTT with 00:00:01,000 --> 00:00:02,000 lines.",
        )
    return _given(path.stem, rows, "en")


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + float(f"0.{fraction or 0}")


def _given(call_id: str, rows: list[_Row], language: str) -> GivenCall:
    ids: dict[str, Participant] = {}
    turns: list[Turn] = []
    for n, row in enumerate(rows):
        key = row.role if row.role != "unknown" else f"unknown:{row.speaker}"
        if key not in ids:
            ids[key] = Participant(
                id=f"p{len(ids) + 1}",
                role=row.role,
                role_confidence=1.0 if row.role != "unknown" else 0.0,
                role_why="as the transcript names it" if row.role != "unknown" else "",
            )
        turns.append(
            Turn(
                index=n,
                participant=ids[key].id,
                text=row.text,
                words=split_words(n, row.text),
                start_s=row.start_s,
                end_s=row.end_s,
            )
        )
    transcript = Transcript(turns=tuple(turns), language=language)
    return GivenCall(call_id, transcript, tuple(ids.values()))
