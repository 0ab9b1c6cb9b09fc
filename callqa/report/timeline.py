"""The picture of a call: who spoke when, silences, and what was found, on one time axis.

Geometry only, in the units of a drawing ``WIDTH`` wide; the template draws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from callqa.intervals import overlaps, silences, union
from callqa.records import CallRecord, Detection, Role, Span
from callqa.report.names import ROLES, family_name, family_of, label_name
from callqa.report.transcript import families, shown
from callqa.report.voice import Voice, voice
from callqa.report.wording import clock

WIDTH = 1120.0
GUTTER = 132.0  # for the names of the lanes
RIGHT = 12.0
LANE = 36.0
ROW = 19.0
GAP = 8.0
_SILENCE_S = 2.0  # shorter silences belong to any conversation
_NAMED_SILENCE = 44.0  # a silence this wide has room for its length
_POINTS = 560  # of a waveform
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_LANES: tuple[Role, ...] = (
    "agent", "second_agent", "customer", "third_party", "system", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A stretch of time as a rectangle; ``at`` is its second, ``turn`` where it leads."""

    x: float
    width: float
    title: str
    at: float
    turn: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Lane:
    """One side's speech, with its loudness as the points of a polygon where it is known."""

    role: Role
    name: str
    y: float
    boxes: tuple[Box, ...]
    wave: str = ""


@dataclass(frozen=True)
class Row:
    """One family's marks."""

    family: str
    name: str
    y: float
    marks: tuple[Box, ...]


@dataclass(frozen=True)
class Timeline:
    """Everything there is to draw."""

    height: float
    lanes_top: float
    lanes_height: float
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    silences: tuple[Box, ...]
    overlaps: tuple[Box, ...]
    ticks: tuple[Box, ...]
    width: float = WIDTH
    gutter: float = GUTTER
    lane_height: float = LANE
    row_height: float = ROW
    duration_s: float = 0.0
    wave: str = ""  # of all voices together, where they share a channel
    families: tuple[str, ...] = field(default=())
    voice: Voice | None = None  # of the customer, where it was raised


class _Scale:
    def __init__(self, duration_s: float) -> None:
        self.duration_s = max(duration_s, 0.001)

    def x(self, seconds: float) -> float:
        inside = min(max(seconds, 0.0), self.duration_s)
        return round(GUTTER + (WIDTH - GUTTER - RIGHT) * inside / self.duration_s, 1)

    def box(self, span: Span, title: str, turn: int | None = None, text: str = "") -> Box:
        start, end = self.x(span.start_s), self.x(span.end_s)
        return Box(start, max(round(end - start, 1), 1.0), title, span.start_s, turn, text)


def timeline(
    record: CallRecord, peaks: Mapping[str, Sequence[float]] | None = None
) -> Timeline | None:
    """The geometry of a call's picture; None where there are no times.

    Args:
        peaks: loudness from 0 to 1, evenly spaced over the call, by participant; under ``""``
            for all voices together.
    """
    speech = speech_by_role(record)
    duration = record.duration_s or max((s.end_s for v in speech.values() for s in v), default=0.0)
    if not speech or duration <= 0:
        return None
    scale = _Scale(duration)
    top = GAP
    lanes = _lanes(record, speech, scale, top, peaks or {})
    height = len(lanes) * (LANE + GAP) - GAP
    below = top + height + 2 * GAP
    raised = voice(record, scale.x, below)
    if raised is not None:
        below += raised.height + GAP
    rows = _rows(record, scale, below)
    return Timeline(
        height=below + len(rows) * ROW + 24,
        lanes_top=top,
        lanes_height=height,
        lanes=lanes,
        rows=rows,
        silences=_silences(speech, duration, scale),
        overlaps=_overlaps(speech, scale),
        voice=raised,
        ticks=_ticks(duration, scale),
        duration_s=duration,
        wave=_wave((peaks or {}).get("", ()), top, height),
        families=tuple(r.family for r in rows),
    )


def speech_by_role(record: CallRecord) -> dict[Role, list[Span]]:
    """Stretches of speech by role; from the turns where speech was not found by itself."""
    out: dict[Role, list[Span]] = {}
    for participant in record.participants:
        spans = list(record.transcript.speech.get(participant.id, ())) or [
            Span(start_s=t.start_s, end_s=t.end_s)
            for t in record.transcript.turns
            if t.participant == participant.id and t.start_s is not None and t.end_s is not None
        ]
        if spans:
            out.setdefault(participant.role, []).extend(spans)
    return {role: union(out[role]) for role in _LANES if role in out}


