"""Ratios over columns with different blanks: over the rows that have both for a part of a whole, else all."""

from __future__ import annotations

import json
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import answer, evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.cli.main import main
from metricsheet.evaluation.result import Result
from tests.stages import few_cases

ROOT = Path(__file__).parents[2]


def metric(key: str, formula: str, *lines: str, unit: str = "percent") -> str:
    """Return a metric as YAML; ``lines`` are further keys."""
    keys = [f"label: {key}", "stage: expand", "kind: outcome", f"unit: {unit}", "better: higher"]
    return f"  {key}:\n" + "".join(f"    {line}\n" for line in (*keys, f"formula: {formula}", *lines))


SHARE = "possible: 0%..100%"
INPUTS = """\
version: 1
inputs:
  date: {label: Date, type: date}
  part: {label: Part, unit: count}
  other: {label: Other, unit: count}
  whole: {label: Whole, unit: count}
  cost: {label: Cost, unit: money}
  at_start: {label: At start, unit: count, over_time: first}
metrics:
"""
METRICS = (
    metric("share", "SUM(part) / SUM(whole)", SHARE, "interval: proportion")
    + metric("bare", "part / whole", SHARE)
    + metric("of_both", "part / (part + other)", SHARE)
    + metric("over_all", "SUM(part) / SUM(whole)", SHARE, "interval: proportion", "rows: all")
    + metric("asked", "SUM(cost) / SUM(part)", "rows: paired", unit="money")
    + metric("for_each", "cost / part", unit="money")
    + metric("lost", "part / at_start", SHARE)
    + metric("of_opening", "part / at_start", SHARE, "span: chained")
    + metric("twice", "share * 2")
    + metric("weighted", "SUM(part) / SUM(whole) * over_all", "rows: paired")
    + metric("sampled", "SUM(part) / SUM(whole)", SHARE, "sample: SUM(whole)")
)


def definitions(folder: Path, text: str) -> Catalog:
    path = folder / "metrics.yaml"
    path.write_text(text, encoding="utf-8")
    return load_catalog(path)


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return definitions(tmp_path_factory.mktemp("pairing"), INPUTS + METRICS)


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


def results(catalog: Catalog, folder: Path, text: str, **options: Any) -> list[Result]:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return list(evaluate(folder / "table.csv", metrics=catalog, **options).results)


def one(catalog: Catalog, folder: Path, text: str, key: str, **options: Any) -> Result:
    (found,) = results(catalog, folder, text, only=[key], **options)
    return found


BLANKS = "Part,Whole\n30,100\n,900\n50,200\n,\n5,\n"
OVER = "over 2 of 4 rows that have part and whole"
# table, metric: value, n, what stands beside it
TABLES: dict[tuple[str, str], tuple[float | None, int | None, tuple[str, ...]]] = {
    (BLANKS, "share"): (80 / 300, 300, (OVER,)),
    (BLANKS, "bare"): (80 / 300, 2, (OVER,)),
    (BLANKS, "sampled"): (80 / 300, 300, (OVER,)),
    (BLANKS, "over_all"): (
        85 / 1200,
        1200,
        ("part is blank in 1 of 4 rows", "whole is blank in 1 of 4 rows"),
    ),
    (BLANKS, "twice"): (160 / 300, 300, ()),
    (BLANKS, "weighted"): (80 / 300 * 85 / 1200, 2, (OVER,)),
    ("Part,Whole\n30,100\n0,900\n", "share"): (0.03, 1000, ()),
    ("Part,Whole\n30,100\nto come,900\n", "share"): (
        0.3,
        100,
        ("over 1 of 2 rows that have part and whole",),
    ),
    ("Part,Whole\n30,100\nto come,900\n", "over_all"): (
        0.03,
        1000,
        ("part has no number in 1 of 2 rows",),
    ),
    ("Part,Other\n6,4\n5,\n,3\n,\n2,8\n", "of_both"): (
        8 / 20,
        2,
        ("over 2 of 4 rows that have part and other",),
    ),
    ("Cost,Part\n1000,10\n,40\n500,10\n", "asked"): (
        75,
        2,
        ("over 2 of 3 rows that have cost and part",),
    ),
    ("Cost,Part\n1000,10\n,40\n500,10\n", "for_each"): (25, 2, ("cost is blank in 1 of 3 rows",)),
    ("Part,Whole\n1,\n,2\n", "share"): (None, None, ()),
    ("Part,Whole\n30,100\n#REF!,\n50,200\n", "share"): (None, None, ()),
}


