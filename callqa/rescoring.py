"""Everything that was transcribed, scored anew; and what that changed."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from callqa.errors import CallqaError, UsageError
from callqa.evidence.changes import Change, changes
from callqa.pipeline import Tools
from callqa.store.store import Analysis
from callqa.workspace import Workspace

CHUNK = 16  # calls handed to a process at once
ALONE = 64  # so few calls are done sooner than another process has its models loaded


@dataclass(frozen=True)
class Rescored:
    """What became of one call."""

    call_id: str
    stages_run: tuple[str, ...] = ()  # none: nothing that it rests on has changed
    error: CallqaError | None = None


def calls_since(workspace: Workspace, since: str | None = None) -> list[str]:
    """Calls that took place (where that is not known: were first scored) at or after a time.

    Raises:
        UsageError: ``since`` is no date or time.
    """
    if since is None:
        return workspace.store.call_ids()
    start = _time(since)
    known = workspace.store.calls()
    return [
        id
        for id in workspace.store.call_ids()
        if _time(known[id][0].started_at or known[id][1]) >= start
    ]


def rescore(
    workspace: Workspace, call_ids: Sequence[str], processes: int | None = None
) -> Iterator[Rescored]:
    """Score calls anew from what was heard; each is stored before it is yielded.

    It can be stopped at any time: calls that are done are not done again.

    Args:
        processes: how many work at once; as many as there are processors, unless given.
    """
    count = processes or os.cpu_count() or 1
    if count == 1 or len(call_ids) <= ALONE:
        for call_id in call_ids:
            yield _one(workspace, call_id)
        return
    workspace.store.close()  # each process opens its own
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(workspace.tools,),
    )
    try:
        yield from pool.map(_in_process, call_ids, chunksize=CHUNK)
    finally:
        pool.shutdown(cancel_futures=True)


def diff(workspace: Workspace, old: str, new: str, call_id: str | None = None) -> Iterator[Change]:
    """What differs between two analyses of a call, or for every call between two states.

    Args:
        old, new: the number of an analysis; ``previous`` or ``current``; or a time, which means
            the analysis that was current then.

    Raises:
        UsageError: a word is none of these, or the numbers are of different calls.
        StoreError: there is no such analysis or call.
    """
    if old.isdecimal() and new.isdecimal():
        a, b = workspace.store.record_of(int(old)), workspace.store.record_of(int(new))
        if a.call_id != b.call_id:
            raise UsageError(
                f"Analysis {old} is of call {a.call_id}, analysis {new} of {b.call_id}.",
                remedy="Give two analyses of one call.",
            )
        yield from changes(a, b)
        return
    if call_id is not None:
        workspace.store.record(call_id)  # that it is there
    by_call: dict[str, list[Analysis]] = {}
    for analysis in workspace.store.analyses(call_id):
        by_call.setdefault(analysis.call_id, []).append(analysis)
    for analyses in by_call.values():
        one, other = _picked(analyses, old), _picked(analyses, new)
        if one and other and one.number != other.number:
            record_of = workspace.store.record_of
            yield from changes(record_of(one.number), record_of(other.number))


def _picked(analyses: Sequence[Analysis], word: str) -> Analysis | None:
    if word == "current":
        return analyses[-1]
    if word == "previous":
        return analyses[-2] if len(analyses) > 1 else None
    if word.isdecimal():
        return next((a for a in analyses if a.number == int(word)), None)
    at = _time(word)
    return next((a for a in reversed(analyses) if _time(a.made_at) <= at), None)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no time.",
            remedy="Give ISO 8601, such as 2025-03-04 or 2025-03-04T09:30; for callqa diff also "
            "the number of an analysis, previous, or current.",
        ) from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _one(workspace: Workspace, call_id: str) -> Rescored:
    try:
        _, ran = workspace.rescore(call_id)
    except CallqaError as error:
        return Rescored(call_id, error=error)
    return Rescored(call_id, ran)


_here: Workspace | None = None  # a process's own


def _prepare(tools: Tools) -> None:
    global _here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a stop is the parent's to tell
    _here = Workspace(Tools(tools.settings, tools.profile, tools.criteria_ids))
    _ = _here.tools.criteria
    # What is loaded stays, and a call leaves little behind: looking for garbage less often saves
    # a fifth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _in_process(call_id: str) -> Rescored:
    assert _here is not None
    return _one(_here, call_id)
