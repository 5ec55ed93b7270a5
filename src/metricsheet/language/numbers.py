"""Numbers the way a reader writes them: separators, percent, money, ratios, durations in five languages.

A value is rounded half away from zero at 15 significant digits, as Excel shows it. Nothing here raises:
what is not a finite number is shown as ``–``.
"""

from __future__ import annotations

from math import floor, isfinite, log10

from metricsheet.language.styles import (
    MINOR_DIGITS,
    SYMBOLS,
    NumberStyle,
    currency_code,
    style_of,
)

NOTHING = "–"
"""Shown where there is no value."""

_UNIT_DECIMALS = {"points": 1, "percent": 1, "ratio": 1, "count": 0, "days": 1, "months": 1}


def decimals_for(value: float, unit: str, currency: str) -> int:
    """Return how many decimals a value of ``unit`` is shown with when its metric does not say.

    Money from a thousand on is shown without cents; counts and durations that are whole without decimals; a
    value so small that it would show as zero keeps two digits.
    """
    shown = abs(value) * 100 if unit == "percent" else abs(value)
    if not isfinite(shown):
        return _UNIT_DECIMALS.get(unit, 1)
    whole = abs(shown - round(shown)) < 1e-9 if shown < 1e15 else True
    if unit == "money":
        minor = MINOR_DIGITS.get(currency, 2)
        base = 0 if shown >= 1000 else minor
    elif unit in ("count", "days", "months"):
        base = 0 if whole else 1
    else:
        base = _UNIT_DECIMALS.get(unit, 1)
    if shown >= 1e-9 and shown * 10**base < 1:
        # two digits, without the zero that a rounded second digit leaves
        for places in range(base, 12):
            if shown * 10**places >= 1:
                two_digits = _digits(shown, places + 1)
                return places if two_digits.endswith("0") else places + 1
    return base


def display(
    value: float | None,
    unit: str,
    *,
    currency: str = "USD",
    language: str = "en",
    decimals: int | None = None,
) -> str:
    """Return ``value`` as a reader of ``language`` writes it: ``24.5%``, ``3,2:1``, ``1.234 €``, ``12 days``.

    ``unit`` is a metric's unit; percent values are fractions. ``decimals`` is the metric's own choice,
    otherwise it follows from unit and size. ``–`` stands for a value that is missing or not finite.
    """
    number = _finite(value)
    if number is None:
        return NOTHING
    places = decimals_for(number, unit, currency) if decimals is None else max(0, min(decimals, 15))
    return _in_unit(number, unit, currency, style_of(language), places)


def display_target(
    value: float | None,
    unit: str,
    *,
    currency: str = "USD",
    language: str = "en",
    decimals: int | None = None,
) -> str:
    """Return a wanted value without decimals that say nothing: ``3:1``, ``5%``, ``$300``, ``2.5:1``."""
    number = _finite(value)
    if number is None:
        return NOTHING
    return _in_unit(
        number, unit, currency, style_of(language), target_decimals(number, unit, currency, decimals)
    )


def target_decimals(value: float, unit: str, currency: str, decimals: int | None = None) -> int:
    """Return how many decimals a wanted value is shown with: none where it is whole."""
    shown = value * 100 if unit == "percent" else value
    if not isfinite(shown) or abs(shown - round(shown)) < 1e-9:
        return 0
    return decimals_for(value, unit, currency) if decimals is None else max(0, min(decimals, 15))


def display_interval(
    low: float | None,
    high: float | None,
    unit: str,
    *,
    currency: str = "USD",
    language: str = "en",
    decimals: int | None = None,
) -> str:
    """Return an interval with the unit said once: ``16.1 … 21.1``, ``24.1 … 28.9%``."""
    bottom, top = _finite(low), _finite(high)
    if bottom is None or top is None:
        return NOTHING
    style = style_of(language)
    if decimals is None:
        decimals = max(decimals_for(bottom, unit, currency), decimals_for(top, unit, currency))
        decimals = min(decimals, 4)
    places = max(0, min(decimals, 15))
    factor = 100 if unit == "percent" else 1
    digits = style.between.join(_number(bound * factor, places, style) for bound in (bottom, top))
    return _pattern(unit, currency, style, plural=True).replace("{}", digits)


def display_change(
    change: float | None,
    unit: str,
    *,
    currency: str = "USD",
    language: str = "en",
    decimals: int | None = None,
) -> str:
    """Return a difference of two values with its sign: ``+2.3``, ``+$120``, ``-1.2 pp``."""
    number = _finite(change)
    if number is None:
        return NOTHING
    style = style_of(language)
    places = decimals_for(number, unit, currency) if decimals is None else max(0, min(decimals, 15))
    if unit == "percent":
        text = style.percentage_points.replace("{}", _number(abs(number) * 100, places, style))
    elif unit == "ratio":
        text = _number(abs(number), places, style)
    else:
        text = _in_unit(abs(number), unit, currency, style, places)
    if not any(c in "123456789" for c in text):
        return "±" + text
    return ("-" if number < 0 else "+") + text


def display_count(count: float | None, language: str = "en") -> str:
    """Return a number of cells, answers or customers with separators: ``6,043``."""
    return display(count, "count", language=language)


def _finite(value: float | None) -> float | None:
    """Return ``value`` as a finite float, else ``None``; an int too large for a float is none either."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _in_unit(number: float, unit: str, currency: str, style: NumberStyle, places: int) -> str:
    shown = number * 100 if unit == "percent" else number
    digits = _number(abs(shown), places, style)
    text = _pattern(unit, currency, style, plural=digits != "1").replace("{}", digits)
    is_zero = not any(c in "123456789" for c in digits)
    return text if number >= 0 or is_zero else "-" + text


def _pattern(unit: str, currency: str, style: NumberStyle, *, plural: bool) -> str:
    if unit == "percent":
        return style.percent
    if unit == "ratio":
        return "{}:1"
    if unit == "money":
        symbol = SYMBOLS.get(currency)
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
    if abs(number) >= 1e15 or (number and not isfinite(log10(abs(number)))):
        if not isfinite(number):
            return NOTHING
        return f"{number:.2E}".replace(".", style.decimal)
    digits = _digits(abs(number), places)
    whole, _, fraction = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", style.group)
    text = f"{grouped}{style.decimal}{fraction}" if fraction else grouped
    return "-" + text if number < 0 and any(c in "123456789" for c in digits) else text


def _digits(number: float, places: int) -> str:
    """Return a number from 0 on, rounded half up on its first 15 significant digits, zeros after them."""
    known = places if number == 0 else min(places, max(0, 14 - floor(log10(number))))
    if known == places and 0 < number < 1e12:
        # 0.285 is stored as 0.28499999999999998: a nudge in the 16th digit gives the tie back
        number *= 1 + 8e-16
    text = f"{number:.{known}f}"
    return text if known == places else text + ("" if known else ".") + "0" * (places - known)
