from __future__ import annotations

import polars as pl

from callqa.report.agent import LATEST, agent_page
from tests.report.frames import Site, records, site
from tests.report.reading import Page


def page(frames: Site, agent: str = "A-12") -> Page:
    return Page(agent_page(agent, frames.calls, frames.totals, frames.labels, frames.measures,
                           frames.days))  # fmt: skip


def test_below_three_calls_no_figure_is_shown() -> None:
    two = page(site(records(2)))
    assert two.count("svg", role="img") == 0
    assert two.text.count("too few calls (n = 2)") == 8
    assert "larch-0417.wav" in two.text


def test_with_three_calls_each_figure_has_its_count_a_link_and_a_table() -> None:
    three = page(site(records(3)))
    assert three.count("svg", role="img") == 8
    assert three.text.count("(3 calls)") == 8
    assert three.text.count("As a table") == 8
    assert any(a["href"] == "../calls/larch-0418.html" for a in three.links)


def test_trend_adds_up_counts_and_gives_no_percentage() -> None:
    text = page(site(records(4))).text
    assert "12 evidenced, 4 partly, 0 contradicted of 20 observable" in text
    assert "% evidenced" not in text


def test_questions_and_language_are_the_agents_own() -> None:
    frames = site(records(3))
    customers = pl.DataFrame(
        [("larch-0417", "customer", "question.open", 50)], schema=frames.labels.schema, orient="row"
    )
    text = page(frames._replace(labels=pl.concat([frames.labels, customers]))).text
    assert "6 open, 3 closed" in text
    # 3 positive signs in each call of 8 agent turns
    assert "38 positive and 0 negative signs in 100 turns of the agent (24 turns)" in text


def test_talk_and_silence_have_median_range_and_count() -> None:
    frames = site(records(3))
    spread = frames.measures.with_columns(
        pl.when((pl.col("measure") == "talk_share_agent") & (pl.col("call_id") == "larch-0417"))
        .then(0.3)
        .otherwise(pl.col("value"))
        .alias("value")
    )
    text = page(frames._replace(measures=spread)).text
    assert "Agent’s share of talk: median 58%, from 30% to 58% (n = 3)" in text


def test_a_measure_known_for_too_few_calls_is_not_given() -> None:
    frames = site(records(3))
    fewer = frames.measures.filter(
        ~((pl.col("measure") == "silence_share") & (pl.col("call_id") == "larch-0417"))
    )
    assert (
        "Silence in the call: too few calls (n = 2)" in page(frames._replace(measures=fewer)).text
    )


def test_calls_of_others_and_failed_ones_stay_out() -> None:
    frames = site([*records(3), *(r.model_copy(update={"call_id": "x"}) for r in records(1, "B"))])
    assert "3 calls, 3 of them whole conversations" in page(frames).text


def test_what_is_no_conversation_is_listed_but_not_counted() -> None:
    frames = site(records(4))
    first = pl.col("call_id") == "larch-0417"
    voicemail = frames.calls.with_columns(
        pl.when(first).then(pl.lit("voicemail")).otherwise(pl.col(name)).alias(name)
        for name in ("kind", "sort")
    )
    text = page(frames._replace(calls=voicemail)).text
    assert "4 calls, 3 of them whole conversations" in text
    assert "Voicemail" in text


def test_many_calls_show_the_latest() -> None:
    text = page(site(records(LATEST + 2))).text
    assert f"figures call by call show the latest {LATEST}" in text


def test_an_agents_name_is_not_markup() -> None:
    frames = site(records(1, "<script>x</script>"))
    assert page(frames, "<script>x</script>").count("script") == 1


def test_shares_by_month_stand_with_the_case_mix_and_what_was_left_out() -> None:
    calls = records(12)
    calls[0] = calls[0].model_copy(update={"kind": "voicemail"})
    calls[1] = calls[1].model_copy(update={"completeness": ("gap",)})
    shown = page(site(calls))
    assert "12 calls, 10 of them whole conversations" in shown.text
    assert "100% 72–100% of 10" in shown.text
    assert "Left out: 2 calls (1 voicemail, 1 not whole)." in shown.text
    assert "too few n = 2" in page(site(records(2))).text
