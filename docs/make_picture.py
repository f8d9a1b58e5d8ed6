"""The README's picture, from the published release: `python docs/make_picture.py` (needs the dev extras).

Not here: any figure that does not stand in the release.
"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import duckdb

from pipelines.home.places import Home

TARGET = Path(__file__).parent / "img" / "overview.svg"
TIERS = "('hyperscaler', 'neocloud', 'marketplace')"


def main() -> None:
    """Read the marts, draw three charts, write one SVG."""
    home = Home.from_environment()
    with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as db:
        rates = db.sql(
            f"""
            select as_of_date, provider_tier, cast(price_usd_per_gpu_hour as double) as price
            from core.headline_rate
            where commitment = 'on_demand' and provider_tier in {TIERS} and gpu = 'H100 SXM' and not is_stale
            """
        ).pl()
        levels = db.sql(
            """
            select
                period, index_level,
                case segment
                    when 'tokens/input/all' then 'input tokens'
                    when 'tokens/output/all' then 'output tokens'
                    when 'gpu_rental/H100 SXM/spot' then 'H100 SXM, spot'
                    else 'H100 SXM, on demand'
                end as segment
            from marts.price_index
            where method = 'geks_jevons' and window_months = 0 and segment in
                ('tokens/input/all', 'tokens/output/all', 'gpu_rental/H100 SXM/spot', 'gpu_rental/H100 SXM/on_demand')
            """
        ).pl()
        megawatts = db.sql(
            """
            select as_of_date, gpu, revenue_usd_per_mw_year / 1e6 as revenue, cost_usd_per_mw_year / 1e6 as cost
            from marts.revenue_per_mw
            where reading = 'professional' and business_model = 'rental_on_demand' and rent_basis = 'headline_all'
                and market = 'us_average' and mw_basis = 'it' and gpu in ('H100 SXM', 'H200', 'B200')
            qualify as_of_date = max(as_of_date) over (partition by gpu)
            """
        ).pl()
    day = rates["as_of_date"].max()
    left = _lines(
        rates,
        "as_of_date",
        "price",
        "provider_tier",
        "H100 SXM rented on demand, by kind of seller",
        f"median list price; a point is a month on record, to {day}",
        "USD per GPU-hour",
    )
    middle = _lines(
        levels,
        "period",
        "index_level",
        "segment",
        "Price of the same thing on the same terms",
        "GEKS-Jevons index by month",
        "first month of each series = 1",
    )
    as_of = megawatts["as_of_date"].max()
    bars = megawatts.unpivot(
        ["revenue", "cost"], index=["gpu", "as_of_date"], variable_name="line", value_name="millions"
    )
    right = (
        alt.Chart(
            bars, title=alt.Title("A megawatt of GPUs let by the hour", subtitle=f"IT megawatt, US average, {as_of}")
        )
        .mark_bar()
        .encode(
            x=alt.X("gpu:N", title=None, axis=alt.Axis(labelAngle=0)),
            xOffset="line:N",
            y=alt.Y("millions:Q", title="million USD a year"),
            color=alt.Color("line:N", title=None),
        )
        .properties(width=220, height=220)
    )
    chart = alt.hconcat(left, middle, right).resolve_scale(color="independent")
    chart.configure_legend(orient="bottom", columns=2, labelLimit=260).save(str(TARGET))
    print(f"{TARGET}, rates to {day}")


def _lines(data: object, x: str, y: str, series: str, title: str, subtitle: str, unit: str) -> alt.Chart:
    return (
        alt.Chart(data, title=alt.Title(title, subtitle=subtitle))  # type: ignore[arg-type]
        .mark_line(point=alt.OverlayMarkDef(size=16), strokeOpacity=0.35)
        .encode(
            x=alt.X(f"{x}:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=5, labelAngle=0)),
            y=alt.Y(f"{y}:Q", title=unit),
            color=alt.Color(f"{series}:N", title=None),
        )
        .properties(width=330, height=220)
    )


if __name__ == "__main__":
    main()
