"""Tier-1 secrets out of words and sound, before anything is written.

Card number, card security code, PIN, password and memorable word are replaced for good by a
typed token (``[CARD:16/16:valid]``, ``[PIN:4]``) that keeps the kind, how many digits there were,
whether a card number passed the Luhn check (ISO/IEC 7812-1), and the times. Digits count as
numerals or as words, and a number may be read out over several turns with the other side saying
“yes” between. PCI DSS 3.3.1 asks for no less.

Where a secret is asked for, digits that come next are taken out even when they are misheard:
taking out an order number too many is a smaller harm than keeping a card number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from callqa.records import Redaction, Span, Transcript, Turn, Word
from callqa.spoken import Digits, spoken_digits

Secret = Literal["card", "security_code", "pin", "password", "memorable_word"]

_CARD_CUE = re.compile(
    r"\b(card number|long (card )?number|(sixteen|16)[ -]digit|(number|digits) (on|across) the "
    r"(front|card)|(debit|credit|bank|payment|your|the|my) card|visa|master ?card|amex|"
    r"american express|card details|card payment|pay(ing)? by card)\b"
)
_CODE_CUE = re.compile(
    r"\b(security (code|number|digits)|c\.? ?v\.? ?[vc]2?|three digits|3 digits|last three|"
    r"signature strip|(on|from) the back)\b"
)
_PIN_CUE = re.compile(r"\b(pin|pin number|pin code|passcode|pass code)\b")
_WORD_CUE = re.compile(
    r"\b(?P<password>pass ?word|pass ?phrase)\b|"
    r"\b(?P<memorable>(memorable|security|secret) (word|name|place|answer)|maiden name)\b"
)
_ASKS = re.compile(
    r"\b(what( is|'s|s)|can i|could i|may i|can you|could you|would you|tell me|give me|confirm|"
    r"need|please|letters?|characters?)\b|\?"
)
_NOT_ASKING = re.compile(r"\b(reset|forgot|forgotten|change|changed|new|link|expire[sd]?|never)\b")
_SAYS = re.compile(r"(?: is|'s|’s|:) +(?!not\b|n't)")
_NO_SECRET = frozenset(
    "not wrong incorrect expired locked invalid working blocked being still no the a an what "
    "correct right reset required needed on in for that this fine okay ok there too to so yes "
    "case really very quite changed set saved".split()
)
_ANSWER_FRAME = frozenset(
    "um uh er erm it's its it is that's thats that the yes yeah yep okay ok sure my password "
    "passphrase memorable word secret security name maiden i think so well and of course no "
    "sorry please".split()
)
_REACH = 4  # turns after which a cue no longer explains a number
_CARD_LENGTHS = range(13, 20)
_MOUTHFUL = 8  # digits in a row that are too many for anything else once a card was asked for


@dataclass(frozen=True)
class _Find:
    """Words ``first``..``last`` (inclusive) of a turn hold a secret."""

    turn: int
    first: int
    last: int
    kind: Secret
    digits: int | None = None
    total: int | None = None
    luhn: bool | None = None


def luhn(number: str) -> bool:
    """Whether digits pass the Luhn check.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def redact_transcript(transcript: Transcript) -> Transcript:
    """The transcript with every tier-1 secret replaced by its token."""
    turns = redact_turns(transcript.turns)
    return transcript.model_copy(update={"turns": turns})


