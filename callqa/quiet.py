"""Nothing phones home: every library's telemetry is off, and the hub is off, before import.

``silence()`` is called by ``callqa/__init__`` before anything else is imported. What a person
has set for themselves in the other direction is overruled: the promise holds for every run.
``allow_hub()`` opens the Hugging Face hub again, for the one setting that asks for it.
"""

from __future__ import annotations

import os
import sys

_OFF = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PYANNOTE_METRICS_ENABLED": "false",  # pyannote.audio.telemetry.metrics
    "OTEL_SDK_DISABLED": "true",  # the channel through which pyannote.audio would report
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",  # prefect's client events (Amplitude), and others that honour it
}
_TIDY = {
    "TOKENIZERS_PARALLELISM": "false",  # a warning at each fork otherwise
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}


def silence() -> None:
    """Set the environment of this process, and of those it starts, to stay quiet."""
    os.environ.update(_OFF)
    for name, value in _TIDY.items():
        os.environ.setdefault(name, value)


def allow_hub() -> None:
    """Let weights be fetched from the Hugging Face hub in this process; telemetry stays off."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ[name] = "0"
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:  # it read the environment when it was imported
        constants.HF_HUB_OFFLINE = False  # type: ignore[attr-defined]
