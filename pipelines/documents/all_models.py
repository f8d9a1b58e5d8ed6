"""Every document model, found by looking into documents/models: each module with a MODEL, or MODELS of several.

Not here: any model (documents/models), what a model is (model.py).
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import pipelines.documents.models
from pipelines.documents.model import Model


@cache
def models() -> dict[str, Model]:
    """Every model by its id, C1 to C3 and M01 to M40 in order. Raises ValueError where an id stands twice."""
    found: dict[str, Model] = {}
    for info in pkgutil.iter_modules(pipelines.documents.models.__path__):
        module = importlib.import_module(f"pipelines.documents.models.{info.name}")
        own = getattr(module, "MODELS", None) or ([module.MODEL] if hasattr(module, "MODEL") else [])
        for model in own:
            if model.model_id in found:
                raise ValueError(f"two modules define model {model.model_id}")
            found[model.model_id] = model
    return dict(sorted(found.items()))
