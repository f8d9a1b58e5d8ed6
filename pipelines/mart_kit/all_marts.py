"""Every mart there is, found by looking into the folders that hold marts: a new module needs no registration.

Not here: what a mart holds (its own module), how it is written or published.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType

MART_FOLDERS = ("pipelines.marts", "pipelines.documents.marts", "pipelines.scenarios.marts")


@cache
def marts() -> dict[str, ModuleType]:
    """Every mart module by the name of its table: modules of MART_FOLDERS that have a SCHEMA and a `build`."""
    found = {}
    for folder in MART_FOLDERS:
        for info in pkgutil.iter_modules(importlib.import_module(folder).__path__):
            module = importlib.import_module(f"{folder}.{info.name}")
            if hasattr(module, "SCHEMA") and hasattr(module, "build"):
                found[module.SCHEMA.table] = module
    return dict(sorted(found.items()))
