"""Every pattern of the package and how it is used: those compiled in a module, and those given in a call."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import metricsheet

ROOT = Path(metricsheet.__file__).parent
METHODS = frozenset(("search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"))


class Used(NamedTuple):
    """A pattern, one of the methods it is used by, and where; ``None`` for one made while running."""

    place: str
    pattern: re.Pattern[Any] | None
    method: str


def used_patterns() -> list[Used]:
    """Return every pattern of the package, once for each method that is called on it."""
    found: dict[tuple[Any, int, str], Used] = {}
    made: list[Used] = []
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text("utf-8")
        if "re." not in source or path.name == "__main__.py":
            continue
        for one in _in_module(path, ast.parse(source)):
            if one.pattern is None:
                made.append(one)
            else:
                found.setdefault((one.pattern.pattern, one.pattern.flags, one.method), one)
    return [*found.values(), *made]


def _in_module(path: Path, tree: ast.Module) -> Iterator[Used]:
    """Yield the patterns of one file; those in tables count with every method that the file calls on any."""
    name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    names = vars(importlib.import_module(name))
    shown = str(path.relative_to(ROOT))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in METHODS]
    on_others = sorted(
        {
            node.attr
            for node in calls
            if node.attr != "split" and _named(node.value, names) is None and not _is_re(node.value)
        }
    )
    direct: set[int] = set()
    for node in calls:
        pattern = _named(node.value, names)
        if pattern is not None:
            direct.add(id(pattern))
            yield Used(f"{shown}:{node.lineno}", pattern, node.attr)
    for key, value in names.items():
        for pattern in _inside(value):
            if id(pattern) not in direct:
                for method in on_others or ["match"]:
                    yield Used(f"{shown} {key}", pattern, method)
    top_level = {
        id(node) for statement in tree.body if not _is_function(statement) for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_re(node.func.value)
        ):
            continue
        method = node.func.attr
        if method in METHODS or (method == "compile" and id(node) not in top_level):
            flags = [k.value for k in node.keywords if k.arg == "flags"] or node.args[
                _FLAGS_AT.get(method, 2) :
            ]
            yield Used(f"{shown}:{node.lineno}", _given(node.args[0], flags, names), method)


_FLAGS_AT = {"compile": 1, "sub": 4, "subn": 4, "split": 3}


def _is_function(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.ClassDef)


def _is_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "re"


def _named(node: ast.expr, names: dict[str, Any]) -> re.Pattern[Any] | None:
    value = names.get(node.id) if isinstance(node, ast.Name) else None
    return value if isinstance(value, re.Pattern) else None


def _inside(value: Any) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns that a table of a module holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _inside(one)
    elif type(value) in (tuple, list):
        for one in value:
            yield from _inside(one)


def _given(text: ast.expr, flags: list[ast.expr], names: dict[str, Any]) -> re.Pattern[Any] | None:
    """Return the pattern written in a call, or ``None`` when only the running program knows it."""
    try:
        value = eval(compile(ast.Expression(text), "", "eval"), dict(names))  # our own source
        flag = eval(compile(ast.Expression(flags[0]), "", "eval"), dict(names)) if flags else 0
    except NameError:
        return None
    return value if isinstance(value, re.Pattern) else re.compile(value, flag)
