"""A published release as an object: its tables as polars frames, SQL, explanations, what-if.

Not here: reading (pipelines/release), explaining (pipelines/explain), scenarios (pipelines/scenarios).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.home.manifest import Manifest, ReleaseError, current_manifest, released
from pipelines.home.places import Home
from rackhour.errors import spoken
from rackhour.explanation import Explanation

if TYPE_CHECKING:
    import duckdb

REFRESH = "Run `rackhour refresh`"
LISTED = pl.Schema(
    {
        "release_id": pl.String(),
        "as_of": pl.Date(),
        "created_at": pl.Datetime("us", "UTC"),
        "mode": pl.String(),
        "rows": pl.Int64(),
        "is_current": pl.Boolean(),
    }
)


class Release:
    """One published release, read-only. Made by `rackhour.open`; closes its connection at the end of a `with` block.

    A release is an immutable folder: a refresh that publishes a newer one changes nothing here.
    """

    def __init__(self, home: Home, manifest: Manifest) -> None:
        self._home = home
        self._manifest = manifest
        self._connection: duckdb.DuckDBPyConnection | None = None

    @property
    def release_id(self) -> str:
        """Its name, such as 20261201T043909Z-ac32155e."""
        return str(self._manifest["release_id"])

    @property
    def as_of(self) -> dt.date:
        """The day whose knowledge it holds."""
        return dt.date.fromisoformat(self._manifest["as_of"])

    @property
    def path(self) -> Path:
        """Its folder: rackhour.duckdb, parquet/<schema>/<table>.parquet, manifest.json."""
        return self._home.releases / self.release_id

    @property
    def manifest(self) -> dict[str, Any]:
        """What it was made of and what it holds: inputs, tables with rows and hashes, checks with their results."""
        return dict(self._manifest)

    def tables(self) -> list[str]:
        """Names of its tables as schema.table, sorted."""
        return sorted(self._manifest["tables"])

    def table(self, name: str) -> pl.DataFrame:
        """A whole table, in its published order. The schema may be left out where the name alone is clear.

        Raises RackhourError for a name that is none.
        """
        with spoken():
            schema, table = self._named(name).split(".")
            path = self.path / "parquet" / schema / f"{table}.parquet"
            if not path.exists():
                raise ReleaseError(f"{path} is missing: the release is damaged. {REFRESH}, or open another release.")
            return pl.read_parquet(path)

    def sql(self, query: str) -> pl.DataFrame:
        """The rows of one reading statement of DuckDB SQL. Schemas: core, marts, quarantine, ops.

        Raises RackhourError for a statement that writes or that DuckDB refuses.
        """
        with spoken():
            from pipelines.release.query import answer, errors_in_words

            relation = answer(self._connected(), query)
            with errors_in_words(self._connected()):
                return relation.pl()

    def explain(self, mart: str, where: str | None = None, figure: str | None = None) -> Explanation:
        """How a figure of the first row of `mart` that meets `where` came about; its main figure, unless one is named.

        Raises RackhourError for an unknown mart or figure, a condition that is none, and where no row matches.
        """
        with spoken():
            from pipelines.explain.explaining import explain

            return Explanation(explain(self._connected(), mart, where, figure))

    def scenario(
        self,
        name: str = "base",
        *,
        set: Mapping[str, object] | None = None,
        mart: str | None = None,
        where: str | None = None,
        columns: Sequence[str] = (),
        grid: Mapping[str, str] | None = None,
    ) -> pl.DataFrame:
        """What-if: figures of the marts under other assumptions, each next to its base value and the difference.

        `name` is a packaged scenario or one of the home's own, several joined by +. `set` maps an input to its change
        ({"professional.utilisation": 0.6, "power_price_asof.price_usd_per_kwh": "x1.5"}), `grid` an input to its values
        ({"professional.utilisation": "0.4:0.9:0.1"}). Without `mart` the headline marts are taken. Writes nothing.

        Raises RackhourError for a name, input, mart, column or condition that is none.
        """
        with spoken():
            from pipelines.scenarios.command import Asked, compare

            asked = Asked(
                name,
                tuple(f"{key}={value}" for key, value in (set or {}).items()),
                mart,
                where,
                tuple(columns),
                tuple(f"{key}={values}" for key, values in (grid or {}).items()),
            )
            return compare(self._home, asked, self.release_id)

    def close(self) -> None:
        """Close the connection that `sql` and `explain` opened, if any. The next call opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Release:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<rackhour release {self.release_id}, as of {self.as_of}, {len(self.tables())} tables>"

    def _connected(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            from pipelines.release.query import connect

            self._connection = connect(self._home, self.release_id)
        return self._connection

    def _named(self, name: str) -> str:
        known = self.tables()
        matches = [full for full in known if name in (full, full.split(".")[1])]
        if len(matches) == 1:
            return matches[0]
        import difflib

        near = matches or difflib.get_close_matches(name, [*known, *(full.split(".")[1] for full in known)], n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`release.tables()` lists what there is."
        raise ReleaseError(f"release {self.release_id} has no table {name!r}. {hint}")


def open(release: str | None = None, as_of: dt.date | str | None = None, home: Path | str | None = None) -> Release:
    """A published release: by default the one that `current` shows.

    `release` is its id or the beginning of it; `as_of` takes the newest release of that day's knowledge. `home` is the
    folder releases lie in (default: RACKHOUR_HOME, else ./data). Raises RackhourError where there is none such.
    """
    place = _home(home)
    with spoken():
        if release is not None and as_of is not None:
            raise ReleaseError("give release or as_of, not both: each names one release.")
        if as_of is not None:
            return Release(place, _of_day(place, as_of))
        if release in (None, "current"):
            manifest = current_manifest(place)
            if manifest is None:
                raise ReleaseError(
                    f"nothing is published in {place.root}. {REFRESH} there, or name the folder with home= or "
                    "RACKHOUR_HOME."
                )
            return Release(place, manifest)
        from pipelines.release.history import find

        return Release(place, find(place, str(release)))


def releases(home: Path | str | None = None) -> pl.DataFrame:
    """One row per published release, oldest first: release_id, as_of, created_at, mode, rows, is_current."""
    place = _home(home)
    with spoken():
        current = (current_manifest(place) or {}).get("release_id")
        rows = [
            {
                "release_id": one["release_id"],
                "as_of": dt.date.fromisoformat(one["as_of"]),
                "created_at": dt.datetime.fromisoformat(one["created_at"]),
                "mode": one["mode"],
                "rows": sum(table["rows"] for table in one["tables"].values()),
                "is_current": one["release_id"] == current,
            }
            for one in released(place)
        ]
    return pl.DataFrame(rows, schema=LISTED)


def _home(home: Path | str | None) -> Home:
    return Home.from_environment() if home is None else Home(Path(home).expanduser().absolute())


def _of_day(home: Home, as_of: dt.date | str) -> Manifest:
    """The newest release with that as-of day."""
    try:
        day = as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(as_of)
    except ValueError as error:
        raise ReleaseError(f"as_of {as_of!r} is no date; write it like 2025-06-30.") from error
    listed = released(home)
    of_day = [one for one in listed if one["as_of"] == day.isoformat()]
    if not of_day:
        days = ", ".join(sorted({one["as_of"] for one in listed})) or "none"
        raise ReleaseError(
            f"no release in {home.root} is as of {day}; days there are: {days}. "
            f"Run `rackhour refresh --as-of {day}` to build it."
        )
    return of_day[-1]
