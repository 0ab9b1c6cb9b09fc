"""What must hold of any call: an empty one earns nothing, and more heard is never worth less."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callqa.measures import MEASURES
from callqa.profile import Profile
from callqa.score import CriteriaSet, Criterion, Group, ScoreInput, load_criteria, score
from callqa.score.engine import evaluate
from callqa.score.heard import Heard
from callqa.score.parse import Parser
from callqa.score.rules import NoneOf, Pick
from tests.builders import LABELS, Mark, agent, call, customer

CRITERIA = Path(__file__).resolve().parents[2] / "criteria"
PARSER = Parser(LABELS)
GOOD = ["opening.greeting", "question.open", "question.closed", "positive.apology", "sales.offered"]
BAD = "negative.profanity"
RANK = {"contradicted": 0, "not_evidenced": 1, "partly": 2, "evidenced": 3}

marks = st.builds(
    Mark,
    label=st.sampled_from(GOOD),
    words=st.sampled_from(["one", "two", "three", "four"]),
    confidence=st.floats(0, 1),
    attributes=st.sampled_from([{}, {"kind": "x"}]),
)
ordered = st.builds(
    lambda word, anchor, has: {word: anchor, "has": has},
    st.sampled_from(["before", "after"]),
    st.sampled_from(GOOD),
    st.sampled_from(GOOD),
)
turns = st.lists(st.lists(marks, max_size=4), min_size=2, max_size=5)
labels = st.sampled_from([*GOOD, "positive.*", "question.*"])
monotone = st.recursive(
    st.one_of(
        labels,
        st.lists(labels, min_size=1, max_size=3),
        st.builds(lambda has, n: {"first_within_s": n, "has": has}, labels, st.integers(1, 20)),
        st.builds(lambda of, n: {"at_least": n, "of": of}, labels, st.integers(1, 3)),
        st.builds(lambda has: {"where": {"kind": "x"}, "has": has}, labels),
        st.just({"metadata": "direction", "equals": "inbound"}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"all": rules}),
        st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"any": rules}),
        st.lists(inner, min_size=2, max_size=3).map(
            lambda rules: {"at_least": 2, "distinct": True, "of": rules}
        ),
    ),
    max_leaves=6,
)


def spoken(found):
    lines = [agent("one two three four", *marks) for marks in found]
    return call(*lines, customer("five six"), metadata={"direction": "inbound"})


def heard(record):
    return Heard(ScoreInput.of(record), record.participant("agent"), Profile())


def unit(**clauses):
    criterion = Criterion("1", "g", "t", "ours", "audio", "guidance", **clauses)
    group = Group("g", "t", "ours", True, "")
    return CriteriaSet("u", "", "", "", "", "", "", "", "call", (), (group,), (criterion,), "h")


def status(record, **clauses):
    (result,) = score(ScoreInput.of(record), [unit(**clauses)], Profile())
    return result.status


@given(monotone, turns, st.data())
@settings(deadline=None)
def test_hearing_more_never_lowers_a_rule(rule, found, data):
    parsed = PARSER.rule(rule)
    before = evaluate(parsed, heard(spoken(found)))
    at = data.draw(st.integers(0, len(found) - 1))
    more = [[*m, data.draw(marks)] if i == at else m for i, m in enumerate(found)]
    after = evaluate(parsed, heard(spoken(more)))
    assert after.value >= before.value
    if before.value:
        assert after.confidence >= before.confidence
    elif not after.value:
        assert after.confidence <= before.confidence


@given(ordered, turns, st.data())
@settings(deadline=None)
def test_hearing_more_never_undoes_an_order(rule, found, data):
    parsed = PARSER.rule(rule)
    before = evaluate(parsed, heard(spoken(found)))
    at = data.draw(st.integers(0, len(found) - 1))
    more = [[*m, data.draw(marks)] if i == at else m for i, m in enumerate(found)]
    after = evaluate(parsed, heard(spoken(more)))
    assert after.value >= before.value
    if before.value:
        assert after.confidence >= before.confidence


@given(monotone, monotone, turns, st.data())
@settings(deadline=None)
def test_what_only_speaks_against_never_raises_a_status(full, some, found, data):
    clauses = {
        "evidenced": PARSER.rule(full),
        "partly": PARSER.rule(some),
        "contradicted": PARSER.rule(BAD),
    }
    before = status(spoken(found), **clauses)
    at = data.draw(st.integers(0, len(found) - 1))
    bad = Mark(BAD, "two", data.draw(st.floats(0, 1)))
    worse = [[*m, bad] if i == at else m for i, m in enumerate(found)]
    assert RANK[status(spoken(worse), **clauses)] <= RANK[before]


@given(monotone)
@settings(deadline=None)
def test_an_empty_call_evidences_no_rule(rule):
    empty = call(agent("Hm."), agent("Hm."), customer("Hm."))
    found = status(empty, evidenced=PARSER.rule(rule))
    assert found in ("not_evidenced", "not_assessable")


SHIPPED = [u for u in load_criteria(CRITERIA, LABELS) if u.subject != "agent_period"]
EVERY = [pytest.param(u, c, id=f"{u.id}-{c.id}") for u in SHIPPED for c in u.criteria]


def labels_in(rule, excused=False):
    """Every label that a rule looks at; ``excused`` leaves out those it wants to be absent."""
    if rule is None:
        return set()
    if isinstance(rule, Pick):
        return set(rule.labels)
    if isinstance(rule, NoneOf) and excused:
        return set()
    parts = [getattr(rule, f) for f in ("picks", "rules", "of", "to", "anchor", "has") if
             hasattr(rule, f)]  # fmt: skip
    flat = [p for part in parts for p in (part if isinstance(part, tuple) else (part,))]
    return set().union(*(labels_in(p, excused) for p in flat))


@pytest.mark.parametrize(("one", "criterion"), EVERY)
@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_no_shipped_criterion_is_raised_by_what_speaks_against_it(one, criterion, data):
    clauses = ("applies_when", "assessable_when", "evidenced", "partly", "supports")
    asked = set().union(*(labels_in(getattr(criterion, c)) for c in clauses))
    against = sorted(labels_in(criterion.contradicted, excused=True) - asked)
    if not against:
        return
    few = st.lists(st.sampled_from(sorted(asked) or GOOD), max_size=4)
    texts = [data.draw(few) for _ in range(3)]
    lines = [agent("one two", *a) if i % 2 else customer("one two", *a)
             for i, a in enumerate([*texts, [], []])]  # fmt: skip
    bad = data.draw(st.sampled_from(against))
    worse = [*lines[:-1], agent("five six", bad)]
    first, then = (
        next(r.status for r in score(ScoreInput.of(call(*c)), [one], Profile())
             if r.criterion == criterion.id)
        for c in ([*lines[:-1], agent("five six")], worse)
    )  # fmt: skip
    assert first == then or RANK.get(then, -1) <= RANK.get(first, -1)


@pytest.mark.parametrize("sound", [True, False])
def test_what_a_recording_cannot_settle_is_not_assessable_in_any_call(sound):
    empty = call(agent("Hm."), customer("Hm."), agent("Hm."), sound=sound)
    beyond = {(u.id, c.id) for u in SHIPPED for c in u.criteria
              if c.criterion_class in ("record", "knowledge", "person")
              and c.applies_when is None}  # fmt: skip
    results = score(ScoreInput.of(empty), SHIPPED, Profile())
    found = {(r.criteria, r.criterion) for r in results if r.status == "not_assessable"}
    assert beyond
    assert beyond <= found


@given(st.sampled_from(sorted(MEASURES)))
@settings(deadline=None)
def test_a_measure_in_a_call_without_sound_is_not_assessable(name):
    silent = call(agent("Hm."), customer("Hm."), agent("Hm."), sound=False)
    rule = PARSER.rule({"measure": name, "at_most": 1})
    assert status(silent, evidenced=rule) == "not_assessable"
    assert status(silent, evidenced=rule, contradicted=rule) == "not_assessable"


@pytest.mark.parametrize("sound", [True, False])
def test_an_empty_call_evidences_no_criterion(sound):
    empty = call(agent("Hm."), customer("Hm."), agent("Hm."), sound=sound)
    results = score(ScoreInput.of(empty), SHIPPED, Profile())
    claimed = {
        (r.criteria, r.criterion): r.status for r in results if r.status in ("evidenced", "partly")
    }
    # That the agent spoke at once, and at what pace, is heard even when nothing is said.
    measured = {("sqa_dn8j11", "3a"): "partly", ("nocn_unit2", "2.5"): "partly"}
    assert claimed == (measured if sound else {})
