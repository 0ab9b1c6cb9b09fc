"""Qualification units as data: one TOML a unit, checked whole when it is loaded."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

from callqa.errors import ConfigError
from callqa.records import CriterionClass
from callqa.score.parse import Parser, RuleError
from callqa.score.rules import Rule

TitleSource = Literal["source", "ours"]

CLAUSES = ("applies_when", "assessable_when", "evidenced", "partly", "contradicted", "supports")
HEADER = (
    "id", "title", "awarding_body", "unit_code", "edition", "source", "acknowledgement",
    "notice", "subject",
)  # fmt: skip
_SET_KEYS = (*HEADER, "scale", "groups", "criteria")
_GROUP_KEYS = ("id", "title", "title_source", "in_total", "requirement")
_TEXTS = ("id", "group", "title", "title_source", "class", "guidance")
_CRITERION_KEYS = (*_TEXTS, "needs", *CLAUSES)
# Which clauses a class must have, and which it cannot have.
_MUST: dict[str, tuple[str, ...]] = {
    "audio": ("evidenced",),
    "part": ("partly", "needs"),
    "record": ("needs",),
    "knowledge": ("needs",),
}
_CANNOT: dict[str, tuple[str, ...]] = {
    "audio": ("supports",),
    "part": ("evidenced", "supports"),
    "record": CLAUSES[:-1],
    "knowledge": CLAUSES[:-1],
}


@dataclass(frozen=True)
class Group:
    """An outcome or part of a unit that totals are shown for."""

    id: str
    title: str
    title_source: TitleSource
    in_total: bool
    requirement: str  # how much evidence the awarding body asks for, in our words


@dataclass(frozen=True)
class Criterion:
    """One criterion; a clause that is None says nothing."""

    id: str
    group: str
    title: str
    title_source: TitleSource
    criterion_class: CriterionClass
    guidance: str
    needs: str = ""
    applies_when: Rule | None = None
    assessable_when: Rule | None = None
    evidenced: Rule | None = None
    partly: Rule | None = None
    contradicted: Rule | None = None
    supports: Rule | None = None


@dataclass(frozen=True)
class CriteriaSet:
    """A unit. ``hash`` is of its content: comments and layout do not change it."""

    id: str
    title: str
    awarding_body: str
    unit_code: str
    edition: str
    source: str
    acknowledgement: str
    notice: str
    subject: str
    scale: tuple[str, ...]
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    hash: str


def load_criteria(
    folder: Path, known_labels: Collection[str], ids: Sequence[str] | None = None
) -> list[CriteriaSet]:
    """The units in a folder, in order of id; only those named in ``ids`` when given.

    ``known_labels`` are all labels that detectors and lexicons emit.

    Raises:
        ConfigError: a file is not TOML, or holds an unknown word, label, measure, profile field
            or criterion class, a duplicate id, or lacks something; or an id is not there.
    """
    parser = Parser(known_labels)
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigError(f"There are no criteria in {folder}.", remedy="Give a folder of TOMLs.")
    loaded: dict[str, CriteriaSet] = {}
    for path in paths:
        file = _File(path)
        one = file.read(parser)
        if one.id in loaded:
            file.fail(f"The unit id {one.id!r} is already taken by another file", one.id)
        loaded[one.id] = one
    for wanted in ids or ():
        if wanted not in loaded:
            raise ConfigError(f"There are no criteria {wanted!r}.",
                              remedy=f"Known: {', '.join(sorted(loaded))}.")  # fmt: skip
    return [loaded[i] for i in sorted(loaded) if ids is None or i in ids]


class _File:
    """One TOML file, with what it takes to say where in it something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.raw = tomllib.loads(self.text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"The criteria {path} cannot be read: {error}.") from error

    def fail(
        self, message: str, word: str, known: Collection[str] = (), after: Sequence[str] = ()
    ) -> NoReturn:
        where = f"{self.path}, line {self._line(word, after)}"
        choices = f"Known: {', '.join(known)}." if known else "See docs/rules.md."
        raise ConfigError(f"{where}: {message}.", remedy=choices)

    def _line(self, word: str, after: Sequence[str]) -> int:
        """The line of a word at or below the lines that each of ``after`` matches, from 1."""
        lines = self.text.splitlines()
        at = 0
        for pattern in after:
            at = next((i for i in range(at, len(lines)) if re.match(pattern, lines[i])), at)
        return next((i for i in range(at, len(lines)) if word and word in lines[i]), at) + 1

    def read(self, parser: Parser) -> CriteriaSet:
        self._check_keys(self.raw, _SET_KEYS, [])
        header = {key: self._text(self.raw, key, []) for key in HEADER}
        scale = self.raw.get("scale")
        if not isinstance(scale, list) or not scale:
            self.fail("'scale' needs a list of judgements", "scale")
        groups = tuple(self._group(g) for g in self._tables("groups"))
        criteria: dict[str, Criterion] = {}
        for table in self._tables("criteria"):
            one = self._criterion(table, [g.id for g in groups], parser)
            if one.id in criteria:
                again = [_id_line(one.id), r"\s*\[\[criteria\]\]"]
                self.fail(f"The criterion {one.id!r} stands twice", f'"{one.id}"', after=again)
            criteria[one.id] = one
        content = json.dumps(self.raw, sort_keys=True, ensure_ascii=False, default=str)
        return CriteriaSet(
            **header,
            scale=tuple(map(str, scale)),
            groups=groups,
            criteria=tuple(criteria.values()),
            hash=hashlib.sha256(content.encode()).hexdigest()[:16],
        )

    def _tables(self, key: str) -> list[dict[str, Any]]:
        found = self.raw.get(key)
        if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
            self.fail(f"The file needs [[{key}]] tables", key)
        return found

    def _group(self, raw: Mapping[str, Any]) -> Group:
        after = [r"\s*\[\[groups\]\]", _id_line(str(raw.get("id", "")))]
        self._check_keys(raw, _GROUP_KEYS, after)
        texts = {key: self._text(raw, key, after) for key in ("id", "title", "requirement")}
        return Group(
            **texts,
            title_source=self._choice(raw, "title_source", get_args(TitleSource), after),
            in_total=bool(raw.get("in_total", True)),
        )

    def _criterion(
        self, raw: Mapping[str, Any], groups: Sequence[str], parser: Parser
    ) -> Criterion:
        after = [r"\s*\[\[criteria\]\]", _id_line(str(raw.get("id", "")))]
        self._check_keys(raw, _CRITERION_KEYS, after)
        for key in _TEXTS:
            self._text(raw, key, after)
        kind = self._choice(raw, "class", get_args(CriterionClass), after)
        for key in _MUST[kind]:
            if key not in raw:
                self.fail(f"Criterion {raw['id']!r}, class {kind!r}, needs {key!r}", "class",
                          after=after)  # fmt: skip
        for key in _CANNOT[kind]:
            if key in raw:
                self.fail(f"Criterion {raw['id']!r}, class {kind!r}, takes no {key!r}", key,
                          after=after)  # fmt: skip
        return Criterion(
            id=raw["id"],
            group=self._choice(raw, "group", groups, after),
            title=raw["title"],
            title_source=self._choice(raw, "title_source", get_args(TitleSource), after),
            criterion_class=kind,
            guidance=raw["guidance"],
            needs=self._text(raw, "needs", after) if "needs" in raw else "",
            **{key: self._clause(raw, key, parser, after) for key in CLAUSES if key in raw},
        )

    def _clause(
        self, raw: Mapping[str, Any], key: str, parser: Parser, after: Sequence[str]
    ) -> Rule:
        try:
            return parser.rule(raw[key])
        except RuleError as error:
            said = f"Criterion {raw['id']!r}, {key}: {error.message}"
            self.fail(said, error.word, error.known, [*after, rf"\s*{key}\s*="])

    def _check_keys(
        self, raw: Mapping[str, Any], known: Sequence[str], after: Sequence[str]
    ) -> None:
        for key in raw:
            if key not in known:
                self.fail(f"Unknown field {key!r}", key, known, after)

    def _text(self, raw: Mapping[str, Any], key: str, after: Sequence[str]) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            whose = f"Criterion or group {raw['id']!r}" if after and "id" in raw else "The file"
            self.fail(f"{whose} needs a text {key!r}", key if key in raw else "", after=after)
        return value

    def _choice(
        self, raw: Mapping[str, Any], key: str, known: Sequence[str], after: Sequence[str]
    ) -> Any:
        if raw.get(key) not in known:
            self.fail(f"{key!r} cannot be {raw.get(key)!r}", key, known, after)
        return raw[key]


def _id_line(id: str) -> str:
    return rf'\s*id\s*=\s*"{re.escape(id)}"'
