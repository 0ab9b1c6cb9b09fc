"""Draws that can be repeated, kept apart by kind, and rates from chance alone."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callqa.errors import EvidenceError, UsageError
from callqa.evidence.sampling import (
    Draw,
    Framed,
    Sample,
    at_random,
    audit,
    by_risk,
    frame_hash,
    rate,
    stratified,
)

FRAME = [
    Framed(call_id=f"c{i:03}", agent="ann" if i % 4 else "bob",
           situation="billing" if i % 3 else "fault", risk=float(i))
    for i in range(60)
]  # fmt: skip


def ids(sample):
    return [d.call_id for d in sample.drawn]


def test_the_same_seed_draws_the_same_whatever_the_order():
    assert at_random(FRAME, 9, "2024-W07") == at_random(FRAME[::-1], 9, "2024-W07")
    assert ids(at_random(FRAME, 9, "2024-W07")) != ids(at_random(FRAME, 9, "2024-W08"))


def test_risk_has_no_part_in_a_random_draw():
    calm = [c.model_copy(update={"risk": 0.0}) for c in FRAME]
    assert ids(at_random(FRAME, 9, "s")) == ids(at_random(calm, 9, "s"))


def test_every_call_is_as_likely_as_any_other():
    seeds = 3000
    times = dict.fromkeys((c.call_id for c in FRAME), 0)
    for seed in range(seeds):
        for call in ids(at_random(FRAME, 6, str(seed))):
            times[call] += 1
    # Each is binomial(3000, 0.1): mean 300, sd 16.4; five sd on 60 calls errs once in 30,000.
    assert all(abs(n - 300) < 82 for n in times.values())
    assert {d.probability for d in at_random(FRAME, 6, "s").drawn} == {0.1}


def test_strata_hold_one_at_least_and_record_their_probabilities():
    sample = stratified(FRAME, 12, "s")
    assert sum(n for n, _ in sample.strata.values()) == sample.size == 12
    assert set(sample.strata) == {"ann · billing", "ann · fault", "bob · billing", "bob · fault"}
    for d in sample.drawn:
        n, of = sample.strata[d.stratum]
        assert d.probability == n / of


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_a_stratified_draw_has_its_size_and_never_overdraws(sizes, data):
    frame = [Framed(call_id=f"{a}-{i}", agent=str(a)) for a, n in enumerate(sizes)
             for i in range(n)]  # fmt: skip
    size = data.draw(st.integers(len(sizes), len(frame)))
    sample = stratified(frame, size, "s")
    assert len(set(ids(sample))) == size
    assert all(1 <= n <= of for n, of in sample.strata.values())


def test_a_draw_by_risk_takes_the_riskiest_and_claims_no_probability():
    sample = by_risk(FRAME, 3)
    assert ids(sample) == ["c059", "c058", "c057"]
    assert {d.probability for d in sample.drawn} == {None}


# ---------------------------------------------------------------- audit


@pytest.mark.parametrize(
    "sample", [at_random(FRAME, 9, "s"), stratified(FRAME, 9, "s"), by_risk(FRAME, 9)]
)
def test_a_kept_sample_can_be_audited(sample):
    kept = Sample.model_validate_json(sample.model_dump_json())
    assert audit(kept, FRAME) is None
    assert kept == sample
    with pytest.raises(EvidenceError, match="not what its seed draws"):
        audit(kept.model_copy(update={"drawn": kept.drawn[::-1]}), FRAME)


def test_an_exchanged_call_is_found_out():
    sample = at_random(FRAME, 9, "s")
    other = next(c.call_id for c in FRAME if c.call_id not in ids(sample))
    first = sample.drawn[0].model_copy(update={"call_id": other})
    forged = sample.model_copy(update={"drawn": (first, *sample.drawn[1:])})
    with pytest.raises(EvidenceError, match="1 calls are not of the draw, 1 are missing"):
        audit(forged, FRAME)


def test_another_frame_is_found_out():
    with pytest.raises(EvidenceError, match="another set of 60 calls"):
        audit(at_random(FRAME, 9, "s"), FRAME[1:])
    assert frame_hash(FRAME) == frame_hash(FRAME[::-1])


@pytest.mark.parametrize("size", [0, 61])
def test_a_size_that_cannot_be_drawn(size):
    with pytest.raises(UsageError, match=f"{size} of 60"):
        at_random(FRAME, size, "s")


def test_what_else_cannot_be_drawn():
    with pytest.raises(UsageError, match="stands twice"):
        at_random([FRAME[0], FRAME[0]], 1, "s")
    with pytest.raises(UsageError, match="one of each of 4"):
        stratified(FRAME, 3, "s")


def test_a_draw_is_kept_with_its_frame_and_named_by_its_content():
    made = Draw(by="Ada", at="2025-03-04T10:00:00+00:00", sample=at_random(FRAME, 9, "s"),
                frame=tuple(FRAME))  # fmt: skip
    again = Draw.model_validate_json(made.model_dump_json())
    assert again.id == made.id
    assert made.model_copy(update={"by": "Ben"}).id != made.id


# ---------------------------------------------------------------- rates

FAULTY = {c.call_id: c.agent == "bob" for c in FRAME}  # 15 of 60


def test_rates_of_random_draws_are_unbiased():
    for draw in (at_random, stratified):
        values = [rate(draw(FRAME, 12, str(s)), FAULTY).value for s in range(400)]
        assert mean(values) == pytest.approx(0.25, abs=0.025)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    inside = 0
    for seed in range(400):
        found = rate(at_random(FRAME, 20, str(seed)), FAULTY)
        inside += found.low <= 0.25 <= found.high
    assert inside >= 0.92 * 400


def test_calls_drawn_by_risk_give_no_rate():
    with pytest.raises(UsageError, match="give no rate"):
        rate(by_risk(FRAME, 9), FAULTY)


def test_a_call_left_out_would_bias_the_rate():
    sample = at_random(FRAME, 9, "s")
    some = {k: v for k, v in FAULTY.items() if k != sample.drawn[0].call_id}
    with pytest.raises(UsageError, match="1 drawn calls are not reviewed yet"):
        rate(sample, some)