def redact_turns(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Turns with secrets replaced; words are numbered anew where some were joined."""
    finds: dict[int, list[_Find]] = {}
    for find in [*_spoken_numbers(turns), *_secret_words(turns)]:
        finds.setdefault(find.turn, []).append(find)
    return tuple(_rewrite(t, finds[i]) if i in finds else t for i, t in enumerate(turns))


def muted_spans(transcript: Transcript, *, pad_s: float = 0.15) -> list[Span]:
    """Stretches of sound to silence, with a margin for uncertain word times."""
    spans: list[Span] = []
    for turn in transcript.turns:
        for r in turn.redactions:
            if r.start_s is not None and r.end_s is not None:
                spans.append(Span(start_s=max(0.0, r.start_s - pad_s), end_s=r.end_s + pad_s))
    return spans


# ---------------------------------------------------------------- numbers


@dataclass(frozen=True)
class _Group:
    """Digits that stand together in one turn."""

    turn: int
    digits: Digits


def _spoken_numbers(turns: Sequence[Turn]) -> Iterator[_Find]:
    groups = [
        _Group(i, d) for i, t in enumerate(turns) for d in spoken_digits([w.text for w in t.words])
    ]
    texts = [t.text.lower() for t in turns]
    taken: set[int] = set()
    for run in _runs(groups, turns):
        yield from _card(run, groups, texts, taken)
    for n, group in enumerate(groups):
        if n not in taken and (find := _code_or_pin(group, texts)):
            yield find


def _runs(groups: Sequence[_Group], turns: Sequence[Turn]) -> Iterator[list[int]]:
    """Groups of one speaker that may be one number: nothing longer than “yes, go on” between."""
    open_runs: dict[str, list[int]] = {}
    for n, group in enumerate(groups):
        speaker = turns[group.turn].participant
        run = open_runs.get(speaker)
        if run and _continues(groups[run[-1]], group, turns):
            run.append(n)
        else:
            if run:
                yield run
            open_runs[speaker] = [n]
    yield from open_runs.values()


def _continues(before: _Group, after: _Group, turns: Sequence[Turn]) -> bool:
    if after.turn == before.turn:
        return after.digits.first - before.digits.last <= 4
    tail = len(turns[before.turn].words) - before.digits.last - 1
    return (
        after.turn - before.turn <= 4
        and tail <= 3
        and after.digits.first <= 3
        and all(len(turns[i].words) <= 8 for i in range(before.turn + 1, after.turn))
    )


def _card(
    run: list[int], groups: Sequence[_Group], texts: Sequence[str], taken: set[int]
) -> Iterator[_Find]:
    """The card number in a run: a Luhn-valid stretch of groups, or a mouthful after a card cue."""
    asked = _cued(_CARD_CUE, texts, groups[run[0]].turn, reach=8)
    part = _valid_part(run, groups)
    valid = part is not None
    if part is None:
        digits = sum(len(groups[n].digits.value) for n in run)
        if not asked or digits < _MOUTHFUL:
            return
        part = run
    number = "".join(groups[n].digits.value for n in part)
    first_turn, last_turn = groups[part[0]].turn, groups[part[-1]].turn
    # The other side repeating the groups back is as much a secret as the number itself.
    echoes = [
        n
        for n, g in enumerate(groups)
        if first_turn <= g.turn <= last_turn + 2
        and n not in part
        and len(g.digits.value) >= 2
        and g.digits.value in number
    ]
    for n in sorted({*part, *echoes}):
        taken.add(n)
        g = groups[n]
        size = len(g.digits.value)
        yield _Find(g.turn, g.digits.first, g.digits.last, "card", size, len(number), valid)


def _valid_part(run: list[int], groups: Sequence[_Group]) -> list[int] | None:
    """Whole groups in a row with 13–19 digits that pass Luhn; sixteen digits are tried first."""
    options: list[tuple[bool, int, list[int]]] = []
    for i in range(len(run)):
        for j in range(i + 1, len(run) + 1):
            number = "".join(groups[n].digits.value for n in run[i:j])
            if len(number) in _CARD_LENGTHS and luhn(number) and set(number) != {"0"}:
                options.append((len(number) != 16, -len(number), run[i:j]))
    return min(options)[2] if options else None


def _code_or_pin(group: _Group, texts: Sequence[str]) -> _Find | None:
    size = len(group.digits.value)
    kinds: list[tuple[Secret, re.Pattern[str], range]] = [
        ("security_code", _CODE_CUE, range(3, 5)),
        ("pin", _PIN_CUE, range(4, 7)),
    ]
    for kind, cue, sizes in kinds:
        if size in sizes and _cued(cue, texts, group.turn, reach=_REACH):
            return _Find(group.turn, group.digits.first, group.digits.last, kind, size)
    return None


def _cued(cue: re.Pattern[str], texts: Sequence[str], turn: int, *, reach: int) -> bool:
    return any(cue.search(text) for text in texts[max(0, turn - reach) : turn + 1])


# ---------------------------------------------------------------- words


def _secret_words(turns: Sequence[Turn]) -> Iterator[_Find]:
    for i, turn in enumerate(turns):
        text = turn.text.lower()
        for cue in _WORD_CUE.finditer(text):
            kind: Secret = "password" if cue["password"] else "memorable_word"
            says = _SAYS.match(text, cue.end())
            if says:
                yield from _said(i, turn, says.end(), kind)
            elif _ASKS.search(text) and not _NOT_ASKING.search(text):
                yield from _answered(i, turns, kind)


def _said(i: int, turn: Turn, start_char: int, kind: Secret) -> Iterator[_Find]:
    """“… my password is X”: up to three words, to the end of the sentence."""
    words = [n for n, w in enumerate(turn.words) if w.start_char >= start_char - 1]
    kept: list[int] = []
    for n in words[:3]:
        word = turn.words[n].text
        if _bare(word) in _NO_SECRET:
            break
        kept.append(n)
        if word[-1] in ".?!,;":
            break
    if kept:
        yield _Find(i, kept[0], kept[-1], kind)


def _answered(i: int, turns: Sequence[Turn], kind: Secret) -> Iterator[_Find]:
    """The other side's next turn, when the secret was asked for and the answer is short."""
    for j in range(i + 1, min(i + 3, len(turns))):
        turn = turns[j]
        if turn.participant == turns[i].participant:
            continue
        content = [n for n, w in enumerate(turn.words) if _bare(w.text) not in _ANSWER_FRAME]
        if content and len(turn.words) <= 10:
            yield _Find(j, content[0], content[-1], kind)
            return


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").strip(".,?!;:\"'")


