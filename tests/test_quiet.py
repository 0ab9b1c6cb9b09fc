"""Telemetry is off before anything is imported, and stays off."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from callqa.quiet import allow_hub, silence

ASK = (
    "import json, os, callqa; names = ['PYANNOTE_METRICS_ENABLED', 'DO_NOT_TRACK', "
    "'HF_HUB_OFFLINE', 'HF_HUB_DISABLE_TELEMETRY', 'OTEL_SDK_DISABLED', "
    "'PREFECT_SERVER_ANALYTICS_ENABLED']; print(json.dumps({n: os.environ.get(n) for n in names}))"
)


def test_importing_callqa_overrules_what_would_report() -> None:
    loud = {"PYANNOTE_METRICS_ENABLED": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "true"}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, **loud, "DO_NOT_TRACK": "0", "HF_HUB_OFFLINE": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {
        "PYANNOTE_METRICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "OTEL_SDK_DISABLED": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


@pytest.mark.slow
def test_pyannote_agrees_that_its_metrics_are_off() -> None:
    ask = (
        "import callqa, warnings; warnings.simplefilter('ignore');"
        "from pyannote.audio.telemetry.metrics import is_metrics_enabled; "
        "print(is_metrics_enabled())"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_hub_opens_when_asked_and_telemetry_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ})
    silence()
    allow_hub()
    assert os.environ["HF_HUB_OFFLINE"] == "0"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"
