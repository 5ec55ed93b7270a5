"""A table of subscriptions into the rows of a ledger: exact amounts, and what was left out and why.

What cannot be decided from the rows is refused as a whole: a number over the rest would be another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Dataset, DataTable
from metricsheet.engines.ledger.rows import Subscription, monthly_value
from metricsheet.errors import UsageError
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.prepare import PreparedInput, cell_address, prepare_one, unknown_words
from metricsheet.language.message import Message, and_more
from metricsheet.records import record, replace
from metricsheet.values import Cell, is_number
from metricsheet.values.dates import month_end
from metricsheet.values.folding import words as fold_words

_SHOWN = 4
_PRICES = ("subscription_price", "monthly_price", "subscription_mrr")
_DATES = ("start_date", "end_date", "trial_end", "cancelled_on", "discount_end")
_NUMBERS = (*_PRICES, "billing_months", "billing_count", "subscription_quantity", "lasting_discount")
KEYS = (*_DATES, *_NUMBERS, "customer_id", "subscription_id", "subscription_status", "is_trial")
"""The inputs that a ledger is made of."""

DEFAULTS: Mapping[str, str] = {
    "end_means": "first_day_without",
    "churn_at": "end",
    "free_counts_as": "churn",
    "gap_days": "1",
}
"""The settings of a ledger, and what holds where nobody says otherwise."""


@record
class LeftOut:
    """A row that brings nothing: its place (``subs.csv!17``), why, and the monthly amount at stake."""

    where: str
    reason: str
    mrr: float = 0.0


@record
class Subscriptions:
    """The rows of a table with their currency (``""`` where nothing says it), by currency.

    ``settings`` are those in force; ``undecided`` says that the ends would be read otherwise under
    ``end_means: last_day`` and nothing in the data tells. ``newest`` is the last day that they know of,
    ``later`` how many ends lie behind it. ``places`` name the row of each number, ``asked`` are those of
    rows that end on the day of their cancellation.
    """

    rows: Mapping[str, tuple[Subscription, ...]]
    left_out: tuple[LeftOut, ...]
    settings: Mapping[str, str]
    undecided: bool
    newest: int
    later: int
    places: Places
    asked: frozenset[int] = frozenset()


class Refused(Exception):  # noqa: N818  # no error: the answer of a table that gives no ledger
    """Why a table gives no ledger, and what settles it."""

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class Places:
    """Names the rows of a table, each by its file and its number there."""

    def __init__(self, source: str, item: PreparedInput) -> None:
        self._parts: list[tuple[int, str, PreparedInput]] = []
        self._told: dict[int, str] = {}
        start = 0
        for part in item.bound.parts or ():
            if part.bound is not None:
                self._parts.append((start, part.source, replace(item, bound=part.bound)))
            start += part.rows
        if not item.bound.parts:
            self._parts = [(0, source, item)]

    def __call__(self, row: int) -> str:
        """Return the place of a row: ``subs.csv!17``, ``Book.xlsx!Sheet!17``."""
        if row not in self._told:
            self._told[row] = self._place(row)
        return self._told[row]

    def _place(self, row: int) -> str:
        start, source, item = next(part for part in reversed(self._parts) if part[0] <= row)
        cell = str(cell_address(item.bound, row - start))
        sheet, mark, address = cell.rpartition("!")
        file = source.replace("\\", "/").rpartition("/")[2]
        return f"{file}!{sheet}{mark}{''.join(c for c in address if c.isdigit())}"

    def some(self, rows: Sequence[int]) -> str | Message:
        """Return the places of the first of some rows."""
        return and_more([self(row) for row in rows], _SHOWN)


def check_rate(key: str, text: str) -> None:
    """Raise ``UsageError`` for a rate of exchange that is none."""
    try:
        good = Fraction(text) > 0
    except (ValueError, ZeroDivisionError):
        good = False
    if not good:
        raise UsageError(Message("ledger_rate", key=key, given=text))


def subscriptions(
    catalog: Catalog,
    dataset: Dataset,
    table: DataTable,
    options: RunOptions,
    kept: Iterable[int],
    slices: Mapping[int, str],
) -> Subscriptions:
    """Return the subscriptions of a table, of its ``kept`` rows, each with the name of its slice.

    Raises ``Refused`` for what the rows leave open.
    """
    return _Reader(catalog, dataset, table, options, slices).read(list(kept))


def without_prices(catalog: Catalog, dataset: Dataset, table: DataTable, options: RunOptions) -> Dataset:
    """Return the dataset without the prices of a list in which a price is not all that a row brings.

    The metrics of lists know nothing of quantities, discounts and several intervals.
    """
    for key, plain in (("subscription_quantity", 1.0), ("billing_count", 1.0), ("lasting_discount", 0.0)):
        bound, price = dataset.inputs.get(key), dataset.inputs.get("subscription_price")
        if bound is None or bound.table != table.name or price is None or price.table != table.name:
            continue
        cells = prepare_one(catalog, bound, options).read.cells
        if any(cell is not None and cell != plain for cell in cells):
            inputs = {name: one for name, one in dataset.inputs.items() if name != "subscription_price"}
            why = Message("ledger_more_than_price", header=bound.header)
            return replace(dataset, inputs=inputs, refused={**dataset.refused, "subscription_price": why})
    return dataset


class _Reader:
    def __init__(
        self,
        catalog: Catalog,
        dataset: Dataset,
        table: DataTable,
        options: RunOptions,
        slices: Mapping[int, str],
    ) -> None:
        self.items: dict[str, PreparedInput] = {}
        for key in KEYS:
            bound = dataset.inputs.get(key)
            if bound is not None and (bound.table == table.name or bound.everywhere):
                self.items[key] = prepare_one(catalog, bound, options)
        self.cells: dict[str, Sequence[Cell]] = {
            key: [*item.read.cells] * table.rows if item.bound.everywhere else item.read.cells
            for key, item in self.items.items()
        }
        self._worth_of = [self.cells[key] for key in (*_NUMBERS, "discount_end") if key in self.cells]
        self._worth: dict[tuple[Cell, ...], Fraction | str] = {}
        self.catalog, self.dataset, self.table = catalog, dataset, table
        self.settings = {**DEFAULTS, **{k: v for k, v in options.settings.items() if k in DEFAULTS}}
        self.said = {key for key in DEFAULTS if key in options.settings}
        self.slices, self.until = slices, options.until
        self.places = Places(dataset.source, self.items["start_date"])
        self.left_out: dict[int, LeftOut] = {}
        self._asked: set[int] = set()

    def read(self, kept: list[int]) -> Subscriptions:
        self._check_columns(kept)
        rows = [row for row in map(self._row, kept) if row is not None]
        self._check_payments(rows)
        rows = self._without_repeats(rows)
        undecided = self._decide_ends(rows)
        if self.settings["end_means"] == "last_day":
            rows = later_ends(rows, self._asked)
        rows = [row for row in rows if self._has_time(row)]
        if not rows:
            raise Refused(Message("ledger_no_rows", count=len(kept), rows=self._reasons()))
        newest = self._newest(rows)
        later = sum(1 for row in rows if row.end is not None and row.end > newest + 1)
        by_currency: dict[str, list[Subscription]] = {}
        for row, currency in zip(rows, self._currencies(rows), strict=True):
            by_currency.setdefault(currency, []).append(row)
        told = tuple(self.left_out[row] for row in sorted(self.left_out))
        found = {currency: tuple(some) for currency, some in by_currency.items()}
        return Subscriptions(
            found, told, self.settings, undecided, newest, later, self.places, frozenset(self._asked)
        )

    # ---- columns

    def _check_columns(self, kept: Sequence[int]) -> None:
        for item in self.items.values():
            if item.read.refusal is not None:
                raise Refused(item.read.refusal.message, item.read.refusal.hint)
        self._check_unread(kept)
        if "billing_months" not in self.items and not {"monthly_price", "subscription_mrr"} & {*self.items}:
            raise Refused(Message("ledger_no_interval"), Message("ledger_say_interval"))
        for key in ("billing_months", "billing_count"):
            self._check_interval(key, kept)
        if not {"end_date", "cancelled_on"} & {*self.items}:
            gone = [row for row in kept if self._cell("subscription_status", row) == "canceled"]
            if gone:
                message = Message("ledger_no_ends", count=len(gone), rows=self.places.some(gone))
                raise Refused(message, Message("map_another", input="end_date"))
        status = self.items.get("subscription_status")
        words = unknown_words(status) if status is not None else {}
        if words:
            shown = and_more([f"{word} ({count})" for word, count in words.items()], _SHOWN)
            raise Refused(
                Message("words_unknown", input="subscription_status", words=shown), Message("say_in_words")
            )

    def _check_unread(self, kept: Sequence[int]) -> None:
        """Refuse a column that by its header is an input of a ledger and is none, whatever the reason."""
        assert self.table.taken_for is not None
        kind = self.catalog.tables[self.table.taken_for.kind]
        taken = {item.bound.header for item in self.items.values()}
        for key in KEYS:
            if key in self.items or (key in _PRICES and any(name in self.items for name in _PRICES)):
                continue
            why = self.dataset.refused.get(key)
            if why is not None and not why.key.startswith("not_bound"):
                raise Refused(Message("of_input", input=key, reason=why))
            forms = {word.form for word in kind.words_of(key) if not word.condition}
            for header, cells in self.table.columns.items():
                if header in taken or header in KEYS or not forms & {*_forms(header)}:
                    continue
                words = Counter(str(cells[row]) for row in kept if cells[row] is not None)
                if words:
                    shown = and_more([f"{word} ({count})" for word, count in words.items()], _SHOWN)
                    hint = Message("ledger_say_column", input=key)
                    raise Refused(Message("ledger_unread", header=header, input=key, words=shown), hint)

    def _check_interval(self, key: str, kept: Sequence[int]) -> None:
        """Refuse an interval that is blank, in unknown words, or no time, where a price needs it."""
        cells = self.cells.get(key)
        if cells is None or (key == "billing_months" and "subscription_price" not in self.items):
            return
        words = Counter(cells[row] for row in kept if isinstance(cells[row], str))
        if words:
            shown = and_more([f"{word} ({count})" for word, count in words.items()], _SHOWN)
            rows = [row for row in kept if isinstance(cells[row], str)]
            raise Refused(
                Message("ledger_unknown_interval", input=key, words=shown, rows=self.places.some(rows)),
                Message("ledger_write_interval"),
            )
        price = self._price_column
        wrong = [
            row
            for row in kept
            if not _above_0(cells[row])
            and _above_0(price[row])
            and not (key == "billing_count" and cells[row] is None)
            and self._other_price(row) is None
        ]
        if wrong:
            raise Refused(
                Message("ledger_no_interval.rows", count=len(wrong), rows=self.places.some(wrong)),
                Message("ledger_say_interval"),
            )

    @property
    def _price_column(self) -> Sequence[Cell]:
        return next(self.cells[key] for key in _PRICES if key in self.cells)

    def _other_price(self, row: int) -> Cell:
        """Return a monthly amount that makes the interval of a row needless."""
        found = (self.cells[key][row] for key in _PRICES[1:] if key in self.cells)
        return next((cell for cell in found if is_number(cell)), None)

    # ---- one row

    def _cell(self, key: str, row: int) -> Cell:
        cells = self.cells.get(key)
        return cells[row] if cells is not None else None

    def _row(self, row: int) -> Subscription | None:
        """Return the subscription of a row as the file gives it, ``None`` for one that brings nothing."""
        customer = self._cell("customer_id", row)
        value = self._value(row)
        stake = value if isinstance(value, Fraction) else Fraction(0)
        start, end = self._day("start_date", row), self._day("end_date", row)
        asked = self._day("cancelled_on", row)
        trial_end = self._day("trial_end", row)
        status = self._cell("subscription_status", row)
        if customer is None:
            return self._leave(row, "no_customer", stake)
        if not isinstance(start, int):
            return self._leave(row, "no_start", stake)
        if isinstance(value, str):
            return self._leave(row, value)
        if any(isinstance(day, str) for day in (end, asked, trial_end)):
            return self._leave(row, "no_date", stake)
        if status == "unpaid":
            return self._leave(row, "not_paying")
        if (status == "trialing" or self._cell("is_trial", row) == 1) and trial_end is None:
            return self._leave(row, "on_trial")
        if isinstance(asked, int) and self._ends_when_asked(end, asked):
            end = asked
            self._asked.add(row)
        if status == "canceled" and end is None:
            return self._leave(row, "no_end", stake)
        if isinstance(end, int) and end < start:
            return self._leave(row, "ends_before_start", stake)
        if isinstance(trial_end, int) and trial_end > start:
            # a free plan is no trial: what is paid after it counts from then on
            start = trial_end
            if isinstance(end, int) and end <= start:
                return self._leave(row, "on_trial")
        last = end if isinstance(end, int) else None
        return Subscription(row, str(customer), start, last, value, self.slices.get(row, ""))

    def _day(self, key: str, row: int) -> int | str | None:
        """Return a day without its time, the text of one that is not understood, ``None`` for a blank."""
        cell = self._cell(key, row)
        return int(cell) if is_number(cell) else None if cell is None else str(cell)

    @property
    def _asked_is_end(self) -> bool:
        """Return whether the day of cancellation is the only end there is."""
        return "end_date" not in self.items

    def _ends_when_asked(self, end: int | str | None, asked: int) -> bool:
        """Return whether a row ends on the day of its cancellation."""
        if self.settings["churn_at"] == "cancelled":
            return end is None or (isinstance(end, int) and asked < end)
        return end is None and self._asked_is_end

    def _value(self, row: int) -> Fraction | str:
        """Return what a row is worth a month, or why it has no value."""
        alike = tuple([cells[row] for cells in self._worth_of])
        if alike not in self._worth:
            self._worth[alike] = self._worked_out(row)
        return self._worth[alike]

    def _worked_out(self, row: int) -> Fraction | str:
        price, months = self._cell("subscription_price", row), self._cell("billing_months", row)
        quantity: Cell = self._cell("subscription_quantity", row)
        count: Cell = self._cell("billing_count", row)
        if not (is_number(price) and _above_0(months) and (count is None or _above_0(count))):
            whole = self._cell("subscription_mrr", row)
            if is_number(whole):
                return _exact(whole) if whole >= 0 else "negative"
            monthly = self._cell("monthly_price", row)
            if is_number(monthly):
                price, months, count = monthly, 1.0, None
            elif is_number(price) and price == 0:
                months, count = 1.0, None
        if not is_number(price):
            return "no_price"
        if price < 0 or (is_number(quantity) and quantity < 0):
            return "negative"
        if isinstance(quantity, str) or not is_number(months):
            return "no_price"
        off = self._cell("lasting_discount", row)
        if self._cell("discount_end", row) is not None:
            off = None
        if off is not None and not (is_number(off) and 0 <= off <= 1):
            return "no_discount"
        interval = Fraction(months).limit_denominator(1000)
        if is_number(count):
            interval *= _exact(count)
        many = _exact(quantity) if is_number(quantity) else Fraction(1)
        return monthly_value(_exact(price), interval, many, _exact(off) if is_number(off) else Fraction(0))

    def _leave(self, row: int, reason: str, stake: Fraction = Fraction(0)) -> Subscription | None:
        """Note why a row brings nothing, and return that it does."""
        self.left_out[row] = LeftOut(self.places(row), reason, float(stake))
        return None

    def _has_time(self, row: Subscription) -> bool:
        if row.end is None or row.end > row.start:
            return True
        self._leave(row.row, "no_time")
        return False

    def _reasons(self) -> str:
        counts = Counter(one.reason for one in self.left_out.values())
        return ", ".join(f"{reason} {count}" for reason, count in counts.items())

    # ---- all rows

    def _check_payments(self, rows: Sequence[Subscription]) -> None:
        """Refuse a list of payments: one amount of a customer month after month, without an end."""
        if any(row.end is not None for row in rows):
            return
        starts: dict[tuple[str, Fraction], list[int]] = {}
        for row in rows:
            if row.mrr:
                starts.setdefault((row.customer, row.mrr), []).append(row.start)
        repeated = {key: found for key, found in starts.items() if len(found) > 2}
        monthly = [found for found in repeated.values() if len({month_end(day, 0) for day in found}) > 2]
        if monthly and 2 * sum(map(len, monthly)) > len(rows):
            raise Refused(Message("ledger_of_payments", count=len(monthly)), Message("ledger_needs_ends"))

    def _without_repeats(self, rows: Sequence[Subscription]) -> list[Subscription]:
        """Return the rows without repeats of a subscription; refuse two that differ over the same days."""
        ids = self.cells.get("subscription_id")
        if ids is None:
            return list(rows)
        found: list[Subscription] = []
        by_id: dict[Cell, list[Subscription]] = {}
        for row in rows:
            own = ids[row.row]
            earlier = by_id.setdefault(own, []) if own is not None else []
            same = next((one for one in earlier if replace(one, row=row.row) == row), None)
            if same is not None:
                self._leave(row.row, "repeated")
                continue
            clash = next((one for one in earlier if _overlap(one, row)), None)
            if clash is not None:
                places = self.places.some([clash.row, row.row])
                raise Refused(
                    Message("ledger_same_id", id=str(own), rows=places), Message("ledger_which_row")
                )
            earlier.append(row)
            found.append(row)
        return found

    def _decide_ends(self, rows: Sequence[Subscription]) -> bool:
        """Decide what ends mean where rows follow each other; return whether it stays open and matters."""
        ends = {(row.customer, row.end) for row in rows if row.end is not None}
        if "end_means" in self.said or not ends:
            return False
        starts = {(row.customer, row.start) for row in rows}
        same_day = sum(1 for end in ends if end in starts)
        next_day = sum(1 for customer, end in ends if end is not None and (customer, end + 1) in starts)
        if next_day > 4 * same_day:
            self.settings["end_means"] = "last_day"
        month_ends = all(end == month_end(end, 0) for _, end in ends if end is not None)
        return not same_day and not next_day and month_ends

    def _newest(self, rows: Sequence[Subscription]) -> int:
        """Return the last day that counts: the one asked for, else the newest that the rows know to be over.

        An end is known to be over where the status says so, or where something else is newer.
        """
        if self.until is not None:
            return int(self.until)
        # a trial begins when it begins, whenever it ends
        days = [day for row in rows if isinstance(day := self._day("start_date", row.row), int)]
        for row in rows:
            asked = self._day("cancelled_on", row.row)
            if isinstance(asked, int) and not self._asked_is_end:
                days.append(asked)
            if row.end is not None and self._cell("subscription_status", row.row) == "canceled":
                days.append(row.end)
        return max(days)

    def _currencies(self, rows: Sequence[Subscription]) -> Iterator[str]:
        item = next(self.items[key] for key in _PRICES if key in self.items)
        said = [one for one in (item.bound.currencies, item.read.currencies) if one]
        for row in rows:
            codes = (one if isinstance(one, str) else one[row.row] for one in said)
            yield next((code for code in codes if code), "")


def later_ends(rows: Iterable[Subscription], asked: Set[int]) -> list[Subscription]:
    """Return rows whose ends are last days with the next day as end, but for those that were asked for."""
    return [row if row.end is None or row.row in asked else replace(row, end=row.end + 1) for row in rows]


def _overlap(one: Subscription, other: Subscription) -> bool:
    first, second = sorted((one, other), key=lambda row: row.start)
    return first.end is None or first.end > second.start


def _forms(header: str) -> tuple[str, str]:
    """Return a header as the words of kinds are written: whole, and without what is in brackets."""
    return "".join(fold_words(header)), "".join(fold_words(header.partition("(")[0]))


def _above_0(cell: Cell) -> bool:
    return is_number(cell) and cell > 0


def _exact(number: float) -> Fraction:
    """Return a number as it is written: 29.99 is 2999/100."""
    return Fraction(repr(number))
