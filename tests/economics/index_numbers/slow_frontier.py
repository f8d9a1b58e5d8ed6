"""A second implementation of the frontier, model by model in plain loops, and its line in 50-digit arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext


def frontier(rows):
    """(model, day, price, score) rows to those that lower the running minimum, the cheapest first where dates tie."""
    kept, lowest = [], None
    for row in sorted(rows, key=lambda r: (r[1], r[2])):
        if lowest is None or row[2] < lowest:
            kept.append(row)
            lowest = row[2]
    return kept


def factor_and_error(points):
    """Yearly factor, slope and standard error of log10 price on day, in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        n = Decimal(len(points))
        x = [Decimal(int(day)) for _, day, _, _ in points]
        y = [Decimal(repr(float(price))).log10() for _, _, price, _ in points]
        x_mean, y_mean = sum(x) / n, sum(y) / n
        sxx = sum((a - x_mean) ** 2 for a in x)
        slope = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / sxx
        residual = sum((b - y_mean - slope * (a - x_mean)) ** 2 for a, b in zip(x, y, strict=True))
        error = (residual / (n - 2) / sxx).sqrt() if n > 2 else Decimal("NaN")
        return Decimal(10) ** (-365 * slope), slope, error


def yearly(slope, error, t):
    """10^(-365 (slope + t error)), in 50 digits."""
    with localcontext() as context:
        context.prec = 50
        return Decimal(10) ** (-365 * (slope + Decimal(repr(t)) * error))
