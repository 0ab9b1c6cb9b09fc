from __future__ import annotations

from itertools import pairwise

import pytest

from callqa.evidence.judgements import judged
from callqa.records import (
    CallRecord,
    Correction,
    Detection,
    Judgement,
    Participant,
    QuoteEvidence,
    Transcript,
    Turn,
)
from callqa.report.call import call_page
from tests.report.reading import Page
from tests.report.records import peaks, record

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'


@pytest.fixture(scope="module")
def call() -> CallRecord:
    return record()


@pytest.fixture(scope="module")
def page(call: CallRecord) -> Page:
    return Page(call_page(call, audio_href="../audio/larch.mp3", peaks=peaks()))


def quotes(call: CallRecord) -> list[QuoteEvidence]:
    return [e for r in call.results for e in r.evidence if isinstance(e, QuoteEvidence)]


def test_every_status_is_a_word(page: Page) -> None:
    for word in (
        "Evidenced", "Partly", "Contradicted", "Not evidenced", "Not applicable", "Not assessable",
    ):  # fmt: skip
        assert word in page.text


def test_every_quoted_moment_links_to_its_words_and_plays(call: CallRecord, page: Page) -> None:
    assert quotes(call)
    plays = {a["data-at"] for a in page.links if "data-at" in a}
    for quote in quotes(call):
        assert f"turn-{quote.turn}" in page.ids
        assert any(a.get("href") == f"#turn-{quote.turn}" for a in page.links)
        assert f"{quote.start_s:.2f}" in plays
        assert f"“{quote.quote}”" in page.text or quote.quote in page.text


def test_a_time_names_the_sound_and_the_second(page: Page) -> None:
    links = [a for a in page.links if a.get("href") == "../audio/larch.mp3#t=56.80"]
    assert links


def test_without_sound_a_time_leads_to_the_words(call: CallRecord) -> None:
    page = Page(call_page(call))
    times = [a["href"] for a in page.links if a.get("class") == "at"]
    assert times
    assert all(href.startswith("#turn-") for href in times)
    assert page.count("audio") == 0


def test_sound_can_be_inside_the_page(call: CallRecord) -> None:
    html = call_page(call, audio=b"RIFF....WAVE")
    assert 'src="data:audio/wav;base64,' in html


def test_all_inner_links_have_a_target(page: Page) -> None:
    inner = {a["href"][1:] for a in page.links if a.get("href", "").startswith("#")}
    assert inner <= set(page.ids)


def test_ids_are_not_used_twice(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))


def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_totals_are_of_observable_and_never_a_percentage(page: Page) -> None:
    assert "3 evidenced, 1 partly, 0 contradicted of 5 observable" in page.text
    assert "% evidenced" not in page.text
    assert "score" not in page.text.lower()


def test_flags_stand_with_the_weightiest_first(page: Page) -> None:
    assert page.text.index("2a is contradicted") < page.text.index("voice is raised from 0:20")


def test_what_the_call_cannot_show_is_said(page: Page) -> None:
    assert "ends in mid-speech" in page.text
    assert "2% of the customer's side is clipped." in page.text
    assert "3 criteria cannot be assessed" in page.text


def test_limits_of_evidence_that_is_no_quote(page: Page) -> None:
    assert "Longest silence: 24.2 s (limit 15 s)" in page.text
    assert "A question about satisfaction; searched: the closing." in page.text
    assert "Answered after (s): 8" in page.text
    assert "case 2291.pdf, by M. Okafor on 2025-03-04" in page.text


def test_signs_of_emotion_are_the_customers_only(call: CallRecord) -> None:
    sign = next(d for d in call.detections if d.label == "emotion.raised")
    of_agent = sign.model_copy(
        update={"role": "agent", "participant": "agent", "id": "agentsign", "why": "of the agent"}
    )
    html = call_page(call.model_copy(update={"detections": (*call.detections, of_agent)}))
    assert sign.why in Page(html).text
    assert "of the agent" not in html
    assert "agentsign" not in html
    assert "left to the words" in Page(html).text


def test_the_notice_and_what_made_it_are_there(page: Page) -> None:
    assert "The machine proposes; a named person decides." in page.text
    assert "905e5bf8" in page.text


def judgement(call: CallRecord, criterion: str, level: str, **given: object) -> Judgement:
    words: dict[str, object] = {
        "by": "R. Lind",
        "reason": "asks too late",
        "at": "2025-03-05T10:00",
    }
    return judged(call, criterion, level, scales={}, **(words | given))  # type: ignore[arg-type]


def test_who_decided_what_when_and_why_stands_beside_the_proposal(call: CallRecord) -> None:
    said = judgement(call, "1b", "partly")
    page = Page(call_page(call.model_copy(update={"judgements": (said,)})))
    assert "Partly asks too late R. Lind, assessor, 5 March 2025, 10:00" in page.text
    assert "The proposal has changed since" not in page.text
    assert page.text.count("Evidenced") == Page(call_page(call)).text.count("Evidenced")


