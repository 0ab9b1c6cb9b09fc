"""What people attach for a candidate beside calls: checklists, testimonies, electronic records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from callqa.records import Filled, Record


class Attachment(Record):
    """A file that a named person attached for a candidate, or took back.

    ``id`` is the hash of the content and the time. ``parts`` are the outcomes it counts for, as
    “SET PART”. An attachment with ``withdraws`` names another and ends it; nothing is deleted.
    """

    id: str = ""
    candidate: Filled
    by: Filled
    at: str = Field(description="ISO 8601, UTC")
    kind: str = ""  # as a unit asks for it: “witness testimony”
    parts: tuple[str, ...] = ()
    name: str = ""  # the file's name as it was given
    sha256: str = ""
    size: int = 0  # bytes
    withdraws: str = ""

    @model_validator(mode="after")
    def _identified(self) -> Self:
        text = self.model_dump_json(exclude={"id"})
        object.__setattr__(self, "id", hashlib.sha256(text.encode()).hexdigest()[:12])
        return self


def in_force(attachments: Iterable[Attachment]) -> list[Attachment]:
    """Those that nobody took back, oldest first."""
    given = list(attachments)
    ended = {a.withdraws for a in given}
    return [a for a in given if not a.withdraws and a.id not in ended]


def held(attachments: Iterable[Attachment], unit: str, part: str) -> frozenset[str]:
    """The kinds of record that are there for a part of a unit."""
    return frozenset(a.kind for a in attachments if f"{unit} {part}" in a.parts)
