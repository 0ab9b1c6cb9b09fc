"""Words and speaker activity → turns.

A turn is one participant's run of words. It ends at a pause, or where the other says something
of their own. A backchannel (“mm hmm”, “yeah”) spoken into another's turn becomes a turn of its
own without cutting the other's in two, unless it answers a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from callqa.listen.passages import HeardWord
from callqa.records import Span, Turn, Word
from callqa.text import plain

UNKNOWN = "unknown"  # the participant of words that no voice was active near

_PAUSE_S = 1.2
_ROOM_S = 0.7  # a gap this long gives even a backchannel the floor
_NEAR_S = 0.5  # how far from a word a voice may be active and still be its speaker
_SENTENCE_PAUSE_S = 0.6
_BACKCHANNELS = frozenset(
    "yes yeah yep mm mhm hmm uh huh aha ah oh okay ok right sure good great fine lovely".split()
)

Words = Sequence[HeardWord]


def build(said: Mapping[str, Words]) -> tuple[Turn, ...]:
    """Turns in order of their first word, from each participant's words in time order."""
    runs: list[tuple[str, list[HeardWord]]] = []
    for who, words in said.items():
        others = [run for other, w in said.items() if other != who for run in _runs(w)]
        for run in _runs(words):
            runs += [(who, part) for part in _cut(run, others)]
    runs.sort(key=lambda item: (item[1][0].start_s, item[1][-1].end_s))
    return tuple(_turn(index, who, words) for index, (who, words) in enumerate(runs))


def attribute(words: Words, voices: Mapping[str, Sequence[Span]]) -> dict[str, list[HeardWord]]:
    """The words of one channel by voice; those that no voice is near come under “unknown”."""
    names = [_speaker(word, voices) for word in words]
    sentences = _sentences(words)
    for first, last in sentences:
        _level(words, names, first, last)
    for before, here in pairwise(sentences):
        _answer(words, names, before, here, voices)
    said: dict[str, list[HeardWord]] = {voice: [] for voice in voices}
    for word, name in zip(words, names, strict=True):
        said.setdefault(name, []).append(word)
    return {name: own for name, own in said.items() if own or name in voices}


# ---------------------------------------------------------------- runs of words


def _runs(words: Words) -> list[list[HeardWord]]:
    runs: list[list[HeardWord]] = []
    for word in words:
        if runs and word.start_s - runs[-1][-1].end_s < _PAUSE_S:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _cut(run: list[HeardWord], others: Sequence[list[HeardWord]]) -> list[list[HeardWord]]:
    """A run in parts, cut where another takes the floor between two of its words."""
    near = [
        other
        for other in others
        if other[0].start_s < run[-1].end_s and other[-1].end_s > run[0].start_s
    ]
    parts = [[run[0]]]
    for last, word in pairwise(run):
        if any(_takes_floor(other, last, word) for other in near):
            parts.append([])
        parts[-1].append(word)
    return parts


def _takes_floor(other: list[HeardWord], last: HeardWord, following: HeardWord) -> bool:
    between = [
        w for w in other if last.end_s - 0.1 <= (w.start_s + w.end_s) / 2 <= following.start_s + 0.1
    ]
    if not between:
        return False
    if not is_backchannel(" ".join(w.text for w in other)):
        return True
    return following.start_s - last.end_s >= _ROOM_S or last.text.endswith("?")


def is_backchannel(text: str) -> bool:
    """Whether a text is nothing but a listener's noise or nod."""
    tokens = [t for t in plain(text).tokens if t != "|"]
    return len(tokens) <= 3 and all(t in _BACKCHANNELS for t in tokens)


def _turn(index: int, who: str, heard: Words) -> Turn:
    words: list[Word] = []
    at = 0
    for i, word in enumerate(heard):
        words.append(
            Word(
                id=f"{index}.{i}",
                text=word.text,
                start_char=at,
                end_char=at + len(word.text),
                start_s=word.start_s,
                end_s=word.end_s,
                probability=word.probability,
            )
        )
        at += len(word.text) + 1
    return Turn(
        index=index,
        participant=who,
        text=" ".join(word.text for word in heard),
        words=tuple(words),
        start_s=heard[0].start_s,
        end_s=max(word.end_s for word in heard),
    )


# ---------------------------------------------------------------- whose word


def _speaker(word: HeardWord, voices: Mapping[str, Sequence[Span]]) -> str:
    """The voice that covers most of a word, else the nearest, else unknown."""
    covered = {
        voice: sum(max(0.0, min(s.end_s, word.end_s) - max(s.start_s, word.start_s)) for s in spans)
        for voice, spans in voices.items()
    }
    best = max(covered, key=lambda v: covered[v], default=UNKNOWN)
    if best != UNKNOWN and covered[best] > 0:
        return best
    middle = (word.start_s + word.end_s) / 2
    away = {
        voice: min((max(s.start_s - middle, middle - s.end_s) for s in spans), default=1e9)
        for voice, spans in voices.items()
    }
    best = min(away, key=lambda v: away[v], default=UNKNOWN)
    return best if best != UNKNOWN and away[best] <= _NEAR_S else UNKNOWN


def _sentences(words: Words) -> list[tuple[int, int]]:
    """Half-open ranges of words that one person most likely says in one breath."""
    found, first = [], 0
    for i, word in enumerate(words):
        last = i + 1 == len(words)
        if (
            last
            or word.text[-1:] in ".?!"
            or words[i + 1].start_s - word.end_s >= _SENTENCE_PAUSE_S
        ):
            found.append((first, i + 1))
            first = i + 1
    return found


def _level(words: Words, names: list[str], first: int, last: int) -> None:
    """Within a sentence, one or two stray words go to the voice that says the rest."""
    counts = {name: names[first:last].count(name) for name in names[first:last]}
    main = max(counts, key=lambda name: counts[name])
    if main == UNKNOWN or counts[main] < 0.7 * (last - first):
        return
    start = first
    while start < last:
        end = start
        while end < last and names[end] == names[start]:
            end += 1
        short = end - start <= 2 and words[end - 1].end_s - words[start].start_s < 0.8
        if names[start] != main and short:
            names[start:end] = [main] * (end - start)
        start = end


def _answer(
    words: Words,
    names: list[str],
    before: tuple[int, int],
    here: tuple[int, int],
    voices: Mapping[str, Sequence[Span]],
) -> None:
    """A short answer goes to the other voice where both were active, or none, after a question."""
    asked, short = words[before[1] - 1], here[1] - here[0] <= 2
    if not short or not asked.text.endswith("?") or names[here[0]] != names[before[1] - 1]:
        return
    start, end = words[here[0]].start_s, words[here[1] - 1].end_s
    active = [
        voice
        for voice, spans in voices.items()
        if any(s.start_s < end + 0.1 and s.end_s > start - 0.1 for s in spans)
    ]
    others = [voice for voice in active if voice != names[here[0]]]
    if len(others) == 1:
        names[here[0] : here[1]] = others * (here[1] - here[0])
