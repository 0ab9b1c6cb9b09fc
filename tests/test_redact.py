"""Secrets go, everything else stays, and nothing is said of the secret but its kind and size."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callqa.records import Turn
from callqa.redact import luhn, muted_spans, redact_transcript, redact_turns, source_offset
from callqa.transcripts import GivenCall, parse_call

ROLES = {"A": "agent", "C": "customer"}


def call(*lines: str) -> GivenCall:
    turns = [{"role": ROLES[line[0]], "text": line[3:]} for line in lines]
    return parse_call({"turns": turns}, where="test", default_id="test")


def redacted(*lines: str) -> list[Turn]:
    turns = list(redact_transcript(call(*lines).transcript).turns)
    for turn in turns:
        for word in turn.words:
            assert turn.text[word.start_char : word.end_char] == word.text
    return turns


def texts(*lines: str) -> list[str]:
    return [t.text for t in redacted(*lines)]


def test_a_card_number_read_out_in_groups_over_several_turns() -> None:
    turns = redacted(
        "A: Can I take the long card number please?",
        "C: Yes it's four one one one, one one one one",
        "A: yes",
        "C: one one one one um one one one one.",
        "A: And the expiry date?",
        "C: oh nine twenty eight",
        "A: and the security code on the back",
        "C: that's seven three seven thanks",
    )
    assert [t.text for t in turns] == [
        "Can I take the long card number please?",
        "Yes it's [CARD:8/16:valid]",
        "yes",
        "[CARD:8/16:valid].",
        "And the expiry date?",
        "oh nine twenty eight",
        "and the security code on the back",
        "that's [SECURITY_CODE:3] thanks",
    ]
    assert [r.luhn for t in turns for r in t.redactions] == [True, True, None]


@pytest.mark.parametrize(
    "said",
    [
        "it's 4111 1111 1111 1111 please",
        "it's 4111-1111-1111-1111 please",
        "it's 4111111111111111 please",
        "it's four triple one double one double one one one one one one one one one please",
        "it's four one eleven eleven eleven eleven eleven eleven eleven please",
        "it's for one one one one one one one one one one one one one one one please",
    ],
)
def test_a_card_number_in_any_spelling(said: str) -> None:
    assert texts("A: your card number?", f"C: {said}")[1] == "it's [CARD:16/16:valid] please"


def test_the_agent_repeating_the_groups_is_redacted_too() -> None:
    turns = texts(
        "A: the card number please",
        "C: 4111 1111",
        "A: 4111 1111 okay",
        "C: 1111 1111",
    )
    assert turns[1:] == ["[CARD:8/16:valid]", "[CARD:8/16:valid] okay", "[CARD:8/16:valid]"]


def test_a_misheard_card_number_is_redacted_once_a_card_was_asked_for() -> None:
    assert texts("A: Can I take your card number", "C: 4111-1111-1112")[1].startswith("[CARD:12/12")


@pytest.mark.parametrize(
    "lines",
    [
        ("C: my phone number is 07700 900123", "A: 07700 900 123 thank you"),
        ("C: the order number is 4111 1111 1111 1112",),
        ("C: account one two three four five six seven eight",),
        ("A: that is 24.99 for the 2 of them", "C: and it came on the 14th of March 2025"),
        ("C: four hundred and eleven pounds and one hundred and eleven pence",),
    ],
)
def test_other_numbers_stay(lines: tuple[str, ...]) -> None:
    assert texts(*lines) == [line[3:] for line in lines]


def test_a_pin_is_redacted_and_a_year_is_not() -> None:
    assert texts("A: what's your PIN", "C: one two three four")[1] == "[PIN:4]"
    assert texts("C: I opened it in 1999") == ["I opened it in 1999"]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (("A: could you give me your password please", "C: yes it's blue monkey"),
         "yes it's [PASSWORD]"),
        (("A: and what's the memorable word on the account", "C: Rosebud"), "[MEMORABLE_WORD]"),
        (("C: my password is hunter2.",), "my password is [PASSWORD]."),
        (("A: mother's maiden name please", "C: um Fotheringay"), "um [MEMORABLE_WORD]"),
    ],
)  # fmt: skip
def test_spoken_secrets(lines: tuple[str, ...], answer: str) -> None:
    assert texts(*lines)[-1] == answer


@pytest.mark.parametrize(
    "lines",
    [
        ("C: my password is not working", "A: okay we can reset your password", "C: thanks a lot"),
        ("C: my password is wrong apparently",),
        ("A: I'll send a link to change your password", "C: brilliant thank you"),
        ("A: can you put the pin in the map", "C: which map"),
    ],
)
def test_talk_about_secrets_stays(lines: tuple[str, ...]) -> None:
    assert texts(*lines) == [line[3:] for line in lines]


def test_positions_lead_back_to_the_text_as_given() -> None:
    given_text = "it's 4111 1111 1111 1111 and my order is late"
    turn = redacted(f"C: {given_text}")[0]
    start = turn.text.index("my order")
    assert given_text[source_offset(turn, start) :].startswith("my order")
    token = turn.redactions[0]
    assert given_text[source_offset(turn, token.start_char) :].startswith("4111")
    end = source_offset(turn, token.end_char, end=True)
    assert given_text[:end].endswith("1111")


def test_the_sound_to_silence_covers_the_digits() -> None:
    turns = [
        {"role": "agent", "text": "card number?", "start_s": 0, "end_s": 1},
        {"role": "customer", "text": "4111 1111 1111 1111", "start_s": 2, "end_s": 6},
    ]
    transcript = parse_call({"turns": turns}, where="t", default_id="t").transcript
    timed = [
        t.model_copy(
            update={
                "words": tuple(
                    w.model_copy(update={"start_s": 2.0 + n, "end_s": 3.0 + n})
                    for n, w in enumerate(t.words)
                )
            }
        )
        for t in transcript.turns
    ]
    redacted_ = transcript.model_copy(update={"turns": redact_turns(timed)})
    (span,) = muted_spans(redacted_)
    assert span.start_s <= 2.0
    assert span.end_s >= 6.0


@given(st.text(alphabet="0123456789", min_size=12, max_size=15), st.sampled_from(["", " ", "-"]))
def test_no_valid_card_number_survives(body: str, gap: str) -> None:
    check = next(d for d in "0123456789" if luhn(body + d))
    number = body + check
    if set(number) == {"0"}:
        return
    said = gap.join(number[i : i + 4] for i in range(0, len(number), 4))
    turns = redacted("A: and the card number?", f"C: it is {said}")
    kept = json.dumps([t.model_dump() for t in turns])
    assert number not in kept
    assert said not in kept


def test_redacting_twice_changes_nothing() -> None:
    once = redact_transcript(call("A: your PIN?", "C: 1 2 3 4").transcript)
    assert [t.text for t in redact_transcript(once).turns] == [t.text for t in once.turns]
