"""Joins pipeline and store: the one way in which calls are processed, from any edge.

``process`` runs a source through listening, detecting and scoring, keeps each stage's output
under the hash of what went into it, and writes down what became of the source. What is done is
never done again: the same bytes with the same models are listened to once. People's corrections
are laid between listening and detecting; their judgements stand beside the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from callqa.ahead import Hear, ahead
from callqa.errors import CallqaError, StoreError, UsageError
from callqa.evidence.aggregates import Days, Who
from callqa.evidence.corrections import agent_of, apply, apply_to_detections, in_force
from callqa.evidence.judgements import judged
from callqa.evidence.mending import sealed
from callqa.pipeline import Parsed, Tools, Understood, hear, judge, parse, read, understand
from callqa.records import CallRecord, Correction, Heard, Judgement, Metadata
from callqa.score.catalogue import Catalogue, catalogue
from callqa.sources import Source, digest, find_sources, metadata_for, read_metadata
from callqa.stages import (
    Runner,
    Steps,
    detect_key,
    listen_key,
    parse_key,
    run_here,
    score_key,
)
from callqa.store.days import days
from callqa.store.frames import Frames, frames
from callqa.store.store import LedgerEntry, State, Store

__all__ = [
    "Outcome", "Source", "Workspace", "find_sources", "metadata_for", "process_all",
    "read_metadata", "run_here",
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of a source."""

    source: Source
    state: State
    record: CallRecord | None = None
    error: CallqaError | None = None
    stages_run: tuple[str, ...] = ()  # those not found in the cache


