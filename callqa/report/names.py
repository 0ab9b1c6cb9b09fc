"""Plain names for labels, measures and the other words of a record.

Anything without an entry gets a readable name made from its own words, so that a new detector
or measure shows up well without touching this file.
"""

from __future__ import annotations

from callqa.records import Correction, CorrectionKind, CriterionClass, Role, Status

FAMILIES = {
    "opening": "Opening",
    "closing": "Closing",
    "identity": "Identity check",
    "question": "Questions",
    "listening": "Listening",
    "positive": "Positive language",
    "negative": "Negative language",
    "handling": "Call handling",
    "telephony": "Telephony",
    "wording": "Required wording",
    "complaint": "Complaint",
    "resolution": "Resolution",
    "situation": "What it is about",
    "sales": "Sales",
    "need": "Needs",
    "emotion": "Customer’s voice",
}

LABELS = {
    "opening.greeting": "Greets",
    "opening.organisation": "Names the organisation",
    "opening.name_given": "Gives own name",
    "opening.help_offered": "Offers help",
    "opening.recording_notice": "Says the call is recorded",
    "closing.further_help": "Asks if more help is needed",
    "closing.satisfaction_checked": "Checks satisfaction",
    "closing.thanks": "Thanks",
    "closing.farewell": "Says goodbye",
    "identity.requested": "Asks for identification",
    "identity.provided": "Identifies themselves",
    "identity.confirmed": "Confirms identity",
    "identity.failed": "Identity check failed",
    "identity.disclosed_unchecked": "Gives account detail before the check",
    "identity.data_protection_notice": "Data-protection notice",
    "question.asked": "Question",
    "question.open": "Open question",
    "question.closed": "Closed question",
    "question.probing": "Probing question",
    "question.clarifying": "Clarifying question",
    "question.reflective": "Reflective question",
    "question.leading": "Leading question",
    "question.hypothetical": "Hypothetical question",
    "question.multiple": "Several questions at once",
    "question.sensitive": "Sensitive question",
    "positive.greeting": "Warm greeting",
    "positive.empathy": "Empathy",
    "positive.solution": "Offers a solution",
    "positive.appreciation": "Appreciation",
    "positive.confidence": "Confidence",
    "positive.apology": "Apology",
    "positive.options": "Offers options",
    "positive.commitment": "Commitment",
    "positive.courtesy": "Courtesy",
    "positive.personalised": "Uses the customer’s name",
    "negative.blame": "Blame",
    "negative.refusal": "Bare refusal",
    "negative.dismissive": "Dismissive",
    "negative.argument": "Argues",
    "negative.uncertainty": "Uncertainty",
    "negative.jargon": "Jargon",
    "wording.required": "Required wording",
    "negative.absolutes": "Always and never",
    "negative.negative_phrasing": "Negative phrasing",
    "negative.filler": "Filler",
    "negative.profanity": "Profanity",
    "listening.backchannel": "Short listening word",
    "listening.acknowledgement": "Acknowledges",
    "listening.paraphrase": "Paraphrases",
    "listening.summary": "Sums up",
    "listening.check_understanding": "Checks understanding",
    "listening.interruption": "Interrupts",
    "handling.hold_requested": "Asks to hold",
    "handling.hold_explained": "Explains the hold",
    "handling.hold_thanked": "Thanks for holding",
    "handling.transfer": "Transfers",
    "handling.unexplained_silence": "Unexplained silence",
    "handling.progress_update": "Says how it is going",
    "handling.looking_up": "Looks something up",
    "handling.record_updating": "Updates the record",
    "handling.readback": "Reads back",
    "handling.repeat_requested": "Asks to repeat",
    "handling.phonetic_spelling": "Phonetic spelling",
    "handling.alternative_channel": "Offers another channel",
    "telephony.conference": "Conference",
    "telephony.mute": "Mute",
    "telephony.call_back": "Call back",
    "complaint.stated": "States a complaint",
    "complaint.reason": "Reason for the complaint",
    "complaint.repeat_contact": "Has been in touch before",
    "complaint.threat_to_leave": "Threatens to leave",
    "complaint.escalation_requested": "Asks for a manager",
    "complaint.injury": "Injury",
    "complaint.property_damage": "Damage to property",
    "complaint.abuse": "Abuse",
    "complaint.abuse_warned": "Warns about abuse",
    "resolution.information_given": "Gives information",
    "resolution.preference_asked": "Asks what is preferred",
    "resolution.action_explained": "Explains what will be done",
    "resolution.next_step": "Next step",
    "resolution.timescale": "Timescale",
    "resolution.ownership": "Takes ownership",
    "resolution.refund_offered": "Offers a refund",
    "resolution.replacement_offered": "Offers a replacement",
    "resolution.callback_agreed": "Agrees to call back",
    "resolution.escalated": "Escalates",
    "resolution.referral_briefed": "Briefs a colleague",
    "resolution.beyond_authority": "Beyond authority",
    "resolution.feedback_requested": "Asks for feedback",
    "resolution.accepted": "Accepts",
    "resolution.return_requested": "Asks for the item back for testing",
    "situation.billing": "About a bill or payment",
    "situation.fault": "About a fault",
    "situation.order": "About an order to place",
    "situation.delivery": "About a delivery",
    "situation.change_of_details": "About a change of details",
    "situation.cancellation": "About cancelling",
    "situation.appointment": "About an appointment",
    "sales.offered": "Offers a product",
    "sales.order_readback": "Reads back the order",
    "sales.payment": "Takes payment",
    "sales.authority_referred": "Refers for authority",
    "need.hearing": "Hearing",
    "need.speech": "Speech",
    "need.language": "Language",
    "need.vulnerability": "Vulnerability",
    "need.accessibility": "Accessibility",
    "need.adaptation_offered": "Offers to adapt",
    "emotion.raised": "Voice raised",
    "emotion.strained": "Voice strained",
    "emotion.recovering": "Voice recovering",
}

