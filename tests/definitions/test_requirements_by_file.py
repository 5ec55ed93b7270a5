"""Requirements that were met in part only, tried on small files as people have them: row by row, by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from metricsheet.api import evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.errors import UsageError

ROOT = Path(__file__).parents[2]
Wanted = float | str


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


def months(header: str, *cells: str, count: int = 12) -> str:
    """Return a table by month; a cell may name the number of its month in braces."""
    rows = [f"2024-{at:02d}-01," + ",".join(cell.format(at) for cell in cells) for at in range(1, count + 1)]
    return "\n".join([f"Month,{header}", *rows]) + "\n"


KPIS = "Customers,Revenue,New customers,Marketing cost,Sales cost"
STOCKS = "Active customers,Average revenue,Customers at start,Customers lost,MRR at start"
SEGMENTS = f"""\
Segment,{STOCKS},Expansion,Contraction,Churned MRR
A,10,50,100,5,500,10,5,5
B,20,40,200,8,800,20,10,5
C,5,10,50,1,50,1,1,1
"""
SALES = "Order ID,Customer ID,Date,Revenue\n" + "".join(
    f"{at},{'ab'[at % 2]},2024-{at:02d}-15,10\n" for at in range(1, 13)
)
CAMPAIGN = "CLV,Marketing cost,New customers"
SPRING = "campaigns:\n  spring: {label: Spring, start: 2024-02-10, end: 2024-04-20, kind: growth}\n"

# row: the file, the options, the metric, and the value by hand or a part of the reason why there is none
ROWS: list[tuple[str, str, dict[str, Any], str, Wanted]] = [
    ("B-03 a year of churn", months("Customers at start,Customers lost", "100", "3"), {}, "churn_rate",
     "one period"),
    ("B-03 by month", months("Customers at start,Customers lost", "100", "3"), {"period": "month"},
     "churn_rate", 0.03),
    ("B-03 chained", months("Customers at start,Customers lost", "100", "3"),
     {"settings": {"chained": "yes"}}, "churn_rate", 1 - 0.97**12),
    ("B-03 quarters", "Quarter,Active customers,Average revenue\nQ1 2024,1000,300\n", {}, "mrr", 100_000),
    ("M-08 one year", months(KPIS, "1000", "100000", "30", "10000", "5000"), {}, "clv", 1200),
    ("M-08 two months", months(KPIS, "1000", "100000", "30", "10000", "5000", count=2), {}, "clv", "12"),
    ("M-08 from churn", months(f"{KPIS},Customers lost,Customers at start", "1000", "100000", "30", "10000",
                               "5000", "20", "1000"), {}, "clv", 5000),
    ("M-08 orders of a year", SALES, {}, "clv", 60),
    ("M-08 orders of two months", "".join(SALES.splitlines(keepends=True)[:3]), {}, "clv", "2 month"),
    ("M-08 a list of customers", "Customer ID,Total spent\na,100\nb,300\nc,200\n", {}, "clv", 200),
    ("M-08 a list with repeats", "Customer ID,Revenue\na,100\nb,300\na,200\n", {}, "clv", 300),
    ("M-10 just below", "CLV,CAC\n299,100\n", {"mapping": {"cac": "CAC"}}, "clv_cac_ratio", 2.99),
    ("M-15 which way", "Effort score\n1\n2\n1\n3\n2\n", {}, "ces", "hardest"),
    ("M-15 said", "Effort score\n1\n2\n1\n3\n2\n", {"scales": {"effort_score": "1..7:low_is_easy"}}, "ces",
     8 - 9 / 5),
    ("M-15 five points", "CES\n" + "1\n2\n3\n4\n5\n" * 5, {}, "ces", "1–5"),
    ("M-17", months("Revenue,Upsell revenue", "{0}00", "{0}0", count=3), {}, "revenue_total", 600),
    ("M-17 share", months("Revenue,Upsell revenue", "{0}00", "{0}0", count=3), {}, "upsell_share", 0.1),
    ("M-18 ads", "Campaign,Clicks,Impressions,Cost\nA,30,1000,20\nB,10,1000,10\n", {}, "ctr", 0.02),
    ("M-18 mails", "Campaign,Clicks,Delivered\nA,30,1000\nB,10,1000\n", {}, "click_rate", 0.02),
    ("M-18 no ads in mails", "Campaign,Clicks,Delivered\nA,30,1000\nB,10,1000\n", {}, "ctr", ""),
    ("K-06", "Revenue,Customers\n300,3\n", {"settings": {"referral_uplift": "16%"}}, "clv_referred", 116),
    ("K-06 by month", months("CLV", "{0}00", count=2),
     {"settings": {"referral_uplift": "0.5"}, "period": "month"}, "clv_referred", 300),
    ("segments: stock", SEGMENTS, {}, "mrr", 500 + 800 + 50),
    ("segments: by segment", SEGMENTS, {"by": "Segment"}, "mrr", 500 + 800 + 50),
    ("segments: weighted", SEGMENTS, {}, "arpa", 1350 / 35),
    ("segments: rate", SEGMENTS, {}, "churn_rate", 14 / 350),
    ("segments: retention", SEGMENTS, {}, "grr", (1350 - 27) / 1350),
    ("segments: asked by another name", SEGMENTS.replace("Segment", "Branch"), {"by": "Branch"}, "mrr", 1350),
    ("rows that nothing names", SEGMENTS.replace("Segment", "Branch"), {}, "mrr", "without dates"),
    ("a segment twice", SEGMENTS + "A,1,1,1,0,1,0,0,0\n", {}, "mrr", "without dates"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "options", "metric", "wanted"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_row(text: str, options: dict[str, Any], metric: str, wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    card = evaluate(tmp_path / "table.csv", metrics=shipped(), only=[metric], **options)
    *_, found = [result for result in card.results if not result.slice]
    if isinstance(wanted, str):
        assert found.value is None
        assert wanted in found.reason
    else:
        assert found.value == pytest.approx(wanted, rel=1e-12), found.reason


def test_m_10_reads_as_it_is_judged(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("CLV,CAC\n299,100\n")
    card = evaluate(tmp_path / "table.csv", metrics=shipped(), mapping={"cac": "CAC"}, only=["clv_cac_ratio"])
    (found,) = card.results
    assert (found.display, found.status) == ("2.99:1", "warn")


def test_what_is_no_value_of_an_input_is_told() -> None:
    with pytest.raises(UsageError, match="banana"):
        evaluate({"CLV": [1]}, metrics=shipped(), settings={"referral_uplift": "banana"})


CAC = "CLV,Marketing cost,Sales cost,New customers"
COSTS = [30_000, 40_000, 50_000, 40_000, 30_000]


@pytest.mark.parametrize("language", ["en", "de"])
def test_r_10_with_the_campaign_beside_the_workbook(tmp_path: Path, language: str) -> None:
    rows = [f"2024-0{at}-01,1200,{cost},0,100" for at, cost in enumerate(COSTS, 1)]
    (tmp_path / "costs.csv").write_text("\n".join([f"Month,{CAC}", *rows]) + "\n")
    (tmp_path / "costs.map.yaml").write_text(
        "version: 1\ncampaigns:\n  push: {label: {en: Spring {push}, de: Frühjahr}, start: 2024-02-10,"
        " end: 2024-04-20, kind: growth}\n".replace("Spring {push}", '"Spring {push}"'),
        encoding="utf-8",
    )

    def said(until: str) -> dict[str, Any]:
        card = evaluate(
            tmp_path / "costs.csv", metrics=shipped(), period="month", until=until, language=language
        )
        return {finding.rule: finding for finding in card.findings}

    during = said("2024-03-31")
    name = {"en": "Spring {push}", "de": "Frühjahr"}[language]
    assert during["clv_cac_below_target"].outcome == "suppressed"
    assert name in during["clv_cac_below_target"].reason
    after = said("2024-05-31")["growth_campaign_compared"]
    # 1200 / 400 when it began, 1200 / 400 when it ended
    assert after.outcome == "fired"
    assert name in after.text
    assert after.text.count("3.0:1" if language == "en" else "3,0:1") == 2


BAD = {
    "campaigns: [a]\n": "campaigns:",
    "campaigns:\n  a: {label: A, start: 2024-02-10, end: 2024-04-20, kind: growing}\n": "growing",
    "campaigns:\n  a: {label: A, start: 2024-02-30, end: 2024-04-20, kind: growth}\n": "2024-02-30",
    "campaigns:\n  a: {override: true, kind: growth}\n": "override",
    SPRING + "  a: {label: A, start: 2024-04-10, end: 2024-06-20, kind: growth}\n": "spring",
}


@pytest.mark.parametrize("text", BAD)
def test_campaigns_beside_a_workbook_are_checked(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("CLV\n100\n")
    (tmp_path / "t.map.yaml").write_text(text)
    (problem,) = evaluate(tmp_path / "t.csv", metrics=shipped()).problems
    assert (problem.code, problem.fatal) == ("bad_mapping", True)
    assert BAD[text] in str(problem.message)


def test_a_mapping_that_is_made_anew_keeps_its_campaigns(tmp_path: Path) -> None:
    from metricsheet.api import mapping_file

    (tmp_path / "t.csv").write_text("CLV\n100\n")
    (tmp_path / "t.map.yaml").write_text(SPRING)
    written = mapping_file(tmp_path / "t.csv", metrics=shipped())
    (tmp_path / "t.map.yaml").write_text(written, encoding="utf-8")
    assert 'spring: {label: {en: "Spring"}, start: 2024-02-10, end: 2024-04-20, kind: growth}' in written
    assert mapping_file(tmp_path / "t.csv", metrics=shipped()) == written
