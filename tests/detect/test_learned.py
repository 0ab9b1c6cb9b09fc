"""Labels by the fitted model: what is likely is given, what is unlikely dropped, with a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from callqa.detect.encoder import LONGEST, load_pieces, words_of
from callqa.detect.engine import Engine, load_engine
from callqa.detect.learned import FILE, Learned, Reading, load_learned, readable, strongest
from callqa.errors import ConfigError
from callqa.profile import Profile
from callqa.text import plain
from tests.detect.calls import LEXICONS, call


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(LEXICONS)


@pytest.fixture(scope="module")
def learned(engine: Engine) -> Learned:
    assert engine.learned
    return engine.learned


def found(engine: Engine, *lines: str) -> set[tuple[str, int | None]]:
    return {(d.label, d.turn) for d in engine.run(call(*lines), Profile())}


@pytest.mark.parametrize(
    ("lines", "label"),
    [
        (["A: What seems to be the matter?", "C: Well the wife's hands shake that bad with the "
          "Parkinson's that she can't hold a pen to your form."], "need.vulnerability"),
        (["C: I've been sat here since seven and not a soul has turned up, it's a joke."],
         "complaint.stated"),
        (["C: Nobody rang me back.", "A: Oh, what a rotten week you've had of it."],
         "positive.empathy"),
        (["A: I could pop a new one in the post for you.", "C: Aye, that'll do nicely."],
         "resolution.accepted"),
    ],
)  # fmt: skip
def test_it_finds_by_itself_what_is_said_in_peoples_own_words(
    learned: Learned, lines: list[str], label: str
) -> None:
    view = call(*lines)
    added = learned.settle(view, [], learned.read(view.turns))
    assert (label, len(lines) - 1) in {(d.label, d.turn) for d in added}


@pytest.mark.parametrize("line", ["C: It's a quarter past nine.", "C: The blue one.", "A: Hm."])
def test_plain_talk_gets_no_claim(engine: Engine, line: str) -> None:
    families = {label.split(".")[0] for label, _ in found(engine, line)}
    assert not families & {"complaint", "negative", "need", "identity", "sales"}


def test_a_yes_means_what_it_answers(engine: Engine) -> None:
    offered = ["A: I can send you a replacement tomorrow, would that suit?", "C: Yes, please."]
    held = ["A: Can I pop you on hold while I look?", "C: Yes, please."]
    assert ("resolution.accepted", 1) in found(engine, *offered)
    assert ("resolution.accepted", 1) not in found(engine, *held)


def test_the_reason_names_words_of_the_turn(engine: Engine, learned: Learned) -> None:
    line = "my hands shake that bad with the parkinsons i can't hold the pen for your form"
    view = call("A: How can I help?", f"C: {line}")
    added = learned.settle(view, [], learned.read(view.turns))
    assert added
    for d in added:
        assert d.why.startswith("reads like turns that people gave this label, above all in “")
        assert d.quote
        assert d.quote in view.turns[d.turn or 0].text
        assert d.rule == f"learned.{d.label}"
        assert 0 < d.confidence < 1


def test_what_an_agent_does_is_never_added_to_a_customer(engine: Engine, learned: Learned) -> None:
    agents = {x for x, r in zip(learned.labels, learned.roles, strict=True) if r == "agent"}
    assert "resolution.action_explained" in agents
    view = call("C: I'll send you a refund and make sure it's sorted for you by Friday.")
    added = learned.settle(view, [], learned.read(view.turns))
    assert not agents & {d.label for d in added}


def test_a_match_makes_a_label_likelier(learned: Learned) -> None:
    assert (learned.scale[:, 1] > 0).mean() > 0.9


def test_what_phrases_are_plainly_right_about_is_kept(engine: Engine) -> None:
    assert ("need.accessibility", 0) in found(engine, "C: Could I have it in large print?")
    assert ("identity.requested", 0) in found(engine, "A: Could I take your postcode, please?")


def test_what_a_profile_names_is_never_doubted(engine: Engine) -> None:
    view = call("A: It's on your widget ledger.")
    labels = {d.label for d in engine.run(view, Profile(jargon=("widget ledger",)))}
    assert "negative.jargon" in labels


def test_what_is_read_is_the_same_after_packing(learned: Learned) -> None:
    view = call("A: Hello, you're through to Ann.", "C: I want to complain about my bill.")
    reading = learned.read(view.turns)
    again = Reading.unpack(reading.pack())
    assert (again.sums == reading.sums).all()
    assert again.places == reading.places


def test_a_call_without_words_is_read_as_nothing(learned: Learned) -> None:
    view = call("C: ...")
    reading = learned.read(view.turns)
    assert reading.sums.shape == (1, len(learned.labels))
    assert not learned.settle(view, [], Reading(np.full_like(reading.sums, -np.inf), {}))


def test_a_long_turn_is_read_to_its_end(engine: Engine) -> None:
    long = "the man at the desk said to go left and then it was the second door " * 12
    said = f"C: {long} and I am very unhappy with you and I want to make a complaint"
    assert len(load_pieces().cut(words_of(plain(said), said))) > 1
    assert ("complaint.stated", 0) in found(engine, said)
    assert LONGEST < 512 - 2  # places that the encoder knows


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "[CARD:16]", "four one one one one one", "double seven, 3"]
)
def test_every_number_is_read_alike(text: str) -> None:
    words = [w.word for w in words_of(plain(text), text)]
    assert set(words) <= {"#", ".", "?"}


def test_the_strongest_stretch_is_found() -> None:
    worth = np.array([0.0, 2.0, 1.5, -1.0, 0.0], np.float32)
    tokens = [(0, 0), (1, 1), (2, 3), (4, 4), (5, 5)]
    assert strongest(worth, tokens) == (1, 3)


def test_a_quote_makes_sense_to_a_reader() -> None:
    short = plain("Right. All done and dusted. Bye now.")
    assert short.chars(*readable(short, 3, 3)) == (7, 26)
    long = plain(" ".join(f"word{n}" for n in range(60)))
    assert readable(long, 30, 31) == (24, 37)
    assert readable(long, 2, 2) == (0, 8)


def test_a_folder_without_a_model_has_phrases_alone(tmp_path: Path) -> None:
    assert load_learned(tmp_path) is None


def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    np.savez(tmp_path / FILE, labels="a")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_learned(tmp_path)
