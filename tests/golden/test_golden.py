"""The machine on the scripts' own words and times, beside a person's reading of them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from audio_samples import script
from callqa.listen.completeness import kind
from callqa.pipeline import Tools, judge, load_tools, understand
from callqa.records import CallRecord, Heard, Participant, Recording, Span, Transcript, Turn, Word
from callqa.redact import redact_transcript
from callqa.settings import load_settings
from callqa.sources import read_metadata
from callqa.transcripts import split_words
from tests.golden.reading import PAGE, SETS, page, readings

LEAST = 0.85  # of what is clear, as for the statuses in the scripts themselves
OPPOSED = {"evidenced", "contradicted"}


def heard(name: str) -> Heard:
    """A script as if every word had been heard: its turns at their times, words spread evenly."""
    timing = json.loads((script.TIMING / f"{name}.json").read_text())
    spoken = [t for t in timing["turns"] if t["kind"] == "speech"]
    turns = tuple(_turn(i, t) for i, t in enumerate(spoken))
    roles = dict.fromkeys(t["role"] for t in spoken)
    people = tuple(Participant(id=r, role=r, role_confidence=1.0) for r in roles)
    speech = {
        r: tuple(Span(start_s=t["start_s"], end_s=t["end_s"]) for t in spoken if t["role"] == r)
        for r in roles
    }
    transcript = redact_transcript(Transcript(turns=turns, speech=speech))
    recording = Recording(sha256="0" * 64, name=name, duration_s=timing["duration_s"])
    return Heard(
        recording=recording, transcript=transcript, participants=people,
        kind=kind(transcript, people),
    )  # fmt: skip


def _turn(index: int, given: dict) -> Turn:
    words = split_words(index, given["text"])
    step = (given["end_s"] - given["start_s"]) / len(words)
    edges = [given["start_s"] + step * n for n in range(len(words) + 1)]
    timed = tuple(
        Word(**w.model_dump(exclude={"start_s", "end_s"}), start_s=a, end_s=b)
        for w, (a, b) in zip(words, pairwise(edges), strict=True)
    )
    return Turn(
        index=index, participant=given["role"], text=given["text"], words=timed,
        start_s=given["start_s"], end_s=given["end_s"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools(load_settings(), SETS)


@pytest.fixture(scope="module")
def scored(tools: Tools, samples) -> dict[str, CallRecord]:
    table = read_metadata(samples / "metadata.csv")
    records = {}
    for name in script.names():
        call, metadata = heard(name), table[script.audio_path(name, script.load(name)).name]
        understood = understand(name, call, metadata, tools)
        records[name] = judge(name, call, understood, metadata, tools)
    return records


def machine(record: CallRecord, criteria: str) -> dict[str, str]:
    mine = [r for r in record.results if r.criteria == criteria]
    return {r.criterion: r.status for r in mine if r.participant in ("agent", "")}


@pytest.mark.parametrize("criteria", SETS)
def test_every_criterion_that_a_recording_may_show_is_read(tools: Tools, criteria: str) -> None:
    one = next(s for s in tools.criteria if s.id == criteria)
    shown = {c.id for c in one.criteria if c.criterion_class in ("audio", "part")}
    found = readings(criteria)
    assert set(found) == set(script.names())
    assert {call: r.criteria for call, r in found.items()} == dict.fromkeys(found, shown)


@pytest.mark.parametrize("criteria", SETS)
def test_the_machine_agrees_with_a_careful_reader(
    scored: dict[str, CallRecord], criteria: str
) -> None:
    same, differ, opposed = 0, [], []
    for call, reading in readings(criteria).items():
        given = machine(scored[call], criteria)
        for criterion, status in reading.statuses.items():
            same += given[criterion] == status
            if given[criterion] != status:
                differ.append(f"{call} {criterion}: {given[criterion]}, a reader says {status}")
            if {given[criterion], status} == OPPOSED:
                opposed.append(differ[-1])
        for doubt in reading.doubts:
            status = given[doubt.criterion]
            if status not in doubt.between and {status, *doubt.between} >= OPPOSED:
                opposed.append(f"{call} {doubt.criterion}: {status}, a reader doubts")
    clear = same + len(differ)
    print(f"\n{criteria}: {same} of {clear} clear statuses agree ({same / clear:.1%})", *differ,
          sep="\n  ")  # fmt: skip
    assert not opposed
    assert same >= LEAST * clear


def test_what_no_recording_shows_is_never_claimed(scored: dict[str, CallRecord]) -> None:
    beyond = ("record", "knowledge", "person")
    held = {r.status for s in scored.values() for r in s.results if r.criterion_class in beyond}
    assert held <= {"not_assessable", "not_applicable"}


def test_the_page_of_doubtful_cases_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.golden.reading"
