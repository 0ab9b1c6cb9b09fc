"""Questions: found without question marks, told open from closed, and their functions."""

from __future__ import annotations

import pytest

from callqa.records import Detection
from tests.detect.calls import call, detections, found


def asked(*lines: str) -> list[tuple[str, object]]:
    return [(d.quote, d.attributes["form"]) for d in detections(call(*lines), "question.asked")]


@pytest.mark.parametrize(
    ("said", "question", "form"),
    [
        ("have you got your customer number", "have you got your customer number", "yes_no"),
        ("what's the number on the back", "what's the number on the back", "wh"),
        ("and that's the one in leeds is it", "that's the one in leeds is it", "tag"),
        ("can you tell me what happened", "can you tell me what happened", "indirect"),
        ("any idea when", "any idea when", "indirect"),
        ("right okay what's your postcode", "what's your postcode", "wh"),
        ("for what time please", "for what time please", "wh"),
        ("how many have you got", "how many have you got", "wh"),
        ("what code and number are you calling", "what code and number are you calling", "wh"),
        ("isn't it working", "isn't it working", "yes_no"),
        ("is it hot or is it cold", "is it hot or is it cold", "alternative"),
        ("do you want the red or the blue", "do you want the red or the blue", "alternative"),
        ("has your boiler been serviced", "has your boiler been serviced", "yes_no"),
        ("So it came on Tuesday?", "So it came on Tuesday?", "declarative"),
        ("is are you having trouble", "are you having trouble", "yes_no"),
        ("i was wondering if it had been sent", "i was wondering if it had been sent",
         "declarative"),
        ("tell me what happened", "tell me what happened", "indirect"),
        ("who's calling please", "who's calling please", "wh"),
        ("could you hold the line", "could you hold the line", "yes_no"),
        ("shall i put you through", "shall i put you through", "yes_no"),
        ("you've paid haven't you", "you've paid haven't you", "tag"),
        ("do you know when it left", "do you know when it left", "indirect"),
    ],
)  # fmt: skip
def test_a_question_and_its_form(said: str, question: str, form: str) -> None:
    assert asked(f"A: {said}") == [(question, form)]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("i've looked at that for you and what's your postcode", "what's your postcode"),
        ("thank you for that when did you order it", "when did you order it"),
        ("i'm sorry i didn't hear you then could you say that again", "could you say that again"),
        ("hello there can i speak to billing", "can i speak to billing"),
        ("if we got it there by friday would that help", "would that help"),
        ("could you repeat that number i think i got it wrong", "could you repeat that number"),
        ("no problem do you have it to hand", "do you have it to hand"),
        ("craig speaking how can i help", "how can i help"),
        ("i've got the order up here did the driver ring you", "did the driver ring you"),
        ("i see and when it arrived was the packaging damaged", "was the packaging damaged"),
        ("it says friday on here can the neighbour take it in", "can the neighbour take it in"),
    ],
)
def test_a_question_in_the_middle_of_a_turn(said: str, question: str) -> None:
    assert [quote for quote, _ in asked(f"A: {said}")] == [question]


@pytest.mark.parametrize(
    "said",
    [
        "he did the washing up",
        "the trouble was the driver",
        "what happened was the packaging split",
        "i know the man will ring",
    ],
)
def test_a_noun_after_an_auxiliary_does_not_always_ask(said: str) -> None:
    assert asked(f"A: {said}") == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("and the expiry date", "oh four twenty nine"),
        ("okay and your postcode", "it's b s seven"),
        ("the memorable word please", "biscuit"),
        ("thank you and the first line of your address please", "nine mill road"),
        ("and the serial number", "it's rubbed off"),
    ],
)
def test_the_name_of_a_detail_asks_for_it(said: str, answer: str) -> None:
    view = call(f"A: {said}", f"C: {answer}")
    assert asked(f"A: {said}", f"C: {answer}") == [(said, "declarative")]
    assert "question.closed" in found(view, role="agent")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("and the kettle", "mm"),
        ("and the engineer came on monday", "did he"),
        ("your order is on its way", "oh good"),
        ("so the blue one", "yes"),
    ],
)
def test_the_name_of_a_thing_does_not(said: str, answer: str) -> None:
    assert [q for q, _ in asked(f"A: {said}", f"C: {answer}") if q == said] == []


def test_a_time_of_day_ends_no_sentence() -> None:
    said = "would you like between 3 p.m. and 5 p.m.?"
    assert asked(f"A: {said}") == [(said, "yes_no")]


def test_a_statement_answered_by_yes_or_no_asked() -> None:
    assert asked("A: you want it delivered tomorrow", "C: yes please") == [
        ("you want it delivered tomorrow", "declarative")
    ]
    assert asked("A: you want it delivered tomorrow", "C: so I rang the shop") == []


