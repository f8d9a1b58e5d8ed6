"""The day it is. Not here: the day a release is built as of (pipelines/warehouse/build_database.py).

`RACKHOUR_TODAY` (an ISO date) stands in for the clock where a run is replayed or rehearsed: a live fetch then counts as
made on that day. It changes no address and no figure.
"""

from __future__ import annotations

import datetime as dt
import os


def today() -> dt.date:
    """Today in UTC, or RACKHOUR_TODAY. Raises ValueError where that is no date."""
    stated = os.environ.get("RACKHOUR_TODAY")
    return dt.date.fromisoformat(stated) if stated else dt.datetime.now(dt.UTC).date()
