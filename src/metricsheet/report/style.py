"""How a report for people is to look."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from metricsheet.records import record

LEAST_WIDTH, USUAL_WIDTH, _MOST_WIDTH = 80, 100, 160

LEDGER_PARTS = ("movements", "cohorts")
"""The parts of a report that lists of subscriptions have."""

PARTS = ("findings", "inputs", "rules", "missing", "comparison", *LEDGER_PARTS, "lifetime", "all")
"""The parts of a report that can be asked for beside its overview; ``all`` is the full report."""

STATUS_COLOURS: Mapping[str, str] = {
    "ok": "green",
    "info": "blue",
    "warn": "yellow",
    "critical": "red",
    "invalid": "red",
}
SEVERITY_COLOURS: Mapping[str, str] = {
    "critical": "loud",
    "high": "red",
    "medium": "yellow",
    "low": "blue",
    "info": "blue",
}


@record
class TextStyle:
    """How a report for people is written; what programs read is the same in every style.

    ``language`` is the scorecard's own where not given. ``width`` is in cells of a terminal, at least 80;
    where not given it is that of the terminal written to, else 100. ``encoding`` is that of the stream it
    goes to: letters it does not have are replaced by near ones. ``show`` names the parts to write
    (``PARTS``), none for the overview. ``target`` is the file it goes to, which links start from; without
    one there are none.
    """

    language: str | None = None
    colour: bool = False
    width: int | None = None
    encoding: str = "utf-8"
    show: tuple[str, ...] = ()
    target: Path | None = None

    @property
    def cells(self) -> int:
        """Return the width to keep to."""
        return USUAL_WIDTH if self.width is None else max(self.width, LEAST_WIDTH)


PLAIN = TextStyle()
"""Black and white, 100 cells wide, in the scorecard's language."""


def stream_width(stream: TextIO) -> int:
    """Return the width of the terminal behind a stream: ``COLUMNS``, else what it says, else 100."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return min(int(columns), _MOST_WIDTH)
    try:
        return min(os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH, _MOST_WIDTH)
    except (OSError, ValueError, AttributeError):
        return USUAL_WIDTH
