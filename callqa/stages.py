"""The stages of a call: each run once for what goes into it, and kept under the hash of that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from callqa.evidence.corrections import AFTER_DETECTION
from callqa.pipeline import Tools
from callqa.records import Correction, Heard, Metadata
from callqa.store.store import Store

LISTEN_VERSION = "7"  # changes whenever the same sound may give other turns

Stage = TypeVar("Stage", bound=BaseModel)
Runner = Callable[[str, Callable[[], BaseModel]], BaseModel]


def run_here(_: str, function: Callable[[], BaseModel]) -> BaseModel:
    """Run a stage in place; a flow gives another runner that makes each stage a task."""
    return function()


@dataclass
class Steps:
    """Runs the stages of one source, each from the cache where its key is known."""

    store: Store
    runner: Runner
    current: str = ""  # the stage that a failure belongs to
    ran: list[str] = field(default_factory=list)

    def kept(self, stage: str, key: str, kind: type[Stage]) -> Stage | None:
        """A stage's output, where it is known."""
        self.current = stage
        kept = self.store.cached(key)
        return None if kept is None else kind.model_validate_json(kept)

    def take(self, stage: str, key: str, kind: type[Stage], make: Callable[[], Stage]) -> Stage:
        """A stage's output from the cache, or made now and kept."""
        if (kept := self.kept(stage, key, kind)) is not None:
            return kept
        made = self.run(stage, make, kind)
        self.store.cache(key, stage, made.model_dump_json())
        return made

    def run(self, stage: str, make: Callable[[], Stage], kind: type[Stage]) -> Stage:
        """A stage's output, made now."""
        self.current = stage
        self.ran.append(stage)
        made = self.runner(stage, make)
        assert isinstance(made, kind)
        return made


# ---------------------------------------------------------------- what a stage's output rests on


def listen_key(tools: Tools, sha256: str, *, given: bool) -> str:
    """Of the sound and how it is recognised; of words alone where they were ``given``."""
    return _key(sha256, LISTEN_VERSION, "as given" if given else _recognition(tools))


def _recognition(tools: Tools) -> str:
    """What listening depends on besides the sound: the recogniser's bytes and its settings."""
    from callqa.weights import find_whisper

    s = tools.settings
    return json.dumps([find_whisper(s).sha256, s.compute_type, s.batch_size])


def parse_key(heard: Heard, tools: Tools) -> str:
    """Of words, roles and what reads them: other phrases are looked for with nothing read anew."""
    from callqa.detect.engine import parser_version

    role = {p.id: p.role for p in heard.participants}
    learned = tools.engine.learned
    return _key("parse", parser_version(), learned.fingerprint if learned else "",
                *(f"{role[t.participant]}: {t.text}" for t in heard.transcript.turns))  # fmt: skip


def detect_key(
    tools: Tools, heard: Heard, metadata: Metadata, corrections: Sequence[Correction]
) -> str:
    """Of who said what, of what is looked for, and of detections rejected or added by hand."""
    by_hand = [c.id for c in corrections if c.kind in AFTER_DETECTION]
    return _key(heard.model_dump_json(), tools.engine.fingerprint, tools.profile.fingerprint,
                str(tools.settings.customer_emotion), metadata.model_dump_json(),
                *by_hand)  # fmt: skip


def score_key(tools: Tools, detected: str, call_id: str, corrections: Sequence[Correction]) -> str:
    """Of what was found and of the criteria: what one analysis of a call rests on."""
    sets = [f"{c.id}={c.hash}" for c in tools.criteria]
    return _key(detected, call_id, *sets, *(c.id for c in corrections))


def _key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
