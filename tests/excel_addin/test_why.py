"""WHY: what a metric's function says, in words, with the cells that it says it of."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from excel_addin import functions
from excel_addin.definitions import Definitions
from excel_addin.why import why
from metricsheet.api import load_catalog
from metricsheet.language import LANGUAGES
from metricsheet.records import replace
from tests.excel_addin.excel import ErrorCell, Excel, LeftOut, Range, column

CATALOG = load_catalog()
TAKES = len(functions.WHY.__signature__.parameters)  # type: ignore[attr-defined]
B2, C2, A2 = (2, 2), (2, 3), (2, 1)
MONTHS = column(*(dt.datetime(2024, month, 1) for month in (1, 2, 3)), at=A2)
LOST, START = column(1.0, 2.0, 3.0, at=B2), column(10.0, 20.0, 30.0, at=C2)


def ask(excel: Excel, *arguments: Any) -> Any:
    return excel.call("WHY", *arguments, *[LeftOut()] * (TAKES - len(arguments)))


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (
            ("nps", column(*[10.0] * 15, 11.0, 9.0, at=B2)),
            (
                "(NPS): #NUM! 1 of 17 recommend_score cells is not on the whole scale 0..10",
                "(Sheet1!B17 = 11)",
                "recommend_score (Sheet1!B2:B18): 16 used, 1 rejected",
            ),
        ),
        # in a row and in a block
        (("NPS", Range([[10.0, 11.0, 9.0]], at=B2)), ("(Sheet1!C2 = 11)", "(Sheet1!B2:D2)")),
        (("NPS", Range([[9.0, 1.0], [2.0, 12.0]], at=B2)), ("(Sheet1!C3 = 12)", "(Sheet1!B2:C3)")),
        # values that stand nowhere
        (("NPS", ((10.0, 9.0, 11.0, 8.0, 7.0, 3.0),)), ("#NUM!", "(cell 3 = 11)", "recommend_score: 5 used")),
        (
            ("NPS", column(10.0, None, "remark", "9", 8.0, at=B2)),
            (
                "66.7 (Sample too small), on 3 answers, 95% interval",
                "3 used, 1 blank, 1 text, 1 read from text",
            ),
        ),
        (("NPS", column(10.0, ErrorCell("#DIV/0!"), at=B2)), ("#DIV/0! recommend_score: Sheet1!B3 holds",)),
        (("NPS", column(None, None, at=B2)), ("#N/A recommend_score is empty", "0 used, 2 blank")),
        (("NPS",), ("#N/A recommend_score is empty",)),
        (
            ("CTR", column(5.0, None, at=B2), column(100.0, 90.0, at=C2)),
            ("the totals are based on different numbers of cells",),
        ),
        # stocks over several rows
        (("CHURN_RATE", LOST, START), ("rows without dates (3)", "give the dates of the rows as dates:")),
        (("ARR", column(5.0, 6.0)), ("mrr has 2 rows", "give the dates of the rows as dates:")),
        (("CHURN_RATE", LOST, START, MONTHS), ("the rows cover 3", 'chained "yes" multiplies the periods')),
        (("CHURN_RATE", LOST, START, MONTHS, "yes"), ("Churn rate (chained, 3 months): 27.1%",)),
        (
            ("CHURN_RATE", LOST, START, column("soon", "x", "y", at=A2)),
            ("Sheet1!A2:A4: 'soon' and the other",),
        ),
        (("CHURN_RATE", LOST, START, column("soon", "x")), ("dates has 2 rows, customers_lost has 3",)),
        (
            ("CHURN_RATE_MEAN", LOST, START, column("2024-01", "2024-02", "Total", at=A2)),
            ("10.0%", "left out: Sheet1!A4 'Total'", "2 used, 1 left out"),
        ),
        # what cannot be asked
        (("npz", column(1.0)), ("#NAME? 'npz' is not a metric of these definitions (did you mean 'nps'?)",)),
        ((5.0,), ('#VALUE! the first argument names a metric, such as "nps"',)),
        ((ErrorCell("#REF!"),), ("#REF!",)),
        (("NPS", column(1.0), 2.0), ("found 1 argument too many",)),
        (("CHURN_RATE", 1.0, 10.0, LeftOut(), "maybe"), ("chained is one of yes, no, not 'maybe'",)),
        (
            ("CHURN_RATE", 1.0, 10.0, LeftOut(), column("yes", "no")),
            ("#VALUE! expected one cell, found a range",),
        ),
        (("UPSELL_SHARE", 5.0, 50.0, "new"), ("10.0% (Usual for a new company)",)),
    ],
)
def test_why(builtin_excel: Excel, arguments: tuple[Any, ...], parts: tuple[str, ...]) -> None:
    said = ask(builtin_excel, *arguments)
    for part in parts:
        assert part in said


def test_dates_that_were_given_are_not_asked_for(builtin_excel: Excel) -> None:
    said = ask(builtin_excel, "CHURN_RATE", LOST, START, column("2024-01", None, "2024-03", at=A2))
    assert "rows without dates" in said
    assert "give the dates" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_is_said_in_the_language_of_the_definitions(language: str) -> None:
    definitions = Definitions()
    definitions.catalog = lambda: replace(CATALOG, language=language)  # type: ignore[method-assign]
    asked: list[list[Any]] = [
        ["nps", [[10.0], [11.0], [9.0], [8.0], [7.0], [1.0]]],
        ["churn_rate", [[1.0], [2.0]], [[10.0], [20.0]]],
        ["churn_rate", [[1.0], [2.0]], [[10.0], [20.0]], [[45292.0], [45323.0]]],
        ["churn_rate", [[1.0], [2.0]], [[10.0], [20.0]], [["soon"], ["x"]]],
        ["churn_rate", [[1.0], [2.0]], [[10.0], [20.0]], [["soon"], ["x"], ["y"]]],
        ["churn_rate", 1.0, 10.0, None, "maybe"],
        ["nps", 1.0, 2.0],
        ["nps", [[10.0], ["9"], [None]]],
        ["clv_from_churn_margin", 0.5, 5.0, [[45292.0], [45323.0]]],
        ["hardly a metric"],
        [1.0],
    ]
    said = [why(definitions, [*one, *[None] * (TAKES - len(one))]) for one in asked]
    words = ("cell", "cells", "rows", "row", "give", "takes", "used", "answers", "interval", "not")
    found = {word for one in said for word in re.findall(r"\w+", one) if word in words}
    assert bool(found) == (language == "en"), (found, said)


def test_why_takes_what_the_function_with_most_arguments_takes() -> None:
    most = max(len(CATALOG.arguments_of(metric, judged=True)) for metric in CATALOG.metrics.values())
    assert most + 1 == TAKES


def test_definitions_that_cannot_be_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "metrics.yaml").write_text((Path(__file__).parent / "metrics.yaml").read_text())
    monkeypatch.setenv("METRICSHEET_METRICS", str(tmp_path))
    definitions = Definitions(clock=iter(range(0, 100, 10)).__next__)
    definitions.catalog()
    (tmp_path / "metrics.yaml").write_text("version: 1\nmetrics: [\n")
    assert "metrics.yaml:" in why(definitions, ["promoters", *[None] * 9])
