"""Numbers written as text, a whole column at a time: one decimal mark for all of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.reading.numerals_text import DecimalMark, Numeral, parse_numeral
from metricsheet.reading.refusal import Refusal
from metricsheet.records import field, record, replace

# what programs write: digits and at most one point (possessive, so that a long column fails fast)
_MACHINE = late(r"(?:-?[0-9]++(?:\.[0-9]++)?+\n)*+\Z")
_MACHINE_AMBIGUOUS = late(r"^-?[1-9][0-9]{0,2}\.[0-9]{3}$", re.MULTILINE)
_PLAIN = late(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_NO_THREE_DECIMALS = ("USD", "GBP", "JPY", "$", "¥")

AMBIGUOUS_HINT = Message("format_as_numbers")


@record
class NumberReading:
    """The numbers of a column by their text; texts that are no numbers are left out.

    ``percents`` are the texts with a percent sign (their numbers are fractions), ``plain`` the number of
    texts written as programs write numbers. ``decimal_mark`` is the mark found, ``""`` when none was needed.
    ``note`` says what was decided without proof in a single cell, ``currencies`` are those of the texts where
    some have one. With ``refusal``, nothing can be used.
    """

    numbers: Mapping[str, float]
    percents: frozenset[str] = frozenset()
    decimal_mark: str = ""
    note: Message | None = None
    refusal: Refusal | None = None
    currencies: Mapping[str, str] = field(default_factory=dict)


def is_plain_number(text: str) -> bool:
    """Return whether ``text`` is a number as programs write it: ``-12.5`` or ``1e3``."""
    return _PLAIN.match(text) is not None


def read_numbers(
    texts: Iterable[str], *, whole: bool = False, decimal_mark: DecimalMark | None = None
) -> NumberReading:
    """Return the numbers that the distinct ``texts`` of one column write, with one decimal mark for all.

    ``whole`` says that only whole numbers make sense (counts, answers on a scale), which settles ``1,234``.
    ``decimal_mark`` decides everything. Otherwise a cell that allows one reading alone decides for the
    column; cells that contradict each other and a column of ``1,234`` alone are troubles.
    """
    listed = texts if isinstance(texts, (list, tuple)) else list(texts)
    machine = _machine_numbers(listed) if decimal_mark != "," else None
    if machine is not None:
        return NumberReading(machine, decimal_mark=".")
    parsed = {text: numeral for text in listed if (numeral := parse_numeral(text)) is not None}
    if not parsed:
        return NumberReading({})
    reading = _decide(parsed, whole, decimal_mark)
    if reading.refusal is not None or not any(numeral.currency for numeral in parsed.values()):
        return reading
    return replace(reading, currencies={text: numeral.currency for text, numeral in parsed.items()})


def _machine_numbers(texts: Sequence[str]) -> dict[str, float] | None:
    """Return the numbers of a column that a program wrote with a decimal point, else ``None``.

    This is the fast path of CSV files: two patterns over the joined column, then ``float`` on each text.
    """
    joined = "\n".join(texts) + "\n"
    if not texts or _MACHINE.match(joined) is None or joined.count("\n") != len(texts):
        return None
    points = joined.count(".")
    if points and _MACHINE_AMBIGUOUS.search(joined) and points == len(_MACHINE_AMBIGUOUS.findall(joined)):
        return None
    numbers = dict(zip(texts, map(float, texts), strict=True))
    return None if float("inf") in numbers.values() or float("-inf") in numbers.values() else numbers


def _decide(parsed: Mapping[str, Numeral], whole: bool, decimal_mark: DecimalMark | None) -> NumberReading:
    percents = frozenset(text for text, numeral in parsed.items() if numeral.percent)
    unsettled = [text for text, numeral in parsed.items() if numeral.ambiguous]
    proofs: dict[DecimalMark, str] = {}
    for text, numeral in parsed.items():
        if (mark := numeral.proves) is not None:
            proofs.setdefault(mark, text)
    if decimal_mark is None and len(proofs) > 1:
        return NumberReading({}, refusal=_contradiction(proofs))
    mark = decimal_mark or next(iter(proofs), None)
    note: Message | None = None
    if mark is None and unsettled:
        if whole:
            numbers = {t: n.grouped if n.ambiguous else _either(n) for t, n in parsed.items()}
            return NumberReading(numbers, percents)
        mark, note = _thousands_by_context(parsed, unsettled)
        if mark is None:
            return NumberReading({}, refusal=_undecided(parsed, unsettled))
    numbers = {}
    for text, numeral in parsed.items():
        value = numeral.value(mark) if mark is not None else _either(numeral)
        if value is not None:
            numbers[text] = value
    return NumberReading(numbers, percents, mark or "", note)


def _either(numeral: Numeral) -> float:
    value = numeral.with_point if numeral.with_point is not None else numeral.with_comma
    assert value is not None
    return value


def _thousands_by_context(
    parsed: Mapping[str, Numeral], unsettled: Sequence[str]
) -> tuple[DecimalMark | None, Message | None]:
    """Return the decimal mark where the column as a whole shows that ``1,234`` means thousands.

    That is so for dollars, pounds and yen with a comma, and where several whole numbers under 1,000 stand
    without a mark beside several with one, while none from 1,000 on stands without.
    """
    marks = {parsed[text].mark_used for text in unsettled}
    if len(marks) != 1:
        return None, None
    grouping = marks.pop()
    decimal: DecimalMark = "." if grouping == "," else ","
    text, number = unsettled[0], parsed[unsettled[0]].grouped
    if grouping == "," and any(parsed[text].currency in _NO_THREE_DECIMALS for text in unsettled):
        return decimal, Message("thousands_by_currency", text=text, number=number)
    whole = [abs(_either(n)) for n in parsed.values() if n.bare and not n.percent]
    small = [number for number in whole if 0 < number < 1000]
    if len(unsettled) > 1 and len(small) > 1 and max(whole) < 1000:
        return decimal, Message("thousands_by_context", text=text, number=number)
    return None, None


def _undecided(parsed: Mapping[str, Numeral], unsettled: Sequence[str]) -> Refusal:
    text = unsettled[0]
    first, second = sorted(v for v in (parsed[text].with_point, parsed[text].with_comma) if v is not None)
    return Refusal(
        "ambiguous_number",
        Message("number_ambiguous", text=text, first=second, second=first),
        AMBIGUOUS_HINT,
    )


def _contradiction(proofs: Mapping[DecimalMark, str]) -> Refusal:
    return Refusal(
        "ambiguous_number",
        Message("decimal_marks_mixed", comma=proofs[","], point=proofs["."]),
        Message("write_numbers_one_way"),
    )
