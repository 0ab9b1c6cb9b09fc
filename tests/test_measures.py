"""Measures of small hand-drawn calls."""

from callqa.measures import MEASURES, measure
from callqa.records import Detection, Measure, Participant, Role, Span, Turn
from callqa.transcripts import split_words

AGENT = Participant(id="p1", role="agent")
CUSTOMER = Participant(id="p2", role="customer")


def turn(index: int, who: Participant, text: str, start_s: float, end_s: float) -> Turn:
    words = split_words(index, text)
    return Turn(
        index=index, participant=who.id, text=text, words=words, start_s=start_s, end_s=end_s
    )


def found(label: str, start_s: float, end_s: float, role: Role = "agent") -> Detection:
    return Detection(
        id=f"{label}{start_s}", label=label, participant="p1", role=role, turn=0, start_s=start_s,
        end_s=end_s, confidence=0.9, why="", rule="test",
    )  # fmt: skip


def measured(
    turns: list[Turn], duration_s: float | None, *detections: Detection
) -> dict[str, Measure]:
    speech: dict[str, list[Span]] = {}
    for t in turns:
        if t.start_s is not None and t.end_s is not None:
            span = Span(start_s=t.start_s, end_s=t.end_s)
            speech.setdefault(t.participant, []).append(span)
    return measure(turns, [AGENT, CUSTOMER], detections, speech=speech, duration_s=duration_s)


CALL = [
    turn(0, AGENT, "hello how can i help", 1.0, 3.0),
    turn(1, CUSTOMER, "my order is um late", 4.0, 10.0),
    turn(2, AGENT, "um let me check that for you", 9.0, 13.0),
    turn(3, AGENT, "thanks for holding it is on its way", 33.0, 36.0),
]


def test_shares_and_overlap() -> None:
    m = measured(CALL, 40.0)
    assert m["talk_share_agent"].value == 0.6  # 9 s of 15 s
    assert m["talk_share_customer"].value == 0.4
    assert m["overlap_share"].value == 0.025  # one second of forty
    assert m["first_agent_speech_s"].value == 1.0
    assert m["filler_rate_agent"].count == 20
    assert m["filler_rate_agent"].value == 5.0


def test_an_announced_silence_is_a_hold() -> None:
    m = measured(CALL, 40.0, found("handling.hold_requested", 10.0, 12.0))
    assert m["silence_longest_s"].value == 20.0
    assert m["hold_longest_s"].value == 20.0
    assert m["hold_count"].value == 1
    assert m["unexplained_silence_longest_s"].value == 0.0


def test_a_silence_the_detector_could_not_account_for() -> None:
    m = measured(CALL, 40.0, found("handling.unexplained_silence", 13.0, 33.0))
    assert m["unexplained_silence_longest_s"].value == 20.0
    assert m["hold_total_s"].value == 0.0


def test_without_sound_only_what_is_counted() -> None:
    m = measured(CALL, None, found("question.asked", 1.0, 2.0))
    assert set(m) == {"questions_agent", "turns_agent", "filler_rate_agent"}
    assert m["questions_agent"].value == 1


def test_nothing_said_gives_no_shares() -> None:
    assert "talk_share_agent" not in measured([], 10.0)


def test_every_measure_is_defined() -> None:
    assert set(measured(CALL, 40.0)) <= set(MEASURES)


def test_every_silence_is_added_up_and_a_wait_is_heard_unannounced() -> None:
    m = measured(CALL, 60.0)  # 1 s before, 20 s within, 24 s after
    assert m["silence_total_s"].value == 44.0
    assert m["silence_count"].value == 2
    assert (m["hold_heard_count"].value, m["hold_heard_total_s"].value) == (1, 20.0)
    assert m["hold_total_s"].value == 0.0


def test_the_floor_changes_so_often_a_minute() -> None:
    m = measured(CALL, 40.0)  # agent, customer, agent, agent
    assert m["interactivity_per_min"].value == 3.0
    assert m["interactivity_per_min"].unit == "per minute"
    assert m["longest_monologue_customer_s"].value == 6.0


def test_patience_is_of_turns_that_were_heard_out() -> None:
    turns = []
    for i, wait in enumerate((1.0, 2.0, 3.0, -1.0)):
        turns.append(turn(2 * i, CUSTOMER, "and then it broke", 10 * i, 10 * i + 4))
        turns.append(turn(2 * i + 1, AGENT, "i see", 10 * i + 4 + wait, 10 * i + 8))
    m = measured(turns, 40.0)
    assert (m["patience_mean_s"].value, m["patience_mean_s"].count) == (2.0, 3)
    assert m["response_latency_median_s"].value == 1.5
    assert "patience_mean_s" not in measured(turns[:4], 20.0)
