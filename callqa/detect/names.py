"""Names as they are spoken: which words can be one, and how far it reaches.

A recogniser writes “this is michelle with auto repairs” without capitals, where a model for
named entities sees nothing. So a name is taken from its place (“my name is …”, “… speaking”)
and checked against words that are no names; common first names and capitals add confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from callqa.detect.clauses import Words
from callqa.text import REDACTED, SENTENCE_END

ORGANISATION_WORDS = frozenset(
    """account accounts administration agency airlines airways associates association assurance
    bank banking billing broadband building bureau care centre center claims clinic club collections
    college communications company connect corporation council customer customers delivery dental
    department desk direct directory electric electrical emergency energy enquiries enquiry
    enterprise faults finance financial foods foundation garage gas group head health healthcare
    helpdesk helpline holdings holidays home homes hospital hotel housing inc insurance
    international internet investments law leisure limited line logistics loans ltd maintenance
    media medical mobile mortgages motors network networks office online operator operators
    orders parcels partners pharmacy plc practice products property railways rail reception
    recovery rentals repair repairs reservations retail returns sales school service services
    shop society solicitors solutions store stores studio supplies support surgery switchboard
    systems team technical technology telecom television trading trains transport travel trust
    university utilities warranty water welfare works""".split()
)
_NO_NAME = (
    STOP_WORDS
    | ORGANISATION_WORDS
    | frozenset(
        """able about absolutely actually afraid afternoon again ah aha all alright an and anyone at
    aware back bear brilliant bye call caller calling calls can cheers correct day dear do done
    dialling evening excellent fine for from glad go goes going gonna good goodbye got great ha
    happy hello help here hey hi hiya hold how if in is it just know lady let like line lovely
    looking ma madam man many may me miss missus mister mm moment monday tuesday wednesday
    thursday friday saturday sunday morning mr mrs ms my name need new nice no not now number of oh
    okay on one ooh or pardon perfect phone phoning please problem quite ready really recorded
    regarding right ring ringing second see sir so some someone sorry speak speaking sure ta take
    talking thank thanks that the there they this through to today tomorrow trying two um
    understand unfortunately very wait waiting want wanting we welcome well what wonderful work
    working yeah year yes yesterday you your zero three four five six seven eight nine ten
    january february march april june july august september october november december
    account address aha date email order password postcode post code code reference""".split()
    )
)
_TITLES = frozenset("mr mrs ms miss mister missus dr doctor sir".split())


@dataclass(frozen=True)
class Name:
    """Words ``start`` to ``end`` (half-open) can be a person's name."""

    start: int
    end: int
    confidence: float


def name_at(words: Words, i: int, given: frozenset[str]) -> Name | None:
    """The name that starts at word ``i``; ``given`` are first names known to be common."""
    if not _can_be_name(words, i):
        return None
    known, capital = words.at(i) in given, _capital(words, i)
    if words.at(i + 1) in ORGANISATION_WORDS and not known:
        return None  # “this is Northfield Water”
    end = i + 1
    if _can_be_name(words, end) and not words.comma_before(end):
        both_capital = capital and _capital(words, end)
        if both_capital or (known and words.tag(end) in ("NN", "NNP") and not _shouted(words)):
            end += 1
    confidence = 0.95 if known else 0.85 if capital else 0.7
    return Name(i, end, confidence)


def _can_be_name(words: Words, i: int) -> bool:
    word = words.at(i)
    if word in (SENTENCE_END, REDACTED) or not word.replace("'", "").isalpha():
        return False
    return len(word) > 1 and word not in _NO_NAME


def _capital(words: Words, i: int) -> bool:
    """Whether the word was written with a capital where a sentence does not ask for one."""
    start, _ = words.view.plain.spans[i]
    return words.view.text[start].isupper()


def _shouted(words: Words) -> bool:
    return words.view.text.isupper()


def titled(words: Words, i: int) -> bool:
    """Whether a title (“Mr”) stands before word ``i``: callers are addressed so."""
    return words.at(i - 1) in _TITLES
