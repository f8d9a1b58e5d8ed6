"""docs/built/models.md and a page per document model, from a published release.

Figures come from marts.model_result, claim_check and inconsistency_check of the release in RACKHOUR_HOME, operands from
its core.assumption, formulas from the registry the marts are computed with, expected numbers from
tests/golden/models/*.csv. Nothing is written here that a release does not hold.

Not here: any figure, any formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.documents.all_models import models
from pipelines.documents.model import FORMS, Model
from pipelines.economics.formula import Formula
from pipelines.economics.formula import formulas as formulas_of
from pipelines.home.places import Home
from sources.documents import OURS
from tests.documents.models.golden import KEY, worked_numbers

PAGES = ("models.md", *(f"models/{name}.md" for name in models()))
STATED_SHOWN, OBSERVED_SHOWN = 60, 12
"""Lines a page shows, on stated operands and on observed prices; the rest are in the table."""

HEAD = """# Models

Made of the published release, as of {as_of}, by `make docs`. A model's page has its formulas,
operands with their lines, worked numbers, results and caveats. `as_published` is the documents' own form and operands,
`illustration` their form on operands rackhour chose, `professional` the form practitioners use. The same rows:
`rackhour sql "from marts.model_result"`; where a figure comes from:
`rackhour explain model_result --where "model_id = 'M01'"`.
"""


def number(value: float | None) -> str:
    """A figure for reading: five significant digits, thousands apart."""
    if value is None:
        return ""
    if value == 0 or abs(value) >= 1e15:
        return f"{value:g}"
    digits = max(0, 4 - int(f"{abs(value):e}".split("e")[1]))
    text = f"{value:,.{min(digits, 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; bars inside cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = ["" if cell is None else str(cell).replace("|", "\\|").replace("\n", " ") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def chain(figures: Iterable[str], known: Mapping[str, Formula], given: set[str]) -> list[Formula]:
    """The formulas behind figures, operands after what they make; a name that is given is not followed."""
    found: dict[str, Formula] = {}

    def visit(figure: str) -> None:
        if figure in known and figure not in found and figure not in given:
            found[figure] = known[figure]
            for operand in known[figure].operands:
                visit(operand)

    for figure in figures:
        visit(figure)
    return list(found.values())


class Book:
    """What the pages are written from: the tables of one release."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.results = connection.sql("from marts.model_result").pl()
        self.assumptions = connection.sql("from core.assumption").pl()
        self.claims = connection.sql("from marts.claim_check order by claim_id").pl()
        self.inconsistencies = connection.sql("from marts.inconsistency_check order by inconsistency_id").pl()
        self.worked = worked_numbers().join(self.results, on=list(KEY), how="left", suffix="_ours")


def formulas(made: pl.DataFrame, given: set[str]) -> str:
    """Every formula behind the model's lines, by reading where the two differ."""
    rows: dict[tuple[str, str], list[object]] = {}
    for reading in FORMS:
        lines = made.filter(pl.col("reading") == reading)["line"].unique(maintain_order=True).to_list()
        for one in chain(lines, formulas_of(FORMS[reading]), given):
            meaning = " ".join(one.meaning.split())
            row = rows.setdefault((one.figure, meaning), [f"`{one.figure}`", meaning, one.unit, one.source, []])
            row[4].append(reading)  # type: ignore[attr-defined]
    return table(
        ("figure", "formula", "unit", "source", "reading"),
        [[*row[:4], ", ".join(row[4])] for row in rows.values()],  # type: ignore[arg-type,index]
    )


