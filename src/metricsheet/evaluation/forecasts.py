"""Everything in a source that a forecast can be made of, and the forecast as an input of metrics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import BoundInput, Dataset, DataTable
from metricsheet.evaluation.contracts_forecast import contract_forecasts
from metricsheet.evaluation.ledger_table import Ledgers
from metricsheet.evaluation.lifetime import USUAL_MONTHS, Lifetime
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.orders_forecast import orders_forecast
from metricsheet.evaluation.prepare import prepare_one
from metricsheet.evaluation.stored_rows import is_stored
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.message import Message
from metricsheet.records import replace
from metricsheet.values import Cell, is_number
from metricsheet.values.dates import to_serial

MODELLED, MODELLED_CUSTOMERS = "modelled_clv", "modelled_customers"
"""The inputs that hold what a new customer is expected to bring, and how many customers say so."""


def lifetimes(
    catalog: Catalog, whole: Dataset, ledgers: Ledgers, tables: Mapping[str, TableRows], options: RunOptions
) -> tuple[Lifetime, ...]:
    """Return the forecasts of the subscriptions and of the list of orders, or one that says why not.

    They are over the rows that ``options`` ask for, ``ledgers`` are those of the ``whole`` dataset.
    """
    given = {
        key: float(cell)
        for key in ("horizon", "discount_rate", "gross_margin")
        if key in options.constants
        if is_number(cell := prepare_one(catalog, whole.inputs[key], options).read.cells[0])
    }
    found = Lifetime(
        whole.source,
        months=int(given.get("horizon", USUAL_MONTHS)),
        stated="horizon" in given,
        rate=given.get("discount_rate", 0.0),
        margin=given.get("gross_margin"),
    )
    for table in whole.tables.values():
        if is_stored(table) is not None:
            return (replace(found, why=Message("ledger_stored", table=table.name)),)
    contracts = contract_forecasts(ledgers.maker, found) if ledgers.maker is not None else ()
    orders = orders_forecast(catalog, ledgers.dataset, tables, options, found)
    return (*contracts, orders) if orders.why is None else contracts or (orders,)


def modelled(forecasts: Sequence[Lifetime]) -> tuple[tuple[BoundInput, ...], TableRows] | Message:
    """Return what a new customer is expected to bring as inputs of metrics, or why that is not known.

    They are in a table of one row, on the day from which it looks ahead.
    """
    worth = [(one, value) for one in forecasts if (value := _new_value(one)) is not None]
    if len(worth) > 1:
        return Message("several_forecasts", where=tuple(one.where for one, _ in worth))
    for found, value in worth:
        where, name = f"{found.where} {' + '.join(found.models)}".strip(), f"{found.where} (forecast)"
        day: list[Cell] = [to_serial(dt.date.fromisoformat(found.last_day))]
        inputs = (
            BoundInput(MODELLED, where, [value], name, currencies=found.currency),
            BoundInput(MODELLED_CUSTOMERS, where, [float(found.customers)], name),
        )
        return inputs, TableRows(
            DataTable(name, 1, {}, day, where), dates=day, incomplete={}, _grain=("day",)
        )
    first, lacking = forecasts[0], forecasts[0].figure("new_value")
    return first.why or (lacking.why if lacking is not None else None) or Message("no_value")


def _new_value(one: Lifetime) -> float | None:
    figure = one.figure("new_value")
    return figure.value if figure is not None else None
