"""What the library gives beside what others published, or beside plain loops, data set by data set.

Each comparison names method, form, data set and source, and compares at the precision its source prints. Read by
bench/index_oracles.py, which writes docs/index_oracles.md, and by test_oracles.py.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipelines.economics.index_numbers.bilateral import links
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.series import Request, compute_index
from tests.economics.index_numbers import second

GOLDEN = Path(__file__).parents[2] / "golden"
FULL_DIGITS = 13
"""A source that prints as many significant digits prints all a double holds for certain, less its own rounding."""
CLOSE = 1e-11
SPLICES = ("movement", "window", "half", "mean")


@dataclass(frozen=True)
class Comparison:
    """The largest deviation over `values` levels, relative and in units of the last digit each is printed with.

    `digits` are the significant digits the source prints at most. `otherwise` is the relative deviation under the other
    reading of the source, where two were tried, and `note` says which one was taken.
    """

    dataset: str
    method: str
    form: str
    source: str
    values: int
    digits: int
    relative: float
    last_digit: float
    note: str = ""
    otherwise: float = math.nan

    @property
    def agrees(self) -> bool:
        """To 1e-11 where the source prints enough digits, else to half of its last digit."""
        return self.relative <= CLOSE if self.digits >= FULL_DIGITS else self.last_digit <= 0.5 + 1e-6


def digits_of(text: str) -> int:
    """Significant digits of a printed number."""
    return len(text.strip().lstrip("-0.").replace(".", "")) if "." in text else 0


def compared(
    dataset: str, method: str, form: str, source: str, ours: Iterable[float], printed: Iterable[str]
) -> Comparison:
    """Our levels beside the source's as printed; its level 1 of the base period says nothing and is left out."""
    pairs = [(our, text) for our, text in zip(ours, printed, strict=True) if float(text) != 1.0]
    digits = max(digits_of(text) for _, text in pairs)
    relative = max(abs(our / float(text) - 1) for our, text in pairs)
    last = max(abs(our - float(text)) * 10.0 ** len(text.strip().partition(".")[2]) for our, text in pairs)
    return Comparison(dataset, method, form, source, len(pairs), digits, float(relative), float(last))


def beside_loops(dataset: str, method: str, form: str, ours: Iterable[float], loops: Iterable[float]) -> Comparison:
    """Our levels beside the second implementation's (second.py)."""
    pairs = [(our, other) for our, other in zip(ours, loops, strict=True) if not math.isnan(other)]
    relative = max(abs(our / other - 1) for our, other in pairs)
    return Comparison(dataset, method, form, LOOPS, len(pairs), 17, float(relative), math.nan)


@dataclass(frozen=True)
class Data:
    """A data set as a panel, and as the market of second.py."""

    panel: Panel
    market: dict[object, dict[str, tuple[float, float]]]

    def level(self, method: str, **options: object) -> list[float]:
        return list(compute_index(self.panel, Request(method, **options)).level)


def data_of(rows: Iterable[tuple[str, object, float, float]]) -> Data:
    """From (item, period, price, quantity)."""
    known = list(rows)
    items = {item: n for n, item in enumerate(sorted({row[0] for row in known}))}
    periods = {period: n for n, period in enumerate(sorted({row[1] for row in known}))}
    price = np.full((len(items), len(periods)), np.nan)
    quantity = price.copy()
    for item, period, p, q in known:
        price[items[item], periods[period]], quantity[items[item], periods[period]] = p, q
    return Data(Panel.of(price, quantity=quantity), second.market(known))


def read(path: Path, item: str, period: str, price: str, quantity: str, number: Callable[[str], object] = int) -> Data:
    """A data set of ../shared."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return data_of((row[item].strip(), number(row[period]), float(row[price]), float(row[quantity])) for row in rows)


def all_comparisons(shared: Path) -> Iterator[Comparison]:
    """Every data set of ../shared/data/index_oracles, and the values of gpindex's tests."""
    folder = shared / "data" / "index_oracles"
    yield from ces(folder / "ces_sigma2")
    yield from turvey(turvey_data(shared))
    yield from gpindex_full()
    yield from gpindex_gaps(folder / "gpindex_gaps" / "dat2_with_gaps.csv")
    balk = read(folder / "balk" / "price6_quantity6_long.csv", "product", "period", "price", "quantity")
    yield from balk_tables(balk)
    yield from with_loops("balk", balk, window=3)
    milk_path = folder / "milk" / "milk_monthly_unit_values.csv"
    yield from with_loops("milk", read(milk_path, "prodID", "month", "unit_value", "quantity", str), window=13)


CES_NAMES = {
    "geomLaspeyres": "geometric_laspeyres",
    "geomPaasche": "geometric_paasche",
    "gk": "gk_bilateral",
    "marshalledgeworth": "marshall_edgeworth",
    "satovartia": "sato_vartia",
    "tpd": "tpd_bilateral_corrected",
}
INDEXNUMR = "R package IndexNumR"
LOOPS = "plain loops"


