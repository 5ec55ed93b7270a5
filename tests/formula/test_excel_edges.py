"""Excel's answers at the edges, times as numbers, spread far from zero, and nothing past the range.

Formulon, which is itself checked with Excel 365, answers the same but for the rows listed with what it gives;
what LibreOffice answers is in tests/hosts.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.values import Cell
from tests.formula.excel_edges import EDGES, HUGE
from tests.stages import in_deep

FORMULON_GIVES: dict[str, Cell] = {
    'COUNTIF(x, ">st")': 5.0,  # orders ﬁ behind all letters
    'COUNTIF(x, "<st")': 9.0,
    '"ﬁ" < "fj"': False,
    "DATE(2024, 1, 1E+300)": 78058.0,  # cuts the days at 32,767
    "DATE(2024, 1, -1E+300)": 78058.0,
    "DATE(1900, 2, 30)": 62.0,  # though 29 and the first of March are 60 and 61
    "MEDIAN(x)": 1.25e308,  # halves before it adds
    "MEDIAN(x) > 5": True,
}


@pytest.mark.parametrize(("formula", "names", "answer", "why"), EDGES)
def test_edges(formula: str, names: Mapping[str, Sequence[Cell]], answer: Cell, why: str) -> None:
    found = calculate(formula, names)
    assert (type(found) is bool) == (type(answer) is bool)
    assert found == answer, why


@in_deep
def test_formulon_gives_the_same() -> None:
    pytest.importorskip("formulon", reason="the oracle is not installed: pip install metricsheet[oracles]")
    from tests.formula.formulon_sheet import in_a_sheet

    different = {
        formula: theirs
        for formula, names, answer, _ in EDGES
        if (theirs := in_a_sheet(formula, {name: list(cells) for name, cells in names.items()})) != answer
    }
    assert different == FORMULON_GIVES


HALF_DAYS: list[tuple[str, list[object], Cell]] = [
    ("SUM(x)", [dt.time(12), dt.time(6)], 0.75),
    ("SUM(x)", [dt.timedelta(hours=30), dt.timedelta(days=-1)], 0.25),
    ("AVERAGE(x)", [dt.timedelta(hours=12), dt.time(0)], 0.25),
    ("COUNT(x)", [dt.time(0), dt.timedelta(0), dt.date(2024, 1, 1), None, "12:00"], 3),
    ('COUNTIF(x, ">0.4")', [dt.time(12), dt.timedelta(hours=1)], 1),
    ("COUNTUNIQUE(x)", [dt.time(12), 0.5, dt.timedelta(hours=12)], 1),
    ("MAX(x)", [dt.datetime(2024, 1, 1, 12), dt.timedelta.max], 999999999 + 86399.999999 / 86400),
]


@pytest.mark.parametrize(("formula", "cells", "answer"), HALF_DAYS)
def test_times_and_durations_are_numbers_of_days(formula: str, cells: list[object], answer: Cell) -> None:
    assert calculate(formula, {"x": cells}) == answer


@pytest.mark.parametrize("cell", [dt.time(7, 30), dt.timedelta(hours=7, minutes=30)], ids=str)
def test_one_time_is_a_number_too(cell: object) -> None:
    assert calculate("x", {"x": cell}) == 0.3125
    assert calculate("ISNUMBER(x)", {"x": cell}) is True


SPREADS: list[list[float]] = [
    [1e8 + 0.1, 1e8 + 0.2, 1e8 + 0.3],
    [2.0**52 + 1, 2.0**52 + 2, 2.0**52 + 3],
    [2.0**53 - 1, 2.0**53 - 2, 2.0**53 - 7],
    [0.1, 0.1, 0.1],
    [1.1] * 7,
    [1e15 + n / 8 for n in range(9)],
    [3.0, 1e-9],
]


@pytest.mark.parametrize("numbers", SPREADS, ids=str)
def test_variance_far_from_zero_is_exact_to_the_last_digits(numbers: list[float]) -> None:
    """Excel takes the mean out first (since 2003); the plain sum of squares would lose all digits here."""
    exact = [Fraction(number) for number in numbers]
    mean = sum(exact) / len(exact)
    variance = sum((number - mean) ** 2 for number in exact) / (len(exact) - 1)
    found = calculate("VAR.S(x)", {"x": numbers})
    assert isinstance(found, float)
    assert math.isclose(found, float(variance), rel_tol=4e-16 * len(numbers), abs_tol=0)


ENDS = [0.0, -0.0, 0.5, -0.1, 4.9, 1e200, -1e200, HUGE, -HUGE, 5e-324, 1e15]


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if function.kinds])
def test_no_number_past_the_range_leaves_a_function(name: str) -> None:
    """What a function gives is asked inside a formula: an infinite number would be larger than any other."""
    function = FUNCTIONS[name]
    words = {"values": "x", "condition": "y", "criterion": '">=0"'}
    given = [words.get(parameter.takes) for parameter in function.parameters]
    for single in ENDS if None in given else [0.5]:
        call = f"{name}({', '.join(word or repr(single) for word in given)})"
        for first in ENDS:
            for second in ENDS:
                cells = {"x": [first, second, HUGE], "y": [second, first, 1.0]}
                value = calculate(call, cells)
                seen = calculate(f"IFERROR(ABS({call}) <= {HUGE!r}, TRUE)", cells)
                assert seen is True, (call, cells, value)
