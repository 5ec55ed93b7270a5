"""How readers write numbers: separators, percent signs, currencies, durations."""

from __future__ import annotations

from metricsheet.language.words import words_of
from metricsheet.records import record


@record
class NumberStyle:
    """How one language writes numbers; ``{}`` in a pattern stands for the digits.

    ``money`` places a symbol (``{symbol}``), ``money_code`` a currency without one. ``days`` and ``months``
    hold the patterns for one and for any other number.
    """

    decimal: str
    group: str
    percent: str
    money: str
    money_code: str
    percentage_points: str
    days: tuple[str, str]
    months: tuple[str, str]
    between: str
    plural_from_two: bool = False

    def plural(self, digits: str) -> bool:
        """Return whether a number written with ``digits`` takes the plural: not 1, in French not 1,5."""
        if self.plural_from_two:
            return digits.partition(self.decimal)[0] not in ("0", "1")
        return digits != "1"


def style_of(language: str) -> NumberStyle:
    """Return how ``language`` writes numbers; English where the language is unknown."""
    found: NumberStyle = words_of(language).NUMBERS
    return found


def currency_code(currency: str) -> str:
    """Return the letters and digits of a currency code, which is all that may be in a pattern."""
    return "".join(c for c in currency if c.isalnum())