@pytest.mark.parametrize("case", TABLES, ids=lambda case: f"{case[1]} of {case[0]!r}")
def test_values_and_what_stands_beside_them(case: tuple[str, str], own: Catalog, tmp_path: Path) -> None:
    text, key = case
    value, n, notes = TABLES[case]
    found = one(own, tmp_path, text, key)
    assert found.value == (None if value is None else pytest.approx(value, rel=1e-14))
    assert found.notes == notes
    if value is not None:
        assert found.n == n


def test_why_there_is_no_value(own: Catalog, tmp_path: Path) -> None:
    apart = one(own, tmp_path, "Part,Whole\n1,\n,2\n", "share")
    assert (apart.error, apart.status) == ("#N/A", "no_data")
    assert "none of 2 rows has part and whole" in apart.reason
    # an error in a row that would be left out goes through all the same
    assert one(own, tmp_path, "Part,Whole\n30,100\n#REF!,\n50,200\n", "share").error == "#REF!"


def test_intervals_are_of_the_paired_rows(own: Catalog, tmp_path: Path) -> None:
    paired = one(own, tmp_path, BLANKS, "share")
    alone = one(own, tmp_path, "Part,Whole\n30,100\n50,200\n", "share")
    assert (paired.value, paired.n, paired.interval) == (alone.value, alone.n, alone.interval)
    assert paired.interval is not None


# ---- against pandas ----

CELLS = st.one_of(st.none(), st.integers(0, 6))
WHOLES = st.one_of(st.none(), st.integers(6, 50))
ROWS = st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 3), CELLS, WHOLES), min_size=1, max_size=24)


def table(rows: list[tuple[str, int, int | None, int | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["Name", "Month", "Part", "Whole"])
    frame["Date"] = pd.to_datetime([f"2024-0{month}-01" for month in frame["Month"]])
    return frame.drop(columns="Month").astype({"Part": "float64", "Whole": "float64"})


def by_pandas(frame: pd.DataFrame, name: str) -> dict[str, tuple[float, int, int]]:
    """Return for each group part over whole, the rows that have both, and those that have one of them."""
    some = frame[frame["Part"].notna() | frame["Whole"].notna()].groupby(name).size()
    both = frame[frame["Part"].notna() & frame["Whole"].notna()].groupby(name)
    share = both["Part"].sum() / both["Whole"].sum()
    return {str(key): (value, int(both.size()[key]), int(some[key])) for key, value in share.items()}


def agrees(found: Result, wanted: tuple[float, int, int] | None) -> bool:
    """Return whether a result has the value wanted, and says which rows it is over; ``None``: no value."""
    if wanted is None or found.value is None:
        return found.value is None and wanted is None
    value, rows, of = wanted
    told = (f"over {rows} of {of} rows that have part and whole",) if rows < of else ()
    return isclose(found.value, value, rel_tol=1e-12) and found.notes == told


@few_cases
@given(ROWS)
def test_slices_against_pandas(own: Catalog, rows: list[tuple[str, int, int | None, int | None]]) -> None:
    frame = table(rows)
    wanted = by_pandas(frame, "Name")
    whole = by_pandas(frame.assign(All="all"), "All").get("all")
    card = evaluate(frame, metrics=own, by="Name", only=["share"])
    for found in card.results:
        assert agrees(found, wanted.get(found.slice["Name"]) if found.slice else whole)
    told = {found.slice["Name"] for found in card.results if found.slice}
    assert told >= set(wanted)


@few_cases
@given(ROWS)
def test_periods_against_pandas(own: Catalog, rows: list[tuple[str, int, int | None, int | None]]) -> None:
    frame = table(rows)
    wanted = by_pandas(frame.assign(Month=frame["Date"].dt.strftime("%Y-%m")), "Month")
    card = evaluate(frame, metrics=own, period="month", only=["share"])
    told = {found.period: found for found in card.results if found.period is not None}
    assert set(told) >= set(wanted)
    assert all(agrees(found, wanted.get(month)) for month, found in told.items() if month)


COLUMNS = st.lists(st.tuples(CELLS, CELLS, WHOLES), min_size=2, max_size=12)


@few_cases
@given(COLUMNS)
def test_three_inputs_against_row_by_row(own: Catalog, rows: list[tuple[int | None, ...]]) -> None:
    part, other, _ = map(list, zip(*rows, strict=True))
    both = [(a, b) for a, b, _ in rows if a is not None and b is not None]
    total = sum(a + b for a, b in both)
    found = answer(own, "of_both", {"part": part, "other": other})
    if total:
        assert found.value is not None
        assert isclose(found.value, sum(a for a, _ in both) / total, rel_tol=1e-12)
    else:
        assert found.value is None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(7, 50)), min_size=1, max_size=12))
