"""docs/examples/, a piece of each kind of page that `make docs` builds: `python -m docs.make_examples`.

For readers who look at the repository and have no release. The pieces are cut from docs/built, so run `make docs`
first. Their figures are of the release they were cut from; they need cutting again only when a page's shape changes
(tests/docs/test_examples.py says so).

Not here: what a page says (docs/make_*.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from docs.build import BUILT

EXAMPLES = Path(__file__).parent / "examples"
EXPLAINED = "capability_frontier"
FAMILY = "Colo rates"
NOTE = "> A piece of `docs/built/{page}`, which `make docs` makes of the published release.\n\n"
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")


def model(built: Path) -> str:
    """A whole page of a document model."""
    return _piece("models/M02.md", (built / "models" / "M02.md").read_text(encoding="utf-8"))


def explained(built: Path) -> str:
    """One figure explained."""
    return _piece("explain.md", _section(built / "explain.md", EXPLAINED))


def sentence(built: Path) -> str:
    """The first sentence of the deflation sentences, with what it does not say and its query."""
    text = (built / "deflation_sentences.md").read_text(encoding="utf-8")
    return _piece("deflation_sentences.md", text[text.index("**1. ") : text.index("**2. ")])


def source(built: Path) -> str:
    """The sources of one family."""
    return _piece("sources.md", _section(built / "sources.md", FAMILY))


def contradiction(built: Path) -> str:
    """The head of the list of contradictions and its first row."""
    text = (built / "contradictions.md").read_text(encoding="utf-8")
    return _piece("contradictions.md", text[: text.index('| <a id="i-02">')])


PIECES = {
    "model.md": model,
    "explain.md": explained,
    "deflation_sentence.md": sentence,
    "source.md": source,
    "contradiction.md": contradiction,
}


def _section(path: Path, title: str) -> str:
    """The section of a page under `## title`."""
    _, _, rest = path.read_text(encoding="utf-8").partition(f"## {title}\n")
    return f"## {title}\n{rest.split(chr(10) + '## ')[0]}"


def _piece(page: str, text: str) -> str:
    """A piece with where it is from. Links become their text: they start from the built page."""
    return NOTE.format(page=page) + _LINK.sub(r"\1", text).strip() + "\n"


def main() -> None:
    """Cut every piece."""
    if not BUILT.is_dir():
        raise SystemExit("docs/built is empty: run `make docs`, then `python -m docs.make_examples` again")
    EXAMPLES.mkdir(exist_ok=True)
    for name, cut in PIECES.items():
        (EXAMPLES / name).write_text(cut(BUILT), encoding="utf-8")


if __name__ == "__main__":
    main()
