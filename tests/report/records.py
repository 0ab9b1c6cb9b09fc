"""A call written by hand as a whole record: every status and every kind of evidence."""
# ruff: noqa: E501, PT018

from __future__ import annotations

from callqa.records import (
    AbsenceEvidence,
    AttachedEvidence,
    CallRecord,
    CriterionClass,
    CriterionResult,
    Detection,
    Evidence,
    Fingerprint,
    Flag,
    GroupTotal,
    Measure,
    Metadata,
    MetadataEvidence,
    Participant,
    QuoteEvidence,
    Recording,
    Role,
    Span,
    SpanEvidence,
    Status,
    Transcript,
    Turn,
    TurnProsody,
    Word,
    detection_id,
)

# role, from, to, words
LINES: tuple[tuple[Role, float, float, str], ...] = (
    ("agent", 1.2, 6.4, "Good morning, Larch Energy, this is Priya speaking. How can I help you?"),
    ("customer", 7.0, 13.1, "Hello. My bill has doubled and this is the third time I have called."),
    ("agent", 13.3, 19.8, "I'm really sorry about that. Can you tell me what happened last time?"),
    ("customer", 20.1, 29.6, "Nobody rang me back, that is what happened. It's ridiculous."),
    ("agent", 29.2, 35.0, "I understand. Could I take your postcode and your date of birth, please?"),
    ("customer", 35.6, 40.2, "It's [POSTCODE] and the third of May."),
    ("agent", 40.5, 46.9, "Thank you. So you are saying the reading in June was never used?"),
    ("customer", 47.1, 49.0, "Yes, exactly."),
    ("agent", 49.4, 55.7, "I'm going to look at the readings now, it will take about a minute. Okay?"),
    ("customer", 55.9, 56.8, "Fine."),
    ("agent", 81.0, 91.4, "Thank you for waiting. I can refund the difference or put it towards the next bill."),
    ("customer", 91.8, 97.5, "The refund please. Will it be quick?"),
    ("agent", 97.9, 106.2, "It will be with you within five days, and I'll call you on Friday to check."),
    ("customer", 106.5, 110.4, "All right. Thanks for sorting it."),
    ("agent", 110.8, 116.9, "Is there anything else I can help with? Thank you for calling, goodbye."),
)  # fmt: skip

# turn, words, label, confidence, why
FOUND: tuple[tuple[int, str, str, float, str], ...] = (
    (0, "Good morning", "opening.greeting", 0.97, "greets the customer"),
    (0, "Larch Energy", "opening.organisation", 0.93, "names the organisation"),
    (0, "this is Priya speaking", "opening.name_given", 0.95, "gives a first name"),
    (0, "How can I help you?", "opening.help_offered", 0.98, "offers help"),
    (0, "How can I help you?", "question.open", 0.81, "“how” asks for more than a fact"),
    (1, "My bill has doubled", "complaint.stated", 0.84, "says what is wrong"),
    (1, "third time I have called", "complaint.repeat_contact", 0.9, "has called before"),
    (2, "I'm really sorry about that", "positive.apology", 0.96, "apologises"),
    (2, "Can you tell me what happened last time?", "question.open", 0.9, "invites to explain"),
    (2, "Can you tell me what happened last time?", "question.probing", 0.74, "asks further"),
    (4, "I understand", "positive.empathy", 0.7, "acknowledges the feeling"),
    (4, "I understand", "listening.acknowledgement", 0.8, "acknowledges"),
    (4, "postcode and your date of birth", "identity.requested", 0.95, "asks for two identifiers"),
    (5, "[POSTCODE] and the third of May", "identity.provided", 0.9, "gives both"),
    (6, "So you are saying the reading in June was never used?", "question.clarifying", 0.88,
     "puts the matter in other words"),
    (6, "So you are saying", "listening.paraphrase", 0.86, "says it back"),
    (8, "it will take about a minute", "handling.hold_explained", 0.91, "says how long"),
    (10, "Thank you for waiting", "handling.hold_thanked", 0.97, "thanks for waiting"),
    (10, "I can refund the difference or put it towards the next bill", "positive.options", 0.89,
     "offers two ways"),
    (12, "within five days", "resolution.timescale", 0.93, "says by when"),
    (12, "I'll call you on Friday to check", "resolution.ownership", 0.87, "takes it on"),
    (14, "Is there anything else I can help with?", "closing.further_help", 0.97, "asks"),
    (14, "Is there anything else I can help with?", "question.closed", 0.9, "a yes or no will do"),
    (14, "goodbye", "closing.farewell", 0.96, "says goodbye"),
)  # fmt: skip


