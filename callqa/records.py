"""What travels between the rooms: frozen values, published as JSON Schema.

Times are float seconds from the start of the call, half-open, named ``_s``. Characters are
Unicode code points within one turn's text. Turns are counted from 0. Nothing here is ever
mutated; a change makes a new record.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SCHEMA_VERSION = "1"

Role = Literal["agent", "second_agent", "customer", "third_party", "system", "unknown"]
Layout = Literal["stereo", "dual_mono", "one_sided", "mono", "transcript"]
Kind = Literal["conversation", "voicemail", "ivr_only", "abandoned", "no_speech", "unknown"]
Status = Literal[
    "not_assessable", "not_applicable", "contradicted", "evidenced", "partly", "not_evidenced"
]
STATUSES: tuple[Status, ...] = get_args(Status)
CriterionClass = Literal["audio", "part", "record", "knowledge", "person"]
JudgeRole = Literal["assessor", "analyst", "verifier"]
CorrectionKind = Literal[
    "swap_roles", "set_role", "assign_agent", "fix_word", "reject_detection", "add_detection",
    "undo",
]  # fmt: skip
Attribute = str | bool | int | float | list[str]


class Record(BaseModel):
    """Base of all that travels: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """A half-open stretch of time in seconds."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s


class Overlap(Span):
    """A stretch in which two speak. ``begun_by`` came in while the other spoke; None: at once."""

    between: tuple[str, str]
    begun_by: str | None


# ---------------------------------------------------------------- what came in


class Metadata(Record):
    """What the telephone system knows of a call. Changing it never transcribes."""

    call_id: str | None = None
    agent_id: str | None = None
    team: str | None = None
    customer_key: str | None = None
    direction: Literal["inbound", "outbound"] | None = None
    queue: str | None = None
    started_at: str | None = None  # ISO 8601 with zone
    ring_s: float | None = None
    disposition: str | None = None


class Recording(Record):
    """One file of sound, known by the SHA-256 of its bytes."""

    sha256: str
    name: str
    container: str = ""
    codec: str = ""
    sample_rate_hz: int = 0
    channels: int = 0
    duration_s: float = 0.0
    layout: Layout = "mono"
    telephone_band: bool | None = None
    speech_share: float | None = None
    level_gap_db: float | None = None  # left minus right; None unless stereo
    clipped_share: float | None = None
    noise_db: float | None = None  # of speech over noise, on the worse side
    music_share: float | None = None  # of time in which a side holds music or tones, no speech
    offset_s: float = 0.0  # where this recording starts in the call


# ---------------------------------------------------------------- what was said


class Participant(Record):
    """A voice (or channel) in a call. A heard name never assigns ``agent_id``."""

    id: str
    role: Role = "unknown"
    role_confidence: float = 0.0
    role_why: str = ""
    agent_id: str | None = None
    channel: int | None = None  # 0 left, 1 right; None when voices share a channel


class Word(Record):
    """One word, anchored to its turn's text; times are None without sound."""

    id: str  # "<turn>.<word>", both counted from 0
    text: str
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = None


class Redaction(Record):
    """A tier-1 secret replaced for good by a typed token; its digits are gone.

    ``source_*`` are the character offsets in the text as it was given, so that positions can
    be told in the user's own transcript.
    """

    kind: Literal["card", "security_code", "pin", "password", "memorable_word"]
    digits: int | None = None
    luhn: bool | None = None
    start_char: int
    end_char: int
    source_start_char: int
    source_end_char: int
    start_s: float | None = None
    end_s: float | None = None


