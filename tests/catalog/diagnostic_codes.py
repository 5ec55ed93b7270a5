"""Every diagnostic code that the source can give, found in the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.source_trees import nodes_of, tree_of

SOURCE = Path(__file__).parents[2] / "src" / "metricsheet"
PACKAGES = ("catalog", "formula", "rules")

_CALLS = {
    *("Diagnostic", "Recovery", "Unreadable", "error", "warning", "syntax", "refuse"),
    *("_report", "_stop", "_say", "_two", "_Refused"),
}
"""What takes the message of a problem as its first argument."""


def codes() -> dict[str, set[str]]:
    """Return each code with the files that give it."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((SOURCE / package).rglob("*.py")):
            for code in _codes_in(tree_of(path)):
                found.setdefault(code, set()).add(f"{package}/{path.name}")
    return found


def _codes_in(tree: ast.Module) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Return) and node.value is not None:
            for part in ast.walk(node.value):
                if isinstance(part, ast.Tuple) and part.elts:
                    yield from _of_message(part.elts[0])
        elif isinstance(node, ast.Assign) and _assigns(node, "message"):
            yield from _of_message(node.value)
        elif isinstance(node, ast.Assign) and _assigns(node, "code", "key"):
            yield from _texts(node.value)
        elif isinstance(node, ast.Assign) and _assigns(node, "_WORDS") and isinstance(node.value, ast.Dict):
            for key in node.value.keys:
                yield from _texts(key) if key is not None else ()


def _assigns(node: ast.Assign, *names: str) -> bool:
    return any(getattr(target, "id", "") in names for target in node.targets)


def _of_call(node: ast.Call) -> Iterator[str]:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    own_code = any(getattr(value, "id", "") == "code" for value in (*node.args, *_named_code(node)))
    if name in _CALLS and node.args and not own_code:
        yield from _of_message(node.args[0])
    if name == "_needs_quotes":
        yield from _texts(node.args[0])
    if name == "_out_of_range":
        yield from _texts(node.args[2])
    if name == "refuse" and len(node.args) > 3:
        yield from _texts(node.args[3])
    for value in _named_code(node):
        yield from _texts(value)


def _named_code(node: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in node.keywords if keyword.arg == "code"]


def _of_message(node: ast.expr) -> Iterator[str]:
    """Yield the codes of the message that ``node`` makes, if it makes one with a key of its own."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
        yield from _texts(node.args[0])
    elif isinstance(node, ast.IfExp):
        yield from _of_message(node.body)
        yield from _of_message(node.orelse)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the code of each text that ``node`` may be: a literal, a choice, the value of a table."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.partition(".")[0]
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        # a table of codes, and the one for all that is not in it
        if isinstance(node.func.value, ast.Dict):
            for value in node.func.value.values:
                yield from _texts(value)
        for default in node.args[1:]:
            yield from _texts(default)
