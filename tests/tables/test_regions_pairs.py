"""Labels with one value beside or below them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from metricsheet.files.book import Sheet
from metricsheet.tables.regions import find_regions
from tests.tables.grids import grid


def pairs(sheet: Sheet, **options: Any) -> dict[str, Any]:
    """Return label → (value, address) of the pairs on a sheet."""
    found = [region for region in find_regions(sheet, **options) if region.kind == "pairs"]
    assert len(found) <= 1
    return {
        h: (c[0], r.where(i))
        for r in found
        for i, (h, c) in enumerate(zip(r.headers, r.columns, strict=True))
    }


# name: (sheet, expected label → (value, address))
PAIRS: dict[str, tuple[str, dict[str, tuple[Any, str]]]] = {
    "value on the right": (
        """Marketing cost | 50000
           New customers: | 100
           Closed | TRUE
           As of | 2024-03-01""",
        {
            "Marketing cost": (50000.0, "S!B1"),
            "New customers": (100.0, "S!B2"),
            "Closed": (True, "S!B3"),
            "As of": (dt.date(2024, 3, 1), "S!B4"),
        },
    ),
    "one label": ("NPS | 45", {"NPS": (45.0, "S!B1")}),
    "unit and note behind": (
        """Marketing cost | 50000 | EUR | from finance
           Sales cost | 30000 | EUR |""",
        {"Marketing cost": (50000.0, "S!B1"), "Sales cost": (30000.0, "S!B2")},
    ),
    "blank column between": (
        """Marketing cost | | 50000
           Sales cost | | 30000""",
        {"Marketing cost": (50000.0, "S!C1"), "Sales cost": (30000.0, "S!C2")},
    ),
    "two columns of pairs": (
        """Marketing cost | 50000 | New customers | 100
           Sales cost | 30000 | Customers lost | 5""",
        {
            "Marketing cost": (50000.0, "S!B1"),
            "New customers": (100.0, "S!D1"),
            "Sales cost": (30000.0, "S!B2"),
            "Customers lost": (5.0, "S!D2"),
        },
    ),
    "value below, cards": (
        """New customers

           Marketing cost
           50000

           Sales cost
           30000""",
        {},
    ),
    "labels above values in one column": (
        """Marketing cost
           50000
           Sales cost
           30000""",
        {"Marketing cost": (50000.0, "S!A2"), "Sales cost": (30000.0, "S!A4")},
    ),
    "list under headers": (
        """Metric | Value
           Marketing cost | 50000
           Sales cost | 30000""",
        {"Marketing cost": (50000.0, "S!B2"), "Sales cost": (30000.0, "S!B3")},
    ),
    "numbers as text": (
        "Marketing cost | '50.000,00 €\nChurn | '5 %",
        {"Marketing cost": ("50.000,00 €", "S!B1"), "Churn": ("5 %", "S!B2")},
    ),
    "beside a table": (
        """Region | Score | Cost | | Marketing cost | 50000
           EU | 9 | 1 | | Sales cost | 30000
           US | 10 | 2 | | |""",
        {"Marketing cost": (50000.0, "S!F1"), "Sales cost": (30000.0, "S!F2")},
    ),
    "rows of data are no pairs": (
        """Region | Score | Cost
           EU | 9 | 1
           US | 10 | 2""",
        {},
    ),
    "the same label twice is given twice": ("Cost | 1\n\nx\n\nCost | 2", {"Cost": (2.0, "S!B5")}),
}


@pytest.mark.parametrize("case", PAIRS)
def test_labels_with_values(case: str) -> None:
    text, expected = PAIRS[case]
    assert pairs(grid(text)) == expected


def test_the_same_label_twice_stays_two_labels() -> None:
    (region,) = find_regions(grid("Cost | 1\n\nx\n\nCost | 2"))
    assert region.headers == ("Cost", "Cost")


def test_labels_above_single_values_are_tables_of_one_row() -> None:
    sheet = grid("Marketing cost\n50000\n\nSales cost\n30000")
    assert [(r.headers, [list(c) for c in r.columns]) for r in find_regions(sheet) if r.kind == "table"] == [
        (("Marketing cost",), [[50000.0]]),
        (("Sales cost",), [[30000.0]]),
    ]
