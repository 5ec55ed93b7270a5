"""A book into a dataset: every input tied to its cells, with where they are and what stood in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from metricsheet.binding.candidates import Found, Layout, Rows
from metricsheet.binding.cells import as_cells
from metricsheet.binding.choose import Bindings, choose
from metricsheet.binding.data_tables import AXIS_INPUTS, data_table
from metricsheet.binding.headers import AliasIndex, names_of
from metricsheet.binding.kind_words import kind_index
from metricsheet.binding.layouts import Layouts
from metricsheet.binding.looks import looks_like
from metricsheet.binding.map_target import MappingFile, check_mapping, mapping_beside, settings_for
from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import BoundInput, Dataset, DataTable, Problem, SourceDates, UnusedColumn
from metricsheet.errors import did_you_mean
from metricsheet.files.addresses import range_a1
from metricsheet.files.book import Book, as_column
from metricsheet.language.message import Message
from metricsheet.reading.header_units import header_multiplier, is_monthly_recurring, is_yearly_recurring
from metricsheet.reading.money import (
    Currencies,
    by_row,
    currencies_in_column,
    currency_columns,
    currency_of_formats,
    currency_of_header,
    is_percent_format,
    together,
    with_given,
)
from metricsheet.reading.settings import read_settings, sheets_of
from metricsheet.records import record, replace

_UNITS = {
    1e3: "unit.thousands",
    1e4: "unit.ten_thousands",
    1e6: "unit.millions",
    1e8: "unit.hundred_millions",
}

_YEAR = 12


@record
class Whole:
    """A dataset with all that it was made from: the parts of its book, and what was decided on each."""

    dataset: Dataset
    layout: Layout
    choice: Bindings


def bind(
    catalog: Catalog,
    book: Book,
    mapping: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    read: Mapping[str, str] | None = None,
    headers: AliasIndex | None = None,
    among_others: bool = False,
    layouts: Layouts | None = None,
) -> Dataset:
    """Return the inputs of ``catalog`` found in ``book``, with the tables that hold them.

    Looked at in this order: ``mapping`` (input or metric → place), the mapping file beside the data file
    ``folder`` (its own path), defined names, Excel table columns, headers, labels beside values. An input
    with two possible places, or whose cells cannot be what it needs, is in ``refused`` with the reason; the
    others are bound. ``read`` says how the file is read (``READ_KEYS``); it wins over the mapping file.
    ``headers`` is the index of the catalog where it is at hand. In a book ``among_others`` a place of
    ``mapping`` that is not there is skipped, and its input looked for as if nothing were said;
    ``layouts`` keeps what was decided for those of the same layout.

    Raises ``UsageError`` for a ``mapping`` of an unknown input and for an unknown key or value of ``read``,
    ``WorkbookError`` for a mapping file that is of no use.
    """
    index = AliasIndex(catalog) if headers is None else headers

    def found(some: Book, *, part: bool) -> Whole:
        return bind_whole(
            catalog,
            some,
            mapping,
            folder=folder,
            read=read,
            headers=index,
            among_others=among_others or part,
            layouts=layouts,
        )

    whole = found(book, part=False)
    if not read_settings(whole.layout.read).together:
        return whole.dataset
    from metricsheet.binding.sheets_together import sheets_together

    return sheets_together(whole.dataset, whole.layout, lambda some: found(some, part=True).dataset)


def bind_whole(
    catalog: Catalog,
    book: Book,
    mapping: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    read: Mapping[str, str] | None = None,
    headers: AliasIndex | None = None,
    among_others: bool = False,
    layouts: Layouts | None = None,
) -> Whole:
    """Return what ``bind`` does, with what it was made from."""
    beside = mapping_beside(folder, catalog) if folder is not None else MappingFile()
    targets = check_mapping(catalog, {**beside.mapping, **(mapping or {})})
    index = AliasIndex(catalog) if headers is None else headers
    read = {**beside.read, **(read or {})}
    settings_for(catalog, read)
    layout = Layout(book, index, read)
    if layouts is not None:
        choice, name = layouts.choose(layout, targets, among_others)
    else:
        choice, name = choose(layout, targets, among_others=among_others).choice, ""
    axes = [choice.bound[key] for key in AXIS_INPUTS if key in targets and key in choice.bound]
    inputs: dict[str, BoundInput] = {}
    tables: dict[str, DataTable] = {}
    names: dict[tuple[int, int, int, bool], str] = {}
    problems = [*book.problems]
    for key, found in choice.bound.items():
        table = None
        if found.rows is not None:
            rows = found.rows
            table = names.get(_identity(rows))
            if table is None:
                made = data_table(book.name, rows, index, axes, choice.readings.get(id(rows.region)))
                alone = layout.read_apart(rows.region.sheet)
                if alone and made.dates is not None:
                    made = replace(
                        made, dates_of=(SourceDates(book.name, made.dates, made.dates_header, alone),)
                    )
                table = _unused(made.name, rows, tables)
                names[_identity(rows)] = table
                tables[table] = replace(made, name=table)
                told = (replace(problem, table=table) for problem in rows.problems)
                problems += [p for p in told if p not in problems and p.code != "several_choices"]
        inputs[key] = _bound(catalog, layout, key, found, table)
    problems += _questions_not_read(layout, index)
    passed_over = set(targets) - set(mapping or {}) if among_others else set()
    problems += [
        one
        for one in choice.problems
        if one.code != "map_not_found" or one.inputs[0] not in passed_over or one.inputs[0] not in inputs
    ]
    if not among_others:
        problems += _sheets_not_there(layout)
    problems += _units(catalog, book, inputs)
    yearly = _yearly(catalog, inputs)
    if yearly:
        inputs |= {key: replace(inputs[key], per=_YEAR) for key in yearly}
        message = Message("yearly_recurring", inputs=yearly)
        problems.append(Problem(book.name, "unit_in_header", message, None, (), yearly))
    used = any(key in catalog.metrics or index.users.get(key) for key in inputs)
    if not used and not choice.problems and any(sheet.columns for sheet in layout.visible):
        problems.append(looks_like(layout, choice.readings))
    left = [*_unused_columns(layout, inputs, tables, choice)]
    guesses = kind_index(index).guesses([(one.column, kind) for one, kind in left]) if left else {}
    unused = [replace(one, guesses=guesses[one.column, kind]) for one, kind in left]
    parts = choice.refused, tuple(problems), tuple(unused)
    dataset = Dataset(book.name, inputs, tables, *parts, read, beside.campaigns, name)
    return Whole(dataset, layout, choice)


def _questions_not_read(layout: Layout, index: AliasIndex) -> Iterator[Problem]:
    """Yield the questions that name an input and have several answers in a row, whatever else was found."""
    for sheet in layout.visible:
        for region, _ in layout.headed_regions(sheet):
            for problem in region.problems:
                asked = problem.message.values.get("question")
                if problem.code == "several_choices" and kind_index(index).claims(str(asked)):
                    yield replace(problem, table=layout.all_rows(region).name)


def _sheets_not_there(layout: Layout) -> Iterator[Problem]:
    """Yield a problem for each sheet that ``read`` names and the book lacks."""
    for name in sheets_of(layout.read):
        if layout.sheet(name) is None:
            hint = did_you_mean(name, layout.sheets)
            yield Problem(layout.book.name, "read_not_found", Message("no_sheet", sheet=name), hint)


def _unused_columns(
    layout: Layout, inputs: Mapping[str, BoundInput], tables: Mapping[str, DataTable], choice: Bindings
) -> Iterator[tuple[UnusedColumn, str]]:
    """Yield the columns with a header, of the tables on visible sheets, that are neither input nor dates.

    Beside each stands the kind of its table, ``""`` where that is open.
    """
    used = {item.where for item in inputs.values()} | {table.dates_where for table in tables.values()}
    regions = (region for sheet in layout.visible for region, _ in layout.headed_regions(sheet))
    for region in regions:
        reading = choice.readings.get(id(region))
        kind = reading.kind.key if reading is not None and reading.kind is not None else ""
        for column, header in enumerate(region.headers) if region.kind == "table" else ():
            where = f"{layout.book.name}!{region.where(column)}"
            if header and where not in used:
                yield UnusedColumn(layout.all_rows(region).name, header, where), kind


def _identity(rows: Rows) -> tuple[int, int, int, bool]:
    return id(rows.region), rows.first, rows.count, rows.exact


def _unused(name: str, rows: Rows, tables: Mapping[str, DataTable]) -> str:
    """Return a name that no other table has."""
    return name if name not in tables else f"{name} ({range_a1(rows.region.places[0])})"


def _currencies(catalog: Catalog, key: str, found: Found, given: str) -> Currencies:
    """Return what formats, the header and a column of currencies say of amounts, else what is given."""
    definition = catalog.inputs.get(key) or catalog.metrics.get(key)
    if definition is None or definition.unit != "money":
        return ""
    rows = found.rows
    said: list[Currencies] = [currency_of_header(found.header)]
    if rows is not None:
        said.append(_currency_shown(rows, found.column))
        for beside in currency_columns(rows.region.headers, found.header):
            named = currencies_in_column(as_cells(rows.column(beside)))
            if named:
                said.append(by_row(named))
                break
    else:
        said.append(currency_of_formats(as_column(found.cells).formats))
    known = [one for one in said if one]
    if not known:
        return given
    file_says = known[0] if len(known) == 1 else together(known, len(found.cells))
    return with_given(file_says, given) if given else file_says


def _currency_shown(rows: Rows, column: int) -> Currencies:
    """Return the currency of a column by its number formats; without a look at them where none shows one."""
    if not currency_of_formats(tuple(rows.formats_among(column))):
        return ""
    return currency_of_formats(rows.formats(column))


def _percent_rows(catalog: Catalog, key: str, found: Found) -> frozenset[int]:
    """Return the cells of an input of numbers whose number format shows a percent."""
    definition = catalog.inputs.get(key)
    if definition is not None and definition.type != "number":
        return frozenset()
    rows, column = found.rows, as_column(found.cells)
    among = rows.formats_among(found.column) if rows is not None else column.formats_among
    percents = {code for code in among if is_percent_format(code)}
    if not percents:
        return frozenset()
    formats = rows.formats(found.column) if rows is not None else column.formats
    return frozenset(row for row, code in enumerate(formats[: len(found.cells)]) if code in percents)


def _bound(catalog: Catalog, layout: Layout, key: str, found: Found, table: str | None) -> BoundInput:
    book, sheet = layout.book, found.place.sheet
    return BoundInput(
        key,
        f"{book.name}!{range_a1(found.place)}",
        as_cells(found.cells),
        table,
        found.first_cell,
        found.asked,
        book.text_only,
        _currencies(catalog, key, found, layout.settings(sheet).currency),
        _percent_rows(catalog, key, found),
        layout.read_apart(sheet),
        worth=_worth(catalog, key, found),
    )


def _yearly(catalog: Catalog, inputs: Mapping[str, BoundInput]) -> tuple[str, ...]:
    """Return the inputs of recurring revenue a month for which a table has that of a year.

    Where one header of a table says so (``Opening ARR``), it holds for those that say neither (``Upsell``).
    """
    monthly = {key: item for key, item in inputs.items() if _is_monthly(catalog, key)}
    said = {key for key, item in monthly.items() if is_yearly_recurring(item.header)}
    tables = {inputs[key].table for key in said} - {None}
    silent = {
        key for key, item in monthly.items() if item.table in tables and not is_monthly_recurring(item.header)
    }
    return tuple(key for key in inputs if key in said | silent)


def _is_monthly(catalog: Catalog, key: str) -> bool:
    """Return whether an input is recurring revenue of a month by one of its names, and by none of a year."""
    names = names_of(catalog.inputs[key]) if key in catalog.inputs else ()
    return any(map(is_monthly_recurring, names)) and not any(map(is_yearly_recurring, names))


def _worth(catalog: Catalog, key: str, found: Found) -> float:
    """Return what one unit of the cells is worth by their header, of amounts also by a title or note."""
    definition = catalog.inputs.get(key) or catalog.metrics.get(key)
    if definition is None or definition.unit not in ("money", "count"):
        return 1.0
    own = header_multiplier(found.header)
    if own != 1 or definition.unit == "count" or currency_of_header(found.header):
        return own
    return next((worth for note in found.notes if (worth := header_multiplier(note)) != 1), 1.0)


def _units(catalog: Catalog, book: Book, bound: Mapping[str, BoundInput]) -> list[Problem]:
    """Return what headers such as ``Umsatz (TEUR)`` mean: amounts and counts are multiplied out."""
    units: dict[float, list[str]] = {}
    amounts: set[float] = set()
    for key, item in bound.items():
        definition = catalog.inputs.get(key)
        is_amount = definition is not None and definition.unit == "money"
        if is_amount or item.worth != 1:
            units.setdefault(item.worth, []).append(key)
            amounts |= {item.worth} if is_amount else set()
    stated = [unit for unit in units if unit != 1]
    if not stated:
        return []
    keys = tuple(key for unit in stated for key in units[unit])
    said = tuple(
        Message("inputs_in_unit", inputs=tuple(units[unit]), unit=Message(_UNITS[unit])) for unit in stated
    )
    if len(amounts) > 1:
        plain = (Message("inputs_not", inputs=tuple(units[1])),) if 1 in units else ()
        message = Message("mixed_units.headers", said=(*said, *plain))
        return [Problem(book.name, "mixed_units", message, Message("convert_units"), (), keys)]
    message = Message("unit_in_header", said=said)
    return [Problem(book.name, "unit_in_header", message, None, (), keys)]
