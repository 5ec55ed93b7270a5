"""Ledgers of subscriptions as tables: movements by period, cohorts by age, and customers with their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from metricsheet.engines.ledger.movements import GAINS
from metricsheet.engines.ledger.retention import Age
from metricsheet.engines.ledger.steps import KINDS
from metricsheet.evaluation.ledger_report import CohortRow, LedgerReport, LedgerRow
from metricsheet.language.currencies import decimals_of
from metricsheet.language.numbers import NumberFormat, display_count
from metricsheet.language.words import term
from metricsheet.records import record
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.scorecard import Scorecard

SHARES = ("logo_retention", "net_retention", "gross_retention")
"""The three tables of cohorts: customers, their money, and their money without what they added."""


@record
class LedgerColumn:
    """A column: its title, and ``money``, ``count`` or ``percent`` for its unit."""

    title: str
    unit: str


@record
class LedgerTable:
    """A table of numbers: rows of a label and its cells, ``None`` where there is nothing to tell."""

    title: str
    note: str
    first: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    currency: str

    def text(self, column: int, value: float | None, language: str) -> str:
        """Return a cell as a reader writes it, ``""`` for one without a number."""
        unit = self.columns[column].unit
        if value is None:
            return ""
        if unit == "count":
            return display_count(int(value), language)
        if unit == "percent":
            return NumberFormat("percent", language=language).value(value)
        # the sign of the currency is in the title
        decimals = decimals_of(self.currency) if self.currency else 2
        return NumberFormat("points", language=language, decimals=decimals).value(value)


def report_name(formatter: ResultFormatter, report: LedgerReport) -> str:
    """Return what tells a ledger from the others of a scorecard: file and table where there are several."""
    several = len({(one.source, one.table) for one in formatter.scorecard.ledgers}) > 1
    name = f"{report.source}: {report.table}" if several else ""
    return " · ".join(part for part in (name, report.currency) if part)


def _note(formatter: ResultFormatter, report: LedgerReport) -> str:
    """Return what was left out of a ledger, its settings as they are given, and whose its slices are."""
    language, stake = formatter.language, report.stake_told
    told = [formatter.say(stake)] if stake is not None else []
    told += [f"{key}={value}" for key, value in report.settings.items()]
    for owner in ("customer", "subscription"):
        headers = ", ".join(header for header, of in report.attributes.items() if of == owner)
        told += [term(f"ledger_of_{owner}", language, headers=headers)] if headers else []
    return " · ".join(told)


def waterfall(formatter: ResultFormatter, report: LedgerReport, rows: Sequence[LedgerRow]) -> LedgerTable:
    """Return the movements of some rows of a ledger, a row for each period and slice."""
    language = formatter.language
    moved = any(row.transferred_in or row.transferred_out for row in rows)
    keys = ["ledger_start", *KINDS[:3], "transferred_in", *KINDS[3:], "transferred_out", "ledger_end"]
    keys = [key for key in keys if moved or not key.startswith("transferred")]
    columns = [LedgerColumn(term(f"ledger_{key.removeprefix('ledger_')}", language), "money") for key in keys]
    columns.append(LedgerColumn(term("ledger_customers", language), "count"))
    columns.append(LedgerColumn(term("ledger_came_and_went", language), "count"))
    columns += [LedgerColumn(title, "percent") for title in ("NRR", "GRR")]
    found = tuple((_label(formatter, row), tuple(_cells(row, moved=moved))) for row in rows)
    return LedgerTable(
        " · ".join(filter(None, (term("ledger_movements", language), report_name(formatter, report)))),
        _note(formatter, report),
        term("period", language),
        tuple(columns),
        found,
        report.currency,
    )


def _label(formatter: ResultFormatter, row: LedgerRow) -> str:
    period = formatter.period(row.period) if row.period else term("ledger_span", formatter.language)
    slice_ = formatter.slice(dict(row.slice)) if row.slice else ""
    label = " · ".join(part for part in (slice_, period) if part)
    return label if row.whole else f"{label} *"


def _cells(row: LedgerRow, *, moved: bool) -> Iterator[float | None]:
    yield row.start
    yield from (row.amounts[kind] for kind in GAINS)
    if moved:
        yield row.transferred_in
    yield from (-row.amounts[kind] for kind in KINDS[3:])
    if moved:
        yield -row.transferred_out
    yield row.end
    yield row.customers_at_end
    yield row.came_and_went
    kept = row.retention
    yield float(kept.end / kept.start) if kept.start else None
    yield float(kept.kept / kept.start) if kept.start else None


def cohort_tables(
    formatter: ResultFormatter, report: LedgerReport, *, numbers: bool = False
) -> list[LedgerTable]:
    """Return the tables of cohorts by age, as shares or as ``numbers``; too young ages are ``None``."""
    language = formatter.language
    oldest = max((len(one.ages) for one in report.cohorts), default=0)
    if not oldest:
        return []
    tables = []
    for share in SHARES:
        of_people = share == "logo_retention"
        unit = ("count" if of_people else "money") if numbers else "percent"
        columns = [LedgerColumn(term("ledger_size", language), "count")]
        if not of_people:
            columns.append(LedgerColumn(term("ledger_base", language), "money"))
        columns += [LedgerColumn(str(age), unit) for age in range(oldest)]
        rows = tuple(
            (
                _cohort_label(formatter, report, one),
                (
                    one.size,
                    *(() if of_people else (one.base,)),
                    *(_aged(one, age, share, numbers=numbers) for age in range(oldest)),
                ),
            )
            for one in report.cohorts
        )
        title = " · ".join(filter(None, (term(f"ledger_{share}", language), report_name(formatter, report))))
        note = term("ledger_ages", language, period=term(f"ledger_{report.ages}", language))
        tables.append(
            LedgerTable(title, note, term("ledger_cohort", language), tuple(columns), rows, report.currency)
        )
    return tables


def _cohort_label(formatter: ResultFormatter, report: LedgerReport, one: CohortRow) -> str:
    if not one.name:
        return term("ledger_all", formatter.language)
    return formatter.period(one.name) if report.cohort == report.ages else one.name


def _aged(one: CohortRow, age: int, share: str, *, numbers: bool) -> float | None:
    if age >= len(one.ages):
        return None
    found = one.ages[age]
    part, whole = _parts(found, share)
    if numbers:
        return float(part) if share == "logo_retention" else part / one.unit
    return part / whole if whole else None


def _parts(age: Age, share: str) -> tuple[int, int]:
    if share == "logo_retention":
        return age.customers, age.size
    return (age.amount if share == "net_retention" else age.kept), age.base


MOVEMENT_COLUMNS = (
    *("source", "table", "currency", "period", "customer", "movement", "before", "after", "change"),
    *("came_amount", "rows"),
)
COHORT_COLUMNS = (
    *("source", "table", "currency", "cohort", "age", "size", "base", "customers", "mrr", "kept"),
    *("logo_retention", "net_retention", "gross_retention"),
)


def movement_rows(scorecard: Scorecard) -> Iterator[tuple[object, ...]]:
    """Yield one row per customer and period with a movement, in the order of ``MOVEMENT_COLUMNS``.

    The changes of a period add up to what its totals moved by; losses are negative.
    """
    for report in scorecard.ledgers:
        for move in report.moves:
            yield (
                *(report.source, report.table, report.currency, move.period, move.customer, move.kind),
                *(move.before, move.after, move.after - move.before, move.came or None, " ".join(move.rows)),
            )


def cohort_rows(scorecard: Scorecard) -> Iterator[tuple[object, ...]]:
    """Yield one row per cohort and age, in the order of ``COHORT_COLUMNS``; ``""`` is all together."""
    for report in scorecard.ledgers:
        for one in report.cohorts:
            for number, age in enumerate(one.ages):
                shares = (part / whole if whole else None for part, whole in (_parts(age, s) for s in SHARES))
                amounts = (age.base, age.amount, age.kept)
                base, amount, kept = (parts / one.unit for parts in amounts)
                name = one.name
                yield (
                    *(report.source, report.table, report.currency, name, number, age.size, base),
                    *(age.customers, amount, kept, *shares),
                )
