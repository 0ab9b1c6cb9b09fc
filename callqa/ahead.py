"""Listening ahead: the next recordings are heard while this one is scored.

One recording leaves cores idle: its voices, its turns and its page each keep one busy. Two heard
side by side do not. A long one is left to its turn, as its sound takes room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from callqa.records import Heard

Hear = Callable[[Path], Heard]

SIDE_BY_SIDE = 2
LONG_S = 1800.0


@contextmanager
def ahead(paths: Iterable[Path], hear: Hear) -> Iterator[Hear]:
    """A ``hear`` that has begun on the next of ``paths`` before it is asked for them.

    Args:
        paths: recordings in the order in which they will be asked for. They are asked of the
            iterable as late as can be; one that was not among them is heard when asked for.
        hear: listens to one; what it raises is raised when that one is asked for.
    """
    pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="ahead")
    waiting = (path for path in paths if not _long(path))
    begun: dict[Path, Future[Heard]] = {}

    def begin() -> None:
        while len(begun) < SIDE_BY_SIDE and (path := next(waiting, None)):
            begun[path] = pool.submit(hear, path)

    def take(path: Path) -> Heard:
        begin()
        own = begun.pop(path, None)
        begin()
        return own.result() if own else hear(path)

    try:
        yield take
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _long(path: Path) -> bool:
    """Whether a recording is long, or its length is not told."""
    import av

    try:
        with av.open(str(path)) as container:
            return container.duration is None or container.duration / av.time_base > LONG_S
    except (av.FFmpegError, OSError, ValueError):
        return True
