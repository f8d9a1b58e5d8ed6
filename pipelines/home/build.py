"""One build: what is asked for and where it is made. Not here: doing it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from pipelines.home.places import Home

Mode = Literal["offline", "live"]


@dataclass(frozen=True)
class Build:
    """The wish behind one refresh.

    `as_of` None means: offline the latest day the embedded observations know of, live today; never earlier than
    the published release. `only` None means every source. `run_id` names the run in ops.
    """

    home: Home
    mode: Mode = "offline"
    as_of: dt.date | None = None
    only: tuple[str, ...] | None = None
    run_id: str = field(default="")
    fingerprint: str = field(default="")
