"""The readable part of a pack: data for the Typst template, and the PDF made from it.

Data reach the template as JSON, never as Typst source, so that words of a call cannot be
markup. The document is tagged (PDF/UA-1) and made for keeping (PDF/A-2a) with fonts that the
Typst wheel brings along.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import callqa
from callqa.errors import CallqaError
from callqa.evidence.attachments import Attachment
from callqa.evidence.judgements import standing
from callqa.pack.moments import Clip, Item
from callqa.records import CallRecord, CriterionResult
from callqa.report.names import (
    CLASSES,
    LAYOUTS,
    STATUSES,
    correction_name,
    group_name,
    level_name,
    set_name,
)
from callqa.report.sound import limits
from callqa.report.wording import clock, moment

_ASIDE = ("not_assessable", "not_applicable")
_CALLS_ACROSS = 12  # calls side by side in one table of the page's width


@dataclass(frozen=True)
class AttachedFile:
    """What somebody attached, and where in the pack it lies."""

    file: str
    attachment: Attachment


@dataclass(frozen=True)
class Head:
    """Whose pack it is, when it was made, and what people added to it."""

    candidate: str | None
    made_at: datetime
    attached: tuple[AttachedFile, ...] = ()


def contents(
    records: Sequence[CallRecord], items: Sequence[Item], clips: Sequence[Clip], head: Head
) -> dict[str, Any]:
    """What the template shows, as plain JSON values."""
    candidate, made_at = head.candidate, head.made_at
    criteria = _criteria(records)
    decided = _decided(records)
    shown = [c for c in criteria if any(r.status not in _ASIDE for _, r in c)]
    aside = [c for c in criteria if all(r.status in _ASIDE for _, r in c)]
    return {
        "title": f"Evidence from calls: {candidate}" if candidate else "Evidence from calls",
        "candidate": candidate or "",
        "made_at": f"{moment(made_at.isoformat())}",
        "date": [made_at.year, made_at.month, made_at.day],
        "version": callqa.__version__,
        "calls": [_call(n, record) for n, record in enumerate(records, start=1)],
        "statuses": STATUSES,
        "tables": _tables(criteria, len(records)),
        "groups": _grouped([_criterion(c, items, decided) for c in shown]),
        "aside": _grouped([_criterion(c, items, decided) for c in aside]),
        "people": _names(records),
        "clips": len(clips),
        "attached": [_attached(a) for a in head.attached],
    }


def pdf(data: dict[str, Any]) -> bytes:
    """The document.

    Raises:
        CallqaError: Typst cannot make it.
    """
    import typst

    source = (files("callqa.pack") / "evidence.typ").read_bytes()
    # Words in a script that the wheel's fonts lack need the machine's fonts; where those lack
    # it too, a document with blanks is better than none, but it is no longer PDF/UA and PDF/A.
    attempts: tuple[dict[str, Any], ...] = (
        {"ignore_system_fonts": True, "pdf_standards": ["ua-1", "a-2a"]},
        {"ignore_system_fonts": False, "pdf_standards": ["ua-1", "a-2a"]},
        {"ignore_system_fonts": False},
    )
    problem: Exception | None = None
    for options in attempts:
        try:
            made: bytes = typst.compile(
                source, format="pdf", sys_inputs={"data": json.dumps(data)}, **options
            )
        except typst.TypstError as error:
            problem = error
        else:
            return made
    raise CallqaError(
        "The evidence document cannot be typeset.",
        remedy="Please report this with the versions that callqa doctor lists.",
    ) from problem


def _attached(a: AttachedFile) -> dict[str, str]:
    given = a.attachment
    return {
        "file": a.file,
        "kind": given.kind,
        "name": given.name,
        "by": given.by,
        "at": moment(given.at),
        "sha256": given.sha256,
        "for": ", ".join(group_name(*part.split(" ", 1)) for part in given.parts),
    }


Criterion = list[tuple[int, CriterionResult]]  # a criterion's result by call number


def _criteria(records: Sequence[CallRecord]) -> list[Criterion]:
    """Results by criterion and participant's call, in the order of the criteria."""
    by: dict[tuple[str, str], Criterion] = {}
    for n, record in enumerate(records, start=1):
        for result in record.results:
            by.setdefault((result.criteria, result.criterion), []).append((n, result))
    return list(by.values())


