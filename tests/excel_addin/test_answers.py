"""What formulas answer in Excel: every kind of argument, through xlwings' real conversion and COM server."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from excel_addin.definitions import Definitions
from excel_addin.general_functions import scorecard
from metricsheet.api import answer, load_catalog
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message, say
from metricsheet.language.words import term
from metricsheet.records import replace
from tests.excel_addin.excel import ErrorCell, Excel, LeftOut, Range, column

ONE, NONE = Range([[5.0]]), Range([[None]])
EIGHT = column(10.0, 9.0, 9.0, 8.0, 7.0, 6.0, 0.0, 10.0)  # 4 for, 2 against, of 8


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (EIGHT, 25.0),
        (Range([[10.0, 9.0, 9.0, 8.0, 7.0, 6.0, 0.0, 10.0]]), 25.0),
        (Range([[10.0, 9.0, 9.0, 8.0], [7.0, 6.0, 0.0, 10.0]]), 25.0),
        (column(10.0, None, None, 0.0, 9.0, 9.0), 50.0),  # blanks are no zeros
        (column("Score", 10.0, 9.0, 3.0, 8.0), 25.0),  # a header is no answer
        (column(Decimal(10), 9.0, 3.0, 8.0), 25.0),
        (Range([[10.0]]), 100.0),
        (10.0, 100.0),
        (((10.0, 9.0), (3.0, 8.0)), 25.0),  # an array constant
        ((10.0, 9.0, 3.0, 8.0), 25.0),
        (Range([[None]]), "#N/A"),
        (column(None, None), "#N/A"),
        ("", "#N/A"),
        (Range([["Score"]]), "#VALUE!"),
        (column(10.0, 11.0), "#NUM!"),
        (column(10.0, -1.0), "#NUM!"),
    ],
)
def test_a_metric_of_one_range(test_excel: Excel, argument: Any, value: float | str) -> None:
    assert test_excel.call("PROMOTERS", argument) == value


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ((Range([[600.0]]), Range([[6.0]])), 100.0),
        ((column(100.0, 500.0), column(2.0, 4.0)), 100.0),  # pooled, not averaged
        ((600.0, 6.0), 100.0),
        ((Range([[600.0]]), Range([[0.0]])), "#DIV/0!"),
        ((Range([[600.0]]), Range([[None]])), "#N/A"),
        ((Range([[ErrorCell("#N/A")]]), Range([[6.0]])), "#N/A"),
        ((Range([[600.0]]), Range([[ErrorCell("#DIV/0!")]])), "#DIV/0!"),
        ((Range([["much"]]), Range([[6.0]])), "#VALUE!"),
        ((Range([[Decimal("600.00")]]), Range([[6.0]])), 100.0),
    ],
)
def test_a_metric_of_two_arguments(test_excel: Excel, arguments: tuple[Any, ...], value: float | str) -> None:
    assert test_excel.call("WORTH", *arguments) == value


@pytest.mark.parametrize(
    ("answers", "flag"),
    [
        (column(10.0, 9.0, 9.0, 3.0), "More for than against"),
        (EIGHT, "Below target"),  # 25 of 30; no band names the target
        (column(0.0, 1.0, 9.0), "More against than for"),
        (column(10.0, 9.0), "Sample too small"),
        (column(None), "#N/A"),
        (column(12.0, 1.0, 2.0), "#NUM!"),
        (column("perhaps", "maybe not"), "#VALUE!"),
    ],
)
def test_the_flag_is_the_label_of_the_band(test_excel: Excel, answers: Range, flag: str) -> None:
    assert test_excel.call("PROMOTERS_FLAG", answers) == flag


def test_a_metric_without_bands_has_no_verdict(test_excel: Excel) -> None:
    assert test_excel.call("WORTH_FLAG", 600.0, 6.0) == "No target set"
    assert test_excel.call("WORTH_FLAG", 600.0, 0.0) == "#DIV/0!"


def test_n_counts_the_answers_that_were_used(test_excel: Excel) -> None:
    assert test_excel.call("PROMOTERS_N", column(10.0, None, "x", 3.0, 9.0)) == 3.0


@pytest.mark.parametrize(
    ("worth", "cost", "ratio", "flag"),
    [
        (300.0, 100.0, 3.0, "On target"),
        (250.0, 100.0, 2.5, "Slim"),
        (Range([[90.0]]), Range([[100.0]]), 0.9, "Loss"),
        (300.0, 0.0, "#DIV/0!", "#DIV/0!"),
        (None, 100.0, "#N/A", "#N/A"),
        ("#NUM!", 100.0, "#NUM!", "#NUM!"),  # an error text of another of our functions
    ],
)
def test_a_metric_of_other_metrics_takes_them(
    test_excel: Excel, worth: Any, cost: Any, ratio: float | str, flag: str
) -> None:
    assert test_excel.call("WORTH_COST_RATIO", worth, cost) == ratio
    assert test_excel.call("WORTH_COST_RATIO_FLAG", worth, cost) == flag


@pytest.mark.parametrize(
    ("stage", "flag"),
    [
        ("new", "Good for a new company"),
        (" NEW ", "Good for a new company"),
        (Range([["seasoned"]]), "Low for a seasoned company"),
        (LeftOut(), "No target set"),
        (Range([[None]]), "No target set"),
        ("old", "#VALUE!"),
        (1.0, "#VALUE!"),
        (ErrorCell("#REF!"), "#REF!"),
        (column("new", "new"), "#VALUE!"),
    ],
)
def test_bands_may_depend_on_a_setting(test_excel: Excel, stage: Any, flag: str) -> None:
    assert test_excel.call("EXTRA_SHARE_FLAG", 20.0, 100.0, stage) == flag
    assert test_excel.call("FLAG", "extra_share", 0.2, stage) == flag


def test_dates_come_as_dates_and_the_period_is_an_argument(test_excel: Excel) -> None:
    signed = column(*(dt.datetime(2024, month, 15, tzinfo=dt.UTC) for month in range(1, 13)))
    first, last = dt.datetime(2024, 3, 1), dt.datetime(2024, 6, 30)
    assert test_excel.call("SIGNED_IN_PERIOD", signed, first, last) == 4.0
    assert test_excel.call("SIGNED_IN_PERIOD", signed, Range([[first]]), Range([[45473.0]])) == 4.0


def test_text_inputs_keep_their_text(test_excel: Excel) -> None:
    regions = column("north", "South", "NORTH", None)
    assert test_excel.call("NORTH_REVENUE", column(1.0, 2.0, 4.0, 8.0), regions) == 5.0
    assert test_excel.call("NORTH_REVENUE", column(1.0, 2.0), regions) == "#VALUE!"


@pytest.mark.parametrize(
    ("metric", "value", "flag"),
    [
        # nobody can see from a value whether its sample was large enough
        ("promoters", -0.5, "More against than for (n not known)"),
        ("PROMOTERS", 0.0, "Below target (n not known)"),
        ("promoters", 30.0, "More for than against (n not known)"),
        (" Worth_Cost_Ratio ", Range([[3.0]]), "On target"),
        ("worth", 5.0, "No target set"),
        ("promoters", None, "#N/A"),
        ("promoters", Range([[None]]), "#N/A"),
        ("promoters", "much", "#VALUE!"),
        ("promoters", True, "#VALUE!"),
        ("promoters", ErrorCell("#DIV/0!"), "#DIV/0!"),
        ("promoter", 1.0, "#NAME?"),
        (Range([[None]]), 1.0, "#VALUE!"),
        (7.0, 1.0, "#VALUE!"),
        (ErrorCell("#N/A"), 1.0, "#N/A"),
    ],
)
def test_flag_of_a_value(test_excel: Excel, metric: Any, value: Any, flag: str) -> None:
    assert test_excel.call("FLAG", metric, value, LeftOut()) == flag


def test_flag_of_a_range_of_values_is_a_range(test_excel: Excel) -> None:
    ratios = column(1.0, None, 2.5, 3.0, ErrorCell("#NUM!"))
    flags = test_excel.call("FLAG", "worth_cost_ratio", ratios, LeftOut())
    assert flags == [["Loss"], ["#N/A"], ["Slim"], ["On target"], ["#NUM!"]]


@pytest.mark.parametrize(
    ("metric", "day", "value"),
    [
        ("promoters", LeftOut(), 30.0),
        ("worth_cost_ratio", LeftOut(), 3.0),
        ("worth_cost_ratio", dt.datetime(2024, 1, 1), 3.0),
        ("worth_cost_ratio", Range([[None]]), 3.0),
        ("worth", LeftOut(), "#N/A"),
        ("promoters", "soon", "#VALUE!"),
        ("promoters", ErrorCell("#REF!"), "#REF!"),
        ("nothing", LeftOut(), "#NAME?"),
        (None, LeftOut(), "#VALUE!"),
    ],
)
def test_target(test_excel: Excel, metric: Any, day: Any, value: float | str) -> None:
    assert test_excel.call("TARGET", metric, day) == value


def test_metric_info_says_what_a_metric_is(test_excel: Excel) -> None:
    table = test_excel.call("METRIC_INFO", "promoters")
    assert all(len(row) == 2 for row in table)
    said = dict(table)
    assert said["label"] == "Net score"
    assert said["question"] == "Would they recommend us?"
    assert said["formula"].startswith("(COUNTIF(answers,")
    assert said["band critical"] == "below 0: More against than for"
    assert said["band warn"] == "below 30: Below target"
    assert said["target"] == "30"
    assert said["smallest n"] == "3"
    assert said["input answers"] == "Answers"
    assert said["source"] == "a test"
    assert said["definitions"].endswith("metrics.yaml")
    assert len(said["digest"]) >= 8
    assert test_excel.call("METRIC_INFO", "nothing") == "#NAME?"
    assert ["band ok (company_stage: new)", "at least 10%: Good for a new company"] in test_excel.call(
        "METRIC_INFO", "extra_share"
    )


def test_scorecard_spills_the_metrics_of_a_table(test_excel: Excel) -> None:
    table = Range(
        [
            ["Month", "Likelihood to recommend", "Revenue", "Customers", "Remark"],
            [dt.datetime(2024, 1, 31), 10.0, 100.0, 2.0, None],
            [dt.datetime(2024, 2, 29), 9.0, 500.0, 4.0, "a remark"],
            [dt.datetime(2024, 3, 31), 3.0, None, None, None],
        ]
    )
    found = test_excel.call("SCORECARD", table)
    assert found[0] == ["Metric", "Value", "Status", "Reason"]
    by_metric = {row[0]: row[1:] for row in found[1:]}
    assert by_metric["Net score"] == [pytest.approx(100 / 3), "More for than against", ""]
    assert by_metric["Worth of a customer"] == [100.0, "No target set", ""]
    assert "Cost of a customer" not in by_metric


def test_scorecard_derives_inputs_as_files_do(builtin_excel: Excel) -> None:
    months = [[dt.datetime(2024, 1, 31), 100.0, 60.0], [dt.datetime(2024, 2, 29), 300.0, 60.0]]
    costs, people = ["Marketing cost", "Sales cost"], ["New customers", "Active customers", "ARPA"]
    rows = [[*row, 300.0, 0.0, 1.0, 10.0, 50.0] for row in months]
    table = Range([["Month", "Revenue", "COGS", *costs, *people], *rows])
    by_metric = {row[0]: row[1] for row in builtin_excel.call("SCORECARD", table)[1:]}
    assert by_metric["Total revenue"] == 400.0
    assert by_metric["CAC payback (months)"] == pytest.approx(300 / (50 * 280 / 400))


def test_scorecard_of_a_refused_column_gives_the_reason(test_excel: Excel) -> None:
    table = Range([["Answers", "Revenue"], [10.0, 5.0], [99.0, 5.0], [3.0, 5.0]])
    row = next(row for row in test_excel.call("SCORECARD", table) if row[0] == "Net score")
    assert row[1] == "#NUM!"
    assert "99" in row[3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_scorecard_speaks_the_language_of_the_reader(language: str) -> None:
    definitions = Definitions()
    definitions.catalog = lambda: replace(load_catalog(), language=language)  # type: ignore[method-assign]
    heading, row, *_ = scorecard(definitions, [["Recommendation score"], [10.0], [99.0]])
    said = answer(definitions.catalog(), "nps", {"recommend_score": [10.0, 99.0]}, language=language)
    assert heading == [term(key, language) for key in ("metric", "value", "status", "reason")]
    assert row[2] == said.status_label
    assert isinstance(row[3], str)
    assert (" cells is not on the whole scale" in row[3]) == (language == "en")
    _, nothing = scorecard(definitions, [["Colour"], ["red"]])
    count = int("".join(filter(str.isdigit, str(nothing[3]))))
    assert nothing[3] == say(Message("nothing_computed.of", count=count), language)


@pytest.mark.parametrize("table", [Range([[None]]), Range([["Colour"], ["red"]]), 5.0])
def test_scorecard_of_nothing_known_says_so(test_excel: Excel, table: Any) -> None:
    heading, row = test_excel.call("SCORECARD", table)
    assert heading == ["Metric", "Value", "Status", "Reason"]
    assert row[1] == "#N/A"
