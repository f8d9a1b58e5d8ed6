"""What stands for a price that is missing between two sightings of its item.

    matched   nothing: an item counts between periods in which it is priced (the default)
    carry     its last price. Biased towards no change (CPI Manual 2020, ch. 6, advises against it but for prices known
              to be fixed)
    impute    its last price moved by what items priced in both of two successive periods did on (geometric) average:
              overall mean imputation (CPI Manual 2020, ch. 6). The jump on return is the item's own

Only gaps are filled, never what lies before the first or after the last sighting: an item that has not come back is
taken to be gone, so that its price does not stand still for ever. Hence the last periods of a series are revised when
an item returns. A filled price has quantity 0, since nothing was seen to be bought: it counts in the other period's
basket (Laspeyres from the last sighting, Paasche on return) and weighs nothing of its own.

Not here: the index.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.elementary import jevons
from pipelines.economics.index_numbers.panel import Panel

TREATMENTS = ("matched", "carry", "impute")


def gaps(panel: Panel) -> NDArray[np.bool_]:
    """Cells without a price between two sightings of their item."""
    present = panel.present > 0
    before = np.logical_or.accumulate(present, axis=1)
    after = np.logical_or.accumulate(present[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(~present & before & after)


def filled(panel: Panel, treatment: str) -> Panel:
    """The panel with its gaps filled. Raises ValueError on a treatment not in TREATMENTS.

    An imputed gap ends where two successive periods share no item: from there to the return it stays empty.
    """
    if treatment not in TREATMENTS:
        raise ValueError(f"no treatment {treatment!r} of missing prices; there are {', '.join(TREATMENTS)}")
    if treatment == "matched":
        return panel
    period = np.arange(panel.periods)
    sighting = np.maximum.accumulate(np.where(panel.present > 0, period, 0), axis=1)
    filling = gaps(panel)
    price = np.take_along_axis(panel.log_price, sighting, axis=1)
    if treatment == "impute":
        growth = np.concatenate([[0.0], np.diagonal(jevons(panel), offset=1)])
        broken = np.cumsum(np.isnan(growth))
        path = np.cumsum(np.nan_to_num(growth))
        price = price + path - path[sighting]
        filling &= broken == broken[sighting]
    return replace(
        panel, log_price=np.where(filling, price, panel.log_price), present=np.where(filling, 1.0, panel.present)
    )
