"""Rows that say two things at once: a customer who has not left, with a date on which they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.table_kinds import PAST, Contradiction
from metricsheet.dataset import Dataset, Problem
from metricsheet.engines.sql.scan import Rows
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import PreparedInput, cell_address, definition_of, prepare_one
from metricsheet.evaluation.stored_rows import StoredRows
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.message import Message, all_of
from metricsheet.language.option import option
from metricsheet.values import Cell, is_number
from metricsheet.values.dates import from_serial
from metricsheet.values.folding import caseless, fold

Which: TypeAlias = "Sequence[int] | str"
"""Rows by their number, in a stored table by the condition that they meet."""


def contradictions(
    catalog: Catalog,
    dataset: Dataset,
    inputs: Mapping[str, PreparedInput],
    tables: Iterable[TableRows],
    options: RunOptions,
) -> Iterator[Problem]:
    """Yield a problem for each table in which a flag says no and a column beside it something else.

    ``inputs`` are those that metrics read: only their flags are looked at.
    """
    for grouped in tables:
        taken = grouped.table.taken_for
        kind = catalog.tables.get(taken.kind) if taken is not None else None
        rules = [rule for rule in kind.contradicts if rule.flag in inputs] if kind is not None else []
        if not rules:
            continue
        asked = {key for rule in rules for key in (rule.flag, rule.column)}
        here = {
            key: inputs.get(key) or prepare_one(catalog, bound, options)
            for key, bound in dataset.inputs.items()
            if bound.table == grouped.table.name
            and (key in asked or definition_of(catalog, key).type == "date")
        }
        found: dict[str, list[tuple[Contradiction, Which]]] = {}
        for rule in rules:
            if all(key in here and here[key].refusal is None for key in (rule.flag, rule.column)):
                rows = _rows(rule, here, grouped)
                if rows:
                    found.setdefault(rule.flag, []).append((rule, rows))
        for flag, against in found.items():
            count, first = _counted(grouped, [some for _, some in against])
            bound = here[flag].bound
            message = Message(
                "flag_contradicted",
                count=count,
                table=grouped.table.name,
                column=bound.header,
                others=all_of([here[rule.column].bound.header for rule, _ in against]),
                first=cell_address(bound, first),
            )
            leave_out = option("where", *(_where(rule, here, grouped, some) for rule, some in against))
            hint = Message("leave_rows_out", option=leave_out)
            yield Problem(dataset.source, "flag_contradicted", message, hint, (), (flag,))


def _rows(rule: Contradiction, here: Mapping[str, PreparedInput], grouped: TableRows) -> Which:
    """Return the rows that count, say no, and say otherwise in the column beside; of a stored table which."""
    newest = _newest(rule, here, grouped) if rule.says == PAST else None
    if rule.says == PAST and newest is None:
        return []
    if isinstance(grouped, StoredRows):
        flag, column = (grouped.scan.name(key) for key in (rule.flag, rule.column))
        says = f"{column} < {grouped.scan.dialect.number(newest)}" if newest is not None else "FALSE"
        if newest is None and grouped.scan.columns[rule.column].kind == "text":
            says = f"{column} = {grouped.scan.dialect.literal(caseless(rule.says))}"
        met = f"COALESCE({flag} = 0 AND {says}, FALSE)"
        return met if Rows(grouped.scan).ask(grouped.scan.dialect.count_if(met)) else []
    flags, beside = here[rule.flag].read.cells, here[rule.column].read.cells
    if newest is None:
        return [row for row in grouped.counted() if flags[row] == 0 and beside[row] == rule.says]
    return [row for row in grouped.counted() if flags[row] == 0 and _is_before(beside[row], newest)]


def _counted(grouped: TableRows, several: Sequence[Which]) -> tuple[int, int]:
    """Return how many rows there are, each once, and the first of them."""
    if isinstance(grouped, StoredRows):
        met = " OR ".join(str(one) for one in several)
        return int(Rows(grouped.scan).ask(grouped.scan.dialect.count_if(met))), int(
            grouped.scan.first(met, "1", 1)[0][0]
        )
    rows = {row for some in several for row in some}
    return len(rows), min(map(int, rows))


def _is_before(cell: Cell, day: float) -> bool:
    return is_number(cell) and cell < day


def _newest(rule: Contradiction, here: Mapping[str, PreparedInput], grouped: TableRows) -> float | None:
    """Return the newest day that the table knows to be over.

    Those are its other dates, and the dates of rows whose flag agrees: an end that is planned lies ahead.
    """
    if isinstance(grouped, StoredRows):
        flag, column = (grouped.scan.name(key) for key in (rule.flag, rule.column))
        others_of = [
            grouped.scan.name(key)
            for key, item in here.items()
            if item.definition.type == "date" and key != rule.column
        ]
        if grouped.dates is not None and grouped.table.dates_header != here[rule.column].bound.header:
            others_of.append("m")
        ends = [
            grouped.scan.dialect.over("MAX({x})", column, f"{flag} = 1"),
            *(f"MAX({name})" for name in others_of),
        ]
        days = [day for end in ends if (day := Rows(grouped.scan).ask(end, None)) is not None]
        return max(days, default=None)
    flags, beside = here[rule.flag].read.cells, here[rule.column].read.cells
    known: list[Cell] = [beside[row] for row in grouped.counted() if flags[row] == 1]
    others: list[Sequence[Cell]] = [
        item.read.cells for key, item in here.items() if item.definition.type == "date" and key != rule.column
    ]
    if grouped.dates is not None and grouped.table.dates_header != here[rule.column].bound.header:
        others.append(grouped.dates)
    known += (cells[row] for cells in others for row in grouped.counted())
    return max(filter(is_number, known), default=None)


def _where(rule: Contradiction, here: Mapping[str, PreparedInput], grouped: TableRows, rows: Which) -> str:
    """Return the condition that leaves the rows out."""
    denied = _equals(here[rule.flag], rows)
    column = here[rule.column]
    newest = _newest(rule, here, grouped) if rule.says == PAST else None
    if newest is None:
        said = _equals(column, rows)
    else:
        said = f'{_name(column)} < "{from_serial(newest).date().isoformat()}"'
    return f"NOT(AND({denied}, {said}))"


def _equals(item: PreparedInput, rows: Which) -> str:
    """Return the condition that a column says what it says in ``rows``, in its own spellings."""
    different: dict[Cell, Cell] = {}
    cells = item.bound.cells
    if isinstance(rows, str):
        assert isinstance(cells, StoredColumn)
        said = cells.table.scan.spellings(rows, cells.plain)
    else:
        said = [cells[row] for row in rows]
    for cell in said:
        different.setdefault(fold(cell) if isinstance(cell, str) else cell, cell)
    tests = [f"{_name(item)} = {_literal(cell)}" for cell in different.values()]
    return tests[0] if len(tests) == 1 else f"OR({', '.join(tests)})"


def _literal(cell: Cell) -> str:
    if isinstance(cell, str):
        return '"' + cell.strip().replace('"', '""') + '"'
    return str(cell).upper() if isinstance(cell, bool) else f"{cell:.15g}"


def _name(item: PreparedInput) -> str:
    header = item.bound.header
    return header if header.isidentifier() else f"[{header.replace(']', ']]')}]"
