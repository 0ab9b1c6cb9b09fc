from __future__ import annotations

from callqa.report.overview import overview_page
from tests.report.frames import records, site
from tests.report.reading import Page


def overview(n: int = 3) -> Page:
    calls = records(n)
    frames = site(calls, failed=("broken <b>.wav", "The file is empty."))
    return Page(overview_page(frames.calls, frames.totals, frames.days))


def test_calls_stand_by_what_needs_an_ear() -> None:
    page = overview()
    order = [page.text.index(f"larch-{n:04d}.wav") for n in (417, 418, 419)]
    assert order == sorted(order)


def test_each_call_says_why_and_where() -> None:
    page = overview()
    assert page.text.count("2a is contradicted: a silence of 24 s.") == 3
    assert any(a["href"] == "calls/larch-0417.html#t=56.8" for a in page.links)
    assert any(a["href"] == "calls/larch-0417.html" for a in page.links)
    assert any(a["href"] == "agents/A-12.html" for a in page.links)


def test_counts_stand_at_the_top() -> None:
    text = overview().text
    assert "3 calls scored" in text
    assert "1 file failed" in text
    assert "6 min of sound" in text


def test_a_failed_file_has_its_reason_and_no_link() -> None:
    page = overview()
    assert "broken <b>.wav" in page.text
    assert "The file is empty." in page.text
    assert not any("broken" in a["href"] for a in page.links)


def test_marks_have_words_for_those_who_do_not_see_them() -> None:
    assert "3 evidenced, 1 partly, 0 contradicted of 5 observable" in overview().text


def test_agents_are_listed_by_id_with_no_figure_of_merit() -> None:
    calls = [
        *records(1, "B-7"),
        *(r.model_copy(update={"call_id": "z"}) for r in records(1, "A-1")),
    ]
    frames = site(calls)
    text = Page(overview_page(frames.calls, frames.totals, frames.days)).text
    agents = text[text.index("Agents ") :]
    assert agents.index("A-1 1 call") < agents.index("B-7 1 call")


def test_an_empty_workspace_is_a_page_too() -> None:
    frames = site([])
    text = Page(overview_page(frames.calls, frames.totals, frames.days)).text
    assert "No call has been scored yet." in text


def test_what_the_calls_were_about_stands_over_all_agents() -> None:
    calls = [*records(2), *(r.model_copy(update={"call_id": "z"}) for r in records(1, "B-7"))]
    frames = site(calls)
    text = Page(overview_page(frames.calls, frames.totals, frames.days)).text
    assert "Share with a complaint" in text
    assert "too few n = 3" in text
