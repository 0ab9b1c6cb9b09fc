"""The customer's voice over time: drawn beside a sign, with onset, peak and recovery."""

from __future__ import annotations

from base64 import b64encode

import pytest

from callqa.detect.arousal import LEVEL_DB, PITCH_ST, TILT_DB
from callqa.records import CallRecord, Detection, ProsodyTrack
from callqa.report.timeline import timeline
from callqa.report.voice import Voice, curve, voice
from tests.report.records import record

STEP_S = 0.25


def a_track(who: str, level_db: list[float | None]) -> ProsodyTrack:
    """Pitch and tilt as usual, level as given, a step each; None is a pause."""
    none, steps = ProsodyTrack.NONE, len(level_db)
    rows = {
        "pitch_st": [none if v is None else 0 for v in level_db],
        "level_db": [none if v is None else round(v / 0.5) for v in level_db],
        "tilt_db": [none if v is None else 0 for v in level_db],
        "voiced": [0 if v is None else 80 for v in level_db],
    }
    every = [rows.get(name, [none] * steps) for name in ProsodyTrack.SCALES]
    values = bytes(v % 256 for row in every for v in row)
    return ProsodyTrack(participant=who, step_s=STEP_S, values=b64encode(values).decode())


CALM_THEN_LOUD: list[float | None] = [0.0] * 240 + [None] * 40 + [24.0] * 80 + [0.0] * 120
SIGN = {"onset_s": 70.0, "peak_s": 80.5, "recovery_s": 92.0}


def a_call(*, found: bool = True, who: str = "customer") -> CallRecord:
    sign = Detection(
        id="r", label="emotion.raised", participant="customer", role="customer", turn=3,
        start_s=70.0, end_s=90.0, confidence=0.7, why="", rule="emotion/raised", attributes=SIGN,
    )  # fmt: skip
    track = a_track(who, CALM_THEN_LOUD)
    return CallRecord(call_id="a", tracks=(track,), detections=(sign,) if found else ())


def drawn(call: CallRecord) -> Voice | None:
    return voice(call, lambda second: 10 * second, 100.0)


def test_a_track_gives_back_what_was_put_in() -> None:
    track = a_track("a", [0.0, None, -12.5, 6.0])
    assert track.row("level_db") == [0.0, None, -12.5, 6.0]
    assert track.row("voiced") == [0.8, 0.0, 0.8, 0.8]
    assert track.row("words_per_minute") == [None] * 4


def test_the_curve_is_the_sum_that_the_sign_rests_on() -> None:
    assert PITCH_ST > 0
    assert TILT_DB > 0
    at = dict(curve(a_track("customer", CALM_THEN_LOUD)))
    assert at[30.125] == 0
    assert at[80.125] == pytest.approx(24 / LEVEL_DB)
    assert not any(60 < second < 70 for second in at)  # nothing is made up for a pause


def test_onset_peak_and_recovery_stand_at_their_seconds() -> None:
    found = drawn(a_call())
    assert found
    assert [(m.name, m.x) for m in found.moments] == [
        ("onset", 700.0), ("peak", 805.0), ("recovery", 920.0),
    ]  # fmt: skip
    assert found.moments[1].title == "Peak of a raised voice, 1:20"
    assert found.y < found.usual_y < found.y + found.height


def test_the_line_breaks_where_there_is_no_voice_and_stays_in_the_picture() -> None:
    found = drawn(a_call())
    assert found
    assert len(found.lines) == 2
    heights = [float(p.split(",")[1]) for line in found.lines for p in line.split()]
    assert min(heights) >= found.y
    assert max(heights) <= found.y + found.height
    assert min(heights) < found.usual_y - 20


def test_without_a_sign_or_a_track_of_the_same_voice_nothing_is_drawn() -> None:
    assert drawn(a_call(found=False)) is None
    assert drawn(a_call(who="agent")) is None


def test_the_rows_below_make_room() -> None:
    plain = timeline(record())
    track = a_track("customer", CALM_THEN_LOUD)
    with_voice = timeline(record().model_copy(update={"tracks": (track,)}))
    assert plain
    assert with_voice
    assert plain.voice is None
    assert with_voice.voice
    assert with_voice.rows[0].y >= with_voice.voice.y + with_voice.voice.height
    assert with_voice.height > plain.height
