"""Shares with intervals over agents, teams and periods; nothing where calls are few."""

from datetime import date

import polars as pl
import pytest

from callqa.evidence.aggregates import Days, case_mix, rates
from callqa.evidence.figures import share
from callqa.records import STATUSES

MONDAY = date(2025, 3, 3)
WORDS = dict.fromkeys(("agent", "team"), pl.String) | {"day": pl.Date}
CASE = WORDS | dict.fromkeys(("sort", "situation"), pl.String) | dict.fromkeys(
    ("calls", "timed", "length_ms"), pl.Int64
)  # fmt: skip
MARK = WORDS | dict.fromkeys(("criteria", "criterion", "decided"), pl.String) | dict.fromkeys(
    STATUSES, pl.Int64
)  # fmt: skip


def days(marks=(), calls=(), meanings=()):
    return Days(
        pl.DataFrame(calls, schema=CASE, orient="row"),
        pl.DataFrame(marks, schema=MARK, orient="row"),
        meanings=dict(meanings),
    )


def mark(proposed, results, *, decided="", agent="A7", team="north", day=MONDAY, criterion="1a"):
    counts = [results if s == proposed else 0 for s in STATUSES]
    return (agent, team, day, "sqa", criterion, decided, *counts)


def case(calls, *, sort="counted", situation="", agent="A7", day=MONDAY, timed=None, ms=0):
    return (agent, "north", day, sort, situation, calls, calls if timed is None else timed, ms)


def one(frame):
    assert frame.height == 1
    return frame.to_dicts()[0]


def test_a_rate_is_evidenced_of_assessed_with_its_interval():
    found = one(
        rates(days([mark("evidenced", 7), mark("partly", 3), mark("contradicted", 1),
                    mark("not_evidenced", 1), mark("not_applicable", 40),
                    mark("not_assessable", 9)]))
    )  # fmt: skip
    wanted = share(7, 12)
    assert (found["evidenced"], found["assessed"], found["not_applicable"]) == (7, 12, 40)
    assert (found["rate"], found["low"], found["high"]) == (wanted.value, wanted.low, wanted.high)


def test_too_few_give_counts_and_no_rate():
    found = one(rates(days([mark("evidenced", 9)])))
    assert (found["evidenced"], found["assessed"]) == (9, 9)
    assert found["rate"] is found["low"] is found["high"] is None


def test_many_that_were_not_assessed_make_no_rate():
    found = one(rates(days([mark("evidenced", 9), mark("not_assessable", 500)])))
    assert found["rate"] is None


@pytest.mark.parametrize(
    ("period", "firsts"),
    [
        ("day", [date(2025, 3, 3), date(2025, 3, 9), date(2025, 3, 10)]),
        ("week", [date(2025, 3, 3), date(2025, 3, 10)]),
        ("month", [date(2025, 3, 1)]),
    ],
)
def test_periods_begin_on_their_first_day(period, firsts):
    at = [date(2025, 3, 3), date(2025, 3, 9), date(2025, 3, 10)]
    found = rates(days([mark("evidenced", 1, day=d) for d in at]), period=period)
    assert found["period"].to_list() == firsts
    assert found["evidenced"].sum() == 3


def test_an_unknown_day_is_a_period_of_its_own_and_counts_in_all():
    some = days([mark("evidenced", 4), mark("evidenced", 6, day=None)])
    assert rates(some, period="month")["period"].to_list() == [None, date(2025, 3, 1)]
    assert one(rates(some))["assessed"] == 10


def test_agents_and_teams_stand_in_order_of_their_ids_whatever_their_rates():
    some = days([
        mark("not_evidenced", 20), mark("evidenced", 20, agent="B2"),
        mark("partly", 20, agent="C1", team="east"),
    ])  # fmt: skip
    assert rates(some, by=["agent"])["agent"].to_list() == ["A7", "B2", "C1"]
    by_team = rates(some, by=["team"])
    assert by_team["team"].to_list() == ["east", "north"]
    assert by_team["rate"].to_list() == [0.0, 0.5]


def test_a_persons_decision_stands_and_the_proposal_can_still_be_asked_for():
    some = days([mark("contradicted", 3, decided="evidenced"), mark("evidenced", 9)])
    stands, proposed = one(rates(some)), one(rates(some, voice="proposed"))
    assert (stands["evidenced"], stands["contradicted"], stands["decided"]) == (12, 0, 3)
    assert (proposed["evidenced"], proposed["contradicted"], proposed["decided"]) == (9, 3, 3)


def test_a_stale_decision_is_counted_and_does_not_stand():
    found = one(rates(days([mark("contradicted", 3, decided="stale")])))
    assert (found["contradicted"], found["stale"], found["decided"]) == (3, 3, 0)


def test_a_level_of_a_scale_is_read_as_the_catalogue_says():
    some = [mark("not_assessable", 2, decided="S"), mark("not_assessable", 1, decided="L")]
    meanings = {("sqa", "S"): "evidenced", ("sqa", "L"): "not_evidenced",
                ("other", "L"): "evidenced"}  # fmt: skip
    found = one(rates(days(some, meanings=meanings)))
    assert (found["evidenced"], found["not_evidenced"], found["assessed"]) == (2, 1, 3)


def test_a_level_that_nobody_knows_leaves_the_proposal():
    found = one(rates(days([mark("partly", 2, decided="splendid")])))
    assert (found["partly"], found["decided"]) == (2, 2)


def test_the_case_mix_counts_what_figures_rest_on_and_what_was_left_out():
    some = days(calls=[
        case(12, situation="complaint", ms=12 * 300_000), case(8, situation="billing", ms=960_000),
        case(4, timed=0), case(3, sort="voicemail", ms=9_000_000), case(2, sort="fragment"),
    ])  # fmt: skip
    mix = one(case_mix(some))
    wanted = share(12, 24)
    assert (mix["conversations"], mix["complaint"], mix["billing"], mix["untold"]) == (24, 12, 8, 4)
    assert (mix["left_out"], mix["voicemail"], mix["fragment"], mix["abandoned"]) == (5, 3, 2, 0)
    assert (mix["complaint_share"], mix["low"], mix["high"]) == (0.5, wanted.low, wanted.high)
    assert mix["mean_length_s"] == pytest.approx((12 * 300 + 960) / 20)


def test_few_calls_have_neither_share_nor_mean():
    mix = one(case_mix(days(calls=[case(9, situation="complaint", ms=90_000)])))
    assert (mix["conversations"], mix["complaint_share"], mix["mean_length_s"]) == (9, None, None)


def test_the_case_mix_stands_by_agent_and_month():
    some = days(calls=[case(10, ms=10_000), case(2, agent="B2", day=date(2025, 4, 1))])
    found = case_mix(some, by=["agent"], period="month").select("agent", "period", "conversations")
    assert found.rows() == [("A7", date(2025, 3, 1), 10), ("B2", date(2025, 4, 1), 2)]


def test_no_calls_make_an_empty_table():
    empty = days().of("A7")
    assert rates(empty, by=["agent"], period="month").height == 0
    assert case_mix(empty, by=["agent"]).height == 0
