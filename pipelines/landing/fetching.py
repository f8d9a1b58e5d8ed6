"""Asking publishers: all live sources of a run at once, in threads, each source's own pace kept.

Not here: the network (sources/client.py), what is done with an answer (pipelines/landing/intake.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from pipelines.home.build import Mode
from pipelines.home.places import Home
from pipelines.home.progress import begin, report
from sources.client import Client, open_client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec

AT_ONCE = 8  # publishers are asked side by side; requests to one of them never are
REMEMBERED = ".answers"


def fetch(spec: SourceSpec, mode: Mode, home: Home | None = None) -> list[Payload | SourceError]:
    """One source's payloads and the errors of its parts. Raises SourceError where it fails as a whole."""
    connector = spec.load_connector()
    payloads: list[Payload | SourceError]
    if mode == "live" and spec.live and hasattr(connector, "fetch_live"):
        with open_client(spec, _memory(spec, home)) as client:
            payloads = _asked(spec, connector, client)
            for payload in payloads:
                if isinstance(payload, Payload) and client.leaks(f"{payload.origin} {dict(payload.metadata)}"):
                    raise SourceError(spec.source_id, "a payload's headers hold a secret.", "It is not kept.")
        if not payloads:
            raise SourceError(spec.source_id, "gave no payload at all.", "Look at its connector.")
        return payloads
    payloads = list(connector.fetch_offline(spec)) if spec.offline else []
    if not payloads and spec.offline:
        raise SourceError(spec.source_id, "gave no payload at all.", "Look at its connector.")
    return payloads


def _asked(spec: SourceSpec, connector: ModuleType, client: Client) -> list[Payload | SourceError]:
    try:
        return list(connector.fetch_live(spec, client))
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(
            spec.source_id,
            f"it answered in a shape that its connector does not know ({client.hidden(repr(error))}).",
            "Compare its documentation.",
        ) from error


class Fetches:
    """The live sources of a run, asked from the moment this is made; `take` waits for one of them."""

    def __init__(self, specs: Iterable[SourceSpec], home: Home) -> None:
        asked = [
            spec
            for spec in specs
            if spec.live and not spec.not_set_up() and hasattr(spec.load_connector(), "fetch_live")
        ]
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="fetch")
        self._answers: dict[str, Future[list[Payload | SourceError]]] = {
            spec.source_id: self._pool.submit(fetch, spec, "live", home) for spec in asked
        }
        if asked:
            report("fetch", f"asking {len(asked)} publishers, {AT_ONCE} at a time")
            begin("fetch", "waiting for publishers")
            for future in self._answers.values():
                future.add_done_callback(lambda _: self._tell())

    def asks(self, spec: SourceSpec) -> bool:
        """Whether this source is among those asked."""
        return spec.source_id in self._answers

    def take(self, spec: SourceSpec) -> list[Payload | SourceError]:
        """The answer of a source, waited for. Raises SourceError where it failed as a whole."""
        return self._answers[spec.source_id].result()

    def close(self) -> None:
        """Ask nobody any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell(self) -> None:
        done = sum(future.done() for future in self._answers.values())
        failed = sum(1 for f in self._answers.values() if f.done() and not f.cancelled() and f.exception() is not None)
        text = f"{done} of {len(self._answers)} answered" + (f", {failed} failed" if failed else "")
        if done == len(self._answers) or done % 5 == 0:
            report("fetch", text)
        if done < len(self._answers):
            begin("fetch", "waiting for publishers")


def _memory(spec: SourceSpec, home: Home | None) -> Path | None:
    return home.landing / spec.family / spec.source_id / REMEMBERED if home else None
