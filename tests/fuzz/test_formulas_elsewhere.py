"""Random formulas give what an independent spreadsheet (formulon) gives."""

from __future__ import annotations

import math
import random
import re

import pytest

from metricsheet.evaluation.calculate import calculate
from metricsheet.values import Cell, ExcelError
from tests.fuzz.counts import blocks
from tests.stages import in_deep

formulon = pytest.importorskip("formulon", reason="the oracle is not installed: metricsheet[oracles]")

from tests.formula.formulon_sheet import in_cells  # noqa: E402 (where there is the oracle)
from tests.formula.test_oracle import INPUTS  # noqa: E402

pytestmark = [pytest.mark.fuzz, in_deep]

# s: a formula, c: a column, k: a criterion, n: a small whole number
SHAPES = """
SUM(c) COUNT(c) COUNTA(c) COUNTBLANK(c) AVERAGE(c) MEDIAN(c) MIN(c) MAX(c) STDEV.S(c) STDEV.P(c)
VAR.S(c) VAR.P(c) SUMSQ(c) GEOMEAN(c) MODE(c) SUM(c,c) MAX(c,s) MIN(s,c) SUMPRODUCT(c) COUNTIF(c,k)
SUMIF(c,k) SUMIF(c,k,c) AVERAGEIF(c,k,c) COUNTIFS(c,k,c,k) SUMIFS(c,c,k,c,k) MAXIFS(c,c,k)
MINIFS(c,c,k) PERCENTILE.INC(c,s) PERCENTILE.EXC(c,s) QUARTILE.INC(c,s) LARGE(c,n) SMALL(c,n) AND(c)
OR(c) ABS(s) INT(s) SIGN(s) SQRT(s) EXP(s) LN(s) LOG10(s) LOG(s,s) MOD(s,s) QUOTIENT(s,s) POWER(s,s)
ROUND(s,n) ROUNDUP(s,n) ROUNDDOWN(s,n) TRUNC(s,n) CEILING(s,s) FLOOR(s,s) MROUND(s,s)
CEILING.MATH(s) FLOOR.MATH(s,s) IF(s,s,s) IF(s,s) IFERROR(s,s) IFNA(s,s) AND(s,s) OR(s,s) XOR(s,s)
NOT(s) ISNUMBER(s) ISTEXT(s) ISBLANK(z) ISERROR(s) ISERR(s) ISNA(s) ISLOGICAL(s) ISNONTEXT(s) LEN(s)
LEFT(s,n) RIGHT(s,n) MID(s,n,n) UPPER(s) LOWER(s) TRIM(s) EXACT(s,s) SUBSTITUTE(s,s,s) VALUE(s)
CONCAT(s,s) SWITCH(s,s,s,s) IFS(s,s,s,s) YEAR(s) MONTH(s) DAY(s) DATE(n,n,n) DAYS(s,s) EDATE(s,n)
WEEKNUM(s) HOUR(s) TIME(n,n,n) (s+s) (s-s) (s*s) (s/s) (s^n) (s&s) (s=s) (s<>s) (s<s) (s>s) (s<=s)
(s>=s) (-s) (s%)
""".split()  # noqa: SIM905 (a table is easier to read)
ATOMS = (
    "z",
    "z",
    "1",
    "2.5",
    "0",
    "3",
    '"a"',
    '"5"',
    "TRUE",
    "FALSE",
    "45000",
    "0.1",
    '""',
    "7",
    "100",
    "0.5",
)
CRITERIA = ('">=2"', '"<>"', '"p*"', '"="', '"<5"', "z", "3", '"a"', '">" & 2', '"p~?o"', "TRUE", '"*o"')

DISAGREE = {
    # formulon errs: IF without a part for FALSE is FALSE, a blank equals "", and "" is no condition
    'AND(ROUNDDOWN(0.1,1),IF(ISNA(2.5),IFNA(TRUE,"5")))',
    '(-(SWITCH("",z,2.5,z)<=FLOOR.MATH(0.1,z)))',
}

EMPTY_CONDITION = re.compile(r'IFS\((?:[^()]*,)?""')
"""formulon takes an empty text for a condition of IFS that is not met; in Excel it is #VALUE!, as in IF."""


def formula(source: random.Random, depth: int = 3) -> str:
    """Return a formula at random, at most ``depth`` levels deep."""
    if not depth or source.random() < 0.15:
        return source.choice(ATOMS)
    choices = {"c": "xy", "k": CRITERIA, "n": "01234"}
    return re.sub(
        r"\b[sckn]\b",
        lambda m: formula(source, depth - 1) if m[0] == "s" else source.choice(choices[m[0]]),
        source.choice(SHAPES),
    )


def same(ours: Cell, theirs: Cell) -> bool:
    """Return whether two answers are the same: which of several errors comes first is not compared."""
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-11, abs_tol=1e-12)
    if isinstance(ours, str) and isinstance(theirs, str) and ours != theirs:
        numbers = [[float(n) for n in re.findall(r"\d+\.?\d*", text)] for text in (ours, theirs)]
        return numbers[0] == pytest.approx(numbers[1], rel=1e-13)
    return type(ours) is type(theirs) and (isinstance(ours, ExcelError) or ours == theirs)


@pytest.mark.parametrize("block", blocks("formulas"), ids=lambda block: str(block[0]))
def test_random_formulas_give_the_same(block: range) -> None:
    for name in INPUTS:
        written = [
            formula(random.Random(seed)) for seed in block if seed % len(INPUTS) == list(INPUTS).index(name)
        ]
        theirs = in_cells(written, INPUTS[name])
        different = {
            text: (found, other)
            for text, other in zip(written, theirs, strict=True)
            if text not in DISAGREE
            and not EMPTY_CONDITION.search(text)
            and not same(found := calculate(text, INPUTS[name]), 0.0 if other is None else other)
        }
        assert different == {}, name
