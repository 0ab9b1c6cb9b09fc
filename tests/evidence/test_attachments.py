"""What people attached counts where they said, until somebody takes it back."""

import pytest
from pydantic import ValidationError

from callqa.evidence.attachments import Attachment, held, in_force

AT = "2025-03-04T10:00:00+00:00"
LIST = Attachment(candidate="A7", by="Ada", at=AT, kind="observation checklist",
                  parts=("sqa 1", "sqa 2"), name="list.pdf", sha256="a" * 64, size=9)  # fmt: skip
WORD = Attachment(candidate="A7", by="Ada", at=AT, kind="witness testimony",
                  parts=("sqa 3",), name="word.txt", sha256="b" * 64, size=9)  # fmt: skip


def test_it_counts_for_the_parts_it_names_and_no_other():
    assert held([LIST, WORD], "sqa", "1") == {"observation checklist"}
    assert held([LIST, WORD], "sqa", "3") == {"witness testimony"}
    assert held([LIST, WORD], "sqa", "4") == frozenset()
    assert held([LIST, WORD], "nocn", "1") == frozenset()


def test_what_was_taken_back_is_in_force_no_more():
    back = Attachment(candidate="A7", by="Ben", at=AT, withdraws=LIST.id)
    assert in_force([LIST, WORD, back]) == [WORD]


def test_its_id_is_of_its_content():
    assert LIST.id == Attachment.model_validate_json(LIST.model_dump_json()).id
    assert LIST.id != LIST.model_copy(update={"by": "Ben"}).model_validate(
        LIST.model_dump() | {"by": "Ben"}
    ).id  # fmt: skip


def test_nobody_attaches_nothing():
    with pytest.raises(ValidationError):
        Attachment(candidate="A7", by="  ", at=AT)
