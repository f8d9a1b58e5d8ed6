"""How a figure came about, as text to read or as a document to walk through.

Not here: making it (pipelines/explain).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.explain.explained import Explained


@dataclass(frozen=True)
class Explanation:
    """One row of a mart with the tree of its figure: formulas, operands, observations.

    `print(explanation)` shows the tree as `rackhour explain` does; `document` is the same as dictionaries and lists;
    `key` names the row.
    """

    _explained: Explained

    @property
    def key(self) -> dict[str, Any]:
        """The key of the row that is explained."""
        return dict(self._explained.key)

    @property
    def document(self) -> dict[str, Any]:
        """The tree as `rackhour explain --format json` prints it."""
        from pipelines.explain.document import as_json

        made: dict[str, Any] = json.loads(as_json(self._explained))
        return made

    def text(self, depth: int | None = None) -> str:
        """The tree as text, `depth` levels of operands deep (None: all)."""
        from pipelines.explain.text import as_text

        return as_text(self._explained, depth)

    def __str__(self) -> str:
        return self.text()
