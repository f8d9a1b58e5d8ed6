"""The pictures of docs/built/methodology.md, each drawn from the tables of one release.

What a picture shows stands in a table of the release; only the scale is changed (a level divided by that of another
month). Not here: pages (docs/make_methodology.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import altair as alt
import duckdb
import polars as pl

from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR
from pipelines.economics.index_numbers.frontier import Candidates, epoch_rule
from pipelines.panels.deflators import frontier as frontiers

Chart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.FacetChart
FONT = "Helvetica, Arial, sans-serif"
SIGNAL, FADED, GREEN, AMBER, VIOLET = "#1f5f99", "#8a8f98", "#3a7d44", "#c8781c", "#7b4b94"

H100 = "gpu_rental/H100 SXM/on_demand"
FRONTIERS = {
    "gpqa_diamond": (50, "GPQA diamond, 50%"),
    "mmlu": (70, "MMLU, 70%"),
    "otis_mock_aime": (40, "Mock AIME, 40%"),
}
"""Benchmark, the threshold drawn, and its name on the picture."""


def h100_deflators(db: duckdb.DuckDBPyConnection) -> Chart:
    """H100 SXM on demand by every deflator that has levels, all 1 in the first month of the H100's own index."""
    levels = db.sql(
        f"""
        with start as (
            select min(period) as first, max(period) as last from marts.price_index where segment = '{H100}'
        ),
        series as (
            select 'average of what is offered (geometric)' as series, month as period, exp(avg(ln(price))) as level
            from marts.price_panel semi join (from marts.price_panel_item where segment = '{H100}') using (item)
            where price is not null group by month
            union all
            select 'matched, chained Jevons', period, index_level from marts.price_index
            where segment = '{H100}' and method = 'jevons' and output = 'chained'
            union all
            select 'matched, GEKS-Jevons', period, index_level from marts.price_index
            where segment = '{H100}' and method = 'geks_jevons' and window_months = 0
            union all
            select 'hedonic, all GPUs', period, index_level from marts.price_index
            where segment = 'gpu_rental/hedonic/on_demand' and method = 'tdh' and window_months = 0
                and output = 'multilateral'
            union all
            select 'USD per PFLOP-hour, all GPUs', period, index_level from marts.price_index
            where method = 'pflop_hour' and segment = 'gpu_rental/pflop_hour/on_demand'
        )
        select series, period, level / first_value(level) over (partition by series order by period) as level
        from series, start where period between first and last order by all
        """
    ).pl()
    order = [
        "average of what is offered (geometric)",
        "matched, chained Jevons",
        "matched, GEKS-Jevons",
        "hedonic, all GPUs",
        "USD per PFLOP-hour, all GPUs",
    ]
    return (
        alt.Chart(levels, title=_title("H100 SXM rented on demand", "first month of its index = 1"))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("period:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, tickCount=8)),
            y=alt.Y("level:Q", title=None, scale=alt.Scale(zero=True)),
            color=_colour("series", order, [FADED, AMBER, SIGNAL, GREEN, VIOLET]),
            strokeDash=alt.StrokeDash(
                "series:N",
                sort=order,
                legend=None,
                scale=alt.Scale(domain=order, range=[[1, 0], [4, 3], *[[1, 0]] * 3]),
            ),
        )
        .properties(width=620, height=300)
    )


def tokens(db: duckdb.DuckDBPyConnection) -> Chart:
    """Matched token prices beside the price of a score, on a logarithmic scale, each 1 in its first month."""
    wanted = " or ".join(f"(benchmark = '{name}' and threshold = {at})" for name, (at, _) in FRONTIERS.items())
    matched = {"tokens/input/all": "same model, input", "tokens/output/all": "same model, output"}
    levels = db.sql(
        f"""
        with series as (
            select segment as series, period, index_level as level from marts.price_index
            where segment in {tuple(matched)} and method = 'geks_jevons' and window_months = 0
            union all
            select benchmark, as_of_date, price_usd_per_mtok from marts.capability_frontier
            where model_class = 'all' and blend = 'input_output_3_1' and ({wanted})
        )
        select series, period, level / first_value(level) over (partition by series order by period) as level
        from series order by all
        """
    ).pl()
    names = {**matched, **{name: f"cheapest model at {shown}" for name, (_, shown) in FRONTIERS.items()}}
    shown = levels.with_columns(pl.col("series").replace_strict(names))
    return (
        alt.Chart(shown, title=_title("Token prices", "each series 1 in its first month; logarithmic scale"))
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X("period:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, tickCount=8)),
            y=alt.Y(
                "level:Q",
                title=None,
                scale=alt.Scale(type="log", nice=False),
                axis=alt.Axis(values=[1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001], format="~g"),
            ),
            color=_colour("series", list(names.values()), [SIGNAL, FADED, GREEN, AMBER, VIOLET]),
        )
        .properties(width=620, height=300)
    )


