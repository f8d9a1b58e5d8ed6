"""Every mart module as an asset, from one factory: its inputs are its edges, its schema is its blocking check.

A new module in pipelines/marts is a new asset here without a line of code. Not here: formulas, rows, publishing.
"""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.
import dagster as dg
import polars as pl

from pipelines.defs import present, signposts
from pipelines.defs.resource import BuildResource
from pipelines.home.build import Build
from pipelines.home.progress import begin, report
from pipelines.mart_kit.all_marts import marts as mart_modules
from pipelines.mart_kit.schema import Schema
from pipelines.warehouse import core_reader

CONTRACT = "contract"
ENUMERATION = "enumeration"  # core.enumeration: the lists that enumerated columns take their values from
HEAD_ROWS = 8
HEAD_FIGURES = 4
PLOTTED_SERIES = 6
LISTED_PROBLEMS = 5


def key(name: str) -> dg.AssetKey:
    """The asset of a mart."""
    return dg.AssetKey(["marts", name])


def assets() -> list[dg.AssetsDefinition]:
    """One asset per mart module."""
    return [_mart(name, module) for name, module in mart_modules().items()]


def _mart(name: str, module: ModuleType) -> dg.AssetsDefinition:
    """The asset of one mart."""
    schema: Schema = module.SCHEMA
    reads = tuple(dict.fromkeys([*module.INPUTS, ENUMERATION]))
    marts_read: tuple[str, ...] = getattr(module, "MARTS", ())

    @dg.asset(
        key=key(name),
        deps=[*(dg.AssetKey(["core", table]) for table in reads), *(key(mart) for mart in marts_read)],
        group_name="marts",
        kinds={"polars"},
        owners=signposts.MARTS,
        description=f"{schema.description}\n\n{module.__doc__ or ''}".strip(),
        metadata={
            "dagster/column_schema": present.column_schema(
                (c.name, str(c.dtype), c.description + (f" Unit: {c.unit}." if c.unit else "")) for c in schema.columns
            ),
            "key": ", ".join(schema.key),
            **signposts.code(Path(str(module.__file__))),
        },
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT,
                asset=key(name),
                blocking=True,
                description="Key unique and never null, columns and types as declared, values within limits and lists.",
            )
        ],
    )
    def mart(build: BuildResource) -> dg.MaterializeResult:
        begin("marts", f"making {name}")
        core = core_reader.read_build(build.wish, reads) | core_reader.read_made_marts(build.wish, marts_read)
        frame = schema.conform(module.build(core))
        _write(build.wish, name, frame)
        report("marts", f"{name}: {frame.height:,} rows")
        # Asked for an early day, a mart may rightly be empty: what it needs was not known by then.
        contract = _contract(schema, frame, core[ENUMERATION], may_be_empty=build.wish.as_of is not None)
        return dg.MaterializeResult(metadata=_metadata(schema, module, frame), check_results=[contract])

    return mart


def _write(build: Build, name: str, frame: pl.DataFrame) -> None:
    """The table of this build, whole or not at all."""
    build.home.marts.mkdir(parents=True, exist_ok=True)
    path = build.home.marts / f"{name}.parquet"
    draft = path.with_suffix(".tmp")
    frame.write_parquet(draft, compression="zstd")
    draft.replace(path)


def _contract(
    schema: Schema, frame: pl.DataFrame, enumeration: pl.DataFrame, may_be_empty: bool = False
) -> dg.AssetCheckResult:
    problems = schema.problems(frame, enumeration)
    told = [
        f"{row['rule']} of {row['column']}: {row['failing_rows']} rows, such as {row['example']}"
        for row in problems.head(LISTED_PROBLEMS).iter_rows(named=True)
    ]
    if not frame.height and not may_be_empty:
        told.append("no row: none of its inputs met")
    return dg.AssetCheckResult(
        check_name=CONTRACT,
        passed=not told,
        description="; ".join(told) or f"{frame.height:,} rows keep it",
        metadata={"problems": present.table(problems)} if problems.height else {},
    )


def _metadata(schema: Schema, module: ModuleType, frame: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    figures = [c for c in schema.columns if c.dtype == pl.Float64() and not c.name.endswith(("_low", "_high"))]
    facts: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(frame.height),
        "ranges": present.ranges(frame, [(c.name, c.unit or "") for c in figures]),
        "newest_rows": present.table(_newest(schema, frame, [c.name for c in figures])),
    }
    days = _day_column(schema)
    if days and frame.height:
        facts["first_day"] = dg.MetadataValue.text(str(frame[days].min()))
        facts["last_day"] = dg.MetadataValue.text(str(frame[days].max()))
        if figures:
            figure, *shown = getattr(module, "PLOT", (figures[0].name,))
            facts.update(_pictures(schema, frame, days, figure, shown))
    return facts


def _day_column(schema: Schema) -> str | None:
    dates = [c.name for c in schema.columns if c.name in schema.key and c.dtype == pl.Date()]
    return dates[0] if dates else None


def _newest(schema: Schema, frame: pl.DataFrame, figures: Sequence[str]) -> pl.DataFrame:
    """Of the last day, one row per value of the first label, with the first figures before the other keys."""
    days = _day_column(schema)
    if days:
        frame = frame.filter(pl.col(days) == pl.col(days).max())
    labels = [c.name for c in schema.columns if c.name in schema.key and c.dtype == pl.String()]
    first = [*([days] if days else []), *labels[:1]]
    if labels:
        frame = frame.unique(labels[:1], keep="first", maintain_order=True)
    return frame.select(*dict.fromkeys([*first, *figures[:HEAD_FIGURES], *schema.names])).head(HEAD_ROWS)


def _pictures(
    schema: Schema, frame: pl.DataFrame, days: str, figure: str, named: Sequence[str]
) -> dict[str, dg.MetadataValue]:
    """Median of one figure over time, for the series that are named, else those with most days.

    A mart module may say which: `PLOT = ("index_level", "gpu_rental/H100 SXM/on_demand", ...)`, the figure and then
    values of its first key column.
    """
    labels = [c.name for c in schema.columns if c.name in schema.key and c.dtype == pl.String()]
    if not labels:
        return {}
    series = labels[0]
    shown = frame.filter(pl.col("reading") == "professional") if "reading" in frame.columns else frame
    medians = shown.group_by(days, series).agg(pl.col(figure).median()).drop_nulls()
    longest = medians.group_by(series).len().sort("len", series, descending=[True, False])[series]
    picked = [name for name in named if name in set(longest)] or longest.head(PLOTTED_SERIES).to_list()
    medians = medians.filter(pl.col(series).is_in(picked)).sort(series, days)
    if medians[days].n_unique() < 2:
        return {}
    title = f"{figure}: median by {series}"
    return {
        f"trend of {title}": present.trend(medians, days, figure, series),
        f"plot of {title}": present.lines(medians, days, figure, series, title),
    }
