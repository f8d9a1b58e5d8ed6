"""What went wrong in a run, from its events, in words a person can act on. Not here: preventing or retrying it."""

from collections.abc import Iterable, Iterator

import dagster as dg
from dagster import DagsterEventType
from dagster_shared.error import SerializableErrorInfo

from pipelines.home.places import Home

LOGGED = (DagsterEventType.STEP_FAILURE, DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.RUN_FAILURE)

# Errors whose text is meant for the person at the terminal. Any other is a defect, and its traceback is kept.
SPOKEN = (
    "AlreadyRunning",
    "HomeError",
    "NothingLanded",
    "PublishError",
    "ReleaseError",
    "SourceError",
    "TransformError",
)
LONGEST = 300
CHECK_FAILED = "DagsterAssetCheckFailedError"


def describe(events: Iterable[dg.DagsterEvent], home: Home) -> str | None:
    """One line per failed step: what failed, why, what to do. None where nothing failed.

    The traceback of an unforeseen error goes to `build/logs/<step>.txt` of the home, and the line says so.
    """
    listed = list(events)
    checks = dict(_failed_checks(listed))
    lines = [_step_line(event, checks, home) for event in listed if event.event_type == DagsterEventType.STEP_FAILURE]
    if not lines:
        lines = [_run_line(event, home) for event in listed if event.event_type == DagsterEventType.RUN_FAILURE]
    return "\n".join(lines) or None


def _failed_checks(events: Iterable[dg.DagsterEvent]) -> Iterator[tuple[str, str]]:
    """Per step: the blocking checks that failed in it, told in their own words."""
    told: dict[str, list[str]] = {}
    for event in events:
        if event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR:
                name = f"{evaluation.asset_key.to_user_string()} breaks {evaluation.check_name}"
                told.setdefault(event.step_key or "", []).append(f"{name}: {evaluation.description or 'no details'}")
    for step, texts in told.items():
        yield step, "; ".join(texts)


def _step_line(event: dg.DagsterEvent, checks: dict[str, str], home: Home) -> str:
    step = event.step_key or "run"
    error = event.step_failure_data.error
    return f"{step}: {_cause(error, checks.get(step, ''), step, home)}"


def _run_line(event: dg.DagsterEvent, home: Home) -> str:
    return f"run: {_cause(event.job_failure_data.error, '', 'run', home)}"


def _cause(error: SerializableErrorInfo | None, checks: str, step: str, home: Home) -> str:
    """The innermost cause Dagster wrapped; its own text where that was written for people."""
    chain = []
    while error is not None:
        chain.append(error)
        error = error.cause
    if not chain:
        return checks or "failed without saying why."
    for link in reversed(chain):
        name = (link.cls_name or "").rsplit(".", 1)[-1]
        if name in SPOKEN:
            return _text(link)
        if name == CHECK_FAILED and checks:
            return f"{checks}. Nothing is published until that holds."
    path = home.build / "logs" / f"{step}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(chain[0].to_string(), encoding="utf-8")
    told = " ".join(_text(chain[-1]).split())
    return f"{chain[-1].cls_name}: {told[:LONGEST]} This was not foreseen; please report it with {path}."


def _text(link: SerializableErrorInfo) -> str:
    """The message without the class name that Dagster puts before it."""
    message = link.message.strip()
    head, separator, rest = message.partition(": ")
    return rest if separator and head.rsplit(".", 1)[-1] == (link.cls_name or "").rsplit(".", 1)[-1] else message
