"""Words that a person mends: the turn is written anew, and searched for secrets again.

A mended word keeps its id and times; where it becomes several words, the others get the ids
``<id>+1``, ``<id>+2``, … and share its times. Redactions that were there stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from callqa.errors import EvidenceError
from callqa.records import Correction, Redaction, Transcript, Turn, Word
from callqa.redact import redact_turns
from callqa.transcripts import split_words

_TOKEN = re.compile(
    r"\[(?P<kind>CARD|SECURITY_CODE|PIN|PASSWORD|MEMORABLE_WORD)(?::(?P<digits>\d+))?"
    r"(?:/\d+)?(?::(?P<luhn>valid|unchecked))?\]"
)
_WORD = re.compile(rf"{_TOKEN.pattern}|\S*\w\S*")
_TAIL = re.compile(r"[.?!,;]+$")
Placed = TypeVar("Placed", Word, Redaction)


@dataclass(frozen=True)
class _Secret:
    """Words ``first``..``last`` of a turn that are a secret, and the token for them."""

    turn: Turn
    first: int
    last: int
    token: str


def words_between(turns: Iterable[Turn], first: str, last: str) -> tuple[Turn, int, int] | None:
    """The turn that holds two words, with their places in it; None where it holds them not."""
    for turn in turns:
        ids = [w.id for w in turn.words]
        if first in ids and last in ids and ids.index(first) <= ids.index(last):
            return turn, ids.index(first), ids.index(last)
    return None


def text_of(turn: Turn, first: int, last: int) -> str:
    """What a turn says from one word to another."""
    return turn.text[turn.words[first].start_char : turn.words[last].end_char]


def mend(transcript: Transcript, fixes: Sequence[Correction]) -> Transcript:
    """The machine's transcript with words fixed; where fixes meet, the later one counts.

    Raises:
        EvidenceError: a fix was made for other words than are there.
    """
    if not fixes:
        return transcript
    turns = _fixed(transcript, fixes)
    done = {t.index: t for t in turns}
    for s in reversed(list(_secrets(turns))):  # from the end, so that places stay true
        done[s.turn.index] = _put(done[s.turn.index], s.first, s.last, s.token)
    return transcript.model_copy(update={"turns": tuple(done.values())})


def sealed(transcript: Transcript, earlier: Sequence[Correction], fix: Correction) -> tuple[
    Correction, ...
]:  # fmt: skip
    """A fix as it may be kept: where its text is a secret, the secret's token in its place.

    Args:
        transcript: the machine's own.
        earlier: fixes already in force.
    """
    turns = _fixed(transcript, [*earlier, fix])
    found = list(_secrets(turns))
    own = fix.payload["first_word"]
    if not any(_base(s.turn.words[n].id) == own for s in found for n in _places(s)):
        return (fix,)
    ends = {f.payload["first_word"]: f.payload["last_word"] for f in [*earlier, fix]}
    return tuple(
        _seal(transcript, turn, [s for s in found if s.turn is turn], ends, fix)
        for turn in turns
        if any(s.turn is turn for s in found)
    )


def without_secrets(text: str) -> str:
    """Free text (a reason) with what looks like a tier-1 secret replaced."""
    (turn,) = redact_turns([Turn(index=0, participant="", text=text, words=split_words(0, text))])
    return turn.text


def _seal(
    transcript: Transcript, turn: Turn, found: Sequence[_Secret], ends: dict[str, str],
    fix: Correction,
) -> Correction:  # fmt: skip
    """One correction for all of a turn's new secrets, over the machine's own words."""
    bases = [_base(w.id) for w in turn.words]
    first = bases.index(bases[min(s.first for s in found)])
    final = bases[max(s.last for s in found)]
    last = len(bases) - 1 - bases[::-1].index(final)
    for s in reversed(found):
        before = len(turn.words)
        turn = _put(turn, s.first, s.last, s.token)
        last -= before - len(turn.words)
    place = words_between(transcript.turns, bases[first], ends.get(final, final))
    assert place is not None
    payload = {
        "first_word": bases[first],
        "last_word": ends.get(final, final),
        "was": text_of(*place),
        "text": text_of(turn, first, last),
    }
    return Correction(
        call_id=fix.call_id, by=fix.by, reason=fix.reason, at=fix.at, kind="fix_word",
        payload=payload,
    )  # fmt: skip


def _fixed(transcript: Transcript, fixes: Sequence[Correction]) -> list[Turn]:
    turns = {t.index: t for t in transcript.turns}
    taken: set[str] = set()
    for fix in reversed(fixes):
        p = fix.payload
        place = words_between(transcript.turns, p["first_word"], p["last_word"])
        if place is None or text_of(*place) != p["was"]:
            raise does_not_fit(fix)
        ids = [w.id for w in place[0].words[place[1] : place[2] + 1]]
        if taken.isdisjoint(ids):
            turn = turns[place[0].index]
            first = next(n for n, w in enumerate(turn.words) if w.id == ids[0])
            turns[turn.index] = _put(turn, first, first + len(ids) - 1, p["text"])
        taken.update(ids)
    return list(turns.values())


def does_not_fit(correction: Correction) -> EvidenceError:
    """The refusal to lay a correction over other words than it was made for."""
    return EvidenceError(
        f"Correction {correction.id} ({correction.kind}) was made for other words than are heard "
        "there now.",
        remedy=f"Take it back with: callqa correct {correction.call_id} --undo {correction.id}",
        call=correction.call_id,
        stage="correct",
    )


def _secrets(turns: Sequence[Turn]) -> Iterator[_Secret]:
    """Secrets that redaction finds in these turns, other than those it has replaced before."""
    for old, new in zip(turns, redact_turns(turns), strict=True):
        if new is old:
            continue
        for r in new.redactions:
            inside = [
                n
                for n, w in enumerate(old.words)
                if w.start_char < r.source_end_char and w.end_char > r.source_start_char
            ]
            if all(_TOKEN.match(old.words[n].text) for n in inside):
                continue
            tail = _TAIL.search(old.words[inside[-1]].text)
            token = new.text[r.start_char : r.end_char] + (tail.group() if tail else "")
            yield _Secret(old, inside[0], inside[-1], token)


def _places(secret: _Secret) -> range:
    return range(secret.first, secret.last + 1)


def _base(id: str) -> str:
    return id.partition("+")[0]


def _put(turn: Turn, first: int, last: int, text: str) -> Turn:
    """A turn with other text from one word to another; tokens like ``[PIN:4]`` are redactions."""
    one, other = turn.words[first], turn.words[last]
    start, end = one.start_char, other.end_char
    shift = len(text) - (end - start)
    found = list(_WORD.finditer(text))
    base, number = _base(one.id), int(one.id.partition("+")[2] or 0)
    words = [
        Word(
            id=f"{base}+{n}" if n else base,
            text=m.group(),
            start_char=start + m.start(),
            end_char=start + m.end(),
            start_s=one.start_s,
            end_s=other.end_s,
        )
        for n, m in enumerate(found, number)
    ]
    new = [_redaction(m, w) for m, w in zip(found, words, strict=True) if m["kind"]]
    kept = [r for r in turn.redactions if r.end_char <= start]
    later = [_moved(r, shift) for r in turn.redactions if r.start_char >= end]
    return turn.model_copy(
        update={
            "text": turn.text[:start] + text + turn.text[end:],
            "words": (
                *turn.words[:first],
                *words,
                *(_moved(w, shift) for w in turn.words[last + 1 :]),
            ),
            "redactions": (*kept, *new, *later),
        }
    )


def _moved(item: Placed, shift: int) -> Placed:
    names = [name for name in type(item).model_fields if name.endswith("_char")]
    return item.model_copy(update={name: getattr(item, name) + shift for name in names})


def _redaction(token: re.Match[str], word: Word) -> Redaction:
    return Redaction.model_validate(
        {
            "kind": token["kind"].lower(),
            "digits": int(token["digits"]) if token["digits"] else None,
            "luhn": token["luhn"] == "valid" if token["luhn"] else None,
            "start_char": word.start_char,
            "end_char": word.end_char,
            "source_start_char": word.start_char,
            "source_end_char": word.end_char,
            "start_s": word.start_s,
            "end_s": word.end_s,
        }
    )
