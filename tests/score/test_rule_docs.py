"""The reference shows every word of the language, and its examples are the language."""

import re
import tomllib
from pathlib import Path

import pytest

from callqa.score.parse import WORDS, Parser
from callqa.score.rules import (
    After,
    All,
    AnyOf,
    AtLeast,
    AtLeastDistinct,
    Before,
    Each,
    FirstWithin,
    Has,
    MeasureIs,
    MetadataIs,
    NoneOf,
    Ratio,
)
from tests.builders import LABELS
from tests.score.units import CRITERIA

READ_AS = {
    "": Has, "where": Has, "all": All, "any": AnyOf, "none": NoneOf, "at_least": AtLeast,
    "ratio": Ratio, "each": Each, "before": Before, "after": After, "first_within_s": FirstWithin,
    "measure": MeasureIs, "metadata": MetadataIs,
}  # fmt: skip
DOCS = CRITERIA.parent / "docs"
REFERENCE = (DOCS / "rules.md").read_text(encoding="utf-8")
WALK = (DOCS / "from-standard-to-rule.md").read_text(encoding="utf-8")
EXAMPLES = [
    one for line in REFERENCE.splitlines() if line.startswith("|")
    for one in re.findall(r"`([{\[\"].*?)`", line)
]  # fmt: skip
TESTS = (Path(__file__).parent / "test_engine.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", [e for e in EXAMPLES if "at_most = 3}" not in e[:13]
                                     and not e.startswith("{above")])  # fmt: skip
def test_an_example_of_the_reference_is_a_rule(example):
    raw = tomllib.loads(f"x = {example}")["x"]
    word = next((w for w in WORDS if w in raw), "") if isinstance(raw, dict) else ""
    rule = Parser(LABELS).rule(raw)
    assert type(rule) is (AtLeastDistinct if "distinct" in example else READ_AS[word])


@pytest.mark.parametrize("word", WORDS)
def test_every_operator_is_in_the_reference_and_tested(word):
    assert re.search(rf"\{{{word} = ", REFERENCE), f"{word} has no example in docs/rules.md"
    assert f'"{word}":' in TESTS, f"{word} has no test in test_engine.py"


def test_the_walk_through_quotes_the_criteria_as_they_stand():
    clauses = re.findall(r"```toml\n(.*?)```", WALK, re.S)
    assert len(clauses) == 8
    shipped = "".join(p.read_text(encoding="utf-8") for p in sorted(CRITERIA.glob("*.toml")))
    for clause in clauses:
        assert clause in shipped
