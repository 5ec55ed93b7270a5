"""What leads to what: inputs behind others that are derived from them, and cycles among names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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


def circles(plans: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return each cycle among names (a name, what it leads to, and so on), found without recursion."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in plans:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, step = stack.pop()
            if step == 0:
                if name in on_path:
                    found.append(path[on_path[name] :])
                    continue
                if name in done:
                    continue
                on_path[name] = len(path)
                path.append(name)
            following = [n for n in plans.get(name, ()) if n in plans]
            if step < len(following):
                stack.append((name, step + 1))
                stack.append((following[step], 0))
            else:
                done.add(name)
                path.pop()
                del on_path[name]
    return found
