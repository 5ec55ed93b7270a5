"""Raw cells into the typed values of an input: the one place where that happens, in every host."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.language.message import Message
from metricsheet.reading.column import ReadColumn, ReadRequest
from metricsheet.reading.numbers import read_number_column
from metricsheet.reading.refusal import Refusal
from metricsheet.records import replace
from metricsheet.values import Cell

if TYPE_CHECKING:
    from metricsheet.reading.date_text import DateOrder
    from metricsheet.reading.numerals_text import DecimalMark
    from metricsheet.reading.scales import GivenScale

__all__ = ["ReadColumn", "Refusal", "read_input"]


def read_input(
    definition: InputDefinition,
    cells: Sequence[Cell],
    *,
    text_only: bool = False,
    header: str = "",
    given_scale: GivenScale | None = None,
    decimal_mark: DecimalMark | None = None,
    date_order: DateOrder | None = None,
    kinds: frozenset[type] | None = None,
    percent_rows: Set[int] = frozenset(),
) -> ReadColumn:
    """Return the typed values of ``cells`` for an input, with counts and with the trouble that stops it.

    Numbers, dates and flags written as text are understood; missing tokens become blank; other text stays
    and is counted, as Excel's functions ignore text in a range. Flags become 1.0 and 0.0, dates serial
    numbers. Values off the scale are rejected: left out where the input says ``exclude``, else kept in place.

    ``text_only`` says that the cells never had types (CSV), so that plain numbers and ISO dates in text are
    nothing to report. ``header`` is the header text, whose ``%`` tells percents from fractions.
    ``given_scale`` is the scale that a person says the answers are on. ``decimal_mark`` and ``date_order``
    settle ``1,234`` and ``05/03/2024``. ``kinds`` are the types of the cells, where the caller has looked;
    ``percent_rows`` those that the file shows as percents.
    The cells are not changed, and are shared with the answer when nothing had to be converted.
    """
    asked = ReadRequest(
        definition, text_only, header, given_scale, decimal_mark, date_order, kinds, percent_rows
    )
    read = _read(asked, cells)
    if read.refusal is None:
        return read
    named = replace(
        read.refusal, message=Message("of_input", input=definition.key, reason=read.refusal.message)
    )
    return replace(read, refusal=named)


def _read(asked: ReadRequest, cells: Sequence[Cell]) -> ReadColumn:
    if asked.definition.type == "number":
        return read_number_column(asked, cells)
    if asked.definition.type == "flag":
        from metricsheet.reading.flags import read_flag_column

        return read_flag_column(asked, cells)
    if asked.definition.type == "date":
        from metricsheet.reading.dates import read_date_column

        return read_date_column(asked, cells)
    from metricsheet.reading.texts import read_text_column

    return read_text_column(cells, asked.definition.means)