class Turn(Record):
    """A stretch of one participant's speech. ``text`` is what detectors read."""

    index: int
    participant: str
    text: str
    words: tuple[Word, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    start_s: float | None = None
    end_s: float | None = None


class Transcript(Record):
    """Who said what. ``dropped_words`` counts what was invented on non-speech and removed."""

    turns: tuple[Turn, ...]
    language: str = "en"
    language_probability: float | None = None
    dropped_words: int = 0
    speech: dict[str, tuple[Span, ...]] = Field(default_factory=dict)  # by participant


class TurnProsody(Record):
    """How a turn was spoken, relative to the same speaker's own median in this call."""

    turn: int
    voiced_s: float
    pitch_st: float | None = None  # semitones from the speaker's usual median
    pitch_high_st: float | None = None  # upper quartile, semitones from the usual upper quartile
    pitch_range_st: float | None = None
    level_db: float | None = None  # dB from the speaker's usual
    tilt_db: float | None = None  # slope of the spectrum, dB an octave from the speaker's usual
    words_per_minute: float | None = None  # pauses included
    syllables_per_minute: float | None = None
    pauses: int = 0  # silences of a quarter of a second or more within the turn
    pause_s: float = 0.0  # in all


TrackRow = Literal[
    "pitch_st", "level_db", "tilt_db", "voiced", "words_per_minute", "syllables_per_minute"
]


class ProsodyTrack(Record):
    """How one participant spoke, step by step from the start of the call.

    ``values`` holds one signed byte for each step of each row of ``SCALES``, row after row, in
    base64: the measure is the byte times the row's scale, and −128 stands for “not measured”.
    Pitch, level and tilt are from the speaker's usual, as in ``TurnProsody``; ``voiced`` is the
    share of a step with voice, 0 in a pause and not measured outside the speaker's turns.
    """

    SCALES: ClassVar[dict[TrackRow, float]] = {
        "pitch_st": 0.25,
        "level_db": 0.5,
        "tilt_db": 0.1,
        "voiced": 0.01,
        "words_per_minute": 5.0,
        "syllables_per_minute": 5.0,
    }
    NONE: ClassVar[int] = -128

    participant: str
    step_s: float
    values: str

    def row(self, name: TrackRow) -> list[float | None]:
        """A measure at every step; None where it was not measured."""
        every = memoryview(b64decode(self.values)).cast("b")
        length = len(every) // len(self.SCALES)
        first, scale = list(self.SCALES).index(name) * length, self.SCALES[name]
        own = every[first : first + length].tolist()
        return [None if value == self.NONE else value * scale for value in own]


# ---------------------------------------------------------------- what was found


FOUND = 0.3  # a detection less sure than this is a near miss, not a moment


class Detection(Record):
    """Something done or said. Spans without words (silence) have no characters."""

    id: str
    label: str
    participant: str
    role: Role
    turn: int | None
    start_char: int | None = None
    end_char: int | None = None
    first_word: str | None = None
    last_word: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    quote: str = ""
    confidence: float = Field(ge=0.0, le=1.0)
    why: str
    rule: str  # "<detector>/<entry>"
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    parts: tuple[str, ...] = ()


def detection_id(label: str, participant: str, first: str, last: str) -> str:
    """Stable across runs: the same label on the same words is the same detection."""
    return hashlib.sha256(f"{label}|{participant}|{first}|{last}".encode()).hexdigest()[:12]


# ---------------------------------------------------------------- what it is evidence of


class QuoteEvidence(Record):
    """Words at their place; verified against the transcript before it is stored."""

    kind: Literal["quote"] = "quote"
    detection: str
    label: str
    role: Role
    turn: int
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None
    quote: str
    confidence: float
    why: str = ""


class SpanEvidence(Record):
    """A measure and its value, over a stretch of sound or the whole call."""

    kind: Literal["span"] = "span"
    measure: str
    value: float
    limit: float | None = None
    start_s: float | None = None
    end_s: float | None = None
    confidence: float = 1.0
    why: str = ""


class AbsenceEvidence(Record):
    """What was looked for and not found, where, and the nearest miss."""

    kind: Literal["absence"] = "absence"
    looked_for: str
    searched: str  # the range, in words
    start_s: float | None = None
    end_s: float | None = None
    nearest: str | None = None  # id of the nearest detection
    confidence: float
    why: str = ""


class MetadataEvidence(Record):
    """A field of the call's metadata."""

    kind: Literal["metadata"] = "metadata"
    field: str
    value: str
    confidence: float = 1.0
    why: str = ""


class AttachedEvidence(Record):
    """A file that a person attached (an electronic record, a testimony)."""

    kind: Literal["record"] = "record"
    name: str
    sha256: str
    attached_by: str
    attached_at: str
    confidence: float = 1.0
    why: str = ""


Evidence = Annotated[
    QuoteEvidence | SpanEvidence | AbsenceEvidence | MetadataEvidence | AttachedEvidence,
    Field(discriminator="kind"),
]


class CriterionResult(Record):
    """What the machine proposes for one criterion and one participant of one call."""

    id: str
    criteria: str  # id of the criteria set
    criteria_hash: str
    criterion: str  # "1a", "7.8"
    group: str  # outcome or part that totals are shown for
    title: str
    criterion_class: CriterionClass
    participant: str
    status: Status
    confidence: float | None = None
    why: str
    needs: str = ""  # what a person or a record must still add
    evidence: tuple[Evidence, ...] = ()

    @property
    def content_hash(self) -> str:
        """Changes with status and evidence; not with confidences or how they are explained."""
        told = {"confidence", "why"}
        evidence = [e.model_dump_json(exclude=told) for e in self.evidence]
        text = "\x1f".join((self.status, *evidence))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class GroupTotal(Record):
    """How many criteria of a group hold, out of those a recording could show."""

    criteria: str
    group: str
    title: str
    evidenced: int = 0
    partly: int = 0
    contradicted: int = 0
    not_evidenced: int = 0
    not_applicable: int = 0
    not_assessable: int = 0

    @property
    def observable(self) -> int:
        """Criteria that this recording could show and that apply to it."""
        return self.evidenced + self.partly + self.contradicted + self.not_evidenced


class Flag(Record):
    """A reason to listen. ``weight`` orders the queue; larger is sooner."""

    code: str
    why: str
    weight: float
    start_s: float | None = None


class Measure(Record):
    """A number about the conversation, with its unit and how many things it rests on."""

    value: float
    unit: str
    count: int | None = None


class Fingerprint(Record):
    """What made these results: enough to make them again, or to see why they differ."""

    callqa: str
    models: dict[str, str] = Field(default_factory=dict)  # name → SHA-256 or version
    parameters: str = ""
    lexicons: str = ""
    criteria: dict[str, str] = Field(default_factory=dict)
    profile: str = ""


# ---------------------------------------------------------------- what people say about it

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_PAYLOADS: dict[CorrectionKind, tuple[str, ...]] = {
    "swap_roles": (),
    "set_role": ("participant", "role"),
    "assign_agent": ("agent_id",),
    "fix_word": ("first_word", "last_word", "was", "text"),
    "reject_detection": ("detection",),
    "add_detection": ("label", "first_word", "last_word", "was"),
    "undo": ("correction",),
}


class Signed(Record):
    """Something that a named person holds, with a reason, at a time.

    ``id`` is the hash of the content and the time, so that the same word twice is one.
    """

    id: str = ""
    by: Filled
    reason: Filled
    at: str = Field(description="ISO 8601, UTC")

    @model_validator(mode="before")
    @classmethod
    def _in_utc(cls, given: object) -> object:
        """A time without a zone is taken for UTC; a date for its midnight."""
        if isinstance(given, dict) and isinstance(given.get("at"), str):
            at = datetime.fromisoformat(given["at"])
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
            return given | {"at": at.isoformat()}
        return given

    def _named(self, about: str, *parts: str) -> Self:
        text = "\x1f".join((about, self.by, self.reason, self.at, *parts))
        id = hashlib.sha256(text.encode()).hexdigest()[:16]
        if self.id not in ("", id):
            raise ValueError("the id is not that of the content")
        object.__setattr__(self, "id", id)  # while it is being made
        return self


class Said(Signed):
    """Something that a named person holds about a call."""

    call_id: Filled


class Judgement(Said):
    """What a person decides on one criterion. The machine's proposal stays beside it.

    ``result_id`` and ``result_hash`` are of the result that was judged, ``proposed`` is its
    status: when the current result has another hash, the judgement is stale, and still stands.
    ``level`` is a status, or a word of the criteria set's scale.
    """

    result_id: str
    result_hash: str
    proposed: Status
    criteria: str
    criterion: str
    participant: str
    level: Filled
    role: JudgeRole = "assessor"
    blind: bool = False  # made without sight of the machine's proposal

    @model_validator(mode="after")
    def _identified(self) -> Self:
        what = (self.criteria, self.criterion, self.participant, self.level, self.role)
        return self._named(self.call_id, *what, str(self.blind))


class Correction(Said):
    """A person's word over the machine's, laid between listening and detecting.

    Payloads: ``set_role`` participant, role · ``assign_agent`` agent_id · ``fix_word``
    first_word, last_word, was, text · ``reject_detection`` detection · ``add_detection`` label,
    first_word, last_word, was · ``undo`` correction. ``was`` is the machine's own text there, so
    that a correction is never laid over other words than it was made for.
    """

    kind: CorrectionKind
    payload: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _identified(self) -> Self:
        wanted = _PAYLOADS[self.kind]
        if set(self.payload) != set(wanted):
            raise ValueError(f"{self.kind} takes {', '.join(wanted) or 'no payload'}")
        payload = (f"{k}={self.payload[k]}" for k in wanted)
        return self._named(self.call_id, self.kind, *payload)


class Entered(Signed):
    """A figure of an agent and a period that a person enters, because no call shows it.

    ``since`` and ``until`` are the first and the last day of the period; ``level`` is a word of
    the criteria set's scale, where one was given.
    """

    agent_id: Filled
    criteria: str
    criterion: str
    since: date
    until: date
    value: Filled
    level: str = ""

    @model_validator(mode="after")
    def _identified(self) -> Self:
        if self.until < self.since:
            raise ValueError("the period ends before it begins")
        period = (self.since.isoformat(), self.until.isoformat())
        return self._named(self.agent_id, self.criteria, self.criterion, *period, self.value,
                           self.level)  # fmt: skip


class CallRecord(Record):
    """The whole of one call: what came in, what was said, found, and proposed."""

    schema_version: str = SCHEMA_VERSION
    call_id: str
    metadata: Metadata = Metadata()
    recordings: tuple[Recording, ...] = ()
    duration_s: float | None = None
    kind: Kind = "unknown"
    completeness: tuple[str, ...] = ()  # "starts_mid_speech", "ends_mid_speech", "gap", …
    quality: tuple[Flag, ...] = ()  # what the sound limits, and how
    participants: tuple[Participant, ...] = ()
    transcript: Transcript = Transcript(turns=())
    prosody: tuple[TurnProsody, ...] = ()
    tracks: tuple[ProsodyTrack, ...] = ()
    detections: tuple[Detection, ...] = ()
    measures: dict[str, Measure] = Field(default_factory=dict)
    results: tuple[CriterionResult, ...] = ()
    totals: tuple[GroupTotal, ...] = ()
    flags: tuple[Flag, ...] = ()
    corrections: tuple[Correction, ...] = ()  # those laid over what was heard
    judgements: tuple[Judgement, ...] = ()  # added when a record is read; not of an analysis
    fingerprint: Fingerprint = Fingerprint(callqa="")

    @property
    def has_sound(self) -> bool:
        """Whether the call came as sound, not only as words."""
        return bool(self.recordings)

    def participant(self, id: str) -> Participant:
        """The participant of that id."""
        return next(p for p in self.participants if p.id == id)

    def role_of(self, turn: Turn) -> Role:
        """The role of a turn's speaker."""
        return self.participant(turn.participant).role


class Heard(Record):
    """One recording listened to: who said what and how, already free of tier-1 secrets."""

    recording: Recording | None  # None for a transcript made elsewhere
    transcript: Transcript
    participants: tuple[Participant, ...]
    prosody: tuple[TurnProsody, ...] = ()
    tracks: tuple[ProsodyTrack, ...] = ()
    kind: Kind = "unknown"
    completeness: tuple[str, ...] = ()
    quality: tuple[Flag, ...] = ()
    models: dict[str, str] = Field(default_factory=dict)
