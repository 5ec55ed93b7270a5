"""The one meaning of comparing and rounding: by the first 15 significant digits, as Excel does both.

57/100*100 is 56.99999999999999 in binary and 57 for everybody else. Formulas, bands, targets, trends and
rules all compare here, so that they agree at every cutoff, and so does what shows numbers to people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

_DIGITS = 15


def order(a: float, b: float) -> int:
    """Return -1, 0 or 1 as the number ``a`` is below, equal to or above ``b``.

    They are equal when they agree after rounding to 15 digits.
    """
    if a == b:
        return 0
    apart, margin = a - b, 1e-14 * abs(a)
    if -margin < apart < margin and f"{a:.14e}" == f"{b:.14e}":
        return 0
    return -1 if apart < 0 else 1


def equal(a: float, b: float) -> bool:
    """Return whether two numbers are equal for Excel's ``=``."""
    return order(a, b) == 0


def less(a: float, b: float) -> bool:
    """Return whether ``a`` is below ``b``."""
    return order(a, b) < 0


def at_least(a: float, b: float) -> bool:
    """Return whether ``a`` is ``b`` or above it."""
    return order(a, b) >= 0


def difference(a: float, b: float) -> float:
    """Return ``a - b``, exactly 0 where the two are equal: what is left of equal numbers is binary noise."""
    return 0.0 if order(a, b) == 0 else a - b


def in_15_digits(number: float) -> float:
    """Return the number that stands for all those equal to ``number``."""
    return float(f"{number:.14e}")


def doubt(number: float) -> tuple[float, float]:
    """Return two bounds around ``number``: what is beyond them is below or above it without a closer look.

    For code that compares one number with very many, and cannot afford to call ``order`` each time.
    """
    margin = 2e-14 * abs(number)
    return number - margin, number + margin


HOLDS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}
"""Whether a comparison holds, given the order of its two sides."""


def cut(number: float, places: int) -> tuple[int, float, int] | None:
    """Return the digits of ``number`` cut after ``places`` decimals, without its sign.

    They are (kept digits, part cut off from 0 to below 1, exponent): the number is
    ``(kept + part) * 10**exponent``. ``None`` where all 15 digits are within ``places``.
    """
    mantissa, _, power = f"{abs(number):.{_DIGITS - 1}e}".partition("e")
    exponent = int(power) - (_DIGITS - 1)
    # how many of the 15 digits have to go, as decimal places are cut off before the fraction of digits
    dropped = -exponent - places
    if dropped <= 0:
        return None
    unit = 10 ** min(dropped, _DIGITS + 1)
    kept, rest = divmod(int(mantissa.replace(".", "")), unit)
    return kept, rest / unit, exponent + dropped


def rounded(number: float, places: int) -> float:
    """Return ``number`` rounded to ``places`` decimals, halves away from zero."""
    if 0 <= places <= _DIGITS:
        scaled = abs(number) * 10**places
        # far from a half, and with digits to spare: there Python rounds to the same number, and faster
        if 0 < scaled < 1e8 and not 0.499999 < scaled % 1 < 0.500001:
            return round(float(number), places)
    parts = cut(number, places)
    if parts is None:
        return number
    kept, rest, exponent = parts
    size = float(f"{kept + (rest >= 0.5)}e{exponent}")
    return -size if number < 0 else size