def frontier(db: duckdb.DuckDBPyConnection) -> Chart:
    """Candidates of three scores by the day they entered, the running minimum and the published rule's line.

    The candidates and the points are those of marts.price_deflation, by the code that makes it.
    """
    core = {name: _floats(db.sql(f"from core.{name}").pl()) for name in frontiers.INPUTS}
    reaching = frontiers.reaching(core).filter("dated")
    panels = []
    for name, (at, shown) in FRONTIERS.items():
        segment = f"frontier/{name}/{at}/all/input_output_3_1"
        (published,) = db.execute(
            "select annual_factor from marts.price_deflation where segment = ? and method = 'epoch_rule'", [segment]
        ).fetchone()
        own = reaching.filter(pl.col("segment") == segment)
        panels.append(_staircase(own, shown, published, axis=not panels))
    return alt.hconcat(*panels, spacing=24)


def _staircase(reaching: pl.DataFrame, shown: str, published: float, *, axis: bool) -> Chart:
    found = Candidates.of(*(reaching[name].to_numpy() for name in ("model", "entered", "price_usd_per_mtok", "score")))
    fit = epoch_rule(found)
    if fit is None or not math.isclose(fit.factor, published, rel_tol=1e-9):
        raise ValueError(f"{shown}: the picture's line is not that of the mart ({published} times a year)")
    every = pl.DataFrame({"day": found.day, "price": found.price}).with_columns(
        pl.col("day").cast(pl.Int32).cast(pl.Date)
    )
    points = every[fit.points.tolist()]
    last = pl.DataFrame({"day": [every["day"].max()], "price": [points["price"].min()]})
    away = points["day"].to_physical() - points["day"].to_physical().mean()
    line = points["price"].log10().mean() - away * math.log10(fit.factor) / DAYS_PER_YEAR
    ends = points.with_columns(price=10.0**line)[[0, -1]]
    encoded = [
        _prices(every, axis),
        _prices(pl.concat([points, last]), axis),
        _prices(points, axis),
        _prices(ends, axis),
    ]
    layers = [
        encoded[0].mark_point(size=14, filled=True, color="#c9ccd1", opacity=1),
        encoded[1].mark_line(interpolate="step-after", color=SIGNAL, strokeWidth=2),
        encoded[2].mark_point(filled=True, size=34, color=SIGNAL, opacity=1),
        encoded[3].mark_line(color=AMBER, strokeDash=[5, 4], strokeWidth=2),
    ]
    says = f"{fit.factor:,.0f} times cheaper a year ({fit.ci_low:,.0f} to {fit.ci_high:,.0f})"
    return alt.layer(*layers, title=_title(shown, says)).properties(width=225, height=240)


def _prices(data: pl.DataFrame, axis: bool) -> alt.Chart:
    title = "USD per million tokens" if axis else None
    scale = alt.Scale(type="log", domain=[0.005, 100])
    return alt.Chart(data).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%Y-%m", labelAngle=0, tickCount=4)),
        y=alt.Y("price:Q", title=title, scale=scale, axis=alt.Axis(values=[100, 10, 1, 0.1, 0.01], format="~g")),
    )


def _floats(frame: pl.DataFrame) -> pl.DataFrame:
    """DECIMAL as DOUBLE, as the marts read core."""
    return frame.with_columns(pl.selectors.decimal().cast(pl.Float64))


