"""Months along the header: each row becomes a column beside a column of dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from metricsheet.files.book import CellRange
from metricsheet.tables.cell_kinds import lacks_year, period_kind
from metricsheet.tables.regions import Region, find_regions
from tests.tables.grids import grid


def turned(text: str, **options: Any) -> Region:
    found = [r for r in find_regions(grid(text, **options), source="b.xlsx") if r.transposed]
    assert len(found) == 1
    return found[0]


# name: (sheet, dates, label → cells)
WIDE: dict[str, tuple[str, list[Any], dict[str, list[Any]]]] = {
    "dates": (
        """Metric | 2024-01-01 | 2024-02-01
           New customers | 10 | 12
           Revenue | 100 | 120""",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {"New customers": [10.0, 12.0], "Revenue": [100.0, 120.0]},
    ),
    "months in words": (
        """Metric | Jan 2024 | Feb 2024 | Mar 2024
           Revenue | 100 | 120 |""",
        ["Jan 2024", "Feb 2024", "Mar 2024"],
        {"Revenue": [100.0, 120.0, None]},
    ),
    "german months": (
        """Kennzahl | Januar 2024 | Februar 2024 | März 2024
           Umsatz | 100 | 120 | 90""",
        ["Januar 2024", "Februar 2024", "März 2024"],
        {"Umsatz": [100.0, 120.0, 90.0]},
    ),
    "japanese months": (
        """指標 | 2024年1月 | 2024年2月
           売上 | 100 | 120""",
        ["2024年1月", "2024年2月"],
        {"売上": [100.0, 120.0]},
    ),
    "japanese months under their years": (
        """指標 | 2023年 |      | 2024年 |
             | 11月    | 12月 | 1月    | 2月
           売上 | 90 | 100 | 120 | 130""",
        ["2023年11月", "2023年12月", "2024年1月", "2024年2月"],
        {"売上": [90.0, 100.0, 120.0, 130.0]},
    ),
    "turkish months": (
        """Gösterge | Ocak 2024 | Şubat 2024
           Ciro | 100 | 120""",
        ["Ocak 2024", "Şubat 2024"],
        {"Ciro": [100.0, 120.0]},
    ),
    "years": (
        "Metric | 2022 | 2023 | 2024\nRevenue | 1 | 2 | 3",
        ["2022", "2023", "2024"],
        {"Revenue": [1.0, 2.0, 3.0]},
    ),
    "quarters": (
        "Metric | Q1 2024 | Q2 2024\nRevenue | 1 | 2",
        ["Q1 2024", "Q2 2024"],
        {"Revenue": [1.0, 2.0]},
    ),
    "months without a year under years": (
        """ | 2023 | | 2024 |
           Metric | Jan | Feb | Jan | Feb
           Revenue | 1 | 2 | 3 | 4""",
        ["Jan 2023", "Feb 2023", "Jan 2024", "Feb 2024"],
        {"Revenue": [1.0, 2.0, 3.0, 4.0]},
    ),
    "months without any year": (
        "Metric | Jan | Feb\nRevenue | 1 | 2",
        ["Jan", "Feb"],
        {"Revenue": [1.0, 2.0]},
    ),
    "title and blank row above, header in row 4": (
        """Monthly report

           in thousands
           | 2024-01-01 | 2024-02-01
           New customers | 10 | 12
           Revenue | 100 | 120""",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {"New customers": [10.0, 12.0], "Revenue": [100.0, 120.0]},
    ),
    "unit column": (
        """Metric | Unit | 2024-01-01 | 2024-02-01
           New customers | count | 10 | 12
           Revenue | EUR | 100 | 120
           Cost | EUR | 50 | 60""",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {"New customers": [10.0, 12.0], "Revenue": [100.0, 120.0], "Cost": [50.0, 60.0]},
    ),
    "sections and blank rows": (
        """Metric | 2024-01-01 | 2024-02-01
           Customers | |
           New | 10 | 12
           Lost | 1 | 2

           Revenue | |
           Revenue | 100 | 120
           Cost | 50 | 60""",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {
            "Customers": [None, None],
            "New": [10.0, 12.0],
            "Lost": [1.0, 2.0],
            "Revenue": [100.0, 120.0],
            "Cost": [50.0, 60.0],
        },
    ),
    "total at the right": (
        "Metric | Jan 2024 | Feb 2024 | Total\nRevenue | 1 | 2 | 3",
        ["Jan 2024", "Feb 2024"],
        {"Revenue": [1.0, 2.0]},
    ),
    "quarters between months": (
        "Metric | Jan 2024 | Feb 2024 | Mar 2024 | Q1 2024 | Apr 2024\nRevenue | 1 | 2 | 3 | 6 | 4",
        ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"],
        {"Revenue": [1.0, 2.0, 3.0, 4.0]},
    ),
    "comment at the right": (
        "Metric | 2024-01-01 | 2024-02-01 | Comment\nRevenue | 1 | 2 | fine\nCost | 3 | 4 |",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {"Revenue": [1.0, 2.0], "Cost": [3.0, 4.0]},
    ),
    "total of two rows is a measure": (
        "Metric | 2024-01-01 | 2024-02-01\nNew | 1 | 2\nOld | 3 | 4\nTotal | 4 | 6",
        [dt.date(2024, 1, 1), dt.date(2024, 2, 1)],
        {"New": [1.0, 2.0], "Old": [3.0, 4.0], "Total": [4.0, 6.0]},
    ),
    "numbers as text": (
        "Metric | Jan 2024 | Feb 2024\nRevenue | '1.200,50 | '1.300,00",
        ["Jan 2024", "Feb 2024"],
        {"Revenue": ["1.200,50", "1.300,00"]},
    ),
}


@pytest.mark.parametrize("case", WIDE)
def test_months_across(case: str) -> None:
    text, dates, expected = WIDE[case]
    region = turned(text)
    assert region.date_column == 0
    assert region.headers == ("Date", *expected)
    assert list(region.columns[0]) == dates
    assert {h: list(c) for h, c in zip(region.headers[1:], region.columns[1:], strict=True)} == expected


def test_addresses_run_along_the_row() -> None:
    region = turned(WIDE["quarters between months"][0], name="Plan 2024")
    assert region.where(1) == "'Plan 2024'!B2:F2"
    assert [region.address(1, k) for k in range(4)] == [f"'Plan 2024'!{c}2" for c in "BCDF"]
    assert region.address(0, 3) == "'Plan 2024'!F1"


def test_columns_that_add_up_the_months_are_named() -> None:
    region = turned("Metric | Jan 2024 | Feb 2024 | Q1 2024 | Total\nRevenue | 1 | 2 | 3 | 3")
    (problem,) = region.problems
    assert problem.code == "total_column"
    assert "Q1 2024 (S!D1), Total (S!E1)" in str(problem.message)


def test_the_column_of_known_labels_is_the_label_column() -> None:
    text = """Code | Metric | 2024-01-01 | 2024-02-01
              A-1 | Revenue | 1 | 2
              A-2 | Revenue | 3 | 4
              A-3 | Cost | 5 | 6"""
    assert turned(text).headers[1:] == ("A-1", "A-2", "A-3")
    regions = find_regions(grid(text), known=lambda header: header in ("Revenue", "Cost"))
    assert next(r for r in regions if r.transposed).headers[1:] == ("Revenue", "Revenue", "Cost")


LONG = {
    "months down": "Month | Revenue | Cost\n2024-01-01 | 1 | 2\n2024-02-01 | 3 | 4",
    "one month in the header": "Customer | 2024-01-01\nAcme | 5\nBeta | 6",
    "dates below dates": "Cohort | Jan 2024 | Feb 2024\n2024-01-01 | 5 | 4\n2024-02-01 | 6 | 5",
    "words below months": "Name | Jan 2024 | Feb 2024\nAnna | yes | no\nBen | no | yes",
    "numbers as headers": "Cohort | 1 | 2 | 3\nA | 5 | 4 | 3",
    "quarter as a question": "Name | Q1 | Comment\nAnna | 5 | x\nBen | 7 | y",
    "numbers like years in the first row": "ID | Revenue | Year\nC1 | 2010 | 2019\nC2 | 450 | 2020",
    "years that follow in the first row": "Region | Leads | New\nNorth | 2023 | 2024\nSouth | 1200 | 300",
    "an amount beside a date": "Deal | Amount | Closed\nA | 1190 | 2024-06-16\nB | 577 | 2024-06-15",
    "amounts written like months beside a date": (
        "Order | Date | Net | Gross\nA | 2024-01-22 | 339.57 | 528.69\nB | 2024-06-07 | '374.12 | '2125.04\n"
        "C | 2024-02-03 | 148.73 | 737.07\nD | 2024-02-08 | 222.86 | 763.08"
    ),
    "years in the data": "Region | Founded | Closed\nEU | 1999 | 2005\nUS | 2001 | 2010",
}


@pytest.mark.parametrize("case", LONG)
def test_tables_that_are_not_turned(case: str) -> None:
    assert not any(region.transposed for region in find_regions(grid(LONG[case])))


def test_two_wide_tables_one_above_the_other() -> None:
    text = """Customers | 2024-01-01 | 2024-02-01
              New | 10 | 12

              Money | 2024-01-01 | 2024-02-01
              Revenue | 100 | 120"""
    found = [r for r in find_regions(grid(text)) if r.transposed]
    assert [r.headers for r in found] == [("Date", "New"), ("Date", "Revenue")]


def test_merged_years_above_months() -> None:
    region = turned(WIDE["months without a year under years"][0], merged=(CellRange("S", 0, 1, 0, 2),))
    assert list(region.columns[0])[:2] == ["Jan 2023", "Feb 2023"]


PERIODS: dict[str, list[Any]] = {
    "month": [
        "Jan 2024",
        "January",
        "Jan-24",
        "2024-01",
        "01/2024",
        "202401",
        "März 2024",
        "Mär.",
        "Ocak",
        "gennaio 2024",
        "2024年1月",
        "1月",
        "2024/01/31",
        dt.date(2024, 1, 31),
        dt.datetime(2024, 1, 1),
    ],
    "quarter": [
        "Q1",
        "q3 2024",
        "2024-Q1",
        "1Q24",
        "Q1/24",
        "T1 2024",
        "1. Quartal 2024",
        "第1四半期",
        "2024年度第1四半期",
    ],
    "year": [2024, 2024.0, "2024", "FY24", "FY 2024", "2024年", "2024年度"],
    "week": ["KW 5", "W12", "2024-W05", "Week 7", "第3週"],
    "none": [
        "Revenue",
        "Q5",
        "Total",
        "Marketing",
        "May be",
        "Mar a Lago",
        12,
        1850,
        3.5,
        True,
        None,
        "",
        "Score 2024 total",
        "Decision",
        "3724.50",
        "2024.13",
        "12.3456",
    ],
}


@pytest.mark.parametrize(
    ("kind", "cell"), [(kind, cell) for kind, cells in PERIODS.items() for cell in cells]
)
def test_which_headers_are_periods(kind: str, cell: Any) -> None:
    assert period_kind(cell) == (None if kind == "none" else kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan", True),
        ("Q1", True),
        ("12月", True),
        ("Jan 2024", False),
        ("Q1 24", False),
        ("2024年1月", False),
        ("Revenue", False),
    ],
)
def test_periods_without_a_year(text: str, expected: bool) -> None:
    assert lacks_year(text) is expected
