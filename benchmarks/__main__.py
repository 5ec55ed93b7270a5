"""``python -m benchmarks [NAME …]``: every figure beside its peer's, and whether it keeps its budget."""

from __future__ import annotations

import importlib
import platform
import sys

PARTS = (
    "startup",
    "functions",
    "definitions",
    "many_metrics",
    "rules",
    "batch",
    "bulk",
    "noise",
    "hosts",
    "ledger",
    "stored",
)


def main(names: list[str]) -> int:
    """Print the figures of the parts asked for; return 1 when a budget is not kept."""
    print(f"Python {platform.python_version()}, {platform.machine()}; medians of runs in turn\n")
    kept = True
    for name in names or PARTS:
        if name not in PARTS:
            print(f"no part {name!r}; parts are {', '.join(PARTS)}", file=sys.stderr)
            return 2
        print(name)
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            print(row)
            kept = kept and row.kept is not False
        print()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
