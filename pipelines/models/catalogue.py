"""The models there are: every module of this package that has a MODEL, or a MODELS of several. Nothing is listed."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import pipelines.models
from pipelines.models.model import Model


@cache
def models() -> dict[str, Model]:
    """Every model by its id, C1 to C3 and M01 to M40 in order. Raises ValueError where an id stands twice."""
    found: dict[str, Model] = {}
    for info in pkgutil.iter_modules(pipelines.models.__path__):
        module = importlib.import_module(f"pipelines.models.{info.name}")
        own = getattr(module, "MODELS", None) or ([module.MODEL] if hasattr(module, "MODEL") else [])
        for model in own:
            if model.model_id in found:
                raise ValueError(f"two modules define model {model.model_id}")
            found[model.model_id] = model
    return dict(sorted(found.items()))
