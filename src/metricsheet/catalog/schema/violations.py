"""What is wrong about a value by a JSON Schema, as jsonschema says it, for Pythons that have no jsonschema.

In a browser the functions run with PyYAML alone. Tests hold what is said of bad files against jsonschema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from metricsheet.catalog.schema.schema import Schema
from metricsheet.catalog.schema.shared import TYPES
from metricsheet.records import field, record
from metricsheet.values import is_number

Path: TypeAlias = tuple[Any, ...]


@record
class Violation:
    """One keyword that a value does not meet; the attributes are those of jsonschema's errors."""

    validator: str
    validator_value: Any
    instance: Any
    schema: Schema
    absolute_path: Path
    absolute_schema_path: Path
    relative_path: Path = ()
    schema_path: Path = ()
    context: tuple[Violation, ...] = field(default=())

    @property
    def message(self) -> str:
        """What is said where nothing better is known."""
        return f"{self.instance!r} does not meet {self.validator}"


def violations(part: Schema, value: object) -> Iterator[Violation]:
    """Yield every violation of ``value``, in jsonschema's order."""
    return _Search(part.get("definitions", {})).of(part, value, (), (), (0, 0))


class _Search:
    def __init__(self, definitions: dict[str, Schema]) -> None:
        self.definitions = definitions

    def of(
        self, part: Schema | bool, value: Any, path: Path, where: Path, base: tuple[int, int]
    ) -> Iterator[Violation]:
        """Yield violations; ``base`` says how long both paths were at the ``anyOf`` around them."""
        if isinstance(part, bool):
            part = {} if part else {"false": True}
        if "$ref" in part:
            name = part["$ref"].rsplit("/", 1)[-1]
            yield from self.of(self.definitions[name], value, path, where, base)
            return
        for keyword, wanted in part.items():
            at = where if keyword == "if" else (*where, keyword)
            inside = self._inside(part, keyword, wanted, value)
            if inside is not None:
                for step, place, inner, held in inside:
                    yield from self.of(inner, held, (*path, *step), (*at, *place), base)
                continue
            context: tuple[Violation, ...] = ()
            if keyword == "anyOf":
                new = len(path), len(at)
                branches = [[*self.of(one, value, path, (*at, n), new)] for n, one in enumerate(wanted)]
                context = tuple(found for branch in branches for found in branch)
                broken = int(all(branches))
            else:
                broken = _broken(part, keyword, wanted, value)
            for _ in range(broken):
                yield Violation(
                    *(keyword, wanted, value, part, path, at), path[base[0] :], at[base[1] :], context
                )

    def _inside(
        self, part: Schema, keyword: str, wanted: Any, value: Any
    ) -> list[tuple[Path, Path, Any, Any]] | None:
        """Return parts of a value with the schemas they must meet; ``None`` where it is the value itself."""
        if keyword == "properties":
            held = value if isinstance(value, dict) else {}
            return [((key,), (key,), one, held[key]) for key, one in wanted.items() if key in held]
        if keyword == "additionalProperties" and wanted is not False:
            known = part.get("properties", {})
            held = value if isinstance(value, dict) else {}
            return [((key,), (), wanted, one) for key, one in held.items() if key not in known]
        if keyword == "propertyNames":
            return [((), (), wanted, key) for key in value] if isinstance(value, dict) else []
        if keyword == "items":
            return [((n,), (), wanted, one) for n, one in enumerate(value)] if isinstance(value, list) else []
        if keyword == "allOf":
            return [((), (n,), one, value) for n, one in enumerate(wanted)]
        if keyword == "if":
            branch = "else" if any(self.of(wanted, value, (), (), (0, 0))) else "then"
            return [((), (branch,), part[branch], value)] if branch in part else []
        return None


def _broken(part: Schema, keyword: str, wanted: Any, value: Any) -> int:
    """Return how often a keyword about the value itself is to be reported."""
    if keyword == "required":
        return sum(key not in value for key in wanted) if isinstance(value, dict) else 0
    if keyword == "additionalProperties":
        return int(isinstance(value, dict) and any(key not in part.get("properties", {}) for key in value))
    holds = _KEYWORDS.get(keyword)
    return 0 if holds is None else int(not holds(wanted, value))


def _is_type(wanted: str | list[str], value: Any) -> bool:
    return any(TYPES[name](value) for name in ([wanted] if isinstance(wanted, str) else wanted))


_KEYWORDS: dict[str, Callable[[Any, Any], bool]] = {
    "false": lambda *_: False,
    "type": _is_type,
    "enum": lambda wanted, value: isinstance(value, str) and value in wanted,
    "const": lambda wanted, value: (
        bool(wanted == value) and isinstance(wanted, bool) == isinstance(value, bool)
    ),
    "pattern": lambda wanted, value: not isinstance(value, str) or re.search(wanted, value) is not None,
    "minLength": lambda wanted, value: not isinstance(value, str) or len(value) >= wanted,
    "minimum": lambda wanted, value: not is_number(value) or value >= wanted,
    "maximum": lambda wanted, value: not is_number(value) or value <= wanted,
    "minItems": lambda wanted, value: not isinstance(value, list) or len(value) >= wanted,
    "minProperties": lambda wanted, value: not isinstance(value, dict) or len(value) >= wanted,
}
"""Whether a value meets a keyword; others are no tests but words about the schema."""
