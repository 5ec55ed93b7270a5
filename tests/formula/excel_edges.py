"""Excel's answers where one easily gives others: odd signs, texts as logicals, ends of ranges.

Each row says why its answer is Excel's: what its documentation says, or what a workbook holds that it stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from metricsheet.values import Cell, ExcelError

NUM, VALUE = ExcelError("#NUM!"), ExcelError("#VALUE!")
WORDS = ["ß", "ss", "s", "ﬁ", "fi", "f", "SS", "straße", "strasse", "STRASSE", "İ", "i", "😀", "ab"]
ONE_TO_FIVE = [1, 2, 3, 4, 5]
HUGE = 1.7e308

SIGN = "a wildcard stands for signs, and case is the only thing that makes two signs one"
LETTER = "the letters of a ligature are no letters of the text"
SHARP = "ß and ss are equal where texts are compared as words"
TWO = "an emoji is two characters, as LEN counts"
WORDED = "a ligature is ordered as its letters are"
OWN = "İ is a letter of its own"
LOGICAL = "AND, OR, XOR: arguments must evaluate to logical values"
EMPTY = "stored by Excel in AND_OR_XOR.xlsx, C52 to E53: an empty text is passed over"
IGNORED = "AND, OR, XOR: text in an array or a reference is ignored"
QUART = "QUARTILE: cut to a whole number; below 0 or above 4 #NUM!"
YEARS = "DATE: a year below 0, or 10000 and above, is #NUM!; so is a day past Excel's calendar"
CARRIED = "DATE: months and days past their range are carried over"
RANGE = "numbers past 1.79E+308 are #NUM!, in a comparison too"

ABOUT_TEXTS = {SIGN, LETTER, SHARP, TWO, WORDED, OWN}

EDGES: list[tuple[str, Mapping[str, Sequence[Cell]], Cell, str]] = [
    ('COUNTIF(x, "?")', {"x": WORDS}, 6, SIGN),
    ('COUNTIF(x, "??")', {"x": WORDS}, 5, TWO),
    ('COUNTIF(x, "*š😀")', {"x": ["a😀", "š😀", "š🙈"]}, 1, TWO),
    ('COUNTIF(x, "*ß*")', {"x": WORDS}, 2, SIGN),
    ('COUNTIF(x, "*SS*")', {"x": WORDS}, 4, SIGN),
    ('COUNTIF(x, "stra?e")', {"x": WORDS}, 1, SIGN),
    ('COUNTIF(x, "stra??e")', {"x": WORDS}, 2, SIGN),
    ('COUNTIF(x, "f?")', {"x": WORDS}, 1, LETTER),
    ('COUNTIF(x, "*ﬁ")', {"x": WORDS}, 1, LETTER),
    ('COUNTIF(x, "ﬁ")', {"x": WORDS}, 1, LETTER),
    ('COUNTIF(x, "<>fi")', {"x": WORDS}, 13, LETTER),
    ('COUNTIF(x, "i")', {"x": WORDS}, 1, OWN),
    ('COUNTIF(x, "ß")', {"x": WORDS}, 3, SHARP),
    ('COUNTIF(x, "STRASSE")', {"x": WORDS}, 3, SHARP),
    ('COUNTIF(x, ">st")', {"x": WORDS}, 4, WORDED),
    ('COUNTIF(x, "<st")', {"x": WORDS}, 10, WORDED),
    ('"ß" = "ss"', {}, True, SHARP),
    ('"STRASSE" = "straße"', {}, True, SHARP),
    ('"ﬁ" = "fi"', {}, False, LETTER),
    ('"ﬁ" > "fi"', {}, True, LETTER),
    ('"ﬁ" < "fj"', {}, True, WORDED),
    ('"É" = "é"', {}, True, SIGN),
    ('"A" = "Ａ"', {}, False, SIGN),
    ('OR("x", TRUE)', {}, VALUE, LOGICAL),
    ('OR("x", FALSE)', {}, VALUE, LOGICAL),
    ('AND("x", TRUE)', {}, VALUE, LOGICAL),
    ('AND(0, "x")', {}, VALUE, LOGICAL),
    ('XOR("x", TRUE)', {}, VALUE, LOGICAL),
    ('AND("1", TRUE)', {}, VALUE, LOGICAL),
    ('OR("true", FALSE)', {}, True, "the words TRUE and FALSE are logical values"),
    ('AND("FALSE", TRUE)', {}, False, "the words TRUE and FALSE are logical values"),
    ('OR("", TRUE)', {}, True, EMPTY),
    ('AND("", FALSE)', {}, False, EMPTY),
    ('OR("", "")', {}, VALUE, LOGICAL),
    ("OR(x, FALSE)", {"x": ["x", True]}, True, IGNORED),
    ('AND({"x",TRUE})', {}, True, IGNORED),
    ("OR(x)", {"x": ["x", "TRUE"]}, VALUE, IGNORED),
    ("QUARTILE.INC(x, -0.1)", {"x": ONE_TO_FIVE}, NUM, QUART),
    ("QUARTILE.INC(x, 0.9)", {"x": ONE_TO_FIVE}, 1, QUART),
    ("QUARTILE.INC(x, 4.9)", {"x": ONE_TO_FIVE}, 5, QUART),
    ("QUARTILE.INC(x, 5)", {"x": ONE_TO_FIVE}, NUM, QUART),
    ("DATE(9999, 12, 31)", {}, 2958465, YEARS),
    ("DATE(9999, 12, 32)", {}, NUM, YEARS),
    ("DATE(10000, 1, 1)", {}, NUM, YEARS),
    ("DATE(-1, 1, 1)", {}, NUM, YEARS),
    ("DATE(1900, 1, -1)", {}, NUM, YEARS),
    ("DATE(1E+300, 1, 1)", {}, NUM, YEARS),
    ("DATE(2024, 1E+300, 1)", {}, NUM, YEARS),
    ("DATE(2024, -1E+300, 1)", {}, NUM, YEARS),
    ("DATE(2024, 1, 1E+300)", {}, NUM, YEARS),
    ("DATE(2024, 1, -1E+300)", {}, NUM, YEARS),
    ("DATE(1899, 14, 30)", {}, 694023, CARRIED),
    ("DATE(1900, 2, 30)", {}, 61, CARRIED),
    ("EDATE(2958465, 1)", {}, NUM, "a date out of range is #NUM!"),
    ("EDATE(1, 1E+300)", {}, NUM, "a date out of range is #NUM!"),
    ("EOMONTH(2958465, 1)", {}, NUM, "a date out of range is #NUM!"),
    ("YEAR(1E+300)", {}, NUM, "a date out of range is #NUM!"),
    ("SUM(x)", {"x": [1e308, 1e308]}, NUM, RANGE),
    ("AVERAGE(x)", {"x": [1e308, 1e308]}, NUM, RANGE),
    ("MEDIAN(x)", {"x": [1e308, 1.5e308]}, NUM, RANGE),
    ("MEDIAN(x) > 5", {"x": [1e308, 1.5e308]}, NUM, RANGE),
    ("PERCENTILE.INC(x, 0.3)", {"x": [-HUGE, HUGE]}, NUM, RANGE),
    ("IFERROR(QUARTILE.INC(x, 1), 7)", {"x": [-HUGE, HUGE]}, 7, RANGE),
    ("STDEV.S(x)", {"x": [1e308, -1e308]}, NUM, RANGE),
    ("IFERROR(VAR.P(x, y), 7)", {"x": [1e200], "y": [-1e200]}, 7, RANGE),
    ("SUMPRODUCT(x, x)", {"x": [1e200, 1.0]}, NUM, RANGE),
    ("MAX(x) - MIN(x)", {"x": [HUGE, -HUGE]}, NUM, RANGE),
    ("MAX(x)", {"x": [HUGE, -HUGE]}, HUGE, "what is no sum is not past the range"),
]
