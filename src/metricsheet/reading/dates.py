"""A column of dates: serial numbers, months as 202403, dates and months written as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from metricsheet.language.message import Message
from metricsheet.reading.column import (
    NUMBERS,
    NUMBERS_OR_BLANK,
    ReadColumn,
    ReadRequest,
    convert,
    count_cells,
    numbers_in,
    rows_of_errors,
    tally_texts,
)
from metricsheet.reading.date_words import names_weeks
from metricsheet.reading.refusal import Refusal
from metricsheet.records import replace
from metricsheet.values import Cell
from metricsheet.values.coded import Coded, different
from metricsheet.values.dates import MAX_SERIAL, to_serial, year_month_day

_SWAPPED_EACH = 3


def read_date_column(asked: ReadRequest, cells: Sequence[Cell]) -> ReadColumn:
    """Return ``cells`` as serial numbers; columns of 202403, 20240305 or 2024 are months, days, years."""
    kinds = set(map(type, different(cells)))
    listed = cells if isinstance(cells, (list, Coded)) else list(cells)
    if kinds <= NUMBERS_OR_BLANK:
        return _in_range(_numbers_as_dates(list(listed), weeks=names_weeks(asked.header)))
    from metricsheet.reading.date_text import read_dates
    from metricsheet.reading.words import no_value

    tally = tally_texts(listed, kinds)
    values: dict[str, Cell] = {text: no_value(text) for text in tally}
    wanted = [text for text, value in values.items() if value is text]
    reading = read_dates(wanted, order=asked.date_order, weeks=names_weeks(asked.header))
    values.update(reading.serials)
    read = convert(listed, kinds, values, lambda flag: "TRUE" if flag else "FALSE")
    used, blank, text = count_cells(read)
    from_text = sum(
        times
        for word, times in tally.items()
        if word in reading.serials and not (asked.text_only and is_iso_date(word))
    )
    errors = rows_of_errors(read)
    column = ReadColumn(read, used, blank, text, 0, from_text, (), errors, reading.refusal)
    if reading.refusal is not None:
        return column
    typed = numbers_in(listed)
    if not typed and not from_text and used == len(errors) and text:
        return replace(column, refusal=_no_dates(asked, wanted[0] if wanted else "TRUE"))
    if reading.order == "dmy" and asked.date_order is None:
        swapped = _swapped(typed, wanted)
        if swapped is not None:
            return replace(column, refusal=swapped)
    return _in_range(column)


def is_iso_date(text: str) -> bool:
    """Return whether a text that is a date begins as programs write it: ``2025-03``."""
    return len(text) >= 7 and text[:4].isdigit() and text[4] == "-"


def _numbers_as_dates(cells: list[Cell], *, weeks: bool) -> ReadColumn:
    numbers = [cast(float, c) for c in cells if c is not None and c == c]
    blank = len(cells) - len(numbers)
    read = cells if blank == cells.count(None) else [None if c != c else c for c in cells]
    column = ReadColumn(read, len(numbers), blank, 0)
    if not numbers:
        return column
    low, high = min(numbers), max(numbers)
    if low >= 0 and high <= 366:
        message = Message("days_without_year", number=low)
        return replace(column, refusal=Refusal("not_this_input", message, Message("write_dates_with_year")))
    for first, last, form, kind in (
        (1990, 2100, "years", "date_years"),
        (190001, 219953, "weeks", "date_weeks") if weeks else (190001, 219912, "months", "date_months"),
        (19000101, 21991231, "days", "date_days"),
    ):
        if first <= low and high <= last:
            serials = _calendar_numbers(set(numbers), form)
            if serials is not None:
                dated = list(map(serials.get, read))
                note = Message("numbers_as_dates", number=low, form=Message(kind))
                return replace(column, cells=dated, note=note)
    return column


def _calendar_numbers(numbers: Iterable[float], form: str) -> dict[Cell, Cell] | None:
    """Return the serial numbers of 2024, 202403 or 20240305, or ``None`` when one of them is no date."""
    import datetime as dt

    serials: dict[Cell, Cell] = {}
    for number in numbers:
        whole = int(number)
        if whole != number:
            return None
        year, month, day = whole, 1, 1
        if form == "months":
            year, month = divmod(whole, 100)
        elif form == "days":
            year, rest = divmod(whole, 10000)
            month, day = divmod(rest, 100)
        try:
            if form == "weeks":
                first = dt.date.fromisocalendar(*divmod(whole, 100), 1)
            else:
                first = dt.date(year, month, day)
            serials[number] = to_serial(first)
        except ValueError:
            return None
    return serials


def _in_range(column: ReadColumn) -> ReadColumn:
    """Return ``column`` with numbers rejected that are no serial number of a day."""
    numbers = numbers_in(different(column.cells))
    if not numbers or (min(numbers) >= 1 and max(numbers) < MAX_SERIAL + 1):
        return column
    off = {number for number in numbers if not 1 <= number < MAX_SERIAL + 1}
    rows = tuple(r for r, c in enumerate(column.cells) if c.__class__ in NUMBERS and c in off)
    cells = list(column.cells)
    for row in rows:
        cells[row] = None
    return replace(column, cells=cells, used=column.used - len(rows), rejected=len(rows), rejected_rows=rows)


def _no_dates(asked: ReadRequest, example: str) -> Refusal:
    message = Message("no_dates", text=example)
    return Refusal("not_this_input", message, Message("map_dates", input=asked.definition.key))


def _swapped(serials: Sequence[float], texts: Sequence[str]) -> Refusal | None:
    """Return the trouble of a column that Excel opened month first although it was written day first.

    Then every date with a day up to 12 became a date with day and month swapped, and every other one
    stayed text.
    """
    from metricsheet.reading.date_text import parse_date

    if len(serials) < _SWAPPED_EACH or len(texts) < _SWAPPED_EACH:
        return None
    if any("mdy" in parse_date(text) for text in texts):
        return None
    if any(year_month_day(serial)[2] > 12 for serial in serials if 1 <= serial <= MAX_SERIAL):
        return None
    return Refusal(
        "ambiguous_date",
        Message("dates_swapped", text=texts[0]),
        Message("import_dates_again"),
    )
