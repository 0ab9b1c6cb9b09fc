"""Reads ``lexicons/``: phrase families as data, each with its own test sentences.

A file is one family::

    family = "opening"

    [[entry]]
    label = "opening.help_offered"
    role = "agent"                      # agent, customer or any
    where = "opening"                   # first, opening, closing or any
    confidence = 0.9
    says = "offers help"                # for the one-line reason
    phrases = ["how {can|may} i help", "what can i do for you"]
    tokens = [[{LEMMA = "assist"}, {LOWER = "you"}]]   # spaCy token patterns
    unless = ["can not help"]           # vetoes in the same sentence, within twelve words
    negation = 3                        # plain words before the match searched for a negation
    attributes = {kind = "help"}
    match = ["Hello, how can I help?"]
    near_miss = ["I don't know how I can help it."]

A phrase is plain words (see ``callqa.text``): ``{a|b c|}`` one of, ``[word]`` may be missing,
``...`` up to four words of the same sentence, ``<num>`` a number, ``<x>`` any one word, ``^`` and
``$`` the sentence's start and end.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from callqa.errors import ConfigError
from callqa.records import Attribute
from callqa.text import SENTENCE_END, Plain, plain

Where = Literal["any", "opening", "closing", "first"]
NUMBER = (
    r"(?:\d[\d,.:]*|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|double|triple)"
)
_END = r"(?:(?= $| \|)| \$)"  # “$” among choices: the sentence's end, or the sign for dollars
_PLACES = {"<num>": f" {NUMBER}", "<x>": r" (?!\|)[^ ]+"}
_NEGATORS = frozenset({"not", "never", "no", "without", "nobody", "neither", "nor", "hardly"})
_SCOPE_ENDS = frozenset({"but", "because", "so", "and", "if", "worry", SENTENCE_END})

_CLAUSE_STARTS = frozenset("i we you it that this they he she there let no".split())
_BEFORE_ANSWER = frozenset("oh well yes no okay right so and but ah sorry".split())
UNLESS_REACH = 12  # plain words either side of a match, in a sentence longer than twice that
_LONG_SENTENCE = 2 * UNLESS_REACH
_CUT = "…"  # keeps “^” and “$” from matching where a sentence was cut


class Entry(BaseModel):
    """One group of patterns that mean the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(pattern=r"^[a-z_]+\.[a-z_.]+$")
    role: Literal["agent", "customer", "any"] = "any"
    where: Where = "any"
    confidence: float = Field(default=0.9, gt=0, le=1)
    says: str = ""
    phrases: tuple[str, ...] = ()
    tokens: tuple[tuple[dict[str, Any], ...], ...] = ()
    unless: tuple[str, ...] = ()
    negation: int = Field(default=3, ge=0)
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    match: tuple[str, ...] = Field(min_length=1)
    near_miss: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """Where an entry's pattern matched in one turn."""

    entry: Entry
    rule: str
    start_char: int
    end_char: int
    pattern: str


@dataclass(frozen=True)
class _Compiled:
    entry: Entry
    rule: str
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    unless: tuple[re.Pattern[str], ...]


_PARTS = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|\.\.\.|<[a-z]+>|\^|\$|[^\s{}\[\]<>^$]+")


def compile_phrase(phrase: str) -> re.Pattern[str]:
    """A phrase as a regular expression over ``Plain.text``.

    Raises:
        ValueError: a brace or bracket is not closed, or nothing is left of the phrase.
    """
    parts = _PARTS.findall(phrase)
    if re.sub(r"\s", "", "".join(parts)) != re.sub(r"\s", "", phrase) or not parts:
        raise ValueError(f"the phrase {phrase!r} has an open brace or bracket, or is empty")
    return re.compile("".join(_piece(part) for part in parts))


def anchors(phrase: str) -> frozenset[str]:
    """Plain words of which any match of the phrase holds at least one; empty when unknown.

    >>> sorted(anchors("how {can|may} i help"))
    ['help']
    """
    best: frozenset[str] = frozenset()
    for part in _PARTS.findall(phrase):
        if part[0] in "[^$" or "<" in part or part == "...":
            continue
        options = part[1:-1].split("|") if part[0] == "{" else [part]
        words = [[t for t in plain(o).tokens if t != SENTENCE_END] for o in options]
        if not all(words):
            continue
        longest = frozenset(max(option, key=len) for option in words)
        if not best or min(map(len, longest)) > min(map(len, best)):
            best = longest
    return best


