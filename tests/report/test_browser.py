"""The pages in a real browser: from a folder, offline, by keyboard, small, dark, on paper."""

from __future__ import annotations

import io
import math
import shutil
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from callqa.report import write_site
from tests.report.frames import records, site
from tests.report.records import peaks

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ("index.html", "calls/larch-0417.html", "agents/A-12.html")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-sync --disable-component-update "
    "--disable-background-networking --autoplay-policy=no-user-gesture-required"
)


def tone(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = (int(3000 * math.sin(n / 4)) for n in range(int(8000 * seconds)))
        file.writeframes(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site")
    calls = records(4)
    frames = site(calls, failed=("empty.wav", "The file is empty."))
    (path / "audio").mkdir()
    (path / "audio" / "tone.wav").write_bytes(tone(120))
    write_site(path, calls, frames, lambda r: "../audio/tone.wav", peaks=lambda r: peaks())
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine; Debian's package is called chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        yield chromium
        chromium.close()


class Watched:
    """A page and all that it asked for or complained about."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.page = browser.new_context(**context).new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.goto(path.as_uri(), wait_until="load")

    def close(self) -> None:
        self.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_offline_and_accessible(
    browser: Any, folder: Path, name: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = Watched(browser, folder / name, color_scheme=scheme)
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(watched.page).response["violations"]
    serious = [
        (v["id"], [n["html"][:120] for n in v["nodes"]][:3])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert watched.complaints == []
    assert all(url.startswith(("file://", "data:")) for url in watched.asked)
    watched.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(browser: Any, folder: Path, name: str) -> None:
    watched = Watched(browser, folder / name, viewport={"width": 360, "height": 740})
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 360
    watched.close()


def test_the_keyboard_reaches_a_time_and_plays_it(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "calls/larch-0417.html")
    page = watched.page
    focused = "document.activeElement"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(f"{focused}.dataset.at !== undefined"):
            break
    second = float(page.evaluate(f"{focused}.dataset.at"))
    assert second == pytest.approx(56.8)  # the first flag's
    page.keyboard.press("Enter")
    for _ in range(100):  # the page's own policy forbids Playwright's waiting by expression
        now = page.evaluate("document.querySelector('#sound').currentTime")
        head = page.evaluate("document.querySelector('#playhead').getAttribute('transform')")
        if now > second and head:
            break
        page.wait_for_timeout(100)
    assert second < now < second + 12
    assert head
    watched.close()


def test_the_overviews_second_is_where_the_call_opens(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "index.html")
    watched.page.click("a.at >> nth=0")
    watched.page.wait_for_load_state("load")
    assert watched.page.url.endswith("calls/larch-0417.html#t=56.8")
    assert watched.page.evaluate("document.querySelector('#sound').currentTime") == 56.8
    watched.close()


def test_a_mark_tells_why_by_keyboard(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "calls/larch-0417.html")
    page = watched.page
    page.focus("button.chip >> nth=0")
    assert page.is_visible(".tip >> nth=0")
    assert "greets the customer" in page.inner_text(".tip >> nth=0")
    assert page.evaluate("document.querySelector('mark').classList.contains('lit')")
    watched.close()


def test_families_can_be_hidden(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "calls/larch-0417.html")
    page = watched.page
    assert page.is_visible("li[data-f=opening] >> nth=0")
    page.uncheck("input[value=opening]")
    assert not page.is_visible("li[data-f=opening] >> nth=0")
    assert page.is_visible("li[data-f=question] >> nth=0")
    assert page.is_visible("text=Good morning >> nth=-1")  # the words stay
    watched.close()


def test_the_list_is_filtered_and_sorted(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "index.html")
    page = watched.page
    names = "[...document.querySelectorAll('[data-row]:not([hidden])')].map(r => r.dataset.name)"
    page.select_option("#order", "started down")
    assert page.evaluate(names)[0] == "larch-0420.wav"
    page.fill("#find", "0418 billing")
    assert page.evaluate(names) == ["larch-0418.wav"]
    assert page.inner_text("#count") == "1 of 4 calls"
    watched.close()


def test_on_paper_folded_parts_are_open(browser: Any, folder: Path) -> None:
    watched = Watched(browser, folder / "calls/larch-0417.html")
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(watched.page.pdf())).pages)
    assert "Maintain accurate electronic" in " ".join(text.split())
    watched.close()