STATUSES: dict[Status, str] = {
    "evidenced": "Evidenced",
    "partly": "Partly",
    "contradicted": "Contradicted",
    "not_evidenced": "Not evidenced",
    "not_applicable": "Not applicable",
    "not_assessable": "Not assessable",
}

ROLES: dict[Role, str] = {
    "agent": "Agent",
    "second_agent": "Second agent",
    "customer": "Customer",
    "third_party": "Third party",
    "system": "System",
    "unknown": "Unknown speaker",
}

CLASSES: dict[CriterionClass, str] = {
    "audio": "can be shown by a recording",
    "part": "a recording shows it only in part",
    "record": "needs a record, not a recording",
    "knowledge": "knowledge: shown by questioning, not by a call",
    "person": "judged by a person alone; nothing is proposed",
}

KINDS = {
    "conversation": "Conversation",
    "voicemail": "Voicemail",
    "ivr_only": "Machine only, nobody answered",
    "abandoned": "Abandoned",
    "no_speech": "No speech",
    "unknown": "Kind unknown",
}

# Why calls stay out of figures, after a number.
LEFT_OUT = {
    "voicemail": "voicemail", "ivr_only": "machine only", "abandoned": "abandoned",
    "no_speech": "without speech", "fragment": "not whole", "other_language": "not in English",
}  # fmt: skip

SITUATIONS = {"complaint": "A complaint", "query": "A question", "untold": "Not told by the words"}

_NOBODY_SERVED = "Nobody is served in it, so no criterion is assessed and no average counts it."
KIND_EFFECTS = {
    "voicemail": _NOBODY_SERVED,
    "ivr_only": _NOBODY_SERVED,
    "abandoned": _NOBODY_SERVED,
    "no_speech": _NOBODY_SERVED,
    "unknown": "Who takes part is not sure: what is said of each side is less sure too.",
}

CORRECTIONS: dict[CorrectionKind, str] = {
    "swap_roles": "Agent and customer swapped",
    "set_role": "Role set",
    "assign_agent": "Agent assigned",
    "fix_word": "Word fixed",
    "reject_detection": "Detection rejected",
    "add_detection": "Detection added",
    "undo": "Correction taken back",
}

LAYOUTS = {
    "stereo": "stereo, a speaker a side",
    "dual_mono": "the same sound on both sides",
    "one_sided": "one side only",
    "mono": "mono, voices told apart by sound",
    "transcript": "transcript, no sound",
}

COMPLETENESS = {
    "starts_mid_speech": "The recording starts in mid-speech, so the opening cannot be judged.",
    "ends_mid_speech": "The recording ends in mid-speech, so the closing cannot be judged.",
    "gap": "There is a gap in the recording: what was said in it cannot be judged.",
}

MEASURES = {
    "duration_s": "Length",
    "talk_share_agent": "Agent’s share of talk",
    "talk_share_customer": "Customer’s share of talk",
    "pace_agent_wpm": "Agent’s pace",
    "pace_customer_wpm": "Customer’s pace",
    "response_latency_median_s": "Agent’s usual wait before answering",
    "longest_monologue_agent_s": "Agent’s longest stretch alone",
    "longest_monologue_customer_s": "Customer’s longest stretch alone",
    "interactivity_per_min": "Changes of speaker",
    "patience_mean_s": "Agent’s patience",
    "interruptions_agent": "Interruptions by the agent",
    "interruptions_customer": "Interruptions by the customer",
    "overlap_share": "Both speaking",
    "silence_share": "Silence",
    "silence_count": "Silences",
    "silence_total_s": "Silences in all",
    "silence_longest_s": "Longest silence",
    "unexplained_silence_longest_s": "Longest unexplained silence",
    "unexplained_silence_count": "Unexplained silences",
    "hold_count": "Holds",
    "hold_total_s": "Time on hold",
    "hold_longest_s": "Longest hold",
    "hold_heard_count": "Long waits within the call",
    "hold_heard_total_s": "Long waits in all",
    "first_agent_speech_s": "Agent’s first word after",
    "turns_agent": "Agent’s turns",
    "questions_agent": "Agent’s questions",
    "filler_rate_agent": "Agent’s fillers",
    "heard_share": "Words recognised clearly",
}

