"""The same formulas over the same cells in an independent spreadsheet (formulon)."""

from __future__ import annotations

import math

import pytest

from metricsheet.evaluation.calculate import calculate
from metricsheet.values import Cell, ExcelError

pytest.importorskip("formulon", reason="the oracle is not installed: pip install metricsheet[oracles]")

from tests.formula.formulon_sheet import in_a_sheet
from tests.stages import in_deep

pytestmark = in_deep

NA, DIV0 = ExcelError("#N/A"), ExcelError("#DIV/0!")
INPUTS: dict[str, dict[str, list[Cell] | Cell]] = {
    "plain": {"x": [9.0, 10.0, 3.0, 7.0, 9.0, 6.5], "y": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "z": 2.0},
    "mixed": {
        "x": [1.0, None, "a", 3.0, True, "5", ""],
        "y": [2.0, None, 4.0, "b", 5.0, False, 7.0],
        "z": "3",
    },
    "errors": {"x": [1.0, DIV0, 3.0, 4.0], "y": [2.0, 5.0, NA, 4.0], "z": DIV0},
    "texts": {"x": ["pro", "Pro ", "free", None, "p?o"], "y": [5.0, -1.5, 0.0, 1e15, 2.25], "z": None},
    "nothing": {"x": [None, None, None], "y": [None, "", "x"], "z": False},
}
FORMULAS = """
SUM(x) | COUNT(x) | COUNTA(x) | COUNTBLANK(x) | AVERAGE(x) | MEDIAN(x) | MODE(x) | MIN(x) | MAX(x)
GEOMEAN(x) | GEOMEAN(y) | GEOMEAN(x, 2, y)
STDEV.S(x) | STDEV.P(x) | VAR.S(x) | VAR.P(x) | STDEV(y) | VAR(y) | STDEVP(y) | VARP(y)
PERCENTILE.INC(y, 0.3) | PERCENTILE(y, 1) | QUARTILE.INC(y, 1) | QUARTILE(y, 3.9) | PERCENTILE.INC(y, z)
SUM(x, y, 3) | AVERAGE(x, z) | MEDIAN(x, y, "5") | COUNT(x, z, TRUE, "q") | MAX(x, y) | MIN(z, y)
MODE(x, y) | STDEV.S(x, y) | VAR.P(y, 1, 2) | COUNTIF(x, ">=3") | COUNTIF(x, "<>") | COUNTIF(x, "")
COUNTIF(x, "=") | COUNTIF(x, "<>3") | COUNTIF(x, 3) | COUNTIF(x, "p*") | COUNTIF(x, "*o")
COUNTIF(x, "p~?o") | COUNTIF(x, "p?o") | COUNTIF(x, ">a") | COUNTIF(x, TRUE) | COUNTIF(x, "#DIV/0!")
COUNTIF(x, z) | COUNTIF(x, ">" & z) | COUNTIF(x, "<>p*") | COUNTIFS(x, ">1", y, ">2")
COUNTIFS(x, "<>", y, "<>") | SUMIF(x, ">1") | SUMIF(x, "<>", y) | SUMIF(x, ">1", y)
SUMIFS(y, x, ">1", y, "<6") | AVERAGEIF(x, ">1", y) | AVERAGEIFS(y, x, ">1") | MINIFS(y, x, ">1")
MAXIFS(y, x, ">1") | SUMPRODUCT(x, y) | SUMPRODUCT(x) | SUMPRODUCT(x * y) | SUMPRODUCT((x > 3) * 1)
SUMPRODUCT(x > 3) | SUMPRODUCT((x = "pro") * y) | SUMPRODUCT(--(y > 2)) | SUM(x * y) | SUM(x * z)
SUM(IF(x > 2, y, 0)) | SUM(IF(x > 2, y)) | COUNT(IF(x > 2, y)) | AVERAGE(IF(x > 2, y))
SUM(IFERROR(x / y, 0)) | SUM(x / y) | COUNT(x / y) | SUM(x > 2) | SUM((x - AVERAGE(x))^2) | COUNT(x & "")
COUNTA(x & "") | SUM(ROUND(y / 3, 1)) | MAX(LEN(x)) | SUM(ISNUMBER(x) * 1) | SUM(ISTEXT(x) * 1)
SUM(ISBLANK(x) * 1) | SUM(ISERROR(x) * 1) | SUM(ISNA(y) * 1) | SUM(ISLOGICAL(x) * 1) | SUM(-x) | SUM(x%)
SUM(x^2) | MIN(x - y) | SUM(SIGN(y)) | SUM(ABS(y)) | SUM(INT(y)) | AND(x) | OR(x) | XOR(x) | AND(y > 1)
OR(y > 4) | XOR(y > 1) | NOT(z) | AND(x, TRUE) | OR(z, FALSE) | AND(z > 1, y > 0) | z + 1 | z & "!" | -z
z% | z = 2 | z > "a" | z < TRUE | z = "" | z = 0 | z = FALSE | z <> 2 | z ^ 2 | 2 ^ z | 1 / z | z * 3
IF(z, 1, 2) | IF(z = 2, "a", 1/0) | IFERROR(z + 1, -1) | IFERROR(1/z, -1) | IFNA(z, 5) | ISNUMBER(z)
ISTEXT(z) | ISBLANK(z) | ISERROR(z) | ISERR(z) | ISNONTEXT(z) | ISLOGICAL(z)
IFS(z = 2, "two", TRUE, "other") | SWITCH(z, 2, "b", 3) | SWITCH(z, 2, "b") | ROUND(z, 0) | ABS(z)
SQRT(z) | SIGN(z) | EXP(z) | LN(z) | LOG10(z) | LOG(z) | LOG(8, z) | INT(z) | MOD(7, z) | QUOTIENT(7, z)
POWER(z, 3) | YEAR(z) | MONTH(z) | DAY(z) | DAYS(z, 1) | DATE(z, 1, 1) | EDATE(z, 3) | EOMONTH(z, 0)
SUMSQ(x) | SUMSQ(y, 2) | PERCENTILE.EXC(y, 0.3) | PERCENTILE.EXC(x, 0.01) | QUARTILE.EXC(y, 1)
QUARTILE.EXC(x, 3.9) | QUARTILE.EXC(y, 0) | LARGE(x, 2) | LARGE(y, 1) | LARGE(x, 9) | SMALL(y, 2)
SMALL(x, 0) | LARGE(x, 1.5) | SMALL(y, 2.9) | LARGE(y, 0.5) | SMALL(x, 5.5) | LARGE(y, 5.2)
MINA(x) | MAXA(x) | AVERAGEA(x) | STDEVA(x) | MINA(y, 3) | MAXA(x, y) | AVERAGEA(y, z) | STDEVA(x, y)
CORREL(x, y) | CORREL(y, y) | CORREL(y, x * 2) | LET(a, x, SUM(a) / COUNT(a)) | LET(a, z, b, a & "!", b & a)
LET(a, x, b, y, SUM((a > 2) * b)) | CHOOSE(z, "a", "b", 1/0) | SUM(CHOOSE(1, x, y))
SEARCH(z, "a23b") | SEARCH("a", z) | SUM(IFERROR(SEARCH("r?", x), 0)) | DATEVALUE(z) | CHOOSE(z, x + z, z)
TRUNC(z) | MROUND(z, 2) | CEILING(z, 2) | FLOOR(z, 2) | CEILING.MATH(z) | FLOOR.MATH(z, 5) | LEFT(z, 1)
RIGHT(z) | MID(z, 1, 3) | SUBSTITUTE(z, 2, "b") | EXACT(z, 2) | ISOWEEKNUM(z + 100) | HOUR(z)
NETWORKDAYS(z, 400) | WEEKNUM(z) | TIME(z, 1, 1) | VALUE(z) | DATEDIF(z, 400, "M") | LOWER(z) | UPPER(z)
TRIM(z) | LEN(z) | CONCAT(z, "x", 1.5)
"""
SINGLE = """
TRUNC(-2.97, 1) | TRUNC(1234, -2) | MROUND(10, 3) | MROUND(-10, -3) | MROUND(5, -2) | MROUND(7.5, 5)
MROUND(1, 0)
CEILING(2.5, 1) | CEILING(-2.5, -2) | CEILING(-2.5, 2) | CEILING(1.5, 0.1) | CEILING(0.3, 0.1)
CEILING(2.5, -2)
CEILING(3, 0) | FLOOR(3.7, 2) | FLOOR(-2.5, -2) | FLOOR(-2.5, 2) | FLOOR(2.5, -2) | FLOOR(0.6, 0.2)
FLOOR(3, 0)
FLOOR(0, 0) | CEILING.MATH(24.3, 5) | CEILING.MATH(-8.1, 2) | CEILING.MATH(-5.5, 2, -1) | CEILING.MATH(6, 0)
FLOOR.MATH(24.3, 5) | FLOOR.MATH(-8.1, 2) | FLOOR.MATH(-5.5, 2, -1) | FLOOR.MATH(6, -4)
LEFT("abc", 2) | LEFT("abc", 0) | LEFT("abc", 9) | LEFT("abc", -1) | RIGHT("abc", 2) | RIGHT("abc", 0)
RIGHT("abc", 9) | RIGHT("abc", -1) | MID("abcdef", 2, 3) | MID("abc", 9, 1) | MID("abc", 0, 1)
MID("abc", 1, -1)
MID("abc", 2.9, 1.9) | SUBSTITUTE("aaa", "a", "b", 2) | SUBSTITUTE("aaa", "A", "b")
SUBSTITUTE("aaa", "", "b")
SUBSTITUTE("aaa", "a", "b", 0) | SUBSTITUTE("aaa", "aa", "b") | EXACT("a", "A") | EXACT("a", "a")
ISOWEEKNUM(45656) | ISOWEEKNUM(44199) | ISOWEEKNUM(44200) | ISOWEEKNUM(-1) | HOUR(0.5) | HOUR(45351.9999)
HOUR(-1)
HOUR(0.0416666) | NETWORKDAYS(45352, 45382) | NETWORKDAYS(45382, 45352) | NETWORKDAYS(45353, 45354)
TIME(1, 2, 3) | TIME(-1, 0, 0) | TIME(-1, 90, 0) | TIME(40, 0, 0) | WEEKNUM(45298) | WEEKNUM(45298, 2)
WEEKNUM(45298, 11) | WEEKNUM(45298, 14) | WEEKNUM(45298, 17) | WEEKNUM(45298, 21) | WEEKNUM(45298, 3)
WEEKNUM(45657, 16) | WEEKNUM(45657) | VALUE("1.5") | VALUE("x") | VALUE(TRUE) | VALUE("5%")
CHOOSE(2, "a", "b") | CHOOSE(2.9, "a", "b") | CHOOSE(0.9, 1) | CHOOSE(3, 1, 2) | CHOOSE("2", 1, 2)
CHOOSE(TRUE, 1, 2) | CHOOSE(1, 5, 1/0) | CHOOSE(2, 5, 1/0) | CHOOSE("x", 1) | CHOOSE(1/0, 1) | CHOOSE(1, )
SEARCH("b", "aBc") | SEARCH("?c", "abc") | SEARCH("*", "abc") | SEARCH("", "abc") | SEARCH("", "abc", 4)
SEARCH("", "abc", 5) | SEARCH("~?", "a?c") | SEARCH("x", "abc") | SEARCH("a", "aba", 2)
SEARCH("a", "aba", 0) | SEARCH("a*c", "xxabcc") | SEARCH("a*cb", "acacb") | SEARCH("b", "🙈b")
SEARCH("ß", "SS") | SEARCH(1, 21)
SEARCH("a", "aba", 2.9) | SEARCH("a~", "a~") | SEARCH("", "") | SEARCH("a", "aba", -1) | SEARCH("é", "CAFÉ")
DATEVALUE("2024-03-01") | DATEVALUE("2024-03-01 12:30") | DATEVALUE("12:30") | DATEVALUE(45000)
DATEVALUE("45000") | DATEVALUE(TRUE) | DATEVALUE("x") | DATEVALUE("") | DATEVALUE("2024-02-30")
DATEVALUE("1900-02-29") | DATEVALUE("2024/3/1") | DATEVALUE(1/0)
MINA("3", TRUE) | MINA("x") | MAXA(TRUE, 0.5) | AVERAGEA(TRUE, 3) | STDEVA(1) | STDEVA(1, TRUE, 4)
AVERAGEA({1,"a",3}) | CORREL({1,2,3}, {2,4,7}) | CORREL({1,2}, {2,2}) | CORREL({1}, {2})
CORREL({1,"a",3,4}, {2,4,7,5}) | CORREL({1,2,3}, {6,4,2}) | CORREL({1000001,1000002,1000004}, {1,2,4})
LET(a, 2, b, a + 1, a * b) | LET(a, 1, LET(a, a + 1, a) + a) | LET(a, 1/0, 5) | LET(a, 1/0, IFERROR(a, 3))
LARGE({10,9,8,3}, 1.5) | SMALL({10,9,8,3}, 1.5) | SMALL({10,9,8,3}, 3.99) | LARGE({10,9,8,3}, 4.2)
NETWORKDAYS(45353, 45353) | NETWORKDAYS(-1, 5) | NETWORKDAYS(45354, 45353)
ROUND(2.675, 2) | ROUND(1.005, 2) | ROUND(-1.5, 0) | ROUND(2.5, 0) | ROUND(1234.5, -2) | ROUND(1234, -5)
ROUND(0.5, 0.9) | ROUNDUP(7.001, 2) | ROUNDUP(-7.001, 0) | ROUNDDOWN(-7.9, 0) | ROUNDDOWN(0.29, 2)
ROUNDUP(1.1 * 1.1, 2) | ROUND(1/3, 15) | INT(-0.5) | INT(8.9999999999999) | MOD(-1, 3) | MOD(10.2, 10)
MOD(1e12, 7) | MOD(1.13e12, 1) | MOD(3, -2) | MOD(-3, -2) | LOG(8, 2) | LOG(1000, 10) | LOG(9, 3)
LOG(8, 1) | LOG(0) | LN(2.718281828459045) | EXP(1) | EXP(710) | SQRT(2) | 0^0 | 0^-1 | (-8)^(1/3)
(-8)^(2/3) | (-8)^0.5 | -2^2 | 2^3^2 | 5%^2 | 2^-1 | 1/3 = 0.333333333333333 | 0.1 + 0.2 = 0.3
0.1 * 3 = 0.3 | 1 = 1.000000000000001 | "a" < "B" | "Z" < "_" | TRUE > "z" | "10" < "9" | 10 < "9"
"" = 0 | FALSE = 0 | "TRUE" = TRUE | "3" + 4 | "3 %" + 0 | " 4 " * 2 | "$1,000.50" + 0 | "(5)" + 0
"5-" + 0 | "1e3" + 0 | "2024-03-01" - "2024-02-01" | "12:30" + 0 | "abc" + 0 | TRUE + "1" | "TRUE" + 1
1 & 2 | 1.5 & TRUE | 1/3 & "" | 1e20 & "" | 1e-10 & "" | -0.1 & "" | DATE(2024, 2, 29) | DATE(2024, 14, 0)
DATE(1900, 2, 29) | DATE(1899, 12, 31) | DATE(24, 1, 1) | DATE(2024, 1.9, 1.9) | YEAR(60) | DAY(60)
MONTH(60) | DAY(0) | MONTH(0) | YEAR(2958465) | YEAR(2958466) | DAY(61) | YEAR(-1) | YEAR("2024-05-06")
EDATE(DATE(2024,1,31), 1) | EDATE(DATE(2023,1,31), 1) | EDATE(DATE(2024,3,31), -1) | EDATE(61, -7)
EOMONTH(DATE(2024,1,15), 1) | EOMONTH(DATE(2024,1,15), -1)
DATEDIF(DATE(2020,2,29), DATE(2021,2,28), "Y") | DATEDIF(DATE(2020,1,31), DATE(2021,3,1), "M")
DATEDIF(DATE(2020,1,31), DATE(2021,3,1), "D") | DATEDIF(DATE(2019,1,31), DATE(2019,3,1), "MD")
DATEDIF(DATE(2020,2,29), DATE(2021,2,28), "YD") | DATEDIF(DATE(2020,5,15), DATE(2021,2,28), "YM")
DATEDIF(2, 1, "D") | DATEDIF(1, 2, "X") | DAYS("2024-03-01", "2024-02-01") | IF(1, ) | IF("TRUE", 1, 2)
IF("x", 1, 2) | IF("", 1, 2) | IFERROR(1/0, ) | IFS(FALSE, 1) | SWITCH(2, 1, "a", 2, "b")
SWITCH("B", "a", 1, "b", 2) | NOT("a") | NOT(0) | AND("TRUE", 1) | AND(TRUE, ) | OR("x") | SUM("3", TRUE)
SUM("TRUE") | SUM("x") | COUNT("3", "x", TRUE) | AVERAGE("4", 2) | MAX("7", 3) | MEDIAN(1, TRUE, "3")
SUM({1,2;3,4}) | MEDIAN({1,"a",3}) | MODE({1,2,2,3,3}) | MODE({1,2,3}) | SUMPRODUCT({1,2,3}, {4,5,6})
STDEV.S({1,2,4}) | SUM({1,2} * {3,4}) | COUNT({1,TRUE,"3"}) | AVERAGE({1,TRUE}) | TRIM("  a   b ")
LEN("") | UPPER("é") | LOWER("ÀÉ") | UPPER("ß") | LEN("🙈") | CONCAT("a", 1, TRUE) | PI() | NA()
ISNA(NA()) | IFNA(1/0, 1) | SIGN(-0.0) | ABS(-0.5) | #NUM! | #N/A + 1/0 | 1/0 + #N/A
"""


