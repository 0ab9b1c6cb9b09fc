"""What a candidate's contacts suffice for: counted, kept apart, and chosen as few as possible."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callqa.evidence import sufficiency
from callqa.evidence.sufficiency import Contact, Part, Point, smallest, state
from callqa.requirements import Asks
from tests.score.units import unit

A, B, FILE = Point("a", "Ask"), Point("b", "Answer"), Point("f", "File", "a record shows it")


def part(asks=None, points=(A, B), id="1"):
    return Part(id, "Needs", points, asks or Asks(contacts=1))


def contact(id, shows="ab", **given):
    return Contact(id, frozenset(shows), **given)


def lacking(the_part, *contacts, attached=None):
    (found,) = state([the_part], contacts, attached)
    return found.lacking


def test_contacts_show_criteria_together():
    assert lacking(part(), contact("c1", "a"), contact("c2", "b")) == ()
    assert lacking(part(), contact("c1", "a")) == ("no contact shows b",)


def test_or_each_of_them_must():
    each = part(Asks(contacts=2, shown="each"))
    assert lacking(each, contact("c1", "ab"), contact("c2", "a")) == ("1 of 2 contacts",)
    excused = contact("c2", "a", excused=frozenset("b"))
    assert lacking(each, contact("c1", "ab"), excused) == ()


def test_types_of_situation_are_counted_once_and_unknown_ones_not_at_all():
    three = part(Asks(contacts=3, situations=3))
    same = [contact(f"c{i}", situation="billing") for i in range(3)]
    assert lacking(three, *same) == ("1 of 3 types of situation",)
    untold = [contact("c3", situation="fault"), contact("c4")]
    assert lacking(three, *same, *untold) == ("2 of 3 types of situation",)
    assert lacking(three, *same, *untold, contact("c5", situation="order")) == ()


def test_different_customers_and_one_with_particular_needs():
    three = part(Asks(customers=3, particular_needs=1))
    two = [contact("c1", customer="x"), contact("c2", customer="y"), contact("c3", customer="y")]
    assert lacking(three, *two) == (
        "2 of 3 different customers", "0 of 1 customers with particular needs",
    )  # fmt: skip
    unknown = contact("c4", particular_need=True)
    assert lacking(three, *two, unknown) == (
        "2 of 3 different customers", "whose customer 1 of these contacts had is not known",
    )  # fmt: skip
    assert lacking(three, *two, contact("c5", customer="z", particular_need=True)) == ()


def test_only_contacts_of_the_asked_kind_count():
    unhappy = part(Asks(contacts=1, situations_from=("complaint",)))
    assert lacking(unhappy, contact("c1", situation="query")) == (
        "no contact shows a, b", "0 of 1 contacts",
    )  # fmt: skip
    assert lacking(unhappy, contact("c1", situation="complaint")) == ()
    searched = part(Asks(contacts=1, confirms=("b",)))
    assert "0 of 1 contacts" in lacking(searched, contact("c1", "a"))


def test_what_no_call_can_show_is_said_until_people_add_it():
    asks = Asks(contacts=1, records=("witness testimony",))
    the_part = part(asks, points=(A, FILE))
    (found,) = state([the_part], [contact("c1", "a")])
    assert found.lacking == ()
    assert found.people == ("f File: a record shows it", "witness testimony")
    assert not found.suffices
    (found,) = state([the_part], [contact("c1", "a")], {"1": frozenset({"f", "witness testimony"})})
    assert found.suffices


def test_a_call_cannot_show_what_is_beyond_it():
    assert "no contact shows b" in lacking(part(points=(B, FILE)), contact("c1", "f"))


# ---------------------------------------------------------------- choosing


def test_the_smallest_set_that_covers_the_most():
    parts = [part(Asks(contacts=2))]
    contacts = [contact("c1", "a"), contact("c2", "b"), contact("c3", "ab"), contact("c4", "")]
    choice = smallest(parts, contacts)
    assert (choice.calls, choice.method) == (("c1", "c2"), "exact")
    assert (choice.covered, choice.wanted) == (4, 4)


def test_nothing_to_put_forward():
    choice = smallest([part()], [contact("c1", "")])
    assert (choice.calls, choice.covered, choice.wanted) == ((), 0, 3)


contacts = st.lists(
    st.builds(
        lambda shows, situation, customer, need: (shows, situation, customer, need),
        st.sets(st.sampled_from("abc")),
        st.sampled_from([None, "billing", "fault", "complaint"]),
        st.sampled_from([None, "x", "y", "z"]),
        st.booleans(),
    ),
    max_size=7,
)
PARTS = [
    part(Asks(contacts=3, situations=2)),
    part(Asks(customers=2, particular_needs=1), points=(Point("c", "Check"),), id="2"),
    part(Asks(contacts=1, situations_from=("complaint",)), points=(A,), id="3"),
]


@given(contacts)
@settings(deadline=None)
def test_greedy_covers_what_exact_covers_and_exact_is_the_smallest(drawn):
    some = [Contact(f"c{i}", frozenset(s), frozenset(), about, who, need)
            for i, (s, about, who, need) in enumerate(drawn)]  # fmt: skip
    exact = smallest(PARTS, some)
    brings = lambda calls: sufficiency._brings(PARTS, [c for c in some if c.call_id in calls])  # noqa: E731
    assert brings(exact.calls) == exact.covered == brings([c.call_id for c in some])
    for fewer in combinations([c.call_id for c in some], max(0, len(exact.calls) - 1)):
        assert not exact.calls or brings(fewer) < exact.covered
    greedy = sufficiency._greedy(PARTS, some, exact.covered)
    assert brings([c.call_id for c in greedy]) == exact.covered
    assert len(greedy) >= len(exact.calls)


def test_many_contacts_are_chosen_greedily_and_said_to_be():
    many = [contact(f"c{i:02}", "a") for i in range(sufficiency.EXACT_UP_TO + 1)]
    choice = smallest([part(Asks(contacts=2), points=(A,))], many)
    assert (len(choice.calls), choice.method) == (2, "greedy")


# ---------------------------------------------------------------- the unit as it is shipped


@pytest.mark.parametrize(
    ("group", "asks"),
    [
        ("1", {"contacts": 3, "situations": 3}),
        ("2", {"contacts": 3, "confirms": ("2b",)}),
        ("3", {"customers": 3, "particular_needs": 1}),
        ("4", {"contacts": 3, "situations_from": ("complaint",)}),
    ],
)
def test_what_sqa_asks_for(group, asks):
    one = next(g for g in unit("sqa_dn8j11").groups if g.id == group)
    assert one.asks.model_dump(exclude_defaults=True, exclude={"records"}) == asks
    testimony = "witness testimony" in one.asks.records
    assert {"observation checklist", "electronic data records"} <= set(one.asks.records)
    assert testimony == (group == "3")
