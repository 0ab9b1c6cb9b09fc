"""``judge``, ``correct``, ``rescore``, ``diff``, ``import-scores``: what people decide."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from callqa.cli.common import SOME_FAILED, err, mistakes_told, open_workspace, out, print_json
from callqa.errors import UsageError
from callqa.evidence.changes import Change, Ground
from callqa.evidence.corrections import added_at, fixed_word
from callqa.evidence.judgements import corrected
from callqa.records import CallRecord, Correction
from callqa.rescoring import calls_since, diff, rescore
from callqa.scores import read_scores
from callqa.terminal import clock, counted

Folder = Annotated[
    Path | None,
    typer.Option("--workspace", help="Folder of the database and reports [default: workspace]."),
]
By = Annotated[str, typer.Option("--by", help="The name of who says so.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class Judge(StrEnum):
    """In which role somebody judges."""

    assessor = "assessor"
    analyst = "analyst"
    verifier = "verifier"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (judge, correct):
        app.command()(command)
    app.command("rescore")(rescore_all)
    app.command("diff")(show_diff)
    app.command("import-scores")(import_scores)


def judge(
    call: Annotated[str, typer.Argument(help="The id of a call.")],
    criterion: Annotated[str, typer.Argument(help="A criterion, such as 1a or 7.9.")],
    level: Annotated[str, typer.Option(help="A status, or a word of the set's scale.")],
    by: By,
    reason: Reason,
    criteria: Annotated[str | None, typer.Option(help="The set, where two have it.")] = None,
    participant: Annotated[str | None, typer.Option(help="Whom, where two are assessed.")] = None,
    role: Annotated[Judge, typer.Option(help="As what.")] = Judge.assessor,
    blind: Annotated[
        bool, typer.Option("--blind", help="Made without sight of the proposal.")
    ] = False,
    workspace: Folder = None,
) -> None:
    """Decide on a criterion. The machine's proposal stays beside it."""
    with mistakes_told():
        made = open_workspace(workspace).judge(
            call, criterion, level, by=by, reason=reason, criteria=criteria,
            participant=participant, role=role.value, blind=blind,
        )  # fmt: skip
    out.print(
        f"{made.call_id} {made.criteria} {made.criterion}: {made.level} ({made.by}); "
        f"the machine proposes {made.proposed}.",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip


def correct(
    call: Annotated[str, typer.Argument(help="The id of a call.")],
    by: By,
    reason: Reason,
    swap_roles: Annotated[bool, typer.Option("--swap-roles", help="Agent ↔ customer.")] = False,
    role: Annotated[list[str] | None, typer.Option(help="PARTICIPANT=ROLE.")] = None,
    agent: Annotated[str | None, typer.Option(help="The id of who the agent is.")] = None,
    word: Annotated[list[str] | None, typer.Option(help="ID=TEXT: what was said there.")] = None,
    reject: Annotated[list[str] | None, typer.Option(help="A detection that is none.")] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(help="LABEL@TURN:START-END, turns from 0, characters of the turn."),
    ] = None,
    undo: Annotated[list[str] | None, typer.Option(help="A correction to take back.")] = None,
    workspace: Folder = None,
) -> None:
    """Correct who spoke, what was said, or what was found; the call is scored anew from that."""
    with mistakes_told():
        space = open_workspace(workspace)
        before = space.store.record(call)

        def make(kind: str, **payload: str) -> Correction:
            return corrected(call, kind, payload, by=by, reason=reason)  # type: ignore[arg-type]

        wanted = [make("undo", correction=id) for id in undo or ()]
        wanted += [make("swap_roles")] if swap_roles else []
        for pair in role or ():
            who, what = _pair(pair, "--role PARTICIPANT=ROLE")
            wanted.append(make("set_role", participant=who, role=what))
        wanted += [make("assign_agent", agent_id=agent)] if agent else []
        for pair in word or ():
            id, text = _pair(pair, "--word ID=TEXT")
            wanted.append(make("fix_word", **fixed_word(space.heard(call), before, id, text)))
        wanted += [make("reject_detection", detection=id) for id in reject or ()]
        wanted += [make("add_detection", **added_at(before, place)) for place in add or ()]
        if not wanted:
            raise UsageError("Nothing to correct was given.", remedy="See callqa correct --help.")
        after = space.correct(call, wanted)
        kept = after.corrections[-1].id if after.corrections else ""
    _tell_changes(before, after)
    if kept and not undo:
        err.print(f"To take it back: callqa correct {call} --undo {kept} --by … --reason …",
                  style="dim", markup=False, highlight=False, soft_wrap=True)  # fmt: skip


