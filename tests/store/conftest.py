"""Both databases that people use: SQLite, and a real PostgreSQL server where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from callqa.store.schema import metadata
from callqa.store.store import Store
from tests.store.calls import record

USER = "nobody"  # PostgreSQL refuses to run as root


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own, on a socket in a temporary folder."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    place = Path(f"/tmp/callqa-pg-{os.getpid()}")
    place.mkdir(mode=0o777)
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(place, USER)
        as_user = ["setpriv", f"--reuid={USER}", "--clear-groups", "env", f"HOME={place}"]
    data = place / "data"

    def run(*words: str) -> None:
        subprocess.run([*as_user, *words], check=True, capture_output=True, cwd=place, timeout=60)

    try:
        run(str(programs / "initdb"), "-D", str(data), "-U", "callqa", "-A", "trust", "-N")
        options = f"-c listen_addresses='' -k {place}"
        ctl = str(programs / "pg_ctl")
        run(ctl, "-D", str(data), "-o", options, "-l", str(place / "log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://callqa@/postgres?host={place}"
        finally:
            run(ctl, "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        store = Store.in_folder(tmp_path / "w")
    else:
        store = Store(request.getfixturevalue("postgres"))
        with store.reading() as db:
            for table in reversed(metadata.sorted_tables):
                db.execute(table.delete())
    store.add_recording(record().recordings[0], tmp_path / "a.wav")
    return store
