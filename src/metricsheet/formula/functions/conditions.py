"""Functions over the rows that meet criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.functions.statistics import Parts, average, highest, lowest
from metricsheet.values import Cell

_RANGE = Parameter("cells", "condition")
_CRITERION = Parameter("criterion", "criterion")
_PAIR = (_RANGE, _CRITERION)
_DEALS: Mapping[str, Sequence[Cell]] = {
    "revenue": (100, 250, 50),
    "plan": ("pro", "Pro", "free"),
    "seats": (1, 5, 9),
}
_NONE = "no_numbers_match"


def _only(parts: Parts) -> Cell:
    return parts[0][0]


def _values(name: str, optional: bool = False) -> Parameter:
    return Parameter(name, "values", optional)


CONDITIONS = (
    Function(
        "COUNTIF", "conditions", _PAIR, "number",
        'How many cells meet a criterion: a value, or text such as ">=9", "<>", "pro*".',
        (Example('COUNTIF(plan, "pro")', 2, _DEALS), Example('COUNTIF(seats, ">=5")', 2, _DEALS)),
        _only, kinds=("rows",), whole=True,
    ),
    Function(
        "COUNTIFS", "conditions", _PAIR, "number",
        "How many rows meet all criteria.",
        (Example('COUNTIFS(plan, "pro", seats, ">=5")', 1, _DEALS),),
        _only, repeats=2, kinds=("rows",), whole=True,
    ),
    Function(
        "SUMIF", "conditions", (*_PAIR, _values("sum_cells", True)), "same",
        "The sum of the numbers in rows that meet a criterion; without sum_cells, of the tested cells.",
        (Example('SUMIF(plan, "pro", revenue)', 350, _DEALS), Example('SUMIF(revenue, ">60")', 350, _DEALS)),
        _only, kinds=("sum",), whole=True, unit="same",
    ),
    Function(
        "SUMIFS", "conditions", (_values("sum_cells"), *_PAIR), "same",
        "The sum of the numbers in rows that meet all criteria.",
        (Example('SUMIFS(revenue, plan, "pro", seats, ">1")', 250, _DEALS),),
        _only, repeats=2, kinds=("sum",), whole=True, unit="same",
    ),
    Function(
        "AVERAGEIF", "conditions", (*_PAIR, _values("average_cells", True)), "same",
        "The mean of the numbers in rows that meet a criterion; #DIV/0! when there are none.",
        (Example('AVERAGEIF(plan, "pro", revenue)', 175, _DEALS),),
        average, kinds=("sum", "count"), unit="same", nothing=_NONE,
    ),
    Function(
        "AVERAGEIFS", "conditions", (_values("average_cells"), *_PAIR), "same",
        "The mean of the numbers in rows that meet all criteria; #DIV/0! when there are none.",
        (Example('AVERAGEIFS(revenue, plan, "pro", seats, ">1")', 250, _DEALS),),
        average, repeats=2, kinds=("sum", "count"), unit="same", nothing=_NONE,
    ),
    Function(
        "MINIFS", "conditions", (_values("min_cells"), *_PAIR), "same",
        "The smallest number in rows that meet all criteria; 0 when there is none.",
        (Example('MINIFS(revenue, plan, "pro")', 100, _DEALS),),
        lowest, repeats=2, kinds=("min",), unit="same", excel="_xlfn.MINIFS",
    ),
    Function(
        "MAXIFS", "conditions", (_values("max_cells"), *_PAIR), "same",
        "The largest number in rows that meet all criteria; 0 when there is none.",
        (Example('MAXIFS(revenue, plan, "pro")', 250, _DEALS),),
        highest, repeats=2, kinds=("max",), unit="same", excel="_xlfn.MAXIFS",
    ),
)  # fmt: skip
