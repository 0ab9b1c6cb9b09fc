"""The identity check across turns."""

from __future__ import annotations

from callqa.records import Detection
from tests.detect.calls import call, detections, found


def one(label: str, *lines: str) -> Detection:
    (only,) = detections(call(*lines), label)
    return only


FULL = (
    "A: Can I take your account number please?",
    "C: yes it's four four one two nine",
    "A: thank you and for data protection can you confirm your date of birth and the first "
    "line of your address",
    "C: third of may nineteen eighty and it's 12 mill lane",
    "A: that's great thank you i've found your account",
)


def test_asked_answered_confirmed() -> None:
    confirmed = one("identity.confirmed", *FULL)
    assert confirmed.attributes["count"] == 3
    assert set(confirmed.attributes["identifiers"]) == {  # type: ignore[arg-type]
        "account number",
        "date of birth",
        "address",
    }
    assert confirmed.attributes["disclosed_before"] is False
    steps = {d.id for d in detections(call(*FULL)) if d.label.startswith("identity.")}
    assert set(confirmed.parts) <= steps
    assert len(confirmed.parts) == 5


def test_what_is_asked_for_says_which_and_why() -> None:
    asked = detections(call(*FULL), "identity.requested")
    purposes = {d.attributes["identifier"]: d.attributes.get("purpose") for d in asked}
    assert purposes == {
        "account number": None,
        "date of birth": "verification",
        "address": "verification",
    }
    assert "identity.data_protection_notice" in found(call(*FULL))


def test_an_answer_is_linked_to_its_request() -> None:
    view = call("A: what's your postcode", "C: l s one two double t")
    (asked,) = detections(view, "identity.requested")
    (given,) = detections(view, "identity.provided")
    assert given.parts == (asked.id,)
    assert given.attributes["volunteered"] is False


def test_spelling_by_the_phonetic_alphabet_is_an_answer() -> None:
    given = one(
        "identity.provided", "A: and the reference number please", "C: echo tango four nine"
    )
    assert given.attributes["identifier"] == "account number"


def test_redacted_words_are_an_answer() -> None:
    for token in ("[MEMORABLE_WORD]", "[PASSWORD]"):
        given = one("identity.provided", "A: what is your memorable word", f"C: it's {token}")
        assert given.attributes["identifier"] == "memorable word"
    given = one("identity.provided", "A: and your telephone PIN", "C: [PIN:4]")
    assert given.attributes["identifier"] == "PIN"


def test_volunteered() -> None:
    given = one("identity.provided", "C: hi my account number is 4 4 1 2 and my tap drips")
    assert given.attributes["volunteered"] is True


def test_the_caller_confirms_their_name() -> None:
    given = one("identity.provided", "A: am i speaking to mrs reid", "C: yes speaking")
    assert given.attributes["identifiers"] == ["name"]


def test_not_having_it_is_no_answer() -> None:
    view = call("A: do you have your order number", "C: no i don't i'm afraid")
    assert "identity.provided" not in found(view)


def test_details_that_do_not_match_fail() -> None:
    failed = one(
        "identity.failed",
        "A: what's your postcode",
        "C: l s one two double t",
        "A: i'm sorry that doesn't match what i have here",
    )
    assert failed.attributes["identifiers"] == ["postcode"]


def test_thanks_between_two_requests_confirms_nothing_yet() -> None:
    view = call(
        "A: what's your account number", "C: four four one", "A: lovely and the postcode please"
    )
    assert "identity.confirmed" not in found(view)


def test_confirmed_needs_a_check_first() -> None:
    assert "identity.confirmed" not in found(call("A: I've found your account"))


def test_detail_before_any_identifier_is_disclosed_unchecked() -> None:
    view = call(
        "A: hello billing",
        "C: hi how much is my bill",
        "A: your balance is forty two pounds",
        "C: oh and",
        "A: can i take your name and postcode",
        "C: jones LS1 4AB",
        "A: lovely thank you i've found your account",
    )
    assert "identity.disclosed_unchecked" in found(view)
    (confirmed,) = detections(view, "identity.confirmed")
    assert confirmed.attributes["disclosed_before"] is True


def test_detail_after_an_identifier_is_not() -> None:
    view = call(
        "A: can i take your account number", "C: four four one two", "A: your balance is £40"
    )
    assert "identity.disclosed_unchecked" not in found(view)


def test_general_information_is_no_account_detail() -> None:
    view = call("C: when do you open", "A: we open at nine and your nearest branch is in Leeds")
    assert "identity.disclosed_unchecked" not in found(view)


def test_a_product_number_is_no_identifier() -> None:
    assert "identity.requested" not in found(call("A: what does it say on the back"))


def test_giving_a_number_out_is_no_request() -> None:
    assert "identity.requested" not in found(call("A: the order number is on your receipt"))
