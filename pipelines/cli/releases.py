"""`rackhour releases`: list, show, compare, roll back and prune. Not here: doing it (pipelines/release/history.py)."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import errors_told, examples, fail

app = typer.Typer(
    help="Published releases: list, show, compare, roll back, prune.",
    epilog="Examples:\n\n  rackhour releases list\n\n  rackhour releases diff 20261120T current",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", epilog=examples("rackhour releases list"))
def releases_list() -> None:
    """All releases of the home, oldest first; the published one is marked."""
    from pipelines.cli.show import table
    from pipelines.home.manifest import current_manifest, released
    from pipelines.home.places import Home

    home = Home.from_environment()
    with errors_told():
        current = (current_manifest(home) or {}).get("release_id")
        rows = [
            [
                "*" if m["release_id"] == current else "",
                m["release_id"],
                m["as_of"],
                m["mode"],
                m["created_at"],
                sum(t["rows"] for t in m["tables"].values()),
            ]
            for m in released(home)
        ]
        if not rows:
            fail("nothing is published yet. Run `rackhour refresh`.")
        print(table(["", "release", "as of", "mode", "created", "rows"], rows), end="")


@app.command("show", epilog=examples("rackhour releases show current", "rackhour releases show 20261121T"))
def releases_show(
    release_id: Annotated[
        str, typer.Argument(help="Its id, the beginning of it, or `current`.", autocompletion=completion.releases)
    ],
) -> None:
    """One release: its inputs, tables and checks."""
    from pipelines.cli.show import table
    from pipelines.home.places import Home
    from pipelines.release.history import find

    with errors_told():
        m = find(Home.from_environment(), release_id)
        print(
            f"{m['release_id']}  as of {m['as_of']}  {m['mode']}  created {m['created_at']}  code {m['code_version']}"
        )
        inputs = [[k, v["received"], v["accepted"], v["rejected"]] for k, v in m["inputs"].items()]
        print("\n" + table(["source", "received", "accepted", "rejected"], inputs), end="")
        print("\n" + table(["table", "rows"], [[k, v["rows"]] for k, v in m["tables"].items()]), end="")
        failed = [
            [c["name"], "blocking" if c["blocking"] else "warning", c["message"]]
            for c in m["checks"]
            if not c["passed"]
        ]
        print(f"\n{len(m['checks']) - len(failed)} of {len(m['checks'])} checks passed")
        if failed:
            print(table(["check", "kind", "message"], failed), end="")


@app.command("diff", epilog=examples("rackhour releases diff 20261120T current"))
def releases_diff(
    old: Annotated[str, typer.Argument(help="The earlier release.", autocompletion=completion.releases)],
    new: Annotated[str, typer.Argument(help="The later release.", autocompletion=completion.releases)],
) -> None:
    """Which tables differ between two releases, and by how many rows."""
    from pipelines.cli.show import table
    from pipelines.home.places import Home
    from pipelines.release.history import diff

    with errors_told():
        rows = diff(Home.from_environment(), old, new)
        if not rows:
            print("no table differs")
            return
        names = ["table", "rows_before", "rows_after", "only_before", "only_after", "note"]
        print(table(names, [[row.get(name) for name in names] for row in rows]), end="")


@app.command("rollback", epilog=examples("rackhour releases rollback 20261120T033000Z-1a2b3c4d"))
def releases_rollback(
    release_id: Annotated[
        str, typer.Argument(help="The release to publish again.", autocompletion=completion.releases)
    ],
) -> None:
    """Publish an earlier release again, in one rename. The next refresh that changes anything moves on from it."""
    from pipelines.home.places import Home
    from pipelines.release.history import rollback

    with errors_told():
        manifest = rollback(Home.from_environment(), release_id)
        print(f"published {manifest['release_id']} (as of {manifest['as_of']})")


@app.command("prune", epilog=examples("rackhour releases prune --keep 14"))
def releases_prune(keep: Annotated[int, typer.Option(help="How many of the newest to keep.")]) -> None:
    """Remove old releases. The published one always stays."""
    from pipelines.home.places import Home
    from pipelines.release.history import prune

    with errors_told():
        removed = prune(Home.from_environment(), keep)
        print(f"removed {len(removed)}: {', '.join(removed) or 'nothing to remove'}")
