"""dbt, inside this process: staging and core are built with a project that was parsed beforehand.

Starting dbt costs more than a small build (docs/adr/0005), so the project is parsed once and again only when a file
of it changes: at `make setup` in a checkout, in the first refresh of a home from a wheel (pipelines/home/packaged.py).
A refresh loads the parsed project and runs it with dbt's own runner. While it runs, dbt alone holds the build database;
when it is done the file is closed, so that marts can read it from the same process.

Not here: what the models say (dbt_project), landing views (pipelines/warehouse/build_database.py), Dagster
(pipelines/defs).

`python -m pipelines.warehouse.transform --parse` is the set-up step.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.home.packaged import DBT_PROJECT, parsed_dbt
from pipelines.home.progress import report

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.home.build import Build
    from pipelines.home.places import Home

PROJECT = DBT_PROJECT
# Files of the folder `parsed_dbt`.
MANIFEST = "manifest.json"  # what the graph and the catalogue read
PARSED = "partial_parse.msgpack"  # what dbt's runner reads
STAMP = "parsed.sha256"

SKIPPED_FOLDERS = {"target", "logs", "dbt_packages"}
THREADS = 2
QUIET = ("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file", "--no-print")
LEAN = ("--no-send-anonymous-usage-stats", "--no-version-check", "--no-write-json")
LISTED_FAILURES = 3

BAD = ("error", "fail", "partial success")


@dataclass(frozen=True)
class NodeResult:
    """How one dbt node fared. `status` is dbt's: success, pass, warn, fail, error, skipped. `failures` counts rows."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    seconds: float
    message: str
    failures: int | None
    path: str
    compiled_path: str | None

    @property
    def bad(self) -> bool:
        """Whether it stops the build."""
        return self.status in BAD


class TransformError(Exception):
    """dbt did not build everything; the text names the model or test, the cause and what to do.

    `results` holds what did run, so that passed tests and built models can still be shown.
    """

    def __init__(self, text: str, results: Sequence[NodeResult] = ()) -> None:
        self.results = list(results)
        super().__init__(text)


def build(build: Build, as_of: dt.date, select: Sequence[str] = ()) -> list[NodeResult]:
    """Seeds, models and tests in order of dependence, with nothing known after `as_of`.

    `select` names nodes (dbt's selection syntax); none means all. Results come in the order in which nodes ended.
    Raises TransformError when a model fails to build or a test of severity error fails.
    """
    home = build.home
    arguments = ["build", *_places(home), "--vars", json.dumps({"as_of": as_of.isoformat()}), *LEAN]
    arguments += ["--threads", str(THREADS), *(["--select", *select] if select else [])]
    outcome = invoke(arguments, home.build_db)
    if outcome.result is None:
        log = home.build / "logs" / "dbt.log"
        raise TransformError(f"dbt could not start: {_first_lines(outcome.exception)} See {log}.")
    results = [_result(node) for node in outcome.result.results]
    if any(result.bad for result in results):
        raise TransformError(_explain(results, home), results)
    return results


def invoke(arguments: Sequence[str], database: Path) -> Any:
    """One dbt command with the parsed project, in this process, on the database at that path; dbt's own outcome."""
    ensure_parsed()
    with _environment(RACKHOUR_BUILD_DB=str(database)):
        return _invoke(list(arguments), _load_parsed())


