"""The currency of figures: those of the cells behind them, and why two make no figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import DataTable, Problem
from metricsheet.engines.selection import Selection
from metricsheet.engines.sql.table import StoredColumn
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.stored import meanings_beside
from metricsheet.language.message import Message
from metricsheet.reading.money import Currencies, currencies_in_column, currency_columns, shown_currency
from metricsheet.values import ExcelError, is_number


def currencies_in(item: PreparedInput, rows: Sequence[int] | Selection | None) -> frozenset[str]:
    """Return the currencies of the amounts in some rows (``None``: all of them), shared signs as written."""
    said = (item.bound.currencies, item.read.currencies)
    codes = {code for one in said if one for code in _codes(one, item, rows)}
    return frozenset(codes)


def _codes(said: Currencies, item: PreparedInput, rows: Sequence[int] | Selection | None) -> set[str]:
    if isinstance(said, str):
        return set(said.split())
    if isinstance(said, StoredColumn):
        return meanings_beside(said, item.column if rows is None else item.column.take(rows))
    cells = item.read.cells
    assert not isinstance(rows, Selection), "a stored column has one currency"
    chosen = range(len(cells)) if rows is None else rows
    return {code for row in chosen if is_number(cells[row]) for code in said[row].split()}


def one_of_figure(behind: Iterable[frozenset[str]]) -> str | ExcelError:
    """Return the one currency of a figure over several inputs, ``""`` where nothing says it.

    Several make no figure: then the error that stands for it.
    """
    codes = shown_currency(sorted({code for one in behind for code in one}))
    if len(codes) > 1:
        return ExcelError("#NUM!", Message("mixed_currencies", currencies=codes))
    return codes[0] if codes else ""


def currency_problems(
    catalog: Catalog, source: str, inputs: Mapping[str, PreparedInput], tables: Mapping[str, DataTable]
) -> list[Problem]:
    """Return a problem for each input whose amounts are in several currencies."""
    found = []
    for key, item in inputs.items():
        one = one_of_figure([currencies_in(item, None)]) if item.definition.unit == "money" else ""
        if isinstance(one, ExcelError):
            message = Message("of_input", input=key, reason=one.reason)
            table = tables.get(item.bound.table or "")
            columns = list(table.columns.items()) if table is not None else []
            beside = (
                columns[at] for at in currency_columns([name for name, _ in columns], item.bound.header)
            )
            named = (
                n for n, cells in beside if isinstance(cells, StoredColumn) or currencies_in_column(cells)
            )
            column = next(named, None)
            hint = Message("slice_by_currency", column=column) if column else Message("currency_apart")
            users = tuple(metric.key for metric in catalog.metrics.values() if key in metric.plan.inputs)
            found.append(Problem(source, "mixed_currencies", message, hint, users, (key,)))
    return found


def units_of_figure(worths: Mapping[str, Set[float]], amounts: Collection[str]) -> ExcelError | None:
    """Return why inputs make no figure: by headers, some amounts, or counts of one input, are in thousands.

    ``worths`` are the units of each input, of which the ``amounts`` must be of one.
    """
    several = {key: found for key, found in worths.items() if len(found) > 1 and key not in amounts}
    if len(set().union(*(worths[key] for key in amounts))) > 1:
        several = {key: worths[key] for key in amounts}
    if not several:
        return None
    told = tuple(f"{key} × {unit:,.0f}" for key, found in several.items() for unit in sorted(found))
    return ExcelError("#NUM!", Message("mixed_units.figure", said=told))
