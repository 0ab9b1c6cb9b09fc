"""Labels by fitted weights: only what is new, only where it fits, and with a reason in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from callqa.detect.engine import Engine
from callqa.detect.learned import FILE, Learned, features, load_learned
from callqa.errors import ConfigError
from callqa.profile import Profile
from tests.detect.calls import call


@pytest.fixture(scope="module")
def learned(engine: Engine) -> Learned:
    assert engine.learned
    return engine.learned


def added(engine: Engine, *lines: str) -> list[tuple[str, int | None]]:
    view = call(*lines)
    rules = engine.rules_only.run(view, Profile())
    assert engine.learned
    return [(d.label, d.turn) for d in engine.learned.add_to(view, rules)]


def test_other_words_than_any_phrase_are_found(engine: Engine) -> None:
    lines = ["A: what's your reference please", "C: Yes it's four four one nine, Bristow."]
    assert ("positive.courtesy", 0) in added(engine, *lines)


@pytest.mark.parametrize("line", ["A: Good morning.", "C: It's a quarter past nine.", "A: Hm."])
def test_plain_talk_gets_nothing(engine: Engine, line: str) -> None:
    assert not added(engine, line)


def test_a_turn_of_fillers_alone_gets_nothing_from_the_turn_before(engine: Engine) -> None:
    before = "A: Can I take your name, your postcode and your date of birth please?"
    assert not [label for label, turn in added(engine, before, "C: Um, er.") if turn == 1]


def test_what_was_found_is_not_found_again(engine: Engine) -> None:
    view = call("A: I'm very sorry about that.", "C: I want to make a complaint.")
    rules = engine.rules_only.run(view, Profile())
    there = {(d.label, d.turn) for d in rules}
    assert engine.learned
    assert not there & {(d.label, d.turn) for d in engine.learned.add_to(view, rules)}


def test_the_reason_names_words_of_the_turn(engine: Engine) -> None:
    line = "my hands shake that bad with the parkinsons i can't hold the pen for your form"
    view = call("A: How can I help?", f"C: {line}")
    assert engine.learned
    for d in engine.learned.add_to(view, []):
        assert d.why.startswith("reads like turns that people gave this label: “")
        assert d.quote
        assert d.quote in line
        assert d.rule == f"learned.{d.label}"
        assert 0 < d.confidence < 1


def test_what_an_agent_does_is_never_found_in_a_customer(learned: Learned, engine: Engine) -> None:
    agents = {x for x, r in zip(learned.labels, learned.roles, strict=True) if r == "agent"}
    said = added(engine, "C: I'll send you a refund and make sure it's sorted for you by Friday.")
    assert "resolution.action_explained" in agents
    assert not agents & {label for label, _ in said}


def test_a_run_weighs_little_less_in_a_long_turn() -> None:
    short, long = features(["not", "good"], []), features(["not", "good", *map(str, range(60))], [])
    assert 0.5 * short["not good"] < long["not good"] < short["not good"]


def test_a_folder_without_weights_has_phrases_alone(tmp_path: Path) -> None:
    assert load_learned(tmp_path) is None


def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    np.savez(tmp_path / FILE, runs="a")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_learned(tmp_path)
