"""The customer accepts what the agent proposed; a call back that both agree on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callqa.detect.base import CallView, Detector, Found
from callqa.detect.cues import AGENTS, CUSTOMER, any_in_turn, relabel, view_of, word_count
from callqa.profile import Profile
from callqa.records import Detection
from callqa.text import SENTENCE_END

ACCEPTED, AGREED = "resolution.accepted", "resolution.callback_agreed"
_ASKED = ("cue.proposal.asked", "positive.options", "resolution.preference_asked")
_PROPOSALS = (
    *_ASKED,
    "cue.proposal",
    "cue.refund",
    "positive.solution",
    "positive.commitment",
    "resolution.timescale",
    "resolution.replacement_offered",
    "resolution.action_explained",
    "sales.offered",
    "telephony.call_back",
    "handling.transfer",
    "handling.alternative_channel",
)
AGENT_TURNS_BACK = 2  # agent turns since which a proposal still stands
LAST_WORDS = 12  # words after a proposal's opening that may still belong to its question
_BARE = frozenset("yes okay all right sure then oh well please fine no thank you thanks".split())


def detect(call: CallView, _profile: Profile, earlier: Found) -> Iterable[Detection]:
    """Acceptances that answer a proposal, with the proposal as their part."""
    for cue in earlier["cue.acceptance"]:
        bare = _is_bare(call, cue) or "choice" in cue.attributes
        proposal = _just_asked(call, earlier, cue) if bare else _answered(call, earlier, cue)
        if proposal is None or _asked_since(call, earlier, cue, proposal):
            continue
        accepted = relabel(
            call, cue, ACCEPTED, "resolution_accepted/answer",
            why="accepts what the agent proposed",
            confidence=0.72 if bare else 0.86,
            parts=(proposal.id,),
        )  # fmt: skip
        yield accepted
        yield from _callback(call, earlier, proposal, accepted)


def _is_bare(call: CallView, cue: Detection) -> bool:
    """A yes or okay, which says nothing by itself: it accepts only what was asked just before."""
    view = view_of(call, cue)
    places = view.plain.tokens_in(cue.start_char or 0, cue.end_char or 0)
    return {view.plain.tokens[i] for i in places} - {SENTENCE_END} <= _BARE


def _asked_since(call: CallView, earlier: Found, cue: Detection, proposal: Detection) -> bool:
    """Whether the agent has asked something else since, which “sure” then answers."""
    offered = [
        d
        for label in (*_ASKED, "closing.further_help", "closing.satisfaction_checked")
        for d in earlier[label]
    ]
    for view in call.turns[proposal.turn or 0 : cue.turn or 0]:
        for question in earlier.in_turn("question.asked", view.index):
            later = view.index != proposal.turn or (question.end_char or 0) > (
                proposal.end_char or 0
            )
            if later and view.role in AGENTS and not any(_share(question, d) for d in offered):
                return True
    return False


def _share(one: Detection, other: Detection) -> bool:
    return one.turn == other.turn and (
        (one.start_char or 0) < (other.end_char or 0)
        and (other.start_char or 0) < (one.end_char or 0)
    )


def _just_asked(call: CallView, earlier: Found, cue: Detection) -> Detection | None:
    """The question that ends the turn right before, when it proposes something."""
    turn = (cue.turn or 0) - 1
    if turn < 0 or call.turns[turn].role not in AGENTS:
        return None
    asked = any_in_turn(earlier, _ASKED, turn)
    asked = [d for d in asked if not earlier.overlapping("handling.hold_requested", d)]
    last = max(asked, key=lambda d: d.end_char or 0, default=None)
    ends_turn = last and len(call.turns[turn].text[last.end_char or 0 :].split()) <= LAST_WORDS
    return last if ends_turn else None


def _answered(call: CallView, earlier: Found, cue: Detection) -> Detection | None:
    """The last proposal that this answers: in the agent's turns since the customer last spoke.

    The customer's own “mm” and “okay” along the way do not close the agent's proposal.
    """
    view = view_of(call, cue)
    turns = 0
    for before in reversed(call.turns[: view.index]):
        if before.role in CUSTOMER and word_count(before) > 4:
            return None
        if before.role not in AGENTS:
            continue
        proposals = [
            d
            for d in any_in_turn(earlier, _PROPOSALS, before.index)
            if not earlier.overlapping("handling.hold_requested", d)
        ]
        if proposals:
            return max(proposals, key=lambda d: (d.end_char or 0, d.confidence))
        turns += word_count(before) > 2
        if turns >= AGENT_TURNS_BACK:
            return None
    return None


def _callback(
    call: CallView, earlier: Found, proposal: Detection, accepted: Detection
) -> Iterator[Detection]:
    """The agent's promise to call, once the customer has accepted in answer to that turn."""
    turn = proposal.turn if proposal.turn is not None else -1
    for promise in earlier.in_turn("telephony.call_back", turn):
        yield relabel(
            call, promise, AGREED, "resolution_accepted/callback",
            why="a call back is offered and the customer agrees",
            confidence=min(promise.confidence, accepted.confidence),
            parts=(promise.id, accepted.id),
        )  # fmt: skip


DETECTOR = Detector(
    name="resolution_accepted",
    labels=(ACCEPTED, AGREED),
    needs=(
        "cue.acceptance",
        "handling.hold_requested",
        "question.asked",
        "closing.further_help",
        "closing.satisfaction_checked",
        *_PROPOSALS,
    ),
    version="2",
    detect=detect,
)