def operands(book: Book, scenarios: Sequence[str]) -> str:
    """The stated and chosen values behind the model, each with its line and who states it."""
    rows = book.assumptions.filter(pl.col("assumption_set").is_in(scenarios)).sort(
        "assumption_set", "parameter", "subject"
    )
    return table(
        ("set", "operand", "of", "value", "low", "high", "unit", "where", "stated by"),
        [
            (
                row["assumption_set"],
                f"`{row['parameter']}`",
                row["subject"],
                number(row["value"]),
                number(row["value_low"]),
                number(row["value_high"]),
                row["unit"],
                row["citation"],
                "our choice (rackhour)" if row["publisher"] == OURS else row["publisher"],
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def worked(rows: pl.DataFrame) -> str:
    """Worked numbers: the document's or economics' number, ours, and the difference."""
    return table(
        ("model", "case", "line", "scenario", "worked", "ours", "difference", "printed", "where", "note"),
        [
            (
                f"[{row['model_id']}](models/{row['model_id']}.md)",
                row["case"],
                f"`{row['line']}`",
                row["scenario"],
                _span(row["expected"], row["expected_low"], row["expected_high"]),
                _span(row["value"], *((row["low"], row["high"]) if row["expected_low"] is not None else (None, None))),
                number(row["value"] - row["expected"]) if row["value"] is not None else "not computed",
                row["printed"],
                row["citation"],
                row["note"],
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _span(base: float | None, low: float | None, high: float | None) -> str:
    return number(base) if low is None else f"{number(base)} ({number(low)} to {number(high)})"


def outcomes(made: pl.DataFrame) -> str:
    """The model's lines, the first of those on stated operands and of those on observed prices."""
    on_prices = pl.col("scenario") == "observed"
    stated, observed = made.filter(~on_prices), made.filter(on_prices).sort("line", "case")
    shown = pl.concat([stated.head(STATED_SHOWN), observed.head(OBSERVED_SHOWN)])
    text = table(
        ("reading", "scenario", "case", "line", "low", "value", "high", "unit"),
        [
            (
                row["reading"],
                row["scenario"],
                row["case"],
                f"`{row['line']}`",
                number(row["low"]),
                number(row["value"]),
                number(row["high"]),
                row["unit"],
            )
            for row in shown.iter_rows(named=True)
        ],
    )
    more = made.height - shown.height
    return text + (f"\n\nand {more:,} more lines in `marts.model_result`." if more else "")


def caveats(book: Book, model: Model) -> str:
    """What contradicts itself in the model's lines: found by arithmetic or documented, and what speaks for it."""
    rows = book.inconsistencies.filter(pl.col("inconsistency_id").is_in(list(model.caveats)))
    parts = []
    for row in rows.iter_rows(named=True):
        held = {True: "holds", False: "does not hold", None: "not arithmetic"}[row["still_holds"]]
        parts.append(f"- **{row['inconsistency_id']}** ({row['places']}): {row['title']}. {row['found']}, {held}.")
        parts += [f"  - {row[name]}" for name in ("arithmetic", "reading_taken", "caveat") if row[name]]
    return "\n".join(parts)


def page(book: Book, model: Model) -> str:
    """One model's page."""
    made = book.results.filter(pl.col("model_id") == model.model_id)
    scenarios = made["scenario"].unique().sort().to_list()
    given = set(book.assumptions.filter(pl.col("assumption_set").is_in(scenarios))["parameter"])
    parts = [
        f"# {model.model_id}: {model.title}",
        f"{model.question} Where: {model.where}. [All models](../models.md).",
        *([model.note] if model.note else []),
        "## Formulas",
        formulas(made, given),
        "## Operands",
        operands(book, scenarios),
        "## Worked numbers",
        worked(book.worked.filter(pl.col("model_id") == model.model_id)).replace("](models/", "]("),
        "## Results",
        outcomes(made),
    ]
    stated = caveats(book, model)
    return "\n\n".join([*parts, *(["## Caveats", stated] if stated else [])]) + "\n"


def claims(book: Book) -> str:
    """Verdicts counted, and every derived claim that is not reproduced with the reason."""
    kinds = ("derived", "market", "benchmark", "input")
    counts = book.claims.group_by("verdict", "kind").len()
    rows = []
    for verdict in counts["verdict"].unique().sort():
        of_it = {r["kind"]: r["len"] for r in counts.filter(pl.col("verdict") == verdict).iter_rows(named=True)}
        rows.append((verdict, *[of_it.get(kind, 0) for kind in kinds], sum(of_it.values())))
    rows.append(("all", *[book.claims.filter(pl.col("kind") == kind).height for kind in kinds], book.claims.height))
    missed = book.claims.filter((pl.col("kind") == "derived") & (pl.col("verdict") != "reproduced"))
    listed = table(
        ("claim", "where", "what", "printed", "ours", "verdict", "reason", "caveat"),
        [
            (
                r["claim_id"],
                f"{r['document']}:{r['line']}",
                f"{r['subject']}: {r['metric']} ({r['unit']})",
                _ends(r["published_low"], r["published_high"]),
                _ends(r["our_value"], r["our_value_high"]),
                r["verdict"],
                r["reason"],
                r["caveat"],
            )
            for r in missed.iter_rows(named=True)
        ],
    )
    return "\n\n".join(
        [
            "## Claims of the documents",
            f"All {book.claims.height} printed figures, checked against the document's own operands and against what "
            "is observed (`marts.claim_check`; [how verdicts are made](../claims.md)).",
            table(("verdict", *kinds, "all"), rows),
            f"### Derived claims that are not reproduced ({missed.height})",
            listed,
        ]
    )


def _ends(low: float | None, high: float | None) -> str:
    return number(low) if high is None else f"{number(low)} to {number(high)}"


def contradictions(book: Book) -> str:
    """Inconsistencies, those found by arithmetic counted apart from those that are documented."""
    computed = book.inconsistencies.filter(pl.col("found") == "computed")
    documented = book.inconsistencies.filter(pl.col("found") == "documented")
    holding = computed.filter(pl.col("still_holds"))
    return "\n\n".join(
        [
            "## Where the documents contradict themselves",
            f"{book.inconsistencies.height} places (`marts.inconsistency_check`): {computed.height} computed from two "
            f"operands, of which {holding.height} hold, and {documented.height} documented, which are no arithmetic. "
            "[The list](contradictions.md).",
        ]
    )


def index(book: Book, as_of: str) -> str:
    """The page over all models."""
    listed = table(
        ("model", "question", "where", "lines", "worked numbers"),
        [
            (
                f"[{m.model_id} {m.title}](models/{m.model_id}.md)",
                m.question,
                m.where,
                book.results.filter(pl.col("model_id") == m.model_id).height,
                book.worked.filter(pl.col("model_id") == m.model_id).height,
            )
            for m in models().values()
        ],
    )
    off = book.worked.filter(((pl.col("value") - pl.col("expected")).abs() <= pl.col("tolerance")).not_())
    told = f"{book.worked.height} worked numbers, {book.worked.height - off.height} within their tolerance."
    numbers = ["## Worked numbers", told, worked(book.worked)]
    return "\n\n".join([HEAD.format(as_of=as_of), listed, claims(book), contradictions(book), *numbers]) + "\n"


def write(home: Home, folder: Path) -> None:
    """Write every page."""
    with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as connection:
        book = Book(connection)
        as_of = connection.sql("select max(as_of_date) from core.calendar").fetchall()[0][0]
    (folder / "models").mkdir(exist_ok=True)
    for model in models().values():
        (folder / "models" / f"{model.model_id}.md").write_text(page(book, model), encoding="utf-8")
    (folder / "models.md").write_text(index(book, as_of), encoding="utf-8")
