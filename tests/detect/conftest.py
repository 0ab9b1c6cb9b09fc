"""Phrases and detectors over the shipped lexicons, loaded once."""

from __future__ import annotations

import pytest

from callqa.detect.engine import Engine
from tests.detect import calls


@pytest.fixture(scope="session")
def engine() -> Engine:
    return calls.engine()