BASES = {
    "arithmetic_mean": "average price",
    "geometric_mean": "geometric average",
    "geometric_mean_by_period": "same, period by period",
    "median": "median",
    "chained": "chained index",
    "direct": "direct index",
    "multilateral": "GEKS index",
}
PARTS = {
    "continuing": ("price of those that stayed", GREEN),
    "entry": ("entry into the average", AMBER),
    "exit": ("exit from the average", "#b8404a"),
    "returning": ("items lost and seen again", VIOLET),
    "entered": ("items that came", "#6fa8c9"),
    "left": ("items that went", "#b9a37e"),
    "passing": ("items that came and went", FADED),
    "currency": ("exchange rate", SIGNAL),
}
"""Measures of the reconciliation, their names and colours on the picture."""


def waterfall(db: duckdb.DuckDBPyConnection) -> Chart:
    """What moved each average and each index of the H100: the parts, and their sum."""
    panels = {"gpu_panel/h100_sxm_on_demand": "One tracker's quotes", H100: "The whole record"}
    return alt.hconcat(*[_parts(db, segment, title) for segment, title in panels.items()], spacing=30)


def _parts(db: duckdb.DuckDBPyConnection, segment: str, title: str) -> Chart:
    rows = db.sql(
        f"""
        select basis, measure, of_which, change_log_pct as part, from_period, to_period
        from marts.deflation_reconciliation
        where segment = '{segment}' and (of_which = 'total' or measure = 'total') order by all
        """
    ).pl()
    shown = rows.with_columns(pl.col("basis").replace_strict(BASES))
    parts = shown.filter(pl.col("of_which") == "total", pl.col("part").abs() > 0.005)
    parts = parts.with_columns(pl.col("measure").replace_strict({name: text for name, (text, _) in PARTS.items()}))
    totals = shown.filter(pl.col("measure") == "total")
    negative = parts.filter(pl.col("part") < 0).group_by("basis").agg(pl.col("part").sum())["part"].min() or 0.0
    positive = parts.filter(pl.col("part") > 0).group_by("basis").agg(pl.col("part").sum())["part"].max() or 0.0
    ends = [min(negative, totals["part"].min()), max(positive, totals["part"].max())]
    room = 0.16 * (ends[1] - ends[0])
    y = alt.Y("basis:N", sort=list(BASES.values()), title=None)
    x = alt.X("part:Q", title="100 times the log change", scale=alt.Scale(domain=[ends[0] - room / 4, ends[1] + room]))
    names, colours = zip(*PARTS.values(), strict=True)
    bars = alt.Chart(parts).mark_bar(height=16).encode(y=y, x=x, color=_colour("measure", list(names), list(colours)))
    marks = alt.Chart(totals).mark_tick(thickness=3, size=24, color="black").encode(y=y, x=x)
    above = parts.filter(pl.col("part") > 0).group_by("basis").agg(pl.col("part").sum().alias("above"))
    place = totals.join(above, on="basis", how="left", maintain_order="left").with_columns(
        pl.max_horizontal("part", "above", pl.lit(0.0)).alias("at"), text=pl.col("part").round(1)
    )
    text = alt.Chart(place).mark_text(align="left", dx=6, fontSize=12).encode(y=y, x="at:Q", text="text:N")
    says = f"{rows['from_period'][0]} to {rows['to_period'][0]}; tick and figure: the total"
    return (bars + marks + text).properties(width=300, height=215, title=_title(title, says))