def formulas(text: str) -> list[str]:
    return [formula.strip() for line in text.strip().splitlines() for formula in line.split(" | ")]


# LARGE of a rank with a fraction is as in formulon, which was checked with Excel 365: LibreOffice cuts it off
DISAGREE = {
    # formula and inputs, where Excel's own workbooks show that formulon is wrong
    ('COUNTIF(x, "#DIV/0!")', "errors"),  # COUNTIF.xlsx!Rows!V10: the text of an error matches that error
}


def same(ours: Cell, theirs: Cell) -> bool:
    if isinstance(theirs, float):
        return isinstance(ours, float) and math.isclose(ours, theirs, rel_tol=1e-11, abs_tol=1e-12)
    return type(ours) is type(theirs) and ours == theirs


@pytest.mark.parametrize("name", INPUTS)
def test_formulas_over_cells(name: str) -> None:
    inputs = INPUTS[name]
    different = {}
    for formula in formulas(FORMULAS):
        ours, theirs = calculate(formula, inputs), in_a_sheet(formula, inputs)
        theirs = 0.0 if theirs is None else theirs
        if not same(ours, theirs) and (formula, name) not in DISAGREE:
            different[formula] = f"{ours!r}, formulon {theirs!r}"
    assert not different, "\n".join(f"{formula}: {text}" for formula, text in different.items())


def test_formulas_of_single_values() -> None:
    different = {}
    for formula in formulas(SINGLE):
        ours, theirs = calculate(formula), in_a_sheet(formula, {})
        theirs = 0.0 if theirs is None else theirs
        if not same(ours, theirs):
            different[formula] = f"{ours!r}, formulon {theirs!r}"
    assert not different, "\n".join(f"{formula}: {text}" for formula, text in different.items())
