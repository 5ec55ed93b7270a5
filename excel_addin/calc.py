"""What LibreOffice loads from the extension that ``excel_addin.oxt`` writes: the worksheet functions in Calc.

Calc finds one method for each function. Cells of inputs come as they stand on the sheet (``XCellRange``);
handed over as values, a blank cell would be 0, ``TRUE`` 1, and an error in a range Err:504. All else comes as
values. This file stands alone at the top of the extension: what it needs lies beside it in ``pythonpath``. A
Python that is too old for that must still be able to read this file and say so.
"""

from __future__ import annotations

import json
import os
import struct
import sys

import unohelper
from com.sun.star.lang import XServiceInfo, XServiceName
from org.metricsheet.calc import XFunctions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from excel_addin.cells import ExcelAnswer, ExcelTable, Referred
    from excel_addin.worksheet_function import Argument, WorksheetFunction

SERVICE = "org.metricsheet.calc.AddIn"
PREFIX = "ms"
_INFO = "msMETRICuINFO"

_HERE = os.path.dirname(os.path.abspath(__file__))
_OLDEST = (3, 11)

# LibreOffice's numbers of Excel's errors
_ERROR_NUMBERS = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
_ERRORS = {number: text for text, number in _ERROR_NUMBERS.items()}
_ERRORS[502] = _ERRORS[523] = "#NUM!"  # a wrong argument, as of SQRT(-1), and no convergence, as of IRR

_LOGICAL = 1024  # com.sun.star.util.NumberFormat.LOGICAL
_ERRORS_ASKED = 200
_DAY_ZERO = (1899, 12, 30)


class AddIn(unohelper.Base, XFunctions, XServiceInfo, XServiceName):  # type: ignore[misc]  # UNO has no types
    """The service that Calc asks; its methods are named after the functions, see ``excel_addin.oxt``."""

    def __init__(self, context: object) -> None:
        self.context = context

    def __getattr__(self, method: str) -> Callable[..., object]:
        if not method.startswith(PREFIX):
            raise AttributeError(method)
        return lambda document, *given: _answer(method, document, given)

    def getServiceName(self) -> str:  # noqa: N802  # names of UNO's
        """Return the name of the service."""
        return SERVICE

    def getImplementationName(self) -> str:  # noqa: N802
        """Return the name of this class to UNO."""
        return SERVICE + ".impl"

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """Return whether this is the service ``name``."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """Return what this service is to Calc."""
        return ("com.sun.star.sheet.AddIn", SERVICE)


_functions: dict[str, WorksheetFunction] = {}


def _answer(method: str, document: Any, given: Sequence[Any]) -> object:
    """Return the answer of the function behind a method; why there are none is what METRIC_INFO tells."""
    try:
        if not _functions:
            _functions.update(_load())
    except Exception as error:
        sys.stderr.write(f"metricsheet: {error}\n")
        return (("problem", str(error)),) if method == _INFO else _one_back("#NAME?")
    function = _functions.get(method)
    answer = "#NAME?" if function is None else _asked(function, document, given)
    rows = answer if isinstance(answer, list) else [[answer]]
    table = tuple(tuple(map(_one_back, row)) for row in rows)
    # the types of UNO's methods are fixed: where a table may be the answer, a single value is one, too
    return table if function is None or function.table else table[0][0]


def _asked(function: WorksheetFunction, document: Any, given: Sequence[Any]) -> ExcelAnswer | ExcelTable:
    zero = document.NullDate
    if (zero.Year, zero.Month, zero.Day) != _DAY_ZERO:
        return "#VALUE!"  # every date is another day in such a document
    arguments = []
    for argument, value in zip(function.arguments, given, strict=True):
        if argument.cells and value is not None:
            cells = _cells(value, document)
            arguments.append(_referred(cells, value) if function.placed else cells)
        elif not function.placed and _unclear(value, argument):
            return "#VALUE!"
        else:
            arguments.append(value)
    return function.ask(arguments)


def _referred(cells: list[list[object]], area: Any) -> Referred:
    from excel_addin.cells import Referred
    from metricsheet.files.book import CellRange

    at = area.getRangeAddress()
    sheet = area.getSpreadsheet().getName()
    return Referred(cells, CellRange(sheet, at.StartRow, at.StartColumn, at.EndRow, at.EndColumn))


def _unclear(value: object, argument: Argument) -> bool:
    """Return whether a value may be what it is not: a 0 alone a blank cell, in a range a 1 a logical.

    Nothing in a value tells. What may be left out is a date or a word, and never a logical.
    """
    if not isinstance(value, tuple):
        return isinstance(value, float) and value == 0.0
    return not argument.optional and any(cell in (0.0, 1.0) for row in value for cell in row)


def _load() -> dict[str, WorksheetFunction]:
    """Return the functions of the definitions that the extension carries, by the names of their methods."""
    if sys.version_info < _OLDEST:
        oldest, here = ".".join(map(str, _OLDEST)), sys.version.split()[0]
        raise RuntimeError(f"metricsheet needs Python {oldest} or later, this LibreOffice has {here}")
    from excel_addin.definitions import METRICS_VARIABLE, Definitions
    from excel_addin.oxt import method_name
    from excel_addin.worksheet import worksheet_functions

    with open(os.path.join(_HERE, "carried.json"), encoding="utf-8") as file:
        metrics = json.load(file)["metrics"]
    carried = metrics if metrics == "builtin" else os.path.join(_HERE, metrics)
    definitions = Definitions(os.environ.get(METRICS_VARIABLE) or carried)
    return {method_name(function.name): function for function in worksheet_functions(definitions)}


def _cells(area: Any, document: Any) -> list[list[object]]:
    """Return the cells of a range as rows: blank ``None``, an error its text, and a logical a logical.

    To ask a cell of its own costs more than to read a thousand at once: it is done only where it must be, and
    of very many errors the first decide.
    """
    rows = [list(row) for row in area.getDataArray()]  # also computes what is still to be computed
    if any(0.0 in row or 1.0 in row for row in rows):
        start = area.getRangeAddress()
        for part in _logicals(area, document):
            for row in rows[part.StartRow - start.StartRow : part.EndRow - start.StartRow + 1]:
                for column in range(
                    part.StartColumn - start.StartColumn, part.EndColumn - start.StartColumn + 1
                ):
                    if row[column] in (0.0, 1.0):
                        row[column] = bool(row[column])
    errors = [
        (r, c) for r, row in enumerate(rows) if None in row for c, cell in enumerate(row) if cell is None
    ]
    for number, (r, c) in enumerate(errors):
        asked = area.getCellByPosition(c, r).getError() if number < _ERRORS_ASKED else 0
        rows[r][c] = _ERRORS.get(asked, "#VALUE!")
    return rows


def _logicals(area: Any, document: Any) -> list[Any]:
    """Return the parts of a range whose number format shows logicals: Calc has no other mark for them."""
    formats, groups = document.getNumberFormats(), area.getUniqueCellFormatRanges()
    return [
        part
        for group in map(groups.getByIndex, range(groups.getCount()))
        if formats.getByKey(group.NumberFormat).Type & _LOGICAL
        for part in group.getRangeAddresses()
    ]


def _one_back(value: ExcelAnswer) -> float | str:
    if isinstance(value, str):
        number = _ERROR_NUMBERS.get(value)
        # Calc carries an error in a number that is none
        return value if number is None else struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | number))[0]
    return float(value)


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  # UNO looks for this name
g_ImplementationHelper.addImplementation(AddIn, SERVICE + ".impl", ("com.sun.star.sheet.AddIn", SERVICE))
