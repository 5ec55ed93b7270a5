"""Every answer of the real files that is known, from the command line with --map and --by at most."""

from __future__ import annotations

import json
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from metricsheet.cli.main import main
from tests.real_data import DATA, expected, needs_data, wrong_values
from tests.stages import some

pytestmark = needs_data

TELCO = ("telco-churn/Telco-Customer-Churn.csv",)
TELCO_MONTH = (*TELCO, "--set", "list_span=month")
SHOP = ("ecommerce-churn/E Commerce Dataset.xlsx",)
TITLE = ("title-row-header-row-3/clienti.xlsx",)
FFT = ("text-ratings/fft_ratings.csv",)
LIKERT = ("turkish-likert/anket.xlsx",)

# case folder, entry in expected.json, metric, factor from our unit to its, options
WHOLE: list[tuple[str, str, str, float, tuple[str, ...]]] = [
    ("telco-churn", "churn rate", "churn_rate_flags", 1, TELCO),
    ("telco-churn", "retention rate", "retention_rate_flags", 1, TELCO),
    (
        "telco-churn",
        "MRR of retained customers = sum MonthlyCharges where Churn=No",
        "mrr_retained",
        1,
        TELCO,
    ),
    ("telco-churn", "MRR lost = sum MonthlyCharges where Churn=Yes", "mrr_lost", 1, TELCO),
    ("telco-churn", "MRR at start (all rows)", "mrr_listed", 1, TELCO),
    ("telco-churn", "gross revenue churn", "gross_mrr_churn_flags", 1, TELCO),
    ("telco-churn", "GRR", "grr_flags", 1, TELCO),
    ("telco-churn", "ARPA all rows", "arpa_listed", 1, TELCO),
    ("telco-churn", "ARPA retained", "arpa_retained", 1, TELCO),
    ("telco-churn", "LTV (revenue) = ARPA all rows / churn", "ltv_listed", 1, TELCO_MONTH),
    (
        "telco-churn",
        "average TotalCharges, blanks skipped",
        "mean_customer_revenue",
        1,
        (*TELCO, "--map", "revenue=TotalCharges"),
    ),
    ("ecommerce-churn", "churn rate", "churn_rate_flags", 1, SHOP),
    ("ecommerce-churn", "complaint rate", "complaint_rate", 1, SHOP),
    (
        "ecommerce-churn",
        "CSAT top-2-box (4-5 of 1-5)",
        "csat_top2box",
        100,
        (*SHOP, "--map", "satisfaction_answer=SatisfactionScore"),
    ),
    (
        "ecommerce-churn",
        "mean satisfaction",
        "csat_mean",
        1,
        (*SHOP, "--map", "satisfaction_answer=SatisfactionScore"),
    ),
    ("title-row-header-row-3", "customers", "customer_count", 1, TITLE),
    ("title-row-header-row-3", "churn rate (Churn_real)", "churn_rate_flags", 1, TITLE),
    ("title-row-header-row-3", "revenue (sum Monetary)", "listed_revenue", 1, TITLE),
    ("title-row-header-row-3", "average revenue per customer", "revenue_per_customer", 1, TITLE),
    (
        "title-row-header-row-3",
        "average order value = sum Monetary / sum Frequency",
        "average_order_value",
        1,
        TITLE,
    ),
    ("title-row-header-row-3", "repeat purchase rate (Frequency>1)", "repeat_rate", 1, TITLE),
    (
        "text-ratings",
        "percent positive, NHS FFT convention: (Extremely likely+Likely)/all incl. Don't know",
        "percent_positive",
        100,
        FFT,
    ),
    ("text-ratings", "percent negative, NHS convention", "percent_negative", 100, FFT),
    ("text-ratings", "CSAT top-2-box, Don't know excluded", "likelihood_top2box", 100, FFT),
    (
        "text-ratings",
        "mean rating_score, blanks skipped",
        "csat_mean",
        1,
        (*FFT, "--map", "satisfaction_answer=rating_score"),
    ),
]

# case folder, start of the entries, metric, factor, header to slice by, options
SLICED = [
    ("telco-churn", "churn rate Contract=", "churn_rate_flags", 1, "Contract", TELCO),
    ("ecommerce-churn", "churn rate Complain=", "churn_rate_flags", 1, "Complain", SHOP),
    ("title-row-header-row-3", "churn rate segment ", "churn_rate_flags", 1, "RFM_Segment", TITLE),
    ("text-ratings", "percent positive ", "percent_positive", 100, "surgery", FFT),
]


