"""A column of numbers: typed, written as text, or answered in words; on its scale or off it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any, cast

from metricsheet.engines.columns import FEW, ColumnStats, count_few
from metricsheet.language.message import Message
from metricsheet.reading.column import (
    NUMBERS,
    NUMBERS_OR_BLANK,
    ReadColumn,
    ReadRequest,
    convert,
    count_cells,
    has_odd_numbers,
    numbers_in,
    rows_of_errors,
    tally_texts,
)
from metricsheet.reading.money import Currencies
from metricsheet.reading.number_texts import NumberTexts
from metricsheet.reading.refusal import Refusal
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError
from metricsheet.values.coded import Coded, different

_USUAL = frozenset({float, str, type(None)})
"""The types of the cells of nearly every column: what Excel hands over of a range with numbers."""

_LONG = 50_000
_NOISE = 1e-9
"""So near a whole number, an answer is that number: a calculation such as 0.1 + 0.2 left the rest."""


def read_number_column(asked: ReadRequest, cells: Sequence[Cell]) -> ReadColumn:
    """Return ``cells`` as numbers of the input."""
    kinds = asked.kinds or frozenset(map(type, different(cells)))
    if isinstance(cells, Coded) and kinds <= _USUAL:
        tally = cells.tally()
        if len(tally) <= FEW and not has_odd_numbers(numbers_in(list(tally))):
            return _read_counted(asked, cells, kinds, tally)
    listed = cells if isinstance(cells, list) else list(cells)
    if kinds <= _USUAL:
        counts = count_few(listed)
        if counts is not None and not has_odd_numbers([c for c in counts if c.__class__ is float]):
            return _read_counted(asked, listed, kinds, counts)
    if kinds <= NUMBERS_OR_BLANK:
        present = [c for c in listed if c is not None] if type(None) in kinds else listed
        numbers = cast("list[float]", present)
        if not has_odd_numbers(numbers):
            known = ColumnStats(kinds, numbers) if int not in kinds else None
            column = ReadColumn(listed, len(numbers), len(listed) - len(numbers), 0, known=known)
            return _checked(asked, column, listed, numbers, NumberTexts())
    return _read_mixed(asked, listed, kinds)


def _read_counted(
    asked: ReadRequest, cells: Sequence[Cell], kinds: frozenset[type], counts: Mapping[Any, int]
) -> ReadColumn:
    """Return a column of few different cells, by looking at each of these once.

    Most columns of answers are of this kind, and the longest ones: counting them is the one pass over all
    cells, and what formulas ask of them mostly comes from the counts as well.
    """
    if str not in kinds:
        blank = counts.get(None, 0)
        column = ReadColumn(cells, len(cells) - blank, blank, 0, known=ColumnStats(kinds, None, counts))
        return _checked(asked, column, cells, [c for c in counts if c is not None], NumberTexts())
    from metricsheet.reading.number_texts import read_number_texts
    from metricsheet.reading.numerals import is_plain_number

    texts = read_number_texts(asked, [cell for cell in counts if cell.__class__ is str])
    if ExcelError in set(map(type, texts.values.values())):
        return _read_mixed(asked, list(cells), kinds)
    meanings = {cell: texts.values[cell] if cell.__class__ is str else cell for cell in counts}
    read: dict[Cell, int] = {}
    from_text = 0
    for cell, value in meanings.items():
        read[value] = read.get(value, 0) + counts[cell]
        if cell.__class__ is str and isinstance(value, float):
            from_text += 0 if asked.text_only and is_plain_number(cell) else counts[cell]
    blank = read.get(None, 0)
    text = sum([times for value, times in read.items() if value.__class__ is str])
    cells_read = cells
    if any(cell is not value for cell, value in meanings.items()):
        read_as = meanings.__getitem__
        if isinstance(cells, Coded):
            cells_read = cells.mapped(read_as)
        elif len(cells) < _LONG:
            cells_read = list(map(read_as, cells))
        else:  # what is asked of so many is mostly answered by their counts
            numbers = {cell: number for number, cell in enumerate(counts)}
            cells_read = Coded(
                [*meanings.values()],
                counts=dict(enumerate(counts.values())),
                make=lambda: bytes(map(numbers.__getitem__, cells)),
            )
    used = len(cells) - blank - text
    known = ColumnStats(frozenset(map(type, read)), None, read)
    column = ReadColumn(cells_read, used, blank, text, 0, from_text, (), (), texts.refusal, texts.note, known)
    if texts.refusal is not None:
        return column
    return _checked(asked, column, cells, [v for v in read if isinstance(v, float)], texts)


def _read_mixed(asked: ReadRequest, cells: list[Cell], kinds: frozenset[type]) -> ReadColumn:
    """Return a column in which not every cell is a finite number or blank."""
    from metricsheet.reading.number_texts import read_number_texts
    from metricsheet.reading.numerals import is_plain_number

    tally = tally_texts(cells, kinds)
    texts = read_number_texts(asked, list(tally))
    read = convert(cells, kinds, texts.values, lambda flag: "TRUE" if flag else "FALSE")
    used, blank, text = count_cells(read)
    from_text = sum(
        times
        for word, times in tally.items()
        if isinstance(texts.values[word], float) and not (asked.text_only and is_plain_number(word))
    )
    errors = rows_of_errors(read)
    column = ReadColumn(read, used, blank, text, 0, from_text, (), errors, texts.refusal, texts.note)
    if texts.refusal is not None:
        return column
    numbers = numbers_in(read)
    return _checked(asked, column, cells, numbers, texts)


def _checked(
    asked: ReadRequest,
    column: ReadColumn,
    raw: Sequence[Cell],
    numbers: Collection[float],
    texts: NumberTexts,
) -> ReadColumn:
    """Return ``column`` after its percents, its scale and each value on it were looked at.

    ``numbers`` are all its numbers, or each different one; ``texts`` what its texts said of them.
    """
    definition = asked.definition
    percents = texts.percents
    if texts.currencies:
        column = replace(column, currencies=_currencies(raw, texts.currencies))
    if percents or asked.percent_rows or (definition.unit == "percent" and numbers):
        column = _with_percents(asked, column, raw, percents)
        if column.refusal is not None:
            return column
        numbers = numbers_in(column.cells)
    if definition.unit == "count" and definition.scale is None and numbers and not definition.finished:
        from metricsheet.reading.percents import shares_for_counts

        refusal = shares_for_counts(asked, numbers)
        if refusal is not None:
            return replace(column, refusal=refusal)
    if definition.sign == "loss" and numbers and min(numbers) < 0:
        return _by_size(definition.key, column, numbers)
    if definition.scale is None or not numbers:
        return column
    if definition.either_way:
        from metricsheet.reading.scales import direction_refusal

        refusal = direction_refusal(definition, asked.header, asked.given)
        if refusal is not None:
            return replace(column, refusal=refusal)
    scale, settled = definition.scale, False
    if scale.whole:
        from metricsheet.reading.scales import is_part_of, scale_in_force

        scale, settled = scale_in_force(definition, asked.header, asked.given, texts.scale)
        if not is_part_of(scale, definition.scale) or texts.grouped:
            column = replace(column, scale=None if texts.grouped else scale, grouped=texts.grouped)
        if settled:
            column = replace(column, settled=True)
    distinct = set(numbers)
    off = {number for number in distinct if not scale.contains(number)}
    noisy = {n: float(round(n)) for n in off if scale.whole and abs(n - round(n)) < _NOISE}
    if noisy:
        column = replace(column, cells=[_without_noise(cell, noisy) for cell in column.cells])
        distinct = (distinct - noisy.keys()) | set(noisy.values())
        off = {number for number in distinct if not scale.contains(number)}
    if not settled:
        from metricsheet.reading.scales import scale_refusal

        count = column.used - len(column.error_rows)
        in_order = numbers_in(column.cells) if off else ()
        refusal = scale_refusal(definition.key, scale, count, in_order, distinct, off)
        if refusal is not None:
            return replace(column, refusal=refusal)
    column = _without(column, off, exclude=definition.outside == "exclude") if off else column
    if asked.given is not None and asked.given.low_is_easy:
        turned = [scale.low + scale.high - c if c.__class__ in NUMBERS else c for c in column.cells]  # type: ignore[operator]
        column = replace(column, cells=turned, known=None)
    return column


def _currencies(raw: Sequence[Cell], by_text: Mapping[str, str]) -> Currencies:
    """Return the currency of every row, or that of all of them."""
    named = dict.fromkeys(filter(None, by_text.values()))
    if len(named) == 1:
        return next(iter(named))
    return [by_text.get(cell, "") if cell.__class__ is str else "" for cell in raw]


def _by_size(key: str, column: ReadColumn, numbers: Collection[float]) -> ReadColumn:
    """Return a column of losses written below zero by their size; where others are above zero, a question."""
    above = max(numbers)
    if above > 0:
        message = Message("mixed_signs", below=min(numbers), above=above)
        return replace(column, refusal=Refusal("mixed_signs", message, Message("losses_one_way", input=key)))
    sizes = [-c if c.__class__ in NUMBERS and c else c for c in column.cells]  # type: ignore[operator]
    return replace(column, cells=sizes, known=None, note=Message("losses_by_size", number=min(numbers)))


def _without_noise(cell: Cell, noisy: Mapping[float, float]) -> Cell:
    return noisy.get(cell, cell) if isinstance(cell, float) else cell


def _with_percents(
    asked: ReadRequest, column: ReadColumn, raw: Sequence[Cell], percents: Collection[str]
) -> ReadColumn:
    from metricsheet.reading.percents import percent_factor, percents_elsewhere, plain_numbers

    plain = plain_numbers(raw, column.cells, percents, asked.percent_rows)
    signed = min(percents, default="") or _shown_percent(column.cells, asked.percent_rows)
    if not signed and asked.definition.unit != "percent":
        return column
    if asked.definition.unit != "percent":
        refusal = percents_elsewhere(asked, plain, signed)
        return replace(column, refusal=refusal) if refusal is not None else column
    factor = percent_factor(asked, plain, signed)
    if isinstance(factor, Refusal):
        return replace(column, refusal=factor)
    if factor == 1:
        return column
    divided = [c / factor if c.__class__ in NUMBERS else c for c in column.cells]  # type: ignore[operator]
    return replace(column, cells=divided, known=None, note=Message("percents_by_header", header=asked.header))


def _shown_percent(cells: Sequence[Cell], rows: Set[int]) -> str:
    """Return the first number that the file shows as a percent as it is shown there, or ``""``."""
    shown = (cells[row] for row in sorted(rows) if row < len(cells))
    return next((f"{cell * 100:g}%" for cell in shown if cell.__class__ in NUMBERS), "")  # type: ignore[operator]


def _without(column: ReadColumn, off: Collection[float], *, exclude: bool) -> ReadColumn:
    """Return ``column`` with the numbers in ``off`` rejected, and left out where the input excludes them."""
    rows = tuple(row for row, cell in enumerate(column.cells) if cell.__class__ in NUMBERS and cell in off)
    cells = column.cells
    if exclude:
        cells = list(cells)
        for row in rows:
            cells[row] = None
    used = column.used - len(rows)
    return replace(column, cells=cells, used=used, rejected=len(rows), rejected_rows=rows, known=None)
