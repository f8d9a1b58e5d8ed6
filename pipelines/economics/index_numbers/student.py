"""Quantiles of Student's t distribution, for intervals of regressions on few points.

For whole degrees of freedom the distribution function is a finite sum of cosines (Abramowitz and Stegun 1964, 26.7.3
and 26.7.4), so that no statistics package is needed for one number.

Not here: regressions, any other distribution.
"""

from __future__ import annotations

import math
from functools import lru_cache


def t_central(theta: float, degrees: int) -> float:
    """P(|T| <= sqrt(degrees) tan(theta)) for 0 <= theta <= pi/2. Abramowitz and Stegun 26.7.3 (odd), 26.7.4 (even)."""
    sine, cosine = math.sin(theta), math.cos(theta)
    term, total = (cosine, cosine) if degrees % 2 else (1.0, 1.0)
    for k in range(3 if degrees % 2 else 2, degrees, 2):
        term *= (k - 1) / k * cosine**2
        total += term
    if degrees % 2 == 0:
        return sine * total
    return 2.0 / math.pi * (theta + (sine * total if degrees > 1 else 0.0))


@lru_cache(maxsize=256)
def t_two_sided(confidence: float, degrees: int) -> float:
    """The t that |T| stays within with this probability: 0.9 and 2 degrees of freedom give 2.919986.

    Found by bisection over the angle, to the last bit of a double. Raises ValueError unless 0 < confidence < 1 and
    degrees >= 1.
    """
    if not 0.0 < confidence < 1.0 or degrees < 1:
        raise ValueError(f"no quantile for a confidence of {confidence} with {degrees} degrees of freedom")
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if t_central(middle, degrees) < confidence else (low, middle)
    return math.sqrt(degrees) * math.tan(high)
