"""Samples drawn for review, and what people attach for a candidate: only ever added to."""

from __future__ import annotations

from sqlalchemy import insert, select

from callqa.evidence.attachments import Attachment
from callqa.evidence.sampling import Draw
from callqa.store import schema as t
from callqa.store.rows import pack, unpack
from callqa.store.store import Store


def add_draw(store: Store, draw: Draw) -> None:
    """Keep a draw."""
    with store.writing() as db:
        db.execute(insert(t.samples).values(id=draw.id, content=pack(draw.model_dump_json())))


def draws(store: Store) -> list[Draw]:
    """Every draw there was, oldest first."""
    with store.reading() as db:
        kept = db.execute(select(t.samples.c.content).order_by(t.samples.c.number)).scalars()
        return [Draw.model_validate_json(unpack(x)) for x in kept]


def add_attachment(store: Store, attachment: Attachment) -> None:
    """Keep what somebody attached or took back."""
    row = {"id": attachment.id, "candidate": attachment.candidate}
    with store.writing() as db:
        content = pack(attachment.model_dump_json())
        db.execute(insert(t.attachments).values(content=content, **row))


def attachments(store: Store, candidate: str) -> list[Attachment]:
    """What was attached for a candidate and taken back again, oldest first."""
    c = t.attachments.c
    with store.reading() as db:
        query = select(c.content).where(c.candidate == candidate).order_by(c.number)
        return [Attachment.model_validate_json(unpack(x)) for x in db.execute(query).scalars()]
