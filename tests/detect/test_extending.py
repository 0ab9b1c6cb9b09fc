"""The worked examples of docs/extending.md, as they stand on the page."""

import re
import types
from pathlib import Path

import pytest

from callqa.detect.engine import Engine, detectors, order
from callqa.detect.lexicon import load_lexicon
from callqa.profile import Profile, load_profile
from tests.detect.calls import call

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "extending.md").read_text("utf-8")
FAMILY, PROFILE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(DETECTOR,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def labels(engine: Engine, *lines: str, profile: Profile | None = None) -> set[str]:
    return {d.label for d in engine.run(call(*lines), profile or Profile())}


@pytest.fixture
def with_family(tmp_path: Path, engine: Engine) -> Engine:
    (tmp_path / "en").mkdir()
    for path in (Path(__file__).resolve().parents[2] / "lexicons" / "en").glob("*.toml"):
        (tmp_path / "en" / path.name).write_text(path.read_text("utf-8"))
    (tmp_path / "en" / "survey.toml").write_text(FAMILY)
    return Engine(load_lexicon(tmp_path), engine.detectors)


def test_the_phrase_family_finds_its_sentences_and_spares_its_near_misses(
    with_family: Engine,
) -> None:
    (entry,) = [e for e in with_family.lexicon.entries if e.label == "survey.announced"]
    assert len(entry.match) * len(entry.near_miss) > 1
    for sentence in entry.match:
        assert "survey.announced" in labels(with_family, f"A: {sentence}")
    for sentence in entry.near_miss:
        assert "survey.announced" not in labels(with_family, f"A: {sentence}")


def test_the_detector_fits_in_and_finds_what_it_says(engine: Engine) -> None:
    module = types.ModuleType("reference")
    exec(compile(DETECTOR, "docs/extending.md", "exec"), module.__dict__)
    more = Engine(engine.lexicon, order([*detectors(), module.DETECTOR]))
    label = "resolution.reference_given"
    assert label in more.labels
    assert label in labels(more, "A: Your reference is 4471, keep it safe.")
    assert label not in labels(more, "C: My reference is 4471.")
    assert label not in labels(more, "A: Do you have a reference?")


def test_the_profile_changes_what_is_found(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "organisation.toml").write_text(PROFILE)
    profile = load_profile(tmp_path / "organisation.toml")
    lines = ("A: Calls may be recorded.", "A: It's a change of tenancy.")
    found = labels(engine, *lines, profile=profile)
    assert {"negative.jargon", "wording.required"} <= found
    assert not {"negative.jargon", "wording.required"} & labels(engine, *lines)
    assert profile.identifiers_required == 3
