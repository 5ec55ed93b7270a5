"""What Excel would ask, run by Wine: questions of a file asked through real COM, their answers into another.

A question is a function with its arguments as ``tests/hosts/questions.py`` writes them; nothing of the
repository can be imported here but what Excel's Python would.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from decimal import Decimal
from typing import Any

import pythoncom
import pywintypes
import win32com.client

CLASS = pywintypes.IID("{506e67c3-55b5-48c3-a035-eed5deea7d6d}")
MODULE = "excel_addin.functions"
LEFT_OUT = -2147352572
STARTED_WITHIN = 90.0
ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}


def cell(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    [(kind, value)] = given.items()
    if kind == "e":
        return ERRORS[value]
    if kind == "m":
        return Decimal(str(value))
    return pywintypes.Time(dt.datetime(1899, 12, 30) + dt.timedelta(days=value))


def argument(python: Any, given: Any) -> Any:
    if given is None:
        return LEFT_OUT
    if "call" in given:
        function, arguments = given["call"]
        answer = ask(python, function, arguments)
        return ERRORS.get(answer, answer)  # our VBA makes errors of their texts
    if "value" in given:
        return cell(given["value"])
    cells = tuple(tuple(cell(one) for one in row) for row in given["rows"])
    return cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells


def ask(python: Any, function: str, arguments: list[Any]) -> Any:
    return python.CallUDF(MODULE, function, tuple(argument(python, one) for one in arguments))


def server() -> Any:
    until = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            found = pythoncom.CoCreateInstance(
                CLASS, None, pythoncom.CLSCTX_LOCAL_SERVER, pythoncom.IID_IDispatch
            )
            return win32com.client.Dispatch(found)
        except pythoncom.com_error:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def main(asked: str, answered: str) -> None:
    python, answers = server(), []
    with open(asked, encoding="utf-8") as file:
        before, questions = json.load(file)
    for function, given in before:
        ask(python, function, given)
    began = time.perf_counter()
    for function, given in questions:
        try:
            answers.append(ask(python, function, given))
        except pythoncom.com_error as error:
            answers.append(f"com_error {error}")
    said = {"answers": answers, "seconds": time.perf_counter() - began}
    with open(answered, "w", encoding="utf-8") as file:
        json.dump(said, file)


main(*sys.argv[1:])
