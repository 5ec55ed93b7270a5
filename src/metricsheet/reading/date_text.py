"""Dates and months written as text, a whole column at a time: one order of day and month for all cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from metricsheet.language.lexicon import meanings, signs, wordings
from metricsheet.language.message import Message
from metricsheet.patterns import any_of, late
from metricsheet.reading.date_words import month_names, weekday_names
from metricsheet.reading.period_text import WrittenPeriod, plain_text, written_period
from metricsheet.reading.refusal import Refusal
from metricsheet.records import record
from metricsheet.values.dates import from_serial, to_serial
from metricsheet.values.folding import fold

DateOrder = Literal["dmy", "mdy", "ymd"]
Readings = dict[DateOrder, float]
"""Serial numbers of one text by the order of its parts; a text of one meaning has it under every order."""

DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
_ZONES = (
    *("z", "utc", "gmt", "wet", "west", "cet", "cest", "eet", "eest", "bst", "ist", "trt", "msk", "jst"),
    *("est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "aest", "aedt"),
)
"""Time zones that programs write behind a time; the day counts as it is written."""
_LONGEST = 100
_SERIALS = (18264, 73415)  # 1950 to 2100: other whole numbers are not read as dates


def _time_of_day() -> str:
    """Return the pattern of a time behind a date: ``14:30``, ``2:30 pm``, ``14時30分``."""
    hour, minute, second = map(any_of, signs("time_signs"))
    half = any_of(word.casefold() for word in (*wordings("before_noon"), *wordings("after_noon")))
    return (
        rf"(?:t|(?<! ) +|, *)(?:({half}) ?)?([01]?[0-9]|2[0-3])(?::|{hour})([0-5][0-9])"
        rf"(?:(?::|{minute})([0-5]?[0-9])(?:[.,][0-9]+)?(?:{second})?|{minute})?"
        rf"(?: *(?:({half})|{any_of(wordings('clock_after'))}))?"
        rf"(?: *(?:{any_of(_ZONES)}))?(?: *[-+][0-9]{{1,2}}(?::?[0-9]{{2}})?)?(?: *\([^()]*\))?\Z"
    )


def _dates_with_signs() -> str:
    """Return the pattern of a date or month with a sign behind each part: ``2024年3月5日``."""
    year, month, day = map(any_of, signs("date_signs"))
    era, first = any_of(meanings("eras")), any_of(wordings("first_year"))
    return (
        rf"(?:([0-9]{{4}})|({era}) *([1-9][0-9]?|{first})) *(?:{year}) *"
        rf"([0-9]{{1,2}}) *(?:{month})(?: *([0-9]{{1,2}}) *(?:{day}))?"
        rf"(?: *\((?:{any_of(wordings('weekday_signs'))})\))?\Z"
    )


def _ordinals() -> str:
    """Return the pattern of what makes the number of a day an ordinal: ``1st``, ``1º``."""
    letters = any_of(filter(str.isascii, wordings("ordinals")))
    signs = any_of(word for word in wordings("ordinals") if not word.isascii())
    return rf"(?<=[0-9])(?:(?:{letters})\b|{signs})"


_TIME = late(_time_of_day)
_YEAR_FIRST = late(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?\Z")
_YEAR_LAST = late(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\Z")
_MONTH_YEAR = late(r"([0-9]{1,2})[-/.]([0-9]{4})\Z")
_DIGITS = late(r"([0-9]{4})(?:([0-9]{2})([0-9]{2})?)?\Z")
_BARE = late(r"[0-9]+(?:[.,][0-9]+)?\Z")
_SERIAL = late(r"[0-9]{5}(?:[.,][0-9]+)?\Z")
_SIGNED = late(_dates_with_signs)
_ISO_DAY = late(r"([0-9]{4})-?w([0-9]{2})-([1-7])\Z")
_SHORT_YEAR = late(r"([^\W\d_]+) ([0-9]{2})\Z")
_ORDINAL = late(_ordinals)
_WORDS = late(r"[0-9]+|[^\W\d_]+")
_SEPARATORS = late(r"[\s.,/'-]*\Z")


@record
class DateReading:
    """The serial numbers of a column by text; texts that are no dates are left out.

    ``order`` is the order that the column's numeric dates were read in, ``None`` where none was needed.
    With ``refusal``, nothing can be used.
    """

    serials: Mapping[str, float]
    order: DateOrder | None = None
    refusal: Refusal | None = None


def read_dates(texts: Iterable[str], *, order: DateOrder | None = None, weeks: bool = False) -> DateReading:
    """Return the serial numbers (1900 system) of the distinct ``texts`` of one column; months are first days.

    ``05/03/2024`` takes the order that another cell of the column proves, or ``order``; a column that proves
    none, or two, is a trouble. Times of day are fractions, time zones are left aside as written. With
    ``weeks`` six digits are a year and a week of the ISO calendar, else a year and a month.
    """
    texts = list(texts)
    if weeks and (dated := _as_weeks(texts)):
        return DateReading(dated)
    readings = {text: found for text in texts if (found := parse_date(text))}
    if len(readings) < len(texts):
        readings.update(_months_with_short_years([text for text in texts if text not in readings]))
    settled: dict[str, float] = {}
    open_ones: dict[str, Readings] = {}
    proofs: dict[DateOrder, str] = {}
    for text, found in readings.items():
        if len(found) > 1 and len(set(found.values())) == 1:
            settled[text] = next(iter(found.values()))
            continue
        open_ones[text] = found
        if len(found) == 1:
            proofs.setdefault(next(iter(found)), text)
    chosen = order
    if chosen is None and len(proofs) > 1:
        return DateReading({}, refusal=_contradiction(proofs))
    if chosen is None and proofs:
        chosen = next(iter(proofs))
    if chosen is None and open_ones:
        orders = _plausible(open_ones)
        if len(orders) != 1:
            return DateReading({}, refusal=_undecided(open_ones))
        chosen = orders[0]
    if chosen is not None:
        settled.update({text: found[chosen] for text, found in open_ones.items() if chosen in found})
    return DateReading(settled, chosen)


def _as_weeks(texts: Sequence[str]) -> dict[str, float]:
    """Return the first days of weeks written with six digits; empty where a text is none."""
    found: dict[str, float] = {}
    for text in texts:
        plain = plain_text(text)
        serial = _week(int(plain[:4]), int(plain[4:]), 1) if len(plain) == 6 and _digits(plain) else None
        if serial is None:
            return {}
        found[text] = serial
    return found


def looks_like_date(text: str) -> bool:
    """Return whether ``text`` is shaped like a date, month or quarter; years and digits may be anything."""
    bare = text.strip()
    return _BARE.match(bare) is None and bool(parse_date(bare)) and part_of_year(bare) != "year"


def part_of_year(text: str) -> Literal["quarter", "year"] | None:
    """Return whether ``text`` names a whole quarter or year; ``None`` for a month, a day or anything else."""
    plain = plain_text(text)
    found = _dated_period(plain)
    if found is not None and (found.kind == "quarter" or found.kind == "year"):
        return found.kind
    return "year" if len(plain) == 4 and _digits(plain) else None


def named_period(text: str) -> Literal["week", "month", "quarter", "year"] | None:
    """Return the week, month, quarter or year that ``text`` names as a whole; ``None`` for a day."""
    part = part_of_year(text)
    if part is not None:
        return part
    plain = plain_text(text)
    if (found := _dated_period(plain)) and found.kind == "week":
        return "week"
    if is_numeric_month(plain):
        return "month"
    match = _match_signed(plain)
    if match or _YEAR_FIRST.match(plain) or _DIGITS.match(plain):
        return "month" if match and match[5] is None else None
    words = _WORDS.findall(plain)
    named = [word for word in words if not word.isdigit() and fold(word) in month_names()]
    return "month" if len(words) == 2 and len(named) == 1 else None


def is_numeric_month(plain: str) -> bool:
    """Return whether a text is a month in digits with its year: ``2024-03``, ``03/2024``, ``202403``.

    ``3724.50`` and ``12.3456`` are numbers: they have no such month or year.
    """
    if first := _YEAR_FIRST.match(plain):
        year, month = first[1], first[3]
        return first[4] is None and "1900" <= year < "2200" and 1 <= int(month) <= 12
    if last := _MONTH_YEAR.match(plain):
        return "1900" <= last[2] < "2200" and 1 <= int(last[1]) <= 12
    return len(plain) == 6 and _digits(plain)


def _match_signed(plain: str) -> re.Match[str] | None:
    """Return the parts of a date with a sign behind each part: year, era, its year, month, day."""
    return _SIGNED.match(plain) if any(sign in plain for sign in signs("date_signs")[0]) else None


def _digits(plain: str) -> bool:
    """Return whether a text is digits that begin with a year, and may be a year, month or day."""
    return _DIGITS.match(plain) is not None and "1900" <= plain[:4] < "2200"


def _dated_period(plain: str) -> WrittenPeriod | None:
    """Return the quarter, week or year that a text names, if it is known which days it has.

    It has a year that begins in January, of four digits but in a quarter (``Q1 24`` can be nothing else), and
    weeks are those of the ISO calendar.
    """
    found = written_period(plain)
    if found is None or found.kind == "month" or found.fiscal:
        return None
    if len(found.year) not in ((2, 4) if found.kind == "quarter" else (4,)):
        return None
    return found if found.kind != "week" or found.iso else None


def parse_date(text: str) -> Readings:
    """Return the serial numbers that ``text`` may mean, by the order of its parts; empty for no date."""
    plain = plain_text(text)
    if not any(c.isdigit() for c in plain) or len(plain) > _LONGEST:
        return {}
    day, fraction = _split_time(plain)
    found = _by_shape(day) or _by_words(day)
    return {order: serial + fraction for order, serial in found.items()} if fraction else found


def _split_time(text: str) -> tuple[str, float]:
    clock = ":" in text or any(sign in text for sign in signs("time_signs")[0])
    match = _TIME.search(text) if clock else None
    if match is None:
        return text, 0.0
    before, hour, minute, second, behind = match.groups()
    hours = int(hour)
    half = before or behind
    if half is not None:
        late_half = half in {word.casefold() for word in wordings("after_noon")}
        if not (0 if before else 1) <= hours <= 12 or (before and behind):
            return text, 0.0
        hours = hours % 12 + (12 if late_half else 0)
    return text[: match.start()], (hours * 3600 + int(minute) * 60 + int(second or 0)) / 86400


def _by_shape(text: str) -> Readings:
    if match := _YEAR_FIRST.match(text):
        year, _, month, day = match.groups()
        return _same(_serial(int(year), int(month), int(day or 1)))
    if match := _YEAR_LAST.match(text):
        return _by_order(*match.groups())
    if match := _MONTH_YEAR.match(text):
        return _same(_serial(int(match[2]), int(match[1]), 1))
    if match := _match_signed(text):
        year, era, era_year, month, day = match.groups()
        number = int(year) if year else meanings("eras")[era] + (int(era_year) if era_year.isdigit() else 1)
        return _same(_serial(number, int(month), int(day or 1)))
    if match := _DIGITS.match(text):
        year, month, day = match.groups()
        return _same(_serial(int(year), int(month or 1), int(day or 1))) if "1900" <= year < "2200" else {}
    if _SERIAL.match(text):
        serial = float(text.replace(",", "."))
        return _same(serial) if _SERIALS[0] <= serial < _SERIALS[1] else {}
    return _by_part_of_year(text)


def _by_part_of_year(text: str) -> Readings:
    """Return the first day of a quarter, week or year."""
    if match := _ISO_DAY.match(text):
        return _same(_week(int(match[1]), int(match[2]), int(match[3])))
    found = _dated_period(text)
    if found is None:
        return {}
    if found.kind == "week":
        return _same(_week(int(found.year), found.number, 1))
    return _same(_serial(_full(found.year), found.number * 3 - 2, 1))


def _by_order(first: str, mark: str, second: str, year: str) -> Readings:
    """Return the readings of three numbers with the year last, or first when it has two digits."""
    a, b = int(first), int(second)
    day_first = _serial(_full(year), b, a)
    if mark == ".":  # points are between day, month and year, never month first
        return _same(day_first)
    orders: dict[DateOrder, float | None] = {"dmy": day_first, "mdy": _serial(_full(year), a, b)}
    if len(year) == 2 and len(first) == 2:
        orders["ymd"] = _serial(_full(first), b, int(year))
    return {order: serial for order, serial in orders.items() if serial is not None}


def _by_words(text: str) -> Readings:
    """Return the readings of a date with a month's name: ``5 March 2024``, ``Mar-24``, ``März 2024``."""
    text = _ORDINAL.sub("", text)
    if not _SEPARATORS.match(_WORDS.sub("", text)):
        return {}
    words = [w if w.isdigit() else fold(w) for w in _WORDS.findall(text)]
    names = month_names()
    # mar is March, and in Italian a Tuesday
    if len(words) > 2 and words[0] in weekday_names() and any(word in names for word in words[1:]):
        words = words[1:]
    months = [names[w] for w in words if w in names]
    numbers = [w for w in words if w.isdigit()]
    if len(months) != 1 or len(words) != 1 + len(numbers):
        return {}
    month = months[0]
    name_at = next(i for i, w in enumerate(words) if not w.isdigit())
    if len(numbers) == 1:
        year = numbers[0]
        # "Mar 24" may be a day: a year of two digits needs a hyphen, apostrophe or point before it
        if len(year) == 4 or (len(year) == 2 and name_at == 0 and re.search(r"[-'.][0-9]{2}\Z", text)):
            return _same(_serial(_full(year), month, 1))
        return {}
    if len(numbers) != 2:
        return {}
    first, last = numbers
    if len(first) == 4 and name_at == 1 and len(last) <= 2:
        return _same(_serial(int(first), month, int(last)))
    if len(first) <= 2 and name_at < 2 and len(last) in (2, 4):
        return _same(_serial(_full(last), month, int(first)))
    return {}