def ensure_parsed(force: bool = False) -> Path:
    """The parsed project is that of the files as they are now; parsed anew where it is not. Returns manifest.json.

    Raises TransformError where the project does not parse or the folder of the parsed one cannot be written.
    """
    folder, stamp = parsed_dbt(), _stamp()
    whole = all((folder / name).exists() for name in (MANIFEST, PARSED, STAMP))
    if whole and not force and (folder / STAMP).read_text().strip() == stamp:
        return folder / MANIFEST
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".parse-", dir=folder))
    except OSError as error:
        raise TransformError(f"cannot write {folder} ({error.strerror}). Run `make setup` as its owner.") from error
    if not force:  # the set-up step says it in its own line
        report("dbt", "parsing the project: once, and again when a file of it changes")
    try:
        arguments = ["parse", "--no-partial-parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        arguments += ["--target-path", str(draft), "--log-path", str(draft / "logs"), "--no-send-anonymous-usage-stats"]
        with _environment(RACKHOUR_BUILD_DB=str(draft / "rackhour.duckdb")):
            outcome = _invoke(arguments, None)
        if not outcome.success:
            raise TransformError(
                f"dbt_project does not parse: {_first_lines(outcome.exception)} "
                "Correct the file it names, then `python -m pipelines.warehouse.transform --parse`."
            )
        (folder / STAMP).unlink(missing_ok=True)
        (draft / STAMP).write_text(stamp + "\n", encoding="utf-8")
        for name in (MANIFEST, PARSED, STAMP):  # the stamp last: it says the other two are whole
            (draft / name).replace(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder / MANIFEST


def _places(home: Home) -> list[str]:
    """Absolute folders for everything dbt reads and writes, so that the working directory does not matter."""
    (home.build / "logs").mkdir(parents=True, exist_ok=True)
    return [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(home.build / "dbt"), "--log-path", str(home.build / "logs")),
    ]


def _stamp() -> str:
    """Changes with any file of the project, its place, and the versions that parse it."""
    digest = hashlib.sha256(str(PROJECT).encode())
    for library in ("dbt-core", "dbt-duckdb"):
        digest.update(metadata.version(library).encode())
    for path in sorted(PROJECT.rglob("*")):
        if path.is_file() and not SKIPPED_FOLDERS & set(path.relative_to(PROJECT).parts):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _load_parsed() -> Any:
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    manifest = Manifest.from_msgpack((parsed_dbt() / PARSED).read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest


def _invoke(arguments: list[str], manifest: Any) -> Any:
    """One dbt command in this process, silent on the terminal, with the database closed behind it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        return dbtRunner(manifest=manifest).invoke([*QUIET, *arguments])
    finally:
        # dbt keeps its DuckDB instance for the life of the process; while it is open nobody else may open the file.
        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _result(node: Any) -> NodeResult:
    return NodeResult(
        unique_id=node.node.unique_id,
        resource_type=str(node.node.resource_type),
        name=node.node.name,
        status=str(node.status),
        seconds=round(node.execution_time or 0.0, 4),
        message=str(node.message or ""),
        failures=node.failures,
        path=f"dbt_project/{node.node.original_file_path}",
        compiled_path=getattr(node.node, "compiled_path", None),
    )


def _explain(results: Sequence[NodeResult], home: Home) -> str:
    bad = [result for result in results if result.bad]
    skipped = sum(result.status == "skipped" for result in results)
    lines = [_line(result) for result in bad[:LISTED_FAILURES]]
    if len(bad) > LISTED_FAILURES:
        lines.append(f"and {len(bad) - LISTED_FAILURES} more")
    if skipped:
        lines.append(f"{skipped} nodes behind them were skipped")
    log = home.build / "logs" / "dbt.log"
    return "; ".join(lines) + f". Correct the file named, or the observations it reads; log: {log}."


def _line(result: NodeResult) -> str:
    kind = "test" if result.resource_type in ("test", "unit_test") else result.resource_type
    if result.status == "fail" and result.resource_type == "test":
        query = f" (its query: {result.compiled_path})" if result.compiled_path else ""
        return f"{kind} {result.name} fails on {result.failures} rows, {result.path}{query}"
    return f"{kind} {result.name} in {result.path}: {_first_lines(result.message)}"


def _first_lines(message: object, limit: int = 400) -> str:
    text = " ".join(line.strip() for line in str(message).splitlines() if line.strip())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def main(arguments: Sequence[str]) -> int:
    """`--parse`: parse the project now, whatever the stamp says. Exit code 1 with one line where it does not parse."""
    if list(arguments) != ["--parse"]:
        print("usage: python -m pipelines.warehouse.transform --parse", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        manifest = json.loads(ensure_parsed(force=True).read_text(encoding="utf-8"))
    except TransformError as error:
        print(f"rackhour: {error}", file=sys.stderr)
        return 1
    kinds = [node["resource_type"] for node in manifest["nodes"].values()]
    counted = f"{kinds.count('model')} models, {kinds.count('seed')} seeds, {kinds.count('test')} tests"
    counted += f", {len(manifest['unit_tests'])} unit tests"
    print(f"dbt project parsed: {counted} ({time.monotonic() - started:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
