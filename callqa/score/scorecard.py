"""A scorecard filled in: points of applicable points, what is still open, what a person confirmed.

The machine proposes an answer where it heard something; a person's answer stands over it. What was
not heard is open, not lost. A critical item fails the card only once a person says “no”.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from callqa.errors import UsageError
from callqa.records import CriterionResult, Status
from callqa.score.sets import Answer, CriteriaSet, Criterion

# What a status proposes. Silence proposes nothing: “not evidenced” is for a person to answer.
_PROPOSES: Mapping[Status, Answer] = {
    "evidenced": "yes",
    "partly": "partly",
    "contradicted": "no",
    "not_applicable": "na",
}


@dataclass(frozen=True)
class Given:
    """A person's answer to one item of one version of a card."""

    item: str
    answer: Answer
    by: str
    card_hash: str


@dataclass(frozen=True)
class ItemScore:
    """One item: what is proposed, what a person answered, and what it is worth.

    ``answer`` is the person's, else the proposal; None while it is open.
    """

    item: Criterion
    proposed: Answer | None
    given: Given | None
    answer: Answer | None
    applies: bool  # “na”, or not asked: out of the total
    points: float  # 0 while open


@dataclass(frozen=True)
class CardScore:
    """A filled-in card. Points are of the items that apply; open ones may still be earned."""

    card: str
    card_hash: str
    items: tuple[ItemScore, ...]
    points: float
    applicable: float
    open_points: float
    confirmed_points: float  # the part of ``points`` that people answered
    bands: tuple[str, ...]  # highest still possible first; one when nothing open can change it
    proposed_fails: tuple[str, ...]  # critical items that the machine speaks against
    failed: tuple[str, ...]  # critical items that a person said “no” to

    @property
    def told(self) -> str:
        """The score in a sentence."""
        text = f"{self.points:g} of {self.applicable:g} applicable points"
        if self.open_points:
            text += f", {self.open_points:g} still open"
        band = self.bands[0] if len(self.bands) == 1 else f"{self.bands[-1]} to {self.bands[0]}"
        if self.failed:
            return f"{text}. Failed on {', '.join(self.failed)}, as confirmed: {band}."
        if self.proposed_fails:
            return f"{text}: {band}. A fail is proposed on {', '.join(self.proposed_fails)}."
        return f"{text}: {band}."


def fill_in(
    card: CriteriaSet, results: Iterable[CriterionResult], given: Sequence[Given] = ()
) -> CardScore:
    """A card's score from one participant's results and people's answers; the last word counts.

    Raises:
        UsageError: this is no scorecard, or an answer is to another version, to an item the card
            does not have, or not one of its answers.
    """
    if card.kind != "scorecard":
        raise UsageError(f"{card.id!r} is no scorecard.", remedy="See callqa criteria.")
    status = {r.criterion: r.status for r in results if r.criteria_hash == card.hash}
    said = {g.item: g for g in given if _check(card, g)}
    items: dict[str, ItemScore] = {}
    for item in card.criteria:
        proposed = _PROPOSES.get(status.get(item.id, "not_assessable"))
        items[item.id] = _item(card, item, proposed, said.get(item.id), items)
    return _total(card, tuple(items.values()))


def _check(card: CriteriaSet, given: Given) -> bool:
    known = [c.id for c in card.criteria]
    if given.card_hash != card.hash:
        raise UsageError(
            f"The answer to {given.item!r} is to version {given.card_hash} of {card.id}, not to "
            f"{card.hash}.",
            remedy="Use the version it was given to, or answer anew.",
        )
    if given.item not in known:
        raise UsageError(f"{card.id} has no item {given.item!r}.",
                         remedy=f"Known: {', '.join(known)}.")  # fmt: skip
    if given.answer not in get_args(Answer):
        raise UsageError(f"{given.answer!r} is no answer.",
                         remedy=f"Known: {', '.join(get_args(Answer))}.")  # fmt: skip
    return True


def _item(
    card: CriteriaSet,
    item: Criterion,
    proposed: Answer | None,
    given: Given | None,
    above: Mapping[str, ItemScore],
) -> ItemScore:
    answer = given.answer if given else proposed
    if item.only_if:
        asking = above[item.only_if.item]
        if not asking.applies or (asking.answer and asking.answer not in item.only_if.answers):
            answer = "na"
        elif asking.answer is None and given is None:
            answer = None  # whether it is asked at all is open
    share = {"yes": 1.0, "partly": card.partly_share}.get(answer or "", 0.0)
    return ItemScore(item, proposed, given, answer, answer != "na", share * item.weight)


def _total(card: CriteriaSet, items: tuple[ItemScore, ...]) -> CardScore:
    counted = [i for i in items if i.applies]
    points = sum(i.points for i in counted)
    still = sum(i.item.weight for i in counted if i.answer is None)
    applicable = sum(i.item.weight for i in counted)
    critical = [i for i in counted if i.item.critical]
    failed = tuple(i.item.id for i in critical if i.given and i.given.answer == "no")
    return CardScore(
        card=card.id,
        card_hash=card.hash,
        items=items,
        points=points,
        applicable=applicable,
        open_points=still,
        confirmed_points=sum(i.points for i in counted if i.given),
        bands=(card.bands[-1].name,) if failed else _bands(card, points, still, applicable),
        proposed_fails=tuple(i.item.id for i in critical if not i.given and i.answer == "no"),
        failed=failed,
    )


def _bands(card: CriteriaSet, points: float, still: float, applicable: float) -> tuple[str, ...]:
    """Every band that open items leave possible; all of them where nothing applies."""
    if applicable == 0:
        return tuple(b.name for b in card.bands)
    low, high = points / applicable, (points + still) / applicable
    shares = [b.from_share for b in card.bands]  # highest first
    first = next(i for i, s in enumerate(shares) if high >= s - 1e-9)
    last = next(i for i, s in enumerate(shares) if low >= s - 1e-9)
    return tuple(b.name for b in card.bands[first : last + 1])
