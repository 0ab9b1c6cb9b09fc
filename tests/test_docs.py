"""Generated pages are up to date, links lead somewhere, and the README's Python runs."""

import re
import tomllib
from pathlib import Path

import pytest

from callqa import docs

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("name", docs.pages())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == docs.pages()[name], (
        "run `make docs` and commit what it writes"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    from callqa.cli import app

    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    told = set(re.findall(r"`callqa ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert told == known


def test_messages_name_pages_that_exist() -> None:
    for source in (ROOT / "callqa").rglob("*.py"):
        for page in re.findall(r"docs/[\w/]+\.md", source.read_text(encoding="utf-8")):
            assert (ROOT / page).is_file(), f"{source.name} names {page}"


def test_the_lock_file_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(name for extra in extras for name in extra)]
    locked = {
        line.split("==")[0].lower().replace("_", "-").replace(".", "-")
        for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    names = {re.split(r"[\[<>=]", w)[0].lower().replace("_", "-").replace(".", "-") for w in wanted}
    assert names <= locked
