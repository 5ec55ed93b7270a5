"""What a cell looks like to a person: number, date, text, missing; and which headers are months or ids."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import lru_cache
from typing import Literal, TypeAlias

from metricsheet.files.book import (
    BLANK,
    DATE,
    ERROR,
    FLAG,
    NUMBER,
    TEXT,
    UNSEEN,
    RawCell,
    SheetColumn,
)
from metricsheet.language.lexicon import wordings
from metricsheet.patterns import any_of, late
from metricsheet.reading.date_text import is_numeric_month, looks_like_date
from metricsheet.reading.date_words import month_names
from metricsheet.reading.numerals_text import parse_numeral
from metricsheet.reading.period_text import WrittenPeriod, plain_text, written_period
from metricsheet.reading.words import is_missing
from metricsheet.values import ExcelError, is_number
from metricsheet.values.folding import fold

CellKind: TypeAlias = Literal["blank", "number", "date", "flag", "text", "error", "missing"]
PeriodKind: TypeAlias = Literal["week", "month", "quarter", "year"]
"""A length of time in a header; days count as months, since no table adds days up to months beside them."""

_YEARS = frozenset(range(1990, 2101))
LONGEST_NUMBER = 40

_MONTH_AND_YEAR = late(r"([^\W\d_]+)\.?[ '/.-]*([0-9]{2,4})?\Z|([0-9]{2,4})[ '/.-]*([^\W\d_]+)\.?\Z")


_ID = late(
    lambda: (
        rf"(?:^|[ _#./-])(?:{any_of(wordings('id_end'))})\.?\Z|#\Z|(?:{any_of(wordings('id_joined'))})\Z"
        rf"|(?:{any_of(wordings('id_of'))})[ _-]?(?:{any_of(wordings('id_word'))})\Z"
    )
)


def is_id_header(text: str) -> bool:
    """Return whether a header is that of ids, which name a row and measure nothing."""
    return _ID.search(fold(text)) is not None


def kind_of(cell: RawCell) -> CellKind:
    """Return what a cell looks like; text that writes a number or date looks like one."""
    if cell is None:
        return "blank"
    kind = type(cell)
    if kind is str:
        return _text_kind(cell) if len(cell) <= LONGEST_NUMBER else "text"  # type: ignore[arg-type]
    if kind is float or kind is int:
        return "number"
    if kind is bool:
        return "flag"
    return "error" if isinstance(cell, ExcelError) else "date"


def count_kinds(column: SheetColumn) -> Counter[CellKind]:
    """Return how many cells look like what, as ``kind_of`` says of each."""
    counts: Counter[CellKind] = Counter()
    for kind, code in _CODES:
        counts[kind] += column.kinds.count(code)
    if column.holds(TEXT, UNSEEN):
        for text, times in Counter(cell for cell in column if isinstance(cell, str)).items():
            counts[kind_of(text)] += times
    return counts


def kind_at(column: SheetColumn, row: int) -> CellKind:
    """Return ``kind_of`` one cell of a column; only a text has to be looked at."""
    return _KINDS.get(column.kinds[row]) or kind_of(column[row])


_CODES: tuple[tuple[CellKind, int], ...] = (
    ("blank", BLANK),
    ("number", NUMBER),
    ("date", DATE),
    ("flag", FLAG),
    ("error", ERROR),
)
_KINDS: dict[int, CellKind] = {code: kind for kind, code in _CODES}


@lru_cache(maxsize=4096)
def _text_kind(text: str) -> CellKind:
    if not text.strip():
        return "blank"
    if parse_numeral(text) is not None:
        return "number"
    if looks_like_date(text):
        return "date"
    return "missing" if is_missing(text, in_text=True) else "text"


def as_number(cell: RawCell) -> float | None:
    """Return the number of a number cell, or of text that writes one number in one way, else ``None``."""
    if type(cell) is float or type(cell) is int:
        return float(cell)
    if type(cell) is str and len(cell) <= LONGEST_NUMBER:
        return _number_of_text(cell)
    return None


@lru_cache(maxsize=4096)
def _number_of_text(text: str) -> float | None:
    numeral = parse_numeral(text)
    if numeral is None:
        return None
    readings = {numeral.with_point, numeral.with_comma} - {None}
    return readings.pop() if len(readings) == 1 else None


def header_text(cell: RawCell) -> str:
    """Return a header cell as the text a person reads; ``""`` for a blank one."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "minutes")
    return cell.code if isinstance(cell, ExcelError) else str(cell)


def period_kind(cell: RawCell) -> PeriodKind | None:
    """Return what time a header stands for (a date, ``Mar 2024``, ``März``, ``Q1``, ``2024``) or ``None``."""
    if isinstance(cell, dt.date):
        return "month"
    if is_number(cell):
        return "year" if cell in _YEARS else None
    if isinstance(cell, str) and len(cell) <= LONGEST_NUMBER:
        return _period_of_text(cell)
    return None


@lru_cache(maxsize=4096)
def _period_of_text(text: str) -> PeriodKind | None:
    plain = fold(text)
    found = _written(text, plain)
    if found is not None:
        return found.kind
    if is_numeric_month(plain) or ((match := _MONTH_AND_YEAR.match(plain)) and _names_month(match)):
        return "month"
    return "month" if looks_like_date(text) else None


def _written(text: str, plain: str) -> WrittenPeriod | None:
    """Return the period that ``text`` writes: folded to ``plain``, else with its accents (``Ç1``)."""
    return written_period(plain) or (None if text.isascii() else written_period(plain_text(text)))


def _names_month(match: re.Match[str]) -> bool:
    return (match[1] or match[4]) in month_names()


def lacks_year(text: str) -> bool:
    """Return whether ``text`` is a month or quarter without a year (``Mar``, ``Q1``)."""
    if _period_of_text(text) not in ("month", "quarter"):
        return False
    plain = fold(text)
    found = _written(text, plain)
    return re.search(r"[0-9]{2}", plain) is None if found is None else not found.year