@cache
def card(arguments: tuple[str, ...]) -> dict[str, Any]:
    """Evaluate to JSON through the command line; each set of options once."""
    import contextlib
    import io

    file, *options = arguments
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["evaluate", str(DATA / file), *options, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def result(arguments: tuple[str, ...], metric: str, slice_: dict[str, str] | None = None) -> dict[str, Any]:
    found = [r for r in card(arguments)["results"] if r["metric"] == metric and r["slice"] == (slice_ or {})]
    assert len(found) == 1, (metric, slice_, [r["reason"] for r in found])
    one: dict[str, Any] = found[0]
    return one


@pytest.mark.parametrize(
    ("case", "entry", "metric", "factor", "arguments"),
    some([pytest.param(*w, id=f"{w[0]} {w[1][:40]}") for w in WHOLE], test=15),
)
def test_whole(case: str, entry: str, metric: str, factor: float, arguments: tuple[str, ...]) -> None:
    right = expected(case, entry)
    found = result(arguments, metric)
    assert found["value"] * factor == pytest.approx(right["value"], abs=5e-10, rel=1e-12)
    if "n" in right and "Don't know" not in entry:
        assert found["n"] == right["n"]


@pytest.mark.parametrize(
    ("case", "start", "metric", "factor", "header", "arguments"), SLICED, ids=[s[0] for s in SLICED]
)
def test_slices(
    case: str, start: str, metric: str, factor: float, header: str, arguments: tuple[str, ...]
) -> None:
    entries = [
        e
        for e in json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
        if e["case"] == case and e["metric"].startswith(start)
    ]
    assert len(entries) > 1
    for right in entries:
        name = right["metric"].removeprefix(start)
        found = result((*arguments, "--by", header), metric, {header: name})
        assert found["value"] * factor == pytest.approx(right["value"], abs=5e-10)
        assert found["n"] == right["n"]
        if "revenue" in right:
            revenue = result((*arguments, "--by", header), "listed_revenue", {header: name})
            assert revenue["value"] == pytest.approx(right["revenue"], abs=1e-6)


def test_cells_of_one_space_are_blank() -> None:
    found = result((*TELCO, "--map", "revenue=TotalCharges"), "mean_customer_revenue")
    right = expected("telco-churn", "blank (single space) TotalCharges rows")["value"]
    assert next(i["blank"] for i in found["inputs"] if i["input"] == "revenue") == right


@pytest.mark.parametrize("question", range(1, 8))
def test_likert_words(question: int) -> None:
    right = expected("turkish-likert", f"top-2-box Q{question}")
    column = "ABCDEFG"[question - 1]
    found = result((*LIKERT, "--map", f"agreement_answer=Sayfa1!{column}"), "agreement_top2box")
    assert found["value"] * 100 == pytest.approx(right["value"], abs=5e-10)
    assert found["n"] == right["answered"]


@pytest.mark.parametrize("arguments", [TELCO, SHOP, TITLE, FFT], ids=lambda a: a[0])
def test_wrong_values_are_nowhere(arguments: tuple[str, ...]) -> None:
    case = Path(arguments[0]).parts[0]
    shown = [r["value"] for r in card(arguments)["results"] if r["value"] is not None]
    for wrong in wrong_values(case):
        assert all(abs(value - wrong) > 1e-6 for value in shown)


@pytest.mark.parametrize(
    ("arguments", "more"),
    some(product([TELCO, SHOP, TITLE, FFT], [(), ("--all",), ("--format", "csv")]), test=3),
)
def test_wrong_values_are_not_printed_either(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], more: tuple[str, ...]
) -> None:
    file, *options = arguments
    assert main(["evaluate", str(DATA / file), *options, *more]) == 0
    text = capsys.readouterr().out
    for wrong in wrong_values(Path(file).parts[0]):
        assert f"{wrong:.4f}"[:-2] not in text
        assert f"{wrong:,.1f}" not in text


def test_five_point_answers_are_refused_by_the_rule_of_six_and_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = expected("ecommerce-churn", "source-article CSS rule (>=6) must be refused: max score is 5")
    found = result((*SHOP, "--map", "satisfaction_score=SatisfactionScore"), "css")
    assert right["value"] == 0
    assert found["value"] is None
    assert found["error"] == "#NUM!"
    assert "1–5 scale" in found["reason"]


def test_blank_cells_are_counted_column_by_column() -> None:
    right = expected("ecommerce-churn", "blank cells per column")["blanks"]["OrderCount"]
    (use,) = [use for use in result(SHOP, "repeat_rate")["inputs"] if use["input"] == "orders"]
    assert use["blank"] == right


def test_answers_that_are_no_opinion_are_counted() -> None:
    entries = [
        e for e in json.loads((DATA / "expected.json").read_text(encoding="utf-8")) if "dont_know" in e
    ]
    (use,) = result(FFT, "percent_positive")["inputs"]
    assert [e["dont_know"] for e in entries] == [use["text"]]
