"""What people see on a terminal: progress with time left, the table of a batch, one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from callqa.evidence.judgements import Standing, standing
from callqa.records import CallRecord, GroupTotal
from callqa.workspace import Outcome, Source

STATUS_MARKS = {
    "evidenced": ("✔", "green"),
    "partly": ("◐", "yellow"),
    "contradicted": ("✘", "red"),
    "not_evidenced": ("○", "white"),
    "not_applicable": ("–", "bright_black"),
    "not_assessable": ("·", "bright_black"),
}


def clock(seconds: float | None) -> str:
    """Seconds as people read them: ``2:10``; a dash for None."""
    if seconds is None:
        return "–"
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: ``1 call``, ``3 calls``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def progress(sources: Sequence[Source], console: Console) -> AbstractContextManager[Progress]:
    """A bar over the sources, by their number, with time left. ``advance`` it per outcome."""
    return count_progress("scoring", len(sources), console)


@contextmanager
def count_progress(what: str, total: int, console: Console) -> Iterator[Progress]:
    """A bar over so many things, with time left."""
    bar = Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("elapsed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        bar.add_task(what, total=total)
        yield bar


def batch_table(outcomes: Sequence[Outcome]) -> Table:
    """A row a call: what is evidenced, partly, contradicted of observable, and where to look."""
    done = [o.record for o in outcomes if o.record]
    groups = _groups(done)
    table = Table(title=None, header_style="bold", row_styles=["", "dim"])
    for name, justify in (("call", "left"), ("agent", "left"), ("length", "right")):
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for heading in groups.values():
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("flags", justify="right")
    table.add_column("where to look")
    for record in sorted(done, key=lambda r: -sum(f.weight for f in r.flags)):
        totals = {(t.criteria, t.group): t for t in record.totals}
        cells: list[str | Text] = [
            _called(record),
            record.metadata.agent_id or "–",
            clock(record.duration_s),
        ]
        cells += [_total(totals.get(key)) for key in groups]
        top = max(record.flags, key=lambda f: f.weight, default=None)
        where = "" if top is None else (f"{clock(top.start_s)} " if top.start_s is not None else "")
        cells += [str(len(record.flags)), where + (top.why if top else "")]
        table.add_row(*cells)
    return table


def _called(record: CallRecord) -> str:
    """The call's id, with the file's name where that says something else."""
    name = record.recordings[0].name.split(".")[0] if record.recordings else record.call_id
    return record.call_id if name == record.call_id else f"{record.call_id} {name}"


LEGEND = (
    "✔ evidenced  ◐ partly  ✘ contradicted  / of observable; the machine proposes, a person decides"
)


def _groups(records: Iterable[CallRecord]) -> dict[tuple[str, str], str]:
    keys: dict[tuple[str, str], str] = {}
    for record in records:
        for t in record.totals:
            short = t.criteria.split("_")[0].upper()
            keys.setdefault((t.criteria, t.group), f"{short} {t.group}")
    return keys


def _total(total: GroupTotal | None) -> Text | str:
    if total is None or total.observable == 0:
        return "–"
    text = Text()
    for count, status in (
        (total.evidenced, "evidenced"),
        (total.partly, "partly"),
        (total.contradicted, "contradicted"),
    ):
        mark, style = STATUS_MARKS[status]
        if count or status == "evidenced":
            text.append(f"{count}{mark} ", style=style)
    text.append(f"/{total.observable}")
    return text


def _add_people(table: Table, beside: Standing) -> None:
    for voice in beside.people:
        j = voice.judgement
        stale = " (stale: the proposal has changed since)" if voice.stale else ""
        said = f"{j.reason} – {j.by}, {j.role}, {j.at[:10]}{stale}"
        table.add_row("", "", Text(f"→ {j.level.replace('_', ' ')}", style="bold"), Text(said))


def print_call(record: CallRecord, console: Console) -> None:
    """One call for reading: who, how long, each criterion with its reason, the transcript."""
    agent = record.metadata.agent_id or "agent unknown"
    console.print(f"[bold]{record.call_id}[/]  {agent}  {clock(record.duration_s)}  {record.kind}")
    for flag in record.flags:
        console.print(f"  ! {clock(flag.start_s)} {flag.why}", style="yellow", markup=False)
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("", "criterion", "proposed", "why"):
        table.add_column(name)
    beside = {
        (s.criteria, s.criterion, s.participant): s for s in standing(record, record.judgements)
    }
    for r in record.results:
        mark, style = STATUS_MARKS[r.status]
        status = Text(r.status.replace("_", " "), style=style)
        table.add_row(Text(mark, style=style), f"{r.criterion} {r.title}", status, Text(r.why))
        _add_people(table, beside.pop((r.criteria, r.criterion, r.participant)))
    for lost in beside.values():
        table.add_row("", f"{lost.criterion} (no longer scored)", "", "")
        _add_people(table, lost)
    console.print(table)
    for c in record.corrections:
        line = (
            f"  corrected: {c.kind.replace('_', ' ')} by {c.by}, {c.at[:10]}: {c.reason} [{c.id}]"
        )
        console.print(line, markup=False, highlight=False)
    for turn in record.transcript.turns:
        role = record.role_of(turn)
        console.print(Text(f"{clock(turn.start_s):>6} {role:>12}  {turn.text}"))