def _words(text: str) -> str:
    """Words as they read once plain, each led by its space; place-holders stand for words.

    Raises:
        ValueError: a place-holder is not known, or a filler leaves nothing to match.
    """
    made = ""
    for piece in re.split(r"(<[a-z]+>)", text):
        if piece.startswith("<"):
            if piece not in _PLACES:
                known = ", ".join(_PLACES)
                raise ValueError(f"the place-holder {piece} is not known; known: {known}")
            made += _PLACES[piece]
        else:
            tokens = (t for t in plain(piece).tokens if t != SENTENCE_END)
            made += "".join(" " + re.escape(t) for t in tokens)
    if text.strip() and not made:
        raise ValueError(f"nothing is left of {text!r} once fillers and marks are gone")
    return made


def _piece(part: str) -> str:
    if part == "...":
        return r"(?: (?!\|)[^ ]+){0,4}?"
    if part == "^":
        return r"(?:(?<=\|)|^)"
    if part == "$":
        return r"(?= $| \|)"
    if part.startswith(("{", "[")):
        options = [_END if option == "$" else _words(option) for option in part[1:-1].split("|")]
        made = "(?:" + "|".join(options) + r")(?= )"
        return made if part.startswith("{") else f"(?:{made})?"
    return _words(part) + r"(?= )"


class Lexicon:
    """All entries of a folder, compiled once."""

    def __init__(self, entries: Sequence[tuple[Path, Entry]], fingerprint: str) -> None:
        self.entries = [entry for _, entry in entries]
        self.fingerprint = fingerprint
        self._compiled: list[_Compiled] = []
        self._matchers: dict[int, Matcher] = {}
        self._unanchored: list[tuple[int, int]] = []  # (entry, phrase) that any turn may hold
        self._anchored: dict[str, list[tuple[int, int]]] = {}
        for number, (path, entry) in enumerate(entries):
            rule = f"{path.stem}/{entry.label}#{number}"
            try:
                patterns = tuple((p, compile_phrase(p)) for p in entry.phrases)
                unless = tuple(compile_phrase(p) for p in entry.unless)
            except ValueError as error:
                raise ConfigError(
                    f"{path.name}, line {_line(path, entry.label)}: {error}.",
                    remedy="See docs/lexicons.md for how phrases are written.",
                ) from error
            self._compiled.append(_Compiled(entry, rule, patterns, unless))
            for which, phrase in enumerate(entry.phrases):
                words = anchors(phrase)
                for word in words:
                    self._anchored.setdefault(word, []).append((number, which))
                if not words:
                    self._unanchored.append((number, which))

    @property
    def labels(self) -> frozenset[str]:
        """Every label that an entry emits, cues included."""
        return frozenset(entry.label for entry in self.entries)

    def find(self, text: Plain, doc: Doc, role: str) -> Iterator[Hit]:
        """Every entry's matches in one turn, overlaps of the same entry merged to the longest."""
        kind = "agent" if role == "second_agent" else role
        matched = self._token_matches(doc)
        phrases = self._candidates(text)
        for number in sorted({*matched, *phrases}):
            compiled = self._compiled[number]
            if compiled.entry.role not in ("any", kind):
                continue
            hits = [*_regex_hits(compiled, phrases.get(number, ()), text), *matched.get(number, ())]
            yield from _longest(h for h in hits if not _vetoed(compiled, text, h))

    def _candidates(self, text: Plain) -> dict[int, list[int]]:
        """Phrases of each entry that can match: their rarest-looking word was said."""
        chosen: dict[int, set[int]] = {}
        for number, which in self._unanchored:
            chosen.setdefault(number, set()).add(which)
        for word in set(text.tokens):
            for number, which in self._anchored.get(word, ()):
                chosen.setdefault(number, set()).add(which)
        return {number: sorted(which) for number, which in chosen.items()}

    def _token_matches(self, doc: Doc) -> dict[int, list[Hit]]:
        matcher = self._matcher(doc.vocab)
        if not len(matcher):
            return {}
        found: dict[int, list[Hit]] = {}
        for key, start, end in matcher(doc):
            number = int(doc.vocab.strings[key].removeprefix("entry-"))
            compiled = self._compiled[number]
            span = doc[start:end]
            hit = Hit(compiled.entry, compiled.rule, span.start_char, span.end_char, "tokens")
            found.setdefault(number, []).append(hit)
        return found

    def _matcher(self, vocab: Vocab) -> Matcher:
        if id(vocab) not in self._matchers:
            matcher = Matcher(vocab)
            for number, compiled in enumerate(self._compiled):
                if compiled.entry.tokens:
                    matcher.add(f"entry-{number}", [list(p) for p in compiled.entry.tokens])
            self._matchers[id(vocab)] = matcher
        return self._matchers[id(vocab)]


