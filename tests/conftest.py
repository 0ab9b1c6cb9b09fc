"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio_samples import script
from callqa.pipeline import load_tools
from callqa.records import CallRecord
from callqa.settings import load_settings
from callqa.workspace import Source, Workspace, metadata_for, read_metadata

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample calls."""
    return ROOT / "audio_samples"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings to measure with, where they lie beside the checkout."""
    folder = Path(os.environ.get("CALLQA_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real recordings at {folder}; set CALLQA_SHARED_DATA to use them")
    return folder


@pytest.fixture(scope="session")
def scored_samples(
    tmp_path_factory: pytest.TempPathFactory, samples: Path
) -> dict[str, CallRecord]:
    """Every sample call's record, by the name of its script; listened to once a session."""
    folder = tmp_path_factory.mktemp("samples")
    space = Workspace(load_tools(load_settings(workspace=folder)))
    table = read_metadata(samples / "metadata.csv")
    records: dict[str, CallRecord] = {}
    for name in script.names():
        path = script.audio_path(name, script.load(name))
        source = Source(str(path), path)
        outcome = space.process(source, metadata_for(source, table))
        assert outcome.record, f"{name}: {outcome.error}"
        records[name] = outcome.record
    return records
