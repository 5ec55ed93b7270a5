"""A list of orders into what its customers will bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Dataset
from metricsheet.engines.ledger.purchases import (
    NEW,
    WEEKS_OF_MONTH,
    BgNbd,
    Buyer,
    GammaGamma,
    Order,
    buyers,
    discounted,
    fit_bg_nbd,
    fit_gamma_gamma,
    foretold,
)
from metricsheet.evaluation.asked import columns_to_choose
from metricsheet.evaluation.currencies import currencies_in, one_of_figure, units_of_figure
from metricsheet.evaluation.lifetime import (
    CustomerForecast,
    Lifetime,
    LifetimeFigure,
    Unit,
    parameters,
    remarks_on,
    too_short,
)
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import PreparedInput, prepare_one
from metricsheet.evaluation.row_periods import MONTHS_OF
from metricsheet.evaluation.rows_told import rows_told
from metricsheet.evaluation.table_rows import TableRows, split_by_period
from metricsheet.language.message import Message, all_of
from metricsheet.language.numbers import Figure, NumberFormat
from metricsheet.language.words import Word
from metricsheet.records import record, replace
from metricsheet.values import ExcelError, is_number
from metricsheet.values.dates import from_serial, whole_months
from metricsheet.values.folding import fold

_NEEDED = ("customer_id", "revenue")


@record
class _Orders:
    """The orders of a table, the last day that it knows of, and what was left out of it."""

    where: str
    orders: Sequence[Order]
    end: int
    currency: str
    remarks: tuple[Message, ...]


def _orders(
    catalog: Catalog, dataset: Dataset, tables: Mapping[str, TableRows], options: RunOptions
) -> _Orders | Message:
    """Return the rows with a customer, a day and an amount, or why the data are no list of orders."""
    who, paid = bound = [dataset.inputs.get(key) for key in _NEEDED]
    if who is None or paid is None:
        lacking = [key for key, one in zip(_NEEDED, bound, strict=True) if one is None]
        return Message("no_orders.lacking", inputs=all_of(lacking))
    grouped = tables.get(who.table or "")
    if grouped is None or who.table != paid.table:
        return Message("no_orders")
    customer, amount = (prepare_one(catalog, one, options) for one in (who, paid))
    if reason := _unfit(grouped, (customer, amount)):
        return reason
    chosen = split_by_period(grouped, None, replace(options, period=None)).get(None, [])
    currency = one_of_figure([currencies_in(amount, chosen)])
    wrong = currency if isinstance(currency, ExcelError) else None
    wrong = wrong or units_of_figure({"revenue": amount.worths_in(chosen)}, ["revenue"])
    if wrong is not None:
        return wrong.reason if isinstance(wrong.reason, Message) else Message("text", text=wrong.reason)
    names: dict[str, str] = {}
    orders: list[Order] = []
    left_out = {"no_customer": 0, "no_amount": 0, "no_day": grouped.undated}
    refunds: list[float] = []
    end, dates = 0, grouped.dates or []
    for row in chosen:
        name, paid_here, day = customer.read.cells[row], amount.read.cells[row], dates[row]
        assert is_number(day)
        end = max(end, int(day))
        if name is None:
            left_out["no_customer"] += 1
        elif not is_number(paid_here):
            left_out["no_amount"] += 1
        elif paid_here < 0:
            refunds.append(float(paid_here))
        else:
            key = names.setdefault(fold(str(name)), str(name))
            orders.append(Order(key, int(day), float(paid_here)))
    told = [Message(f"orders_left_out.{key}", count=count) for key, count in left_out.items() if count]
    if refunds:
        total = Figure(sum(refunds), NumberFormat("money", str(currency)))
        told.append(Message("refunds_not_taken_off", count=len(refunds), total=total))
    told += [problem.message for problem in rows_told(dataset, [grouped])]
    return _Orders(paid.where, orders, end, str(currency), tuple(told))


def _unfit(grouped: TableRows, items: Sequence[PreparedInput]) -> Message | None:
    """Return why the rows of a table cannot be read as orders."""
    if grouped.refusal is not None:
        return grouped.refusal
    if grouped.dates is None or grouped.gaps:
        return grouped.gap(None) or grouped.undatable or columns_to_choose(grouped.table)
    if grouped.grain in MONTHS_OF:
        return Message("orders_need_days", grain=Word(f"grain.{grouped.grain}"))
    if grouped.table.unsure:
        return Message("may_be_total", row=str(grouped.table.unsure[0]))
    for item in items:
        gap = next((gap.error for gap in item.gaps), None)
        error = item.refusal or gap
        if error is not None:
            return Message("of_input", input=item.bound.key, reason=error.reason)
    return None


def orders_forecast(
    catalog: Catalog, dataset: Dataset, tables: Mapping[str, TableRows], options: RunOptions, asked: Lifetime
) -> Lifetime:
    """Return ``asked`` with the forecast of the list of orders, or why the data are none."""
    rows = _orders(catalog, dataset, tables, options)
    if isinstance(rows, Message):
        return replace(asked, why=rows)
    return _forecast(replace(asked, where=rows.where, currency=rows.currency, remarks=rows.remarks), rows)


def _forecast(found: Lifetime, rows: _Orders) -> Lifetime:
    """Return the forecast with its figures: each has a value or says why not."""
    known = buyers(rows.orders, rows.end)
    again = sum(one.frequency > 0 for one in known)
    counts = {"customers": len(known), "bought_again": again}
    counted = [LifetimeFigure(name, "count", count) for name, count in counts.items()]
    first = min((one.day for one in rows.orders), default=rows.end)
    found = replace(
        found,
        customers=len(known),
        first_day=f"{from_serial(first):%Y-%m-%d}",
        last_day=f"{from_serial(rows.end):%Y-%m-%d}",
    )
    covered = whole_months(first, rows.end + 1)
    model = too_short(covered) or fit_bg_nbd(known)
    if isinstance(model, Message):
        plain = [CustomerForecast(b.customer, b.frequency, b.recency, b.age) for b in known]
        lacking = [LifetimeFigure(name, unit, why=model) for name, unit in _FIGURES.items()]
        return replace(found, figures=(*counted, *lacking), rows=tuple(plain))
    worth = fit_gamma_gamma(known)
    check = foretold(rows.orders, first + 2 * (rows.end - first) // 3, rows.end)
    figures, each = _figures(found, known, model, worth)
    models: dict[str, BgNbd | GammaGamma] = {"BG/NBD": model}
    if isinstance(worth, GammaGamma):
        models["Gamma-Gamma"] = worth
    return replace(
        found,
        figures=(*counted, *figures),
        models={name: parameters(one) for name, one in models.items()},
        check=check,
        remarks=(*found.remarks, *remarks_on(found.months, covered, check)),
        rows=tuple(each),
    )


_FIGURES: Mapping[str, Unit] = {
    "alive": "count",
    "purchases": "count",
    "value": "money",
    "new_purchases": "count",
    "new_value": "money",
}


def _figures(
    found: Lifetime, known: Sequence[Buyer], model: BgNbd, worth: GammaGamma | Message
) -> tuple[list[LifetimeFigure], list[CustomerForecast]]:
    """Return the figures over all customers and of a new one, and what is expected of each.

    A new customer brings its first purchase, as much as first purchases brought, and those that follow.
    """
    weeks, share = found.months * WEEKS_OF_MONTH, 1.0 if found.margin is None else found.margin
    monthly = (1 + found.rate) ** (1 / 12) - 1
    alive, coming = model.alive(known), model.expected(known, weeks)
    *counted, of_new = discounted(model, [*known, NEW], found.months, monthly)
    values: list[float | None] = [None] * len(known)
    new_value, why = None, worth if isinstance(worth, Message) else None
    if isinstance(worth, GammaGamma):
        values = [n * worth.expected(one) * share for n, one in zip(counted, known, strict=True)]
        first = sum(one.first for one in known) / len(known)
        new_value = (first + of_new * worth.mean) * share
    amounts = {
        "alive": sum(alive),
        "purchases": sum(coming),
        "value": None if why else sum(value or 0.0 for value in values),
        "new_purchases": model.expected([NEW], weeks)[0],
        "new_value": new_value,
    }
    figures = [
        LifetimeFigure(name, unit, amounts[name], None, why if amounts[name] is None else None)
        for name, unit in _FIGURES.items()
    ]
    each = [
        CustomerForecast(b.customer, b.frequency, b.recency, b.age, p, n, v)
        for b, p, n, v in zip(known, alive, coming, values, strict=True)
    ]
    return figures, each
