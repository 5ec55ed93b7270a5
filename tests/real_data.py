"""Where the real files with right answers are; tests that need them say so when they are not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not here ({DATA.name} folder)")


def expected(case: str, metric: str) -> dict[str, Any]:
    """Return the entry of expected.json for a case and metric."""
    entries = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = [e for e in entries if e["case"] == case and e["metric"] == metric]
    assert len(found) == 1, (case, metric)
    return found[0]


def wrong_values(case: str) -> list[float]:
    """Return the values of a case that must never be shown."""
    entries = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    return [e["value"] for e in entries if e["case"] == case and e["metric"].startswith("WRONG")]