def turns(lines: tuple[tuple[Role, float, float, str], ...] = LINES) -> tuple[Turn, ...]:
    out = []
    for index, (role, start, end, text) in enumerate(lines):
        places, at = [], 0
        for token in text.split():
            at = text.index(token, at)
            places.append((token, at))
            at += len(token)
        step = (end - start) / len(places)
        words = tuple(
            Word(id=f"{index}.{n}", text=token, start_char=char, end_char=char + len(token),
                 start_s=start + n * step, end_s=start + (n + 1) * step, probability=0.9)
            for n, (token, char) in enumerate(places)
        )  # fmt: skip
        out.append(
            Turn(index=index, participant=role, text=text, words=words, start_s=start, end_s=end)
        )
    return tuple(out)


def detection(turn: Turn, quote: str, label: str, confidence: float, why: str) -> Detection:
    start = turn.text.index(quote)
    end = start + len(quote)
    words = [w for w in turn.words if w.start_char < end and w.end_char > start]
    return Detection(
        id=detection_id(label, turn.participant, words[0].id, words[-1].id),
        label=label, participant=turn.participant, role=turn.participant, turn=turn.index,
        start_char=start, end_char=end, first_word=words[0].id, last_word=words[-1].id,
        start_s=words[0].start_s, end_s=words[-1].end_s, quote=quote, confidence=confidence,
        why=why, rule="hand/written",
    )  # type: ignore[arg-type]  # fmt: skip


def quoted(d: Detection) -> QuoteEvidence:
    assert d.turn is not None and d.start_char is not None and d.end_char is not None
    return QuoteEvidence(
        detection=d.id, label=d.label, role=d.role, turn=d.turn, start_char=d.start_char,
        end_char=d.end_char, start_s=d.start_s, end_s=d.end_s, quote=d.quote,
        confidence=d.confidence, why=d.why,
    )  # fmt: skip


def result(
    criterion: str,
    title: str,
    status: Status,
    why: str,
    *evidence: Evidence,
    criteria: str = "sqa_dn8j11",
    group: str | None = None,
    kind: CriterionClass = "audio",
    needs: str = "",
) -> CriterionResult:
    return CriterionResult(
        id=f"{criteria}-{criterion}", criteria=criteria, criteria_hash="c0ffee", criterion=criterion,
        group=group or criterion[0], title=title, criterion_class=kind, participant="agent",
        status=status, confidence=None if status.startswith("not_a") else 0.86, why=why,
        needs=needs, evidence=evidence,
    )  # fmt: skip


TITLES = {
    "1": "Identify customer needs",
    "2": "Respond to customer needs using Information and Communication Technology",
    "3": "Develop positive relationships with customers",
    "4": "Deal with customer dissatisfaction",
    "calls": "Receive incoming calls (7.8–7.17)",
}


def results(by: dict[str, Detection]) -> tuple[CriterionResult, ...]:
    said = {label: quoted(d) for label, d in by.items() if d.start_char is not None}
    unit7 = {"criteria": "nocn_unit7", "group": "calls"}
    return (
        result("1a", "Use active telephone communication techniques", "evidenced",
               "Greets, acknowledges and asks questions of different kinds.",
               said["opening.greeting"], said["listening.acknowledgement"], said["question.open"],
               said["question.clarifying"], said["listening.paraphrase"]),
        result("1b", "Identify customer needs", "evidenced", "Invites, then checks understanding.",
               said["opening.help_offered"], said["question.clarifying"]),
        result("1c", "Capture accurate data simultaneously on a database", "partly",
               "A hold is explained; what was written down cannot be heard.",
               said["handling.hold_explained"], kind="part", needs="The electronic record."),
        result("1d", "Gather specified customer satisfaction information", "not_evidenced",
               "Nothing asks how satisfied the customer is.",
               AbsenceEvidence(looked_for="A question about satisfaction", searched="the closing",
                               start_s=97.9, end_s=116.9, nearest=by["closing.further_help"].id,
                               confidence=0.71)),
        result("1f", "Maintain and communicate organisational image", "evidenced",
               "Names the organisation and themselves.", said["opening.organisation"],
               said["opening.name_given"]),
        result("2a", "Use and control telephony features", "contradicted",
               "A silence of 24 s passes the limit of 15 s.",
               SpanEvidence(measure="silence_longest_s", value=24.2, limit=15.0, start_s=56.8,
                            end_s=81.0, confidence=0.95)),
        result("2e", "Comply with organisational requirements", "not_assessable",
               "No profile says what is required.", kind="part", needs="The organisation's rules."),
        result("3a", "Respond promptly to enquiries", "evidenced", "Answered within 20 s.",
               MetadataEvidence(field="ring_s", value="8")),
        result("3c", "Clarify and confirm understanding in a sensitive and helpful manner", "partly",
               "Says it back once.", said["listening.paraphrase"]),
        result("4a", "Identify reason(s) for customer dissatisfaction", "evidenced",
               "The reason is stated and asked about.", said["complaint.stated"],
               said["question.probing"]),
        result("4e", "Maintain accurate electronic files", "not_assessable",
               "A recording cannot show a file.",
               AttachedEvidence(name="case 2291.pdf", sha256="ab" * 32, attached_by="M. Okafor",
                                attached_at="2025-03-04"), kind="record",
               needs="The electronic file."),
        result("7.9", "Answer calls in accordance with organisational procedures", "evidenced",
               "Opens as expected.", said["opening.greeting"], said["opening.name_given"], **unit7),
        result("7.17", "Take and pass on messages", "not_applicable", "No message was left.",
               **unit7),
        result("7.1", "Why an organization should have guidance on dealing with telephone calls",
               "not_assessable", "Knowledge is shown by answers.", said["opening.greeting"], criteria="nocn_unit7",
               group="knowledge", kind="knowledge", needs="The candidate's own answer."),
    )  # fmt: skip