def _months_with_short_years(texts: Sequence[str]) -> dict[str, Readings]:
    """Return the months among ``texts`` such as ``Mar 24``, if 24 must be a year.

    It is when the same few numbers are beside more months than there are numbers; days of a month would
    change from cell to cell.
    """
    found: dict[str, tuple[int, str]] = {}
    for text in texts:
        match = _SHORT_YEAR.match(text.strip())
        month = month_names().get(fold(match[1])) if match else None
        if match and month:
            found[text] = (month, match[2])
    years = {year for _, year in found.values()}
    if len({month for month, _ in found.values()}) <= len(years):
        return {}
    return {text: _same(_serial(_full(year), month, 1)) for text, (month, year) in found.items()}


def _full(year: str) -> int:
    """Return a year in full; of two digits, 00 to 29 are 2000 to 2029 as in Excel."""
    number = int(year)
    return number if len(year) > 2 else number + (2000 if number < 30 else 1900)


def _serial(year: int, month: int, day: int) -> float | None:
    try:
        return to_serial(dt.date(year, month, day)) if 1900 <= year < 2200 else None
    except ValueError:
        return None


def _week(year: int, week: int, day: int) -> float | None:
    try:
        return to_serial(dt.date.fromisocalendar(year, week, day))
    except ValueError:
        return None


