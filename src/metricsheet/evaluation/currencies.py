"""The currency of figures: those of the cells behind them, and why two make no figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Problem
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.language.message import Message
from metricsheet.reading.header_units import header_multiplier
from metricsheet.reading.money import Currencies, shown_currency
from metricsheet.values import ExcelError, is_number


def is_said(item: PreparedInput) -> bool:
    """Return whether the file says in which currency the amounts of an input are."""
    return item.definition.unit == "money" and bool(item.bound.currencies or item.read.currencies)


def currencies_in(item: PreparedInput, rows: Sequence[int] | None) -> set[str]:
    """Return the currencies of the amounts in some rows (``None``: all of them), shared signs as written."""
    found: set[str] = set()
    for said in (item.bound.currencies, item.read.currencies):
        found |= _codes(said, item, rows)
    found.discard("")
    return found


def _codes(said: Currencies, item: PreparedInput, rows: Sequence[int] | None) -> set[str]:
    if isinstance(said, str):
        return set(said.split())
    cells = item.read.cells
    chosen = range(len(cells)) if rows is None else rows
    return {code for row in chosen if is_number(cells[row]) for code in said[row].split()}


def one_of_figure(found: Iterable[str]) -> str | ExcelError:
    """Return the one currency of a figure, ``""`` where nothing says it, or why several make none."""
    codes = shown_currency(sorted(found))
    if len(codes) > 1:
        return ExcelError("#NUM!", Message("mixed_currencies", currencies=codes))
    return codes[0] if codes else ""


def currency_problems(catalog: Catalog, source: str, inputs: Mapping[str, PreparedInput]) -> list[Problem]:
    """Return a problem for each input whose amounts are in several currencies."""
    found = []
    for key, item in inputs.items():
        codes = shown_currency(sorted(currencies_in(item, None))) if is_said(item) else ()
        if len(codes) > 1:
            message = Message("of_input", input=key, reason=Message("mixed_currencies", currencies=codes))
            hint = Message("slice_by_currency")
            users = tuple(metric.key for metric in catalog.metrics.values() if key in metric.plan.inputs)
            found.append(Problem(source, "mixed_currencies", message, hint, users, (key,)))
    return found


def header_units(inputs: Mapping[str, PreparedInput]) -> tuple[frozenset[str], dict[str, float]]:
    """Return the inputs that are amounts, and what one of an amount is worth where headers say thousands."""
    amounts = {key: item.bound.header for key, item in inputs.items() if item.definition.unit == "money"}
    worth = {key: header_multiplier(header) for key, header in amounts.items()}
    return frozenset(amounts), {key: unit for key, unit in worth.items() if unit != 1}


def units_of_figure(units: Mapping[str, float]) -> ExcelError | None:
    """Return why amounts make no figure: by their headers, some are in thousands and others are not."""
    if len(set(units.values())) < 2:
        return None
    told = tuple(f"{key} × {unit:,.0f}" for key, unit in units.items())
    return ExcelError("#NUM!", Message("mixed_units.figure", said=told))
