"""A column of text: names, segments, comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.reading.column import (
    ReadColumn,
    convert,
    count_cells,
    rows_of_errors,
    tally_texts,
)
from metricsheet.values import Cell
from metricsheet.values.coded import different
from metricsheet.values.folding import tidy


def read_text_column(cells: Sequence[Cell], means: Mapping[str, str] | None = None) -> ReadColumn:
    """Return ``cells`` with missing tokens blank and texts tidied; numbers and logicals stay as they are.

    ``means`` are texts to be read for others, by folded word (``aktiv`` for ``active``).
    """
    kinds = set(map(type, different(cells)))
    tally = tally_texts(cells, kinds)
    texts: dict[str, Cell] = {text: _meaning(text) for text in tally}
    if means:
        from metricsheet.reading.words import meaning_of
        from metricsheet.values.folding import fold

        read_as = {text: meaning_of(means, fold(text)) for text in tally}
        texts.update({text: meaning for text, meaning in read_as.items() if meaning is not None})
    read = convert(cells, kinds, texts, bool)
    used, blank, text = count_cells(read, text_is_used=True)
    changed = sum(
        count for text, count in tally.items() if texts[text].__class__ is str and texts[text] != text
    )
    return ReadColumn(read, used, blank, text, tidied=changed, error_rows=rows_of_errors(read))


def read_name(text: str) -> str | None:
    """Return a text of a column of names, tidied; ``None`` where it says that there is none."""
    from metricsheet.reading.words import is_missing

    return None if is_missing(text, in_text=True) else tidy(text)


def _meaning(text: str) -> Cell:
    from metricsheet.reading.words import no_value

    meant = no_value(text, in_text=True)
    return tidy(text) if meant is text else meant
