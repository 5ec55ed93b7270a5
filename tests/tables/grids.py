"""Sheets written as text, for tests of regions."""

from __future__ import annotations

import datetime as dt
import re

from metricsheet.files.book import CellRange, RawCell, Sheet

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


def grid(text: str, *, name: str = "S", merged: tuple[CellRange, ...] = (), text_only: bool = False) -> Sheet:
    """Return a sheet: one line a row, ``|`` between cells; numbers and ISO dates are cells of these kinds.

    ``'5`` is the text 5, ``TRUE`` a flag, an empty place a blank cell. With ``text_only`` all cells are text.
    """
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    rows = [[_cell(part.strip(), text_only) for part in line.split("|")] for line in lines]
    width = max((len(row) for row in rows), default=0)
    return Sheet.of_rows(name, [row + [None] * (width - len(row)) for row in rows], merged=merged)


def _cell(text: str, text_only: bool) -> RawCell:
    if not text:
        return None
    if text_only:
        return text
    if text.startswith("'"):
        return text[1:]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if _NUMBER.match(text):
        return float(text)
    return dt.date.fromisoformat(text) if _DATE.match(text) else text
