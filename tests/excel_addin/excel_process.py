"""The process behind ``tests.excel_addin.excel.Excel``: answers questions on its pipes until they close."""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any

from tests.excel_addin.excel import WITHOUT_PANDAS, ErrorCell, LeftOut, Raised, Range
from tests.excel_addin.fake_pywin32 import MISSING_ARGUMENT, FakeRange, FakeWorkbook, error_cell, windows

ADD_IN = "excel_addin.functions"


def as_com(argument: Any) -> Any:
    """Return an argument as it arrives from VBA."""
    if isinstance(argument, Range):
        return FakeRange([[as_com(cell) for cell in row] for row in argument.rows], argument.at)
    if isinstance(argument, ErrorCell):
        return error_cell(argument.code)
    return MISSING_ARGUMENT if isinstance(argument, LeftOut) else argument


class Session:
    """The COM server of one Excel, and what VBA asks of it."""

    def __init__(self) -> None:
        from xlwings import com_server

        import excel_addin.definitions

        excel_addin.definitions.LOOK_EVERY = 0.0  # a test's edits follow one another faster than a person's
        self.server = com_server.XLPython()

    def call(self, function: str, arguments: tuple[Any, ...]) -> Any:
        try:
            caller = FakeRange([[None]])
            return self.server.CallUDF(ADD_IN, function, [as_com(a) for a in arguments], None, caller)
        except Exception as error:
            return Raised(f"{type(error).__name__}: {error}")

    def import_functions(self, name: str) -> tuple[str, dict[str, dict[str, Any]]]:
        server, workbook = self.server, FakeWorkbook(name)
        server.Call(server.Module("xlwings"), "import_udfs", server.Tuple(ADD_IN, workbook))
        return workbook.vba, workbook.descriptions

    def describe(self, name: str) -> dict[str, dict[str, Any]]:
        server, workbook = self.server, FakeWorkbook(name)
        workbook.IsAddin = name.endswith(".xlam")
        server.Call(server.Module("excel_addin.vba"), "describe_functions", server.Tuple(workbook))
        assert workbook.saved == workbook.IsAddin
        return workbook.descriptions


def main() -> None:
    """Answer until the pipe closes; whatever the code under test prints goes to standard error."""
    if os.environ.get(WITHOUT_PANDAS):
        sys.modules["pandas"] = None  # type: ignore[assignment]
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with windows():
        session = Session()
        asked = {"call": session.call, "import": session.import_functions, "describe": session.describe}
        while True:
            try:
                question, *arguments = pickle.load(questions)
            except EOFError:
                return
            pickle.dump(asked[question](*arguments), answers)
            answers.flush()


if __name__ == "__main__":
    main()