def test_tables_without_blanks_are_as_over_all_rows(own: Catalog, rows: list[tuple[int, int]]) -> None:
    given_ = {"part": [a for a, _ in rows], "whole": [b for _, b in rows]}
    paired, over_all = (answer(own, key, given_) for key in ("share", "over_all"))
    parts = [
        (repr(r.value), r.n, repr(r.interval), r.remarks, r.n_unit, r.inputs) for r in (paired, over_all)
    ]
    assert parts[0] == parts[1]


# ---- stocks, tables, ranges ----

# lost and at_start by segment: a stock is paired where all rows are of one date, else it is the first one
OPENINGS = {
    "Date,Part,At start\n2024-01-01,2,100\n2024-01-01,,900\n": (
        0.02,
        ("over 1 of 2 rows that have part and at_start",),
    ),
    "Date,Part,At start\n2024-01-01,2,100\n2024-01-01,,900\n2024-01-01,4,100\n": (
        0.03,
        ("over 2 of 3 rows that have part and at_start",),
    ),
    "Date,Part,At start\n2024-01-01,2,100\n2024-02-01,,90\n2024-03-01,3,\n": (0.05, ()),
    "Date,Part,At start\n2024-01-01,2,100\n2024-02-01,3,\n": (0.05, ()),
}


@pytest.mark.parametrize("text", OPENINGS)
def test_stocks_keep_their_date(text: str, own: Catalog, tmp_path: Path) -> None:
    found = one(own, tmp_path, text, "lost")
    value, notes = OPENINGS[text]
    assert found.value == pytest.approx(value)
    assert [note for note in found.notes if "rows that have" in note] == list(notes)


SEGMENTS = """\
Date,Part,At start
2024-01-31,10,100
2024-01-31,,300
2024-02-29,18,90
2024-02-29,30,300
"""


def test_periods_of_a_stock(own: Catalog, tmp_path: Path) -> None:
    by_month = results(own, tmp_path, SEGMENTS, only=["of_opening"], period="month")
    assert {r.period: (r.value, r.notes) for r in by_month} == {
        "2024-01": (0.1, ("over 1 of 2 rows that have part and at_start",)),
        "2024-02": (48 / 390, ()),
    }
    chained = one(own, tmp_path, SEGMENTS, "of_opening", settings={"chained": "yes"})
    assert chained.value == pytest.approx(0.1 * 48 / 390)
    assert chained.notes == ("over 3 of 4 rows that have part and at_start",)


# what a worksheet function is given: the value
RANGES: list[tuple[dict[str, Any], float, int]] = [
    ({"part": [30, None, 50], "whole": [100, 900, 200]}, 80 / 300, 1),
    ({"part": [[30], [None], [50]], "whole": [[100], [900], [200]]}, 80 / 300, 1),
    ({"part": [30, None, 50], "whole": [1000]}, 0.08, 0),
    ({"part": [30, None, 50], "whole": 1000}, 0.08, 0),
    ({"part": [30, None, 50], "whole": [100, 900]}, 0.08, 0),
    ({"part": [30, None], "whole": [100, 900], "date": ["2024-01-01", "2024-02-01"]}, 0.3, 1),
    ({"part": [30, None], "whole": 1000, "date": ["2024-01-01", "2024-02-01"]}, 0.03, 0),
]


