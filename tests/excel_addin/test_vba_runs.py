"""Our VBA module, run by a VBA interpreter that is not ours, with a stand-in for xlwings' COM server.

pyOpenVBA says of itself that it is checked against live Office; Excel's own compiler has not seen the module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pyopenvba.apps.excel import ExcelApplication

from excel_addin.cells import ERROR_NUMBERS
from excel_addin.vba import MODULE, module_text
from excel_addin.worksheet_function import Argument, WorksheetFunction

# Answers by what is asked: its own first argument, a table, one row, whether an argument is missing.
SERVER = f"""
Public Function CallUDF(moduleName, functionName, arguments) As Variant
    If moduleName <> "{MODULE}" Then Err.Raise 1000, Description:="not the add-in"
    Select Case functionName
    Case "ECHO_CELL"
        If IsObject(arguments(0)) Then
            CallUDF = arguments(0).Cells(1, 1).Value
        Else
            CallUDF = arguments(0)
        End If
    Case "FALL_OVER"
        Err.Raise 1000, Description:="python fell over"
    Case "TABLE_OF_CELLS"
        Dim t(0 To 1, 0 To 1) As Variant
        t(0, 0) = "label": t(0, 1) = "#N/A"
        t(1, 0) = 2.5: t(1, 1) = "#DIV/0!"
        CallUDF = t
    Case "ROW_OF_CELLS"
        CallUDF = Array("label", "#REF!", 3)
    Case "MAY_MISS"
        If IsMissing(arguments(1)) Then CallUDF = "missing" Else CallUDF = "given " & arguments(1)
    End Select
End Function
"""

SHOW = """
Public Function XLPy() As Object
    Set XLPy = New Server
End Function

Private Function Show(v) As String
    Dim cell
    If IsError(v) Then
        Show = CStr(v)
    ElseIf IsArray(v) Then
        For Each cell In v
            Show = Show & Show(cell) & "|"
        Next
    Else
        Show = TypeName(v) & " " & CStr(v)
    End If
End Function

Public Function Cell(v) As String
    Cell = Show(ECHO_CELL(v))
End Function

Public Function OneCell() As String
    Range("A1").Value = 7
    OneCell = Show(ECHO_CELL(Range("A1:A3")))
End Function

Public Function TwoAreas() As String
    TwoAreas = Show(ECHO_CELL(Range("A1:A3,C1:C3")))
End Function

Public Function Falls() As String
    Falls = Show(FALL_OVER(1))
End Function

Public Function Table() As String
    Table = Show(TABLE_OF_CELLS(1))
End Function

Public Function Row() As String
    Row = Show(ROW_OF_CELLS(1))
End Function

Public Function Missing() As String
    Missing = Show(MAY_MISS(1)) & ", " & Show(MAY_MISS(1, "this"))
End Function
"""

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def excel() -> ExcelApplication:
    one = (Argument("cell", ""),)
    names = ("ECHO_CELL", "FALL_OVER", "TABLE_OF_CELLS", "ROW_OF_CELLS")
    functions = [WorksheetFunction(name, "", "", one, len) for name in names]
    functions.append(
        WorksheetFunction("MAY_MISS", "", "", (*one, Argument("setting", "", optional=True)), len)
    )
    application = ExcelApplication()
    application.add_workbook()
    application.add_module(module_text(functions), name="metricsheet_functions")
    application.add_module(SERVER, name="Server", kind="class")
    application.add_module(SHOW, name="Show")
    return application


@pytest.mark.parametrize("code", ERROR_NUMBERS)
def test_an_error_text_becomes_an_error(excel: ExcelApplication, code: str) -> None:
    assert excel.run("Cell", code) == f"Error {ERROR_NUMBERS[code]}"


@pytest.mark.parametrize(
    ("value", "shown"), [("a label", "String a label"), ("#n/a", "String #n/a"), (2.5, "Double 2.5")]
)
def test_other_answers_pass(excel: ExcelApplication, value: object, shown: str) -> None:
    assert excel.run("Cell", value) == shown


def test_a_range_is_handed_on_as_a_range(excel: ExcelApplication) -> None:
    assert excel.run("OneCell") == "Double 7"


def test_a_reference_of_several_areas_is_refused(excel: ExcelApplication) -> None:
    assert excel.run("TwoAreas") == "Error 2015"


def test_a_python_that_fell_over_is_an_error_with_its_text_in_the_immediate_window(
    excel: ExcelApplication,
) -> None:
    assert excel.run("Falls") == "Error 2015"
    assert "FALL_OVER: python fell over" in "\n".join(excel.console)


def test_errors_inside_a_table_and_a_row_become_errors(excel: ExcelApplication) -> None:
    assert sorted(excel.run("Table").split("|")) == sorted(
        ["String label", "Error 2042", "Double 2.5", "Error 2007", ""]
    )
    assert excel.run("Row") == "String label|Error 2023|Integer 3|"


def test_an_argument_that_is_left_out_stays_left_out(excel: ExcelApplication) -> None:
    assert excel.run("Missing") == "String missing, String given this"