def spot_regions(db: duckdb.DuckDBPyConnection) -> Chart:
    """First and last spot price of the H100 in each region of one provider since the December before."""
    rows = db.sql(
        """
        select region, direction, first_price_usd_per_gpu_hour as first, last_price_usd_per_gpu_hour as last,
            first_period, last_period
        from marts.price_change_by_item where segment = 'gpu_panel/gcp_h100_spot/since_december' order by last, region
        """
    ).pl()
    ends = rows.unpivot(["first", "last"], index=["region", "direction"], variable_name="end", value_name="price")
    order = rows["region"].to_list()
    y = alt.Y("region:N", sort=order, title=None, axis=alt.Axis(labelFontSize=9))
    x = alt.X("first:Q", title="USD per GPU-hour", scale=alt.Scale(zero=True))
    colour = _colour("direction", ["rose", "fell", "unchanged"], [AMBER, SIGNAL, FADED])
    lines = alt.Chart(rows).mark_rule(strokeWidth=2).encode(y=y, x=x, x2="last:Q", color=colour)
    dots = (
        alt.Chart(ends)
        .mark_point(size=42, opacity=1)
        .encode(
            y=y,
            x="price:Q",
            color=colour,
            fill=alt.condition("datum.end == 'last'", colour, alt.value("white")),
        )
    )
    span = f"{rows['first_period'][0]:%Y-%m} (hollow) to {rows['last_period'][0]:%Y-%m} (full)"
    title = _title("One provider's H100 spot price, region by region", span)
    return (lines + dots).properties(width=520, height=13 * rows.height, title=title)


def splices(db: duckdb.DuckDBPyConnection) -> Chart:
    """The yearly factor by each splice and without windows, for every segment that rolls in which they differ most."""
    rows = db.sql(
        """
        select segment, case when splice = 'none' then 'no window' else splice end as splice, annual_factor as factor
        from marts.price_deflation
        where deflator = 'matched_model' and method = 'geks_jevons' and segment in (
            select segment from marts.price_deflation where splice <> 'none' and deflator = 'matched_model'
                and split_part(segment, '/', 1) in ('gpu_rental', 'tokens')
            group by segment having count(*) > 1
            order by max(annual_factor) - min(annual_factor) desc, segment limit 12)
        order by all
        """
    ).pl()
    spread = rows.group_by("segment").agg((pl.col("factor").max() - pl.col("factor").min()).alias("spread"))
    order = spread.sort("spread", descending=True)["segment"].to_list()
    kinds = sorted(rows["splice"].unique().to_list(), key=lambda name: (name != "no window", name != "mean", name))
    y = alt.Y("segment:N", sort=order, title=None, axis=alt.Axis(labelLimit=330))
    ranges = (
        alt.Chart(rows)
        .mark_rule(color="#c9ccd1", strokeWidth=5)
        .encode(
            y=y, x=alt.X("min(factor):Q", title="times cheaper a year", axis=alt.Axis(tickCount=7)), x2="max(factor):Q"
        )
    )
    dots = (
        alt.Chart(rows)
        .mark_point(size=46, filled=True, opacity=0.9)
        .encode(
            y=y,
            x=alt.X("factor:Q", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=7)),
            color=_colour("splice", kinds, ["black", SIGNAL, AMBER, GREEN, VIOLET, "#b8404a", FADED][: len(kinds)]),
            shape=alt.Shape("splice:N", sort=kinds, legend=None),
        )
    )
    title = _title("How far a factor depends on the splice", "GEKS-Jevons; the segments in which splices differ most")
    return (ranges + dots).properties(width=420, height=22 * len(order), title=title)


PICTURES: dict[str, Callable[[duckdb.DuckDBPyConnection], Chart]] = {
    "h100_deflators": h100_deflators,
    "tokens": tokens,
    "frontier": frontier,
    "waterfall": waterfall,
    "spot_regions": spot_regions,
    "splices": splices,
}
"""Each picture by the name of its file."""


def draw(db: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """Every picture as SVG in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, picture in PICTURES.items():
        target = folder / f"{name}.svg"
        chart = picture(db).configure(font=FONT, background="white").configure_view(stroke="#dddddd")
        chart.configure_axis(gridColor="#eeeeee").configure_legend(labelLimit=330).save(str(target))
        made.append(target)
    return made


def _title(text: str, subtitle: str) -> alt.Title:
    return alt.Title(text, subtitle=subtitle, anchor="start", subtitleColor="#555555")


def _colour(column: str, order: list[str], colours: list[str]) -> alt.Color:
    scale = alt.Scale(domain=order, range=colours)
    return alt.Color(f"{column}:N", title=None, sort=order, scale=scale, legend=alt.Legend(orient="bottom", columns=3))
