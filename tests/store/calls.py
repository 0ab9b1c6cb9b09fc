"""Small records to put into a store."""

from __future__ import annotations

from callqa.records import CallRecord, CriterionResult, Flag, GroupTotal, Measure, Recording


def record(call_id: str = "a", status: str = "evidenced", **more: object) -> CallRecord:
    result = CriterionResult.model_validate(
        {"id": f"r-{call_id}", "criteria": "sqa", "criteria_hash": "h", "criterion": "1a",
         "group": "1", "title": "t", "criterion_class": "audio", "participant": "p1",
         "status": status, "why": "because"}
    )  # fmt: skip
    base = CallRecord(
        call_id=call_id,
        recordings=(Recording(sha256="5" * 64, name="a.wav", duration_s=3.0),),
        duration_s=3.0,
        results=(result,),
        totals=(GroupTotal(criteria="sqa", group="1", title="Outcome 1", evidenced=1),),
        measures={"duration_s": Measure(value=3.0, unit="s")},
        flags=(Flag(code="x", why="listen here", weight=2.0, start_s=1.0),),
    )
    return base.model_copy(update=more)
