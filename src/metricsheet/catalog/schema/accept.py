"""Checks the shape of definition files against the JSON Schema.

A file without problems is accepted by ``accepts``, which turns the schema into plain functions once and needs
no other library. Only what it refuses is given to jsonschema, which says why. A test keeps the two of one
mind, so importing jsonschema, slow beside the rest of a run, is left to files with problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.schema import SECTIONS, FileKind, Schema, schema
from metricsheet.catalog.schema.shared import TYPES
from metricsheet.catalog.yaml.tree import Block
from metricsheet.values import is_number

Test: TypeAlias = Callable[[object], bool]
Broken: TypeAlias = Mapping[tuple[str, str], frozenset[str]]

_ANNOTATIONS = frozenset({"$schema", "title", "description", "examples", "definitions", "then", "else"})


def broken_entries(kind: FileKind, root: Block, problems: Problems) -> Broken:
    """Report everything about ``root`` that is not of the right shape.

    Returns the keys that cannot be used of each entry, by (section, key of the entry); those of the file
    itself are under ``("", key)``.
    """
    if accepts(kind)(root):
        return {}
    from metricsheet.catalog.schema.explain import explain

    broken: dict[tuple[str, str], frozenset[str]] = {}
    whole = schema(kind)
    for section in SECTIONS[kind]:
        entries = root.block(section)
        if entries is None:
            continue
        name = whole["properties"][section]["additionalProperties"]["$ref"].rsplit("/", 1)[-1]
        for key in entries:
            found = spoiled_keys(kind, name, entries, key, problems)
            if found is not None:
                broken[section, key] = found
        whole["properties"][section]["additionalProperties"] = True
    for identity in explain(whole, root, None, "", problems):
        broken.setdefault(identity, frozenset())
    return broken


def spoiled_keys(
    kind: FileKind, name: str, entries: Block, key: str, problems: Problems
) -> frozenset[str] | None:
    """Report what is wrong about the shape of an entry; return its keys of no use, ``None`` for a right one.

    ``name`` is that of the shape among those of the ``kind`` of file.
    """
    if accepts(kind, name)(entries[key]):
        return None
    from metricsheet.catalog.schema.explain import explain

    part = {"$ref": f"#/definitions/{name}", "definitions": schema(kind)["definitions"]}
    return frozenset(spoiled for _, spoiled in explain(part, entries[key], entries, key, problems))


@lru_cache(maxsize=16)
def accepts(kind: FileKind, part: str = "") -> Test:
    """Return the function that says whether a value has the shape of a file, or of one ``part`` of it."""
    whole = schema(kind)
    return _Compiler(whole["definitions"]).compile(whole["definitions"][part] if part else whole)


class _Compiler:
    """Turns schemas into functions; a keyword it does not know is an error, not something skipped."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        self.definitions = definitions
        self.compiled: dict[str, Test] = {}

    def compile(self, part: Schema | bool) -> Test:
        if isinstance(part, bool):
            return (lambda _: True) if part else (lambda _: False)
        if "$ref" in part:
            return self._reference(part["$ref"])
        tests: list[Test] = []
        if part.keys() & {"properties", "required", "additionalProperties", "propertyNames", "minProperties"}:
            tests.append(self._object(part))
        for keyword, value in part.items():
            if keyword in _ANNOTATIONS or keyword in _OBJECT_KEYWORDS:
                continue
            maker = getattr(self, f"_{keyword}", None)
            if maker is None:
                raise ValueError(f"the schema uses {keyword}, which accepts() does not know")
            tests.append(self._if(value, part) if keyword == "if" else maker(value))
        if len(tests) == 1:
            return tests[0]
        together = tuple(tests)
        return lambda value: all(test(value) for test in together)

    def _reference(self, name: str) -> Test:
        key = name.rsplit("/", 1)[-1]
        if key not in self.compiled:
            self.compiled[key] = self.compile(self.definitions[key])
        return self.compiled[key]

    def _object(self, part: Schema) -> Test:
        known = {key: self.compile(value) for key, value in part.get("properties", {}).items()}
        required = tuple(part.get("required", ()))
        other = self.compile(part.get("additionalProperties", True))
        names = self.compile(part["propertyNames"]) if "propertyNames" in part else None
        fewest: int = part.get("minProperties", 0)

        def test(value: object) -> bool:
            if not isinstance(value, dict):
                return True
            for key in required:
                if key not in value:
                    return False
            for key, item in value.items():
                if not known.get(key, other)(item) or (names is not None and not names(key)):
                    return False
            return len(value) >= fewest

        return test

    def _type(self, wanted: str | list[str]) -> Test:
        kinds = [TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
        return kinds[0] if len(kinds) == 1 else lambda value: any(kind(value) for kind in kinds)

    def _enum(self, choices: list[Any]) -> Test:
        assert all(isinstance(choice, str) for choice in choices)
        known = frozenset(choices)
        return lambda value: isinstance(value, str) and value in known

    def _const(self, wanted: object) -> Test:
        flag = isinstance(wanted, bool)
        return lambda value: bool(value == wanted) and isinstance(value, bool) == flag

    def _pattern(self, pattern: str) -> Test:
        search = re.compile(pattern).search
        return lambda value: not isinstance(value, str) or search(value) is not None

    def _minLength(self, least: int) -> Test:  # noqa: N802 (named like the keyword of JSON Schema)
        return lambda value: not isinstance(value, str) or len(value) >= least

    def _minimum(self, least: float) -> Test:
        return lambda value: not is_number(value) or value >= least

    def _maximum(self, most: float) -> Test:
        return lambda value: not is_number(value) or value <= most

    def _items(self, part: Schema) -> Test:
        item = self.compile(part)
        return lambda value: not isinstance(value, list) or all(map(item, value))

    def _minItems(self, least: int) -> Test:  # noqa: N802
        return lambda value: not isinstance(value, list) or len(value) >= least

    def _anyOf(self, parts: list[Schema]) -> Test:  # noqa: N802
        tests = tuple(self.compile(part) for part in parts)
        return lambda value: any(test(value) for test in tests)

    def _allOf(self, parts: list[Schema]) -> Test:  # noqa: N802
        tests = tuple(self.compile(part) for part in parts)
        return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)

    def _if(self, condition: Schema, part: Schema) -> Test:
        test, then = self.compile(condition), self.compile(part.get("then", True))
        otherwise = self.compile(part.get("else", True))
        return lambda value: then(value) if test(value) else otherwise(value)


_OBJECT_KEYWORDS = frozenset(
    {"properties", "required", "additionalProperties", "propertyNames", "minProperties"}
)
