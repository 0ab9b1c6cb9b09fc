"""Pairs of levels: the latest words, in one vocabulary, and only where something was proposed."""

import pytest

from callqa.evidence.agreement import Pair
from callqa.evidence.pairs import among_people, beside_machine
from callqa.records import Judgement

ENOUGH = {"sqa": frozenset({"achieved"})}
MARCH, APRIL = "2025-03-04T10:00:00+00:00", "2025-04-01T10:00:00+00:00"


def said(by, level, *, call="c1", criterion="1a", proposed="evidenced", at=MARCH, **more):
    return Judgement(
        call_id=call, by=by, reason="heard it", at=at, result_id="r", result_hash="h",
        proposed=proposed, criteria="sqa", criterion=criterion, participant="p1", level=level,
        **more,
    )  # fmt: skip


def levels(pairs):
    return [(p.criterion, p.first, p.second) for p in pairs]


def test_a_person_stands_beside_what_was_proposed_when_they_judged():
    found = beside_machine([said("Ada", "partly"), said("Ben", "evidenced", at=APRIL)], ENOUGH)
    assert found == [
        Pair("sqa 1a", "partly", "evidenced", MARCH),
        Pair("sqa 1a", "evidenced", "evidenced", APRIL),
    ]


def test_only_a_persons_latest_word_counts():
    found = beside_machine(
        [said("Ada", "evidenced", at=APRIL), said("Ada", "partly", at=MARCH)], ENOUGH
    )
    assert levels(found) == [("sqa 1a", "evidenced", "evidenced")]


def test_where_nothing_was_proposed_there_is_nothing_to_agree_with():
    assert beside_machine([said("Ada", "evidenced", proposed="not_assessable")], ENOUGH) == []


@pytest.mark.parametrize(
    ("level", "proposed", "pair"),
    [
        ("achieved", "evidenced", ("shown", "shown")),
        ("achieved", "partly", ("shown", "not shown")),
        ("not yet achieved", "contradicted", ("not shown", "not shown")),
        ("not_applicable", "not_applicable", ("not_applicable", "not_applicable")),
    ],
)
def test_words_of_a_scale_meet_statuses_as_shown_or_not(level, proposed, pair):
    scale = said("Zoe", "achieved", call="c9", proposed="evidenced")
    found = beside_machine([said("Ada", level, proposed=proposed), scale], ENOUGH)
    assert (found[0].first, found[0].second) == pair


def test_a_scale_in_one_criterion_leaves_statuses_in_another():
    found = beside_machine([said("Ada", "achieved"), said("Ada", "partly", criterion="1b")], ENOUGH)
    assert levels(found) == [("sqa 1a", "shown", "shown"), ("sqa 1b", "partly", "evidenced")]


def test_every_two_people_on_one_result_make_a_pair_in_the_order_of_their_names():
    three = [said("Cal", "partly"), said("Ada", "evidenced"), said("Ben", "evidenced")]
    elsewhere = said("Dee", "partly", call="c2")
    assert levels(among_people([*three, elsewhere], ENOUGH)) == [
        ("sqa 1a", "evidenced", "evidenced"),
        ("sqa 1a", "evidenced", "partly"),
        ("sqa 1a", "evidenced", "partly"),
    ]


def test_one_person_twice_is_no_pair():
    assert among_people([said("Ada", "partly"), said("Ada", "evidenced", at=APRIL)], ENOUGH) == []


def test_people_who_both_use_the_scale_are_compared_in_its_words():
    found = among_people([said("Ada", "achieved"), said("Ben", "not yet achieved")], ENOUGH)
    assert levels(found) == [("sqa 1a", "achieved", "not yet achieved")]