@pytest.mark.parametrize(("columns", "value", "paired"), RANGES)
def test_ranges_of_one_length_are_rows(
    columns: dict[str, Any], value: float, paired: int, own: Catalog
) -> None:
    found = answer(own, "share", columns)
    assert found.value == pytest.approx(value)
    assert sum("rows that have" in note for note in found.notes) == paired


def test_two_tables_are_not_paired(own: Catalog, tmp_path: Path) -> None:
    text = "Name,Part\nx,30\ny,\nz,50\n\n\nName,Whole\nx,100\ny,900\nz,200\n"
    found = one(own, tmp_path, text, "share")
    assert found.value == pytest.approx(80 / 1200)
    assert not any("rows that have" in note for note in found.notes)


# ---- the definitions that come with metricsheet ----

SHARES = (
    *("ctr", "response_rate", "visitor_to_lead", "form_conversion", "lead_open_rate", "lead_click_rate"),
    *("click_to_open", "unsubscribe_rate", "bounce_rate", "delivery_rate", "lead_to_mql", "mql_to_sal"),
    *("mql_to_sql", "sql_to_opportunity", "opportunity_to_won", "lead_to_sale", "win_rate", "win_rate_all"),
    *("nps_counts", "churn_rate", "churn_rate_mean", "logo_churn", "retention_rate", "retention_rate_end"),
    *("churn_rate_start_plus_new", "upsell_share", "existing_customer_share", "channel_spend_share"),
    *("open_rate", "click_rate"),
)


def test_parts_of_a_whole_are_paired_and_nothing_else() -> None:
    assert {metric.key for metric in shipped().metrics.values() if metric.paired} == set(SHARES)


CHANNELS = (
    "Channel,Sales and marketing cost,New customers,Leads\nAds,1000,10,50\nOrganic,,40,\nPartners,500,10,10\n"
)


def test_costs_are_over_all_channels(tmp_path: Path) -> None:
    cac = one(shipped(), tmp_path, CHANNELS, "cac_combined")
    assert cac.value == 25
    assert cac.notes[-1:] == ("sales_marketing_cost is blank in 1 of 3 rows",)
    sale = one(shipped(), tmp_path, CHANNELS, "lead_to_sale")
    assert (sale.value, sale.n) == (20 / 60, 60)
    assert sale.notes[-1:] == ("over 2 of 3 rows that have new_customers and leads",)


MAILS = "Campaign,Sent,Delivered,Opens\nA,110,100,30\nB,1000,900,\nC,210,200,50\n"


def test_the_same_from_command_line_python_and_worksheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mails.csv"
    path.write_text(MAILS, encoding="utf-8")
    assert main(["evaluate", str(path), "--only", "open_rate", "--format", "json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["results"]
    frame = pd.read_csv(path)
    python = one(shipped(), tmp_path, MAILS, "open_rate")
    cells = {key: frame[key.title()].tolist() for key in ("opens", "delivered")}
    worksheet = answer(shipped(), "open_rate", cells)
    told = "over 2 of 3 rows that have opens and delivered"
    for value, n, notes in (
        (said["value"], said["n"], said["notes"]),
        (python.value, python.n, python.notes),
        (worksheet.value, worksheet.n, worksheet.notes),
    ):
        assert (value, n, notes[-1]) == (80 / 300, 300, told)


def test_a_new_formula_leaves_rows_behind(tmp_path: Path) -> None:
    text = "version: 1\nextends: builtin\nmetrics:\n  {}: {{override: true, {}}}\n"
    formula = "formula: AVERAGE(lead_score) / 100"
    for changes, paired in (("rows: all", False), ("decimals: 3", True), (formula, False)):
        catalog = definitions(tmp_path, text.format("open_rate", changes))
        assert catalog.metrics["open_rate"].paired is paired
    assert (
        definitions(tmp_path, text.format("grr", "formula: mrr_churned / mrr_at_start")).metrics["grr"].paired
    )