FIELDS = {
    "ring_s": "Answered after (s)",
    "agent_id": "Agent",
    "started_at": "Started",
    "disposition": "Outcome noted",
}

_UNIT_ENDINGS = ("_wpm", "_db", "_st", "_s")


def _words(name: str) -> str:
    text = name.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def family_of(label: str) -> str:
    """The part of a label before the dot."""
    return label.partition(".")[0]


def family_name(family: str) -> str:
    """A family of labels in plain words."""
    return FAMILIES.get(family) or _words(family)


def label_name(label: str) -> str:
    """A label in plain words.

    >>> label_name("opening.name_given"), label_name("garden.hedge_cut")
    ('Gives own name', 'Hedge cut')
    """
    return LABELS.get(label) or _words(label.partition(".")[2] or label)


def situation_name(kind: str) -> str:
    """What a call was about.

    >>> situation_name("complaint"), situation_name("billing")
    ('A complaint', 'About a bill or payment')
    """
    return SITUATIONS.get(kind) or label_name(f"situation.{kind}")


def measure_name(measure: str) -> str:
    """A measure in plain words, without the unit that its name may end in.

    >>> measure_name("silence_longest_s"), measure_name("mumbling_longest_s")
    ('Longest silence', 'Mumbling longest')
    """
    if measure in MEASURES:
        return MEASURES[measure]
    for ending in _UNIT_ENDINGS:
        if measure.endswith(ending):
            return _words(measure.removesuffix(ending))
    return _words(measure)


def field_name(field: str) -> str:
    """A field of the metadata in plain words."""
    return FIELDS.get(field) or _words(field)


def code_name(code: str) -> str:
    """A flag's or quality's code in plain words."""
    return LABELS.get(code) or _words(code.replace(".", " "))


def level_name(level: str) -> str:
    """A status or a word of a scale, for people.

    >>> level_name("not_evidenced"), level_name("achieved"), level_name("S")
    ('Not evidenced', 'Achieved', 'S')
    """
    return STATUSES[level] if level in STATUSES else _words(level)


def correction_name(correction: Correction) -> str:
    """What a person corrected, with what it was corrected to; words of the call left out."""
    p = correction.payload
    detail = {
        "set_role": lambda: f"{p['participant']} is the {p['role'].replace('_', ' ')}",
        "assign_agent": lambda: p["agent_id"],
        "add_detection": lambda: label_name(p["label"]),
    }.get(correction.kind)
    name = CORRECTIONS[correction.kind]
    return f"{name}: {detail()}" if detail else name


def completeness_name(code: str) -> str:
    """What is missing of a call, as a sentence."""
    return COMPLETENESS.get(code) or f"{_words(code)}."


SETS = {
    "sqa_dn8j11": "SQA DN8J 11",
    "nocn_unit2": "NOCN Unit 2",
    "nocn_unit6": "NOCN Unit 6",
    "nocn_unit7": "NOCN Unit 7",
    "nocn_unit8": "NOCN Unit 8",
    "ingots_unit46": "INGOTs Unit 46",
    "ipla_customer_service": "iPLA Customer Service",
}
_GROUPS = {("nocn_unit7", "calls"): "Unit 7", ("nocn_unit7", "knowledge"): "Unit 7 knowledge"}


def set_name(criteria: str) -> str:
    """A criteria set's short name.

    >>> set_name("sqa_dn8j11"), set_name("sales_scorecard")
    ('SQA DN8J 11', 'Sales scorecard')
    """
    return SETS.get(criteria) or _words(criteria)


def group_name(criteria: str, group: str) -> str:
    """A group's short name, for the head of a column.

    >>> group_name("sqa_dn8j11", "3"), group_name("sales_scorecard", "opening")
    ('Outcome 3', 'Opening')
    """
    if (criteria, group) in _GROUPS:
        return _GROUPS[criteria, group]
    if group.isdigit():
        return f"Outcome {group}" if criteria.startswith("sqa") else f"Part {group}"
    return _words(group)
