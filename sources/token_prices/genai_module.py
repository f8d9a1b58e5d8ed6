"""The data module of the package genai-prices as plain data, in the shape of its JSON. Nothing is executed.

The module is one list of constructor calls with literal arguments: the syntax tree says all there is to say, in a
third of the time that importing it takes. Not here: what a price means.
"""

from __future__ import annotations

import ast
import datetime as dt
from typing import Any

# Parts that say how to match requests to models, and prose: nothing a price needs.
_UNREAD = {
    "match",
    "extractors",
    "model_match",
    "provider_match",
    "description",
    "price_comments",
    "pricing_urls",
}


class UnknownForm(ValueError):
    """The module holds a form this reader does not know; the text says which line."""


def providers(source: bytes) -> list[dict[str, Any]]:
    """The list named `providers`: dicts for constructors, text for Decimal, ISO text for dates and times.

    Raises UnknownForm where the bytes are not Python, hold no such list, or hold a form that is no literal.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise UnknownForm(f"not Python ({error})") from error
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "providers":
            found = _plain(node.value)
            if isinstance(found, list):
                return found
    raise UnknownForm("no list named providers")


def _plain(node: ast.expr | None) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_plain(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_plain(key): _plain(value) for key, value in zip(keys, values, strict=True)}
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=text)], keywords=[]):
            return str(text)
        case ast.Call(func=ast.Attribute(attr="date"), args=parts, keywords=[]):
            return dt.date(*map(_whole, parts)).isoformat()
        case ast.Call(func=ast.Attribute(attr="time"), args=parts):
            hour, minute, *_ = [*map(_whole, parts), 0]
            return dt.time(hour, minute).isoformat("minutes")
        case ast.Call(func=ast.Name(), args=[], keywords=words):
            return {word.arg: _plain(word.value) for word in words if word.arg not in _UNREAD}
    raise UnknownForm(f"line {getattr(node, 'lineno', '?')} is no literal this reader knows")


def _whole(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    raise UnknownForm(f"line {node.lineno} holds a date or time that is not written in numbers")
