"""What is kept back is drawn by a rule, and stays what it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks.understanding import oasis, transcripts
from benchmarks.understanding.split import sealed


def drawn(call_id: str) -> bool:
    return int(hashlib.sha256(call_id.encode()).hexdigest(), 16) % 3 == 0


def test_real_calls_are_kept_back_by_the_hash_of_their_id() -> None:
    assert len(sealed("oasis")) == 124
    assert all(drawn(call_id) for call_id in sealed("oasis"))


def test_every_third_transcript_is_kept_back() -> None:
    assert sealed("transcripts") == {f"{n:03}" for n in range(3, 121, 3)}
    assert not {t.id for t in transcripts.load()} & {t.id for t in transcripts.load(final=True)}


def test_no_real_call_is_in_both_parts(shared_data: Path) -> None:
    path = shared_data / "oasis" / "dev.jsonl"
    building = {c["call_id"] for c in oasis.load(path, final=False)}
    kept_back = {c["call_id"] for c in oasis.load(path, final=True)}
    assert kept_back == sealed("oasis")
    assert not any(drawn(call_id) for call_id in building)
    assert {oasis.fold(call_id) for call_id in building} == set(range(oasis.FOLDS))


def test_a_detection_belongs_to_the_segment_that_holds_most_of_it() -> None:
    call = {
        "call_id": "1",
        "turns": [
            {"role": "agent", "segments": [
                {"text": "right", "type": "dm", "act": "ackn"},
                {"text": "is it working", "type": "q_yn", "act": "reqInfo"},
            ]},
            {"role": "customer", "segments": [{"text": "yes", "type": "yes", "act": "answ"}]},
        ],
    }  # fmt: skip
    first, second = oasis.segments(call)
    assert [s.number for s in (*first, *second)] == [0, 1, 2]
    assert second[0].answers
    assert not first[0].answers
    assert oasis.rows(call, joined=True)[0] == ("agent", "right is it working")
    assert oasis.rows(call, joined=False)[1] == ("agent", "is it working")
