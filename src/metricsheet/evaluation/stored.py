"""Stored tables as evaluation needs them: columns read by their different values, rows cut by an engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.engines.columns import Column
from metricsheet.engines.selection import Stored
from metricsheet.engines.sql.column import ScannedColumn
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.engines.sql.expressions import NoFormError, Sql, TypedColumn
from metricsheet.engines.sql.expressions import Rows as RowSql
from metricsheet.engines.sql.scan import MOST_VALUES, Rows
from metricsheet.engines.sql.table import StoredColumn, as_cell
from metricsheet.formula.ast import Node
from metricsheet.language.message import Message
from metricsheet.precision import in_15_digits
from metricsheet.reading.column import ReadColumn
from metricsheet.reading.dates import is_iso_date
from metricsheet.reading.numerals import is_plain_number
from metricsheet.reading.refusal import Refusal
from metricsheet.reading.texts import read_text_column
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError, is_number
from metricsheet.values.folding import caseless

Reader = Callable[[Sequence[Cell]], ReadColumn]
_FEW = 1_000
"""This many different numbers are read one by one; of more, only their range and some of them."""

_MOST_CELLS = 2_000_000
"""This many cells at most stand for all of a column where its values are read by how often they occur."""

_SHOWN = 3


def read_stored(
    definition: InputDefinition,
    column: StoredColumn,
    read: Reader,
    worth: float = 1.0,
    *,
    text_only: bool = False,
) -> tuple[ReadColumn, Column]:
    """Return a column of a stored table as ``read`` understands it, and the column for formulas.

    Each different value is read once, by the rules for cells. A column of very many different numbers is
    read by its range and its first ones, one of texts only where it is to be text.
    """
    key, scan = definition.key, column.table.scan
    many = column.kind in ("number", "date") and column.profile.different > (
        MOST_VALUES if definition.type == "date" and column.kind == "number" else _FEW
    )
    values = None if many else column.values
    if values is not None:
        found, typed = _by_values(definition, column, values, read, worth, text_only)
    elif column.kind in ("number", "date") and definition.type == "text":
        filled = column.profile.filled
        found, typed = (
            ReadColumn([], filled, column.table.rows - filled, 0),
            TypedColumn("number", column.plain),
        )
    elif column.kind in ("number", "date"):
        found, typed = _by_range(definition, column, read, worth)
    elif definition.type == "text":
        found, typed = _texts(column)
    else:
        message = Message("too_many_texts", column=column.header, most=MOST_VALUES)
        refusal = Refusal(
            "too_many_texts",
            message,
            Message("cast_column", column=column.header, type=_TYPES[definition.type]),
        )
        found, typed = (
            ReadColumn([], 0, column.table.rows, 0, refusal=refusal),
            _none(scan.dialect),
        )
    scan.add(key, typed)
    tallied: dict[Cell, int] = {}
    if values is not None and definition.type == "text" and found.refusal is None:
        outcomes = _outcomes([value for value, _ in values], read([value for value, _ in values]))
        for (cell, _), (_, times) in zip(outcomes, values, strict=True):
            tallied[cell] = tallied.get(cell, 0) + times
    cells = Stored(column.table.rows, _head(read, column, found, worth))
    found = replace(found, cells=cells, known=None)
    if found.rejected and typed.rejected is not None:
        rows = _first(column, scan.name(key, "r"), _SHOWN)
        found = replace(found, rejected_rows=rows)
    if found.error_rows:
        first = _first(column, f"{scan.name(key, 'e')} IS NOT NULL", 1)[0]
        # of the rows only the first and their number are asked for
        found = replace(found, error_rows=range(first, first + len(found.error_rows)))
    if typed.text is not None:
        cells.first_text = _first(column, scan.name(key, "t"), 1)[0]
    return found, ScannedColumn(Rows(scan), key, tallied)


def _first(column: StoredColumn, condition: str, most: int) -> tuple[int, ...]:
    """Return the first rows that meet a condition; their cells are known from then on."""
    found = {
        int(place): as_cell(raw) for place, raw in column.table.scan.first(condition, column.plain, most)
    }
    column.known.update(found)
    return tuple(found)


def _none(dialect: Dialect) -> TypedColumn:
    """Return a column that has no numbers."""
    return TypedColumn("number", f"CAST(NULL AS {dialect.double})")


_TYPES = {"number": "DOUBLE", "date": "DATE", "flag": "BOOLEAN"}


def _head(read: Reader, column: StoredColumn, found: ReadColumn, worth: float) -> list[Cell]:
    """Return the first cells as they are read."""
    cells = read(list(column[:])).cells if found.refusal is None else []
    return [cell * worth if worth != 1 and is_number(cell) else cell for cell in cells]


def _outcomes(values: Sequence[Cell], read: ReadColumn) -> list[tuple[Cell, bool]]:
    """Return what each value is read as, and whether it is rejected."""
    rejected = set(read.rejected_rows)
    return [(read.cells[row], row in rejected) for row in range(len(values))]


def _by_values(
    definition: InputDefinition,
    column: StoredColumn,
    values: Sequence[tuple[Cell, int]],
    read: Reader,
    worth: float,
    text_only: bool,
) -> tuple[ReadColumn, TypedColumn]:
    """Read each different value once, in a column that has them about as often as the whole does."""
    rows = column.table.rows
    raw = [value for value, _ in values]
    counts = [times for _, times in values]
    blank = rows - sum(counts)
    share = min(1.0, _MOST_CELLS / max(rows, 1))
    again = [value for value, times in zip(raw, counts, strict=True) for _ in range(int(times * share) - 1)]
    whole = read([*raw, *again, *[None] * (max(1, int(blank * share)) if blank else 0)])
    none = _none(column.table.dialect)
    if whole.refusal is not None:
        return replace(whole, cells=[]), none
    if not isinstance(whole.currencies, str):
        message = Message("currencies_in_texts", column=column.header)
        refusal = Refusal("mixed_currencies", message, Message("slice_by_currency"))
        return replace(whole, cells=[], refusal=refusal, currencies=""), none
    outcomes = _outcomes(raw, whole)
    wants_text = definition.type == "text"
    used = text = rejected = from_text = tidied = 0
    for (cell, off), value, times in zip(outcomes, raw, counts, strict=True):
        if off:
            rejected += times
        elif cell is None:
            blank += times
        elif isinstance(cell, str) and not wants_text:
            text += times
        else:
            used += times
        if isinstance(value, str):
            written = not text_only or not (is_plain_number(value) or is_iso_date(value))
            from_text += times if isinstance(cell, float) and not wants_text and written else 0
            tidied += times if wants_text and isinstance(cell, str) and cell != value else 0
    errors = sum(
        times for (cell, _), times in zip(outcomes, counts, strict=True) if isinstance(cell, ExcelError)
    )
    error_rows = range(errors)
    found = replace(
        whole, cells=[], used=used, blank=blank, text=text, rejected=rejected, read_from_text=from_text,
        tidied=tidied, rejected_rows=(), error_rows=error_rows,
    )  # fmt: skip
    return found, _typed(column, raw, outcomes, wants_text, worth)


def _typed(
    column: StoredColumn,
    raw: Sequence[Cell],
    outcomes: Sequence[tuple[Cell, bool]],
    wants_text: bool,
    worth: float,
) -> TypedColumn:
    """Return SQL that gives what each value is read as."""
    cells = [in_15_digits(cell * worth) if worth != 1 and is_number(cell) else cell for cell, _ in outcomes]
    off = [rejected for _, rejected in outcomes]
    of_numbers = column.kind in ("number", "date")
    as_it_is = all(is_number(cell) and cell == value for cell, value in zip(cells, raw, strict=True))
    if of_numbers and as_it_is and not any(off):
        return TypedColumn("number", column.plain)
    if column.kind == "flag" and all(
        is_number(cell) and cell == value for cell, value in zip(cells, raw, strict=True)
    ):
        number = column.table.dialect.number
        return TypedColumn(
            "number",
            f"CASE WHEN {column.plain} THEN {number(1)} WHEN NOT {column.plain} THEN {number(0)} END",
        )
    texts = [caseless(cell) if isinstance(cell, str) else None for cell in cells]
    errors = [cell for cell in cells if isinstance(cell, ExcelError)]
    parts: dict[str, tuple[str, Sequence[Any]]] = {}
    as_text = wants_text and not any(is_number(cell) for cell in cells)
    if as_text:
        parts["v"] = "text", texts
    else:
        parts["v"] = "number", [float(cell) if is_number(cell) else None for cell in cells]
        if any(text is not None for text in texts):
            parts["t"] = "flag", [text is not None for text in texts]
    if errors:
        place = iter(range(len(errors)))
        parts["e"] = "number", [next(place) if isinstance(cell, ExcelError) else None for cell in cells]
    if any(off):
        parts["r"] = "flag", off
    join = column.mapped(parts)
    names = {part: f"{join}.{part}" for part in parts}
    for letter in ("t", "r"):
        if letter in names:
            names[letter] = f"COALESCE({names[letter]}, FALSE)"
    return TypedColumn(
        "text" if as_text else "number",
        names["v"],
        names.get("t"),
        names.get("e"),
        names.get("r"),
        tuple(errors),
        (join,),
    )


def _by_range(
    definition: InputDefinition, column: StoredColumn, read: Reader, worth: float
) -> tuple[ReadColumn, TypedColumn]:
    """Read a column of very many different numbers by some of them: what becomes of these, becomes of all."""
    known, x, number = column.profile, column.plain, column.table.dialect.number
    some = [cell for cell in column[:] if is_number(cell)]
    ends = [end for end in (known.low, known.high, known.least) if end is not None]
    numbers = [float(number) for number in (*ends, *some)]
    whole = read(numbers)
    none = _none(column.table.dialect)
    if whole.refusal is not None:
        return replace(whole, cells=[], used=known.filled, blank=column.table.rows - known.filled), none
    pairs = [(a, b) for a, b in zip(numbers, whole.cells, strict=True) if is_number(b)]
    factors = [factor for factor in (1.0, 0.01, -1.0) if all(_near(a * factor, b) for a, b in pairs)]
    scale = definition.scale
    if not factors or (scale is not None and scale.whole):
        message = Message("too_many_numbers", column=column.header, most=_FEW)
        return replace(whole, cells=[], refusal=Refusal("too_many_numbers", message, None)), none
    value = x if factors[0] == 1 else f"({x} / {number(100)})" if factors[0] == 0.01 else f"(-{x})"
    limits = (
        (1.0, 2958465.999999)
        if definition.type == "date"
        else (scale.low, scale.high)
        if scale is not None
        else None
    )
    rejected, off, error = None, 0, None
    if known.infinite:
        infinite = column.table.dialect.infinite.format(x=x)
        error = f"CASE WHEN {infinite} THEN 0 END"
        value = f"(CASE WHEN {infinite} THEN NULL ELSE {value} END)"
    if limits is not None:
        beyond = f"COALESCE({value} < {number(limits[0])} OR {value} > {number(limits[1])}, FALSE)"
        count = column.table.dialect.count_if(beyond)
        off = int(column.table.run(f"SELECT {count} FROM {column.table.relation} AS r")[0][0])
        if off:
            rejected = beyond
            if definition.outside == "exclude" or definition.type == "date":
                value = f"(CASE WHEN {beyond} THEN NULL ELSE {value} END)"
    if worth != 1:
        value = f"({value} * {number(worth)})"
    found = replace(
        whole, cells=[], used=known.filled - off, blank=column.table.rows - known.filled, text=0,
        rejected=off, rejected_rows=(), error_rows=range(known.infinite),
    )  # fmt: skip
    errors = (ExcelError("#NUM!", Message("infinite_number")),) if known.infinite else ()
    return found, TypedColumn("number", value, None, error, rejected, errors)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-12 * abs(a)


def _texts(column: StoredColumn) -> tuple[ReadColumn, TypedColumn]:
    """Read a column of very many different texts: those that may be other than they are, one by one."""
    x, table, dialect = column.plain, column.table, column.table.dialect
    signs, digits = dialect.literal(" \t\n\r"), "0123456789"
    # what stands for no value is short and has no digit; a text of other signs may be another when tidied
    letters = f"{dialect.size.format(x='raw')} <> LENGTH(raw)"
    tidy = f"raw = {dialect.trim.format(x='raw', signs=signs)}"
    listed = ", ".join(map(dialect.literal, digits))
    no_digit = f"(RIGHT(raw, 1) NOT IN ({listed}) AND TRANSLATE(raw, '{digits}', '') = raw)"
    odd = f"LENGTH(raw) <= 40 AND ({letters} OR NOT {tidy} OR {no_digit} OR LEFT(raw, 1) = '#')"
    if dialect.lowers_ascii:
        odd = f"({letters} OR {odd})"
    texts = f"SELECT {x} AS raw FROM {table.relation} AS r"
    query = f"SELECT raw, COUNT(*) FROM ({texts}) AS q WHERE {odd} GROUP BY raw LIMIT {MOST_VALUES + 1}"
    rows = table.run(query)
    filled = column.profile.filled
    words = [str(raw) for raw, _ in rows]
    if len(rows) > MOST_VALUES:
        message = Message("too_many_texts", column=column.header, most=MOST_VALUES)
        return ReadColumn(
            [], 0, table.rows, 0, refusal=Refusal("too_many_texts", message, None)
        ), TypedColumn("text", f"CAST(NULL AS {table.dialect.text})")
    read = read_text_column(words)
    times = {raw: int(count) for raw, count in rows}
    lost = sum(times[word] for word, cell in zip(words, read.cells, strict=True) if not isinstance(cell, str))
    tidied = sum(
        times[word]
        for word, cell in zip(words, read.cells, strict=True)
        if isinstance(cell, str) and cell != word
    )
    lower = dialect.lower.format(x=dialect.trim.format(x=x, signs=signs))
    value, needs = lower, tuple[str, ...]()
    if words:
        folded = [caseless(cell) if isinstance(cell, str) else None for cell in read.cells]
        name = table.join(x, ("text", words), {"v": ("text", folded)})
        value, needs = f"(CASE WHEN {name}.raw IS NULL THEN {lower} ELSE {name}.v END)", (name,)
    found = ReadColumn([], filled - lost, table.rows - filled + lost, 0, tidied=tidied)
    return found, TypedColumn("text", value, needs=needs)


def rows_above(
    part: Node, whole: Node, most: float, columns: Mapping[str, Column]
) -> tuple[int, int, float, float] | None:
    """Return in how many rows a part is more than ``most`` of its whole, and the first of these with both."""
    scan = next(column.rows.scan for column in columns.values() if isinstance(column, ScannedColumn))
    number = scan.dialect.number
    sql = RowSql(scan.dialect, {key: (scan.name(key), scan.columns[key]) for key in columns})
    try:
        a, b = sql.element(part), sql.element(whole)
    except NoFormError:
        return None
    least = f"{b.text} * {number(most)}"
    more = f"{a.text} > {least} AND ABS({a.text} - {least}) > {number(4e-15)} * ABS({a.text})"
    above = f"COALESCE({least} >= 0 AND {more}, FALSE)"
    count = int(Rows(scan).ask(scan.dialect.count_if(above)))
    if not count:
        return None
    place, x, y = scan.first(above, f"{a.text}, {b.text}", 1)[0]
    return count, int(place), float(x), float(y)


def derived(
    definition: InputDefinition, formula: Node, parts: Mapping[str, Column]
) -> tuple[ReadColumn, Column]:
    """Return an input that is computed row by row where all its parts have a number."""
    scan = next(column.rows.scan for column in parts.values() if isinstance(column, ScannedColumn))
    typed = {key: scan.columns[key] for key in parts}
    sql = RowSql(scan.dialect, {key: (column.value, column) for key, column in typed.items()})
    needs = tuple(dict.fromkeys(need for column in typed.values() for need in column.needs))
    try:
        made = sql.number(formula)
    except NoFormError as none:
        made = Sql(_none(scan.dialect).value, "number")
        refused: Refusal | None = Refusal(
            "no_sql_form",
            none.error.reason
            if isinstance(none.error.reason, Message)
            else Message("no_sql_form", expression=definition.key),
            None,
        )
    else:
        refused = None
    there = " AND ".join(
        [f"{c.value} IS NOT NULL" for c in typed.values()] + [f"NOT ({at})" for at, _ in made.guards]
    )
    value, rejected, scale = f"(CASE WHEN {there} THEN {made.text} END)", None, definition.scale
    if scale is not None:
        low, high = sql.dialect.number(scale.low), sql.dialect.number(scale.high)
        rejected = f"COALESCE({value} < {low} OR {value} > {high}, FALSE)"
        if definition.outside == "exclude":
            value = f"(CASE WHEN {rejected} THEN NULL ELSE {value} END)"
    scan.add(definition.key, TypedColumn("number", value, None, None, rejected, (), needs))
    used, blank, text, off = Rows(scan).cells(definition.key)
    cells = Stored(used + blank + text + off)
    if off and refused is None:
        found = scan.first(scan.name(definition.key, "r"), scan.name(definition.key), _SHOWN)
        cells.known = {int(place): as_cell(number) for place, number in found}
    read = ReadColumn(
        cells, used, blank, text, off, rejected_rows=tuple(cells.known)[: off and _SHOWN], refusal=refused
    )
    return read, ScannedColumn(Rows(scan), definition.key)


def meanings_beside(beside: StoredColumn, column: Column) -> set[str]:
    """Return what the values of a column mean in the rows in which another one has a number."""
    rows = column.selection
    if not isinstance(rows, Rows) or not isinstance(column, ScannedColumn):
        return set()
    key, scan = f" {beside.header}", rows.scan
    scan.add(key, TypedColumn("text", beside.plain))
    texts = scan.different(rows, scan.name(key), f"{scan.name(column.key)} IS NOT NULL")
    return {code for text in texts if (code := beside.meanings.get(text))}
