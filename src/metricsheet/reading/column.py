"""What reading a column gives, and the steps that all types of input share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from metricsheet.catalog.definitions import InputDefinition, Scale
from metricsheet.engines.columns import ColumnStats
from metricsheet.language.message import Message
from metricsheet.reading.money import Currencies, by_row
from metricsheet.reading.refusal import Refusal
from metricsheet.records import field, record
from metricsheet.values import NUM, Cell, ExcelError
from metricsheet.values.coded import Coded, different

if TYPE_CHECKING:
    from metricsheet.reading.date_text import DateOrder
    from metricsheet.reading.numerals_text import DecimalMark
    from metricsheet.reading.scales import GivenScale

NUMBERS = frozenset({float, int})
NUMBERS_OR_BLANK = frozenset({float, int, type(None)})


@record
class ReadRequest:
    """One call of ``read_input``: what the input is, and what the caller knows beside the cells.

    ``kinds`` are the types of the cells, where the caller has looked.
    """

    definition: InputDefinition
    text_only: bool = False
    header: str = ""
    given: GivenScale | None = None
    decimal_mark: DecimalMark | None = None
    date_order: DateOrder | None = None
    kinds: frozenset[type] | None = None
    percent_rows: Set[int] = frozenset()


@record
class ReadColumn:
    """A column of typed values: ``used + blank + text + rejected`` is the number of cells.

    ``used`` counts error cells too, because an error carries over to the metric: ``error_rows`` names them.
    ``rejected_rows`` are the rows (from 0) off the scale; there ``cells`` holds ``None`` where the input
    excludes them, else the value as it stands. ``read_from_text`` counts values written as text and
    understood, ``tidied`` texts that had blanks around them or another width. ``scale`` is the one that the
    answers are on where rules made for the declared one do not hold on it; ``grouped`` says that some cells
    name only the group of an answer, ``settled`` that somebody said on which scale they are. ``currencies``
    are those that texts name. ``refusal`` says why the column as a whole cannot be used; then the counts
    tell what was readable before that. ``note`` says what was decided by looking at the whole column.
    ``known`` spares a ``Column`` of the cells another look.
    """

    cells: Sequence[Cell]
    used: int
    blank: int
    text: int
    rejected: int = 0
    read_from_text: int = 0
    rejected_rows: tuple[int, ...] = ()
    error_rows: tuple[int, ...] = ()
    refusal: Refusal | None = None
    note: Message | None = None
    known: ColumnStats | None = field(default=None, compare=False, repr=False)
    tidied: int = 0
    scale: Scale | None = None
    grouped: bool = False
    settled: bool = False
    currencies: Currencies = ""


def tally_texts(cells: Sequence[Cell], kinds: Set[type]) -> Counter[str]:
    """Return how often each text is in ``cells``; ``kinds`` are the types of its cells."""
    if isinstance(cells, Coded):
        return Counter({cell: times for cell, times in cells.tally().items() if cell.__class__ is str})
    if kinds == {str}:
        return Counter(cells)  # type: ignore[arg-type]  # all of them are text
    if str not in kinds:
        return Counter()
    return Counter([cell for cell in cells if cell.__class__ is str])


def convert(
    cells: Sequence[Cell],
    kinds: Set[type],
    texts: Mapping[str, Cell],
    logical: Callable[[bool], Cell],
) -> Sequence[Cell]:
    """Return ``cells`` with every text replaced by its value in ``texts`` and logicals by ``logical``.

    Not-a-number cells become blank, infinite ones ``#NUM!``. Numbers and errors stay.
    """
    if isinstance(cells, Coded):
        values = list(cells.tally())
        by_cell = dict(zip(values, convert(values, set(map(type, values)), texts, logical), strict=True))
        return cells.mapped(by_cell.__getitem__)
    if kinds == {str}:
        return list(map(texts.__getitem__, cells))  # type: ignore[arg-type]
    if kinds <= NUMBERS_OR_BLANK | {str}:
        replaced = [texts[c] if c.__class__ is str else c for c in cells]
        odd = has_odd_numbers(numbers_in(replaced))
        return list(map(finite, replaced)) if odd else replaced
    found: list[Cell] = []
    for cell in cells:
        if isinstance(cell, str):
            found.append(texts[cell])
        elif isinstance(cell, bool):
            found.append(logical(cell))
        else:
            found.append(finite(cell))
    return found


def numbers_in(cells: Sequence[Cell]) -> Sequence[float]:
    """Return the plain numbers of ``cells``, without logicals."""
    if isinstance(cells, Coded) and NUMBERS.isdisjoint(map(type, cells.tally())):
        return ()
    if set(map(type, cells)) == {float}:
        return cells  # type: ignore[return-value]  # nothing is to be taken out
    return [cell for cell in cells if cell.__class__ in NUMBERS]  # type: ignore[misc]


def has_odd_numbers(numbers: Sequence[float]) -> bool:
    """Return whether some number is not finite: not a number, or infinite."""
    try:
        total = sum(numbers)
        return total - total != 0 and any(n - n != 0 for n in numbers)
    except OverflowError:
        return True


def finite(cell: Cell) -> Cell:
    """Return ``cell`` with a not-a-number as blank, an infinite number as ``#NUM!``, a logical as text.

    A subclass of float, such as numpy's, becomes a plain float; any other object its text.
    """
    if cell is None or isinstance(cell, (str, ExcelError)):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return str(cell)
    except OverflowError:
        number = float("inf")
    if number != number:
        return None
    if number in (float("inf"), float("-inf")):
        return ExcelError(NUM, Message("number_too_large"))
    return cell if cell.__class__ in NUMBERS else number


def count_cells(cells: Sequence[Cell], *, text_is_used: bool = False) -> tuple[int, int, int]:
    """Return how many of ``cells`` are used, blank, and text left unread."""
    kinds: Counter[type] = Counter()
    if isinstance(cells, Coded):
        for cell, times in cells.tally().items():
            kinds[type(cell)] += times
    else:
        kinds.update(map(type, cells))
    blank = kinds[type(None)]
    text = 0 if text_is_used else kinds[str]
    return len(cells) - blank - text, blank, text


def rows_of_errors(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Return the rows that hold an error value."""
    if ExcelError not in set(map(type, different(cells))):
        return ()
    return tuple(row for row, cell in enumerate(cells) if isinstance(cell, ExcelError))


