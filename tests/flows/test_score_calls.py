"""The flow does what the command line does, with a task a stage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callqa.store.store import Store


@pytest.mark.slow
def test_a_batch_with_a_bad_file(tmp_path: Path) -> None:
    calls = tmp_path / "in"
    calls.mkdir()
    turns = [
        {"role": "agent", "text": "Hello, Acme, how can I help?"},
        {"role": "customer", "text": "Where is my order?"},
    ]
    (calls / "good.json").write_text(json.dumps({"turns": turns}))
    (calls / "bad.wav").write_bytes(b"")
    command = [sys.executable, "-m", "flows.score_calls", str(calls), "--workspace", "w"]
    environment = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect")}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr[-2000:]
    assert "good" in done.stdout
    assert "bad.wav" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    store = Store.in_folder(tmp_path / "w")
    assert store.call_ids() == ["good"]
    assert {e.state for e in store.ledger()} == {"done", "failed"}


def test_each_stage_is_a_task() -> None:
    from callqa.records import Span
    from flows import score_calls

    made: list[str] = []

    class Task:
        def __init__(self, **options: object) -> None:
            made.append(str(options["name"]))
            assert options["retries"] == score_calls.RETRIES
            assert options["persist_result"] is False

        def __call__(self, function: object) -> object:
            return function

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score_calls, "task", Task)
        span = score_calls.as_task("listen", lambda: Span(start_s=0, end_s=1))
    assert span == Span(start_s=0, end_s=1)
    assert made == ["listen"]
