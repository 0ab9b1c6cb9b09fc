"""A call as it is written down: who says what, when, how, and what a listener should find."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
TIMING = HERE / "timing"

Layout = Literal["stereo", "stereo_swapped", "mono", "dual_mono"]
Container = Literal["flac", "ulaw.wav", "ogg", "mp3", "m4a"]
SpeakingRole = Literal["agent", "second_agent", "customer"]
Style = Literal["neutral", "calm", "raised", "subdued", "strained"]
CriteriaSet = Literal["sqa", "nocn"]
Status = Literal[
    "evidenced", "partly", "contradicted", "not_evidenced", "not_applicable", "not_assessable"
]
# What no recording can show, whatever is said in it: kept files, and knowledge of why.
NEVER_HEARD: dict[CriteriaSet, tuple[str, ...]] = {
    "sqa": ("4e",),
    "nocn": ("7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7"),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Part):
    """One thing that happens: speech, or (role ``system``) hold music or silence.

    ``pause_s`` is counted from the end of everything before it; a negative one overlaps.
    ``expect`` holds the labels that a careful listener gives to this turn.
    """

    role: SpeakingRole | Literal["system"]
    text: str = ""
    pause_s: float = 0.4
    style: Style = "neutral"
    rate: float = Field(default=1.0, ge=0.6, le=1.5)
    silence_s: float = Field(default=0.0, ge=0.0)
    hold_music_s: float = Field(default=0.0, ge=0.0)
    expect: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["speech", "silence", "hold_music"]:
        if self.role != "system":
            return "speech"
        return "hold_music" if self.hold_music_s else "silence"

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if self.role == "system":
            if bool(self.silence_s) == bool(self.hold_music_s) or self.text:
                raise ValueError("a system turn has silence_s or hold_music_s, and no text")
        elif not self.text or self.silence_s or self.hold_music_s:
            raise ValueError("a spoken turn has a text, and no silence_s or hold_music_s")
        return self


class Measure(_Part):
    """A bound that a measure of the call must keep. Seconds unless the name says otherwise."""

    at_least: float | None = None
    at_most: float | None = None


class Expect(_Part):
    """What must be found in the whole call, what must not, and what an assessor would say.

    A criterion that a careful human would hesitate over is left out, not guessed.
    """

    labels: tuple[str, ...] = ()  # found at least once
    absent: tuple[str, ...] = ()  # would be a false claim if found
    measures: dict[str, Measure] = Field(default_factory=dict)
    criteria: dict[CriteriaSet, dict[Status, tuple[str, ...]]] = Field(default_factory=dict)

    def statuses(self, criteria: CriteriaSet) -> dict[str, Status]:
        """Criterion → what an assessor would say, with what no recording can show."""
        said: dict[str, Status] = dict.fromkeys(NEVER_HEARD[criteria], "not_assessable")
        for status, ids in self.criteria.get(criteria, {}).items():
            said.update(dict.fromkeys(ids, status))
        return said


class Script(_Part):
    """A whole call: its people, its sound, its turns and what it must yield."""

    title: str
    description: str
    layout: Layout
    container: Container
    organisation: str
    agent: str
    seed: int
    voices: dict[SpeakingRole, str]
    levels_db: dict[SpeakingRole, float] = Field(default_factory=dict)  # dBFS while speaking
    bit_rate: int = 32_000  # for ogg, mp3 and m4a
    ends_s: float = 1.2  # line noise after the last turn
    turn: tuple[Turn, ...]
    expect: Expect

    @property
    def channels(self) -> int:
        return 1 if self.layout == "mono" else 2


def names() -> list[str]:
    """The names of all calls, in order."""
    return sorted(path.stem for path in SCRIPTS.glob("*.toml"))


def load(name: str) -> Script:
    """The script of one call; pydantic's ValidationError names what is wrong with it."""
    path = SCRIPTS / f"{name}.toml"
    return Script(**tomllib.loads(path.read_text(encoding="utf-8")))


def audio_path(name: str, script: Script) -> Path:
    """Where the sound of a call lies."""
    return HERE / f"{name}.{script.container}"
