"""Excel's kinds of value: number, text, logical, blank, and errors with their reason; dates are serials."""

from __future__ import annotations

from typing import TypeAlias, TypeGuard

from metricsheet.language.message import Message


class ExcelError:
    """One of Excel's error values, as data: it propagates through formulas and is never raised.

    ``code`` is Excel's text such as ``#DIV/0!``; ``reason`` says where it came from in words a person can
    act on (``new_customers is 0``). Two errors are equal when their codes are equal.
    """

    __slots__ = ("code", "reason")

    def __init__(self, code: str, reason: Message | str = "") -> None:
        if code not in ERROR_CODES:
            raise ValueError(f"not an Excel error: {code!r}")
        self.code = code
        self.reason = reason

    def because(self, reason: Message | str) -> ExcelError:
        """Return the same error with ``reason``, unless it already carries one."""
        return self if self.reason else ExcelError(self.code, reason)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExcelError) and self.code == other.code

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"ExcelError({self.code!r}, {self.reason!r})" if self.reason else f"ExcelError({self.code!r})"

    def __str__(self) -> str:
        return f"{self.code} {self.reason}" if self.reason else self.code


NULL, DIV0, VALUE, REF, NAME, NUM, NA_ = "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"
ERROR_CODES = (NULL, DIV0, VALUE, REF, NAME, NUM, NA_)

Cell: TypeAlias = float | str | bool | ExcelError | None
"""A number (int or float), text, logical, error or blank. Dates are serial numbers of the 1900 system."""


def is_number(value: object) -> TypeGuard[float]:
    """Return whether ``value`` is a number: an int or a float, but no logical."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