def _lanes(
    record: CallRecord,
    speech: Mapping[Role, list[Span]],
    scale: _Scale,
    top: float,
    peaks: Mapping[str, Sequence[float]],
) -> tuple[Lane, ...]:
    lanes = []
    for n, (role, spans) in enumerate(speech.items()):
        y = top + n * (LANE + GAP)
        boxes = tuple(
            scale.box(s, f"{ROLES[role]} {clock(s.start_s)}–{clock(s.end_s)}", _turn(record, s))
            for s in spans
        )
        own = next(
            (peaks[p.id] for p in record.participants if p.role == role and p.id in peaks), ()
        )
        lanes.append(Lane(role, ROLES[role], y, boxes, _wave(own, y, LANE)))
    return tuple(lanes)


def _turn(record: CallRecord, span: Span) -> int | None:
    """The turn that a stretch of time belongs to: the one it shares most with."""
    shared = {
        t.index: min(t.end_s, span.end_s) - max(t.start_s, span.start_s)
        for t in record.transcript.turns
        if t.start_s is not None and t.end_s is not None
    }
    best = max(shared, key=lambda t: shared[t], default=None)
    return best if best is not None and shared[best] > 0 else None


def _rows(record: CallRecord, scale: _Scale, top: float) -> tuple[Row, ...]:
    timed = [d for d in shown(record.detections) if d.start_s is not None]
    rows = []
    for n, (family, _) in enumerate(families(timed)):
        marks = tuple(_mark(d, scale) for d in timed if family_of(d.label) == family)
        rows.append(Row(family, family_name(family), top + n * ROW, marks))
    return tuple(rows)


def _mark(d: Detection, scale: _Scale) -> Box:
    start = d.start_s or 0.0
    span = Span(start_s=start, end_s=max(d.end_s or start, start))
    title = f"{clock(start)} {label_name(d.label)} ({ROLES[d.role].lower()})"
    return scale.box(span, title, d.turn)


def _silences(speech: Mapping[Role, list[Span]], duration: float, scale: _Scale) -> tuple[Box, ...]:
    quiet = silences([s for spans in speech.values() for s in spans], duration)
    boxes = []
    for s in quiet:
        if s.length_s < _SILENCE_S:
            continue
        text = f"{s.length_s:.0f} s"
        box = scale.box(s, f"Silence of {s.length_s:.0f} s from {clock(s.start_s)}", None, text)
        boxes.append(
            box if box.width >= _NAMED_SILENCE else Box(box.x, box.width, box.title, box.at)
        )
    return tuple(boxes)


def _overlaps(speech: Mapping[Role, list[Span]], scale: _Scale) -> tuple[Box, ...]:
    boxes = []
    for both in overlaps({str(role): spans for role, spans in speech.items()}):
        who = next((ROLES[role].lower() for role in speech if role == both.begun_by), None)
        begun = f"; the {who} came in" if who else "; begun at once"
        title = f"Both speak for {both.length_s:.1f} s at {clock(both.start_s)}{begun}"
        boxes.append(scale.box(both, title))
    return tuple(boxes)


def _ticks(duration: float, scale: _Scale) -> tuple[Box, ...]:
    step = next((s for s in _STEPS if duration / s <= 12), _STEPS[-1])
    seconds: Iterable[int] = range(0, int(duration) + 1, step)
    return tuple(Box(scale.x(s), 0, "", s, None, clock(s)) for s in seconds)


def _wave(peaks: Sequence[float], top: float, height: float) -> str:
    """A mirrored polygon; its loudest point of each column, so that short words stay in sight."""
    if not peaks:
        return ""
    columns = min(_POINTS, len(peaks))
    loudest = [
        max(peaks[n * len(peaks) // columns : max(n * len(peaks) // columns + 1,
            (n + 1) * len(peaks) // columns)])
        for n in range(columns)
    ]  # fmt: skip
    middle, half = top + height / 2, height / 2 - 1
    step = (WIDTH - GUTTER - RIGHT) / columns
    upper = [(GUTTER + (n + 0.5) * step, min(1.0, p) * half) for n, p in enumerate(loudest)]
    points = [(x, middle - h) for x, h in upper] + [(x, middle + h) for x, h in reversed(upper)]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
