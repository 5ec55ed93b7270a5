"""A column of flags: logicals, 1 and 0, yes and no in five languages, won and lost."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import InputDefinition
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
from metricsheet.reading.refusal import Refusal
from metricsheet.records import replace
from metricsheet.values import Cell

_MEANT: dict[str, Cell] = {"yes": 1.0, "no": 0.0, "blank": None}
_FLAGS: dict[Cell, Cell] = {0: 0.0, 1: 1.0, None: None}


def read_flag_column(asked: ReadRequest, cells: Sequence[Cell]) -> ReadColumn:
    """Return ``cells`` as 1.0 (yes) and 0.0 (no); other numbers are rejected, other words stay text."""
    kinds = set(map(type, cells))
    listed = cells if isinstance(cells, list) else list(cells)
    if kinds <= NUMBERS_OR_BLANK and set(listed) <= {0, 1, None}:
        blank = listed.count(None) if type(None) in kinds else 0
        read: list[Cell] = listed if int not in kinds else list(map(_FLAGS.get, listed))
        return ReadColumn(read, len(listed) - blank, blank, 0)
    tally = tally_texts(listed, kinds)
    values = _text_values(asked.definition, list(tally)) if tally else {}
    read = list(convert(listed, kinds, values, float))
    used, blank, text = count_cells(read)
    from_text = sum(times for word, times in tally.items() if isinstance(values[word], float))
    column = ReadColumn(read, used, blank, text, 0, from_text, (), rows_of_errors(read))
    refusal = _refusal(asked.definition, column)
    if refusal is not None:
        return replace(column, refusal=refusal)
    if set(numbers_in(read)) <= {0, 1}:
        return column
    rows = tuple(r for r, c in enumerate(read) if c.__class__ in NUMBERS and c not in (0, 1))
    if asked.definition.outside == "exclude":
        for row in rows:
            read[row] = None
    return replace(column, used=used - len(rows), rejected=len(rows), rejected_rows=rows)


def _text_values(definition: InputDefinition, texts: Sequence[str]) -> dict[str, Cell]:
    from metricsheet.reading.flag_words import flag_words
    from metricsheet.reading.numerals import is_plain_number
    from metricsheet.reading.words import meaning_of, no_value
    from metricsheet.values.folding import fold

    names = (definition.key, *definition.label.values(), *definition.also)
    words = flag_words(names)
    values: dict[str, Cell] = {}
    for text in texts:
        folded = fold(text).rstrip(".!")
        flag = words.get(folded)
        meaning = meaning_of(definition.means, folded)
        if meaning is not None:
            values[text] = _MEANT[meaning]
        elif flag is not None:
            values[text] = float(flag)
        else:
            values[text] = float(text) if is_plain_number(text) else no_value(text)
    return values


def _refusal(definition: InputDefinition, column: ReadColumn) -> Refusal | None:
    """Return why the column is no column of flags: free text, counts, rates, 1 and 2."""
    numbers = numbers_in(column.cells)
    distinct = dict.fromkeys(numbers)
    others = [n for n in distinct if n not in (0, 1)]
    if not others and not column.text:
        return None
    flags = sum(1 for n in numbers if n in (0, 1))
    hint = Message("map_flags", input=definition.key)
    if column.text > flags:
        example = next(c for c in column.cells if isinstance(c, str))
        shown = example if len(example) <= 40 else example[:39] + "…"
        message = Message("neither_yes_nor_no", text=shown, count=column.text, cells=len(column.cells))
        return Refusal("not_this_input", message, hint)
    if distinct.keys() == {1, 2}:
        message = Message("one_and_two")
        return Refusal("not_this_input", message, Message("write_yes_no"))
    if others and 2 * flags <= len(numbers):
        kind = "look_like_counts" if all(n == int(n) for n in others) else "look_like_rates"
        message = Message(kind, numbers=tuple(f"{n:g}" for n in others[:3]))
        return Refusal("not_this_input", message, hint)
    return None
