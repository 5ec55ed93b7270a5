"""Lists of named figures and months across by region answer as the table that pandas made them of."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metricsheet import evaluate
from metricsheet.files.book import CellRange
from metricsheet.tables.regions import find_regions
from tests.stages import some
from tests.tables.grids import grid

MONTHS = ["2023-11", "2023-12", "2024-01", "2024-02"]
FIGURES = ["Visitors", "Leads", "Customers at start", "Customers lost", "New customers", "Marketing cost"]


def table(seed: int) -> pd.DataFrame:
    rng = random.Random(seed)
    regions = rng.sample(["EU", "US", "APAC"], rng.choice([2, 3]))
    keys = [(region, month) for region in regions for month in MONTHS[: rng.choice([2, 3, 4])]]
    rows = [[*key, *(rng.randint(50, 900) for _ in FIGURES)] for key in keys]
    return pd.DataFrame(rows, columns=["Region", "Month", *FIGURES])


def answers(path: Path, **options: Any) -> list[tuple[str, str, str, float | None, str]]:
    results = evaluate(path, **options).results
    return sorted(
        (r.metric, "|".join(r.slice.values()), r.period or "", r.value, r.display)
        for r in results
        if r.value is not None
    )


@pytest.mark.parametrize("seed", some(range(60), 2))
@pytest.mark.parametrize("options", [{}, {"by": "Region", "period": "month"}, {"by": "Region"}], ids=str)
def test_every_shape_gives_the_same_answers(seed: int, options: dict[str, str], tmp_path: Path) -> None:
    wide = table(seed)
    long = wide.melt(id_vars=["Region", "Month"], var_name="KPI", value_name="Value")
    long["Unit"] = long["KPI"].map(lambda name: "USD" if "cost" in name else "#")
    long = long[["Region", "KPI", "Unit", "Month", "Value"]].sample(frac=1, random_state=seed)
    across = long.pivot_table(index=["Region", "KPI", "Unit"], columns="Month", values="Value", sort=False)
    wide.to_csv(tmp_path / "wide.csv", index=False)
    long.to_csv(tmp_path / "long.csv", index=False)
    across.reset_index().to_excel(tmp_path / "across.xlsx", index=False)
    right = answers(tmp_path / "wide.csv", **options)
    assert right
    assert answers(tmp_path / "long.csv", **options) == right
    assert answers(tmp_path / "across.xlsx", **options) == right


@pytest.mark.parametrize("seed", some(range(60), 3))
def test_totals_of_a_list_are_left_out(seed: int, tmp_path: Path) -> None:
    wide = table(seed)
    long = wide.melt(id_vars=["Region", "Month"], var_name="KPI", value_name="Value")
    totals = long.groupby(["Month", "KPI"], as_index=False, sort=False)["Value"].sum()
    both = pd.concat([long, totals.assign(Region="Total")])
    order = [["KPI", "Month"], ["Month", "KPI"], ["KPI"]][seed % 3]
    both.sort_values(order, kind="stable").to_csv(tmp_path / "both.csv", index=False)
    wide.to_csv(tmp_path / "wide.csv", index=False)
    assert answers(tmp_path / "both.csv") == answers(tmp_path / "wide.csv")


def test_a_total_is_named_by_its_place() -> None:
    (region,) = regions_of(
        """Region | Metric | Month | Value
           EU | Visitors | 2024-01-01 | 100
           US | Visitors | 2024-01-01 | 200
           Total | Visitors | 2024-01-01 | 300
           EU | Leads | 2024-01-01 | 10
           US | Leads | 2024-01-01 | 20
           Total | Leads | 2024-01-01 | 30"""
    )
    assert [str(row) for row in region.left_out] == ["S!A4 'Total'"]


def regions_of(text: str) -> list[Any]:
    return [r for r in find_regions(grid(text), known=FIGURES.__contains__) if r.kind == "table"]


def test_a_list_becomes_columns() -> None:
    (region,) = regions_of(
        """Metric | Unit | Month | Value
           Visitors | # | 2024-01-01 | 100
           Leads | # | 2024-01-01 | 10
           Marketing cost | USD | 2024-01-01 | 500
           Visitors | # | 2024-02-01 | 120
           Marketing cost | USD | 2024-02-01 | 600"""
    )
    assert region.headers == ("Month", "Visitors", "Leads", "Marketing cost")
    assert [list(cells) for cells in region.columns[1:]] == [[100, 120], [10, None], [500, 600]]
    assert region.places[1] == CellRange("S", 1, 3, 4, 3)
    assert region.units == ("", "(#)", "(#)", "(USD)")


NOT_TURNED = {
    "a name twice beside the same month": "Metric | Month | Value\nVisitors | 2024-01-01 | 1\n"
    "Visitors | 2024-01-01 | 2\nLeads | 2024-01-01 | 3",
    "a column of other names": "Stage | Month | Value\nVisitors | 2024-01-01 | 1\n"
    "Leads | 2024-01-01 | 2\nVisitors | 2024-02-01 | 3",
    "no name that is known": "Metric | Month | Value\nA | 2024-01-01 | 1\nB | 2024-01-01 | 2\n"
    "A | 2024-02-01 | 3",
    "two columns of numbers": "Metric | Month | Value | Target\nVisitors | 2024-01-01 | 1 | 2\n"
    "Leads | 2024-01-01 | 2 | 3\nVisitors | 2024-02-01 | 3 | 4",
    "one name": "Metric | Month | Value\nVisitors | 2024-01-01 | 1\nVisitors | 2024-02-01 | 2",
}


@pytest.mark.parametrize("case", NOT_TURNED)
def test_tables_that_stay(case: str) -> None:
    (region,) = regions_of(NOT_TURNED[case])
    assert not region.transposed


def test_groups_that_are_totals_are_not_added_to_others() -> None:
    (region,) = regions_of(
        """Region | Metric | 2024-01-01 | 2024-02-01
           EU | Visitors | 100 | 110
           EU | Leads | 10 | 11
           Total | Visitors | 100 | 110
           Total | Leads | 10 | 11"""
    )
    assert region.headers == ("Date", "Visitors", "Leads", "Visitors", "Leads")


def test_a_group_said_once_holds_for_the_rows_below() -> None:
    (region,) = regions_of(
        """Region | Metric | 2024-01-01 | 2024-02-01
           EU | Visitors | 100 | 110
            | Leads | 10 | 11
           US | Visitors | 200 | 210
            | Leads | 20 | 21"""
    )
    assert region.headers == ("Region", "Date", "Visitors", "Leads")
    assert [list(cells) for cells in region.columns] == [
        ["EU", "EU", "US", "US"],
        [region.columns[1][0], region.columns[1][1]] * 2,
        [100, 110, 200, 210],
        [10, 11, 20, 21],
    ]
