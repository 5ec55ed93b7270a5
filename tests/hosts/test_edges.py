"""Excel's answers at the edges, asked of LibreOffice Calc: it gives the same but for the rows listed here.

It is not asked about texts: it folds ``ﬁ`` to ``fi`` and, in wildcards only, ``ß`` to ``ss``.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from metricsheet.values import Cell, ExcelError
from tests.formula.excel_edges import ABOUT_TEXTS, EDGES
from tests.hosts.libreoffice import Formula, Page, answers

pytestmark = [pytest.mark.hosts, pytest.mark.filterwarnings("ignore:Cell A1 is marked as a date")]

LIBREOFFICE_GIVES: dict[str, object] = {
    # no text is a logical value, not even these words, and no text is passed over
    'OR("true", FALSE)': "error",
    'AND("FALSE", TRUE)': "error",
    'OR("", TRUE)': "error",
    'AND("", FALSE)': "error",
    'AND({"x",TRUE})': "error",
    # its calendar begins before 1900, has no 29 February 1900 and goes on after 9999
    "DATE(1900, 1, -1)": dt.time(0),
    "DATE(1899, 14, 30)": 62,
    "DATE(1900, 2, 30)": 62,
    "EDATE(2958465, 1)": 2958496,
    "EOMONTH(2958465, 1)": 2958496,
}
ASKED = [row for row in EDGES if row[3] not in ABOUT_TEXTS]


def error_or(value: Cell) -> object:
    """Return a value, or that it is an error: LibreOffice writes most of them as ``#VALUE!``."""
    text = value.code if isinstance(value, ExcelError) else value
    return "error" if isinstance(text, str) and text.startswith("#") else value


def test_libreoffice_gives_the_same(tmp_path: Path) -> None:
    pages = [Page(f"edge {i}", Formula(formula), names) for i, (formula, names, _, _) in enumerate(ASKED)]
    found = answers(pages, tmp_path)
    different = {}
    for page, (formula, _, answer, _) in zip(pages, ASKED, strict=True):
        theirs = error_or(found[page.title])
        if theirs != error_or(answer):
            different[formula] = theirs
    assert different == LIBREOFFICE_GIVES
