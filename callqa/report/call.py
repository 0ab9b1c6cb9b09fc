"""The page of one call: what was done, when, and on what words."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callqa.evidence.judgements import Voice, standing
from callqa.measures import MEASURES
from callqa.records import CallRecord, CriterionResult, Evidence, GroupTotal, Measure
from callqa.report import names, sound
from callqa.report.page import render
from callqa.report.timeline import timeline
from callqa.report.transcript import conversation, families, shown

_ASIDE = ("not_applicable", "not_assessable")  # nothing to look at; folded away
_FORMATS = (
    (b"RIFF", "audio/wav"), (b"fLaC", "audio/flac"), (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"), (b"\xff", "audio/mpeg"),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The criteria that a total stands for; ``total`` is None where none is kept."""

    set_name: str
    name: str
    title: str
    total: GroupTotal | None
    looked_at: tuple[CriterionResult, ...]
    aside: tuple[CriterionResult, ...]


def call_page(
    record: CallRecord,
    *,
    audio: bytes | None = None,
    audio_href: str | None = None,
    peaks: Mapping[str, Sequence[float]] | None = None,
    home_href: str | None = None,
    agent_href: str | None = None,
) -> str:
    """One HTML file that stands alone.

    Args:
        audio: the sound itself, put into the page; or
        audio_href: where the sound is, relative to the page. With neither, times lead to words.
        peaks: loudness from 0 to 1 by participant, evenly spaced over the call.
        home_href: the overview, where there is one; ``agent_href`` likewise the agent's page.
    """
    found = shown(record.detections)
    return render(
        "call.html",
        record=record,
        name=record.recordings[0].name if record.recordings else record.call_id,
        facts=_facts(record),
        limits=_limits(record),
        groups=_groups(record),
        people=_people(record),
        lost=[s for s in standing(record, record.judgements) if s.machine is None],
        correction_name=names.correction_name,
        flags=sorted(record.flags, key=lambda f: -f.weight),
        timeline=timeline(record, peaks),
        said=conversation(record),
        families=families(found),
        has_signs=any(names.family_of(d.label) == "emotion" for d in found),
        measures=_measures(record),
        profile=sound.profile(record),
        turn_at=_turn_at(record),
        near={d.id: d for d in found},
        sound=_data_uri(audio) if audio else audio_href,
        audio_href=None if audio else audio_href,
        home_href=home_href,
        agent_href=agent_href,
        classes=names.CLASSES,
        code_name=names.code_name,
        measure_name=names.measure_name,
        field_name=names.field_name,
        evidence_heading=evidence_heading,
    )


def _data_uri(audio: bytes) -> str:
    kind = next((k for start, k in _FORMATS if audio.startswith(start)), "audio/mpeg")
    return f"data:{kind};base64,{base64.b64encode(audio).decode()}"


def _facts(record: CallRecord) -> list[tuple[str, str]]:
    m = record.metadata
    heard = [names.LAYOUTS.get(r.layout, r.layout) for r in record.recordings]
    band = [r.telephone_band for r in record.recordings if r.telephone_band is not None]
    if band and all(band):
        heard.append("telephone band")
    facts = [
        ("Team", m.team),
        ("Queue", m.queue),
        ("Direction", m.direction),
        ("Answered after", f"{m.ring_s:g} s" if m.ring_s is not None else None),
        ("Outcome noted", m.disposition),
        ("Kind", names.KINDS.get(record.kind, record.kind)),
        ("Sound", "; ".join(dict.fromkeys(heard)) or "none: a transcript"),
    ]
    return [(name, value) for name, value in facts if value]


def _limits(record: CallRecord) -> list[str]:
    """What keeps this call from showing more, in sentences."""
    limits = sound.limits(record)
    if not record.has_sound:
        limits.append("There is no sound: silence, pace and voice cannot be judged.")
    unknown = sum(record.role_of(t) == "unknown" for t in record.transcript.turns)
    if unknown:
        limits.append(
            f"The speaker of {unknown} of {len(record.transcript.turns)} turns is unknown."
        )
    told = {q.code for q in record.quality}
    if record.transcript.dropped_words and "dropped_words" not in told:
        limits.append(
            f"{record.transcript.dropped_words} words without speech under them were left out."
        )
    return limits


def _groups(record: CallRecord) -> list[Group]:
    totals = {(t.criteria, t.group): t for t in record.totals}
    keys = dict.fromkeys((r.criteria, r.group) for r in record.results)
    # Groups with a total first: the others hold what no recording can show.
    ordered = sorted(keys, key=lambda k: k not in totals)
    groups = []
    for criteria, group in ordered:
        results = [r for r in record.results if (r.criteria, r.group) == (criteria, group)]
        total = totals.get((criteria, group))
        groups.append(
            Group(
                names.set_name(criteria),
                names.group_name(criteria, group),
                total.title if total else "",
                total,
                tuple(r for r in results if r.status not in _ASIDE),
                tuple(r for r in results if r.status in _ASIDE),
            )
        )
    return groups


def _people(record: CallRecord) -> dict[tuple[str, str, str], tuple[Voice, ...]]:
    """What people decided, by criteria set, criterion and participant."""
    beside = standing(record, record.judgements)
    return {(s.criteria, s.criterion, s.participant): s.people for s in beside}


def _measures(record: CallRecord) -> list[tuple[str, str, Measure]]:
    """Name, what it means, and the measure, in the order of their definitions."""
    order = {name: n for n, name in enumerate(MEASURES)}
    named = sorted(record.measures.items(), key=lambda m: (order.get(m[0], len(order)), m[0]))
    return [(names.measure_name(k), MEASURES.get(k, ""), m) for k, m in named]


def _turn_at(record: CallRecord) -> dict[float, int]:
    """The turn being spoken, or the last one before, at the second of each flag."""
    starts = [(t.start_s, t.index) for t in record.transcript.turns if t.start_s is not None]
    out = {}
    for flag in record.flags:
        if flag.start_s is not None:
            before = [index for start, index in starts if start <= flag.start_s + 0.05]
            if before:
                out[flag.start_s] = before[-1]
    return out


def evidence_heading(evidence: Evidence) -> str:
    """What kind of evidence this is, in a word or two."""
    return {
        "quote": "Said",
        "span": "Measured",
        "absence": "Not found",
        "metadata": "On record",
        "record": "Attached",
    }[evidence.kind]
