"""Ledgers of tables of subscriptions: their movements as the rows that metrics are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import BoundInput, Dataset, DataTable, Problem
from metricsheet.engines.columns import Column
from metricsheet.engines.ledger.movements import Totals, sliced_totals, totals
from metricsheet.engines.ledger.retention import Cohort, Retention, by_period, cohorts, of_events, together
from metricsheet.engines.ledger.rows import Subscription
from metricsheet.engines.ledger.spans import Ledger
from metricsheet.engines.ledger.steps import KINDS, NAMES, Moves
from metricsheet.errors import UsageError
from metricsheet.evaluation.ledger_report import (
    LEDGER,
    CohortRow,
    LedgerMove,
    LedgerReport,
    LedgerRow,
    PaidTime,
)
from metricsheet.evaluation.ledger_table import Ledgers, ledger_table
from metricsheet.evaluation.options import FX, PERIOD_LENGTHS, PeriodLength, RunOptions
from metricsheet.evaluation.periods import between, bounds
from metricsheet.evaluation.prepare import PreparedInput, definition_of
from metricsheet.evaluation.result import FEW, Rate
from metricsheet.evaluation.slice_names import SliceNames
from metricsheet.evaluation.slices import column_of, table_rows
from metricsheet.evaluation.stored_rows import is_stored
from metricsheet.evaluation.subscriptions import (
    KEYS,
    LeftOut,
    Refused,
    Subscriptions,
    later_ends,
    subscriptions,
    without_prices,
)
from metricsheet.evaluation.table_rows import SliceKey, TableRows
from metricsheet.language.message import Message, and_more
from metricsheet.reading.column import ReadColumn
from metricsheet.reading.money import shown_currency
from metricsheet.records import replace
from metricsheet.values import Cell
from metricsheet.values.dates import from_serial

_AMOUNTS = {
    "mrr_at_start": "start",
    "mrr_new": "new",
    "mrr_expansion": "expansion",
    "mrr_reactivation": "reactivation",
    "mrr_contraction": "contraction",
    "mrr_churned": "churn",
    "mrr_at_end": "end",
}
_COUNTS = ("customers_at_start", "customers_lost", "active_customers")
_READY = ("mrr", "arpa")
GIVEN = (*_AMOUNTS, *_COUNTS, *_READY)
"""The inputs, and metrics ready-made, that a ledger gives."""

_NAMED = 4
_NOTICES = frozenset(
    (
        *("ledger_running", "ledger_running.later"),
        *(f"ledger_left_out.{why}" for why in ("on_trial", "not_paying", "repeated", "no_time", "negative")),
    )
)
"""What is reported of rows that bring nothing, and of a period that is not over."""


def ledgers_of(catalog: Catalog, dataset: Dataset, table: DataTable, options: RunOptions) -> Ledgers:
    """Return the ledger of the ``table`` whose kind is one, where periods or days are asked for."""
    if is_stored(table) is not None:
        said = Message("ledger_stored", table=table.name), Message("all_rows_here")
        return Ledgers(dataset, notices=(Problem(dataset.source, "ledger_stored", *said, table=table.name),))
    maker = LedgerMaker(catalog, dataset, table, options)
    if options.period is None and options.since is None and options.until is None:
        said = Message("ledger_waits", table=table.name), Message("ledger_ask")
        problem = Problem(dataset.source, "ledger_waits", *said, table=table.name)
        rest = without_prices(catalog, dataset, table, options)
        return Ledgers(rest, problems=(problem,), maker=maker)
    return maker.made()


def paid_times(
    catalog: Catalog, dataset: Dataset, options: RunOptions, customer: str
) -> tuple[PaidTime, ...]:
    """Return what a customer pays over time by the ledger of a dataset; nothing for one who never paid.

    Raises ``UsageError`` where there is no ledger, or one that the rows do not give.
    """
    table = ledger_table(catalog, dataset)
    if table is None:
        raise UsageError(Message("ledger_not_there", source=dataset.source))
    if is_stored(table) is not None:
        raise UsageError(Message("ledger_stored", table=table.name), Message("all_rows_here"))
    try:
        return tuple(LedgerMaker(catalog, dataset, table, options).times(customer))
    except Refused as refused:
        raise UsageError(refused.message, refused.hint) from None


class LedgerMaker:
    """Makes the ledger of one table."""

    def __init__(self, catalog: Catalog, dataset: Dataset, table: DataTable, options: RunOptions) -> None:
        self.catalog, self.dataset, self.table, self.options = catalog, dataset, table, options
        plain = replace(options, period=None, since=None, until=None)
        grouped = table_rows(replace(dataset, tables={table.name: table}), plain)[0][table.name]
        self.grouped = grouped
        self.keys = list(grouped.by_slice)
        self.slices = {
            row: str(number) for number, key in enumerate(self.keys) for row in grouped.by_slice[key]
        }
        self._ledgers: tuple[Subscriptions, dict[str, Ledger]] | None = None

    def ledgers(self) -> tuple[Subscriptions, dict[str, Ledger]]:
        """Return the subscriptions, and their ledgers by currency; raise ``Refused`` where there is none."""
        if self._ledgers is not None:
            return self._ledgers
        if self.grouped.refusal is not None:
            raise Refused(self.grouped.refusal)
        found = subscriptions(
            *(self.catalog, self.dataset, self.table, self.options),
            kept=self.grouped.counted(),
            slices=self.slices,
        )
        if len(found.rows) > 1:
            # nothing is nothing in any currency
            free = [row for some in found.rows.values() for row in some if not row.mrr]
            paid = {code: [row for row in some if row.mrr] for code, some in found.rows.items()}
            paid = {code: [*some, *free] for code, some in paid.items() if some}
            found = replace(found, rows=paid or found.rows)
        groups = self._in_one_currency(found)
        self._ledgers = found, {code: self._ledger(found, rows) for code, rows in groups.items()}
        return self._ledgers

    def times(self, customer: str) -> Iterator[PaidTime]:
        """Yield the times of one customer, oldest first; raise ``Refused`` where there is no ledger."""
        found, ledgers = self.ledgers()
        for code, ledger in ledgers.items():
            for span in ledger.spans:
                if span.customer != customer:
                    continue
                ends = [day - 1 for day, _ in span.steps[1:]]
                for (first, amount), last in zip(span.steps, [*ends, None], strict=True):
                    rows = {r.row for r in span.rows if r.start <= first and (r.end is None or r.end > first)}
                    places = tuple(map(found.places, sorted(rows)))
                    yield PaidTime(first, last, ledger.money(amount), code, places)

    def made(self) -> Ledgers:
        """Return what the ledger gives, or why there is none."""
        try:
            found, ledgers = self.ledgers()
            reports = tuple(self._report(found, code, ledger) for code, ledger in ledgers.items())
        except Refused as refused:
            return self._refused(refused)
        told = [*self._told(found, reports)]
        problems = [problem for problem in told if problem.message.key not in _NOTICES]
        notices = tuple(problem for problem in told if problem not in problems)
        rest = self._rest({})
        if len(ledgers) > 1:
            codes = shown_currency(sorted(ledgers))
            hint = Message("ledger_say_rate", currency=codes[-1])
            problems.append(self._problem(Message("ledger_currencies", currencies=codes), hint))
            rest = self._rest(dict.fromkeys(GIVEN, Message("mixed_currencies", currencies=codes)))
            return Ledgers(rest, {}, {}, tuple(problems), notices, reports, self)
        inputs, tables = self._inputs(reports[0])
        return Ledgers(rest, inputs, tables, tuple(problems), notices, reports, self)

    def _refused(self, refused: Refused) -> Ledgers:
        rest = self._rest(dict.fromkeys(GIVEN, refused.message))
        return Ledgers(rest, problems=(self._problem(refused.message, refused.hint),), maker=self)

    def _problem(self, message: Message, hint: Message | None = None) -> Problem:
        used = (metric.key for metric in self.catalog.metrics.values() if {*metric.plan.inputs} & {*GIVEN})
        return Problem(
            *(self.dataset.source, message.code, message, hint, tuple(used)), table=self.table.name
        )

    def _rest(self, refused: Mapping[str, Message]) -> Dataset:
        """Return the dataset without what the ledger stands for: no list metric reads its rows."""
        name = self.table.name
        gone = {key for key, bound in self.dataset.inputs.items() if bound.table == name} | {*GIVEN}
        inputs = {
            key: bound
            for key, bound in self.dataset.inputs.items()
            if key not in gone and not (bound.everywhere and key in KEYS)
        }
        tables = {key: table for key, table in self.dataset.tables.items() if key != name}
        return replace(
            self.dataset, inputs=inputs, tables=tables, refused={**self.dataset.refused, **refused}
        )

    # ---- the ledger

    def _in_one_currency(self, found: Subscriptions) -> Mapping[str, Sequence[Subscription]]:
        """Return the rows by currency, in one where fixed rates are given."""
        rates = {
            key.removeprefix(FX).upper(): Fraction(rate)
            for key, rate in self.options.settings.items()
            if key.startswith(FX)
        }
        others = [code for code in found.rows if code not in rates]
        if len(found.rows) < 2 or not rates or len(others) > 1:
            return found.rows
        rows = [
            replace(row, mrr=row.mrr * rates.get(code, 1))
            for code, some in found.rows.items()
            for row in some
        ]
        return {others[0] if others else "": rows}

    def _ledger(self, found: Subscriptions, rows: Sequence[Subscription]) -> Ledger:
        """Return the ledger of some rows; refuse it where what their ends mean would change it."""
        gap, free = int(found.settings["gap_days"]), found.settings["free_counts_as"] == "contraction"
        ledger = Ledger(rows, gap, free_stays=free)
        if not ledger.customers:
            raise Refused(Message("ledger_no_rows", count=len(rows), rows=""))
        if found.undecided:
            other = Ledger(later_ends(rows, found.asked), gap, free_stays=free)
            cuts = self._cuts(found, ledger)[1]
            either = [[one.money(t.end) for t in totals(one.moves(cuts))] for one in (ledger, other)]
            at = next((n for n, (a, b) in enumerate(zip(*either, strict=True)) if a != b), None)
            if at is not None:
                day = f"{from_serial(cuts[at]):%Y-%m-%d}"
                told = Message("ledger_end_means", day=day, first=either[0][at], last=either[1][at])
                raise Refused(told, Message("ledger_say_end_means"))
        return ledger

    def _cuts(self, found: Subscriptions, ledger: Ledger) -> tuple[list[str], list[int]]:
        """Return labels and last days of all periods since the first paid day; the last may run."""
        length, newest = self.options.period, found.newest
        first = self._first(found, ledger)
        if length is None:
            since = self.options.since
            before = [int(since) - 1] if since is not None else []
            return ["", ""][: len(before) + 1], [*before, newest]
        labels = between(first, newest, length)
        return labels, [min(int(bounds(label)[1]), newest) for label in labels]

    @staticmethod
    def _first(found: Subscriptions, ledger: Ledger) -> int:
        """Return the first paid day; the newest day where nobody has paid until then."""
        return min(found.newest, found.newest if ledger.first_day is None else ledger.first_day)

    def _report(self, found: Subscriptions, currency: str, ledger: Ledger) -> LedgerReport:
        labels, cuts = self._cuts(found, ledger)
        moves = ledger.moves(cuts)
        whole = totals(moves)
        kept = by_period(moves, whole, len(ledger.customers))
        shown = self._shown(labels, cuts)
        rows = [self._row(ledger, (), labels[n], cuts[n], whole[n], kept[n]) for n in shown]
        if self.keys:
            for name, one in sliced_totals(ledger, moves, cuts).items():
                key, kept = self.keys[int(name)] if name else (), of_events(one.events)
                rows += [self._row(ledger, key, labels[n], cuts[n], one.totals[n], kept[n]) for n in shown]
        cohort, ages, tables = self._cohorts(found, ledger, labels, moves)
        lost = sum(one.mrr for one in found.left_out)
        paid = sum(float(row.mrr) for rows in found.rows.values() for row in rows)
        return LedgerReport(
            self.dataset.source,
            self.table.name,
            currency,
            found.settings,
            tuple(rows),
            tuple(
                self._move(found, ledger, move, labels, cuts)
                for move in sorted(moves, key=itemgetter(1))
                if move[1] in shown
            ),
            cohort,
            ages,
            tables,
            found.newest,
            found.left_out,
            # of rows left out the currency is not known
            lost / (lost + paid) if lost and len(self.ledgers()[1]) == 1 else 0.0,
            self._attributes(ledger),
        )

    def _attributes(self, ledger: Ledger) -> dict[str, str]:
        """Return of what the headers of slices are attributes: of a customer if its rows never differ."""
        found: dict[str, str] = {}
        for span in ledger.spans if self.keys else ():
            keys = {self.keys[int(row.slice)] if row.slice else () for row in span.rows}
            for several in zip(*keys, strict=True) if () not in keys else ():
                header = several[0][0]
                found.setdefault(header, "customer")
                if len({value for _, value in several}) > 1:
                    found[header] = "subscription"
        return found

    def _shown(self, labels: Sequence[str], cuts: Sequence[int]) -> range:
        """Return the periods asked for: those that reach into the days asked for."""
        since = self.options.since
        first = next((n for n, cut in enumerate(cuts) if since is None or cut >= since), len(cuts))
        return range(first, len(labels))

    def _row(
        self, ledger: Ledger, key: SliceKey, label: str, cut: int, one: Totals, kept: Retention
    ) -> LedgerRow:
        def money(amount: int | Fraction) -> float:
            return float(Fraction(amount, ledger.unit))

        return LedgerRow(
            key,
            label,
            not label or cut >= bounds(label)[1],
            money(one.start),
            money(one.end),
            {kind: money(one.amounts[kind]) for kind in KINDS},
            dict(one.customers),
            one.customers_at_start,
            one.customers_at_end,
            # of customers as a whole: a slice may be left for another one
            None if key else one.came_and_went,
            None if key else money(one.came_amount),
            money(one.transferred_in),
            money(one.transferred_out),
            # of slices they are fractions, which are no numbers to keep
            replace(kept, end=float(kept.end), kept=float(kept.kept)),
        )

    def _move(
        self,
        found: Subscriptions,
        ledger: Ledger,
        move: tuple[int, ...],
        labels: Sequence[str],
        cuts: Sequence[int],
    ) -> LedgerMove:
        customer, period, kind, before, after, came = move
        span = ledger.spans[customer]
        last, first = cuts[period], cuts[period - 1] if period else 0
        behind = (r.row for r in span.rows if r.start <= last and (r.end is None or r.end > first))
        return LedgerMove(
            span.customer,
            labels[period],
            NAMES[kind],
            ledger.money(before),
            ledger.money(after),
            ledger.money(came),
            tuple(map(found.places, sorted(set(behind)))),
        )

    def _cohorts(
        self, found: Subscriptions, ledger: Ledger, labels: Sequence[str], moves: Moves
    ) -> tuple[str, PeriodLength, tuple[CohortRow, ...]]:
        """Return what groups the cohorts, the length of their ages, and the tables, all pooled last."""
        asked = self.options.cohort or self.options.period or "month"
        ages = next((length for length in PERIOD_LENGTHS if length == asked), self.options.period or "month")
        if ages != self.options.period:
            labels = between(self._first(found, ledger), found.newest, ages)
            moves = ledger.moves([int(bounds(label)[1]) for label in labels])
        cuts = [int(bounds(label)[1]) for label in labels]
        cuts = cuts[:-1] if cuts[-1] > found.newest else cuts
        if asked in PERIOD_LENGTHS:
            tables = cohorts(moves, cuts, labels)
        else:
            cells = column_of(self.dataset, self.table, asked)
            if cells is None:
                raise Refused(Message("no_column", table=self.table.name, header=asked))
            names = SliceNames()
            names.add(cells, self.grouped.counted())
            named = names.read(cells)
            groups: dict[str, int] = {}
            own = [groups.setdefault(str(named[row]), len(groups)) for row in ledger.first_rows]
            tables = cohorts(moves, cuts, [*groups], own)
        every = [*tables, replace(together(tables), name="")] if len(tables) > 1 else tables
        return asked, ages, tuple(_cohort(ledger, one) for one in every)

    def _told(self, found: Subscriptions, reports: Sequence[LedgerReport]) -> Iterator[Problem]:
        """Yield what is to be known of the rows: those left out, and the period that is taken to run."""
        counts: dict[str, list[LeftOut]] = {}
        for one in found.left_out:
            counts.setdefault(one.reason, []).append(one)
        for reason, some in counts.items():
            rows = and_more([one.where for one in some], _NAMED)
            counted = Message("rows_counted", count=len(some))
            yield self._problem(Message(f"ledger_left_out.{reason}", counted=counted, rows=rows))
        if (stake := reports[0].stake_told) is not None:
            yield self._problem(stake)
        last = reports[0].rows[-1] if reports[0].rows else None
        if last is not None and not last.whole and self.options.until is None:
            day = f"{from_serial(found.newest):%Y-%m-%d}"
            end = f"{from_serial(bounds(last.period)[1]):%Y-%m-%d}"
            told: dict[str, str | int] = {"period": last.period, "day": day, "count": found.later}
            yield self._problem(
                Message("ledger_running.later" if found.later else "ledger_running", **told),
                Message("ledger_say_to", day=end),
            )

    # ---- for metrics

    def _inputs(self, report: LedgerReport) -> tuple[dict[str, PreparedInput], dict[str, TableRows]]:
        """Return the rows of a ledger as a table of one row for each period and slice."""
        rows, name = report.rows, f"{self.table.name}{LEDGER}"
        values: dict[str, list[Cell]] = {
            key: [getattr(row, kind) if kind in ("start", "end") else row.amounts[kind] for row in rows]
            for key, kind in _AMOUNTS.items()
        }
        values["customers_at_start"] = [float(row.customers_at_start) for row in rows]
        values["customers_lost"] = [float(row.customers["churn"]) for row in rows]
        values["active_customers"] = [float(row.customers_at_end) for row in rows]
        values["mrr"] = values["mrr_at_end"]
        values["arpa"] = [row.end / row.customers_at_end if row.customers_at_end else None for row in rows]
        taken = self.table.taken_for
        where = taken.where if taken is not None and taken.where else self.table.name
        inputs = {}
        for key, cells in values.items():
            bound = BoundInput(key, where, cells, name, currencies=report.currency)
            used = sum(cell is not None for cell in cells)
            read = ReadColumn(cells, used, len(cells) - used, 0)
            inputs[key] = PreparedInput(definition_of(self.catalog, key), bound, read, Column(cells), None)
        newest = report.newest
        dates: list[Cell] = [
            float(min(bounds(row.period)[1], newest) if row.period else newest) for row in rows
        ]
        by_slice: dict[SliceKey, list[int]] = {}
        for number, row in enumerate(rows):
            by_slice.setdefault(row.slice, []).append(number)
        taken = replace(taken, status=(), ids=()) if taken is not None else None
        # the headers of the list, to tell what it can be sliced by
        columns = dict.fromkeys(self.table.columns, (None,) * len(rows))
        table = DataTable(name, len(rows), columns, dates, where, taken_for=taken)
        grouped = TableRows(
            table,
            by_slice.pop((), []),
            by_slice,
            dates,
            incomplete={row.period: row.coverage(newest) for row in rows if row.period and not row.whole},
            rates={(row.slice, row.period or None): _rates(row) for row in rows},
            unsliced=self.grouped.unsliced,
            too_many=self.grouped.too_many,
            _grain=(self.options.period or "day",),
        )
        return inputs, {name: grouped}


def _cohort(ledger: Ledger, one: Cohort) -> CohortRow:
    return CohortRow(one.name, one.size, ledger.money(one.base), one.ages, ledger.unit)


def _rates(row: LedgerRow) -> dict[str, Rate]:
    """Return what the rates of a row rest on: the customers at the start, and of some an interval."""
    kept, intervals = row.retention, {}
    for name, one in (("nrr", kept.net), ("grr", kept.gross), ("quick_ratio", kept.quick)):
        intervals[name] = one
    lost = ("net_mrr_churn", kept.net_with_back), ("net_mrr_churn_no_reactivation", kept.net)
    for name, one in (*lost, ("gross_mrr_churn", kept.gross)):
        intervals[name] = None if one is None else (1 - one[1], 1 - one[0])
    count = row.customers_at_start
    return {name: Rate(count, interval, count < FEW) for name, interval in intervals.items()}
