"""The labelled calls that the model is fitted to."""

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.understanding.split import sealed
from examples.rows import EXAMPLES, TRANSCRIPTS

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILES = sorted((EXAMPLES / "calls").glob("*.tsv"))


def labels() -> set[str]:
    guide = (DOCS / "labelling.md").read_text("utf-8")
    known = set(re.findall(r"`([a-z]+\.[a-z_]+)`", guide))
    functions = "open closed probing clarifying reflective leading hypothetical multiple sensitive"
    known |= {f"question.{f}" for f in functions.split()}
    (situations,) = re.findall(r"`situation\.\*`.*?`([a-z_ ]+)`", guide)
    return known | {f"situation.{s}" for s in situations.split()}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_turn_has_a_side_words_and_known_labels(path: Path) -> None:
    known = labels()
    for block in re.split(r"\n\s*\n", path.read_text("utf-8").strip("\n")):
        head, *rows = block.split("\n")
        assert head.startswith("# "), head
        assert head.split("|")[3].strip() in ("clean", "recognised")
        for row in rows:
            role, words, given = row.split("\t")
            assert role in ("A", "C")
            assert words.strip()
            assert {x.lstrip("?") for x in given.split()} <= known, row


def test_no_call_that_is_kept_back_is_among_them() -> None:
    said = Counter(
        row.split("\t")[1]
        for path in FILES
        for row in path.read_text("utf-8").split("\n")
        if "\t" in row and len(row.split("\t")[1]) > 60
    )
    kept_back = "".join(
        (TRANSCRIPTS / f"{n}.toml").read_text("utf-8") for n in sealed("transcripts")
    )
    assert not [words for words in said if words in kept_back]
