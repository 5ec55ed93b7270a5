"""What Office.js hands to functions and takes from them: cells, calls, answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tests.hosts.questions import Json
from tests.hosts.replay import Asked

KINDS = {
    "#N/A": "NotAvailable",
    "#DIV/0!": "Div0",
    "#VALUE!": "Value",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#NUM!": "Num",
    "#NULL!": "Null",
}
ERRORS = {kind: error for error, kind in KINDS.items()}


def cell(given: Any) -> Any:
    """Return a cell as Office.js holds it."""
    if not isinstance(given, dict):
        return given
    [(kind, value)] = given.items()
    if kind == "e":
        return {"type": "Error", "errorType": KINDS[value], "basicType": "Error", "basicValue": value}
    shown = "m/d/yyyy" if kind == "d" else "$#,##0.00"
    return {"type": "FormattedNumber", "basicType": "Double", "basicValue": value, "numberFormat": shown}


def argument(given: Json) -> Any:
    """Return an argument as Office.js holds it; one that another function answers is still to be asked."""
    if given is None:
        return None
    if "call" in given:
        function, arguments = given["call"]
        return {"call": [function, [argument(one) for one in arguments]]}
    rows = given["rows"] if "rows" in given else [[given["value"]]]
    return [[cell(one) for one in row] for row in rows]


def held(asked: Sequence[Asked]) -> list[Any]:
    """Return questions with their arguments as Office.js holds them."""
    return [[name, [argument(one) for one in given]] for name, given in asked]


def request(function: str, given: Sequence[Any]) -> dict[str, Any]:
    """Return what xlwings' page sends for one call."""
    return {
        "client": "Office.js",
        "func_name": function,
        "args": given,
        "caller_address": "[Book1.xlsx]Sheet1!B1",
        "session_id": "one",
        "culture_info_name": "en-US",
        "date_format": "m/d/yyyy",
        "version": "dev",
        "runtime": "1.4",
    }


def ask(call: Callable[[dict[str, Any]], list[list[Any]]], function: str, given: Sequence[Any]) -> Any:
    """Return the rows that ``call`` answers to a request; functions in arguments are asked first."""
    called = [_as_cells(ask(call, *one["call"])) if isinstance(one, dict) else one for one in given]
    return call(request(function, called))


def _as_cells(answer: list[list[Any]]) -> list[list[Any]]:
    """Return an answer as the cells that it would fill; of an error Excel holds more than is answered."""
    return [
        [cell({"e": ERRORS[one["errorType"]]}) if isinstance(one, dict) else one for one in row]
        for row in answer
    ]


def read(answer: Any) -> Any:
    """Return an answer of Office.js as a value, an error as its text, or rows of them."""
    if isinstance(answer, list):
        rows = [[read(one) for one in row] for row in answer]
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    return ERRORS[answer["errorType"]] if isinstance(answer, dict) and "errorType" in answer else answer