def _regex_hits(compiled: _Compiled, which: Iterable[int], text: Plain) -> Iterator[Hit]:
    for phrase, pattern in (compiled.patterns[n] for n in which):
        for match in pattern.finditer(text.text):
            first = text.token_at(match.start() + 1)
            last = text.token_at(match.end() - 1)
            start, end = text.chars(first, last)
            yield Hit(compiled.entry, compiled.rule, start, end, phrase)


def _vetoed(compiled: _Compiled, text: Plain, hit: Hit) -> bool:
    """Negated just before, or an ``unless`` phrase of the entry stands near in the sentence."""
    tokens = text.tokens_in(hit.start_char, hit.end_char)
    if not tokens:
        return False
    start, end = text.sentence(tokens[0])
    if compiled.unless:
        around = _around(text, start, end, tokens)
        if any(p.search(around) for p in compiled.unless):
            return True
    for back in range(1, compiled.entry.negation + 1):
        at = tokens[0] - back
        if at < start or text.tokens[at] in _SCOPE_ENDS or _answers(text, at, start):
            return False
        if text.tokens[at] in _NEGATORS:
            return True
    return False


def _around(text: Plain, start: int, end: int, tokens: Sequence[int]) -> str:
    """The sentence; of a long one, which may be several run together, the words near by."""
    first, last = start, end
    if end - start > _LONG_SENTENCE:
        first = max(start, tokens[0] - UNLESS_REACH)
        last = min(end, tokens[-1] + 1 + UNLESS_REACH)
    cut = ("" if first == start else _CUT), ("" if last == end else _CUT)
    return f"{cut[0]} {' '.join(text.tokens[first:last])} {cut[1]}"


def _answers(text: Plain, at: int, start: int) -> bool:
    """Whether a “no” opens its sentence as an answer (“no, I can do that”) and negates nothing."""
    if text.tokens[at] not in ("no", "not") or text.tokens[at + 1] not in _CLAUSE_STARTS:
        return False
    return all(token in _BEFORE_ANSWER for token in text.tokens[start:at])


def _longest(hits: Iterator[Hit]) -> Iterator[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start_char - h.end_char, h.start_char)):
        if all(hit.end_char <= k.start_char or hit.start_char >= k.end_char for k in kept):
            kept.append(hit)
    yield from sorted(kept, key=lambda h: h.start_char)


def _line(path: Path, needle: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if needle in line), 1)


@lru_cache(maxsize=4)
def load_lexicon(folder: Path) -> Lexicon:
    """Read every ``*.toml`` below ``folder``.

    Raises:
        ConfigError: a file is not TOML, an entry has an unknown or missing field, or two files
            emit the same label. The message names the file and the line.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"The lexicon folder {folder} does not exist.",
            remedy="Point CALLQA_LEXICONS at a folder of *.toml files, or unset it.",
        )
    entries: list[tuple[Path, Entry]] = []
    owner: dict[str, Path] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        raw = path.read_bytes()
        digest.update(raw)
        for entry in _entries(path, raw):
            if owner.setdefault(entry.label, path) != path:
                raise ConfigError(
                    f"{path.name}, line {_line(path, entry.label)}: the label {entry.label!r} "
                    f"is already defined in {owner[entry.label].name}.",
                    remedy="Move the phrases into one of the two files.",
                )
            entries.append((path, entry))
    return Lexicon(entries, digest.hexdigest()[:16])


def _entries(path: Path, raw: bytes) -> Iterator[Entry]:
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path.name} is not TOML: {error}.", remedy="Mend that line.") from error
    unknown = set(data) - {"family", "entry"}
    if unknown or "entry" not in data:
        raise ConfigError(
            f"{path.name}, line {_line(path, min(unknown, default=''))}: "
            f"expected only 'family' and [[entry]], found {sorted(unknown) or 'no entry'}.",
            remedy="See docs/lexicons.md.",
        )
    for item in data["entry"]:
        try:
            yield Entry(**item)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(p) for p in first["loc"])
            raise ConfigError(
                f"{path.name}, line {_line(path, str(item.get('label', name)))}: the entry "
                f"{item.get('label', '?')!r} has a field {name!r} that cannot be used "
                f"({first['msg']}).",
                remedy="Known fields: "
                + ", ".join(Entry.model_fields)
                + f"; where is one of {', '.join(get_args(Where))}.",
            ) from error
