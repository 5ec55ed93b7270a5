"""Whether the numbers of a row are the total, the average or the count of some other rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from metricsheet.tables.part_sums import ColumnSum, PartSum
from metricsheet.tables.total_labels import TotalKind

Strength: TypeAlias = Literal["plain", "named", "phrase", "maybe", "blank"]
"""How surely a label calls its row a total.

``plain`` is a word that hardly names anything else (``Total``), ``named`` says the name of a group that the
table has (``Total EMEA`` beside ``EMEA``), ``phrase`` another name (``Total Wine``), ``maybe`` is a word that
names things as well (``All``, ``Media``), ``blank`` is no label.
"""

Proof: TypeAlias = Literal["total", "unsure", ""]

_Pair: TypeAlias = "tuple[float, ColumnSum]"


def proof(
    kind: TotalKind,
    strength: Strength,
    row: Sequence[float | None],
    part: PartSum,
    *,
    beside: bool = True,
) -> Proof:
    """Return whether ``row`` is the total of ``part``, may be it (``unsure``), or is not.

    ``beside`` says that the rows of ``part`` are next to the row. A column in which the row is no total
    contradicts it unless an average or a ratio may be there.
    """
    pairs = [
        (x, column) for x, column in zip(row, part.columns, strict=True) if x is not None and column.numbers
    ]
    if not pairs:
        return ""
    if kind == "sum":
        alone = any(x and not column.numbers for x, column in zip(row, part.columns, strict=True))
        if alone and sum(_is_sum(*pair, rounded=True) for pair in pairs) < 2:
            return ""  # one number may be the same by chance, and here another has no parts
        return _sum_proof(strength, pairs, part.rows)
    if kind == "mean":
        return _mean_proof(strength, pairs, part.rows, beside=beside)
    counts = (
        kind == "count" and part.rows > 1 and all(x in (column.numbers, part.rows) for x, column in pairs)
    )
    return "total" if counts else ""


def is_extreme(kind: TotalKind, row: Sequence[float | None], part: PartSum) -> bool:
    """Return whether all numbers of ``row`` are the least (``min``) or the greatest (``max``) of ``part``."""
    pairs = [
        (x, column) for x, column in zip(row, part.columns, strict=True) if x is not None and column.numbers
    ]
    ends = [(x, column.least if kind == "min" else column.most) for x, column in pairs]
    return kind in ("min", "max") and bool(ends) and all(_close(x, end, abs(end)) for x, end in ends)


def is_half(x: float, column: ColumnSum) -> bool:
    """Return whether ``x`` is half of the sum of a column that holds it: the sum of all other numbers."""
    return column.filled > 2 and _close(2 * x, column.total, column.size)


def _sum_proof(strength: Strength, pairs: Sequence[_Pair], rows: int) -> Proof:
    sure = strength in ("plain", "named")
    if strength == "blank":
        return "total" if rows > 1 and _adds_up_unnamed(pairs) else ""
    equal = [pair for pair in pairs if _is_sum(*pair, rounded=sure)]
    other = [pair for pair in pairs if pair not in equal]
    if strength == "maybe" and not other and all(column.filled < 2 for _, column in pairs):
        return "unsure" if any(x for x, _ in pairs) else ""  # it may as well be the same number twice
    if rows == 1:
        return "total" if sure and not other else ""
    adds_up = any(x and column.filled > 1 for x, column in equal)
    against = sum(not _is_between(*pair) or _is_count(*pair) for pair in other)
    if sure and equal and (adds_up or not other) and (not against or len(equal) > against):
        return "total"
    if not sure and adds_up and len(equal) >= len(other):
        # a number that is no sum makes one that is one chance, where the label says little
        chance = strength == "maybe" and len(equal) == len(other) and not all(map(_is_rate, other))
        return "unsure" if chance else "total"
    if strength == "phrase":
        return ""
    return _other_total(strength, pairs, rows)


def _adds_up_unnamed(pairs: Sequence[_Pair]) -> bool:
    """Return whether all numbers are sums, or two of them are and the others may be averages or ratios."""
    equal = [pair for pair in pairs if _is_sum(*pair, rounded=False)]
    proven = sum(bool(x) and column.filled > 1 for x, column in equal)
    others = [pair for pair in pairs if pair not in equal]
    return proven >= (2 if others else 1) and all(_is_between(*pair) for pair in others)


def _other_total(strength: Strength, pairs: Sequence[_Pair], rows: int) -> Proof:
    """Return whether a row that is no sum is a total that averages rates, or that counts nobody twice."""
    constant = all(column.least == column.most for _, column in pairs)
    if strength != "maybe" and (len(pairs) > 1 or rows > 2) and all(_is_mean(*pair) for pair in pairs):
        return "unsure" if constant else "total"
    if strength == "named" and all(column.most <= x <= column.total for x, column in pairs):
        return "total"
    larger = any(x > column.most for x, column in pairs)
    smaller = any(x < column.least for x, column in pairs)
    return "unsure" if larger and not smaller else ""


def _mean_proof(strength: Strength, pairs: Sequence[_Pair], rows: int, *, beside: bool) -> Proof:
    equal = [pair for pair in pairs if _is_mean(*pair)]
    if rows == 1 or not equal or 2 * len(equal) < len(pairs) or not all(_is_between(*p) for p in pairs):
        return ""
    if all(column.least == column.most for _, column in equal):
        return "unsure"
    likely = beside and strength != "maybe" and (rows > 2 or strength in ("phrase", "named"))
    return "total" if likely or len(equal) > 1 else "unsure"


def _is_sum(x: float, column: ColumnSum, *, rounded: bool) -> bool:
    """Return whether ``x`` is the sum of a column to the decimals it shows; whole ones if ``rounded``."""
    return _close(x, column.total, column.size, _rounding(x, whole=rounded))


def _is_mean(x: float, column: ColumnSum) -> bool:
    """Return whether ``x`` is the mean of a column to the decimals that it shows; a whole number is exact."""
    return _close(x, column.total / column.numbers, column.size, _rounding(x, whole=False))


def _is_rate(pair: _Pair) -> bool:
    """Return whether a number may be a rate of fractions, such as are beside sums."""
    x, column = pair
    return abs(x) <= 1 and column.most <= 1


def _is_count(x: float, column: ColumnSum) -> bool:
    """Return whether whole numbers are in a column, and one that is not their mean: no average or ratio."""
    whole = all(number == int(number) for number in (x, column.least, column.most, column.total))
    return whole and abs(x - column.total / column.numbers) > 1


def _is_between(x: float, column: ColumnSum) -> bool:
    """Return whether ``x`` may be an average or a ratio of the rows."""
    slack = 1e-9 * max(abs(column.least), abs(column.most))
    return column.least - slack <= x <= column.most + slack


def _close(x: float, wanted: float, size: float, rounding: float = 0.0) -> bool:
    return abs(x - wanted) <= rounding * (1 + 1e-9) + 1e-9 * size


def _rounding(x: float, *, whole: bool) -> float:
    """Return half a unit of the last decimal that ``x`` shows; of whole numbers only where asked."""
    decimals = len(f"{x:.9f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-decimals if decimals or whole else 0.0
