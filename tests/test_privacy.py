"""What must never be kept or sent: card numbers, words in logs, anything over the network."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import create_engine, text

from callqa.pipeline import load_tools, read, understand
from callqa.records import Metadata
from callqa.redact import redact_turns
from callqa.settings import load_settings
from callqa.spoken import spoken_digits
from callqa.transcripts import GivenCall, parse_call

ROOT = Path(__file__).resolve().parents[1]
CARD = "card_payment"


def script(name: str) -> GivenCall:
    timing = json.loads((ROOT / "audio_samples" / "timing" / f"{name}.json").read_text())
    turns = [{"role": t["role"], "text": t["text"]} for t in timing["turns"]]
    return parse_call({"turns": turns}, where=name, default_id=name)


def card_number(call: GivenCall) -> str:
    """The digits of the card number that a call's script speaks."""
    turns = call.transcript.turns
    return "".join(
        d.value
        for before, after in zip(turns, redact_turns(turns), strict=True)
        for r in after.redactions
        if r.kind == "card" and before.participant == "p2"
        for d in spoken_digits(before.text[r.source_start_char : r.source_end_char].split())
    )


def traces(number: str) -> re.Pattern[str]:
    """Eight digits of the number in a row, or four of them as words, however they are spaced."""
    names = "zero one two three four five six seven eight nine".split()
    eights = [number[i : i + 8] for i in range(len(number) - 7)]
    fours = [number[i : i + 4] for i in range(len(number) - 3)]
    spoken = [r"[\s,.-]+".join(names[int(d)] for d in four) for four in fours]
    return re.compile("|".join([*(r"[\s,.-]*".join(e) for e in eights), *spoken]), re.IGNORECASE)


def test_the_script_of_the_card_call_has_a_secret_to_find() -> None:
    call = script(CARD)
    assert len(card_number(call)) == 16
    assert traces(card_number(call)).search(" ".join(t.text for t in call.transcript.turns))
    kinds = {r.kind for t in redact_turns(call.transcript.turns) for r in t.redactions}
    assert {"card", "security_code"} <= kinds


def test_labels_do_not_change_by_redaction() -> None:
    call = script(CARD)
    tools = load_tools()
    redacted = read(call)
    raw = redacted.model_copy(update={"transcript": call.transcript})
    found = [
        {(d.label, d.turn) for d in understand(CARD, heard, Metadata(), tools).detections}
        for heard in (redacted, raw)
    ]
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The card call scored by the flow and published, with home and temporary folders apart."""
    place = tmp_path_factory.mktemp("private")
    audio = next(p for p in (ROOT / "audio_samples").iterdir() if p.name.startswith(f"{CARD}."))
    environment = os.environ | {
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "tmp"),
        "PREFECT_HOME": str(place / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "CALLQA_CACHE": os.environ.get("CALLQA_CACHE", str(Path.home() / ".cache" / "callqa")),
    }
    (place / "tmp").mkdir()
    (place / "home").mkdir()
    commands = [
        ["flows.score_calls", str(audio), "--workspace", str(place / "w")],
        ["callqa.cli", "report", "--all", "--workspace", str(place / "w")],
        ["callqa.cli", "pack", CARD, "-o", str(place / "pack"), "--workspace", str(place / "w")],
    ]
    for n, (module, *args) in enumerate(commands):
        done = subprocess.run(
            [sys.executable, "-m", module, *args],
            env=environment, cwd=place, capture_output=True, text=True, timeout=280, check=False,
        )  # fmt: skip
        (place / f"log{n}.txt").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, done.stderr[-2000:]
    return place


@pytest.mark.slow
def test_the_card_number_is_nowhere(scored: Path) -> None:
    pattern = traces(card_number(script(CARD)))
    searched = 0
    for path in scored.rglob("*"):
        if path.is_file() and path.suffix not in (".mp3", ".wav"):
            assert not pattern.search(path.read_bytes().decode("utf-8", "replace")), path
            searched += 1
    assert searched > 5
    pdf = " ".join(page.extract_text() for page in PdfReader(scored / "pack/evidence.pdf").pages)
    assert not pattern.search(pdf)
    for table, column in (("analyses", "record"), ("stages", "output")):
        for payload in _payloads(scored / "w" / "callqa.db", table, column):
            assert not pattern.search(" ".join(_turn_texts(json.loads(payload)))), table


def _payloads(database: Path, table: str, column: str) -> list[str]:
    with create_engine(f"sqlite:///{database}").connect() as db:
        rows = db.execute(text(f"select {column} from {table}")).scalars().all()
    assert rows
    return [zlib.decompress(row).decode() for row in rows]


def _turn_texts(value: object) -> list[str]:
    """Every text, quote and word anywhere in a record."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k in ("text", "quote", "why") and isinstance(v, str)]
        return own + [t for v in value.values() for t in _turn_texts(v)]
    if isinstance(value, list):
        return [t for v in value for t in _turn_texts(v)]
    return []


@pytest.mark.slow
def test_the_card_number_cannot_be_heard_in_clips_or_pages(scored: Path) -> None:
    from callqa.pipeline import hear

    tools = load_tools(load_settings(workspace=scored / "w2"))
    sounds = [*scored.glob("pack/clips/*.wav"), *scored.glob("w/report/audio/*.mp3")]
    assert len(sounds) >= 2
    (whole,) = scored.glob("w/report/audio/*.mp3")
    heard = hear(whole, tools).transcript
    said = [w.text for t in heard.turns for w in t.words]
    digits = " ".join(d.value for d in spoken_digits(said))
    number = card_number(script(CARD))
    assert all(number[i : i + 4] not in digits for i in range(0, 16, 4))


def test_logs_hold_no_words_of_a_call(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    call = parse_call(
        {"turns": [{"role": "customer", "text": "zanzibar marmalade is my complaint"}]},
        where="t", default_id="t",
    )  # fmt: skip
    understand("t", read(call), Metadata(), load_tools())
    assert "zanzibar" not in caplog.text


@pytest.mark.slow
def test_nothing_reaches_the_network(tmp_path: Path) -> None:
    """A whole call, mono so that every model is used, in a process where sockets are forbidden."""
    audio = next(p for p in (ROOT / "audio_samples").iterdir() if p.name.startswith("sales_call."))
    code = f"""
import socket
class Forbidden(socket.socket):
    def connect(self, *a): raise AssertionError(f"network: {{a}}")
    connect_ex = sendto = connect
socket.socket = Forbidden
def no(*a, **k): raise AssertionError(f"network: {{a}}")
socket.create_connection = socket.getaddrinfo = no
from callqa import analyse
record = analyse({str(audio)!r})
assert record.results and record.transcript.turns
print("scored", len(record.transcript.turns))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=280, cwd=tmp_path,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("scored")


def test_telemetry_is_off_before_any_library_is_imported() -> None:
    code = (
        "import callqa, os, sys; "
        "assert not {'torch', 'prefect', 'pyannote.audio', 'huggingface_hub'} & set(sys.modules); "
        "print(os.environ['HF_HUB_OFFLINE'], os.environ['PYANNOTE_METRICS_ENABLED'],"
        " os.environ['PREFECT_SERVER_ANALYTICS_ENABLED'], os.environ['DO_NOT_TRACK'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "false", "false", "1"]
