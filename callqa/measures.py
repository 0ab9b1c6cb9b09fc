"""Numbers about a conversation: definitions, and how each is computed.

``docs/measures.md`` gives the same list with sources. Shares are of 1, times in seconds. What
cannot be known from what is there (no sound, no agent) is left out, never put at zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import mean, median

from callqa.intervals import overlap, silences, total, union
from callqa.records import Detection, Measure, Participant, Span, Turn

MEASURES: dict[str, str] = {
    "duration_s": "length of the call",
    "talk_share_agent": "agent's speech out of all speech",
    "talk_share_customer": "customer's speech out of all speech",
    "pace_agent_wpm": "agent's words a minute of own turns",
    "pace_customer_wpm": "customer's words a minute of own turns",
    "response_latency_median_s": "median wait from the customer's end to the agent's start",
    "longest_monologue_agent_s": "agent's longest stretch without a word from the customer",
    "longest_monologue_customer_s": "customer's longest stretch without a word from the agent",
    "interactivity_per_min": "changes of who speaks, a minute",
    "patience_mean_s": "mean wait of the agent after the customer's turns that were heard out",
    "interruptions_agent": "times the agent cut the customer off",
    "interruptions_customer": "times the customer cut the agent off",
    "overlap_share": "speech of both at once, out of the call",
    "silence_share": "time in which nobody speaks, out of the call",
    "silence_count": "silences of two seconds or more",
    "silence_total_s": "silences of two seconds or more, in all",
    "silence_longest_s": "longest silence",
    "unexplained_silence_longest_s": "longest silence that nothing said accounts for",
    "unexplained_silence_count": "silences over the limit that nothing said accounts for",
    "hold_count": "times the customer was asked to hold or wait",
    "hold_total_s": "silence that follows a request to hold, in all",
    "hold_longest_s": "longest silence that follows a request to hold",
    "hold_heard_count": "silences of ten seconds or more within the call, announced or not",
    "hold_heard_total_s": "such silences, in all",
    "first_agent_speech_s": "from the start of the recording to the agent's first word",
    "turns_agent": "how often the agent spoke",
    "questions_agent": "questions the agent asked",
    "filler_rate_agent": "fillers in a hundred words of the agent",
    "heard_share": "share of words recognised with a probability of at least one half",
}
_UNITS = {"share": "share", "s": "s", "wpm": "words/min", "min": "per minute"}
_FILLERS = frozenset({"um", "uh", "er", "erm", "uhm", "umm"})
_PAUSE_S = 2.0
_HEARD_HOLD_S = 10.0  # a silence within a call that is long enough to be felt as a wait
_LEAST_CHANGES = 3  # of speaker, for a median or a mean over them
_ANNOUNCED = frozenset(
    f"handling.{what}"
    for what in (
        "hold_requested hold_explained looking_up record_updating progress_update transfer".split()
    )
)
_ANNOUNCE_REACH_S = 12.0  # an announcement accounts for a silence that begins within this


def announced(silence: Span, detections: Iterable[Detection]) -> bool:
    """Whether the agent said something just before a silence that accounts for it."""
    return any(
        d.label in _ANNOUNCED
        and d.role != "customer"
        and d.end_s is not None
        and -1.0 <= silence.start_s - d.end_s <= _ANNOUNCE_REACH_S
        for d in detections
    )


def measure(
    turns: Sequence[Turn],
    participants: Sequence[Participant],
    detections: Sequence[Detection],
    *,
    speech: Mapping[str, Sequence[Span]],
    duration_s: float | None,
) -> dict[str, Measure]:
    """Every measure that can be told from a call.

    Args:
        speech: stretches of speech by participant; empty without sound.
        duration_s: None without sound, and then only counted measures are given.
    """
    role = {p.id: "agent" if p.role == "second_agent" else p.role for p in participants}
    out: dict[str, tuple[float, int | None]] = {}
    agent_turns = [t for t in turns if role[t.participant] == "agent"]
    if agent_turns:
        asked = [d for d in detections if d.label == "question.asked" and _is_agent(d)]
        out["turns_agent"] = (len(agent_turns), None)
        out["questions_agent"] = (len(asked), None)
        words = [w.text.lower().strip(".,?!") for t in agent_turns for w in t.words]
        fillers = sum(w in _FILLERS for w in words)
        out["filler_rate_agent"] = (100.0 * fillers / max(1, len(words)), len(words))
    heard = [w.probability for t in turns for w in t.words if w.probability is not None]
    if heard:
        out["heard_share"] = (sum(p >= 0.5 for p in heard) / len(heard), len(heard))
    if duration_s is not None:
        by_role = _by_role(speech, role)
        out |= _talk(by_role, turns, role, duration_s)
        out |= _silence(by_role, detections, duration_s)
        for side in ("agent", "customer"):
            cut = [d for d in detections if d.label == "listening.interruption" and d.role == side]
            if side in by_role:
                out[f"interruptions_{side}"] = (len(cut), len(cut))
        if agent_turns and agent_turns[0].start_s is not None:
            out["first_agent_speech_s"] = (agent_turns[0].start_s, None)
        out |= _changes(turns, role, duration_s)
        out |= _monologue(turns, role, "agent") | _monologue(turns, role, "customer")
    return {
        name: Measure(value=round(value, 3), unit=_unit(name), count=count)
        for name, (value, count) in sorted(out.items())
    }


def _is_agent(d: Detection) -> bool:
    return d.role in ("agent", "second_agent")


def _unit(name: str) -> str:
    if name == "filler_rate_agent":
        return "per 100 words"
    return _UNITS.get(name.rsplit("_", 1)[-1], "share" if "share" in name else "count")


def _by_role(
    speech: Mapping[str, Sequence[Span]], role: Mapping[str, str]
) -> dict[str, list[Span]]:
    joined: dict[str, list[Span]] = {}
    for participant, spans in speech.items():
        joined.setdefault(role.get(participant, "unknown"), []).extend(spans)
    return {r: union(spans) for r, spans in joined.items() if spans}


def _talk(
    by_role: Mapping[str, list[Span]], turns: Sequence[Turn], role: Mapping[str, str], length: float
) -> dict[str, tuple[float, int | None]]:
    out: dict[str, tuple[float, int | None]] = {"duration_s": (length, None)}
    agent, customer = total(by_role.get("agent", [])), total(by_role.get("customer", []))
    if agent + customer > 0:
        out["talk_share_agent"] = (agent / (agent + customer), len(by_role.get("agent", [])))
        out["talk_share_customer"] = (
            customer / (agent + customer),
            len(by_role.get("customer", [])),
        )
    for side in ("agent", "customer"):
        own = [t for t in turns if role[t.participant] == side]
        words = sum(len(t.words) for t in own)
        seconds = sum(
            t.end_s - t.start_s for t in own if t.end_s is not None and t.start_s is not None
        )
        if seconds >= 5.0 and words:
            out[f"pace_{side}_wpm"] = (60.0 * words / seconds, words)
    if length > 0:
        both = overlap(by_role.get("agent", []), by_role.get("customer", []))
        out["overlap_share"] = (total(both) / length, len(both))
    return out


def _silence(
    by_role: Mapping[str, list[Span]], detections: Sequence[Detection], length: float
) -> dict[str, tuple[float, int | None]]:
    quiet = silences([s for spans in by_role.values() for s in spans], length)
    long = [s for s in quiet if s.length_s >= _PAUSE_S]
    unexplained = [d for d in detections if d.label == "handling.unexplained_silence"]
    holds = [d for d in detections if d.label == "handling.hold_requested" and _is_agent(d)]
    held = [s for s in long if announced(s, holds)]
    heard = [s for s in _within(quiet, by_role) if s.length_s >= _HEARD_HOLD_S]
    lengths = [(d.end_s or 0.0) - (d.start_s or 0.0) for d in unexplained]
    return {
        "silence_share": (sum(s.length_s for s in quiet) / length if length else 0.0, len(long)),
        "silence_count": (len(long), len(long)),
        "silence_total_s": (sum(s.length_s for s in long), len(long)),
        "silence_longest_s": (max((s.length_s for s in quiet), default=0.0), len(long)),
        "unexplained_silence_count": (len(lengths), len(lengths)),
        "unexplained_silence_longest_s": (max(lengths, default=0.0), len(lengths)),
        "hold_count": (len(holds), len(holds)),
        "hold_total_s": (sum(s.length_s for s in held), len(held)),
        "hold_longest_s": (max((s.length_s for s in held), default=0.0), len(held)),
        "hold_heard_count": (len(heard), len(heard)),
        "hold_heard_total_s": (sum(s.length_s for s in heard), len(heard)),
    }


def _within(quiet: Sequence[Span], by_role: Mapping[str, list[Span]]) -> list[Span]:
    """Silences between two stretches of speech: not before the first nor after the last."""
    spoken = [s for spans in by_role.values() for s in spans]
    if not spoken:
        return []
    first, last = min(s.start_s for s in spoken), max(s.end_s for s in spoken)
    return [s for s in quiet if s.start_s >= first and s.end_s <= last]


def _changes(
    turns: Sequence[Turn], role: Mapping[str, str], length: float
) -> dict[str, tuple[float, int | None]]:
    """How often the floor changes, and how long the agent takes to take it."""
    sides = [t for t in turns if role[t.participant] in ("agent", "customer")]
    changes = [(a, b) for a, b in pairwise(sides) if role[a.participant] != role[b.participant]]
    out: dict[str, tuple[float, int | None]] = {}
    if length > 0 and sides:
        out["interactivity_per_min"] = (60.0 * len(changes) / length, len(changes))
    waits = [
        b.start_s - a.end_s
        for a, b in changes
        if role[a.participant] == "customer" and a.end_s is not None and b.start_s is not None
    ]
    if len(waits) >= _LEAST_CHANGES:
        out["response_latency_median_s"] = (median(waits), len(waits))
    heard_out = [wait for wait in waits if wait >= 0.0]
    if len(heard_out) >= _LEAST_CHANGES:
        out["patience_mean_s"] = (mean(heard_out), len(heard_out))
    return out


def _monologue(
    turns: Sequence[Turn], role: Mapping[str, str], side: str
) -> dict[str, tuple[float, int | None]]:
    longest = 0.0
    start: float | None = None
    for turn in turns:
        if role[turn.participant] != side or turn.start_s is None or turn.end_s is None:
            start = None
            continue
        start = turn.start_s if start is None else start
        longest = max(longest, turn.end_s - start)
    return {f"longest_monologue_{side}_s": (longest, None)} if longest else {}
