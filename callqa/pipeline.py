"""The whole story of a call on one screen: listen → redact → detect → score → evidence.

No server, no database: ``analyse`` gives a record from a path. The workspace runs the same three
steps with their outputs kept between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ConfigDict

from callqa.errors import CallqaError, TranscriptError
from callqa.measures import measure
from callqa.profile import Profile, load_profile
from callqa.records import (
    CallRecord,
    Correction,
    Detection,
    Fingerprint,
    Heard,
    Measure,
    Metadata,
    Participant,
    Record,
)
from callqa.redact import redact_transcript
from callqa.settings import Settings, load_settings
from callqa.transcripts import SUFFIXES, GivenCall, read_calls


class Understood(Record):
    """What was found in a call, and its numbers."""

    detections: tuple[Detection, ...]
    measures: dict[str, Measure]


class Parsed(Record):
    """The turns of a call as the language models read them.

    ``docs``: packed spaCy docs, one a turn. ``reading``: what the fitted model makes of them,
    packed; None where the lexicons come without one.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    docs: bytes
    reading: bytes | None = None


@dataclass(frozen=True)
class Tools:
    """Rules and words to work with, loaded once and checked against each other."""

    settings: Settings
    profile: Profile
    criteria_ids: tuple[str, ...] | None = None

    @property
    def engine(self):  # type: ignore[no-untyped-def]
        """Detectors with their lexicons."""
        from callqa.detect.engine import load_engine

        return load_engine(self.settings.lexicons)

    @cached_property
    def every_set(self):  # type: ignore[no-untyped-def]
        """Every criteria set there is."""
        from callqa.score.criteria import load_criteria

        return load_criteria(self.settings.criteria, self.engine.labels)

    @cached_property
    def criteria(self):  # type: ignore[no-untyped-def]
        """The criteria sets to score against: those asked for, or the default ones."""
        from callqa.score.criteria import chosen_sets

        return chosen_sets(self.every_set, self.criteria_ids)


def load_tools(settings: Settings | None = None, criteria: Sequence[str] | None = None) -> Tools:
    """Tools from settings; every rule file is read now, so that a mistake in one shows now.

    Raises:
        ConfigError: settings, profile, lexicons or criteria cannot be used.
        UsageError: a set that was asked for is not there, or is not about calls.
    """
    settings = settings or load_settings()
    ids = tuple(criteria) if criteria else None
    tools = Tools(settings, load_profile(settings.profile), ids)
    _ = tools.criteria
    return tools


def analyse(
    path: str | Path,
    *,
    metadata: Metadata | None = None,
    tools: Tools | None = None,
    call_id: str | None = None,
) -> CallRecord:
    """Everything callqa can say about one recording or one-call transcript.

    Args:
        path: a recording in any format that FFmpeg knows, or a JSON, SRT or VTT transcript.
        metadata: what the telephone system knows; an agent's id comes from here alone.

    Raises:
        RecordingError: the recording cannot be listened to.
        TranscriptError: the transcript cannot be read.
        ConfigError: settings, profile, lexicons or criteria cannot be used.
    """
    path = Path(path)
    tools = tools or load_tools()
    metadata = metadata or Metadata()
    if path.suffix.lower() in SUFFIXES:
        given = one_call(path)
        call_id = call_id or given.call_id
        heard = read(given)
    else:
        heard = hear(path, tools)
    name = call_id or metadata.call_id or path.stem
    return judge(name, heard, understand(name, heard, metadata, tools), metadata, tools)


def hear(path: Path, tools: Tools) -> Heard:
    """Sound → turns with roles and prosody, secrets already out."""
    from callqa import listen

    raw = listen.hear(path, tools.settings)
    return raw.model_copy(update={"transcript": redact_transcript(raw.transcript)})


def read(given: GivenCall) -> Heard:
    """A transcript made elsewhere, as if it had been heard; roles found where none are given."""
    from callqa.listen import roles

    transcript = redact_transcript(given.transcript)
    participants: tuple[Participant, ...] = given.participants
    if not any(p.role in ("agent", "customer") for p in participants):
        participants = roles.assign(transcript, participants)
    kind = "conversation" if len(participants) > 1 else "unknown"
    return Heard(recording=None, transcript=transcript, participants=participants, kind=kind)


