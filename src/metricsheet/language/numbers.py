"""Numbers the way a reader writes them: separators, percent, money, ratios, durations in five languages.

A value is rounded half away from zero at 15 significant digits, as Excel shows it. Nothing here raises:
what is not a finite number is shown as ``–``.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Literal

from metricsheet.language.currencies import SIGNS, decimals_of
from metricsheet.language.styles import (
    NumberStyle,
    currency_code,
    style_of,
)
from metricsheet.precision import order, rounded
from metricsheet.records import record, replace

NOTHING = "–"
"""Shown where there is no value."""

_UNIT_DECIMALS = {"points": 1, "percent": 1, "ratio": 1, "count": 0, "days": 1, "months": 1}
_HUGE = 1e15
"""From here on a number is written with a power of ten."""
MOST_DECIMALS = 15
"""A number that would need more decimals is written with a power of ten."""


@record
class NumberFormat:
    """How the numbers of one metric are written: the one place where decimals are decided.

    ``unit`` is the metric's unit; percent values are fractions. ``decimals`` is the metric's own choice,
    otherwise it follows from unit and size. ``marks`` are the numbers at which a verdict turns (band edges,
    targets): a value that rounding would move to the other side of one gets more decimals, so that what is
    shown never contradicts its verdict: 2.99 below a target of 3 is ``2.99:1``.
    """

    unit: str
    currency: str = "USD"
    language: str = "en"
    decimals: int | None = None
    marks: tuple[float, ...] = ()

    def value(self, value: float | None, beside: Iterable[float] = ()) -> str:
        """Return ``value`` as a reader writes it: ``24.5%``, ``3,2:1``, ``1.234 €``, ``12 days``.

        It differs from each of ``beside``, numbers shown with the same decimals, unless it equals that one.
        """
        number = _finite(value)
        return NOTHING if number is None else self._in_unit(number, self.places(number, beside))

    def target(self, value: float | None) -> str:
        """Return a wanted value without decimals that say nothing: ``3:1``, ``5%``, ``$300``, ``2.5:1``."""
        number = _finite(value)
        return NOTHING if number is None else self._in_unit(number, self.target_places(number))

    def interval(self, low: float | None, high: float | None) -> str:
        """Return an interval with the unit said once: ``16.1 … 21.1``, ``24.1 … 28.9%``."""
        bottom, top = _finite(low), _finite(high)
        if bottom is None or top is None:
            return NOTHING
        style = style_of(self.language)
        base = max(self._base(bottom), self._base(top))
        if self.decimals is None:
            base = min(base, 4)
        places = max(self._telling(bottom, base), self._telling(top, base))
        digits = style.between.join(_number(self._scaled(n), places, style) for n in (bottom, top))
        return _pattern(self.unit, self.currency, style, plural=True).replace("{}", digits)

    def change(
        self,
        change: float | None,
        *,
        flat: bool = False,
        marks: Iterable[float] = (),
        beside: Iterable[float] = (),
    ) -> str:
        """Return a difference of two values with its sign: ``+2.3``, ``+$120``, ``-1.2 pp``.

        One that is there is not shown as zero, unless it counts as ``flat``. ``marks`` and ``beside`` are
        other differences.
        """
        number = _finite(change)
        if number is None:
            return NOTHING
        style, size = style_of(self.language), abs(number)
        places = self.change_places(number, flat, marks, beside)
        if self.unit == "percent":
            text = style.percentage_points.replace("{}", _number(self._scaled(size), places, style))
        elif self.unit == "ratio":
            text = _number(size, places, style)
        else:
            text = self._in_unit(size, places)
        if reads_as_zero(text):
            return "±" + text
        return ("-" if number < 0 else "+") + text

    def places(self, number: float, beside: Iterable[float] = ()) -> int:
        """Return how many decimals ``value`` shows a number with."""
        return self._telling(number, self._base(number), beside)

    def target_places(self, number: float) -> int:
        """Return how many decimals ``target`` shows a number with: as many as it has, none if it is whole."""
        scaled = self._scaled(number)
        if not isfinite(scaled) or abs(scaled - round(scaled)) < 1e-9:
            return 0
        return _telling(scaled, self._base(number), [scaled], [])

    def change_places(
        self, change: float, flat: bool = False, marks: Iterable[float] = (), beside: Iterable[float] = ()
    ) -> int:
        """Return how many decimals ``change`` shows a difference with."""
        places, scaled = self._base(change), self._scaled(change)
        if not flat:
            marks = [0.0, *marks]
            if change and isfinite(scaled) and not _as_shown(scaled, places):
                places = _usual_decimals(change, self.unit, self.currency)
        return _telling(scaled, places, map(self._scaled, marks), map(self._scaled, beside))

    def _base(self, number: float) -> int:
        if self.decimals is not None:
            return max(0, min(self.decimals, MOST_DECIMALS))
        return _usual_decimals(number, self.unit, self.currency)

    def _telling(self, number: float, places: int, beside: Iterable[float] = ()) -> int:
        if not (self.marks or beside):
            return places
        marks, beside = map(self._scaled, self.marks), map(self._scaled, beside)
        return _telling(self._scaled(number), places, marks, beside)

    def _scaled(self, number: float) -> float:
        return number * 100 if self.unit == "percent" else number

    def _in_unit(self, number: float, places: int) -> str:
        style = style_of(self.language)
        digits = _number(abs(self._scaled(number)), places, style)
        text = _pattern(self.unit, self.currency, style, plural=style.plural(digits)).replace("{}", digits)
        return text if number >= 0 or reads_as_zero(digits) else "-" + text


@record
class Figure:
    """A number with how it is written, before the reader's language is known.

    ``style`` says what it is; without a ``form`` it has no unit. ``marks`` and ``beside`` are those of
    ``NumberFormat``.
    """

    number: float
    form: NumberFormat | None = None
    style: Literal["value", "target", "change", "size"] = "value"
    marks: tuple[float, ...] = ()
    beside: tuple[float, ...] = ()

    def said(self, language: str) -> str:
        """Return the number as a reader of ``language`` writes it; ``size`` is a change without its sign."""
        if self.form is None:
            return display_bare(self.number, language, self.marks, self.beside)
        form = replace(self.form, language=language)
        if self.style == "target":
            return form.target(self.number)
        if self.style == "value":
            return replace(form, marks=(*form.marks, *self.marks)).value(self.number, self.beside)
        change = form.change(self.number, marks=self.marks, beside=self.beside)
        return change.lstrip("+±") if self.style == "size" else change

    def __str__(self) -> str:
        return self.said("en")


def display_count(count: float | None, language: str = "en") -> str:
    """Return a number of cells, answers or customers with separators: ``6,043``."""
    return NumberFormat("count", language=language).value(count)


def display_bare(
    number: float, language: str = "en", marks: Iterable[float] = (), beside: Iterable[float] = ()
) -> str:
    """Return a number without a unit: six digits, or more where ``marks`` and ``beside`` need them."""
    marks, beside = list(marks), list(beside)
    for digits in range(6, 16):
        text = f"{number:.{digits}g}"
        apart = all(order(float(text), mark) == order(number, mark) for mark in marks)
        if apart and all(
            order(float(text), float(f"{other:.{digits}g}")) == order(number, other) for other in beside
        ):
            break
    return text.replace(".", style_of(language).decimal)


def _usual_decimals(value: float, unit: str, currency: str) -> int:
    """Return how many decimals a value of ``unit`` is shown with when nothing else decides.

    Money from a thousand on is shown without cents; counts and durations that are whole without decimals; a
    value so small that it would show as zero keeps two digits.
    """
    shown = abs(value) * 100 if unit == "percent" else abs(value)
    if not isfinite(shown):
        return _UNIT_DECIMALS.get(unit, 1)
    whole = abs(shown - round(shown)) < 1e-9 if shown < _HUGE else True
    if unit == "money":
        minor = decimals_of(currency)
        base = 0 if shown >= 1000 else minor
    elif unit in ("count", "days", "months"):
        base = 0 if whole else 1
    else:
        base = _UNIT_DECIMALS.get(unit, 1)
    if shown >= 1e-9 and shown * 10**base < 1:
        # two digits, without a second one that is zero
        digits, _, power = f"{shown:.1e}".partition("e")
        return max(base, -int(power) + (not digits.endswith("0")))
    return base


def _telling(number: float, places: int, marks: Iterable[float], beside: Iterable[float]) -> int:
    """Return the fewest decimals, ``places`` at least, that show ``number`` as what it is.

    Rounded, it is on its own side of each of ``marks``, and apart from each of ``beside``, rounded alike, if
    it is not equal to it.
    """
    if not isfinite(number):
        return places
    # whatever is further away than rounding can move the number needs no closer look
    reach = 10.0**-places if abs(number) < _HUGE else abs(number)
    marks = [mark for mark in marks if abs(mark - number) <= reach]
    beside = [other for other in beside if abs(other - number) <= 2 * reach]
    while (marks or beside) and places < 2 * MOST_DECIMALS:
        shown = _as_shown(number, places)
        if all(order(shown, mark) == order(number, mark) for mark in marks) and all(
            order(shown, _as_shown(other, places)) == order(number, other) for other in beside
        ):
            break
        places += 1
    return places


def _as_shown(number: float, places: int) -> float:
    """Return the number that ``_number`` writes."""
    return float(_with_power(number, places)) if _needs_power(number, places) else rounded(number, places)


def _needs_power(number: float, places: int) -> bool:
    return abs(number) >= _HUGE or places > MOST_DECIMALS


def _with_power(number: float, places: int) -> str:
    digits = places if places <= MOST_DECIMALS else places - MOST_DECIMALS + 1
    return f"{number:.{max(digits, 2)}E}"


def _finite(value: float | None) -> float | None:
    """Return ``value`` as a finite float, else ``None``; an int too large for a float is none either."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def reads_as_zero(text: str) -> bool:
    """Return whether a displayed number has no digit but zeros."""
    return not any(c in "123456789" for c in text)


