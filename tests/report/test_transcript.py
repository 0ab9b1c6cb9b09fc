from __future__ import annotations

from callqa.records import Detection
from callqa.report.transcript import conversation, cut
from tests.report.records import record


def found(label: str, start: int | None, end: int | None, id: str = "d") -> Detection:
    return Detection(
        id=id, label=label, participant="a", role="agent", turn=0, start_char=start,
        end_char=end, confidence=1.0, why="", rule="",
    )  # fmt: skip


def test_plain_words_are_one_piece() -> None:
    assert [p.text for p in cut("no more", [])] == ["no more"]


def test_overlapping_detections_share_the_piece_in_common() -> None:
    pieces = cut("So you mean June?", [found("a.x", 0, 11, "x"), found("b.y", 3, 17, "y")])
    assert [(p.text, p.ids) for p in pieces] == [("So ", "x"), ("you mean", "x y"), (" June?", "y")]


def test_pieces_make_the_whole_text_again() -> None:
    text = "héllo 🙂 wörld"
    pieces = cut(text, [found("a.x", 6, 7), found("b.y", 0, 99)])
    assert "".join(p.text for p in pieces) == text


def test_a_sign_in_the_voice_marks_no_words() -> None:
    pieces = cut("oh no", [found("emotion.raised", 0, 5)])
    assert not pieces[0].detections


def test_an_empty_turn_has_no_pieces() -> None:
    assert cut("", []) == ()


def test_a_long_silence_stands_before_the_turn_that_ends_it_with_what_was_found() -> None:
    said = conversation(record())
    assert [round(s.silence_s or 0) for s in said if s.silence_s] == [24]
    assert [d.label for d in said[10].between] == ["handling.unexplained_silence"]
    assert not said[9].between
