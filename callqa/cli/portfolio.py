"""``portfolio``: what a candidate's calls show of a unit, and what is still lacking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callqa.candidates import Held, attached, calls_of
from callqa.cli.common import mistakes_told, open_workspace, out, print_json
from callqa.evidence.attachments import held
from callqa.evidence.situations import particular_need, situation
from callqa.evidence.sufficiency import Choice, Contact, Part, PartState, Point, smallest, state
from callqa.records import CallRecord, CriterionResult
from callqa.requirements import Asks

if TYPE_CHECKING:
    from callqa.score.sets import CriteriaSet, Criterion, Group

_BEYOND = {
    "record": "a record shows it",
    "knowledge": "answers to questions show it",
    "person": "a person judges it",
}


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(portfolio)


def portfolio(
    candidate: Annotated[str, typer.Argument(help="The candidate's agent id.")],
    criteria: Annotated[
        list[str] | None, typer.Option(help="Criteria set; repeat for several.")
    ] = None,
    workspace: Annotated[Path | None, typer.Option(help="Folder of the database.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show what a candidate's calls suffice for; only what people confirmed counts."""
    from callqa.score import chosen_sets

    with mistakes_told():
        space = open_workspace(workspace)
        units = [u for u in chosen_sets(space.tools.every_set, criteria) if u.kind == "unit"]
        found = calls_of(space, candidate)
        files = attached(space, candidate)
        folios = [_folio(unit, found, files) for unit in units]
    if as_json:
        print_json({"candidate": candidate, "calls": len(found), "units": folios})
    else:
        for folio in folios:
            _tell(candidate, len(found), folio)


def _folio(
    unit: CriteriaSet, found: Sequence[tuple[CallRecord, str]], files: Sequence[Held]
) -> dict[str, Any]:
    parts = [_part(unit, g) for g in unit.groups]
    sure = [_contact(unit, *one, proposals=False) for one in found]
    hoped = [_contact(unit, *one, proposals=True) for one in found]
    # What a recording cannot show, and a person has judged on the record or the answer itself.
    judged = frozenset().union(*(c.shows for c in sure))
    there = [f.attachment for f in files if f.intact]
    has = {
        p.id: (judged & {q.id for q in p.points if q.beyond}) | held(there, unit.id, p.id)
        for p in parts
    }
    order = [c.id for c in unit.criteria]
    waiting = {}
    for s, c in zip(sure, hoped, strict=True):
        if more := [i for i in order if i in c.shows - s.shows]:
            waiting[c.call_id] = more
    return {
        "unit": unit.id,
        "title": f"{unit.awarding_body}, {unit.unit_code}: {unit.title}",
        "notice": unit.notice,
        "confirmed": {
            "parts": [_told(s) for s in state(parts, sure, has)],
            "put_forward": _choice(smallest(parts, sure)),
        },
        "proposed_for_confirmation": {
            "by_call": waiting,
            "parts": [_told(s) for s in state(parts, hoped, has)],
            "to_listen_to": _choice(smallest(parts, hoped)),
        },
        "attached": [
            _file(f) for f in files if any(p.split()[0] == unit.id for p in f.attachment.parts)
        ],
        "situations": {c.call_id: c.situation for c in sure},
    }


# ---------------------------------------------------------------- from records to contacts


def _part(unit: CriteriaSet, group: Group) -> Part:
    points = tuple(_point(c) for c in unit.criteria if c.group == group.id)
    can_be_heard = any(not p.beyond for p in points)
    asks = group.asks or Asks(contacts=1 if can_be_heard else 0)
    return Part(group.id, group.title, points, asks)


def _point(criterion: Criterion) -> Point:
    beyond = _BEYOND.get(criterion.criterion_class, "")
    return Point(criterion.id, criterion.title, f"{beyond} ({criterion.needs})" if beyond else "")