def _pattern(unit: str, currency: str, style: NumberStyle, *, plural: bool) -> str:
    if unit == "percent":
        return style.percent
    if unit == "ratio":
        return "{}:1"
    if unit == "money":
        symbol = SIGNS.get(currency)
        code = currency_code(currency)
        if symbol is None and not code:
            return "{}"
        pattern = style.money if symbol else style.money_code
        return pattern.replace("{symbol}", symbol or code)
    if unit == "days":
        return style.days[plural]
    if unit == "months":
        return style.months[plural]
    return "{}"


def _number(number: float, places: int, style: NumberStyle) -> str:
    """Return a number's digits with the language's separators; a minus only where a digit is not zero."""
    if not isfinite(number):
        return NOTHING
    if _needs_power(number, places):
        return _with_power(number, places).replace(".", style.decimal)
    digits = _digits(abs(number), places)
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", style.group)
    text = f"{grouped}{style.decimal}{fraction}" if fraction else grouped
    return "-" + text if number < 0 and not reads_as_zero(digits) else text


def _digits(number: float, places: int) -> str:
    """Return a number from 0 on, rounded half up on its first 15 significant digits, zeros after them."""
    number = rounded(number, places)
    if number * 10**places < 1e14:
        return f"{number:.{places}f}"
    known = min(places, max(0, 14 - int(f"{number:.14e}".partition("e")[2])))
    text = f"{number:.{known}f}"
    return text if known == places else text + ("" if known else ".") + "0" * (places - known)
