"""The sample calls, from sound to status, against what a person reading the scripts expects."""

from __future__ import annotations

import pytest

from audio_samples import script
from callqa.evidence import verify
from callqa.records import CallRecord

pytestmark = pytest.mark.slow
NAMES = script.names()
SETS = {"sqa": "sqa_dn8j11", "nocn": "nocn_unit7"}
Records = dict[str, CallRecord]


def statuses(record: CallRecord, criteria: str) -> dict[str, str]:
    """The first agent's statuses, as the scripts speak of them."""
    agent = next((p.id for p in record.participants if p.role == "agent"), "")
    return {
        r.criterion: r.status
        for r in record.results
        if r.criteria == criteria and r.participant == agent
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_record_holds_what_it_claims(scored_samples: Records, name: str) -> None:
    record = scored_samples[name]
    verify(record)
    for d in record.detections:
        if d.quote:
            assert record.transcript.turns[d.turn or 0].text[d.start_char : d.end_char] == d.quote


@pytest.mark.parametrize("name", [n for n in NAMES if n != "voicemail"])
def test_the_agent_is_the_agent(scored_samples: Records, name: str) -> None:
    """Each side, or voice, says the words that the script gives to its role."""
    record, wanted = scored_samples[name], script.load(name)
    said: dict[str, set[str]] = {"agent": set(), "customer": set()}
    for turn in wanted.turn:
        if turn.role in said:
            said[turn.role] |= set(turn.text.lower().split())
    for role, other in (("agent", "customer"), ("customer", "agent")):
        heard = {
            w.text.lower()
            for t in record.transcript.turns
            if record.role_of(t) in (role, "second_agent" if role == "agent" else role)
            for w in t.words
        }
        own, others = said[role] - said[other], said[other] - said[role]
        assert len(heard & own) > 3 * len(heard & others), f"{role}s are mixed up"


def test_a_voicemail_is_nobodys_conversation(scored_samples: Records) -> None:
    record = scored_samples["voicemail"]
    assert record.kind == "voicemail"
    assert {r.status for r in record.results} == {"not_assessable"}


def test_expected_labels_are_found(scored_samples: Records) -> None:
    wanted = {(n, label) for n in NAMES for label in script.load(n).expect.labels}
    found = {(n, d.label) for n in NAMES for d in scored_samples[n].detections}
    missing = sorted(wanted - found)
    assert len(missing) <= 0.1 * len(wanted), missing


@pytest.mark.parametrize("name", NAMES)
def test_what_the_agent_did_not_do_is_not_claimed(scored_samples: Records, name: str) -> None:
    absent = set(script.load(name).expect.absent)
    agents = ("agent", "second_agent")
    claimed = {d.label for d in scored_samples[name].detections if d.role in agents}
    callers = {d.label for d in scored_samples[name].detections if d.role == "customer"}
    told_of_callers = {x for x in absent if x.startswith(("complaint.", "need.", "emotion."))}
    assert not absent & claimed
    assert not told_of_callers & callers


@pytest.mark.parametrize("kind", SETS)
def test_statuses_agree_with_a_careful_reader(scored_samples: Records, kind: str) -> None:
    same, differ, opposed = 0, [], []
    for name in NAMES:
        given = statuses(scored_samples[name], SETS[kind])
        for criterion, status in script.load(name).expect.statuses(kind).items():  # type: ignore[arg-type]
            if {given[criterion], status} == {"evidenced", "contradicted"}:
                opposed.append((name, criterion))
            if given[criterion] == status:
                same += 1
            else:
                differ.append(f"{name} {criterion}: {given[criterion]}, a reader says {status}")
    assert not opposed
    assert same >= 0.85 * (same + len(differ)), differ


def test_measures_are_within_what_the_scripts_say(scored_samples: Records) -> None:
    wrong = []
    for name in NAMES:
        measures = scored_samples[name].measures
        for measure, limits in script.load(name).expect.measures.items():
            value = measures[measure].value
            least = value if limits.at_least is None else limits.at_least
            most = value if limits.at_most is None else limits.at_most
            if not least <= value <= most:
                wrong.append(f"{name}: {measure} is {value}, expected {limits}")
    assert not wrong