def joined_columns(columns: Sequence[ReadColumn]) -> ReadColumn:
    """Return columns of several sources, each read by itself, as one; answers of two scales are refused."""
    cells: list[Cell] = []
    rejected: list[int] = []
    errors: list[int] = []
    currencies: list[str] = []
    for column in columns:
        rejected += [len(cells) + row for row in column.rejected_rows]
        errors += [len(cells) + row for row in column.error_rows]
        said = column.currencies
        currencies += [said] * len(column.cells) if isinstance(said, str) else said
        cells += column.cells
    held = [column for column in columns if column.used]
    scales = {str(column.scale) for column in held}
    refusal = None
    if len(scales) > 1:
        refusal = Refusal("which_scale", Message("scales_of_sources"), Message("one_scale_a_pool"))
    return ReadColumn(
        cells,
        sum(column.used for column in columns),
        sum(column.blank for column in columns),
        sum(column.text for column in columns),
        sum(column.rejected for column in columns),
        sum(column.read_from_text for column in columns),
        tuple(rejected),
        tuple(errors),
        refusal,
        next((column.note for column in columns if column.note is not None), None),
        tidied=sum(column.tidied for column in columns),
        scale=next((column.scale for column in held if column.scale is not None), None),
        grouped=any(column.grouped for column in columns),
        settled=all(column.settled for column in held),
        currencies=by_row(currencies),
    )