def test_a_stale_decision_says_so_and_what_was_proposed_then(call: CallRecord) -> None:
    said = judgement(call, "1b", "partly")
    results = tuple(
        r.model_copy(update={"status": "contradicted"}) if r.criterion == "1b" else r
        for r in call.results
    )
    now = call.model_copy(update={"judgements": (said,), "results": results})
    assert "The proposal has changed since; it was: Evidenced." in Page(call_page(now)).text


def test_a_decision_on_what_is_no_longer_scored_is_kept_in_sight(call: CallRecord) -> None:
    said = judgement(call, "1b", "partly")
    now = call.model_copy(update={"judgements": (said,), "results": call.results[2:]})
    text = Page(call_page(now)).text
    assert "Decided, and no longer scored" in text
    assert "asks too late" in text


def test_corrections_are_told_with_their_names(call: CallRecord) -> None:
    made = Correction(
        call_id=call.call_id, kind="assign_agent", payload={"agent_id": "A-99"}, by="R. Lind",
        reason="knows the voice", at="2025-03-05",
    )  # fmt: skip
    text = Page(call_page(call.model_copy(update={"corrections": (made,)}))).text
    assert "Agent assigned: A-99 knows the voice R. Lind, 5 March 2025" in text
    assert "Corrected by people" not in Page(call_page(call)).text


def hostile_call() -> CallRecord:
    """A call whose every word wants to be markup."""
    text = HOSTILE
    detection = Detection(
        id="d1", label=f"opening.{HOSTILE}", participant="p", role="agent", turn=0, start_char=0,
        end_char=len(text), start_s=0.0, end_s=1.0, quote=text, confidence=0.9, why=HOSTILE,
        rule="x", attributes={HOSTILE: HOSTILE},
    )  # fmt: skip
    call = record(HOSTILE, agent=HOSTILE)
    return call.model_copy(
        update={
            "participants": (Participant(id="p", role="agent"),),
            "transcript": Transcript(
                turns=(Turn(index=0, participant="p", text=text, start_s=0.0, end_s=1.0),)
            ),
            "detections": (detection,),
            "flags": tuple(
                f.model_copy(update={"why": HOSTILE, "code": HOSTILE}) for f in call.flags
            ),
            "results": tuple(
                r.model_copy(update={"why": HOSTILE, "needs": HOSTILE, "title": HOSTILE})
                for r in call.results
            ),
        }
    )


def test_words_never_become_markup() -> None:
    html = call_page(hostile_call(), audio_href=HOSTILE, home_href="../index.html")
    page = Page(html)
    assert page.count("script") == 1  # our own
    assert page.count("img") == 0
    assert not any(k.startswith("on") for _, attributes in page.tags for k in attributes)
    assert "<script>alert(1)</script>" in page.text


def test_only_the_pages_own_script_may_run(page: Page) -> None:
    policy = next(a["content"] for t, a in page.tags if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy


def test_a_transcript_without_times_or_results_is_a_page_too() -> None:
    bare = CallRecord(
        call_id="bare",
        participants=(Participant(id="u"),),
        transcript=Transcript(turns=(Turn(index=0, participant="u", text="hello"),)),
    )
    page = Page(call_page(bare))
    assert "Unknown speaker" in page.text
    assert "There is no sound" in page.text
    assert "Nothing was scored" in page.text
    assert "timeline" not in page.ids


def test_an_empty_call_is_a_page_too() -> None:
    assert "No words." in Page(call_page(CallRecord(call_id="empty"))).text


def test_a_page_is_small(call: CallRecord) -> None:
    assert len(call_page(call, audio_href="x.mp3", peaks=peaks()).encode()) < 200_000


def test_a_long_call_stays_under_400_kilobytes(call: CallRecord) -> None:
    """Ten minutes of talk at the sample's density."""
    turns = call.transcript.turns
    many = tuple(
        turns[n % len(turns)].model_copy(
            update={"index": n, "start_s": n * 8.0, "end_s": n * 8.0 + 7}
        )
        for n in range(75)
    )
    found = tuple(
        d.model_copy(update={"turn": t.index, "id": f"{d.id}{t.index}", "start_s": t.start_s})
        for t in many
        for d in call.detections
        if d.turn == t.index % len(turns)
    )
    long = call.model_copy(
        update={
            "duration_s": 600.0,
            "detections": found,
            "transcript": call.transcript.model_copy(update={"turns": many, "speech": {}}),
        }
    )
    assert len(call_page(long, audio_href="x.mp3", peaks=peaks(600.0)).encode()) < 400_000