def one_call(path: Path) -> GivenCall:
    """The only call of a transcript file.

    Raises:
        TranscriptError: it holds more than one, or cannot be read.
    """
    calls = list(read_calls(path))
    for call in calls:
        if isinstance(call, TranscriptError):
            raise call
    if len(calls) != 1:
        raise TranscriptError(
            f"{path.name} holds {len(calls)} calls where one was expected.",
            remedy="Use callqa score or callqa detect, which take many.",
        )
    call = calls[0]
    assert isinstance(call, GivenCall)
    return call


def parse(heard: Heard, tools: Tools) -> Parsed:
    """Turns → spaCy docs and the fitted model's reading, packed."""
    from callqa.detect.engine import pack_docs, view_turns

    role = {p.id: p.role for p in heard.participants}
    views = view_turns([(t, role[t.participant]) for t in heard.transcript.turns])
    learned = tools.engine.learned
    return Parsed(
        docs=pack_docs([v.doc for v in views]),
        reading=learned.read(views).pack() if learned else None,
    )


def understand(
    call_id: str,
    heard: Heard,
    metadata: Metadata,
    tools: Tools,
    *,
    corrections: Sequence[Correction] = (),
    parsed: Parsed | None = None,
) -> Understood:
    """Turns → detections and measures.

    Args:
        corrections: detections that people rejected or added; ``heard`` has the others in it.
        parsed: what the language models make of the turns, where they read them before.
    """
    from callqa.detect.base import CallView
    from callqa.detect.engine import unpack_docs, view_turns
    from callqa.detect.learned import Reading
    from callqa.evidence.corrections import apply_to_detections

    role = {p.id: p.role for p in heard.participants}
    turns = heard.transcript.turns
    duration_s = heard.recording.duration_s if heard.recording else None
    view = CallView(
        call_id=call_id,
        turns=view_turns(
            [(t, role[t.participant]) for t in turns],
            docs=unpack_docs(parsed.docs) if parsed else None,
        ),
        metadata=metadata,
        prosody={p.turn: p for p in heard.prosody} if tools.settings.customer_emotion else {},
        duration_s=duration_s,
        speech=heard.transcript.speech,
    )
    reading = Reading.unpack(parsed.reading) if parsed and parsed.reading else None
    detections = tools.engine.run(view, tools.profile, reading)
    detections = apply_to_detections(detections, corrections, heard) if corrections else detections
    speech = heard.transcript.speech if duration_s is not None else {}
    measures = measure(turns, heard.participants, detections, speech=speech, duration_s=duration_s)
    return Understood(detections=tuple(detections), measures=measures)


def judge(
    call_id: str, heard: Heard, understood: Understood, metadata: Metadata, tools: Tools
) -> CallRecord:
    """Detections → criterion results, gathered into a record whose every claim is verified."""
    from callqa.evidence.triage import flags
    from callqa.evidence.verify import verify
    from callqa.score import ScoreInput, score, totals

    sets = tools.criteria
    record = CallRecord(
        call_id=call_id,
        metadata=metadata,
        recordings=(heard.recording,) if heard.recording else (),
        duration_s=heard.recording.duration_s if heard.recording else None,
        kind=heard.kind,
        completeness=heard.completeness,
        quality=heard.quality,
        participants=with_agent(heard.participants, metadata.agent_id),
        transcript=heard.transcript,
        prosody=heard.prosody,
        tracks=heard.tracks,
        detections=understood.detections,
        measures=understood.measures,
        fingerprint=fingerprint(tools, heard.models),
    )
    results = score(ScoreInput.of(record), sets, tools.profile)
    record = record.model_copy(
        update={"results": tuple(results), "totals": tuple(totals(results, sets))}
    )
    record = record.model_copy(update={"flags": tuple(flags(record))})
    try:
        verify(record)
    except CallqaError as error:
        error.call, error.stage = call_id, "evidence"
        raise
    return record


def with_agent(
    participants: Sequence[Participant], agent_id: str | None
) -> tuple[Participant, ...]:
    """Participants with the agent's id from the metadata; a name that is heard never sets it."""
    return tuple(
        p.model_copy(update={"agent_id": p.agent_id or agent_id}) if p.role == "agent" else p
        for p in participants
    )


def fingerprint(tools: Tools, models: Mapping[str, str]) -> Fingerprint:
    """What a record made with these tools is made by."""
    import callqa

    s = tools.settings
    return Fingerprint(
        callqa=callqa.__version__,
        models=dict(models),
        parameters=f"whisper={s.whisper} compute={s.compute_type} emotion={s.customer_emotion}",
        lexicons=tools.engine.fingerprint,
        criteria={c.id: c.hash for c in tools.criteria},
        profile=tools.profile.fingerprint,
    )
