from __future__ import annotations

import csv
import io
import json
import subprocess
import wave
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from callqa.errors import RecordingError, StoreError, UsageError
from callqa.evidence.judgements import judged
from callqa.pack import PackSummary, build_pack
from callqa.pack.moments import clips, items
from callqa.records import CallRecord, QuoteEvidence
from tests.report.records import record

MADE = datetime(2025, 3, 9, 12, 30, tzinfo=UTC)


def silence(call: CallRecord, start_s: float, end_s: float) -> bytes:
    """A wav file as long as was asked for."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * round((end_s - start_s) * 8000))
    return out.getvalue()


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def text_of(pdf: Path | io.BytesIO) -> str:
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    return " ".join(" ".join(pages).replace("ﬁ", "fi").replace("ﬂ", "fl").split())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PackSummary]:
    out = tmp_path_factory.mktemp("packs") / "pack"
    calls = [record(), record("larch-0418")]
    return out, build_pack(calls, out, clip=silence, candidate="Jo Byrne", made_at=MADE)


def rows(pack: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((pack / "index.csv").open(encoding="utf-8-sig", newline="")))


def test_sha256sum_accepts_the_manifest(made: tuple[Path, PackSummary]) -> None:
    pack, _ = made
    check = subprocess.run(
        ["sha256sum", "--strict", "-c", "manifest-sha256.txt"],
        cwd=pack, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert check.returncode == 0, check.stderr
    listed = {line.split(": ")[0] for line in check.stdout.splitlines()}
    there = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()}
    assert there - listed == {"manifest-sha256.txt"}


def test_sha256sum_sees_a_changed_byte(tmp_path: Path) -> None:
    build_pack([record()], tmp_path / "p", clip=silence)
    (tmp_path / "p" / "index.csv").write_text("changed")
    check = subprocess.run(
        ["sha256sum", "-c", "manifest-sha256.txt"], cwd=tmp_path / "p", capture_output=True,
        check=False,
    )  # fmt: skip
    assert check.returncode == 1


def test_every_quoted_moment_has_a_clip_and_the_same_stretch_one(
    made: tuple[Path, PackSummary],
) -> None:
    pack, summary = made
    quoted = [r for r in rows(pack) if r["kind"] == "quote"]
    assert len(quoted) == 2 * 16
    assert all((pack / r["clip"]).is_file() for r in quoted)
    files = sorted((pack / "clips").iterdir())
    assert len(files) == summary.clips == len({r["clip"] for r in quoted}) == 18
    for row in quoted:
        clip = pack / row["clip"]
        assert seconds(clip) >= float(row["to_s"]) - float(row["from_s"]) + 0.5
    # “So you are saying” lies inside the clarifying question: one stretch, one clip
    june = {r["clip"] for r in quoted if r["call"] == "larch-0417" and "So you are" in r["words"]}
    assert len(june) == 1


def test_a_clip_is_half_a_second_longer_on_both_sides(made: tuple[Path, PackSummary]) -> None:
    pack, _ = made
    hold = next(r for r in rows(pack) if r["label"] == "handling.hold_explained")
    length = float(hold["to_s"]) - float(hold["from_s"])
    assert seconds(pack / hold["clip"]) == pytest.approx(length + 1.0, abs=0.02)


def test_a_clip_never_reaches_outside_the_call() -> None:
    asked: list[tuple[float, float]] = []
    call = record()
    early = next(e for r in call.results for e in r.evidence if isinstance(e, QuoteEvidence))
    edge = call.model_copy(
        update={
            "duration_s": 2.1,
            "results": (
                call.results[0].model_copy(
                    update={"evidence": (early.model_copy(update={"start_s": 0.2, "end_s": 2.0}),)}
                ),
            ),
        }
    )

    def note(call: CallRecord, start_s: float, end_s: float) -> None:
        asked.append((start_s, end_s))

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        summary = build_pack([edge], Path(folder) / "p", clip=note)
    assert asked == [(0.0, 2.1)]
    assert summary.silent == 1


def test_clip_names_tell_call_label_and_time(made: tuple[Path, PackSummary]) -> None:
    pack, _ = made
    names = sorted(p.name for p in (pack / "clips").iterdir())
    assert names[0] == "01-larch-0417-opening-greeting-0001.wav"
    assert "08-larch-0417-listening-paraphrase-0041.wav" in names


def test_the_document_can_be_read(made: tuple[Path, PackSummary]) -> None:
    pack, _ = made
    text = text_of(pack / "evidence.pdf")
    for words in (
        "Evidence from calls: Jo Byrne",
        "9 March 2025, 12:30 (UTC)",
        "Use active telephone communication techniques",
        "“Good morning”",
        "0:01–0:02",
        "Contradicted",
        "Longest silence: 24.2 s (limit 15 s)",
        "Still needed: The electronic record.",
        "What these recordings cannot show",
        "Knowledge is shown by answers.",
        "Moments to talk about: no. 20 (“Good morning”, clip 01)",
        "Internal verifier",
        "Signature",
        "a named person decides",
    ):
        assert words in text, words


def test_the_document_is_tagged_and_made_for_keeping(made: tuple[Path, PackSummary]) -> None:
    reader = PdfReader(made[0] / "evidence.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in metadata
    assert "pdfaid:part>2<" in metadata


def test_records_are_whole(made: tuple[Path, PackSummary]) -> None:
    stored = json.loads((made[0] / "records" / "larch-0418.json").read_text(encoding="utf-8"))
    assert CallRecord.model_validate(stored) == record("larch-0418")


def test_words_are_never_typst_and_never_a_formula(tmp_path: Path) -> None:
    hostile = '#panic("x") *b* $1$ \\ ] @ref <l> `r`'
    call = record()
    quote = next(e for e in call.results[0].evidence if isinstance(e, QuoteEvidence))
    result = call.results[0].model_copy(
        update={"why": hostile, "evidence": (quote.model_copy(update={"quote": f"={hostile}"}),)}
    )
    build_pack(
        [call.model_copy(update={"results": (result,)})], tmp_path / "p", clip=silence,
        candidate=hostile,
    )  # fmt: skip
    text = text_of(tmp_path / "p" / "evidence.pdf")
    assert '#panic("x") *b* $1$' in text
    assert rows(tmp_path / "p")[0]["words"] == f"'={hostile}"


def test_words_in_any_script_make_a_document(tmp_path: Path) -> None:
    build_pack([record()], tmp_path / "p", clip=silence, candidate="李雷 Łukasz 🙂")
    assert "Łukasz" in text_of(tmp_path / "p" / "evidence.pdf")


def test_a_zip_unpacks_to_the_same(tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    build_pack([record()], out, clip=silence)
    assert list(tmp_path.iterdir()) == [out]
    with zipfile.ZipFile(out) as file:
        file.extractall(tmp_path / "unpacked")
    check = subprocess.run(
        ["sha256sum", "--strict", "-c", "manifest-sha256.txt"], cwd=tmp_path / "unpacked",
        capture_output=True, check=False,
    )  # fmt: skip
    assert check.returncode == 0


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_what_is_there_is_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match="already something") as caught:
        build_pack([record()], tmp_path / name, clip=silence)
    assert caught.value.remedy
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_nothing_half_written_is_left(tmp_path: Path, name: str) -> None:
    def breaks(call: CallRecord, start_s: float, end_s: float) -> bytes:
        if start_s > 10:
            raise RecordingError("The recording is no longer there.")
        return silence(call, start_s, end_s)

    with pytest.raises(RecordingError):
        build_pack([record()], tmp_path / name, clip=breaks)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        build_pack([record()], tmp_path / "file" / "pack", clip=silence)


def test_no_call_and_a_call_twice_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least one"):
        build_pack([], tmp_path / "p", clip=silence)
    with pytest.raises(UsageError, match="twice"):
        build_pack([record(), record()], tmp_path / "p", clip=silence)


def test_a_transcript_has_evidence_but_no_clips(tmp_path: Path) -> None:
    call = record()
    results = tuple(
        r.model_copy(
            update={
                "evidence": tuple(
                    e.model_copy(update={"start_s": None, "end_s": None})
                    if isinstance(e, QuoteEvidence)
                    else e
                    for e in r.evidence
                )
            }
        )
        for r in call.results
    )
    bare = call.model_copy(update={"results": results, "recordings": (), "duration_s": None})
    summary = build_pack([bare], tmp_path / "p", clip=silence)
    assert summary.clips == 0
    assert not (tmp_path / "p" / "clips").exists()
    assert "no sound" in text_of(tmp_path / "p" / "evidence.pdf")


def test_a_pack_says_what_it_holds(made: tuple[Path, PackSummary]) -> None:
    assert str(made[1]) == "2 calls, 40 pieces of evidence, 18 clips"


def test_items_are_numbered_through_all_calls() -> None:
    calls = [record(), record("b")]
    numbers = [i.number for i in items(calls, clips(calls))]
    assert numbers == list(range(1, len(numbers) + 1))


# ------------------------------------------------------------ what people decided


def decided(call: CallRecord) -> CallRecord:
    """Two assessors on one criterion, and one who was overtaken by another result."""
    rows = [
        ("1b", "evidenced", "R. Lind"),
        ("1b", "partly", "T. Abara"),
        ("2a", "achieved", "R. Lind"),
    ]
    said = tuple(
        judged(call, criterion, level, by=by, reason=f"{by} listened twice", at="2025-03-06",
               scales={"sqa_dn8j11": ("achieved",)})
        for criterion, level, by in rows
    )  # fmt: skip
    results = tuple(
        r.model_copy(update={"status": "partly"}) if r.criterion == "2a" else r
        for r in call.results
    )
    return call.model_copy(update={"judgements": said, "results": results})


def test_decisions_are_filled_in_beside_the_proposal(tmp_path: Path) -> None:
    build_pack([decided(record())], tmp_path / "p", clip=silence, made_at=MADE)
    text = text_of(tmp_path / "p" / "evidence.pdf")
    assert "Decided: Evidenced by R. Lind (assessor) on 6 March 2025" in text
    assert "Decided: Partly by T. Abara" in text
    assert "The proposal has changed since; it was: Contradicted." in text
    assert "Assessor R. Lind, T. Abara" in text


def test_only_what_is_not_decided_leaves_room_for_a_decision(tmp_path: Path) -> None:
    build_pack([record()], tmp_path / "open", clip=silence, made_at=MADE)
    build_pack([decided(record())], tmp_path / "some", clip=silence, made_at=MADE)
    before, after = (
        text_of(tmp_path / name / "evidence.pdf").count("more evidence needed")
        for name in ("open", "some")
    )
    assert before - after == 2
    assert "Decided:" not in text_of(tmp_path / "open" / "evidence.pdf")


def test_the_records_of_a_pack_hold_the_judgements(tmp_path: Path) -> None:
    call = decided(record())
    build_pack([call], tmp_path / "p", clip=silence, made_at=MADE)
    kept = (tmp_path / "p" / "records" / f"{call.call_id}.json").read_text(encoding="utf-8")
    assert CallRecord.model_validate_json(kept).judgements == call.judgements
