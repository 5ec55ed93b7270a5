"""Which inputs stand behind others that are derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.catalog.definitions import InputDefinition


def with_parts(keys: Iterable[str], inputs: Mapping[str, InputDefinition]) -> list[str]:
    """Return ``keys`` and what those of them that are derived ``inputs`` are derived from, each once."""
    found: dict[str, None] = {}
    waiting = list(keys)
    for key in waiting:
        if key not in found:
            found[key] = None
            waiting += inputs[key].parts if key in inputs else ()
    return list(found)
