"""A card filled in: proposals, people's answers, what is out and what is open."""

import re

import pytest

from callqa.errors import ConfigError, UsageError
from callqa.profile import Profile
from callqa.records import CriterionResult
from callqa.score import ScoreInput, load_criteria, score
from callqa.score.scorecard import Given, fill_in
from tests.builders import LABELS, agent, call, customer
from tests.score.units import CRITERIA, unit

CARD = """\
kind = "scorecard"
id = "card"
title = "A card"
awarding_body = "Nobody"
unit_code = "1"
edition = "1"
source = "made up for this test"
acknowledgement = "none"
notice = "none"
subject = "call"
scale = ["no", "yes"]
bands = [{name = "Good", from = 0.8}, {name = "Fair", from = 0.5}, {name = "Poor", from = 0.0}]

[[groups]]
id = "g"
title = "All"
title_source = "ours"
requirement = "10 points"

[[criteria]]
id = "greet"
group = "g"
title = "Greets"
title_source = "ours"
class = "audio"
guidance = "A greeting."
weight = 4
evidenced = "opening.greeting"
partly = "opening.name_given"

[[criteria]]
id = "safe"
group = "g"
title = "Checks first"
title_source = "ours"
class = "audio"
guidance = "The check."
weight = 4
critical = true
evidenced = "identity.confirmed"
contradicted = "identity.disclosed_unchecked"

[[criteria]]
id = "right"
group = "g"
title = "Was right"
title_source = "ours"
class = "person"
guidance = "A person answers."
needs = "An answer."
weight = 2
only_if = {item = "greet", answers = ["yes"]}
"""


@pytest.fixture
def card(tmp_path):
    (tmp_path / "card.toml").write_text(CARD, encoding="utf-8")
    return load_criteria(tmp_path, LABELS)[0]


def results(card, **statuses):
    return [
        CriterionResult(
            id=i, criteria=card.id, criteria_hash=card.hash, criterion=i, group="g", title=i,
            criterion_class="audio", participant="agent", status=s, why="",
        )
        for i, s in statuses.items()
    ]  # fmt: skip


def said(card, **answers):
    return [Given(item, answer, "Ada", card.hash) for item, answer in answers.items()]


def numbers(s):
    return (s.points, s.applicable, s.open_points)


def test_a_proposal_is_worth_its_points_and_what_was_not_heard_stays_open(card):
    filled = fill_in(card, results(card, greet="evidenced", safe="not_evidenced"))
    assert numbers(filled) == (4, 10, 6)
    assert filled.bands == ("Good", "Fair", "Poor")
    assert filled.told == "4 of 10 applicable points, 6 still open: Poor to Good."
    assert filled.confirmed_points == 0


def test_partly_is_worth_its_share_and_switches_the_conditional_item_off(card):
    filled = fill_in(card, results(card, greet="partly", safe="evidenced"))
    assert numbers(filled) == (6, 8, 0)
    assert filled.bands == ("Fair",)


def test_not_applicable_is_out_of_the_total(card):
    filled = fill_in(card, results(card, greet="evidenced", safe="not_applicable"))
    assert numbers(filled) == (4, 6, 2)
    filled = fill_in(card, results(card, greet="evidenced"), said(card, safe="na", right="yes"))
    assert numbers(filled) == (6, 6, 0)


def test_an_item_that_hangs_on_an_open_one_is_open(card):
    filled = fill_in(card, results(card, safe="evidenced"))
    assert numbers(filled) == (4, 10, 6)
    assert [i.answer for i in filled.items] == [None, "yes", None]


def test_a_critical_fail_is_proposed_and_counts_once_confirmed(card):
    heard = results(card, greet="evidenced", safe="contradicted")
    proposed = fill_in(card, heard, said(card, right="yes"))
    assert (proposed.proposed_fails, proposed.failed) == (("safe",), ())
    assert proposed.bands == ("Fair",)
    confirmed = fill_in(card, heard, said(card, right="yes", safe="no"))
    assert (confirmed.proposed_fails, confirmed.failed) == ((), ("safe",))
    assert confirmed.bands == ("Poor",)
    assert "Failed on safe, as confirmed" in confirmed.told
    overruled = fill_in(card, heard, said(card, right="yes", safe="yes"))
    assert (overruled.proposed_fails, overruled.failed, overruled.bands) == ((), (), ("Good",))


def test_a_persons_answer_stands_over_the_proposal_and_beside_it(card):
    filled = fill_in(card, results(card, greet="evidenced"), said(card, greet="no"))
    first = filled.items[0]
    assert (first.proposed, first.answer, first.points) == ("yes", "no", 0)
    assert not filled.items[2].applies


