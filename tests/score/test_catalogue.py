"""Titles and levels of criteria sets, read without their rules."""

from pathlib import Path

import pytest

from callqa.errors import ConfigError
from callqa.score.catalogue import catalogue
from callqa.settings import load_settings


@pytest.mark.parametrize(
    ("criteria", "level", "status"),
    [
        ("sqa_dn8j11", "achieved", "evidenced"),
        ("sqa_dn8j11", "not yet achieved", "not_evidenced"),
        ("ingots_unit46", "L", "not_evidenced"),
        ("ingots_unit46", "S", "evidenced"),
        ("ingots_unit46", "H", "evidenced"),
        ("ipla_customer_service", "Approaches", "not_evidenced"),
        ("scorecard_default", "partly", "partly"),
        ("scorecard_default", "no", "contradicted"),
        ("scorecard_default", "na", "not_applicable"),
    ],
)
def test_a_level_stands_for_a_status(criteria: str, level: str, status: str) -> None:
    assert catalogue(load_settings().criteria).meanings[criteria, level] == status


def test_every_criterion_has_its_title() -> None:
    titles = catalogue(load_settings().criteria).titles
    assert titles["sqa_dn8j11", "1b"] == "Identify customer needs"
    assert all(titles.values())


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("id = ")
    with pytest.raises(ConfigError, match=r"own\.toml"):
        catalogue(tmp_path)