def _contact(
    unit: CriteriaSet, record: CallRecord, participant: str, *, proposals: bool
) -> Contact:
    mine = [r for r in record.results if (r.criteria, r.participant) == (unit.id, participant)]
    level = {r.criterion: _level(record, r) for r in mine}
    enough = unit.scale[unit.scale.index(unit.award_at) if unit.award_at else -1 :]
    shows = {c for c, said in level.items() if said in (*enough, "evidenced")}
    excused = {c for c, said in level.items() if said == "not_applicable"}
    if proposals:
        shows |= {
            r.criterion for r in mine if r.status == "evidenced" and level[r.criterion] is None
        }
        partly = {r.criterion for r in mine if r.status == "partly" and r.criterion_class == "part"}
        shows |= {c for c in partly if level[c] is None}
    excused |= {
        r.criterion for r in mine if r.status == "not_applicable" and not level[r.criterion]
    }
    about = situation(record)
    return Contact(
        call_id=record.call_id,
        shows=frozenset(shows),
        excused=frozenset(excused),
        situation=about.type if about else None,
        customer=record.metadata.customer_key,
        particular_need=particular_need(record) is not None,
    )


def _level(record: CallRecord, result: CriterionResult) -> str | None:
    """The latest word of a person on a result; None where nobody has judged it, or it changed."""
    own = [
        j
        for j in record.judgements
        if (j.criteria, j.criterion, j.participant)
        == (result.criteria, result.criterion, result.participant)
        and j.result_hash == result.content_hash
    ]
    return max(own, key=lambda j: j.at).level if own else None


# ---------------------------------------------------------------- telling


def _told(s: PartState) -> dict[str, Any]:
    return {
        "part": s.part.id,
        "title": s.part.title,
        "shown": s.shown,
        "contacts": list(s.counted),
        "lacking": list(s.lacking),
        "no_call_can_show": list(s.people),
        "suffices": s.suffices,
    }


def _file(f: Held) -> dict[str, Any]:
    a = f.attachment
    return {
        "id": a.id, "kind": a.kind, "parts": [p.split()[1] for p in a.parts], "name": a.name,
        "by": a.by, "at": a.at, "sha256": a.sha256, "copy": str(f.path), "intact": f.intact,
    }  # fmt: skip


def _choice(c: Choice) -> dict[str, Any]:
    return {"calls": list(c.calls), "covered": c.covered, "wanted": c.wanted, "method": c.method}


def _tell(candidate: str, calls: int, folio: dict[str, Any]) -> None:
    _say(f"{candidate} · {folio['title']} · {calls} calls", "bold")
    _say(folio["notice"], "dim")
    _say("\nConfirmed by people (only this counts)", "bold")
    _say_parts(folio["confirmed"]["parts"])
    _say_choice("Put forward", folio["confirmed"]["put_forward"])
    for a in folio["attached"]:
        gone = "" if a["intact"] else "; its copy is gone or changed, so that it does not count"
        _say(f"  attached for {', '.join(a['parts'])}: {a['kind']}, {a['name']} "
             f"({a['by']}, {a['at'][:10]}) [{a['id']}]{gone}")  # fmt: skip
    hoped = folio["proposed_for_confirmation"]
    _say("\nProposed by the machine, waiting for a person (counts for nothing yet)", "bold")
    for call, waiting in hoped["by_call"].items():
        about = folio["situations"][call] or "situation not told"
        _say(f"  {call} ({about.replace('_', ' ')}): {', '.join(waiting)}")
    if not hoped["by_call"]:
        _say("  nothing")
    for part in hoped["parts"]:
        for lack in part["lacking"]:
            _say(f"  {part['part']}: even then {lack}")
    _say_choice("Listen to these first", hoped["to_listen_to"])
    _say("")


def _say_parts(parts: Iterable[dict[str, Any]]) -> None:
    for part in parts:
        shown = [f"{c} in {', '.join(calls)}" for c, calls in part["shown"].items() if calls]
        _say(f"  {part['part']} {part['title']}: {'suffices' if part['suffices'] else 'lacks'}")
        for line in ("; ".join(shown), *part["lacking"]):
            if line:
                _say(f"      {line}")
        for line in part["no_call_can_show"]:
            _say(f"      no call can show: {line}", "dim")


def _say_choice(words: str, choice: dict[str, Any]) -> None:
    if choice["calls"]:
        how = "fewest possible" if choice["method"] == "exact" else "found greedily"
        reach = f"{choice['covered']} of {choice['wanted']} things asked for, {how}"
        _say(f"  {words}: {', '.join(choice['calls'])} ({reach})")


def _say(text: str, style: str = "") -> None:
    out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)
