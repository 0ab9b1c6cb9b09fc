"""Small charts as inline SVG: drawn by Altair and vl-convert, coloured by the page's own sheet.

The colours below are names: the style sheet gives each its colour by light, dark and paper.
Marks differ in shape as well, so that colour is never the only sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

INK, SOFT, LINE = "#010101", "#020202", "#030303"
COLOURS = {
    "evidenced": "#010201", "partly": "#020201", "contradicted": "#020101",
    "not_evidenced": "#030301", "first": "#010202", "second": "#020301",
}  # fmt: skip
WIDTH, HEIGHT = 330, 150
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_UNIT = 90  # area of one mark, in square pixels
_SHAPES = {
    "evidenced": "square",
    "partly": "M-1,1L1,-1L1,1Z",
    "contradicted": "cross",
    "not_evidenced": "square",
}
# Vega's cross is upright; status marks on the pages are slanted.
_SLANT = {"contradicted": 45}


def units(calls: Sequence[dict[str, int]], about: str, axis: str) -> Markup:
    """A column a call, a mark a criterion, evidenced at the bottom.

    Args:
        calls: oldest first; each maps a status to how many criteria have it.
        about: the text alternative.
        axis: what the calls are in order of.
    """
    import altair as alt

    rows: list[dict[str, Any]] = []
    for n, call in enumerate(calls, start=1):
        height = 0
        for status in _SHAPES:
            for _ in range(call[status]):
                rows.append({"call": n, "height": height + 0.5, "status": status})
                height += 1
    tallest = max((row["height"] for row in rows), default=1) + 0.5
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=_calls_axis(len(calls), axis),
        y=alt.Y("height:Q", title="criteria", scale=alt.Scale(domain=[0, tallest]))
        .axis(tickMinStep=1, tickCount=5, format="d"),
    )  # fmt: skip
    size = min(_UNIT, (0.75 * min(HEIGHT / tallest, WIDTH / max(1, len(calls)))) ** 2)
    layers = [
        base.transform_filter(alt.datum.status == status).mark_point(
            shape=shape,
            size=size,
            angle=_SLANT.get(status, 0),
            filled=status != "not_evidenced",
            opacity=1,
            color=COLOURS[status],
            strokeWidth=1.2,
        )
        for status, shape in _SHAPES.items()
    ]
    return _svg(alt.layer(*layers), about)


def series(
    calls: int,
    lines: Mapping[str, Sequence[float | None]],
    *,
    unit: str,
    share: bool,
    about: str,
    axis: str,
) -> Markup:
    """One or two lines over calls, oldest first; None leaves a gap.

    Args:
        lines: by name; the first is solid with circles, the second dashed with triangles.
        share: whether values are shares of 1, shown as per cent.
    """
    import altair as alt

    names = list(lines)
    rows = [
        {"call": n, "value": value, "what": name}
        for name, values in lines.items()
        for n, value in enumerate(values, start=1)
        if value is not None
    ]
    what = alt.Color("what:N", title=None, sort=names).scale(
        domain=names, range=[COLOURS["first"], COLOURS["second"]][: len(names)]
    ).legend(orient="top", symbolType="circle")  # fmt: skip
    chart = alt.Chart(alt.Data(values=rows)).encode(
        x=_calls_axis(calls, axis),
        y=alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True)).axis(
            tickCount=4, format="%" if share else ".1~f"
        ),
        color=what,
    )
    line = chart.mark_line(strokeWidth=1.5).encode(
        strokeDash=alt.StrokeDash("what:N", sort=names, title=None).scale(
            domain=names, range=[[1, 0], [4, 3]][: len(names)]
        )
    )
    points = chart.mark_point(filled=True, size=45, opacity=1).encode(
        shape=alt.Shape("what:N", sort=names, title=None).scale(
            domain=names, range=["circle", "triangle-up"][: len(names)]
        )
    )
    return _svg(alt.layer(line, points), about)


def bars(counts: Sequence[tuple[str, int]], about: str) -> Markup:
    """Counts by name, in the order given."""
    import altair as alt

    rows = [{"what": name, "count": count} for name, count in counts]
    chart = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("what:N", sort=None, title=None).axis(domain=False, ticks=False, labelLimit=190),
        x=alt.X("count:Q", axis=None),
    )
    bar = chart.mark_bar(color=COLOURS["first"], height=12, cornerRadiusEnd=2)
    text = chart.mark_text(align="left", dx=5, color=INK).encode(text="count:Q")
    return _svg(alt.layer(bar, text), about, width=210, height=24 * len(rows))


def _calls_axis(calls: int, title: str) -> Any:
    import altair as alt

    step = max(1, calls // 10)
    return (
        alt.X("call:Q", title=title)
        .scale(domain=[0.5, max(calls, 1) + 0.5], nice=False)
        .axis(values=list(range(1, calls + 1, step)), format="d", grid=False)
    )


def _svg(chart: Any, about: str, *, width: int = WIDTH, height: int = HEIGHT) -> Markup:
    """The chart as SVG with a text alternative; no network, no script."""
    import vl_convert

    text = {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12}
    quiet = {"titleFontWeight": "normal", "domainColor": LINE, "tickColor": LINE, "gridColor": LINE}
    spec = (
        chart.properties(width=width, height=height, background="transparent")
        .configure(aria=False, font="sans-serif", padding=2)
        .configure_view(stroke=None)
        .configure_axis(**text, **quiet)
        .configure_legend(labelColor=INK, labelFontSize=12, symbolStrokeWidth=1.5)
        .to_dict()
    )
    # Vega gives each mark a role of its own; the picture as a whole has one here.
    svg = _ROLES.sub("", vl_convert.vegalite_to_svg(spec))
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(about)}"', 1))
