"""What one call adds to the figures of its day, and what keeps it out of them."""

import pytest

from callqa.evidence.tallies import COUNTED, STALE, Mark, sort_of, tallies
from callqa.records import CallRecord, CriterionResult, Judgement, Metadata, Participant, Transcript
from tests.builders import agent, call, customer


def result(criterion: str, status: str, participant: str = "agent") -> CriterionResult:
    return CriterionResult.model_validate(
        {"id": f"{participant}-{criterion}", "criteria": "sqa", "criteria_hash": "h",
         "criterion": criterion, "group": "1", "title": "t", "criterion_class": "audio",
         "participant": participant, "status": status, "why": "because"}
    )  # fmt: skip


def kettle(**given: object) -> CallRecord:
    base = call(
        agent("Good morning."),
        customer("My kettle is broken again.", "complaint.stated"),
        metadata={"agent_id": "A7", "team": "north", "started_at": "2025-03-04T23:30:00+01:00"},
        kind="conversation",
        results=(result("1a", "evidenced"), result("1b", "not_applicable")),
    )
    return base.model_copy(update=given)


def judged(record: CallRecord, level: str, at: str, by: str = "M. Okafor") -> Judgement:
    r = record.results[0]
    return Judgement(
        call_id=record.call_id, by=by, reason="heard it", at=at, result_id=r.id,
        result_hash=r.content_hash, proposed=r.status, criteria=r.criteria,
        criterion=r.criterion, participant=r.participant, level=level,
    )  # fmt: skip


def test_a_conversation_counts_for_its_agent_team_and_day() -> None:
    (one,) = tallies(kettle())
    assert (one.agent, one.team, one.day, one.sort) == ("A7", "north", "2025-03-04", COUNTED)
    assert (one.situation, one.length_ms) == ("complaint", 10_000)
    assert one.marks == (
        Mark("sqa", "1a", "evidenced", ""),
        Mark("sqa", "1b", "not_applicable", ""),
    )


def test_the_latest_word_of_a_person_stands_beside_the_proposal() -> None:
    record = kettle()
    said = [judged(record, "partly", "2025-03-06", "Ada"), judged(record, "achieved", "2025-03-05")]
    assert tallies(record, said)[0].marks[0] == Mark("sqa", "1a", "evidenced", "partly")


def test_what_was_judged_before_it_changed_is_stale() -> None:
    before = judged(kettle(), "partly", "2025-03-05")
    now = kettle(results=(result("1a", "contradicted"),))
    assert tallies(now, [before])[0].marks == (Mark("sqa", "1a", "contradicted", STALE),)


def test_a_judgement_of_what_is_no_longer_scored_adds_nothing() -> None:
    before = judged(kettle(), "partly", "2025-03-05")
    now = kettle(results=(result("9z", "evidenced"),))
    assert tallies(now, [before])[0].marks == (Mark("sqa", "9z", "evidenced", ""),)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"kind": "voicemail"}, "voicemail"),
        ({"kind": "no_speech"}, "no_speech"),
        ({"kind": "unknown"}, COUNTED),
        ({"completeness": ("starts_mid_speech",)}, "fragment"),
        ({"kind": "voicemail", "completeness": ("gap",)}, "voicemail"),
        ({"transcript": Transcript(turns=(), language="de")}, "other_language"),
        ({"transcript": Transcript(turns=(), language="en-GB")}, COUNTED),
    ],
)
def test_what_is_not_a_whole_english_conversation_stays_out(given, why) -> None:
    record = kettle(**given)
    assert sort_of(record) == why
    (one,) = tallies(record)
    assert (one.agent, one.sort, bool(one.marks)) == ("A7", why, why == COUNTED)


def test_two_agents_each_have_their_own_part() -> None:
    second = Participant(id="second", role="second_agent", agent_id="B2")
    record = kettle(
        participants=(*kettle().participants, second),
        results=(result("1a", "evidenced"), result("1a", "contradicted", "second")),
    )
    first, other = tallies(record)
    assert (first.agent, first.role, first.marks[0].proposed) == ("A7", "agent", "evidenced")
    assert (other.agent, other.role, other.marks[0].proposed) == (
        "B2", "second_agent", "contradicted",
    )  # fmt: skip


def test_a_second_agent_without_an_id_is_not_taken_for_the_first() -> None:
    second = Participant(id="second", role="second_agent")
    record = kettle(
        participants=(*kettle().participants, second),
        results=(result("1a", "evidenced"), result("1a", "contradicted", "second")),
    )
    assert [t.agent for t in tallies(record)] == ["A7", ""]


@pytest.mark.parametrize("started_at", [None, "last week"])
def test_a_day_that_is_not_known_is_not_guessed(started_at) -> None:
    assert tallies(kettle(metadata=Metadata(started_at=started_at)))[0].day == ""


def test_without_sound_there_is_no_length() -> None:
    assert tallies(kettle(duration_s=None))[0].length_ms is None
