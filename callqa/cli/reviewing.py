"""``queue``, ``sample``, ``agreement``: which calls people listen to, and how they agree."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from callqa.cli.common import mistakes_told, open_workspace, out, print_json
from callqa.errors import UsageError
from callqa.terminal import clock, counted

if TYPE_CHECKING:
    from callqa.evidence.agreement import Agreement, Drift, Estimate, Pair
    from callqa.evidence.sampling import Draw
    from callqa.records import CallRecord

Folder = Annotated[Path | None, typer.Option("--workspace", help="Folder of the database.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class Method(StrEnum):
    """How calls are drawn."""

    random = "random"
    stratified = "stratified"
    risk = "risk"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (queue, sample, agreement):
        app.command()(command)


# ---------------------------------------------------------------- queue


def queue(
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    single: Annotated[
        bool, typer.Option("--decisions", help="Single decisions, instead of calls.")
    ] = False,
    workspace: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List the calls to listen to first, each with its reasons; or the decisions to check first."""
    from callqa.reviewing import queue as waiting_calls

    if single:
        _decisions(limit, workspace, as_json)
        return
    with mistakes_told():
        waiting, done = waiting_calls(open_workspace(workspace))
    if as_json:
        rows = [_waiting(r) for r in waiting[:limit]]
        print_json({"waiting": len(waiting), "looked_at": done, "calls": rows})
        return
    for place, record in enumerate(waiting[:limit], 1):
        agent = record.metadata.agent_id or "agent unknown"
        _say(f"{place:>3}  {record.call_id}  {agent}  {clock(record.duration_s)}", "bold")
        for flag in record.flags:
            _say(f"     {flag.why}" + (f" ({clock(flag.start_s)})" if flag.start_s else ""))
    _say(f"{counted(len(waiting), 'call')} waiting, {done} looked at already.")


def _decisions(limit: int, workspace: Path | None, as_json: bool) -> None:
    """The decisions that a person is likeliest to overrule, each with what it rests on."""
    from callqa.evidence.doubt import doubt
    from callqa.reviewing import decisions

    with mistakes_told():
        waiting = decisions(open_workspace(workspace))
    if as_json:
        rows = [
            {"call_id": record.call_id, "criteria": r.criteria, "criterion": r.criterion,
             "participant": r.participant, "status": r.status, "overruled": round(doubt(r), 3)}
            for record, r in waiting[:limit]
        ]  # fmt: skip
        print_json({"waiting": len(waiting), "decisions": rows})
        return
    for place, (record, r) in enumerate(waiting[:limit], 1):
        status = r.status.replace("_", " ")
        _say(f"{place:>3}  {record.call_id}  {r.criterion} {r.title}: {status}", "bold")
        _say(f"     overruled in about {doubt(r):.0%} of such cases. {r.why}")
    _say(f"{counted(len(waiting), 'decision')} waiting.")


def _waiting(record: CallRecord) -> dict[str, Any]:
    from callqa.evidence.triage import attention

    return {
        "call_id": record.call_id,
        "agent_id": record.metadata.agent_id,
        "attention": attention(record),
        "reasons": [f.model_dump() for f in record.flags],
    }


# ---------------------------------------------------------------- sample


