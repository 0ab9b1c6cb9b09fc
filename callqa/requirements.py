"""What a standard asks for beyond one call, as data: evidence to gather, figures to compute."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from callqa.records import Record, Role


class Asks(Record):
    """What must be gathered for one outcome or part of a unit.

    Only contacts that count are counted: every criterion in ``confirms`` is confirmed there, and
    the situation is one of ``situations_from`` where any is given.
    """

    contacts: int = Field(0, ge=0, description="different contacts")
    situations: int = Field(0, ge=0, description="types of situation among them")
    customers: int = Field(0, ge=0, description="different customers among them")
    particular_needs: int = Field(0, ge=0, description="customers with particular needs")
    confirms: tuple[str, ...] = Field((), description="criteria without which none counts")
    situations_from: tuple[str, ...] = Field((), description="the only situations that count")
    shown: Literal["together", "each"] = Field(
        "together", description="whether contacts show a criterion together, or each of them must"
    )
    records: tuple[str, ...] = Field((), description="what people attach; no call can show it")


class Computed(Record):
    """A figure over the calls of an agent and a period; exactly one of its three kinds."""

    median: str | None = Field(None, description="a measure: its median")
    share: tuple[str, ...] = Field((), description="labels: the share of calls that hold one")
    by: Role = Field("agent", description="whose labels those are")
    of: tuple[str, ...] = Field((), description="only calls that hold one of these labels")
    of_by: Role = Field("customer", description="whose labels those are")
    free_of: str | None = Field(
        None, description="a criteria set: the share of calls that contradict nothing in it"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Computed:
        kinds = [self.median is not None, bool(self.share), self.free_of is not None]
        if sum(kinds) != 1:
            raise ValueError("give exactly one of 'median', 'share' and 'free_of'")
        return self