@dataclass(frozen=True)
class Workspace:
    """A folder with a database, and the tools that fill it."""

    tools: Tools

    @cached_property
    def store(self) -> Store:
        """The workspace's database, opened on first use."""
        s = self.tools.settings
        return Store.in_folder(s.workspace, s.database_url)

    @property
    def folder(self) -> Path:
        """Where the database and the reports are."""
        return self.tools.settings.workspace

    def frames(self) -> Frames:
        """Current calls, totals, labels, measures and daily sums as polars frames."""
        found = frames(self.store)
        return replace(found, days=self._told(found.days))

    def days(
        self,
        *,
        agent: str | None = None,
        team: str | None = None,
        since: date | None = None,
        until: date | None = None,
        by: Sequence[Who] = ("agent", "team"),
    ) -> Days:
        """Daily sums that figures are made of, as ``callqa.store.days`` gives them, with names."""
        return self._told(days(self.store, agent=agent, team=team, since=since, until=until, by=by))

    @cached_property
    def catalogue(self) -> Catalogue:
        """Titles and levels of the criteria sets; no rule or phrase is loaded for them."""
        return catalogue(self.tools.settings.criteria)

    def _told(self, found: Days) -> Days:
        known = self.catalogue
        return replace(found, titles=known.titles, meanings=known.meanings)

    def record(self, call_id: str) -> CallRecord:
        """A call's current record with what people decided on it.

        Raises:
            StoreError: there is no such call.
        """
        record = self.store.record(call_id)
        said = tuple(self.store.judgements(call_id))
        return record.model_copy(update={"judgements": said})

    def records(self) -> Iterator[CallRecord]:
        """Every call's current record with what people decided on it, one at a time."""
        return map(self.record, self.store.call_ids())

    # ------------------------------------------------------------ processing

    def process(
        self,
        source: Source,
        metadata: Metadata | None = None,
        *,
        run: Runner = run_here,
        hear: Hear | None = None,
    ) -> Outcome:
        """Score one source; its failure is written down and returned, never raised.

        Args:
            metadata: replaces what was known of the call; None keeps it.
            run: how a stage is run, given its name and a function without arguments.
            hear: listens to a recording, where that was begun before.
        """
        steps = Steps(self.store, run)
        try:
            if source.error:
                raise source.error
            record = self._record(source, metadata, steps, hear or self.hear)
        except CallqaError as error:
            stage = error.stage or steps.current
            self._note(source, "failed", stage=stage, reason=str(error))
            return Outcome(source, "failed", error=error, stages_run=tuple(steps.ran))
        self._note(source, "done", record=record)
        return Outcome(source, "done", record=record, stages_run=tuple(steps.ran))

    def _record(
        self, source: Source, metadata: Metadata | None, steps: Steps, hear: Hear
    ) -> CallRecord:
        sha = digest(source)
        known = self.store.call_of(sha) if source.given is None else None
        call_id = self._call_id(source, metadata, known, sha)
        metadata = metadata or self.store.metadata_of(call_id) or Metadata()
        key = listen_key(self.tools, sha, given=source.given is not None)
        heard = steps.take("listen", key, Heard, lambda: _listen(source, hear))
        if heard.recording:
            self.store.add_recording(heard.recording, source.path.resolve())
        said = self.store.corrections(call_id)
        return self._scored(call_id, key, heard, metadata, said, steps)

    def _scored(
        self,
        call_id: str,
        listened: str,
        machine: Heard,
        given: Metadata,
        said: Sequence[Correction],
        steps: Steps,
    ) -> CallRecord:
        """From what the machine heard to a stored record, through people's corrections."""
        tools = self.tools
        steps.current = "correct"
        corrections = in_force(said)
        heard = apply(machine, corrections)
        agent = agent_of(heard.participants)
        metadata = given.model_copy(update={"agent_id": agent}) if agent else given
        key = detect_key(tools, heard, metadata, corrections)
        final = score_key(tools, key, call_id, corrections)
        if self.store.fingerprint_of(call_id) == final:
            return self.store.record(call_id)
        understood = steps.kept("detect", key, Understood)
        if understood is None:
            parsed = steps.take(
                "parse", parse_key(heard, tools), Parsed, lambda: parse(heard, tools)
            )
            make = lambda: understand(  # noqa: E731
                call_id, heard, metadata, tools, corrections=corrections, parsed=parsed
            )
            understood = steps.take("detect", key, Understood, make)
        found = understood
        record = steps.run(
            "score", lambda: judge(call_id, heard, found, metadata, tools), CallRecord
        )
        record = record.model_copy(update={"corrections": corrections})
        self.store.add_analysis(record, final, heard=listened, given=given)
        return record

    def hear(self, path: Path) -> Heard:
        """Sound → turns with roles and prosody; kept nowhere yet.

        Raises:
            RecordingError: the recording cannot be listened to.
        """
        return hear(path, self.tools)

    def unheard(self, sources: Iterable[Source]) -> Iterator[Path]:
        """The recordings among sources that were not listened to yet, told one by one."""
        told: set[str] = set()
        for source in sources:
            if source.given is None and source.error is None:
                with suppress(CallqaError):  # it is told when its turn comes
                    key = listen_key(self.tools, digest(source), given=False)
                    if key not in told and not self.store.has_cached(key):
                        told.add(key)
                        yield source.path

    def _call_id(
        self, source: Source, metadata: Metadata | None, known: str | None, sha: str
    ) -> str:
        if metadata and metadata.call_id:
            return metadata.call_id
        if known:
            return known
        wanted = source.given.call_id if source.given else source.path.stem
        wanted = re.sub(r"[^\w.-]+", "-", wanted).strip("-.") or sha[:12]
        taken = source.given is None and self.store.has_call(wanted)
        return f"{wanted}-{sha[:8]}" if taken else wanted

    def skip(self, source: Source, reason: str) -> None:
        """Write down why a file was passed over."""
        self._note(source, "skipped", reason=reason)

    def _note(
        self,
        source: Source,
        state: State,
        *,
        record: CallRecord | None = None,
        stage: str | None = None,
        reason: str | None = None,
    ) -> None:
        sha = record.recordings[0].sha256 if record and record.recordings else None
        call_id = record.call_id if record else None
        self.store.note(LedgerEntry(source.name, state, call_id, sha, stage=stage, reason=reason))

    # ------------------------------------------------------------ people

    def judge(
        self,
        call_id: str,
        criterion: str,
        level: str,
        *,
        by: str,
        reason: str,
        criteria: str | None = None,
        participant: str | None = None,
        role: str = "assessor",
        at: str | None = None,
        blind: bool = False,
    ) -> Judgement:
        """Keep what a person decides on a criterion; arguments as for ``evidence.judged``.

        Raises:
            StoreError: there is no such call.
            UsageError: the judgement cannot be used; nothing is kept.
        """
        made = judged(
            self.record(call_id), criterion, level, by=by, reason=reason, scales=self.scales,
            criteria=criteria, participant=participant, role=role, at=at, blind=blind,
        )  # fmt: skip
        self.store.add_judgements([made])
        return made

    @cached_property
    def scales(self) -> dict[str, Sequence[str]]:
        """The words of each criteria set's scale."""
        return {c.id: c.scale for c in self.tools.every_set}

    def correct(self, call_id: str, corrections: Sequence[Correction]) -> CallRecord:
        """Lay corrections over a call and score it anew from what was heard.

        They are kept together or, where one of them does not fit, not at all.

        Raises:
            StoreError: there is no such call, or what was heard of it is not kept.
            UsageError, EvidenceError: a correction does not fit the call.
        """
        before = self.store.record(call_id)
        listened, machine = self._heard(call_id)
        said = self.store.corrections(call_id)
        added: list[Correction] = []
        for c in corrections:
            self._check(c, before, [*said, *added])
            fixes = [f for f in in_force([*said, *added]) if f.kind == "fix_word"]
            kept = sealed(machine.transcript, fixes, c) if c.kind == "fix_word" else (c,)
            added += kept
        active = in_force([*said, *added])
        apply_to_detections((), active, apply(machine, active))
        self.store.add_corrections(added)
        given = self.store.metadata_of(call_id) or Metadata()
        return self._scored(
            call_id, listened, machine, given, [*said, *added], Steps(self.store, run_here)
        )

    def _check(self, c: Correction, record: CallRecord, said: Sequence[Correction]) -> None:
        """That a correction names something that is there."""
        p = c.payload
        labels = self.tools.engine.labels
        if c.kind == "add_detection" and p["label"] not in labels:
            family = sorted(x for x in labels if x.split(".")[0] == p["label"].split(".")[0])
            raise UsageError(
                f"There is no label {p['label']!r}.",
                remedy=f"Known: {', '.join(family)}." if family else "See docs/labels.md.",
            )
        if c.kind == "reject_detection" and p["detection"] not in {d.id for d in record.detections}:
            raise UsageError(
                f"There is no detection {p['detection']!r} in call {record.call_id}.",
                remedy=f"callqa show {record.call_id} --json lists them with their ids.",
            )
        if c.kind == "undo" and p["correction"] not in {x.id for x in said}:
            known = ", ".join(f"{x.id} ({x.kind})" for x in said) or "none"
            raise UsageError(
                f"There is no correction {p['correction']!r} of call {record.call_id}.",
                remedy=f"Known: {known}.",
            )

    def heard(self, call_id: str) -> Heard:
        """What the machine heard of a call, before any correction.

        Raises:
            StoreError: there is no such call, or what was heard of it is not kept.
        """
        return self._heard(call_id)[1]

    def _heard(self, call_id: str) -> tuple[str, Heard]:
        """The listening that a call's current analysis rests on, with its key."""
        analyses = self.store.analyses(call_id)
        key = analyses[-1].heard if analyses else None
        kept = self.store.cached(key) if key else None
        if key is None or kept is None:
            raise StoreError(
                f"What was heard of call {call_id} is not kept in this workspace.",
                remedy="Score its recording once more: callqa score PATH",
                call=call_id,
            )
        return key, Heard.model_validate_json(kept)

    # ------------------------------------------------------------ again

    def rescore(self, call_id: str) -> tuple[CallRecord, tuple[str, ...]]:
        """Score a call anew from what was heard, with the rules and phrases of now.

        Returns:
            its current record, and the stages that had to be run; none where nothing changed.

        Raises:
            StoreError: there is no such call, or what was heard of it is not kept.
        """
        steps = Steps(self.store, run_here)
        listened, machine = self._heard(call_id)
        given = self.store.metadata_of(call_id) or Metadata()
        said = self.store.corrections(call_id)
        record = self._scored(call_id, listened, machine, given, said, steps)
        return record, tuple(steps.ran)


def process_all(
    workspace: Workspace,
    sources: Sequence[Source],
    table: Mapping[str, Metadata],
    agent_id: str | None = None,
    *,
    run: Runner = run_here,
) -> Iterator[Outcome]:
    """Process sources one after another; each is written down before the next begins."""
    with ahead(workspace.unheard(sources), workspace.hear) as heard:
        for source in sources:
            given = metadata_for(source, table, agent_id)
            yield workspace.process(source, given, run=run, hear=heard)


def _listen(source: Source, hear: Hear) -> Heard:
    return read(source.given) if source.given else hear(source.path)
