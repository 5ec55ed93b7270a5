"""The VBA module that gives Excel real error values, made from the same functions that xlwings sees.

xlwings writes VBA of its own ("Import Functions"), which can only hand over the text ``#DIV/0!``: ISERROR is
false for it, and a chart draws it as zero. The module written here asks Python the same way and turns error
texts into ``CVErr`` values, cell by cell where an answer is a table. ``python -m excel_addin.vba FILE.bas``
writes it; in the VBA editor it is imported with File, Import File.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from excel_addin.cells import ERROR_NUMBERS
from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
from excel_addin.worksheet_function import WorksheetFunction

MODULE = "excel_addin.functions"
_LONGEST_LINE = 1000  # the VBA editor takes 1,023 characters

_HEAD = """\
Attribute VB_Name = "metricsheet_functions"
' Worksheet functions made by metricsheet from metric definitions. Do not edit: make the module again.
' Needs a reference to xlwings (Tools, References), or xlwings' own modules in the same project.
Option Explicit
"""

_ASK = """\
' Once after importing this module: descriptions and argument help for the Insert Function dialog.
Public Sub DescribeMetricsheetFunctions()
    XLPy.Call XLPy.Module("excel_addin.vba"), "describe_functions", XLPy.Tuple(ThisWorkbook)
End Sub

Private Function MetricsheetAnswer(ByVal functionName As String, ByVal arguments As Variant) As Variant
    Dim i As Long
    On Error GoTo NoAnswer
    For i = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(i)) Then
            ' Only the first area would be read: refuse rather than answer for a part of the cells.
            If arguments(i).Areas.Count > 1 Then
                MetricsheetAnswer = CVErr(2015)
                Exit Function
            End If
        End If
    Next i
    MetricsheetAnswer = MetricsheetErrors(XLPy.CallUDF("{module}", functionName, arguments))
    Exit Function
NoAnswer:
    Debug.Print functionName & ": " & Err.Description
    MetricsheetAnswer = CVErr(2015)
End Function

Private Function MetricsheetErrors(ByVal answer As Variant) As Variant
    Dim r As Long
    Dim c As Long
    If Not IsArray(answer) Then
        MetricsheetErrors = MetricsheetError(answer)
        Exit Function
    End If
    If MetricsheetIsTable(answer) Then
        For r = LBound(answer, 1) To UBound(answer, 1)
            For c = LBound(answer, 2) To UBound(answer, 2)
                answer(r, c) = MetricsheetError(answer(r, c))
            Next c
        Next r
    Else
        For c = LBound(answer) To UBound(answer)
            answer(c) = MetricsheetError(answer(c))
        Next c
    End If
    MetricsheetErrors = answer
End Function

Private Function MetricsheetIsTable(ByRef answer As Variant) As Boolean
    Dim columnsEnd As Long
    On Error GoTo OneRow
    columnsEnd = UBound(answer, 2)
    MetricsheetIsTable = True
OneRow:
End Function

Private Function MetricsheetError(ByVal cell As Variant) As Variant
    MetricsheetError = cell
    If VarType(cell) <> vbString Then Exit Function
    Select Case cell
{cases}
    End Select
End Function
"""


def module_text(functions: Iterable[WorksheetFunction], module: str = MODULE) -> str:
    """Return a VBA module, as text to import, with a wrapper for each function; ``module`` answers them."""
    cases = "\n".join(
        f'        Case "{code}": MetricsheetError = CVErr({number})' for code, number in ERROR_NUMBERS.items()
    )
    wrappers = (_wrapper(function) for function in functions)
    return "\n".join((_HEAD, *wrappers, _ASK.format(module=module, cases=cases)))


def _wrapper(function: WorksheetFunction) -> str:
    taken = _wrapped(
        f"Public Function {function.name}(",
        [f"{'Optional ' if a.optional else ''}{a.name} As Variant" for a in function.arguments],
        ") As Variant",
    )
    passed = _wrapped(
        f'    {function.name} = MetricsheetAnswer("{function.name}", Array(',
        [a.name for a in function.arguments],
        "))",
    )
    return f"{taken}\n{passed}\nEnd Function\n"


def _wrapped(start: str, parts: list[str], end: str) -> str:
    """Return ``start``, the parts and ``end`` as one statement, continued where a line would get too long."""
    lines = [start]
    for number, part in enumerate(parts):
        text = part + (", " if number < len(parts) - 1 else end)
        if len(lines[-1]) + len(text) > _LONGEST_LINE:
            lines[-1] += "_"
            lines.append("        ")
        lines[-1] += text
    return "\n".join(lines)


def describe_functions(workbook: Any, definitions: Definitions | None = None) -> int:
    """Give Excel the description, category and argument help of every function in ``workbook``.

    ``workbook`` is Excel's own Workbook object, as the VBA module hands it over. Excel describes nothing in a
    hidden workbook: an add-in is shown for the moment, and saved. ``definitions`` are by default those in
    force. Returns how many functions were described.
    """
    hidden = workbook.IsAddin
    if hidden:
        workbook.IsAddin = False
    try:
        count = _describe(workbook, definitions or Definitions())
    finally:
        if hidden:
            workbook.IsAddin = True
    if hidden:
        workbook.Save()
    return count


def _describe(workbook: Any, definitions: Definitions) -> int:
    functions = worksheet_functions(definitions)
    for function in functions:
        # Every argument, as xlwings passes them: Excel's type library fills in no defaults here.
        workbook.Application.MacroOptions(
            f"'{workbook.Name}'!{function.name}",
            Description=function.description,
            HasMenu=False,
            MenuText=None,
            HasShortcutKey=False,
            ShortcutKey=None,
            Category=function.category,
            StatusBar=None,
            HelpContextID=None,
            HelpFile=None,
            ArgumentDescriptions=[argument.help for argument in function.arguments] or None,
        )
    return len(functions)


def main(arguments: list[str]) -> int:
    """Write the VBA module of the definitions in force to a file, or to standard output without one."""
    text = module_text(worksheet_functions(Definitions()))
    if arguments:
        # Windows line ends: the VBA editor reads nothing else.
        Path(arguments[0]).write_text(text, encoding="ascii", newline="\r\n")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
