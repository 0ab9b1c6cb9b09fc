"""What a labelled turn and its detections come down to."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.understanding import questions
from benchmarks.understanding.transcripts import Line, Read, Transcript, load, verdicts, vocabulary
from benchmarks.understanding.verdicts import Verdict, near_misses, tabulate, write_confusions
from callqa.records import Detection, Role

HOLD, CALL_BACK = "handling.hold_requested", "telephony.call_back"


def line(role: Role, text: str, labels: str = "", near: str = "", undecided: str = "") -> Line:
    return Line(role, text, *(frozenset(x.split()) for x in (labels, near, undecided)))


def found(label: str, *, role: Role = "agent", confidence: float = 0.9) -> Detection:
    return Detection(
        id=label, label=label, participant=role, role=role, turn=0, quote="words", why="because",
        rule="a rule", confidence=confidence,
    )  # fmt: skip


def judged(*turns: tuple[Line, tuple[Detection, ...]]) -> list[Verdict]:
    call = Transcript("001", False, tuple(line for line, _ in turns))
    return list(verdicts([Read(call, tuple(d for _, d in turns))]))


def outcomes(all_of_them: list[Verdict]) -> list[tuple[str, str]]:
    return [(v.label, v.outcome) for v in all_of_them]


def test_found_missed_and_taken_wrongly() -> None:
    v = judged(
        (line("agent", "Hold on a moment.", HOLD), (found(HOLD),)),
        (line("agent", "I'll ring you back.", CALL_BACK), ()),
        (line("customer", "Hold the button down?"), (found(HOLD),)),
    )
    assert outcomes(v) == [(HOLD, "tp"), (CALL_BACK, "fn"), (HOLD, "fp")]
    assert [x.source for x in v] == ["invented:001:0", "invented:001:1", "invented:001:2"]
    assert v[1].previous == "Hold on a moment."


def test_near_misses_count_how_many_were_taken_of_how_many() -> None:
    v = judged(
        (line("agent", "Hold the button.", near=HOLD), (found(HOLD),)),
        (line("agent", "It's on hold.", near=HOLD), ()),
        (line("agent", "Call us back.", near=CALL_BACK), ()),
        (line("agent", "Please hold.", HOLD), (found(HOLD),)),
    )
    assert near_misses(v, lambda x: x.label) == {HOLD: (1, 2), CALL_BACK: (0, 1)}
    assert near_misses(v, lambda x: x.family) == {"handling": (1, 2), "telephony": (0, 1)}


def test_a_near_miss_left_alone_is_in_no_count() -> None:
    v = judged((line("agent", "It's on hold.", near=HOLD), ()))
    assert tabulate(v, ["001"], lambda x: x.label) == {}


def test_what_is_undecided_counts_for_neither_side() -> None:
    assert not judged((line("agent", "One moment.", undecided=HOLD), (found(HOLD),)))


def test_labels_that_the_transcripts_do_not_use_are_not_judged() -> None:
    assert "negative.filler" not in vocabulary()
    assert not judged((line("agent", "Um, so."), (found("negative.filler"),)))


def test_a_backchannel_takes_up_what_was_said() -> None:
    (v,) = judged(
        (line("agent", "Mm.", "listening.acknowledgement"), (found("listening.backchannel"),))
    )
    assert (v.label, v.outcome) == ("listening.acknowledgement", "tp")


def test_a_label_found_twice_in_a_turn_counts_once_with_its_surest() -> None:
    (v,) = judged((line("agent", "Hold on, hold on.", HOLD), (found(HOLD), found(HOLD, confidence=0.5))))  # fmt: skip # noqa: E501
    assert v.detection
    assert v.detection.confidence == 0.9


def test_confusions_name_place_label_and_what_fired(tmp_path: Path) -> None:
    v = judged(
        (line("agent", "Please\thold.", HOLD), (found(HOLD),)),
        (line("agent", "Hold\tthe button.", near=HOLD), (found(HOLD),)),
        (line("agent", "Bear with me.", HOLD), ()),
    )
    assert write_confusions(tmp_path / "c.tsv", v) == 2
    head, *rows = (tmp_path / "c.tsv").read_text("utf-8").splitlines()
    first, second = (dict(zip(head.split("\t"), r.split("\t"), strict=True)) for r in rows)
    assert (first["source"], first["turn"], first["outcome"]) == ("invented:001", "2", "fn")
    assert (second["outcome"], second["text"]) == ("fp!", "agent: Hold the button.")
    assert (second["fired"], second["rule"]) == ("words", "a rule")


def test_open_or_closed_is_asked_where_people_say_one_of_them() -> None:
    opened, closed = "question.open", "question.closed"
    v = judged(
        (line("agent", "What happened?", opened), (found(opened),)),
        (line("agent", "How so?", opened), (found(closed),)),
        (line("agent", "Is it on?", closed), ()),
        (line("agent", "Is it? What happened?", f"{opened} {closed}"), (found(opened),)),
        (line("agent", "I see."), (found(closed),)),
    )
    assert questions.open_or_closed(v) == (2, 1, 3)


def test_two_passes_are_compared_where_both_have_an_id() -> None:
    first = {"oasis:1:1": frozenset({"open", "probing"}), "oasis:1:2": frozenset({"closed"})}
    again = {**first, "oasis:1:9": frozenset({"open"})}
    assert questions.agreement(first, again)["open"] == (1.0, 1, 1, 2)


def test_label_files_are_read_and_mistakes_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text("id\tlabels\noasis:1:4\tclosed probing\ninvented:007:2\t\n", "utf-8")
    assert questions.read_labels(path) == {
        "oasis:1:4": frozenset({"closed", "probing"}),
        "invented:007:2": frozenset(),
    }
    path.write_text("oasis:1:4\tclosedd\n", "utf-8")
    with pytest.raises(ValueError, match="line 1"):
        questions.read_labels(path)


def test_every_transcript_reads_and_speaks_of_known_roles() -> None:
    calls = [*load(), *load(final=True)]
    assert len(calls) == len({c.id for c in calls}) == 120
    assert sum(c.recognised for c in calls) == 60
    for call in calls:
        assert call.lines
        for spoken in call.lines:
            assert not spoken.labels & (spoken.near | spoken.undecided), (call.id, spoken.text)
