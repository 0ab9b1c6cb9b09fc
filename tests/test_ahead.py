"""The next recordings are heard while this one is scored."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import numpy as np
import pytest

from callqa.ahead import ahead
from callqa.errors import RecordingError
from callqa.records import Heard, Transcript
from tests.listen.sounds import write_wav


def recordings(folder: Path, count: int, length_s: float = 1.0) -> list[Path]:
    sound = np.zeros(int(length_s * 8000), np.float32)
    return [write_wav(folder / f"{i}.wav", sound, rate=8000) for i in range(count)]


def heard_as(path: Path) -> Heard:
    return Heard(
        recording=None,
        transcript=Transcript(turns=(), language=path.stem),
        participants=(),
        kind="unknown",
    )


def test_each_is_heard_once_and_in_its_place(tmp_path: Path) -> None:
    paths, asked = recordings(tmp_path, 6), []

    def hear(path: Path) -> Heard:
        asked.append(path)
        return heard_as(path)

    with ahead(paths, hear) as take:
        found = [take(path).transcript.language for path in paths]
    assert found == [p.stem for p in paths]
    assert sorted(asked) == paths


def test_the_next_is_begun_before_it_is_asked_for(tmp_path: Path) -> None:
    first, second = recordings(tmp_path, 2)
    begun = Event()

    def hear(path: Path) -> Heard:
        if path == second:
            begun.set()
        return heard_as(path)

    with ahead([first, second], hear) as take:
        take(first)
        assert begun.wait(5)


def test_no_more_than_two_wait_to_be_asked_for(tmp_path: Path) -> None:
    paths = recordings(tmp_path, 9)
    named: list[Path] = []

    def told():
        for path in paths:
            named.append(path)
            yield path

    with ahead(told(), heard_as) as take:
        take(paths[0])
        assert named == paths[:3]


def test_a_bad_recording_fails_in_its_turn_and_alone(tmp_path: Path) -> None:
    paths = recordings(tmp_path, 3)

    def hear(path: Path) -> Heard:
        if path == paths[1]:
            raise RecordingError("There is no sound in it.")
        return heard_as(path)

    with ahead(paths, hear) as take:
        assert take(paths[0]).transcript.language == "0"
        with pytest.raises(RecordingError, match="no sound"):
            take(paths[1])
        assert take(paths[2]).transcript.language == "2"


def test_a_long_recording_waits_for_its_turn(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("callqa.ahead.LONG_S", 5.0)
    short, long = recordings(tmp_path, 1)[0], tmp_path / "long.wav"
    write_wav(long, np.zeros(10 * 8000, np.float32), rate=8000)
    begun: list[Path] = []

    def hear(path: Path) -> Heard:
        begun.append(path)
        return heard_as(path)

    with ahead([short, long], hear) as take:
        take(short)
        assert long not in begun
        assert take(long).transcript.language == "long"
