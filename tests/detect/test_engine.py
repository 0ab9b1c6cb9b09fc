"""The engine: order of detectors, clashes of labels, and what a run gives."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.engine import Engine, load_engine, order
from callqa.detect.lexicon import load_lexicon
from callqa.errors import ConfigError
from callqa.profile import Profile
from callqa.records import Detection
from tests.detect.calls import LEXICONS, call, detections, found


def nothing(call: CallView, profile: Profile, earlier: Found) -> Iterable[Detection]:
    return ()


def detector(name: str, emits: str, needs: tuple[str, ...] = ()) -> Detector:
    return Detector(name=name, labels=(emits,), detect=nothing, needs=needs)


def test_a_detector_comes_after_what_it_needs() -> None:
    late = detector("late", "a.late", needs=("b.*",))
    early = detector("early", "b.early")
    assert [d.name for d in order([late, early])] == ["early", "late"]


def test_two_detectors_with_one_label_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"'one' and 'two' both emit 'a\.b'"):
        order([detector("one", "a.b"), detector("two", "a.b")])


def test_a_circle_is_named() -> None:
    one = detector("one", "a.one", needs=("a.two",))
    two = detector("two", "a.two", needs=("a.one",))
    with pytest.raises(ConfigError, match="circle"):
        order([one, two])


def test_a_label_of_both_a_lexicon_and_a_detector_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        '[[entry]]\nlabel = "question.asked"\nphrases = ["x"]\nmatch = ["x"]\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="emitted by a lexicon and by the detector"):
        load_engine(tmp_path)


def test_a_need_that_nothing_emits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        '[[entry]]\nlabel = "a.b"\nphrases = ["x"]\nmatch = ["x"]\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="which nothing emits"):
        load_engine(tmp_path)


def test_the_shipped_lexicons_and_detectors_fit_together(engine: Engine) -> None:
    assert {"opening.greeting", "question.open", "identity.confirmed"} <= engine.labels
    assert not any(label.startswith("cue.") for label in engine.labels)


def test_cues_never_leave_the_engine() -> None:
    view = call("A: How can I help you?", "C: can you tell me what happened")
    assert not any(d.label.startswith("cue.") for d in detections(view))


def test_a_run_is_the_same_twice_and_in_order_of_place() -> None:
    view = call("A: Hello, how can I help?", "C: Hi, what's the balance?", "A: Bye now.")
    first, second = detections(view), detections(view)
    assert first == second
    assert [d.turn for d in first] == sorted(d.turn for d in first if d.turn is not None)
    assert len({d.id for d in first}) == len(first)


def test_quotes_are_the_words_at_their_place() -> None:
    view = call("A: Good morning – this is Zoë from Café Nord, how can I help?")
    for d in detections(view):
        assert d.turn == 0
        assert d.quote == view.turns[0].text[d.start_char : d.end_char]


def test_times_come_from_the_words() -> None:
    view = call("A 2.0-4.0: hello how can help", duration=4)
    greeting = detections(view, "opening.greeting")[0]
    assert (greeting.start_s, greeting.end_s) == (2.0, 2.5)


def test_without_sound_there_are_no_times() -> None:
    assert {d.start_s for d in detections(call("A: hello"))} == {None}


def test_a_cue_detector_may_keep_the_more_confident_of_two() -> None:
    def twice(call: CallView, profile: Profile, earlier: Found) -> Iterable[Detection]:
        for confidence in (0.6, 0.8):
            yield call.detection(
                "test.twice", call.turns[0], 0, 5, confidence=confidence, why="", rule="twice"
            )

    pair = Detector(name="twice", labels=("test.twice",), detect=twice)
    run = Engine(load_lexicon(LEXICONS), (pair,)).run(call("A: hello"), Profile())
    assert [d.confidence for d in run if d.label == "test.twice"] == [0.8]


def test_an_empty_call_has_nothing() -> None:
    assert found(call()) == set()
    assert found(call("A: ")) == set()


def test_the_fingerprint_follows_the_detectors_versions(engine: Engine) -> None:
    changed = Engine(engine.lexicon, (detector("x", "x.y"),))
    assert changed.fingerprint != engine.fingerprint
