"""The time-dummy hedonic index of a panel: quality held constant by the features of its items.

A panel's cells become the observations of hedonic.py, weighted as tpd.py weighs them; the item is the cluster, since
its errors in two periods are not independent. Items need not return: any period with a priced item is compared through
the features.

Not here: the regression (hedonic.py, hedonic_moments.py), which features, and where they come from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.economics.index_numbers.hedonic import Observations
from pipelines.economics.index_numbers.panel import Matrix, Panel
from pipelines.economics.index_numbers.tpd import observation_weights


@dataclass(frozen=True)
class Features:
    """What items are like: a row per item of the panel, a column per name, as the regression takes them (`of`)."""

    names: tuple[str, ...]
    values: Matrix

    @classmethod
    def of(cls, columns: dict[str, Matrix]) -> Features:
        """From one value per item and feature: quantities (all positive) in logs, dummies (0 or 1 alone) as they are.

        Raises ValueError on a column that is neither, or has an unknown value.
        """
        made = {name: _taken(name, np.asarray(values, dtype=float)) for name, values in columns.items()}
        return cls(tuple(made), np.stack(list(made.values()), axis=1))


def _taken(name: str, values: Matrix) -> Matrix:
    if not np.isfinite(values).all():
        raise ValueError(f"feature {name} has an unknown value: leave out the item or the feature")
    if np.isin(values, (0.0, 1.0)).all():
        return values
    if not (values > 0).all():
        raise ValueError(
            f"feature {name} is no dummy (0 or 1) and has values of zero or below, which have no logarithm"
        )
    return np.asarray(np.log(values))


def observations(panel: Panel, features: Features, weights: str = "none") -> Observations:
    """The panel's priced cells for hedonic.py. Weights as in tpd.py: share, value or none.

    Raises ValueError where features and items do not fit, or weights ask for quantities that are not there.
    """
    items = panel.log_price.shape[0]
    if features.values.shape != (items, len(features.names)):
        raise ValueError(f"a row of features per item: {items} items, features of shape {features.values.shape}")
    weight = observation_weights(panel, weights, "tdh")
    item, period = np.nonzero(weight > 0)
    return Observations.of(
        np.exp(panel.log_price[item, period]),
        period,
        features.values[item],
        features.names,
        weight=weight[item, period],
        cluster=item,
        periods=panel.periods,
    )