@pytest.mark.parametrize(
    "said",
    [
        "what i need is your account number",
        "what happened was the van broke down",
        "let me see if i can find it",
        "let me see what the system says",
        "when you get the letter give us a call",
        "where you live is fine",
        "i know what you mean",
        "i rang and you know what i mean it's not good enough",
        "that's what i said when i rang",
        "i don't know what's wrong with it",
        "the number i have you can use from nine",
        "so do i",
        "should you need anything just ring",
        "have a look at the back",
        "do that for me please",
        "the form which is on the website",
        "there's no charge for that",
        "there is a number you can dial",
        "i've just had a look",
        "the problem is you see most people",
        "in which case we refund you",
        "what a shame",
        "how lovely",
        "i understand why you're upset",
        "that's the reason why",
        "it's the one that was here",
        "we can do it today",
    ],
)
def test_not_a_question(said: str) -> None:
    assert asked(f"A: {said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "how can i help",
        "can you tell me what happened",
        "what seems to be the problem",
        "why did you cancel",
        "talk me through it from the start",
        "what difficulty are you having",
        "could you describe the noise",
        "what did the engineer say",
        "can you tell me a bit more about that",
        "how did that make you feel",
    ],
)
def test_open_questions_invite_explanation(said: str) -> None:
    labels = found(call(f"A: {said}"))
    assert "question.open" in labels
    assert "question.closed" not in labels


@pytest.mark.parametrize(
    "said",
    [
        "what's your postcode",
        "when did you order it",
        "how many were there",
        "how long have you had it",
        "which one is it",
        "did he say why",
        "could you bear with me",
        "can you tell me when it left",
        "who am i speaking to",
        "is it working now",
        "how do you spell that",
        "it's the blue one isn't it",
        "how are you",
    ],
)
def test_closed_questions_want_a_fact_or_a_yes(said: str) -> None:
    labels = found(call(f"A: {said}"))
    assert "question.closed" in labels
    assert "question.open" not in labels


@pytest.mark.parametrize(
    ("said", "purpose"),
    [
        ("how are you today", "social"),
        ("can you hold the line please", "action"),
        ("would you like me to send another", "offer"),
        ("is there anything else i can help with", "offer"),
        ("have you got your order number", "information"),
    ],
)
def test_what_an_answer_is_wanted_for(said: str, purpose: str) -> None:
    (question,) = detections(call(f"A: {said}"), "question.asked")
    assert question.attributes["purpose"] == purpose


def test_the_customers_questions_count_too() -> None:
    assert "question.open" in found(call("C: why has nobody called me back"), role="customer")


def test_open_and_asked_lie_on_the_same_words() -> None:
    everything = detections(call("A: right so what happened then"))
    places = {d.label: (d.start_char, d.end_char) for d in everything}
    assert places["question.asked"] == places["question.open"]


def test_why_reads_like_a_sentence() -> None:
    (question,) = detections(call("A: what happened"), "question.open")
    assert question.why == "asks an open question: “what happened” invites explanation"


# ---------------------------------------------------------------- functions

TOLD = "C: the washing machine stopped on saturday and it leaked everywhere"


def functions(*lines: str) -> set[str]:
    labels = found(call(*lines))
    forms = {"asked", "open", "closed"}
    return {x.split(".")[1] for x in labels if x.startswith("question.")} - forms


@pytest.mark.parametrize(
    ("lines", "function"),
    [
        ((TOLD, "A: and what happened next"), "probing"),
        ((TOLD, "A: how long has the machine been making that noise"), "probing"),
        (("A: sorry did you say fifteen or fifty",), "clarifying"),
        (("A: do you mean the old account",), "clarifying"),
        ((TOLD, "A: so the machine leaked is that right"), "reflective"),
        (("A: so you feel it was handled badly",), "reflective"),
        (("A: you did get the letter didn't you",), "leading"),
        (("A: wouldn't you agree that's fair",), "leading"),
        (("A: what if we sent a new one",), "hypothetical"),
        (("A: if we could get it there by friday would that help",), "hypothetical"),
        (("A: what's your name and when did you order it",), "multiple"),
        (("A: do you have any medical conditions we should know about",), "sensitive"),
        (("A: if you don't mind me asking are you working at the moment",), "sensitive"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1],
)
def test_functions(lines: tuple[str, ...], function: str) -> None:
    assert function in functions(*lines)


@pytest.mark.parametrize(
    ("lines", "function"),
    [
        ((TOLD, "A: what's your postcode"), "probing"),
        ((TOLD, "A: how can i help"), "probing"),
        (("A: is it working now",), "clarifying"),
        (("A: would you agree to that",), "leading"),
        (("A: it's working isn't it",), "leading"),
        (("A: can you tell me if it arrived",), "hypothetical"),
        (("A: can you confirm your name address and postcode",), "multiple"),
        (("A: is it hot or is it cold",), "multiple"),
        (("A: have you read the terms and conditions",), "sensitive"),
        (("A: so how do you feel about that",), "reflective"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1],
)
def test_near_misses_of_functions(lines: tuple[str, ...], function: str) -> None:
    assert function not in functions(*lines)


def test_a_function_points_at_its_question() -> None:
    view = call("A: what if we sent a new one")
    (question,) = detections(view, "question.asked")
    (function,) = detections(view, "question.hypothetical")
    assert function.parts == (question.id,)


def test_several_questions_at_once_are_counted() -> None:
    view = call("A: what's your name and when did you order it and where did you buy it")
    (several,) = detections(view, "question.multiple")
    assert isinstance(several, Detection)
    assert several.attributes["count"] == 3
