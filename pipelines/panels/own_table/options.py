"""The options of `rackhour index`: which method takes which, and what is taken where none is given.

Not here: the methods (economics/index_numbers), the file (table.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.panels.own_table.table import IndexTableError

BILATERAL = ("carli", "dutot", "jevons", "laspeyres", "paasche", "fisher", "tornqvist", "walsh", "sato-vartia")
MULTILATERAL = ("geks", "tpd", "gk", "tdh")
METHODS = (*BILATERAL, *MULTILATERAL)
BASES = ("jevons", "fisher", "tornqvist", "walsh")
OUTPUTS = ("fixed", "chained")
SPLICES = ("movement", "window", "half", "mean", "fixed-base")
SPLICE_ON = ("recalculated", "published")
WEIGHTS = ("share", "value", "none")
MISSING = ("matched", "carry", "impute")
UNWEIGHTED = ("carli", "dutot", "jevons")


@dataclass(frozen=True)
class Options:
    """What a person asked for; None where nothing was said."""

    method: str
    base: str | None = None
    output: str | None = None
    window: int | None = None
    splice: str | None = None
    splice_on: str | None = None
    weights: str | None = None
    features: tuple[str, ...] = ()
    missing: str | None = None
    base_period: str | None = None
    expanding: bool = False

    def checked(self) -> Options:
        """The same, each value one there is and each option one the method takes. Raises IndexTableError otherwise."""
        _one_of("--method", self.method, METHODS)
        _one_of("--base", self.base, BASES)
        _one_of("--output", self.output, OUTPUTS)
        _one_of("--splice", self.splice, SPLICES)
        _one_of("--splice-on", self.splice_on, SPLICE_ON)
        _one_of("--weights", self.weights, WEIGHTS)
        _one_of("--missing", self.missing, MISSING)
        multilateral = self.method in MULTILATERAL
        self._only(self.base, "--base", self.method == "geks", "names the formula of the links of geks")
        self._only(self.output, "--output", not multilateral, f"is for bilateral methods ({', '.join(BILATERAL)})")
        self._only(self.window, "--window", multilateral, f"is for multilateral methods ({', '.join(MULTILATERAL)})")
        self._only(self.weights, "--weights", self.method in ("tpd", "tdh"), "is for tpd and tdh")
        self._only(self.features or None, "--features", self.method == "tdh", "is for tdh, the hedonic method")
        self._only(self.splice, "--splice", self.window is not None, "joins rolling windows: give --window N with it")
        self._only(
            self.splice_on, "--splice-on", self.window is not None, "is for rolling windows: give --window N with it"
        )
        self._only(
            self.expanding or None, "--expanding", self.splice == "fixed-base", "is a window of --splice fixed-base"
        )
        if self.splice == "fixed-base" and self.splice_on == "recalculated":
            raise IndexTableError("--splice fixed-base rests on the published level of its base period.")
        if self.method == "tdh" and not self.features:
            raise IndexTableError("--method tdh explains prices by features: name their columns with --features a,b.")
        if self.window is not None and self.window < 2:
            raise IndexTableError(f"--window {self.window}: a window holds two periods at least.")
        if self.splice == "half" and self.window is not None and self.window % 2 == 0:
            raise IndexTableError(
                f"--splice half links at the middle period, and a window of {self.window} has none: take an odd one, "
                f"{self.window - 1} or {self.window + 1}."
            )
        return self

    def _only(self, value: object, option: str, fits: bool, why: str) -> None:
        if value is not None and not fits:
            raise IndexTableError(f"{option} does not go with --method {self.method}: it {why}.")

    def wants_quantity(self) -> bool | None:
        """True where the method needs quantities, False where it uses none, None where it takes them if there are."""
        if self.method in UNWEIGHTED:
            return False
        if self.method == "geks":
            return None if self.base is None else self.base != "jevons"
        if self.method in ("tpd", "tdh"):
            return None if self.weights is None else self.weights != "none"
        return True

    def weighs(self) -> bool:
        """Whether the method, as decided, uses quantities."""
        return bool(self.wants_quantity())

    def decided(self, has_quantity: bool) -> Options:
        """Nothing left open: defaults that hang on whether the table has quantities are set."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if self.method == "geks":
            values["base"] = self.base or ("tornqvist" if has_quantity else "jevons")
        if self.method in ("tpd", "tdh"):
            values["weights"] = self.weights or ("share" if has_quantity else "none")
        if self.method in BILATERAL:
            values["output"] = self.output or "fixed"
        if self.window is not None:
            values["splice"] = self.splice or "mean"
            on = "published" if self.splice == "fixed-base" else "recalculated"
            values["splice_on"] = self.splice_on or on
        values["missing"] = self.missing or "matched"
        return Options(**values)

    def told(self) -> str:
        """The method in a line, as decided."""
        parts = [self.method + (f" on {self.base}" if self.base else "")]
        parts += [part for part in (self.output, self.weights and f"weights {self.weights}") if part]
        if self.features:
            parts.append(f"features {', '.join(self.features)}")
        if self.window is not None:
            width = f"window {self.window}{', expanding' if self.expanding else ''}"
            parts.append(f"{width}, {self.splice} splice on {self.splice_on}")
        elif self.method in MULTILATERAL:
            parts.append("all periods at once")
        if self.missing != "matched":
            parts.append(f"missing prices: {self.missing}")
        return ", ".join(parts)


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise IndexTableError(f"{option} {value!r} is none of {', '.join(allowed)}.")
