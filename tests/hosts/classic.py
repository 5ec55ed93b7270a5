"""Classic xlwings: its Windows code, with a stand-in for Windows' COM."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.excel_addin.excel import ErrorCell, Excel, LeftOut, Range
from tests.hosts.questions import SUFFIXES, Json, Question
from tests.hosts.replay import Answers, Host

_DAY_ZERO = dt.datetime(1899, 12, 30)


def as_held(cell: Json) -> Any:
    """Return a cell as Excel holds it."""
    if not isinstance(cell, dict):
        return cell
    if "e" in cell:
        return ErrorCell(cell["e"])
    return _DAY_ZERO + dt.timedelta(days=cell["d"]) if "d" in cell else Decimal(str(cell["m"]))


def answers_of(excel: Excel, question: Question) -> Answers:
    """Return what Excel answers to one question, by suffix."""
    given = [_argument(excel, argument) for argument in question.arguments]
    more = [LeftOut()] * question.more
    return {s: excel.call(question.function + s, *given, *(more if s == "_FLAG" else [])) for s in SUFFIXES}


def _argument(excel: Excel, argument: Json) -> Any:
    if argument is None:
        return LeftOut()
    if "call" in argument:
        function, arguments = argument["call"]
        answer = excel.call(function, *(_argument(excel, one) for one in arguments))
        return ErrorCell(answer) if isinstance(answer, str) else answer  # our VBA makes errors of their texts
    if "value" in argument:
        return as_held(argument["value"])
    return Range([[as_held(cell) for cell in row] for row in argument["rows"]])


def _answers(asked: Sequence[Question]) -> list[Answers]:
    with Excel() as excel:
        return [answers_of(excel, question) for question in asked]


def _versions() -> str:
    import xlwings

    return f"xlwings {xlwings.__version__}, Python {sys.version.split()[0]}, COM stood in for"


HOST = Host("classic xlwings", _answers, _versions)
