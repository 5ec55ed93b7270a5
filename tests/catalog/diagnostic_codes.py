"""Every diagnostic code that the source can give, found in the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "metricsheet"
PACKAGES = ("catalog", "formula", "rules")

_CALLS = {
    *("Diagnostic", "Recovery", "Unreadable", "error", "warning", "syntax", "refuse", "problem"),
    *("_report", "_stop", "_say", "_needs_quotes", "_two", "_refuse", "_problem", "_warn"),
}
_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def codes() -> dict[str, set[str]]:
    """Return each code with the files that give it."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((SOURCE / package).rglob("*.py")):
            for code in _codes_in(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(code, set()).add(f"{package}/{path.name}")
    return found


def _codes_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and _worded(node.elts[1]):
            yield from _constant(node.elts[0])
        elif isinstance(node, ast.FunctionDef):
            for argument, default in zip(node.args.args[::-1], node.args.defaults[::-1], strict=False):
                if argument.arg == "code":
                    yield from _constant(default)
        elif isinstance(node, ast.Assign) and _assigns(node, "code"):
            chosen = (
                [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            )
            for part in chosen:
                yield from _constant(part)
        elif isinstance(node, ast.Assign) and _assigns(node, "_WORDS") and isinstance(node.value, ast.Dict):
            for key in node.value.keys:
                yield from _constant(key) if key is not None else ()


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(getattr(target, "id", "") == name for target in node.targets)


def _of_call(node: ast.Call) -> Iterator[str]:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    if name in _CALLS and len(node.args) > 1:
        yield from _constant(node.args[0])
    if name == "known" and len(node.args) > 2:
        yield from (f"unknown_{thing}" for thing in _constant(node.args[2]))
    for keyword in node.keywords:
        if keyword.arg == "code":
            yield from _constant(keyword.value)


def _worded(node: ast.expr) -> bool:
    """Return whether ``node`` is a message: words put together, or something called a message."""
    if isinstance(node, ast.Starred):
        return True
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") == "Message"
    return isinstance(node, ast.JoinedStr) or getattr(node, "id", "") == "message"


def _constant(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
        yield node.value
