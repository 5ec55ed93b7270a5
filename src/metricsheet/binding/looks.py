"""What a file looks like in which no input was found, in one line."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.binding.candidates import Layout, row_count
from metricsheet.binding.kinds import KindReading
from metricsheet.dataset import Problem
from metricsheet.language.message import Message, and_more
from metricsheet.tables.region import Region

_MOST_HEADERS = 6
_LONGEST = 40
_LOOKED_AT = 20


def looks_like(layout: Layout, readings: Mapping[int, KindReading]) -> Problem:
    """Return how many tables a book has, and rows, headers and kind of the largest one.

    ``readings`` say by the id of a region what it was read as.
    """
    tables = [
        region
        for sheet in layout.visible
        for region, _ in layout.headed_regions(sheet)
        if region.kind == "table" and region.columns
    ]
    if not tables:
        return Problem(
            layout.book.name, "looks_like", Message("looks_like.nothing"), Message("look_for_table")
        )
    largest = max(tables, key=lambda region: row_count(region) * len(region.columns))
    mark = _mark_inside(largest)
    if mark:
        message = Message("looks_like.rows_in_cells", mark=mark, header=largest.headers[0])
        return Problem(layout.book.name, "looks_like", message, Message("split_the_column"))
    reading = readings.get(id(largest))
    kind = reading.kind.key if reading is not None and reading.kind is not None else ""
    headers = [h if len(h) <= _LONGEST else h[: _LONGEST - 1] + "…" for h in largest.headers if h]
    message = Message(
        "looks_like.tables" if len(tables) > 1 else "looks_like.table",
        tables=len(tables),
        rows=Message("rows_counted", count=row_count(largest)),
        columns=Message("columns_counted", count=len(largest.columns)),
        headers=and_more(headers, _MOST_HEADERS) if headers else Message("without_headers"),
        kind=Message("kind_known", kind=kind) if kind else Message("kind_unknown"),
    )
    return Problem(layout.book.name, "looks_like", message, Message("map_what_you_need"))


def _mark_inside(region: Region) -> str:
    """Return what is between the fields of whole rows in one column, ``""`` without any."""
    if len(region.columns) != 1:
        return ""
    texts = [cell for cell in (region.headers[0], *region.columns[0][:_LOOKED_AT]) if cell]
    for mark in "\t;,|":
        counts = {cell.count(mark) if isinstance(cell, str) else 0 for cell in texts}
        if len(texts) > 1 and len(counts) == 1 and 0 not in counts and ", " not in region.headers[0]:
            return mark
    return ""
