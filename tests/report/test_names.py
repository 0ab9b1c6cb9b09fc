from __future__ import annotations

from pathlib import Path

from callqa.report.names import FAMILIES, LABELS, family_of, label_name, measure_name
from callqa.report.wording import clock, file_name, quantity


def test_a_label_without_an_entry_is_still_readable() -> None:
    assert label_name("weather.rain_mentioned") == "Rain mentioned"
    assert label_name("odd") == "Odd"
    assert measure_name("rain_longest_s") == "Rain longest"


def test_every_named_label_belongs_to_a_named_family() -> None:
    assert {family_of(label) for label in LABELS} == set(FAMILIES)


def test_labels_of_a_family_have_names_of_their_own() -> None:
    names = list(LABELS.values())
    assert len(names) == len(set(names))


def test_a_time_is_rounded_down() -> None:
    assert clock(59.99) == "0:59"
    assert clock(-0.2) == "0:00"


def test_file_names_stay_in_their_folder_and_apart(tmp_path: Path) -> None:
    for id in ("../../etc", "a/b", "a\\b", "", ".", "..", "x" * 300, "ü"):
        assert (tmp_path / f"{file_name(id)}.html").resolve().parent == tmp_path.resolve()
    assert len({file_name(id) for id in ("a/b", "a_b", "a b", "a\\b")}) == 4


def test_units_are_written_for_people() -> None:
    assert quantity(0.5, "share") == "50%"
    assert quantity(75, "s") == "1:15 min"
    assert quantity(3.0, "count") == "3"
