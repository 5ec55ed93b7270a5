"""Golden files: what a report looked like when a person last looked at it.

Run ``METRICSHEET_UPDATE_GOLDEN=1 pytest tests/report`` to write them anew, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare ``text`` with the golden file ``name``, or write it when asked to."""
    path = FOLDER / name
    if os.environ.get("METRICSHEET_UPDATE_GOLDEN"):
        path.write_bytes(text.encode("utf-8"))
    assert path.exists(), f"no golden file {name}: write it with METRICSHEET_UPDATE_GOLDEN=1"
    expected = path.read_bytes().decode("utf-8")
    assert text == expected, f"{name} has changed: if that is right, run with METRICSHEET_UPDATE_GOLDEN=1"
