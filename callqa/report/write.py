"""Pages put on disk: each written beside its place and moved there, never half a page."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from callqa.errors import StoreError
from callqa.evidence.aggregates import Days
from callqa.records import CallRecord
from callqa.report.agent import agent_page
from callqa.report.call import call_page
from callqa.report.overview import overview_page
from callqa.report.wording import file_name

Audio = Callable[[CallRecord], str | None]  # where a call's sound is, relative to its page
Peaks = Callable[[CallRecord], Mapping[str, Sequence[float]] | None]
_OURS = b'<meta name="generator" content="callqa'


class Frames(Protocol):
    """What the pages of many calls are drawn from; columns as in ``docs/reports.md``."""

    @property
    def calls(self) -> pl.DataFrame:
        """A row a call or failed file."""

    @property
    def totals(self) -> pl.DataFrame:
        """A row a call and criteria group."""

    @property
    def labels(self) -> pl.DataFrame:
        """A row a call, role and label."""

    @property
    def measures(self) -> pl.DataFrame:
        """A row a call and measure."""

    @property
    def days(self) -> Days:
        """The daily sums of every agent."""


@dataclass(frozen=True)
class SiteCounts:
    """How many pages were written, and how many of calls or agents now gone were removed."""

    calls: int
    agents: int
    removed: int


def write_site(
    folder: Path,
    records: Iterable[CallRecord],
    frames: Frames,
    audio: Audio | None = None,
    *,
    peaks: Peaks | None = None,
) -> SiteCounts:
    """Write ``index.html``, ``calls/<id>.html`` and ``agents/<id>.html``.

    Pages of calls and agents that are no longer in ``frames`` are removed: what was erased from
    the store must not live on in a page.

    Raises:
        StoreError: the folder cannot be written.
    """
    done = frames.calls.filter(pl.col("state") == "done")
    agents: list[str] = done["agent_id"].drop_nulls().unique().sort().to_list()
    count = 0
    for record in records:
        _write_call(folder, record, audio, peaks, home=True, agent=True)
        count += 1
    for agent in agents:
        page = agent_page(
            agent, frames.calls, frames.totals, frames.labels, frames.measures, frames.days
        )
        _write(folder / "agents" / f"{file_name(agent)}.html", page)
    _write(folder / "index.html", overview_page(frames.calls, frames.totals, frames.days))
    removed = _sweep(folder / "calls", done["call_id"].to_list()) + _sweep(
        folder / "agents", agents
    )
    return SiteCounts(count, len(agents), removed)


def write_call(
    folder: Path, record: CallRecord, audio: Audio | None = None, *, peaks: Peaks | None = None
) -> Path:
    """Write one call's page, linked to the overview and the agent's page where they exist.

    Raises:
        StoreError: the folder cannot be written.
    """
    agent = record.metadata.agent_id
    has_agent = agent is not None and (folder / "agents" / f"{file_name(agent)}.html").is_file()
    home = (folder / "index.html").is_file()
    return _write_call(folder, record, audio, peaks, home=home, agent=has_agent)


def _write_call(
    folder: Path,
    record: CallRecord,
    audio: Audio | None,
    peaks: Peaks | None,
    *,
    home: bool,
    agent: bool,
) -> Path:
    id = record.metadata.agent_id
    page = call_page(
        record,
        audio_href=audio(record) if audio else None,
        peaks=peaks(record) if peaks else None,
        home_href="../index.html" if home else None,
        agent_href=f"../agents/{file_name(id)}.html" if agent and id else None,
    )
    target = folder / "calls" / f"{file_name(record.call_id)}.html"
    _write(target, page)
    return target


def _write(target: Path, page: str) -> None:
    draft = target.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(page, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StoreError(
            f"The page {target} cannot be written: {error.strerror}.",
            remedy="Give a folder that can be written and has room.",
        ) from error


def _sweep(folder: Path, kept: Iterable[str]) -> int:
    """Remove our own pages whose call or agent is gone; other people's files stay."""
    names = {f"{file_name(id)}.html" for id in kept}
    gone = [
        page
        for page in folder.glob("*.html")
        if page.name not in names and _OURS in page.read_bytes()[:2000]
    ]
    for page in gone:
        page.unlink()
    return len(gone)
