"""Inputs without a column of their own, computed from others: values in every host, refusals, provenance."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import answer, evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.cli.main import main
from metricsheet.evaluation.result import Result

ROOT = Path(__file__).parents[2]

INPUTS = """\
version: 1
inputs:
  date: {label: Date, type: date}
  income: {label: Income, unit: money}
  sales: {label: Sales, unit: money, derived: income}
  outlay: {label: Outlay, unit: money, sign: loss}
  margin: {label: Margin, unit: percent, scale: 0..1, over_time: mean, additive: false,
           derived: (sales - outlay) / sales}
  opening: {label: Opening, unit: count, over_time: first}
  won: {label: Won customers, unit: count}
  gone: {label: Gone, unit: count, sign: loss}
  closing: {label: Closing, unit: count, over_time: last, derived: opening + won - gone}
  target_sales: {label: Target sales, unit: money}
metrics:
"""
FORMULAS = {
    "whole_margin": ("percent", "margin"),
    "best_margin": ("percent", "MAX(margin)"),
    "good_months": ("count", 'COUNTIF(margin, ">=0.5")'),
    "profit": ("money", "SUMPRODUCT(sales, margin)"),
    "turnover": ("money", "sales"),
    "at_the_end": ("count", "closing"),
    "share_of_target": ("percent", "sales / target_sales"),
}


def metric(key: str, unit: str, formula: str) -> str:
    possible = ", possible: 0%..100%" if key == "share_of_target" else ""
    keys = f"label: {key}, stage: expand, kind: outcome, unit: {unit}, better: higher{possible}"
    return f"  {key}: {{{keys}, formula: '{formula}'}}\n"


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    path = tmp_path_factory.mktemp("derived") / "metrics.yaml"
    path.write_text(INPUTS + "".join(metric(key, *said) for key, said in FORMULAS.items()))
    return load_catalog(path)


def one(catalog: Catalog, folder: Path, text: str, key: str, **options: Any) -> Result:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    (found,) = evaluate(folder / "table.csv", metrics=catalog, only=[key], **options).results
    return found


def columns(text: str) -> dict[str, list[Any]]:
    """Return a table as a worksheet hands it in, by the keys of its inputs."""
    header, *rows = [line.split(",") for line in text.split()]
    keys = [{"won_customers": "won"}.get(name, name) for name in (h.lower() for h in header)]
    return {
        key: [None if row[at] == "" else row[at] if key == "date" else float(row[at]) for row in rows]
        for at, key in enumerate(keys)
    }


MONTHS = "Date,Income,Outlay\n2024-01-31,100,60\n2024-02-29,300,60\n2024-03-31,200,\n"
PEOPLE = """\
Date,Opening,Won_customers,Gone
2024-01-31,100,10,5
2024-02-29,105,20,5
2024-03-31,130,4,9
"""  # the third opening is not the second closing: the newest row counts
REGIONS = """\
Date,Opening,Won_customers,Gone
2024-01-31,100,10,5
2024-01-31,50,0,5
2024-02-29,105,20,5
2024-02-29,45,1,6
"""
# table, metric: what comes out, by hand
VALUES: dict[tuple[str, str], float] = {
    (MONTHS, "whole_margin"): (40 + 240) / 400,  # pooled over the months that have both, no mean of rates
    (MONTHS, "best_margin"): 0.8,
    (MONTHS, "good_months"): 1,
    (MONTHS, "profit"): 40 + 240,
    (MONTHS, "turnover"): 600,
    (PEOPLE, "at_the_end"): 125,
    (REGIONS, "at_the_end"): 120 + 40,
    ("Income,Outlay\n100,-60\n300,-60\n", "whole_margin"): 280 / 400,
    ("Income,Target_sales\n30,100\n50,\n,100\n20,100\n", "share_of_target"): 0.25,
    # a month without sales has no margin, and takes nothing from the others
    ("Income,Outlay\n0,0\n100,40\n", "whole_margin"): 0.6,
    ("Income,Sales,Outlay\n900,100,40\n900,100,40\n", "whole_margin"): 0.6,  # its own column goes before
}


@pytest.mark.parametrize("case", VALUES, ids=lambda case: f"{case[1]} of {case[0][:24]!r}")
def test_values_in_files_and_worksheets(case: tuple[str, str], own: Catalog, tmp_path: Path) -> None:
    text, key = case
    assert one(own, tmp_path, text, key).value == pytest.approx(VALUES[case], rel=1e-14)
    assert answer(own, key, columns(text)).value == pytest.approx(VALUES[case], rel=1e-14)


def test_periods_and_slices_are_computed_from_their_own_rows(own: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        MONTHS.replace("Date", "Region,Date").replace("\n2024", "\nN,2024") + "S,2024-02-29,50,40\n"
    )
    card = evaluate(path, metrics=own, only=["whole_margin"], by=["Region"], period="quarter")
    found = {r.slice.get("Region", ""): r.value for r in card.results}
    assert found == pytest.approx({"": 290 / 450, "N": 280 / 400, "S": 0.2})
    monthly = evaluate(path, metrics=own, only=["at_the_end", "whole_margin"], period="month").results
    assert [r.value for r in monthly if r.metric == "whole_margin"] == [
        pytest.approx(0.4),
        pytest.approx(250 / 350),
        None,
    ]


# table, metric: the error and a part of its reason
REFUSED: dict[tuple[str, str], tuple[str, str]] = {
    ("Income,Outlay\n100,140\n300,60\n", "whole_margin"): ("#NUM!", "cell 1 = -0.4"),
    ("Income,Outlay\n100,#REF!\n300,60\n", "whole_margin"): ("#REF!", "outlay"),
    ("Income,Outlay\n0,0\n", "whole_margin"): ("#N/A", "margin is empty"),
    ("Income,Gone\n10,2\n", "whole_margin"): ("#N/A", "Margin"),
    ("Income,Outlay\n100,5%\n300,60\n", "whole_margin"): ("#NUM!", "outlay"),
    ("Income (k$),Outlay\n100,60\n300,60\n", "whole_margin"): ("#NUM!", "1,000"),
    ("Income,Outlay\n€100,$60\n€300,$60\n", "whole_margin"): ("#NUM!", "EUR"),
}


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[1]} of {case[0]!r}")
def test_what_stops_a_part_stops_the_whole(case: tuple[str, str], own: Catalog, tmp_path: Path) -> None:
    text, key = case
    found = one(own, tmp_path, text, key)
    error, reason = REFUSED[case]
    assert (found.value, found.error) == (None, error)
    assert reason in found.reason


def test_columns_of_two_tables_give_none(own: Catalog, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for header, cells in (("Income", [100, 300]), ("Outlay", [60, 60])):
        sheet = book.create_sheet(header)
        for row in ([header], *([cell] for cell in cells)):
            sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    (found,) = evaluate(tmp_path / "book.xlsx", metrics=own, only=["whole_margin"]).results
    assert (found.error, found.status) == ("#N/A", "no_data")


def test_a_header_in_doubt_is_not_passed_over(own: Catalog, tmp_path: Path) -> None:
    text = "Income,Outlay,Margin,Margin\n100,60,0.1,0.2\n"
    assert one(own, tmp_path, text, "whole_margin").value is None


PERIOD = {"customers_at_start": 100, "new_customers": 10, "customers_lost": 5}
BUILT_IN: list[tuple[str, str, dict[str, Any], float]] = [
    ("total revenue", "revenue_total", {"revenue": [10, 20]}, 30),
    ("total behind a share", "upsell_share", {"upsell_revenue": [5, None], "revenue": [50, 900]}, 0.1),
    ("margin", "cac_payback", {"cac": 300, "arpa": 50, "revenue": [100, 300], "cogs": [60, 60]}, 300 / 35),
    ("closing", "retention_rate_end", PERIOD, 0.95),
    ("delivered", "open_rate", {"opens": 90, "sent": 1000, "bounces": 100}, 0.1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "given", "value"), [c[1:] for c in BUILT_IN], ids=[c[0] for c in BUILT_IN])
def test_built_in(key: str, given: dict[str, Any], value: float, tmp_path: Path) -> None:
    import pandas as pd

    assert answer(shipped(), key, given).value == pytest.approx(value, rel=1e-14)
    rows = max(len(v) if isinstance(v, list) else 1 for v in given.values())
    frame = pd.DataFrame(
        {k: v if isinstance(v, list) else [v, *[None] * (rows - 1)] for k, v in given.items()}
    )
    lines = {k: k for k in given}
    (found,) = evaluate(frame, metrics=shipped(), only=[key], mapping=lines).results
    assert found.value == pytest.approx(value, rel=1e-14)


def test_the_report_says_what_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("Month,Revenue,COGS,CAC,ARPA\n2024-01,100,40,300,50\n")
    assert main(["evaluate", str(tmp_path / "t.csv"), "--metrics", "builtin", "--show", "inputs"]) in (0, 1)
    shown = capsys.readouterr().out
    assert "from revenue and cogs" in shown
    assert main(["explain", "gross_margin", "--metrics", "builtin"]) == 0
    assert "(total_revenue - cogs) / total_revenue" in capsys.readouterr().out