def test_results_of_another_version_propose_nothing(card):
    old = [r.model_copy(update={"criteria_hash": "old"}) for r in results(card, greet="evidenced")]
    assert fill_in(card, old).points == 0


def test_an_answer_to_another_version_item_or_word_is_refused(card):
    for given, says in (
        (Given("greet", "yes", "Ada", "old"), "version old"),
        (Given("smile", "yes", "Ada", card.hash), "no item 'smile'"),
        (Given("greet", "maybe", "Ada", card.hash), "'maybe' is no answer"),
    ):
        with pytest.raises(UsageError, match=says):
            fill_in(card, [], [given])
    with pytest.raises(UsageError, match="no scorecard"):
        fill_in(unit("sqa_dn8j11"), [])


def test_any_change_makes_another_version(card, tmp_path):
    (tmp_path / "card.toml").write_text(CARD.replace("weight = 2", "weight = 3"), "utf-8")
    assert load_criteria(tmp_path, LABELS)[0].hash != card.hash


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("weight = 2", "", "needs 'weight'"),
        ("weight = 2", "weight = -1", "number of points"),
        ("critical = true", 'critical = "yes"', "'critical' is true or false"),
        ('item = "greet"', 'item = "smile"', "'smile', which is no item above it"),
        ('answers = ["yes"]', 'answers = ["maybe"]', "no answer 'maybe'"),
        ('{name = "Poor", from = 0.0}', '{name = "Poor", from = 0.1}', "lowest band"),
        ("from = 0.8", "from = 8", "share from 0 to 1"),
        ('kind = "scorecard"\n', "", "Unknown field 'weight'"),
        ('kind = "scorecard"', 'kind = "card"', "'kind' cannot be 'card'"),
        ('subject = "call"', 'subject = "team"', "'subject' cannot be 'team'"),
        ('scale = ["no", "yes"]', 'scale = ["no", "yes"]\naward_at = "S"', "'award_at' cannot"),
        ('requirement = "10', 'asks = {contact = 3}\nrequirement = "10', "contact"),
        ('requirement = "10', 'asks = {confirms = ["2b"]}\nrequirement = "10', "no criterion '2b'"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_meant_is_refused(tmp_path, old, new, says):
    assert old in CARD
    (tmp_path / "card.toml").write_text(CARD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(says)):
        load_criteria(tmp_path, LABELS)


# ---------------------------------------------------------------- the default card

DEFAULT = "scorecard_default"
VERSIONS = {"1": "e573f718f95218ea"}


def test_the_default_cards_version_is_its_content():
    one = unit(DEFAULT)
    assert VERSIONS[one.edition] == one.hash, "a changed card needs another edition"


def test_the_default_card_has_a_hundred_points_and_a_line_an_item():
    one = unit(DEFAULT)
    assert sum(c.weight for c in one.criteria) == 100
    page = (CRITERIA.parent / "docs" / "scorecard.md").read_text(encoding="utf-8")
    for c in one.criteria:
        assert re.search(rf"\| `{c.id}` \| {c.weight:g}\b", page), c.id
        assert c.criterion_class == "person" or c.evidenced
    assert {c.id for c in one.criteria if c.critical} == {
        "identity", "privacy", "accurate", "respect"
    }  # fmt: skip


def test_a_good_call_on_the_default_card():
    one = unit(DEFAULT)
    record = call(
        agent(
            "Good morning, Acme, Sam here, how can I help?",
            ("opening.greeting", "Good morning,"),
            ("opening.organisation", "Acme,"),
            ("opening.name_given", "Sam here,"),
            ("opening.help_offered", "how can I help?"),
        ),
        customer("What time do you close?"),
        agent("At six, and thank you for asking.", ("resolution.information_given", "At six,"),
              ("positive.appreciation", "thank you")),
        agent("Please come in.", "positive.courtesy"),
    )  # fmt: skip
    filled = fill_in(one, score(ScoreInput.of(record), [one], Profile()))
    answers = {i.item.id: i.answer for i in filled.items}
    assert answers["greeting"] == answers["answer"] == answers["respect"] == "yes"
    assert answers["identity"] == answers["hold"] == answers["complaint"] == "na"
    assert answers["accurate"] is answers["content"] is None
    assert (filled.points, filled.applicable) == (6 + 4 + 5 + 10 + 5, 80)
    assert filled.failed == filled.proposed_fails == ()
