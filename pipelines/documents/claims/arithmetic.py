"""A computation in one line of text: formula, operands with their numbers, result, what was printed.

Not here: computing; the whole tree of a figure (`rackhour explain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.documents.claims.figures import STATED

Operand = dict[str, Any]


def number(value: float | None) -> str:
    """A number as a person writes it: 25,000, 0.951, 1.5e-05."""
    if value is None:
        return "unknown"
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}" if abs(value) >= 10_000 or value == int(value) else f"{value:,.1f}"
    return f"{value:.4g}"


def span(low: float | None, high: float | None) -> str:
    """One number, or two with dots between them where they differ."""
    return number(low) if high is None or low == high else f"{number(low)}..{number(high)}"


def applied(figure: str, operands: Sequence[Operand]) -> str:
    """The formula with its operands' numbers: `markup_pct(price_usd_per_gpu_hour=5.49, ...)`."""
    if figure == STATED:
        return operands[0]["assumption"] or operands[0]["citation"] or operands[0]["observed"] or STATED
    listed = [
        f"{o['operand']}={number(o['value']) if o['value_low'] is None else span(o['value_low'], o['value_high'])}"
        for o in operands
    ]
    return f"{figure}({', '.join(listed)})"


def divided(factor: float) -> str:
    """How the figure's unit becomes the printed one."""
    if factor == 1.0:
        return ""
    return f" / {number(factor)}" if abs(factor) >= 1.0 else f" x {number(1.0 / factor)}"
