"""What may be asked of the index numbers: method and options, and which go together.

Not here: the answer (series.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.economics.index_numbers.bilateral import BILATERAL, REVERSIBLE
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.windows import SPLICES

MULTILATERAL = ("geks", "gk", "tdh", "tpd")
METHODS = (*sorted(BILATERAL), *MULTILATERAL)
OUTPUTS = ("fixed", "chained")
ALL_SPLICES = (*SPLICES, "fixed-base")


@dataclass(frozen=True)
class Request:
    """Which index. None means: what the docstring says, or that the option is not of this method.

    method            of METHODS; "-" and "_" are one ("sato-vartia")
    output            fixed (None) or chained; of bilateral methods
    geks_base         any of REVERSIBLE; None: tornqvist where the panel has quantities, else jevons
    weights           share, value or none; of tpd and tdh; None: share where the panel has quantities, else none
    window            periods of the rolling window; of multilateral methods; None: all periods at once
    splice            of ALL_SPLICES; needs a window; None: mean
    splice_on         recalculated (None) or published; needs a window; fixed-base is on published
    expanding         the fixed-base window grows from its base month
    missing           matched, carry or impute (missing.py)
    base_period       the period whose level is 1.0, that fixed output compares with, the base month of fixed-base
    reference_period  whose quantities lowe, whose shares young takes
    sigma             elasticity of substitution of ces
    """

    method: str
    output: str | None = None
    geks_base: str | None = None
    weights: str | None = None
    window: int | None = None
    splice: str | None = None
    splice_on: str | None = None
    expanding: bool = False
    missing: str = "matched"
    base_period: int = 0
    reference_period: int = 0
    sigma: float = 2.0


def check(request: Request, panel: Panel, *, with_features: bool) -> str:
    """The method's name as in METHODS. Raises ValueError on what cannot be asked of the panel."""
    method = request.method.replace("-", "_")
    if method not in METHODS:
        raise ValueError(f"no method {request.method!r}; there are {', '.join(METHODS)}")
    multilateral = method in MULTILATERAL
    rules = (
        (request.output is None or not multilateral, "output is of bilateral methods"),
        (request.output in (None, *OUTPUTS), f"no output {request.output!r}; there are {', '.join(OUTPUTS)}"),
        (request.geks_base is None or method == "geks", "a bilateral base is of geks"),
        (
            request.geks_base in (None, *REVERSIBLE),
            f"geks needs a base that passes time reversal, not {request.geks_base!r}: {', '.join(REVERSIBLE)}",
        ),
        (request.weights is None or method in ("tpd", "tdh"), "weights are of tpd and tdh"),
        (request.window is None or multilateral, "a window is of multilateral methods"),
        (request.window is not None or not (request.splice or request.splice_on), "a splice needs a window"),
        (request.splice in (None, *ALL_SPLICES), f"no splice {request.splice!r}; there are {', '.join(ALL_SPLICES)}"),
        (
            request.splice_on in (None, "recalculated", "published"),
            f"a splice is on recalculated or published, not {request.splice_on!r}",
        ),
        (request.splice != "fixed-base" or request.splice_on != "recalculated", "fixed-base is on published"),
        (not request.expanding or request.splice == "fixed-base", "an expanding window is of the fixed-base splice"),
        (with_features == (method == "tdh"), "tdh needs features, and no other method takes them"),
        (0 <= request.base_period < panel.periods, f"no base period {request.base_period} of {panel.periods}"),
        (0 <= request.reference_period < panel.periods, f"no reference period {request.reference_period}"),
    )
    for holds, otherwise in rules:
        if not holds:
            raise ValueError(f"{method}: {otherwise}")
    if not panel.present[:, request.base_period].any():
        raise ValueError(f"no price in the base period {request.base_period}")
    return method
