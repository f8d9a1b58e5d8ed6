"""`rackhour scenario`: marts under other assumptions. Not here: computing them (pipelines/scenarios)."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import ReleaseId, RowFormat, ToFile, errors_told, examples, fail


def scenario(
    name: Annotated[
        str,
        typer.Argument(
            help="A scenario, or several joined by +; `list` for all; `show` before a name.",
            autocompletion=completion.scenarios,
        ),
    ] = "base",
    which: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="After `show`: the scenario.", autocompletion=completion.scenarios),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="An input and its change: 0.6, x1.5, +0.02, 0.5/0.6/0.7."),
    ] = None,
    mart: Annotated[
        str | None,
        typer.Option(metavar="MART", help="One mart instead of the headline ones.", autocompletion=completion.marts),
    ] = None,
    where: Annotated[str | None, typer.Option(metavar="SQL", help="Rows of the mart, as a condition.")] = None,
    column: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this figure. Repeatable.")] = None,
    grid: Annotated[
        list[str] | None, typer.Option(metavar="KEY=LO:HI:STEP", help="The input at each of these values. Repeatable.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(metavar="N", help="Draw every ranged input N times: p10, p50, p90 and the drivers.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draws; the same seed gives the same result.")] = 1,
    shape: Annotated[
        str,
        typer.Option(
            help="How inputs are drawn: triangular, pert or uniform.",
            autocompletion=completion.one_of("triangular", "pert", "uniform"),
        ),
    ] = "triangular",
    form: RowFormat = None,
    to: ToFile = None,
    release: ReleaseId = None,
) -> None:
    """What-if: marts of the published release under other assumptions, next to base. Writes nothing in the home.

    A KEY is an assumption (set.parameter, or set.parameter:subject), or a column of any core table, of all rows or of
    those in brackets: headline_rate.price_usd_per_gpu_hour[gpu=H100 SXM]. Own scenarios: RACKHOUR_HOME/scenarios/*.yml.
    """
    from pipelines.cli.output import format_of, reader_may_leave, write_frame
    from pipelines.cli.watching import spinner
    from pipelines.home.places import Home

    with errors_told():
        chosen = format_of(form, to)
        for_people = chosen == "table"
        with spinner("building the marts again"):
            from pipelines.scenarios import command

            home = Home.from_environment()
            if name == "list":
                shown = command.listed(home)
            elif name == "show":
                shown = command.shown(home, which or fail("show which scenario? `rackhour scenario list` names all."))
            else:
                asked = command.Asked(name, tuple(sets or ()), mart, where, tuple(column or ()), tuple(grid or ()))
                if draws is not None:
                    shown = command.distribute(home, asked, draws, seed, shape, release)
                    shown = command.once(shown) if for_people else shown
                else:
                    shown = command.compare(home, asked, release)
                    shown = shown.drop("value_low", "value_high") if for_people else shown
        with reader_may_leave():
            write_frame(shown, chosen, to)


EXAMPLES = examples(
    "rackhour scenario list",
    "rackhour scenario show stress_power",
    "rackhour scenario stress_power+stress_utilisation",
    "rackhour scenario --set professional.utilisation=0.6 --set power_price_asof.price_usd_per_kwh=x1.5",
    "rackhour scenario stress_obsolescence --mart gpu_hour_margin --where \"gpu = 'H100 SXM'\" --to margins.xlsx",
    "rackhour scenario --mart revenue_per_mw --grid professional.utilisation=0.4:0.9:0.1",
    "rackhour scenario --mart gpu_hour_margin --where \"gpu = 'H200'\" --column gross_margin_pct --draws 1000000",
)


def add_to(app: typer.Typer) -> None:
    """The command in the app."""
    app.command(epilog=EXAMPLES)(scenario)