def _pair(text: str, shape: str) -> tuple[str, str]:
    one, sign, other = text.partition("=")
    if not sign or not one.strip() or not other.strip():
        raise UsageError(f"{text!r} cannot be read.", remedy=f"Write {shape}.")
    return one.strip(), other.strip()


def _tell_changes(before: CallRecord, after: CallRecord) -> None:
    from callqa.evidence.changes import changes

    found = changes(before, after)
    _print_changes(found)
    out.print(f"{after.call_id}: {counted(len(found), 'criterion', 'criteria')} changed.")


def rescore_all(
    criteria: Annotated[
        list[str] | None, typer.Option(help="Criteria set; repeat for several [default: all].")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only calls from this date or time on (ISO 8601).")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many work at once [default: all processors].")
    ] = None,
    workspace: Folder = None,
) -> None:
    """Apply today's phrases, criteria and profile to all that was heard; nothing is transcribed."""
    from callqa.terminal import count_progress

    with mistakes_told():
        space = open_workspace(workspace, criteria)
        ids = calls_since(space, since)
        scored, failed = 0, []
        with count_progress("rescoring", len(ids), err) as bar:
            for outcome in rescore(space, ids, processes):
                scored += "score" in outcome.stages_run
                failed += [outcome] if outcome.error else []
                bar.advance(bar.task_ids[0])
    for outcome in failed:
        err.print(f"failed: {outcome.call_id}: {outcome.error}", style="red", markup=False,
                  highlight=False, soft_wrap=True)  # fmt: skip
    same = len(ids) - scored - len(failed)
    out.print(f"{scored} scored anew, {same} as they were, {len(failed)} failed.")
    if failed:
        raise typer.Exit(SOME_FAILED)


def show_diff(
    old: Annotated[str, typer.Argument(help="Analysis number, previous, current, or a time.")],
    new: Annotated[str, typer.Argument(help="Likewise.")] = "current",
    call: Annotated[str | None, typer.Option(help="Only this call.")] = None,
    workspace: Folder = None,
    as_json: AsJson = False,
) -> None:
    """What changed per criterion, for whom, and on which words."""
    with mistakes_told():
        found = list(diff(open_workspace(workspace), old, new, call))
    if as_json:
        print_json([c.model_dump(mode="json") for c in found])
        return
    _print_changes(found)
    calls = len({c.call_id for c in found})
    out.print(f"{counted(len(found), 'change')} in {counted(calls, 'call')}.")


def _print_changes(found: list[Change] | tuple[Change, ...]) -> None:
    for line in (line for c in found for line in _lines(c)):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(c: Change) -> Iterator[str]:
    status = f"{c.before or 'not scored'} → {c.after or 'not scored'}"
    status = status if c.before != c.after else f"{c.after}, on other words"
    whose = c.participant or "nobody"
    yield f"{c.call_id}  {c.criteria} {c.criterion} {c.title}  ({whose}): {status}"
    for sign, grounds in (("+", c.gained), ("-", c.lost)):
        for ground in grounds:
            yield f"    {sign} {_ground(ground)}"


def _ground(g: Ground) -> str:
    at = f"{clock(g.start_s)} " if g.start_s is not None else ""
    return f"{at}{g.role}: “{g.words}” {g.what}" if g.role else f"{at}{g.what} = {g.words}"


def import_scores(
    table: Annotated[Path, typer.Argument(help="CSV: call_id, criterion, level, by, reason, at.")],
    workspace: Folder = None,
) -> None:
    """Take in people's scores from a CSV; a bad row is named, the good ones count once."""
    with mistakes_told():
        space = open_workspace(workspace)
        judgements, bad = [], []
        for line, score in read_scores(table, space):
            if isinstance(score, UsageError):
                bad.append((line, score))
            else:
                judgements.append(score)
        new = space.store.add_judgements(judgements)
    for line, error in bad:
        err.print(f"{table.name}, line {line}: {error}", style="red", markup=False,
                  highlight=False, soft_wrap=True)  # fmt: skip
    known = len(judgements) - new
    out.print(f"{new} taken in, {known} known already, {len(bad)} not usable.")
    if bad:
        raise typer.Exit(SOME_FAILED)