def _same(serial: float | None) -> Readings:
    return dict.fromkeys(DATE_ORDERS, serial) if serial is not None else {}


def _plausible(readings: Mapping[str, Readings]) -> list[DateOrder]:
    """Return the orders in which every text is a date.

    Where years have two digits, an order that spreads the column over more than twenty years is left out
    when another keeps it within ten: the part that hardly changes is the year.
    """
    orders = [order for order in DATE_ORDERS if all(order in found for found in readings.values())]
    if len(orders) < 2 or len(readings) < 3:
        return orders
    spans = {}
    for order in orders:
        serials = [found[order] for found in readings.values()]
        spans[order] = (max(serials) - min(serials)) / 365.25
    if min(spans.values()) > 10:
        return orders
    return [order for order in orders if spans[order] <= 20]


def _undecided(readings: Mapping[str, Readings]) -> Refusal:
    text, found = next(iter(readings.items()))
    dates = [f"{from_serial(serial):%Y-%m-%d}" for serial in dict.fromkeys(found.values())]
    shown = Message("either_or", parts=tuple(dates[:-1]), last=dates[-1])
    return Refusal(
        "ambiguous_date",
        Message("date_ambiguous", text=text, dates=shown),
        Message("format_as_dates"),
    )


def _contradiction(proofs: Mapping[DateOrder, str]) -> Refusal:
    (first, a), (second, b) = list(proofs.items())[:2]
    return Refusal(
        "ambiguous_date",
        Message(
            "dates_contradict",
            first=a,
            how=Message(f"date_order.{first}"),
            second=b,
            other=Message(f"date_order.{second}"),
        ),
        Message("write_dates_one_way"),
    )
