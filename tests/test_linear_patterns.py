"""Every pattern of the package takes time in proportion to the text, however the text was made.

Texts are made from each pattern's own syntax: what stands before a repetition, its body many times over, and
an end that fits nothing. A pattern that looks at such a text again from every place takes minutes of CPU for
what a linear one does in milliseconds, so that the limit between them needs no exact clock.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import metricsheet
from metricsheet.patterns import _Late
from tests.source_trees import tree_of
from tests.stages import some
from tests.test_layers import PACKAGE

LETTERS, CPU_SECONDS = 100_000, 3.0
SEARCHES = {"search", "sub", "subn", "finditer", "findall", "split"}
ANCHORED = {"match", "fullmatch"}
FEW = 20
"""So many pumps of one pattern are tried."""

Given = tuple[str | bytes, int]

measured = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing measures CPU time there")


def _inside(value: object, seen: set[int]) -> Iterator[object]:
    if isinstance(value, (re.Pattern, _Late)):
        yield value
    elif isinstance(value, (dict, list, tuple, set, frozenset)) and id(value) not in seen:
        seen.add(id(value))
        for inner in (*value.values(), *value) if isinstance(value, dict) else value:
            yield from _inside(inner, seen)


def _given(value: object) -> Given:
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags & ~re.UNICODE if isinstance(value.pattern, str) else value.flags
    assert isinstance(value, _Late)
    text: Any = value._given[0]
    return (text() if callable(text) else text), value._given[1]


@cache
def patterns() -> dict[Given, set[str]]:
    """Return every pattern of the package with the methods by which it is used, where that is clear.

    Where it is not, all of them count; one that ends in ``\\Z`` is looked for from the start.
    """
    methods: dict[tuple[str, str], set[str]] = {}
    found: dict[Given, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Attribute) or node.attr not in SEARCHES | ANCHORED:
                continue
            if isinstance(node.value, ast.Name):
                methods.setdefault((module, node.value.id), set()).add(node.attr)
        for call in ast.walk(tree_of(path)):
            match call:
                case ast.Call(ast.Attribute(ast.Name("re"), method), [ast.Constant(text), *_]):
                    if method in SEARCHES | ANCHORED:
                        found.setdefault((text, 0), set()).add(method)
    for info in pkgutil.walk_packages(metricsheet.__path__, "metricsheet."):
        if info.name.endswith("__main__") or (info.name == "metricsheet.mcp.server" and not find_spec("mcp")):
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            for pattern in _inside(value, set()):
                given = _given(pattern)
                usual = ANCHORED if str(given[0]).endswith(r"\Z") else SEARCHES | ANCHORED
                used = methods.get((info.name, name), usual)
                found.setdefault(given, set()).update(used)
    return found


def _letter(items: Any, number: int) -> str:
    """Return a letter of a class, another one for each ``number`` where it has several."""
    letters: list[str] = []
    negated = any(kind is op.NEGATE for kind, _ in items)
    for kind, value in items:
        if kind is op.LITERAL:
            letters.append(chr(value))
        elif kind is op.RANGE:
            letters += [chr(value[0]), chr(value[1])]
        elif kind is op.CATEGORY:
            name = str(value)
            sample = "7" if "DIGIT" in name else " " if "SPACE" in name else "a"
            other = "a" if "DIGIT" in name or "SPACE" in name else "!"
            letters.append(other if "NOT" in name else sample)
    if negated:
        letters = [c for c in "a 1,.<>\"'=-/;:\n" if c not in letters] or ["é"]
    return letters[number % len(letters)] if letters else "a"


def _text(nodes: Any, number: int) -> str:
    """Return a short text that fits a part of a pattern, another one for each ``number``."""
    found = ""
    for kind, value in nodes:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind is op.NOT_LITERAL:
            found += "a" if value != ord("a") else "b"
        elif kind is op.ANY:
            found += "a1 <"[number % 4]
        elif kind is op.IN:
            found += _letter(value, number)
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            found += _text(value[2], number) * max(value[0], number % 2)
        elif kind is op.SUBPATTERN:
            found += _text(value[3], number)
        elif kind is op.ATOMIC_GROUP:
            found += _text(value, number)
        elif kind is op.BRANCH:
            found += _text(value[1][number % len(value[1])], number)
    return found


def _pumps(nodes: Any, before: str, number: int) -> Iterator[tuple[str, str]]:
    """Yield what stands before each repetition of a pattern, and what it repeats."""
    for at, (kind, value) in enumerate(nodes):
        start = before + _text(nodes[:at], number)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            if value[1] is op.MAXREPEAT or value[1] > FEW:
                yield start, _text(value[2], number)
            yield from _pumps(value[2], start, number)
        elif kind is op.SUBPATTERN:
            yield from _pumps(value[3], start, number)
        elif kind is op.ATOMIC_GROUP:
            yield from _pumps(value, start, number)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _pumps(value[1], start, number)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, start, number)


def hard_texts(given: Given) -> list[str]:
    """Return texts on which a pattern that is not linear takes far longer."""
    pattern, flags = given
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags)
    pumps = dict.fromkeys(pump for number in range(4) for pump in _pumps(list(tree), "", number))
    found: dict[str, None] = {}
    for before, body in list(pumps)[:FEW]:
        if body:
            for end in ("\0", before + body + "\0", ""):
                found[before + body * (LETTERS // len(body)) + end] = None
        whole = before + body
        if whole:
            found[whole * (LETTERS // len(whole)) + "\0"] = None
    return list(found)


class TooLong(BaseException):
    """Raised by the clock of the CPU, which stops the matching itself."""


def slow_text(given: Given, methods: Iterable[str], seconds: float) -> str:
    """Return how to use a pattern so that it takes longer than ``seconds`` of CPU, or nothing."""

    def stop(*_: object) -> None:
        raise TooLong

    compiled, before = re.compile(*given), signal.signal(signal.SIGVTALRM, stop)
    try:
        for text in hard_texts(given):
            data: Any = text.encode("latin-1", "replace") if isinstance(given[0], bytes) else text
            for method in methods:
                signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
                try:
                    _ = compiled.sub(data[:0], data) if method == "sub" else getattr(compiled, method)(data)
                except TooLong:
                    return f"{method}: {text[:60]!r} … {text[-20:]!r}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return ""


@measured
@pytest.mark.parametrize("given", some(sorted(patterns(), key=repr), 9), ids=lambda one: repr(one[0])[:60])
def test_a_pattern_takes_time_in_proportion_to_the_text(given: Given) -> None:
    # what finds all looks from every place, as sub does
    methods = {"sub" if method in SEARCHES - {"search"} else method for method in patterns()[given]}
    assert slow_text(given, sorted(methods), CPU_SECONDS) == ""


@measured
@pytest.mark.parametrize("slow", some([r"\s+$", r"<c [^>]*>x", r"[0-9]+[.,]?[0-9]+x"], test=1))
def test_a_pattern_that_is_not_linear_is_found(slow: str) -> None:
    assert slow_text((slow, 0), ["search"], 0.2)
