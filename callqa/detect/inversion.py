"""Questions by an auxiliary before its subject: “have you got”, “is that”, “can I take”."""

from __future__ import annotations

from callqa.detect.clauses import ADVERBS, Words
from callqa.detect.word_order import (
    AUX,
    BE,
    CLAUSE,
    DO,
    HAVE,
    MODAL,
    PRONOUN,
    REPORTS,
    SAYS,
    SUBJECTS,
    WH,
    Question,
    agrees,
    noun_phrase,
    repairs,
)


def inverted(words: Words, i: int) -> Question | None:
    """“have you got …”, “is that …”, “can I take …”; also “isn’t it” without a statement."""
    aux = words.at(i)
    if aux not in AUX:
        return None
    j = i + 2 if words.at(i + 1) == "not" else i + 1
    subject = words.at(j)
    strong = words.starts_clause(i) or repairs(words, i)
    named = noun_phrase(words, j) and subject != "one"
    if not (subject in PRONOUN or (named and (strong or _named_mid_stream(words, i, j)))):
        return None
    if not agrees(aux, subject):
        return None
    if aux in HAVE and subject not in PRONOUN and not _participle_ahead(words, j):
        return None
    if subject in PRONOUN and not strong and not _inverts_mid_stream(words, i, j):
        return None
    if _not_asking(words, i, j):
        return None
    return Question(i, j + 1, "yes_no", aux, 0.92 if strong else 0.8)


def _inverts_mid_stream(words: Words, i: int, j: int) -> bool:
    """Whether the order can only be a question although no clause was seen to end before it."""
    aux, subject, before = words.at(i), words.at(j), words.at(i - 1)
    if before == "asking" and words.at(i - 2) in ("me", "my"):
        return True  # “if you don't mind me asking, are you …”
    if before in WH or before in SAYS | REPORTS or words.tag(i - 1) in ("WDT", "WP", "WRB"):
        return False
    if before in ADVERBS and words.at(i - 2) in ("i", "we", "they", "he", "she", "who", *AUX):
        return False
    if aux in MODAL and subject in ("you", "i", "we"):
        return before not in SUBJECTS or _is_object(words, i - 1)
    if aux in MODAL and subject in ("that", "it"):
        return _condition_before(words, i) or words.at(j + 1) == "be"
    if before in AUX or before in ("to", "that", "as", "than"):
        return False
    if before in SUBJECTS and not _is_object(words, i - 1):
        return False
    if aux in BE:
        settled = subject in ("you", "he", "she", "they", "we")
        return settled or (subject, words.at(j + 1)) in _BE_ASKS or _is_it_so(words, j)
    if aux in DO:
        return subject in ("you", "we", "i", "they") or words.tag(j + 1) == "VB"
    return subject in ("you", "i", "we") and before != "not"


def _named_mid_stream(words: Words, i: int, j: int) -> bool:
    """“… did the engineer come”, “when it came was the box damaged”: a noun for its subject."""
    aux, before = words.at(i), words.at(i - 1)
    if words.at(j) not in ("the", "your", "my", "their", "his", "her", "any", "anything"):
        return False
    if before in WH | SAYS | REPORTS | AUX | SUBJECTS or words.tag(i - 1) in ("WDT", "WP", "WRB"):
        return False
    noun = next((k for k in range(j + 1, j + 4) if words.tag(k) in ("NN", "NNS", "NNP")), None)
    if noun is None:
        return False
    after = noun + 2 if words.tag(noun + 1) in ("NN", "NNS") else noun + 1
    if aux in DO | MODAL:
        # “did the washing up” has no verb; in “driver ring you” it may be tagged a noun.
        return words.tag(after).startswith("VB") or words.at(after) in _OBJECTS
    if aux not in BE | HAVE or words.tag(i - 1) not in ("VBD", "VBN", "VBP", "VBZ"):
        return False
    timed = {"when", "after", "once", "before", "if"} & set(words.words[max(0, i - CLAUSE) : i])
    return bool(timed) and words.tag(after) in ("JJ", "VBN", "VBD", "VBG", "IN", "RB")


_OBJECTS = frozenset("you it him her them me us".split())
_BE_ASKS = frozenset(
    [("there", w) for w in "any a an anything anyone some somebody someone no anyway".split()]
    + [("that", w) for w in "all okay right correct fine".split()]
    + [("it", w) for w in "possible okay all".split()]
    + [("this", w) for w in "your the a".split()]
)


def _is_it_so(words: Words, j: int) -> bool:
    """“is it important for you”."""
    return words.at(j) == "it" and words.tag(j + 1) == "JJ"


def _is_object(words: Words, i: int) -> bool:
    """Whether a pronoun closes what came before (“I’ll send it”) rather than opening anew."""
    return (
        words.at(i) in ("it", "you", "that", "there")
        and (words.tag(i - 1).startswith("VB") or words.tag(i - 1) == "IN")
        and words.at(i - 1) not in AUX | SAYS
    )


def _condition_before(words: Words, i: int) -> bool:
    """“if we could get it there by Friday, would that help”."""
    start = i
    while start > 0 and not words.ends(start - 1) and i - start < CLAUSE:
        start -= 1
    return "if" in words.words[start : i - 2]


def _not_asking(words: Words, i: int, j: int) -> bool:
    """Orders that look inverted and ask nothing."""
    aux, subject, before = words.at(i), words.at(j), words.at(i - 1)
    after, tag = words.at(j + 1), words.tag(j + 1)
    if before in ("so", "neither", "nor", "as") and words.ends(j + 1):
        return True  # “so do I”
    if aux == "should" and after in ("need", "wish", "require", "want", "have"):
        return words.at(i + 1) != "not" and subject in ("you", "they", "he", "she")
    if aux == "had" and after != "got" and not words.ends(j + 1):
        return not _verb_ahead(words, j)  # “had I known” has its verb, too, but is written rarely
    if aux == "do" and subject not in ("you", "i", "we", "they"):
        return not _verb_ahead(words, j)  # “do that for me”
    if aux == "have" and subject not in ("you", "i", "we", "they"):
        return not _participle_ahead(words, j)  # “have a look”
    if aux == "can" and subject == "i" and after in ("just",) and words.at(j + 2) == "say":
        return True
    return aux in ("may", "might") and subject not in ("i", "we") and tag != "VB"


def _verb_ahead(words: Words, j: int) -> bool:
    return any(words.tag(k).startswith("VB") for k in range(j + 1, j + 4))


def _participle_ahead(words: Words, j: int) -> bool:
    for k in range(j + 1, j + 5):
        if words.tag(k) in ("VBN", "VBD"):
            return True
        if words.at(k) in PRONOUN or words.tag(k) in ("TO", "IN"):
            return False
    return False
