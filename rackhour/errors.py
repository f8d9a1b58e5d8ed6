"""The one error of this package, and the turning of the product's own errors into it.

Not here: the texts; they are written where the fault is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class RackhourError(Exception):
    """What was asked cannot be answered; the text says why and what to do. Its cause is the error underneath."""


@contextmanager
def spoken() -> Iterator[None]:
    """Errors that are written for people come out as RackhourError; any other is a defect and passes as it is."""
    try:
        yield
    except Exception as error:
        if isinstance(error, _for_people()):
            raise RackhourError(str(error)) from error
        raise


def _for_people() -> tuple[type[Exception], ...]:
    """The error classes with a remedy, imported only when something has failed: importing them takes time."""
    from pipelines.home.manifest import ReleaseError
    from pipelines.home.places import HomeError
    from pipelines.release.query import QueryError
    from pipelines.scenarios.errors import ScenarioError
    from sources.errors import RequestError, SourceError

    return (ReleaseError, HomeError, QueryError, ScenarioError, RequestError, SourceError)