def ces(folder: Path) -> Iterator[Comparison]:
    """Diewert and Fox's example: 22 formulas in three forms, GEKS with splices, Geary-Khamis and weighted TPD."""
    exact = read(folder / "CES_sigma_2.csv", "prodID", "time", "prices", "quantities")
    quantity = exact.panel.quantity
    assert quantity is not None
    rounded = Data(Panel.of(exact.panel.price, quantity=np.round(quantity, 7)), exact.market)

    def both(
        method: str, form: str, printed: list[str], early: bool, ours: Callable[[Data], list[float]]
    ) -> Comparison:
        """Under the quantities the source's value rests on, with the deviation under the others beside it."""
        taken, other = (rounded, exact) if early else (exact, rounded)
        found = compared("ces_sigma2", method, form, INDEXNUMR, ours(taken), printed)
        note = "quantities rounded to 7 decimals" if early else "quantities as they are"
        otherwise = compared("ces_sigma2", method, form, INDEXNUMR, ours(other), printed).relative
        return found if otherwise == found.relative else replace(found, note=note, otherwise=otherwise)

    for key, printed in keyed(folder / "expected_bilateral.csv").items():
        name, form = key.rsplit("_", 1)
        method = CES_NAMES.get(name, name)
        told, ours = {
            "pop": ("period on period", lambda data, m=method: period_on_period(data, m)),
            "chained": ("chained", lambda data, m=method: data.level(m, output="chained")),
            "fixedbase": ("fixed base", lambda data, m=method: data.level(m)),
        }[form]
        yield both(method, told, printed, method in EARLY, ours)
    for key, printed in keyed(folder / "expected_geks.csv").items():
        if key in SPLICE_NAMES:
            yield both("geks_tornqvist", rolled(key), printed, False, lambda data, k=key: over_windows(data, "geks", k))
        else:
            base, note = GEKS_NAMES.get(key, (key, ""))
            found = both(
                f"geks_{base}", "all periods", printed, False, lambda data, b=base: data.level("geks", geks_base=b)
            )
            yield replace(found, note=note or found.note)
    groups: dict[tuple[str, str], dict[int, str]] = {}
    with (folder / "published_gk_wtpd_tests.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups.setdefault((row["method"], row["splice"]), {})[int(row["period"])] = row["value"]
    for (name, key), values in groups.items():
        method, label = {"GK": ("gk", "gk"), "WTPD": ("tpd", "tpd, by share")}[name]
        printed = [values[t] for t in sorted(values)]
        early = name == "GK" and max(digits_of(value) for value in printed) < FULL_DIGITS
        if key == "none":
            yield both(label, "all periods", printed, early, lambda data, m=method: data.level(m))
        else:
            yield both(label, rolled(key), printed, early, lambda data, m=method, k=key: over_windows(data, m, k))


def period_on_period(data: Data, formula: str) -> list[float]:
    """Every period against the one before it; the first is 1."""
    ratio = np.exp(links(data.panel, formula))
    return [1.0, *(float(ratio[t - 1, t]) for t in range(1, ratio.shape[0]))]


def over_windows(data: Data, method: str, key: str) -> list[float]:
    splice, on = SPLICE_NAMES[key]
    return data.level(method, window=CES_WINDOW, splice=splice, splice_on=on)


def rolled(key: str) -> str:
    splice, on = SPLICE_NAMES[key]
    return f"window {CES_WINDOW}, {splice} on {on}"


CES_WINDOW = 11
EARLY = {
    "carli",
    "ces",
    "dutot",
    "fisher",
    "geometric_laspeyres",
    "geometric_paasche",
    "gk_bilateral",
    "jevons",
    "laspeyres",
    "paasche",
    "sato_vartia",
    "tornqvist",
    "walsh",
}
"""Formulas whose published values rest on quantities rounded to 7 decimals: so they agree to the last digit, and with
the quantities of the file to some 1e-9 only. With the package's other values it is the other way round."""
GEKS_NAMES = {
    "tpd": (
        "tornqvist",
        "the source's `tpd`: of two periods, weighted by the mean of both shares, which is the Tornqvist formula",
    )
}
SPLICE_NAMES = {
    "window": ("window", "recalculated"),
    "movement": ("movement", "recalculated"),
    "mean": ("mean", "recalculated"),
    "half": ("half", "recalculated"),
    "wisp": ("window", "published"),
    "hasp": ("half", "published"),
    "mean_pub": ("mean", "published"),
}


def keyed(path: Path) -> dict[str, list[str]]:
    """Values as printed by key, in the order of periods."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["key"] != "key":
                found.setdefault(row["key"], []).append(row["value"])
    return found


TURVEY = {
    "tpd, by value": ("tpd", {"weights": "value"}, "1.526554"),
    "geks_tornqvist": ("geks", {"geks_base": "tornqvist"}, "1.476020"),
    "geks_jevons": ("geks", {"geks_base": "jevons"}, "1.169337"),
    "geks_fisher": ("geks", {"geks_base": "fisher"}, "1.440379"),
}
"""The last period, December 1973, as IndexNumR's documentation prints it (docs/index_numbers.md)."""


def turvey_data(shared: Path) -> Data:
    """Fruit by month."""
    path = shared / "data" / "index_oracles" / "turvey" / "turvey.csv"
    return read(path, "commodity", "month", "price", "quantity", str)


def turvey(data: Data) -> Iterator[Comparison]:
    """Fruit out of season: published last period, and every period beside plain loops."""
    for label, (method, options, printed) in TURVEY.items():
        yield compared("turvey", label, "last period", INDEXNUMR, data.level(method, **options)[-1:], [printed])
    yield from with_loops("turvey", data, window=13)


def balk_tables(data: Data) -> Iterator[Comparison]:
    """Balk's tables 3.4, 3.6 and 3.12, of four decimals, as the R package gpindex prints them again."""
    printed: dict[str, list[str]] = {}
    with (GOLDEN / "index_numbers.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["dataset"] == "balk":
                printed.setdefault(row["method"], []).append(row["value"])
    for method, values in printed.items():
        yield compared(
            "balk", method, "fixed base", "Balk (2008), by R package gpindex", data.level(method)[1:], values
        )


def gpindex_full() -> Iterator[Comparison]:
    """Values of gpindex's tests that need no file: prices 1 to 65 product by product, quantities 65 to 1."""
    yield from _gpindex("gpindex_full", data_of((f"{n // 13}", n % 13 + 1, n + 1.0, 65.0 - n) for n in range(65)))


def gpindex_gaps(path: Path) -> Iterator[Comparison]:
    """The same with gaps."""
    data = read(path, "product", "period", "price", "quantity")
    yield from _gpindex("gpindex_gaps", data)
    yield from with_loops("gpindex_gaps", data, window=5)


def _gpindex(dataset: str, data: Data) -> Iterator[Comparison]:
    groups: dict[tuple[str, int, str], list[str]] = {}
    with (GOLDEN / "index_gpindex.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["dataset"] == dataset:
                groups.setdefault((row["method"], int(row["window"]), row["splice"]), []).append(row["value"])
    for (method, window, splice), printed in groups.items():
        rolling = {"window": window, "splice": splice} if window else {}
        form = f"window {window}, {splice}" if window else "all periods"
        ours = data.level("geks", geks_base=method.removeprefix("geks_"), **rolling)[1:]
        yield compared(dataset, method, form, "R package gpindex", ours, printed)


def with_loops(dataset: str, data: Data, window: int) -> Iterator[Comparison]:
    """Every method of the command over a data set, beside the second implementation."""
    for formula in second.FORMULAS:
        for output, loops in (("fixed", second.fixed), ("chained", second.chained)):
            form = "fixed base" if output == "fixed" else output
            ours = data.level(formula, output=output)
            yield beside_loops(dataset, formula, form, ours, loops(data.market, formula))
    methods: dict[str, tuple[str, dict[str, str], Callable[[dict], list[float]]]] = {
        **{
            f"geks_{base}": ("geks", {"geks_base": base}, lambda part, base=base: second.geks(part, base))
            for base in ("jevons", "fisher", "tornqvist", "walsh")
        },
        **{
            f"tpd, by {weights}": ("tpd", {"weights": weights}, lambda part, weights=weights: second.tpd(part, weights))
            for weights in ("share", "value", "none")
        },
        "gk": ("gk", {}, second.geary_khamis),
    }
    for label, (method, options, loops) in methods.items():
        yield beside_loops(dataset, label, "all periods", data.level(method, **options), loops(data.market))
        seen: dict[tuple[object, ...], list[float]] = {}

        def once(part, loops=loops, seen=seen):
            """A window's levels serve every splice."""
            if tuple(part) not in seen:
                seen[tuple(part)] = loops(part)
            return seen[tuple(part)]

        for splice in SPLICES:
            for on in ("recalculated", "published"):
                ours = data.level(method, window=window, splice=splice, splice_on=on, **options)
                expected = second.rolling(data.market, once, window, splice, on == "recalculated")
                yield beside_loops(dataset, label, f"window {window}, {splice} on {on}", ours, expected)
        for expanding in (False, True):
            ours = data.level(method, window=window, splice="fixed-base", expanding=expanding, **options)
            expected = second.fixed_base(data.market, once, window, expanding)
            kind = "expanding" if expanding else "moving"
            yield beside_loops(dataset, label, f"window {window}, fixed base, {kind}", ours, expected)
    for treatment in ("carry", "impute"):
        market = second.filled(data.market, treatment)
        for output, loops in (("fixed", second.fixed), ("chained", second.chained)):
            ours = data.level("jevons", output=output, missing=treatment)
            form = f"{'fixed base' if output == 'fixed' else output}, missing: {treatment}"
            yield beside_loops(dataset, "jevons", form, ours, loops(market, "jevons"))