def total(group: str, results: tuple[CriterionResult, ...]) -> GroupTotal:
    own = [r for r in results if r.group == group]
    counts: dict[str, int] = {}
    for r in own:
        counts[r.status] = counts.get(r.status, 0) + 1
    return GroupTotal(criteria=own[0].criteria, group=group, title=TITLES[group], **counts)


def record(call_id: str = "larch-0417", *, agent: str | None = "A-12") -> CallRecord:
    """A complaint about a bill, handled fairly well with one long wait."""
    said = turns()
    found = [detection(said[n], quote, *rest) for n, quote, *rest in FOUND]  # type: ignore[arg-type]
    found += [_raised(said[3]), _long_wait()]
    by: dict[str, Detection] = {}
    for d in found:
        by.setdefault(d.label, d)
    scored = results(by)
    return CallRecord(
        call_id=call_id,
        metadata=Metadata(call_id=call_id, agent_id=agent, team="Billing", direction="inbound",
                          queue="complaints", started_at="2025-03-03T09:14:00+00:00", ring_s=8.0),
        recordings=(Recording(sha256="5e" * 32, name=f"{call_id}.wav", container="wav",
                              codec="pcm_s16le", sample_rate_hz=8000, channels=2, duration_s=120.0,
                              layout="stereo", telephone_band=True, speech_share=0.71),),
        duration_s=120.0,
        kind="conversation",
        completeness=("ends_mid_speech",),
        quality=(Flag(code="clipped", why="2% of the customer's side is clipped.", weight=1.5),),
        participants=(
            Participant(id="agent", role="agent", role_confidence=0.98, role_why="opens the call",
                        agent_id=agent, channel=0),
            Participant(id="customer", role="customer", role_confidence=0.98, channel=1),
        ),
        transcript=Transcript(turns=said, dropped_words=3, speech={
            role: tuple(Span(start_s=t.start_s or 0, end_s=t.end_s or 0)
                        for t in said if t.participant == role)
            for role in ("agent", "customer")}),
        prosody=(TurnProsody(turn=3, voiced_s=4.2, pitch_st=3.1, level_db=5.0),),
        detections=tuple(found),
        measures={
            "talk_share_agent": Measure(value=0.58, unit="share", count=8),
            "silence_longest_s": Measure(value=24.2, unit="s", count=1),
            "silence_share": Measure(value=0.22, unit="share", count=1),
            "pace_agent_wpm": Measure(value=172.4, unit="words/min", count=104),
            "turns_agent": Measure(value=8, unit="count"),
            "questions_agent": Measure(value=5, unit="count"),
        },
        results=scored,
        totals=tuple(total(g, scored) for g in TITLES),
        flags=(
            Flag(code="contradicted", why="2a is contradicted: a silence of 24 s.", weight=3.0,
                 start_s=56.8),
            Flag(code="raised_voice", why="The customer's voice is raised from 0:20.", weight=2.0,
                 start_s=20.1),
            Flag(code="low_confidence", why="3c rests on one quote.", weight=0.5),
        ),
        fingerprint=Fingerprint(callqa="0.1.0", models={"whisper-base": "905e5bf8"},
                                lexicons="77aa", criteria={"sqa_dn8j11": "c0ffee"}, profile="00ff"),
    )  # fmt: skip


def _raised(turn: Turn) -> Detection:
    return Detection(
        id="raised000001", label="emotion.raised", participant="customer", role="customer",
        turn=turn.index, start_s=turn.start_s, end_s=turn.end_s, confidence=0.72,
        why="pitch 3.1 semitones and level 5 dB above this voice's own middle", rule="emotion",
    )  # fmt: skip


def _long_wait() -> Detection:
    return Detection(
        id="wait00000001", label="handling.unexplained_silence", participant="agent", role="agent",
        turn=None, start_s=56.8, end_s=81.0, confidence=0.9, why="24 s without a word",
        rule="silence", attributes={"seconds": 24.2},
    )  # fmt: skip


def peaks(seconds: float = 120.0) -> dict[str, list[float]]:
    """A loudness curve per participant that follows who speaks."""
    out = {}
    for role in ("agent", "customer"):
        curve = [0.02] * int(seconds * 10)
        for who, start, end, _ in LINES:
            if who == role:
                for n in range(int(start * 10), int(end * 10)):
                    curve[n] = 0.35 + 0.6 * ((n * 7919) % 97) / 97
        out[role] = curve
    return out
