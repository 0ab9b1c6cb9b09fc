from __future__ import annotations

import pytest

from callqa.records import CallRecord
from callqa.report.timeline import GUTTER, RIGHT, WIDTH, Timeline, timeline
from tests.report.records import peaks, record


@pytest.fixture(scope="module")
def picture() -> Timeline:
    drawn = timeline(record(), peaks())
    assert drawn
    return drawn


def test_a_lane_a_side_in_the_order_agent_customer(picture: Timeline) -> None:
    assert [lane.role for lane in picture.lanes] == ["agent", "customer"]


def test_seconds_are_drawn_to_scale(picture: Timeline) -> None:
    half = GUTTER + (WIDTH - GUTTER - RIGHT) / 2
    tick = next(t for t in picture.ticks if t.text == "1:00")
    assert tick.x == pytest.approx(half, abs=0.1)
    first = picture.lanes[0].boxes[0]
    assert first.x == pytest.approx(GUTTER + (WIDTH - GUTTER - RIGHT) * 1.2 / 120, abs=0.1)
    assert first.turn == 0


def test_the_long_silence_and_the_overlap_are_seen(picture: Timeline) -> None:
    assert [s.text for s in picture.silences if s.text] == ["24 s"]
    assert [o.title for o in picture.overlaps] == [
        "Both speak for 0.4 s at 0:29; the agent came in"
    ]


def test_marks_stand_in_the_row_of_their_family(picture: Timeline) -> None:
    rows = {row.family: row for row in picture.rows}
    assert len(rows["opening"].marks) == 4
    assert "Voice raised" in rows["emotion"].marks[0].title


def test_nothing_is_drawn_outside(picture: Timeline) -> None:
    boxes = [b for lane in picture.lanes for b in lane.boxes]
    boxes += [m for row in picture.rows for m in row.marks]
    assert all(b.x >= GUTTER and b.x + b.width <= WIDTH for b in boxes)


def test_a_shared_channel_has_one_curve() -> None:
    drawn = timeline(record(), {"": [0.5] * 100})
    assert drawn
    assert drawn.wave
    assert not any(lane.wave for lane in drawn.lanes)


def test_without_times_there_is_no_picture() -> None:
    assert timeline(CallRecord(call_id="empty")) is None
