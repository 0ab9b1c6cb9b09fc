"""The whole of listening, with the real models, on the sample calls and on a real one."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import pytest

from callqa.intervals import overlaps
from callqa.listen import diarize_only, hear, transcribe_only
from callqa.listen.audio import load
from callqa.listen.vad import RATE
from callqa.records import Heard, Transcript
from callqa.settings import Settings
from tests.listen.sounds import write_wav

pytestmark = pytest.mark.slow
SETTINGS = Settings(threads=2)


def script(samples: Path, name: str) -> list[dict[str, object]]:
    turns = json.loads((samples / "timing" / f"{name}.json").read_text())["turns"]
    return [t for t in turns if t["kind"] == "speech"]


def role_at(heard: Heard, second: float) -> str | None:
    for turn in heard.transcript.turns:
        if (turn.start_s or 0) <= second <= (turn.end_s or 0):
            return _role(heard, turn)
    return None


def _role(heard: Heard, turn: object) -> str:
    return next(p.role for p in heard.participants if p.id == turn.participant)  # type: ignore[attr-defined]


def share_with_role(heard: Heard, turns: list[dict[str, object]]) -> float:
    """Share of the script's turns whose middle is heard from the right role."""
    right = [
        role_at(heard, (t["start_s"] + t["end_s"]) / 2) == t["role"]  # type: ignore[operator]
        for t in turns
    ]
    return sum(right) / len(right)


def consistent(transcript: Transcript) -> None:
    for index, turn in enumerate(transcript.turns):
        assert turn.index == index
        assert turn.words
        for word in turn.words:
            assert turn.text[word.start_char : word.end_char] == word.text
            assert word.start_s is not None
            assert word.end_s is not None
            assert word.start_s < word.end_s
    starts = [turn.start_s for turn in transcript.turns]
    assert starts == sorted(starts)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("file", "layout"),
    [
        ("raised_and_recovered.m4a", "stereo"),  # its sides are swapped
        ("long_silence.flac", "mono"),
        ("subdued_customer.ogg", "dual_mono"),
    ],
)
def test_a_sample_call_is_heard_with_its_roles(samples: Path, file: str, layout: str) -> None:
    stages: list[str] = []
    heard = hear(samples / file, SETTINGS, progress=stages.append)
    assert heard.recording is not None
    assert heard.recording.layout == layout
    assert heard.recording.telephone_band
    assert heard.kind == "conversation"
    assert share_with_role(heard, script(samples, file.split(".")[0])) >= 0.8
    assert {"agent", "customer"} <= {p.role for p in heard.participants}
    consistent(heard.transcript)
    assert [p for p in heard.prosody if p.pitch_st is not None]
    assert all(len(sha) == 64 for sha in heard.models.values())
    assert stages[0] == "decode"
    assert stages[-1] == "prosody"


def test_an_overlap_is_kept_with_who_came_in(samples: Path) -> None:
    heard = hear(samples / "model_query.m4a", SETTINGS)
    agent = next(p.id for p in heard.participants if p.role == "agent")
    said = script(samples, "model_query")
    nod = next(t for t in said if str(t["text"]).startswith("Mhm"))
    over = [o for o in overlaps(heard.transcript.speech) if abs(o.start_s - nod["start_s"]) < 0.5]  # type: ignore[operator]
    assert [o.begun_by for o in over] == [agent]
    turns = heard.transcript.turns
    assert any(
        a.participant != b.participant and (b.start_s or 0.0) < (a.end_s or 0.0)
        for n, a in enumerate(turns)
        for b in turns[n + 1 :]
        if (b.start_s or 0.0) < nod["end_s"] < (a.end_s or 0.0) + 1  # type: ignore[operator]
    )


def test_nothing_is_written_and_no_word_is_logged(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    hear(samples / "long_silence.flac", SETTINGS)  # torch makes an empty folder when imported
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    caplog.set_level(logging.DEBUG)
    transcript, _ = transcribe_only(samples / "long_silence.flac", SETTINGS)
    assert not list(folder.iterdir())
    long_words = {
        w.text.strip(".,?!") for t in transcript.turns for w in t.words if len(w.text) > 6
    }
    assert len(long_words) > 10
    assert not [w for w in long_words if w in caplog.text]


@pytest.fixture(scope="module")
def opening(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The first 66 s of a real call: as it is (agent left), swapped, and in one channel."""
    samples = load(shared_data / "calls" / "auto_repairs_40.flac").samples[:, : 66 * RATE]
    folder = tmp_path_factory.mktemp("opening")
    return {
        "stereo": write_wav(folder / "stereo.wav", samples, rate=RATE),
        "swapped": write_wav(folder / "swapped.wav", samples[::-1], rate=RATE),
        "mono": write_wav(folder / "mono.wav", samples.mean(axis=0), rate=RATE),
        "twice": write_wav(folder / "twice.wav", np.stack([samples.mean(axis=0)] * 2), rate=RATE),
    }


@pytest.mark.parametrize("made", ["stereo", "swapped", "mono", "twice"])
def test_a_real_call_opens_with_the_agent(opening: dict[str, Path], made: str) -> None:
    heard = hear(opening[made], SETTINGS)
    said = " ".join(
        t.text for t in heard.transcript.turns if _role(heard, t) == "agent" and t.start_s < 15
    )
    for words in ("Thank you for calling", "Michelle", "how can I help"):
        assert words.lower() in said.lower()
    asked = " ".join(t.text for t in heard.transcript.turns if _role(heard, t) == "customer")
    for words in ("from your dealership", "light", "My name is Jack"):
        assert words.lower() in asked.lower()
    consistent(heard.transcript)


def test_one_voice_a_side_and_two_in_one_channel(opening: dict[str, Path]) -> None:
    assert set(diarize_only(opening["swapped"], SETTINGS)) == {"left", "right"}
    assert set(diarize_only(opening["mono"], SETTINGS)) == {"voice1", "voice2"}
    assert set(diarize_only(opening["mono"], SETTINGS, speakers=1)) == {"voice1"}
    assert set(diarize_only(opening["mono"], SETTINGS, speakers=3)) == {
        "voice1",
        "voice2",
        "voice3",
    }


def test_voices_are_told_apart_about_as_well_as_by_side(opening: dict[str, Path]) -> None:
    from pyannote.core import Annotation, Segment
    from pyannote.metrics.diarization import DiarizationErrorRate

    def annotation(found: dict[str, list]) -> Annotation:  # type: ignore[type-arg]
        made = Annotation()
        for who, spans in found.items():
            for i, span in enumerate(spans):
                made[Segment(span.start_s, span.end_s), f"{who}{i}"] = who
        return made

    by_side = annotation(diarize_only(opening["stereo"], SETTINGS))
    by_voice = annotation(diarize_only(opening["mono"], SETTINGS))
    assert DiarizationErrorRate(collar=0.5)(by_side, by_voice) < 0.15
