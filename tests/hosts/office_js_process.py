"""The process behind ``tests.hosts.office_js.on_python``: answers questions as xlwings Server does."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.hosts.questions import SUFFIXES, Json, read

ERROR_TYPES = {
    "#N/A": "NotAvailable",
    "#DIV/0!": "Div0",
    "#VALUE!": "Value",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#NUM!": "Num",
    "#NULL!": "Null",
}
"""Errors as Excel's JavaScript calls them."""

_CODES = {name: code for code, name in ERROR_TYPES.items()}


def as_sent(cell: Json) -> Json:
    """Return a cell as Excel sends it to a custom function."""
    if not isinstance(cell, dict):
        return cell
    if "e" in cell:
        kind = ERROR_TYPES[cell["e"]]
        return {"type": "Error", "errorType": kind, "basicType": "Error", "basicValue": cell["e"]}
    value, form = (cell["d"], "m/d/yyyy") if "d" in cell else (cell["m"], "$#,##0.00")
    return {"type": "FormattedNumber", "basicValue": value, "basicType": "Double", "numberFormat": form}


def as_received(answer: Any) -> Any:
    """Return the answer that Excel would show in the cell."""
    cell = answer[0][0]
    return _CODES[cell["errorType"]] if isinstance(cell, dict) else cell


class Server:
    """xlwings' Office.js code with our functions."""

    def __init__(self) -> None:
        import xlwings
        from xlwings import server

        from excel_addin import server as functions

        self.version, self.server, self.functions = xlwings.__version__, server, functions
        self.loop = asyncio.new_event_loop()

    def call(self, function: str, arguments: list[Json]) -> Any:
        """Return what a cell with this function shows."""
        data = {
            "client": "Office.js",
            "func_name": function,
            "args": [self.sent(argument) for argument in arguments],
            "caller_address": "[Book.xlsx]Sheet1!Z1",
            "session_id": "one",
            "culture_info_name": "en-US",
            "date_format": "m/d/yyyy",
            "version": self.version,
            "runtime": "1.4",
        }
        asked = self.server.custom_functions_call(data, self.functions)
        return as_received(self.loop.run_until_complete(asked))

    def sent(self, argument: Json) -> Json:
        """Return an argument as Excel sends it: always rows, null where it is left out."""
        if argument is None:
            return None
        if "call" in argument:
            answer = self.call(*argument["call"])
            return [[as_sent({"e": answer} if isinstance(answer, str) else answer)]]
        rows = argument["rows"] if "rows" in argument else [[argument["value"]]]
        return [[as_sent(cell) for cell in row] for row in rows]


def main(file: str, answers: str) -> None:
    """Answer every question of a file into another one, a line of JSON each."""
    server = Server()
    with Path(answers).open("w", encoding="utf-8") as out:
        for question in read(Path(file)):
            found = {}
            for suffix in SUFFIXES:
                more = [None] * question.more if suffix == "_FLAG" else []
                found[suffix] = server.call(question.function + suffix, [*question.arguments, *more])
            out.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
