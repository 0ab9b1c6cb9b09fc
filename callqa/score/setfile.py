"""One criteria file read, with what it takes to say where in it something is wrong."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import ValidationError

from callqa.errors import ConfigError
from callqa.measures import MEASURES
from callqa.records import CriterionClass, Record
from callqa.requirements import Asks, Computed
from callqa.score.parse import Parser, RuleError
from callqa.score.rules import Rule
from callqa.score.sets import (
    Answer,
    Band,
    CriteriaSet,
    Criterion,
    Group,
    Kind,
    OnlyIf,
    Subject,
    TitleSource,
)

CLAUSES = ("applies_when", "assessable_when", "evidenced", "partly", "contradicted", "supports")
HEADER = (
    "id", "title", "awarding_body", "unit_code", "edition", "source", "acknowledgement",
    "notice", "subject",
)  # fmt: skip
_OPTIONS = ("kind", "default", "award_at", "partly_share", "bands")
_SET_KEYS = (*HEADER, *_OPTIONS, "scale", "groups", "criteria")
_GROUP_KEYS = ("id", "title", "title_source", "in_total", "requirement", "asks")
_TEXTS = ("id", "group", "title", "title_source", "class", "guidance")
_CARD_KEYS = ("weight", "critical", "only_if")
_CRITERION_KEYS = (*_TEXTS, "needs", *CLAUSES)
_FIGURE_KEYS = (*_TEXTS, "needs", "computed")  # of a set about an agent and a period
# Which clauses a class must have, and which it cannot have.
_MUST: dict[str, tuple[str, ...]] = {
    "audio": ("evidenced",),
    "part": ("partly", "needs"),
    "record": ("needs",),
    "knowledge": ("needs",),
    "person": ("needs",),
}
_CANNOT: dict[str, tuple[str, ...]] = {
    "audio": ("supports",),
    "part": ("evidenced", "supports"),
    "record": CLAUSES[:-1],
    "knowledge": CLAUSES[:-1],
    "person": CLAUSES[1:-1],
}
_FIGURE_CLASSES = ("audio", "person")  # computed from calls, or entered

Data = TypeVar("Data", bound=Record)
After = Sequence[str]


class SetFile:
    """A TOML file of criteria.

    Raises:
        ConfigError: it cannot be read, or (from ``read`` and ``fail``) says something unknown.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.raw = tomllib.loads(self.text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"The criteria {path} cannot be read: {error}.") from error

    def fail(
        self, message: str, word: str, known: Collection[str] = (), after: After = ()
    ) -> NoReturn:
        """Say what is wrong, with the file and the line of a word."""
        where = f"{self.path}, line {self._line(word, after)}"
        choices = f"Known: {', '.join(known)}." if known else "See docs/rules.md."
        raise ConfigError(f"{where}: {message}.", remedy=choices)

    def _line(self, word: str, after: After) -> int:
        """The line of a word at or below the lines that each of ``after`` matches, from 1."""
        lines = self.text.splitlines()
        at = 0
        for pattern in after:
            at = next((i for i in range(at, len(lines)) if re.match(pattern, lines[i])), at)
        return next((i for i in range(at, len(lines)) if word and word in lines[i]), at) + 1

    # ------------------------------------------------------------ the set

    def read(self, parser: Parser) -> CriteriaSet:
        """The whole file as a criteria set."""
        raw = self.raw
        self._check_keys(raw, _SET_KEYS, [])
        header: dict[str, Any] = {key: self._text(raw, key, []) for key in HEADER}
        header["subject"] = self._choice(raw, "subject", get_args(Subject), [])
        kind: Kind = "unit"
        if "kind" in raw:
            kind = self._choice(raw, "kind", get_args(Kind), [])
        scale = raw.get("scale")
        if not isinstance(scale, list) or not scale:
            self.fail("'scale' needs a list of judgements", "scale")
        groups = tuple(self._group(g) for g in self._tables("groups"))
        criteria = self._criteria([g.id for g in groups], parser, kind, header["subject"])
        if "award_at" in raw:
            self._choice(raw, "award_at", scale, [])
        # Whether a set is scored by default changes nothing that it says.
        told = {k: v for k, v in raw.items() if k != "default"}
        content = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        self._check_asks(groups, criteria)
        return CriteriaSet(
            **header,
            scale=tuple(map(str, scale)),
            groups=groups,
            criteria=tuple(criteria.values()),
            hash=hashlib.sha256(content.encode()).hexdigest()[:16],
            kind=kind,
            default=self._flag(raw, "default", []),
            award_at=raw.get("award_at", ""),
            partly_share=self._share(raw, "partly_share", 0.5),
            bands=self._bands(kind),
        )

    def _criteria(
        self, groups: Sequence[str], parser: Parser, kind: Kind, subject: Subject
    ) -> dict[str, Criterion]:
        found: dict[str, Criterion] = {}
        for table in self._tables("criteria"):
            one = self._criterion(table, groups, parser, kind, subject)
            if one.id in found:
                again = [_id_line(one.id), r"\s*\[\[criteria\]\]"]
                self.fail(f"The criterion {one.id!r} stands twice", f'"{one.id}"', after=again)
            if one.only_if and one.only_if.item not in found:
                self.fail(f"Item {one.id!r} is asked for by {one.only_if.item!r}, which is no "
                          "item above it", "only_if", list(found), _at(one.id))  # fmt: skip
            found[one.id] = one
        return found

    def _bands(self, kind: Kind) -> tuple[Band, ...]:
        raw = self.raw.get("bands", [])
        if kind == "scorecard" and not raw:
            self.fail("A scorecard needs 'bands'", "kind")
        if kind != "scorecard" and raw:
            self.fail("Only a scorecard takes 'bands'", "bands")
        bands = []
        for band in raw:
            if not isinstance(band, dict) or set(band) != {"name", "from"}:
                self.fail("A band needs 'name' and 'from', and no more", "bands")
            bands.append(Band(self._text(band, "name", []), self._share(band, "from", None)))
        bands.sort(key=lambda b: -b.from_share)
        if bands and bands[-1].from_share != 0:
            self.fail("The lowest band starts from 0", "bands")
        return tuple(bands)

    def _check_asks(self, groups: Sequence[Group], criteria: Mapping[str, Criterion]) -> None:
        for group in groups:
            for wanted in group.asks.confirms if group.asks else ():
                if wanted not in criteria:
                    after = [r"\s*\[\[groups\]\]", _id_line(group.id)]
                    said = f"There is no criterion {wanted!r} to confirm"
                    self.fail(said, wanted, list(criteria), after)

    def _tables(self, key: str) -> list[dict[str, Any]]:
        found = self.raw.get(key)
        if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
            self.fail(f"The file needs [[{key}]] tables", key)
        return found

    # ------------------------------------------------------------ its parts

    def _group(self, raw: Mapping[str, Any]) -> Group:
        after = [r"\s*\[\[groups\]\]", _id_line(str(raw.get("id", "")))]
        self._check_keys(raw, _GROUP_KEYS, after)
        texts = {key: self._text(raw, key, after) for key in ("id", "title", "requirement")}
        return Group(
            **texts,
            title_source=self._choice(raw, "title_source", get_args(TitleSource), after),
            in_total=bool(raw.get("in_total", True)),
            asks=self._data(raw, "asks", Asks, after),
        )

    def _criterion(
        self,
        raw: Mapping[str, Any],
        groups: Sequence[str],
        parser: Parser,
        kind: Kind,
        subject: Subject,
    ) -> Criterion:
        after = _at(str(raw.get("id", "")))
        is_figure, is_card = subject == "agent_period", kind == "scorecard"
        known = _FIGURE_KEYS if is_figure else _CRITERION_KEYS
        self._check_keys(raw, (*known, *_CARD_KEYS) if is_card else known, after)
        for key in _TEXTS:
            self._text(raw, key, after)
        classes = _FIGURE_CLASSES if is_figure else get_args(CriterionClass)
        of_class = self._choice(raw, "class", classes, after)
        must = ("computed",) if is_figure and of_class == "audio" else _MUST[of_class]
        for key in (*must, *(("weight",) if is_card else ())):
            if key not in raw:
                self.fail(f"Criterion {raw['id']!r}, class {of_class!r}, needs {key!r}", "class",
                          after=after)  # fmt: skip
        for key in _CANNOT[of_class]:
            if key in raw:
                self.fail(f"Criterion {raw['id']!r}, class {of_class!r}, takes no {key!r}", key,
                          after=after)  # fmt: skip
        return Criterion(
            id=raw["id"],
            group=self._choice(raw, "group", groups, after),
            title=raw["title"],
            title_source=self._choice(raw, "title_source", get_args(TitleSource), after),
            criterion_class=of_class,
            guidance=raw["guidance"],
            needs=self._text(raw, "needs", after) if "needs" in raw else "",
            weight=self._weight(raw, after) if is_card else 0.0,
            critical=self._flag(raw, "critical", after),
            only_if=self._only_if(raw, after),
            computed=self._computed(raw, parser, after),
            **{key: self._clause(raw, key, parser, after) for key in CLAUSES if key in raw},
        )

    def _clause(self, raw: Mapping[str, Any], key: str, parser: Parser, after: After) -> Rule:
        try:
            return parser.rule(raw[key])
        except RuleError as error:
            said = f"Criterion {raw['id']!r}, {key}: {error.message}"
            self.fail(said, error.word, error.known, [*after, rf"\s*{key}\s*="])

    def _computed(self, raw: Mapping[str, Any], parser: Parser, after: After) -> Computed | None:
        found = self._data(raw, "computed", Computed, after)
        if found and found.median is not None and found.median not in MEASURES:
            self.fail(f"There is no measure {found.median!r}", found.median, list(MEASURES), after)
        for label in (*found.share, *found.of) if found else ():
            try:
                parser.selection(label)
            except RuleError as error:
                self.fail(error.message, error.word, error.known, after)
        return found

    def _only_if(self, raw: Mapping[str, Any], after: After) -> OnlyIf | None:
        if "only_if" not in raw:
            return None
        table = raw["only_if"]
        if not isinstance(table, dict) or set(table) != {"item", "answers"}:
            self.fail("'only_if' needs 'item' and 'answers'", "only_if", after=after)
        answers = table["answers"]
        for answer in answers if isinstance(answers, list) else [answers]:
            if answer not in get_args(Answer):
                self.fail(f"There is no answer {answer!r}", str(answer), get_args(Answer), after)
        return OnlyIf(table["item"], tuple(answers))

    def _data(
        self, raw: Mapping[str, Any], key: str, model: type[Data], after: After
    ) -> Data | None:
        if key not in raw:
            return None
        try:
            return model.model_validate(raw[key])
        except ValidationError as error:
            first = error.errors()[0]
            word = str(first["loc"][0]) if first["loc"] else key
            self.fail(f"{key!r}: {first['msg']} ({word})", word, list(model.model_fields),
                      [*after, rf"\s*{key}\s*="])  # fmt: skip

    # ------------------------------------------------------------ values

    def _check_keys(self, raw: Mapping[str, Any], known: Sequence[str], after: After) -> None:
        for key in raw:
            if key not in known:
                self.fail(f"Unknown field {key!r}", key, known, after)

    def _text(self, raw: Mapping[str, Any], key: str, after: After) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            whose = f"Criterion or group {raw['id']!r}" if after and "id" in raw else "The file"
            self.fail(f"{whose} needs a text {key!r}", key if key in raw else "", after=after)
        return value

    def _choice(self, raw: Mapping[str, Any], key: str, known: Sequence[str], after: After) -> Any:
        if raw.get(key) not in known:
            self.fail(f"{key!r} cannot be {raw.get(key)!r}", key, known, after)
        return raw[key]

    def _flag(self, raw: Mapping[str, Any], key: str, after: After) -> bool:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            self.fail(f"{key!r} is true or false, not {value!r}", key, after=after)
        return value

    def _weight(self, raw: Mapping[str, Any], after: After) -> float:
        value = raw["weight"]
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            self.fail(f"'weight' is a number of points, not {value!r}", "weight", after=after)
        return float(value)

    def _share(self, raw: Mapping[str, Any], key: str, default: float | None) -> float:
        value = raw.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.fail(f"{key!r} is a share from 0 to 1, not {value!r}", key)
        return float(value)


def _at(criterion: str) -> list[str]:
    return [r"\s*\[\[criteria\]\]", _id_line(criterion)]


def _id_line(id: str) -> str:
    return rf'\s*id\s*=\s*"{re.escape(id)}"'