def _call(number: int, record: CallRecord) -> dict[str, Any]:
    m = record.metadata
    return {
        "number": number,
        "id": record.call_id,
        "agent": m.agent_id or "not named",
        "started": moment(m.started_at) if m.started_at else "unknown",
        "length": clock(record.duration_s) or "unknown",
        "sound": "; ".join(LAYOUTS.get(r.layout, r.layout) for r in record.recordings)
        or "none: a transcript",
        "files": [{"name": r.name, "sha256": r.sha256} for r in record.recordings],
        "corrections": [
            f"{correction_name(c)} ({c.by}, {moment(c.at)}: {c.reason})" for c in record.corrections
        ],
        "limits": limits(record),
    }


Decisions = dict[tuple[int, str, str, str], list[dict[str, Any]]]


def _decided(records: Sequence[CallRecord]) -> Decisions:
    """What people decided, by call number, criteria set, criterion and participant."""
    return {
        (n, s.criteria, s.criterion, s.participant): [
            {
                "level": level_name(v.judgement.level),
                "by": v.judgement.by,
                "role": v.judgement.role,
                "at": moment(v.judgement.at),
                "reason": v.judgement.reason,
                "stale": v.stale,
                "proposed": level_name(v.judgement.proposed),
            }
            for v in s.people
        ]
        for n, record in enumerate(records, start=1)
        for s in standing(record, record.judgements)
        if s.people
    }


def _names(records: Sequence[CallRecord]) -> dict[str, str]:
    """Who judged in which role, for the table that is signed."""
    names: dict[str, list[str]] = {"assessor": [], "verifier": []}
    for j in (j for r in records for j in r.judgements if j.role in names):
        if j.by not in names[j.role]:
            names[j.role].append(j.by)
    return {role: ", ".join(who) for role, who in names.items()}


def _criterion(results: Criterion, items: Sequence[Item], decided: Decisions) -> dict[str, Any]:
    first = results[0][1]
    return {
        "set": set_name(first.criteria),
        "group": group_name(first.criteria, first.group),
        "code": first.criterion,
        "title": first.title,
        "class": CLASSES[first.criterion_class],
        "calls": [
            {
                "number": n,
                "status": r.status,
                "confidence": "" if r.confidence is None else f"{r.confidence:.2f}",
                "why": r.why,
                "needs": r.needs,
                "decided": decided.get((n, r.criteria, r.criterion, r.participant), []),
                "evidence": [_line(i) for i in items if i.result is r],
            }
            for n, r in results
        ],
    }


def _line(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "who": item.who,
        "words": item.words,
        "quoted": item.evidence.kind == "quote",
        "label": item.label,
        "at": item.at,
        "clip": f"{item.clip.number:02d}" if item.clip else "",
    }


def _grouped(criteria: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for c in criteria:
        groups.setdefault((c["set"], c["group"]), []).append(c)
    return [{"set": s, "group": g, "criteria": own} for (s, g), own in groups.items()]


def _tables(criteria: Sequence[Criterion], calls: int) -> list[dict[str, Any]]:
    """Criteria against calls, as many tables as the calls need."""
    tables = []
    for first in range(1, calls + 1, _CALLS_ACROSS):
        numbers = list(range(first, min(calls, first + _CALLS_ACROSS - 1) + 1))
        rows = []
        for results in criteria:
            head = results[0][1]
            by = {n: r.status for n, r in results}
            rows.append(
                {
                    "set": set_name(head.criteria),
                    "code": head.criterion,
                    "title": head.title,
                    "statuses": [by.get(n, "") for n in numbers],
                }
            )
        tables.append({"calls": numbers, "rows": rows})
    return tables
