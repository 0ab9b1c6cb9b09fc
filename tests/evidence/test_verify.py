"""A record that claims what its call does not carry cannot be stored."""

import pytest

from callqa.errors import EvidenceError
from callqa.evidence import verify
from callqa.profile import Profile
from callqa.records import AbsenceEvidence, MetadataEvidence, SpanEvidence
from callqa.score import ScoreInput, score
from tests.builders import agent, call, customer
from tests.score.units import units

SECRET = "Brightwell"


def scored(**given):
    record = call(
        agent("Good morning, Brightwell, Sam here.", ("opening.greeting", "Good morning,"),
              ("opening.organisation", "Brightwell,"), ("opening.name_given", "Sam here.")),
        customer("I'm not happy, it's off.", "complaint.stated"),
        agent("I'm sorry, please tell me more.", ("positive.courtesy", "please")),
        **given,
    )  # fmt: skip
    results = score(ScoreInput.of(record), units(), Profile())
    return record.model_copy(update={"results": tuple(results)})


def altered(record, criterion, **changes):
    """The record with one result changed."""
    results = tuple(
        r.model_copy(update=changes) if r.criterion == criterion else r for r in record.results
    )
    return record.model_copy(update={"results": results})


def evidence_of(record, criterion):
    return next(r.evidence for r in record.results if r.criterion == criterion)


def with_detection(record, **changes):
    first, *rest = record.detections
    return record.model_copy(
        update={"detections": (first.model_copy(update=changes), *rest), "results": ()}
    )


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"sound": False},
        {"silences": ((20.0, 50.0),), "measures": {"unexplained_silence_longest_s": 30.0}},
        {"metadata": {"ring_s": 4}},
    ],
)
def test_what_was_scored_holds(given):
    record = scored(**given)
    claims = [e for r in record.results for e in r.evidence]
    assert {"quote", "absence"} <= {e.kind for e in claims}  # there is something to verify
    assert verify(record) is None
    elsewhere = with_detection(record, quote="words that nobody said")
    with pytest.raises(EvidenceError):
        verify(elsewhere)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quote": "Good evening,"}, "words that turn 0 does not have"),
        ({"start_char": 1, "end_char": 14}, "words that turn 0 does not have"),
        ({"turn": 7}, "turn 7, which does not exist"),
        ({"end_char": 999}, "characters 0 to 999"),
        ({"first_word": "0.77"}, "word 0.77"),
        ({"participant": "customer"}, "participant who does not speak turn 0"),
        ({"turn": None, "start_char": None}, "without a place"),
    ],
)
def test_a_detection_off_its_place_is_refused(changes, says):
    with pytest.raises(EvidenceError, match=says):
        verify(with_detection(scored(), **changes))


def test_a_quote_in_a_result_must_be_in_the_transcript():
    record = scored()
    quote, *rest = evidence_of(record, "1f")
    forged = quote.model_copy(update={"quote": "Good afternoon"})
    with pytest.raises(EvidenceError, match=r"1f.*at its place"):
        verify(altered(record, "1f", evidence=(forged, *rest)))


def test_a_quote_in_a_result_must_be_a_detection():
    record = scored()
    quote, *rest = evidence_of(record, "1f")
    renamed = quote.model_copy(update={"label": "positive.empathy"})
    with pytest.raises(EvidenceError, match="not in the call like that"):
        verify(altered(record, "1f", evidence=(renamed, *rest)))


def test_a_claim_needs_more_than_an_absence():
    nothing = (AbsenceEvidence(looked_for="x", searched="the whole call", confidence=1.0),)
    for status in ("evidenced", "contradicted"):
        with pytest.raises(EvidenceError, match="other than an absence"):
            verify(altered(scored(), "1f", status=status, evidence=nothing))
        with pytest.raises(EvidenceError, match="other than an absence"):
            verify(altered(scored(), "1f", status=status, evidence=()))
    verify(altered(scored(), "1f", status="not_evidenced", evidence=nothing))


def test_a_duty_whose_time_has_passed_may_contradict_but_not_evidence():
    late = (AbsenceEvidence(looked_for="x", searched="…", start_s=0.0, end_s=30.0, confidence=1.0),)
    verify(altered(scored(), "1f", status="contradicted", evidence=late))
    with pytest.raises(EvidenceError, match="other than an absence"):
        verify(altered(scored(), "1f", status="evidenced", evidence=late))


def test_a_span_must_be_what_was_measured():
    span = SpanEvidence(measure="silence_share", value=0.2)
    verify(altered(scored(), "1f", evidence=(span,)))
    with pytest.raises(EvidenceError, match="another value"):
        verify(altered(scored(), "1f", evidence=(span.model_copy(update={"value": 0.3}),)))
    with pytest.raises(EvidenceError, match="not measured"):
        verify(altered(scored(sound=False), "1f", evidence=(span,)))


def test_metadata_must_be_the_calls_own():
    field = MetadataEvidence(field="ring_s", value="4.0")
    verify(altered(scored(metadata={"ring_s": 4}), "3a", evidence=(field,)))
    with pytest.raises(EvidenceError, match="ring_s"):
        verify(altered(scored(), "3a", evidence=(field,)))


@pytest.mark.parametrize(
    ("criterion", "status"), [("1c", "evidenced"), ("4e", "partly"), ("7.1", "evidenced")]
)
def test_a_class_cannot_claim_more_than_a_recording_shows(criterion, status):
    quotes = evidence_of(scored(), "1f")
    with pytest.raises(EvidenceError, match=rf"{criterion}.*cannot be {status}"):
        verify(altered(scored(), criterion, status=status, evidence=quotes))


def test_a_near_miss_must_be_in_the_call():
    miss = AbsenceEvidence(looked_for="x", searched="…", nearest="feed", confidence=0.5)
    with pytest.raises(EvidenceError, match="feed"):
        verify(altered(scored(), "1d", evidence=(miss,)))


def test_the_message_holds_no_words_of_the_call():
    with pytest.raises(EvidenceError) as caught:
        verify(with_detection(scored(), quote=SECRET))
    assert SECRET not in str(caught.value)
    assert caught.value.call == "call-1"
