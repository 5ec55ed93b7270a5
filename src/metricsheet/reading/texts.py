"""A column of text: names, segments, comments."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.reading.column import (
    ReadColumn,
    convert,
    count_cells,
    rows_of_errors,
    tally_texts,
)
from metricsheet.values import Cell


def read_text_column(cells: Sequence[Cell]) -> ReadColumn:
    """Return ``cells`` with missing tokens blank; text, numbers and logicals stay what they are."""
    from metricsheet.reading.words import is_missing

    kinds = set(map(type, cells))
    texts = {text: None if is_missing(text, in_text=True) else text for text in tally_texts(cells, kinds)}
    read = convert(cells, kinds, texts, bool)
    used, blank, text = count_cells(read, text_is_used=True)
    return ReadColumn(read, used, blank, text, error_rows=rows_of_errors(read))
