"""What commands write, run once for all tests that ask for the same."""

from __future__ import annotations

import contextlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

from metricsheet.cli.main import main

ROOT = Path(__file__).parents[1]
DEMO = str(ROOT / "examples" / "acme_lifecycle.xlsx")
SHIPPED = ("--metrics", str(ROOT / "metrics.yaml"))


@cache
def said(*command: str, code: int = 0) -> str:
    """Return what a command writes that must end with ``code``; its files must not change while tests run."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(list(command)) == code
    return out.getvalue()


def card(*command: str, code: int = 0) -> dict[str, Any]:
    """Return the JSON of ``metricsheet evaluate``, made anew for each who asks."""
    found: dict[str, Any] = json.loads(said("evaluate", *command, "--format", "json", code=code))
    return found
