"""A dataset's raw cells into typed columns, once for all metrics, with the problems found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from sys import float_info

from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.dataset import FILE_COLUMN, BoundInput, Dataset, OtherRow, Problem
from metricsheet.engines.columns import Column
from metricsheet.engines.groups import taken
from metricsheet.engines.selection import Selection, Stored
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import InputUse
from metricsheet.evaluation.stored import read_stored
from metricsheet.files.addresses import a1, parse_a1
from metricsheet.formula.ast import Binary, Name, Text, walk
from metricsheet.formula.plan import Plan
from metricsheet.language.message import Message, and_more
from metricsheet.precision import in_15_digits
from metricsheet.reading.column import count_cells, joined_columns
from metricsheet.reading.inputs import ReadColumn, read_input
from metricsheet.reading.money import by_row
from metricsheet.reading.settings import read_settings
from metricsheet.records import record, replace
from metricsheet.values import Cell, ExcelError, is_number
from metricsheet.values.folding import fold

_SHOWN_WORDS = 4


@record
class Gap:
    """Rows of a pool over which an input has no figure, and why; without rows nobody knows which they are."""

    rows: range
    error: ExcelError

    def stops(self, key: Sequence[tuple[str, str]], rows: Sequence[int] | Selection | None) -> bool:
        """Return whether a slice that has these ``rows`` (``None``: all) has no figure for it."""
        if rows is None or isinstance(rows, Selection):
            return True
        if not self.rows:
            return all(name != FILE_COLUMN for name, _ in key)
        return any(row in self.rows for row in rows)


@record
class PreparedInput:
    """A bound input after reading: its typed column, and why it cannot be used at all (``refusal``).

    ``left_out`` are the rows of its table that are no data. In a pool ``parts`` are what was read of each
    source, and ``gaps`` the rows of sources that lack it or in which it cannot be used. ``worths`` are the
    units in which headers give amounts (1000 under ``Revenue (k$)``), by the rows that they are over.
    ``derived_from`` are the bound inputs from which one without a column of its own was computed.
    """

    definition: InputDefinition
    bound: BoundInput
    read: ReadColumn
    column: Column
    refusal: ExcelError | None
    left_out: tuple[OtherRow, ...] = ()
    parts: tuple[PreparedInput, ...] = ()
    gaps: tuple[Gap, ...] = ()
    worths: tuple[tuple[range, float], ...] = ()
    derived_from: tuple[str, ...] = ()

    def worths_in(self, rows: Sequence[int] | Selection | None) -> frozenset[float]:
        """Return the units in which headers give the amounts in ``rows`` (``None``: all)."""
        few = None if isinstance(rows, Selection) else rows
        held = (worth for part, worth in self.worths if few is None or any(row in part for row in few))
        return frozenset(held)

    @property
    def use(self) -> InputUse:
        """Return the counts of cells over the whole range."""
        r = self.read
        return InputUse(
            self.bound.key,
            self._where,
            r.used,
            r.blank - self._between,
            r.text,
            r.rejected,
            r.read_from_text,
            len(self.left_out),
            r.tidied,
            self.derived_from,
        )

    def error_at(self, row: int) -> ExcelError:
        """Return the error cell in a row, with its place."""
        cell, where = self.read.cells[row], cell_address(self.bound, row)
        assert isinstance(cell, ExcelError)
        said = cell.reason or Message("error_cell", input=self.bound.key, cell=where, error=cell.code)
        return ExcelError(cell.code, said)

    @property
    def _where(self) -> str:
        """The place of its cells, or the formula that gave them."""
        formula = self.definition.derived if self.derived_from else None
        return self.bound.where if formula is None else formula.text

    @property
    def _between(self) -> int:
        """The number of cells that are blank because their row was left out."""
        return sum(row.row < len(self.read.cells) for row in self.left_out)

    def use_in(self, rows: Sequence[int] | Selection | None) -> InputUse:
        """Return the counts over some rows; ``None`` means all of them."""
        if rows is None or len(rows) == len(self.read.cells) - self._between:
            return self.use
        if isinstance(rows, Selection):
            use = InputUse(self.bound.key, self._where, *rows.cells(self.bound.key))
            return replace(use, derived_from=self.derived_from)
        rejected = set(self.read.rejected_rows).intersection(rows) if self.read.rejected_rows else ()
        cells = (
            [self.read.cells[row] for row in rows if row not in rejected]
            if rejected
            else taken(self.read.cells, rows)
        )
        used, blank, text = count_cells(cells, text_is_used=self.definition.type == "text")
        use = InputUse(self.bound.key, self._where, used, blank, text, len(rejected))
        return replace(use, derived_from=self.derived_from)


def prepare(
    catalog: Catalog, dataset: Dataset, options: RunOptions, wanted: Iterable[str]
) -> tuple[dict[str, PreparedInput], list[Problem]]:
    """Read the wanted inputs of ``dataset``; return them by key, and a problem for each oddity."""
    prepared: dict[str, PreparedInput] = {}
    problems: list[Problem] = []
    for key in wanted:
        bound = dataset.inputs.get(key)
        if bound is None:
            continue
        table = dataset.tables.get(bound.table) if bound.table is not None else None
        item = prepare_one(catalog, bound, options)
        if table is not None and table.left_out:
            item = replace(item, left_out=table.left_out)
        prepared[key] = item
        told = [*zip(_sources(dataset, item), item.parts or (item,), strict=True)]
        if item.parts and item.read.refusal is not None:
            told.append((dataset.source, item))
        for source, one in told:
            if one.read.refusal or one.definition.means or _is_odd(one):
                users = tuple(m.key for m in catalog.metrics.values() if key in m.plan.inputs)
                problems += _problems(source, one, users)
    return prepared, problems


def reading_notices(source: str, inputs: Iterable[PreparedInput]) -> list[Problem]:
    """Return what the reader of figures may want to know of amounts in which nothing is wrong."""
    found = []
    for item in inputs:
        definition, read = item.definition, item.read
        if definition.unit != "money" or read.refusal is not None:
            continue
        below, total = item.column.below_zero()
        if below and below < read.used:
            key = item.bound.key
            total = max(total, -float_info.max)  # finite in every report
            message = Message("negative_rows", count=below, cells=read.used, input=key, total=total)
            found.append(Problem(source, "negative_rows", message, None, (), (key,)))
    return found


def _is_odd(item: PreparedInput) -> bool:
    read = item.read
    counted = bool(read.rejected or read.text or read.error_rows) or not read.used
    return counted or read.scale is not None or read.grouped or read.note is not None


def prepare_one(
    catalog: Catalog, bound: BoundInput, options: RunOptions, kinds: frozenset[type] | None = None
) -> PreparedInput:
    """Read one bound input under the scale in force; ``kinds`` are the types of its cells, where known."""
    if bound.parts:
        return _pooled(catalog, bound, options)
    definition = definition_of(catalog, bound.key)
    reading = read_settings(bound.read) if bound.read else options.reading

    def read_cells(cells: Sequence[Cell]) -> ReadColumn:
        return read_input(
            definition,
            cells,
            text_only=bound.text_only,
            header=bound.header,
            given_scale=reading.scales.get(bound.key),
            decimal_mark=reading.decimal_mark,
            date_order=reading.date_order,
            kinds=kinds,
            percent_rows=bound.percent_rows,
        )

    worth, factor = bound.worth, bound.worth / bound.per
    if isinstance(bound.cells, StoredColumn):
        read, column = read_stored(definition, bound.cells, read_cells, factor, text_only=bound.text_only)
    else:
        read = read_cells(bound.cells)
        if factor != 1:
            cells = [in_15_digits(cell * factor) if is_number(cell) else cell for cell in read.cells]
            read = replace(read, cells=cells, known=None)
        column = Column(read.cells, read.known)
    refusal = refusal_of(definition, bound, read)
    worths = ((range(len(read.cells)), worth),)
    return _unmet(catalog, PreparedInput(definition, bound, read, column, refusal, worths=worths))


def _sources(dataset: Dataset, item: PreparedInput) -> list[str]:
    """Return the source of each part of an input, or that of all of it."""
    return [part.source for part in item.bound.parts if part.bound is not None] or [dataset.source]


def _pooled(catalog: Catalog, bound: BoundInput, options: RunOptions) -> PreparedInput:
    """Return an input of a pool: each source is read by itself, and what it gives is joined."""
    parts: list[PreparedInput] = []
    gaps: list[Gap] = []
    reads: list[ReadColumn] = []
    worths: list[tuple[range, float]] = []
    start = 0
    for part in bound.parts:
        rows = range(start, start + part.rows)
        start += part.rows
        if part.bound is None:
            reads.append(ReadColumn([None] * part.rows, 0, part.rows, 0))
            gaps.append(Gap(rows, ExcelError("#N/A", part.lacking or "")))
            continue
        item = prepare_one(catalog, part.bound, options)
        parts.append(item)
        reads.append(item.read)
        worths += [(rows, worth) for _, worth in item.worths]
        if item.refusal is not None:
            reason = Message("of_source", source=part.source, reason=item.refusal.reason)
            gaps.append(Gap(rows, ExcelError(item.refusal.code, reason)))
    read = joined_columns(reads)
    named = replace(bound, currencies=by_row(_currencies(bound)))
    refusal = ExcelError("#NUM!", read.refusal.message) if read.refusal is not None else None
    definition, column = definition_of(catalog, bound.key), Column(read.cells)
    return PreparedInput(
        definition, named, read, column, refusal, (), tuple(parts), tuple(gaps), tuple(worths)
    )


def _currencies(bound: BoundInput) -> list[str]:
    """Return the currency that the sources of a pool say, for every row."""
    found: list[str] = []
    for part in bound.parts:
        said = part.bound.currencies if part.bound is not None else ""
        found += [said] * part.rows if isinstance(said, str) else said
    return found


def answers_unfit(
    item: PreparedInput, plan: Plan, column: Column, rows: Sequence[int] | Selection | None
) -> ExcelError | None:
    """Return why a formula has no meaning over answers on another scale, or of which only groups are known.

    A formula that picks answers by their number is made for one scale; a mean of groups is none of answers.
    The answers in ``column``, those of a slice where ``rows`` are given, may be on another scale than all.
    """
    read, key = item.read, item.bound.key
    if item.definition.scale is not None and rows is not None and not read.settled:
        from metricsheet.reading.scales import scale_in_slice

        question = scale_in_slice(item.definition, column)
        if question is not None:
            return ExcelError("#NUM!", Message("of_input", input=key, reason=question))
    if read.scale is None and not read.grouped:
        return None
    alone = [p for p in plan.primitives if isinstance(p.expr, Name) and p.expr.name == key]
    if read.grouped and any(p.kind not in ("rows", "count", "counta", "countblank") for p in alone):
        return ExcelError("#NUM!", Message("groups_have_no_mean", input=key))
    picked = any(key in p.columns and p not in alone for p in plan.primitives)
    asked = any(
        isinstance(node, Name) and node.name == key
        for p in alone
        for c in p.conditions
        for node in walk(c.expr)
    )
    if read.scale is not None and (picked or asked):
        declared = str(item.definition.scale)
        message = Message("rule_for_scale", input=key, scale=declared, found=str(read.scale))
        return ExcelError("#NUM!", message)
    return None


def definition_of(catalog: Catalog, key: str) -> InputDefinition:
    """Return the definition of an input, or one made for a metric or parameter given ready-made."""
    found = catalog.inputs.get(key)
    if found is not None:
        return found
    metric = catalog.metrics.get(key)
    if metric is not None:
        return InputDefinition(key=key, label=metric.label, unit=metric.unit, over_time="last", finished=True)
    return InputDefinition(key=key, label={"en": key}, type="date")


def refusal_of(definition: InputDefinition, bound: BoundInput, read: ReadColumn) -> ExcelError | None:
    """Return the error that every metric on this column gives, or ``None`` when the column can be used."""
    if read.refusal is not None:
        return ExcelError("#NUM!", read.refusal.message)
    if read.rejected and definition.outside == "refuse":
        return ExcelError("#NUM!", _off_scale(definition, bound, read))
    return None


def _unmet(catalog: Catalog, item: PreparedInput) -> PreparedInput:
    """Return the input, refused where it holds unknown words and not one that a formula asks for.

    A sum over rows that say ``active`` would be 0 where they say it in words that nobody knows.
    """
    definition = item.definition
    if definition.type != "text" or not definition.means or item.refusal is not None:
        return item
    words = unknown_words(item)
    asked = words_asked(catalog, definition.key) if words else frozenset()
    if not asked or any(isinstance(cell, str) and fold(cell) in asked for cell in item.column.tally()):
        return item
    return replace(item, refusal=ExcelError("#VALUE!", _unknown("words_not_met", item, words)))


def unknown_words(item: PreparedInput) -> dict[str, int]:
    """Return the words of a column of which nobody said what they mean, with how often each is there."""
    means = item.definition.means
    known = {*means, *map(fold, means.values())}
    cells = item.column.tally().items()
    return {cell: count for cell, count in cells if isinstance(cell, str) and fold(cell) not in known}


def words_asked(catalog: Catalog, key: str) -> frozenset[str]:
    """Return the folded texts that formulas compare an input with."""
    found = set()
    for metric in catalog.metrics.values():
        for node in walk(metric.plan.ast) if key in metric.plan.inputs else ():
            if isinstance(node, Binary) and node.op == "=":
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(one, Name) and one.name == key and isinstance(other, Text):
                        found.add(fold(other.value))
    return frozenset(found)


def _unknown(key: str, item: PreparedInput, words: Mapping[str, int]) -> Message:
    shown = and_more([f"{word} ({count})" for word, count in words.items()], _SHOWN_WORDS)
    return Message(key, input=item.bound.key, words=shown)


def _off_scale(definition: InputDefinition, bound: BoundInput, read: ReadColumn) -> Message:
    named = [_cell_named(bound, row) for row in read.rejected_rows[:3]]
    named += ["…"] if read.rejected > len(named) else []
    whole = definition.scale is not None and definition.scale.whole
    return Message(
        "out_of_scale.whole" if whole else "out_of_scale.any",
        count=read.rejected,
        cells=len(bound.cells),
        input=definition.key,
        scale=str(definition.scale),
        which=tuple(named),
    )


def _shown(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, (int, float)) else str(cell)


def _cell_named(bound: BoundInput, row: int) -> str | Message:
    """Return a cell and what it holds: ``Survey!C7 = 11``."""
    cell, value = cell_address(bound, row), _shown(bound.cells[row])
    return f"{cell} = {value}" if isinstance(cell, str) else Message("cell_holds", cell=cell, value=value)


def cell_address(bound: BoundInput, row: int) -> str | Message:
    """Return the address of a cell of a bound column, such as ``Survey!C7``; ``row`` counts from 0.

    Of cells that were handed in without their place it is their number.
    """
    place = parse_a1(bound.first_cell) if bound.first_cell else None
    if place is None:
        return Message("cell_number", number=row + 1)
    down, aside = divmod(row, bound.across)
    return a1(place.sheet, place.top + down, place.left + aside)


def _problems(source: str, item: PreparedInput, metrics: tuple[str, ...]) -> list[Problem]:
    bound, read, definition = item.bound, item.read, item.definition
    key = bound.key

    def problem(code: str, message: Message, hint: Message | None) -> Problem:
        return Problem(source, code, message, hint, metrics, (key,))

    if read.refusal is not None:
        message = read.refusal.message
        if read.refusal.text in bound.cells:
            where = cell_address(bound, bound.cells.index(read.refusal.text))
            message = Message("at_cell", cell=where, reason=message)
        return [problem(read.refusal.code, message, read.refusal.hint)]
    found = []
    words = unknown_words(item) if definition.type == "text" and definition.means else {}
    if words and item.refusal is not None:
        found.append(
            problem("words_not_met", _unknown("words_not_met", item, words), Message("say_in_words"))
        )
    elif words:
        found.append(
            problem("unknown_words", _unknown("words_unknown", item, words), Message("say_in_words"))
        )
    if not read.used and not read.rejected and not read.text:
        template = "no_values.blank" if bound.cells else "no_values.no_rows"
        message = Message(template, input=key, where=bound.where, cells=len(bound.cells))
        found.append(problem("no_values", message, Message("fill_or_map")))
    if read.rejected:
        left_out = definition.outside == "exclude"
        off_scale = _off_scale(definition, bound, read)
        found.append(
            problem(
                "out_of_scale",
                Message("and_left_out", problem=off_scale) if left_out else off_scale,
                None if left_out else Message("exclude_or_correct", input=key),
            )
        )
    if read.note is not None and read.note.code == "losses_by_size":
        message = Message("of_input", input=key, reason=read.note)
        found.append(problem("losses_by_size", message, None))
    if read.scale is not None or read.grouped:
        code = "other_scale" if read.scale is not None else "groups_only"
        message = Message(code, input=key, scale=str(read.scale), declared=str(definition.scale))
        found.append(problem(code, message, None))
    if read.error_rows:
        row = read.error_rows[0]
        found.append(
            problem(
                "error_cells",
                Message(
                    "error_cells",
                    count=len(read.error_rows),
                    cells=len(bound.cells),
                    input=key,
                    first=cell_address(bound, row),
                ),
                Message("fix_formula"),
            )
        )
    if read.text and definition.type != "text" and definition.words is None:
        row = (
            read.cells.first_text
            if isinstance(read.cells, Stored)
            else next(i for i, c in enumerate(read.cells) if isinstance(c, str))
        )
        found.append(
            problem(
                "text_in_numbers",
                Message(
                    "text_in_numbers",
                    count=read.text,
                    cells=len(bound.cells),
                    input=key,
                    first=cell_address(bound, row),
                    text=str(bound.cells[row]),
                ),
                Message("clear_text"),
            )
        )
    return found
