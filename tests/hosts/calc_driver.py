"""Runs LibreOffice Calc for ``tests.hosts.calc.Calc``: questions and answers are lines of JSON on its pipes.

Run by a Python that has UNO, which the one that runs the tests has not; it imports nothing else of ours.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from typing import Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment

COLUMN = 900  # where formulas are put: no vector reaches so far to the right
STARTED_WITHIN = 120.0

ERRORS = {
    521: "#NULL!",
    532: "#DIV/0!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    503: "#NUM!",
    32767: "#N/A",
}


class Consent(unohelper.Base, XCommandEnvironment, XInteractionHandler):
    """Says yes to whatever installing an extension asks."""

    def getInteractionHandler(self) -> Any:
        return self

    def getProgressHandler(self) -> None:
        return None

    def handle(self, request: Any) -> None:
        for choice in request.getContinuations():
            if choice.queryInterface(uno.getTypeByName("com.sun.star.task.XInteractionApprove")):
                choice.select()


def named(name: str, value: object) -> Any:
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


class Office:
    """One LibreOffice with a profile of its own; documents stay open by path."""

    def __init__(self, profile: str) -> None:
        pipe = f"metricsheet{time.monotonic_ns()}"
        options = ["--headless", "--norestore", "--nologo", "--nodefault"]
        self.process = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={profile}", *options, f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if time.monotonic() > until:
                    self.process.kill()
                    raise
                time.sleep(0.1)
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.documents: dict[str, Any] = {}

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def install(self, extension: str) -> str:
        manager = self.context.getByName("/singletons/com.sun.star.deployment.ExtensionManager")
        added = manager.addExtension(extension, (), "user", manager.createAbortChannel(), Consent())
        return str(added.getIdentifier().Value)

    def document(self, url: str) -> Any:
        if url not in self.documents:
            self.documents[url] = self.desktop.loadComponentFromURL(
                url, "_blank", 0, (named("Hidden", True),)
            )
        return self.documents[url]

    def ask(self, url: str, formulas: list[str]) -> list[object]:
        """Return the answers of formulas put below one another into the first sheet of a document."""
        sheet = self.document(url).Sheets.getByIndex(0)
        area = sheet.getCellRangeByPosition(COLUMN, 0, COLUMN, len(formulas) - 1)
        area.setFormulaArray(tuple((formula,) for formula in formulas))
        return [row[0] for row in self._read(sheet, area)]

    def _read(self, sheet: Any, area: Any) -> list[list[object]]:
        """Return the values of a range of formulas and clear it; an error is Excel's text, or ``Err:504``."""
        place = area.getRangeAddress()
        width = place.EndColumn - place.StartColumn + 1
        beside = sheet.getCellRangeByPosition(
            place.EndColumn + 1, place.StartRow, place.EndColumn + width, place.EndRow
        )
        # one question for all errors: to ask each cell takes longer than to compute it
        columns = range(place.StartColumn, place.EndColumn + 1)
        names = [[cell_name(c, r) for c in columns] for r in range(place.StartRow, place.EndRow + 1)]
        beside.setFormulaArray(tuple(tuple(f"=ERRORTYPE({name})" for name in row) for row in names))
        read = zip(area.getDataArray(), beside.getDataArray(), strict=True)
        found = [[told(*both) for both in zip(*rows, strict=True)] for rows in read]
        for used in (area, beside):
            used.clearContents(1023)
        return found

    def table(self, url: str, formula: str, rows: int, columns: int) -> list[list[object]]:
        """Return the answers of an array formula."""
        sheet = self.document(url).Sheets.getByIndex(0)
        area = sheet.getCellRangeByPosition(COLUMN, 0, COLUMN + columns - 1, rows - 1)
        area.setArrayFormula(formula)
        return self._read(sheet, area)

    def time(self, url: str, formula: str) -> float:
        """Return the seconds that one answer takes."""
        sheet = self.document(url).Sheets.getByIndex(0)
        cell = sheet.getCellByPosition(COLUMN, 0)
        began = time.perf_counter()
        cell.setFormula(formula)
        cell.getValue()
        return time.perf_counter() - began

    def described(self, start: str) -> dict[str, Any]:
        """Return what the function wizard shows of functions whose names start so."""
        functions = self.service("com.sun.star.sheet.FunctionDescriptions")
        found = {}
        for index in range(functions.Count):
            shown = {part.Name: part.Value for part in functions.getByIndex(index)}
            if shown["Name"].startswith(start):
                arguments = [[a.Name, a.Description, a.IsOptional] for a in shown["Arguments"]]
                found[shown["Name"]] = [shown["Category"], shown["Description"], arguments]
        return found

    def close(self) -> None:
        for document in self.documents.values():
            document.close(True)
        with contextlib.suppress(Exception):  # it is gone before it can answer
            self.desktop.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def told(value: object, error: object) -> object:
    """Return a value, or its error: ERRORTYPE gives an error's number, and an error where there is none."""
    return ERRORS.get(int(error), f"Err:{error:.0f}") if isinstance(error, float) else value


def cell_name(column: int, row: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def main() -> None:
    office = Office(sys.argv[1])
    try:
        for line in sys.stdin:
            question, *arguments = json.loads(line)
            try:
                said = [getattr(office, question)(*arguments)]
            except Exception as error:
                said = [None, f"{type(error).__name__}: {error}"]
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
    finally:
        office.close()


if __name__ == "__main__":
    main()
