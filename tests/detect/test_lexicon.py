"""Lexicons: every file's own sentences, the phrase language, and faults with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from callqa.detect.engine import view_turns
from callqa.detect.lexicon import Entry, Lexicon, compile_phrase, load_lexicon
from callqa.detect.phrases import surest
from callqa.errors import ConfigError
from callqa.records import Role, Turn
from callqa.text import plain
from tests.detect.calls import LEXICONS

ENTRIES = load_lexicon(LEXICONS).entries


def labels(sentence: str, entry: Entry) -> set[str]:
    """What the whole lexicon says of a sentence, spoken by the entry's role."""
    role: Role = "agent" if entry.role == "any" else entry.role
    view = view_turns([(Turn(index=0, participant=role, text=sentence), role)])[0]
    found = load_lexicon(LEXICONS).find(view.plain, view.doc, role)
    return {hit.entry.label for hit in found}


def sentences(kind: str) -> list[object]:
    return [
        pytest.param(entry, sentence, id=f"{entry.label}: {sentence}")
        for entry in ENTRIES
        for sentence in getattr(entry, kind)
    ]


@pytest.mark.parametrize(("entry", "sentence"), sentences("match"))
def test_every_entry_matches_its_own_sentences(entry: Entry, sentence: str) -> None:
    assert entry.label in labels(sentence, entry)


@pytest.mark.parametrize(("entry", "sentence"), sentences("near_miss"))
def test_no_entry_matches_its_near_misses(entry: Entry, sentence: str) -> None:
    assert entry.label not in labels(sentence, entry)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.label)
def test_every_entry_has_phrases_and_a_near_miss(entry: Entry) -> None:
    assert entry.phrases or entry.tokens
    assert entry.near_miss


# ---------------------------------------------------------------- the phrase language


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("how {can|may} i help", "so how may I help you"),
        ("thank you [very much] indeed", "thank you indeed"),
        ("thank you [very much] indeed", "Thank you very much indeed."),
        ("call ... back", "I'll call you on Monday back"),
        ("<num> days", "within 5 days"),
        ("name is <x>", "my name is Ada"),
        ("^ morning", "Hello. Morning all."),
        ("sense $", "does that make sense? yes"),
        ("i cannot", "I can't do that"),
        ("date {please|$}", "what's the date? yes"),
        ("that is {£|$}", "that's $5"),
    ],
)
def test_a_phrase_meets_what_was_said(phrase: str, said: str) -> None:
    assert compile_phrase(phrase).search(plain(said).text)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("how can i help", "how can I helpfully say"),
        ("call ... back", "call. He came back"),
        ("call ... back", "call one two three four five back"),
        ("^ morning", "this morning"),
        ("sense $", "sense of it"),
        ("date {please|$}", "the date of it"),
        ("name is <x>", "my name is."),
    ],
)
def test_a_phrase_misses_what_is_near(phrase: str, said: str) -> None:
    assert not compile_phrase(phrase).search(plain(said).text)


@pytest.mark.parametrize("phrase", ["how {can i help", "", "  ", "<name> speaking"])
def test_a_broken_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|place-holder"):
        compile_phrase(phrase)


# ---------------------------------------------------------------- vetoes


def lexicon(tmp_path: Path, text: str) -> Lexicon:
    (tmp_path / "family.toml").write_text(text, encoding="utf-8")
    return load_lexicon(tmp_path)


def hits(lexicon: Lexicon, said: str, role: Role = "agent") -> list[str]:
    view = view_turns([(Turn(index=0, participant=role, text=said), role)])[0]
    return [said[h.start_char : h.end_char] for h in lexicon.find(view.plain, view.doc, role)]


ENTRY = """
[[entry]]
label = "test.sure"
role = "agent"
phrases = ["i am sure", "sure about it"]
unless = ["if"]
match = ["I am sure"]
"""


def test_negation_is_looked_for_before_the_match_within_its_sentence(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY)
    assert hits(rules, "it is not that I am sure") == []
    assert hits(rules, "no. I am sure") == ["I am sure"]
    assert hits(rules, "not today but I am sure") == ["I am sure"]


def test_unless_vetoes_only_its_own_sentence(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY)
    assert hits(rules, "I am sure if you say so") == []
    assert hits(rules, "Ask me if you like. I am sure.") == ["I am sure"]


def test_unless_reaches_twelve_words_in_a_long_sentence(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY)
    far = "if you say so and then " + "we go on and on about the weather in the north " * 2
    assert hits(rules, f"{far} I am sure") == ["I am sure"]
    assert hits(rules, f"{far} I am sure if you say so") == []


def test_an_answering_no_negates_nothing(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY)
    assert hits(rules, "no I am sure") == ["I am sure"]
    assert hits(rules, "oh no I am sure") == ["I am sure"]
    assert hits(rules, "there is no way I am sure") == []


def test_of_a_labels_overlapping_matches_the_surest_is_kept(tmp_path: Path) -> None:
    lower = ENTRY.replace("i am sure", "i am sure about it").replace(
        "unless", "confidence = 0.6\nunless"
    )
    rules = lexicon(tmp_path, ENTRY + lower)
    view = view_turns([(Turn(index=0, participant="agent", text="I am sure about it"), "agent")])[0]
    both = list(rules.find(view.plain, view.doc, "agent"))
    assert len(both) > 1
    assert {hit.entry.confidence for hit in surest(both)} == {0.9}


def test_overlapping_phrases_of_an_entry_give_the_longest_once(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY.replace('"sure about it"', '"i am sure about it"'))
    assert hits(rules, "i am sure about it") == ["i am sure about it"]


def test_a_role_hears_only_its_own_entries(tmp_path: Path) -> None:
    rules = lexicon(tmp_path, ENTRY)
    assert hits(rules, "I am sure", role="customer") == []
    assert hits(rules, "I am sure", role="second_agent") == ["I am sure"]


def test_token_patterns_match_by_lemma(tmp_path: Path) -> None:
    rules = lexicon(
        tmp_path,
        '[[entry]]\nlabel = "test.send"\ntokens = [[{LEMMA = "send"}, {LOWER = "it"}]]\n'
        'match = ["we sent it"]\n',
    )
    assert hits(rules, "we sent it on Monday") == ["sent it"]


# ---------------------------------------------------------------- faults name their place


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[entry]\n", "not TOML"),
        ('family = "x"\n', "no entry"),
        ('[[entry]]\nlabel = "a.b"\nmatch = ["x"]\nphrase = ["x"]\n', "'phrase'"),
        ('[[entry]]\nlabel = "a.b"\nphrases = ["x"]\n', "'match'"),
        ('[[entry]]\nlabel = "a.b"\nphrases = ["{x"]\nmatch = ["x"]\n', "line 2"),
        ('\n\n[[entry]]\nlabel = "a.b"\nrole = "boss"\nmatch = ["x"]\n', "line 4"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        lexicon(tmp_path, text)


def test_two_files_cannot_share_a_label(tmp_path: Path) -> None:
    entry = '[[entry]]\nlabel = "a.b"\nphrases = ["x"]\nmatch = ["x"]\n'
    (tmp_path / "one.toml").write_text(entry, encoding="utf-8")
    (tmp_path / "two.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"two\.toml, line 2: .* already defined in one\.toml"):
        load_lexicon(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_lexicon(tmp_path / "nowhere")
