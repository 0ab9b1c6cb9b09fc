from __future__ import annotations

from pathlib import Path

import pytest

from callqa.errors import StoreError
from callqa.report import write_call, write_site
from tests.report.frames import records, site
from tests.report.reading import Page


def test_the_site_holds_together(tmp_path: Path) -> None:
    calls = [*records(2), *(r.model_copy(update={"call_id": "a/b ü"}) for r in records(1, "../B"))]
    counts = write_site(tmp_path, calls, site(calls), lambda r: None)
    assert (counts.calls, counts.agents, counts.removed) == (3, 2, 0)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) == 6
    for page in pages:
        for link in Page(page.read_text(encoding="utf-8")).links:
            target = link["href"].partition("#")[0]
            assert (page.parent / target).resolve().is_file() if target else True, link


def test_no_draft_is_left(tmp_path: Path) -> None:
    write_site(tmp_path, records(1), site(records(1)))
    assert not list(tmp_path.rglob("*.tmp"))


def test_pages_of_calls_that_are_gone_are_removed_and_other_files_stay(tmp_path: Path) -> None:
    write_site(tmp_path, records(2), site(records(2)))
    note = tmp_path / "calls" / "note.html"
    note.write_text("mine")
    counts = write_site(tmp_path, records(1), site(records(1)))
    assert counts.removed == 1
    assert not (tmp_path / "calls" / "larch-0418.html").exists()
    assert note.exists()


def test_one_call_links_only_to_what_is_there(tmp_path: Path) -> None:
    page = write_call(tmp_path, records(1)[0], lambda r: "../audio/x.mp3")
    assert page == tmp_path / "calls" / "larch-0417.html"
    alone = [a["href"] for a in Page(page.read_text(encoding="utf-8")).links]
    assert "../index.html" not in alone
    write_site(tmp_path, records(1), site(records(1)))
    write_call(tmp_path, records(1)[0])
    joined = [a["href"] for a in Page(page.read_text(encoding="utf-8")).links]
    assert {"../index.html", "../agents/A-12.html"} <= set(joined)


def test_sound_and_curve_are_asked_for_each_call(tmp_path: Path) -> None:
    page = write_call(tmp_path, records(1)[0], lambda r: "../audio/y.mp3", peaks=lambda r: None)
    assert 'src="../audio/y.mp3"' in page.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        write_call(blocked, records(1)[0])
