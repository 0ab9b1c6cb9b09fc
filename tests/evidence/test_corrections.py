"""People's corrections are an overlay: the machine's own listening is never changed."""

import pytest

from callqa.errors import EvidenceError, UsageError
from callqa.evidence.corrections import agent_of, apply, apply_to_detections, in_force
from callqa.evidence.verify import verify
from tests.evidence.people import correction, heard, repair

FIX = {"first_word": "1.3", "last_word": "1.3", "was": "often"}
ADD = {"label": "positive.empathy", "first_word": "2.0", "last_word": "2.3"}


def roles(h):
    return {p.id: p.role for p in h.participants}


def test_nothing_corrected_is_the_same_listening():
    h = heard(repair())
    assert apply(h, []) is h
    assert apply(h, [correction("reject_detection", detection="x")]) is h


def test_swapped_roles_are_a_persons_and_leave_the_listening_alone():
    h = heard(repair())
    swapped = apply(h, [correction("swap_roles")])
    assert roles(swapped) == {"agent": "customer", "customer": "agent"}
    assert {p.role_confidence for p in swapped.participants} == {1.0}
    assert "M. Okafor" in swapped.participants[0].role_why
    assert roles(h) == {"agent": "agent", "customer": "customer"}


def test_roles_that_are_not_there_cannot_be_swapped():
    h = heard(repair())
    alone = apply(h, [correction("set_role", participant="agent", role="customer")])
    with pytest.raises(UsageError, match="no agent and customer") as error:
        apply(alone, [correction("swap_roles")])
    assert "agent (customer)" in str(error.value)


def test_one_role_is_set():
    h = apply(heard(repair()), [correction("set_role", participant="customer", role="third_party")])
    assert roles(h)["customer"] == "third_party"


@pytest.mark.parametrize(
    ("participant", "role", "says"),
    [("p9", "agent", "It has agent (agent)"), ("agent", "boss", "Known: agent, second_agent")],
)
def test_unknown_people_and_roles_name_the_known(participant, role, says):
    with pytest.raises(UsageError) as error:
        apply(heard(repair()), [correction("set_role", participant=participant, role=role)])
    assert says in str(error.value)


def test_an_agent_is_assigned_and_the_later_word_counts():
    first = correction("assign_agent", agent_id="A-1")
    second = correction("assign_agent", agent_id="A-2", at="2025-03-05")
    h = apply(heard(repair()), [first, second])
    assert agent_of(h.participants) == "A-2"


# ------------------------------------------------------------ words


def test_a_fixed_word_keeps_its_id_and_times_and_the_rest_moves():
    h = heard(repair())
    fixed = apply(h, [correction("fix_word", **FIX, text="off")])
    before, after = h.transcript.turns[1], fixed.transcript.turns[1]
    assert after.text == "My heating is off and I want a fund."
    assert [w.id for w in after.words] == [w.id for w in before.words]
    assert [(w.start_s, w.end_s) for w in after.words] == [
        (w.start_s, w.end_s) for w in before.words
    ]
    assert all(after.text[w.start_char : w.end_char] == w.text for w in after.words)


def test_a_word_may_become_several_and_the_later_fix_counts():
    fixes = [
        correction("fix_word", **FIX, text="of"),
        correction("fix_word", **FIX, text="off again", at="2025-03-05"),
    ]
    turn = apply(heard(repair()), fixes).transcript.turns[1]
    assert turn.text == "My heating is off again and I want a fund."
    assert [w.id for w in turn.words][3:6] == ["1.3", "1.3+1", "1.4"]


def test_a_fix_made_for_other_words_is_refused_and_says_how_to_take_it_back():
    wrong = correction("fix_word", first_word="1.3", last_word="1.3", was="oven", text="off")
    with pytest.raises(EvidenceError, match=r"--undo") as error:
        apply(heard(repair()), [wrong])
    assert "often" not in str(error.value)  # no words of a call in messages


def test_a_word_that_does_not_exist():
    gone = correction("fix_word", first_word="7.0", last_word="7.0", was="x", text="y")
    with pytest.raises(EvidenceError, match="other words"):
        apply(heard(repair()), [gone])


# ------------------------------------------------------------ detections


def test_a_rejected_detection_is_gone_and_the_others_stay():
    record = repair()
    rejected = correction("reject_detection", detection=record.detections[0].id)
    left = apply_to_detections(record.detections, [rejected], heard(record))
    assert [d.label for d in left] == ["complaint.stated", "positive.apology"]


def test_an_added_detection_is_a_persons_and_holds_against_the_transcript():
    record = repair()
    added = correction("add_detection", **ADD, was="I'm sorry about that.")
    found = apply_to_detections(record.detections, [added], heard(record))
    (mine,) = [d for d in found if d.label == "positive.empathy"]
    assert (mine.rule, mine.confidence, mine.role) == ("person/M. Okafor", 1.0, "agent")
    assert mine.quote == "I'm sorry about that."
    verify(record.model_copy(update={"detections": tuple(found)}))


@pytest.mark.parametrize("was", ["I'm glad about that.", "I'm sorry"])
def test_an_added_quote_that_is_not_in_the_turn_is_refused(was):
    added = correction("add_detection", **ADD, was=was)
    with pytest.raises(EvidenceError, match="other words"):
        apply_to_detections((), [added], heard(repair()))


# ------------------------------------------------------------ taking back


def test_a_correction_is_taken_back_by_another_and_that_one_too():
    swap = correction("swap_roles")
    back = correction("undo", correction=swap.id, at="2025-03-05")
    again = correction("undo", correction=back.id, at="2025-03-06")
    assert in_force([swap]) == (swap,)
    assert in_force([swap, back]) == ()
    assert in_force([swap, back, again]) == (swap,)
