"""Levels that people enter: all at S or above make the award, and silence is the lowest."""

import pytest

from callqa.errors import UsageError
from callqa.evidence.levels import award

SCALE = ("N", "L", "S", "H")


def test_s_or_more_on_all_makes_the_award():
    assert award(["1.1", "1.2"], SCALE, "S", {"1.1": "S", "1.2": "H"}).reached is True


def test_one_level_short_is_named():
    found = award(["1.1", "1.2"], SCALE, "S", {"1.1": "H", "1.2": "L"})
    assert (found.reached, found.lacking) == (False, ("1.2",))


def test_what_nobody_entered_is_the_lowest_level():
    found = award(["1.1", "1.2"], SCALE, "S", {"1.1": "H"})
    assert found.levels == {"1.1": "H", "1.2": "N"}
    assert found.lacking == ("1.2",)


@pytest.mark.parametrize("entered", [{"1.1": "M"}, {"9.9": "S"}])
def test_an_unknown_level_or_criterion_is_refused(entered):
    with pytest.raises(UsageError, match="There is no"):
        award(["1.1"], SCALE, "S", entered)
