"""The recording's profile: every property has a value and an effect."""

from __future__ import annotations

from callqa.records import CallRecord, Flag, Recording
from callqa.report.sound import limits, profile
from tests.report.records import record

FINE = Recording(
    sha256="0", name="a.wav", container="wav", codec="pcm_mulaw", sample_rate_hz=8000, channels=2,
    duration_s=60.0, layout="stereo", telephone_band=True, speech_share=0.6, level_gap_db=-2.0,
    clipped_share=0.0, noise_db=31.0, music_share=0.0,
)  # fmt: skip


def a_call(*quality: Flag, recording: Recording = FINE, **about: object) -> CallRecord:
    return CallRecord.model_validate(
        {"call_id": "a", "recordings": (recording,), "kind": "conversation", "quality": quality}
        | about
    )


def test_every_property_is_told_with_its_effect() -> None:
    told = profile(a_call())
    assert [line.name for line in told] == [
        "File", "Band", "Sides", "Level", "Clipping", "Noise", "Speech", "Music or tones",
        "Language", "Words", "Kind", "Whole",
    ]  # fmt: skip
    assert all(line.value and line.effect.endswith(".") and not line.limited for line in told)
    values = {line.name: line.value for line in told}
    assert values["File"] == "wav, pcm_mulaw, 8 kHz, 2 channels"
    assert values["Noise"] == "31 dB below speech"


def test_a_flag_stands_in_its_line_as_the_effect() -> None:
    noisy = Flag(code="noisy", why="Words may be missed.", weight=1.5)
    line = next(x for x in profile(a_call(noisy)) if x.name == "Noise")
    assert (line.effect, line.limited) == ("Words may be missed.", True)


def test_kind_and_completeness_have_their_effect() -> None:
    told = profile(a_call(kind="voicemail", completeness=("starts_mid_speech", "gap")))
    effects = {line.name: line.effect for line in told if line.limited}
    assert set(effects) == {"Kind", "Whole"}
    assert "no criterion is assessed" in effects["Kind"]
    assert "opening cannot be judged" in effects["Whole"]


def test_what_was_dropped_is_counted() -> None:
    words = next(x for x in profile(record()) if x.name == "Words")
    assert words.value.endswith("3 dropped")


def test_what_only_informs_is_no_limit() -> None:
    band = Flag(code="telephone_band", why="Names are misheard sooner.", weight=0.1)
    clipped = Flag(code="clipped", why="Words may be misheard.", weight=1.5)
    call = a_call(band, clipped, completeness=("ends_mid_speech",))
    assert limits(call)[1:] == ["Words may be misheard."]
    assert "closing cannot be judged" in limits(call)[0]


def test_a_transcript_has_no_sound_to_tell_of() -> None:
    assert profile(CallRecord(call_id="words")) == []
