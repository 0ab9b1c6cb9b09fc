"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import callqa  # noqa: F401  (quiet before any test imports a library)

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