def sample(
    size: Annotated[int | None, typer.Option(min=1, help="How many calls to draw.")] = None,
    method: Annotated[Method, typer.Option(help="How they are drawn.")] = Method.random,
    seed: Annotated[
        str | None, typer.Option(help="Any words; the same draw the same [default: by chance].")
    ] = None,
    agent: Annotated[str | None, typer.Option(help="Only calls of this agent.")] = None,
    since: Annotated[str | None, typer.Option(help="Only calls from this time on.")] = None,
    by: Annotated[str, typer.Option("--by", help="The name of who draws.")] = "",
    every: Annotated[
        bool, typer.Option("--list", help="List the samples that were drawn.")
    ] = False,
    show: Annotated[str | None, typer.Option(help="Show the sample of this id.")] = None,
    audit: Annotated[str | None, typer.Option(help="Draw the sample of this id again.")] = None,
    workspace: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Draw calls for review, or look at what was drawn. Every draw is kept."""
    from callqa import reviewing

    with mistakes_told():
        if sum(map(bool, (size, every, show, audit))) != 1:
            raise UsageError("Say one thing to do.", remedy="--size, --list, --show or --audit.")
        space = open_workspace(workspace)
        gone: list[str] = []
        if every:
            _tell_draws(reviewing.drawn(space), as_json)
            return
        if audit:
            made = reviewing.kept_draw(space, audit)
            gone = reviewing.audited(space, made)
        elif show:
            made = reviewing.kept_draw(space, show)
        else:
            made = reviewing.draw(
                space, method.value, size or 0, seed=seed, by=by, agent=agent, since=since
            )
    if as_json:
        print_json(_told(made) | {"calls": [d.model_dump() for d in made.sample.drawn]}
                   | ({"audit": "as drawn", "gone": gone} if audit else {}))  # fmt: skip
        return
    _tell(made)
    if audit:
        _say(f"Drawn again from the same calls: the same. {counted(len(gone), 'call')} of the "
             "population no longer here.")  # fmt: skip


def _told(made: Draw) -> dict[str, Any]:
    s = made.sample
    return {
        "id": made.id, "at": made.at, "by": made.by, "method": s.kind, "seed": s.seed,
        "size": s.size, "population": s.frame_size, "of": made.scope, "frame": s.frame,
        "strata": {name: {"drawn": n, "of": of} for name, (n, of) in s.strata.items()},
    }  # fmt: skip


def _tell_draws(found: Sequence[Draw], as_json: bool) -> None:
    if as_json:
        print_json({"samples": [_told(d) for d in found]})
        return
    for made in found:
        _say(_headline(made))
    _say(f"{counted(len(found), 'sample')}.")


def _headline(made: Draw) -> str:
    s = made.sample
    seed = f", seed {s.seed}" if s.seed else ""
    by = f" by {made.by}" if made.by else ""
    return f"{made.id}  {made.at[:16]}{by}: {s.size} of {s.frame_size} {made.scope}, {s.kind}{seed}"


def _tell(made: Draw) -> None:
    _say(_headline(made), "bold")
    for d in made.sample.drawn:
        chance = "" if d.probability is None else f"  1 in {1 / d.probability:.3g}"
        _say(f"  {d.call_id}{chance}{'  ' + d.stratum if d.stratum else ''}")
    if made.sample.kind == "risk":
        _say("Chosen because something is amiss: these calls give no rate.", "dim")


# ---------------------------------------------------------------- agreement


def agreement(
    criteria: Annotated[
        list[str] | None, typer.Option(help="Only these sets; repeat for several.")
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Only what was judged without sight of the proposal.")
    ] = False,
    workspace: Folder = None,
    as_json: AsJson = False,
) -> None:
    """How far people agree with the machine and with each other, per criterion, by month."""
    from callqa.evidence.pairs import among_people, beside_machine
    from callqa.reviewing import enough
    from callqa.score import chosen_sets

    with mistakes_told():
        space = open_workspace(workspace)
        wanted = {s.id for s in chosen_sets(space.tools.every_set, criteria)} if criteria else None
        said = [
            j for j in space.store.judgements()
            if (wanted is None or j.criteria in wanted) and (j.blind or not blind)
        ]  # fmt: skip
        shown = enough(space)
        sides = {
            "people_and_machine": beside_machine(said, shown),
            "people": among_people(said, shown),
        }
    if as_json:
        print_json({"judgements": len(said), "blind": sum(j.blind for j in said)}
                   | {name: _figures(pairs) for name, pairs in sides.items()})  # fmt: skip
        return
    _say(f"{counted(len(said), 'judgement')}, {sum(j.blind for j in said)} of them made blind.")
    for name, heading in (("people_and_machine", "People beside the machine"),
                          ("people", "People beside people")):  # fmt: skip
        _say(f"\n{heading}", "bold")
        _tell_agreement(sides[name])


def _by(pairs: list[Pair]) -> dict[str, list[Pair]]:
    return {c: [p for p in pairs if p.criterion == c] for c in sorted({p.criterion for p in pairs})}


def _figures(pairs: list[Pair]) -> list[dict[str, Any]]:
    from callqa.evidence.agreement import agreement as agree
    from callqa.evidence.agreement import drift

    rows = []
    for name, own in _by(pairs).items():
        set_id, criterion = name.split(" ", 1)
        months = [
            {"month": d.period, **_numbers(d.agreement), "change": vars(d.change),
             "is_clear": d.is_clear}
            for d in drift(own)
        ]  # fmt: skip
        rows.append(
            {"criteria": set_id, "criterion": criterion, **_numbers(agree(own)), "months": months}
        )
    return rows


def _numbers(a: Agreement) -> dict[str, Any]:
    estimates = {"agreement": a.observed, "kappa": a.kappa, "ac1": a.ac1}
    return {"n": a.n, **{k: vars(e) for k, e in estimates.items()}, "prevalence": a.prevalence}


def _tell_agreement(pairs: list[Pair]) -> None:
    from callqa.evidence.agreement import agreement as agree
    from callqa.evidence.agreement import drift

    if not pairs:
        _say("  nothing to compare")
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("criterion", "n", "agreement", "κ", "AC1", "prevalence"):
        table.add_column(name, justify="right" if name == "n" else "left")
    moved: list[str] = []
    for name, own in _by(pairs).items():
        a = agree(own)
        levels = sorted(a.prevalence.items(), key=lambda x: -x[1])
        told = ", ".join(f"{level.replace('_', ' ')} {share:.0%}" for level, share in levels)
        table.add_row(name, str(a.n), _estimate(a.observed), _estimate(a.kappa),
                      _estimate(a.ac1), told)  # fmt: skip
        moved += [_month(name, d) for d in drift(own) if d.change.value is not None]
    (out if out.is_terminal else Console(width=150)).print(table)
    for line in moved:
        _say(line)


def _estimate(e: Estimate) -> str:
    if e.value is None:
        return "–"
    return f"{e.value:.2f}" + ("" if e.low is None else f" ({e.low:.2f} to {e.high:.2f})")


def _month(name: str, d: Drift) -> str:
    clear = "" if d.is_clear else "; no clear change"
    return (f"  {name}, {d.period}: agreement {_estimate(d.agreement.observed)} on "
            f"{d.agreement.n}, {_estimate(d.change)} against before{clear}")  # fmt: skip


def _say(text: str, style: str = "") -> None:
    out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)