# ---------------------------------------------------------------- rewriting


def _token(find: _Find) -> str:
    parts = [find.kind.upper()]
    if find.digits is not None:
        parts.append(f"{find.digits}/{find.total}" if find.total else str(find.digits))
    if find.luhn is not None:
        parts.append("valid" if find.luhn else "unchecked")
    return f"[{':'.join(parts)}]"


def _rewrite(turn: Turn, finds: Sequence[_Find]) -> Turn:
    """The turn with each find's words joined into one token word."""
    text = ""
    words: list[Word] = []
    redactions: list[Redaction] = []
    source = 0  # characters of the old text already carried over
    at = 0
    for find in _disjoint(finds):
        for word in turn.words[at : find.first]:
            text += turn.text[source : word.end_char]
            words.append(_placed(word, turn.index, len(words), len(text), word.text))
            source = word.end_char
        first, last = turn.words[find.first], turn.words[find.last]
        tail = re.search(r"[.?!,;]+$", last.text)
        token = _token(find)
        text += turn.text[source : first.start_char] + token
        joined = first.model_copy(update={"end_s": last.end_s})
        words.append(_placed(joined, turn.index, len(words), len(text), token))
        redactions.append(
            Redaction(
                kind=find.kind,
                digits=find.digits,
                luhn=find.luhn,
                start_char=len(text) - len(token),
                end_char=len(text),
                source_start_char=first.start_char,
                source_end_char=last.end_char,
                start_s=first.start_s,
                end_s=last.end_s,
            )
        )
        if tail:
            text += tail.group()
        source, at = last.end_char, find.last + 1
    for word in turn.words[at:]:
        text += turn.text[source : word.end_char]
        words.append(_placed(word, turn.index, len(words), len(text), word.text))
        source = word.end_char
    text += turn.text[source:]
    return turn.model_copy(
        update={"text": text, "words": tuple(words), "redactions": tuple(redactions)}
    )


def _placed(word: Word, turn: int, number: int, end_char: int, text: str) -> Word:
    return word.model_copy(
        update={
            "id": f"{turn}.{number}",
            "text": text,
            "start_char": end_char - len(text),
            "end_char": end_char,
        }
    )


def _disjoint(finds: Sequence[_Find]) -> list[_Find]:
    """In order, overlapping finds joined under the kind that came first."""
    out: list[_Find] = []
    for find in sorted(finds, key=lambda f: (f.first, f.last)):
        if out and find.first <= out[-1].last:
            before = out[-1]
            if find.last > before.last:
                out[-1] = _Find(find.turn, before.first, find.last, before.kind, None, None, None)
        else:
            out.append(find)
    return out


def source_offset(turn: Turn, char: int, *, end: bool = False) -> int:
    """Where a character of a redacted turn stood in the text as it was given."""
    shift = 0
    for r in turn.redactions:
        if char >= r.end_char:
            shift = r.source_end_char - r.end_char
        elif char > r.start_char or (char == r.start_char and not end):
            return r.source_end_char if end else r.source_start_char
    return char + shift
