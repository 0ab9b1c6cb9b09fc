"""Clauses as they stand in a criteria file, read into rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, get_args

from callqa.measures import MEASURES
from callqa.profile import Profile
from callqa.records import Metadata, Role
from callqa.score.rules import (
    After,
    All,
    AnyOf,
    AtLeast,
    AtLeastDistinct,
    Before,
    Each,
    FirstWithin,
    Has,
    Limits,
    MeasureIs,
    MetadataIs,
    NoneOf,
    Number,
    Pick,
    Ratio,
    Rule,
    Test,
)

PROFILE = "profile."
NEVER_SCORED = "emotion."  # signs of emotion never enter an agent's score


class RuleError(Exception):
    """A clause says something that is not in the vocabulary. ``word`` is the offending one."""

    def __init__(self, message: str, word: str, known: Collection[str] = ()) -> None:
        super().__init__(message)
        self.message, self.word, self.known = message, word, sorted(known)


# operator → words it must have, words it may have. The first that a table holds is its operator:
# “at_least” stands last, because measure, metadata and ratio use it as a limit.
_LIMITS = ("at_most", "at_least", "above")
_FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "all": ((), ()),
    "any": ((), ()),
    "none": ((), ()),
    "where": (("has",), ()),
    "each": (("has",), ("within_s", "turns")),
    "before": (("has",), ()),
    "after": (("has",), ()),
    "first_within_s": (("has",), ("turns",)),
    "ratio": (("to",), _LIMITS),
    "measure": ((), _LIMITS),
    "metadata": ((), (*_LIMITS, "equals")),
    "at_least": (("of",), ("distinct",)),
}
WORDS = tuple(_FORMS)


class Parser:
    """Reads clauses against the labels that detectors and lexicons emit.

    Raises:
        RuleError: an unknown word, label, measure, profile or metadata field, or a wrong shape.
    """

    def __init__(self, known_labels: Collection[str]) -> None:
        self.labels = frozenset(known_labels)

    def rule(self, raw: object) -> Rule:
        """A clause, or a part of one, as a rule."""
        if isinstance(raw, str | list):
            return self.selection(raw)
        if not isinstance(raw, dict):
            raise RuleError(f"A rule cannot be {raw!r}", str(raw), WORDS)
        word = _operator(raw)
        readers: dict[str, Callable[[dict[str, Any]], Rule]] = {
            "all": lambda t: All(self._rules(t["all"], "all")),
            "any": lambda t: AnyOf(self._rules(t["any"], "any")),
            "none": lambda t: NoneOf(self._rules(t["none"], "none")),
            "where": self.selection,
            "each": self._each,
            "before": lambda t: Before(self.selection(t["before"]), self.selection(t["has"])),
            "after": lambda t: After(self.selection(t["after"]), self.selection(t["has"])),
            "first_within_s": self._first_within,
            "ratio": self._ratio,
            "measure": self._measure,
            "metadata": self._metadata,
            "at_least": self._at_least,
        }
        return readers[word](raw)

    def selection(self, raw: object) -> Has:
        """A label, a family, a ``where`` filter, or a list of them."""
        if isinstance(raw, str):
            return Has((Pick(raw, self._labels(raw)),))
        if isinstance(raw, list) and raw:
            return Has(tuple(pick for part in raw for pick in self.selection(part).picks))
        if isinstance(raw, dict) and _operator(raw) == "where":
            tests = _tests(raw["where"])
            picks = self.selection(raw["has"]).picks
            return Has(tuple(Pick(p.written, p.labels, p.where + tests) for p in picks))
        raise RuleError(
            "A label, a family such as 'positive.*', a where filter or a list of them belongs "
            f"here, not {raw!r}",
            next(iter(raw), "") if isinstance(raw, dict) else str(raw),
        )

    def _labels(self, written: str) -> frozenset[str]:
        if written.startswith(NEVER_SCORED):
            raise RuleError(f"{written!r}: signs of emotion never enter a score", written)
        if written.endswith(".*"):
            found = frozenset(x for x in self.labels if x.startswith(written[:-1]))
        else:
            found = self.labels & {written}
        if not found:
            raise RuleError(f"Nothing emits the label {written!r}", written, self.labels)
        return found

    def _rules(self, raw: object, word: str) -> tuple[Rule, ...]:
        if not isinstance(raw, list) or not raw:
            raise RuleError(f"{word!r} needs a list of rules that is not empty", word)
        return tuple(self.rule(part) for part in raw)

    def _each(self, t: dict[str, Any]) -> Rule:
        if "within_s" not in t and "turns" not in t:
            raise RuleError("'each' needs 'within_s', 'turns' or both", "each")
        within = _number(t["within_s"], "within_s") if "within_s" in t else None
        anchor, has = self.selection(t["each"]), self.selection(t["has"])
        return Each(anchor, has, within, _whole(t, "turns"))

    def _first_within(self, t: dict[str, Any]) -> Rule:
        seconds = _number(t["first_within_s"], "first_within_s")
        return FirstWithin(seconds, self.selection(t["has"]), _whole(t, "turns"))

    def _ratio(self, t: dict[str, Any]) -> Rule:
        return Ratio(self.selection(t["ratio"]), self.selection(t["to"]), _limits(t, "ratio"))

    def _measure(self, t: dict[str, Any]) -> Rule:
        name = t["measure"]
        if name not in MEASURES:
            raise RuleError(f"There is no measure {name!r}", str(name), MEASURES)
        return MeasureIs(name, _limits(t, "measure"))

    def _metadata(self, t: dict[str, Any]) -> Rule:
        field = t["metadata"]
        if field not in Metadata.model_fields:
            raise RuleError(
                f"There is no metadata field {field!r}", str(field), Metadata.model_fields
            )
        if "equals" not in t:
            return MetadataIs(field, _limits(t, "metadata"))
        values = t["equals"] if isinstance(t["equals"], list) else [t["equals"]]
        return MetadataIs(field, None, tuple(values))

    def _at_least(self, t: dict[str, Any]) -> Rule:
        n = _number(t["at_least"], "at_least")
        if not t.get("distinct", False):
            return AtLeast(n, self.selection(t["of"]))
        written = self._rules(t["of"], "of")
        rules = tuple(one for part in written for one in _apart(part))
        if n.value is not None and n.value > len(rules):
            raise RuleError(f"At least {n.value:g} of {len(rules)} can never hold", "at_least")
        return AtLeastDistinct(n, rules, written)


def _operator(table: Mapping[str, object]) -> str:
    """The operator of a rule table, its other words checked."""
    for word in table:
        if word not in _FORMS and not any(word in need + may for need, may in _FORMS.values()):
            raise RuleError(f"Unknown rule word {word!r}", word, WORDS)
    operator = next((word for word in _FORMS if word in table), None)
    if operator is None:
        raise RuleError(f"A rule needs one of its words, not only {', '.join(table)}",
                        next(iter(table), ""), WORDS)  # fmt: skip
    needed, allowed = _FORMS[operator]
    for word in needed:
        if word not in table:
            raise RuleError(f"{operator!r} needs {word!r}", operator, needed)
    for word in table:
        if word not in (operator, *needed, *allowed):
            raise RuleError(f"{operator!r} takes no {word!r}", word, (*needed, *allowed))
    return operator


def _apart(rule: Rule) -> list[Rule]:
    """A family as one rule a label, so that different labels count as distinct."""
    if not isinstance(rule, Has) or len(rule.picks) > 1:
        return [rule]
    pick = rule.picks[0]
    return [Has((Pick(label, frozenset({label}), pick.where),)) for label in sorted(pick.labels)]


def _number(raw: object, word: str) -> Number:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Number(value=float(raw))
    numeric = [n for n, f in Profile.model_fields.items() if f.annotation in (int, float)]
    if isinstance(raw, str) and raw.startswith(PROFILE):
        if raw.removeprefix(PROFILE) in numeric:
            return Number(field=raw.removeprefix(PROFILE))
        raise RuleError(f"The profile has no number {raw!r}", raw, [PROFILE + n for n in numeric])
    raise RuleError(f"{word!r} needs a number or 'profile.<field>', not {raw!r}", str(raw),
                    [PROFILE + n for n in numeric])  # fmt: skip


def _whole(table: Mapping[str, object], word: str) -> int | None:
    raw = table.get(word)
    if raw is not None and (not isinstance(raw, int) or isinstance(raw, bool) or raw < 1):
        raise RuleError(f"{word!r} needs a whole number from 1, not {raw!r}", word)
    return raw


def _limits(table: Mapping[str, object], word: str) -> Limits:
    given = {k: _number(table[k], k) for k in _LIMITS if k in table}
    if not given:
        raise RuleError(f"{word!r} needs 'at_most', 'at_least' or 'above'", word, _LIMITS)
    return Limits(**given)


def _tests(raw: object) -> tuple[Test, ...]:
    if not isinstance(raw, dict) or not raw:
        raise RuleError("'where' needs a table of attributes", "where")
    tests = []
    for name, wanted in raw.items():
        if isinstance(wanted, dict):
            for word in wanted:
                if word not in _LIMITS:
                    raise RuleError(f"Unknown limit {word!r}", word, _LIMITS)
            tests.append(Test(name, limits=_limits(wanted, name)))
            continue
        values = tuple(wanted) if isinstance(wanted, list) else (wanted,)
        for value in values:
            if name == "role" and value not in get_args(Role):
                raise RuleError(f"There is no role {value!r}", str(value), get_args(Role))
        tests.append(Test(name, values))
    return tuple(tests)
