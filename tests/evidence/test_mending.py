"""A mended word is searched for secrets again, and none is ever kept."""

import pytest

from callqa.evidence.mending import mend, sealed, without_secrets
from tests.builders import agent, call, customer
from tests.evidence.people import correction, heard

CARD = "4111 1111 1111 1111"


def payment():
    return heard(
        call(
            agent("And the long card number, please?"),
            customer("It's fur today thanks."),
            agent("And your pin?"),
            customer("It is 1234."),
        )
    ).transcript


def fix(text, first="1.1", was="fur", **more):
    return correction("fix_word", first_word=first, last_word=first, was=was, text=text, **more)


def test_a_card_number_in_a_mended_word_becomes_its_token():
    mended = mend(payment(), [fix(CARD)])
    assert "4111" not in mended.model_dump_json()
    (redaction,) = mended.turns[1].redactions
    assert (redaction.kind, redaction.luhn) == ("card", True)
    assert redaction.start_s == payment().turns[1].words[1].start_s


def test_what_is_kept_of_the_fix_is_the_token_and_gives_the_same_words():
    (kept,) = sealed(payment(), [], fix(f"{CARD} and"))
    assert "4111" not in kept.model_dump_json()
    assert kept.payload["text"] == "[CARD:16/16:valid] and"
    mended = mend(payment(), [kept]).turns[1]
    assert mended.text == mend(payment(), [fix(f"{CARD} and")]).turns[1].text


def test_a_fix_that_completes_a_number_takes_all_of_its_words_out():
    said = heard(call(agent("The card number?"), customer("4111 fur today."))).transcript
    whole = fix("1111 1111 1111")
    mended, (kept,) = mend(said, [whole]), sealed(said, [], whole)
    assert mended.turns[1].text == mend(said, [kept]).turns[1].text == "[CARD:16/16:valid] today."
    assert (kept.payload["first_word"], kept.payload["last_word"]) == ("1.0", "1.1")
    assert "1111" not in kept.payload["text"]


def test_a_fix_without_a_secret_is_kept_as_it_is():
    assert sealed(payment(), [], fix("four")) == (fix("four"),)


def test_what_was_redacted_before_stays_redacted_and_its_sound_silent():
    before = payment().turns[3].redactions
    after = mend(payment(), [fix("was", first="3.1", was="is")]).turns[3]
    assert before
    assert after.text == "It was [PIN:4]."
    (r,) = after.redactions
    assert after.text[r.start_char : r.end_char] == "[PIN:4]"
    assert (r.start_s, r.end_s) == (before[0].start_s, before[0].end_s)


def test_a_mended_cue_lets_a_secret_be_found_that_was_missed():
    missed = heard(call(agent("What is your pen?"), customer("It is 1234."))).transcript
    assert "1234" in missed.turns[1].text
    mended = mend(missed, [fix("pin?", first="0.3", was="pen?")])
    assert mended.turns[1].text == "It is [PIN:4]."
    assert mended.turns[1].redactions[0].kind == "pin"


@pytest.mark.parametrize("token", ["[PASSWORD]", "[PIN:4]", "[CARD:16/16:valid]"])
def test_a_secret_that_the_machine_missed_can_be_named_by_its_token(token):
    turn = mend(payment(), [fix(token)]).turns[1]
    assert turn.redactions[0].start_char == turn.text.index(token)


def test_a_secret_in_a_reason_is_not_kept():
    assert "4111" not in without_secrets(f"she reads {CARD} aloud")
    assert without_secrets("he never greets") == "he never greets"
