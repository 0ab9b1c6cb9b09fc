"""What must hold of any call: an empty one earns nothing, and more heard is never worth less."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callqa.profile import Profile
from callqa.score import CriteriaSet, Criterion, Group, ScoreInput, load_criteria, score
from callqa.score.engine import evaluate
from callqa.score.heard import Heard
from callqa.score.parse import Parser
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
)
turns = st.lists(st.lists(marks, max_size=4), min_size=2, max_size=5)
labels = st.sampled_from([*GOOD, "positive.*", "question.*"])
monotone = st.recursive(
    st.one_of(
        labels,
        st.lists(labels, min_size=1, max_size=3),
        st.builds(lambda has, n: {"first_within_s": n, "has": has}, labels, st.integers(1, 20)),
        st.builds(lambda of, n: {"at_least": n, "of": of}, labels, st.integers(1, 3)),
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
    return call(*lines, customer("five six"))


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
    assert status(spoken([[], []]), evidenced=PARSER.rule(rule)) == "not_evidenced"


@pytest.mark.parametrize("sound", [True, False])
def test_an_empty_call_evidences_no_criterion(sound):
    empty = call(agent("Hm."), customer("Hm."), agent("Hm."), sound=sound)
    about_calls = [u for u in load_criteria(CRITERIA, LABELS) if u.subject != "agent_period"]
    results = score(ScoreInput.of(empty), about_calls, Profile())
    claimed = {
        (r.criteria, r.criterion): r.status for r in results if r.status in ("evidenced", "partly")
    }
    # That the agent spoke at once, and at what pace, is heard even when nothing is said.
    measured = {("sqa_dn8j11", "3a"): "partly", ("nocn_unit2", "2.5"): "partly"}
    assert claimed == (measured if sound else {})
