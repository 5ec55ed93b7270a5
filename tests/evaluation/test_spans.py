"""Over which rows a figure may speak: one period, several multiplied, one year, a cohort."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricsheet.api import answer, evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.result import Result
from metricsheet.report.scorecard import Scorecard
from tests import command_line, stages

ROOT = Path(__file__).parents[2]
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
ONE_PERIOD = [
    "churn_rate",
    "churn_rate_start_plus_new",
    "retention_rate",
    "retention_rate_end",
    "gross_mrr_churn",
    "net_mrr_churn",
    "net_mrr_churn_no_reactivation",
    "grr",
    "nrr",
]
Table = dict[str, Sequence[Any]]


@cache
def shipped() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


def text_of(table: Table) -> str:
    rows = zip(*table.values(), strict=True)
    return "\n".join([",".join(table), *(",".join(map(str, row)) for row in rows)]) + "\n"


def card_of(folder: Path, table: Table, **asked: Any) -> Scorecard:
    path = folder / "data.csv"
    path.write_text(text_of(table), encoding="utf-8")
    return evaluate(path, metrics=shipped(), **asked)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Scorecard]:
    """Return a function that gives the scorecard of a growing firm, evaluated once for each way to ask."""
    folder, cards = tmp_path_factory.mktemp("grown"), {}

    def evaluated(**asked: Any) -> Scorecard:
        key = str(asked)
        if key not in cards:
            cards[key] = card_of(folder, growing(), **asked)
        return cards[key]

    return evaluated


def only(card: Scorecard, metric: str, period: str | None = None) -> Result:
    (found,) = [r for r in card.results if (r.metric, r.period, dict(r.slice)) == (metric, period, {})]
    return found


def code(result: Result) -> str:
    return "" if result.why is None else result.why.code


# ---- one firm, CLV in four forms: 1,000 customers, 100,000 a month, 20 lost, 30 won for 15,000 a month ----
FIRM: Table = {
    "Month": MONTHS,
    "Customers": [1000] * 12,
    "Revenue": [100_000] * 12,
    "New customers": [30] * 12,
    "Marketing cost": [10_000] * 12,
    "Sales cost": [5_000] * 12,
}
CHURN: Table = {"Customers at start": [1000] * 12, "Customers lost": [20] * 12}
CAC = 15_000 / 30
A_MONTH = 100_000 / 1000
FROM_CHURN = A_MONTH / (20 / 1000)
ONE_YEAR = 12 * 100_000 / 1000
OF_A_YEAR = "Customer lifetime value (CLV) (one year)"


def first(table: Table, months: int) -> Table:
    return {header: cells[:months] for header, cells in table.items()}


# name: (table, options, CLV, its label, CLV:CAC, status of CLV:CAC)
FORMS: dict[str, tuple[Table, dict[str, Any], float, str, str]] = {
    "with churn": ({**FIRM, **CHURN}, {}, FROM_CHURN, "CLV (from churn)", "info"),
    "with churn, one month of it": (first({**FIRM, **CHURN}, 1), {}, FROM_CHURN, "CLV (from churn)", "info"),
    "with churn and margin": (
        {**FIRM, **CHURN, "Gross margin": [0.4] * 12},
        {},
        FROM_CHURN * 0.4,
        "CLV (from churn, after margin)",
        "ok",
    ),
    "twelve months": (FIRM, {}, ONE_YEAR, OF_A_YEAR, "no_target"),
    "the last twelve of more months": (
        {header: [*cells[:3], *cells] for header, cells in FIRM.items()}
        | {"Month": ["2023-10", "2023-11", "2023-12", *MONTHS], "Revenue": [9] * 3 + [100_000] * 12},
        {},
        ONE_YEAR,
        OF_A_YEAR,
        "no_target",
    ),
    "a year asked for": (FIRM, {"period": "year"}, ONE_YEAR, OF_A_YEAR, "no_target"),
    "a column headed CLV": (
        {**FIRM, "CLV": [4500] * 11 + [5000]},
        {},
        5000,
        "CLV (as stated)",
        "info",
    ),
    "a column headed CLV beside churn": (
        {**FIRM, **CHURN, "CLV": [900] * 12},
        {},
        900,
        "CLV (as stated)",
        "warn",
    ),
    "stated as the engagement": (
        FIRM,
        {"settings": {"clv_span": "engagement"}},
        ONE_YEAR,
        "CLV (engagement, as you state)",
        "warn",
    ),
    "three months stated as the engagement": (
        first(FIRM, 3),
        {"settings": {"clv_span": "engagement"}},
        ONE_YEAR / 4,
        "CLV (engagement, as you state)",
        "critical",
    ),
    "cohorts": (
        {"Month": MONTHS[:2], "Cohort revenue": [1000, 5000], "Cohort customers": [2, 3], **first(
            {key: FIRM[key] for key in ("New customers", "Marketing cost", "Sales cost")}, 2)},
        {},
        6000 / 5,
        "CLV (cohorts)",
        "warn",
    ),
    "rows without dates": (
        {"Segment": ["A", "B"], "Customers": [10, 2], "Revenue": [1500, 1000], "New customers": [3, 3],
         "Marketing cost": [100, 100], "Sales cost": [20, 80]},
        {},
        2500 / 12,
        "Customer lifetime value (CLV)",
        "ok",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_clv_says_what_it_is_and_is_judged_over_its_span(form: str, tmp_path: Path) -> None:
    table, asked, expected, label, status = FORMS[form]
    card = card_of(tmp_path, table, **asked)
    period = "2024" if asked.get("period") else None
    clv, ratio, cac = (only(card, metric, period) for metric in ("clv", "clv_cac_ratio", "cac"))
    assert clv.value == pytest.approx(expected, rel=1e-12)
    assert clv.label == label
    assert cac.value is not None
    assert ratio.value == pytest.approx(expected / cac.value, rel=1e-12)
    assert ratio.status == status
    judged = status != "no_target"
    assert ratio.judged is judged
    assert (ratio.target, ratio.gap is None) == ((3, False) if judged else (None, True))
    about_it = {f.rule: f.outcome for f in card.findings if f.rule.startswith(("acquisition_", "clv_cac_"))}
    assert about_it
    if not judged:
        assert set(about_it.values()) == {"not_evaluated"}
        assert "one year" in ratio.status_label
    assert not [r for r in card.results if r.label == label and r.metric != "clv"]


def test_fewer_months_than_a_year_are_refused_with_both_ways_to_ask(tmp_path: Path) -> None:
    card = card_of(tmp_path, first(FIRM, 11))
    clv, ratio = only(card, "clv"), only(card, "clv_cac_ratio")
    for result in (clv, ratio):
        assert (result.value, result.error, code(result)) == (None, "#VALUE!", "span_is_one_year")
        assert "11" in result.reason
        assert '--set "clv_span=engagement' in result.reason
        assert "customers_lost, customers_at_start" in result.reason
    assert [f.rule for f in card.findings if f.outcome == "fired" and "clv" in f.text.lower()] == []


def test_a_year_with_a_month_missing_is_none(tmp_path: Path) -> None:
    table = {header: [*cells[:5], *cells[6:]] for header, cells in FIRM.items()}
    before = {header: [cells[0], *table[header]] for header, cells in FIRM.items()} | {
        "Month": ["2023-12", *table["Month"]]
    }
    assert code(only(card_of(tmp_path, before), "clv")) == "span_is_one_year"


def test_the_form_is_the_same_in_all_periods(tmp_path: Path) -> None:
    lost = [20] * 11 + [0]
    card = card_of(tmp_path, {**FIRM, **CHURN, "Customers lost": lost}, period="month")
    assert {r.label for r in card.results if r.metric == "clv"} == {"CLV (from churn)"}
    assert only(card, "clv", "2024-12").error == "#DIV/0!"
    assert only(card, "clv", "2024-11").value == pytest.approx(FROM_CHURN)


@pytest.mark.parametrize("length", ["quarter", "year"])
def test_the_lifetime_value_is_the_same_from_months_quarters_and_years(length: str, tmp_path: Path) -> None:
    rows = {"quarter": [f"Q{q} 2024" for q in (1, 2, 3, 4)], "year": [2024]}[length]
    months = 12 // len(rows)
    coarse: Table = {
        "Period": rows,
        "Customers": [1000] * len(rows),
        "Revenue": [100_000 * months] * len(rows),
        "Customers at start": [1000] * len(rows),
        "Customers lost": [20 * months] * len(rows),
    }
    assert only(card_of(tmp_path, coarse), "clv").value == pytest.approx(FROM_CHURN)


# ---- figures of one period ----
def growing(months: int = 12) -> Table:
    """A growing firm: what is lost over the year is more than was there on its first day."""
    start = [100 * (n + 1) for n in range(months)]
    return {
        "Month": MONTHS[:months],
        "Customers at start": start,
        "Customers lost": [30] * months,
        "New customers": [130] * months,
        "Customers at end": [s + 100 for s in start],
        "MRR at start": [10 * s for s in start],
        "Expansion": [100] * months,
        "Contraction": [100] * months,
        "Churned MRR": [200] * months,
        "Reactivation": [50] * months,
    }


ASKED: list[dict[str, Any]] = [{}, {"period": "year"}, {"period": "quarter"}, {"since": "2024-02-01"}]


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("metric", ONE_PERIOD)
def test_over_several_periods_there_is_no_figure(
    metric: str, asked: dict[str, Any], grown: Callable[..., Scorecard]
) -> None:
    results = [r for r in grown(**asked).results if r.metric == metric]
    assert results
    for result in results:
        assert (result.value, result.error, code(result)) == (None, "#VALUE!", "span_is_one_period")
        assert "--period month" in result.reason
        assert ("--set chained=yes" in result.reason) == (shipped().metrics[metric].span == "chained")
        assert "list of customers" in result.reason


@pytest.mark.parametrize("metric", ONE_PERIOD)
def test_by_the_period_of_the_rows_there_is_one(metric: str, grown: Callable[..., Scorecard]) -> None:
    table = growing()
    card = grown(period="month")
    for place, month in enumerate(MONTHS):
        row = {header: cells[place] for header, cells in table.items()}
        start, mrr = row["Customers at start"], row["MRR at start"]
        lost = row["Churned MRR"] + row["Contraction"]
        expected = {
            "churn_rate": row["Customers lost"] / start,
            "churn_rate_start_plus_new": row["Customers lost"] / (start + row["New customers"]),
            "retention_rate": 1 - row["Customers lost"] / start,
            "retention_rate_end": (row["Customers at end"] - row["New customers"]) / start,
            "gross_mrr_churn": lost / mrr,
            "net_mrr_churn": (lost - row["Expansion"] - row["Reactivation"]) / mrr,
            "net_mrr_churn_no_reactivation": (lost - row["Expansion"]) / mrr,
            "grr": 1 - lost / mrr,
            "nrr": 1 - (lost - row["Expansion"]) / mrr,
        }
        assert only(card, metric, month).value == pytest.approx(expected[metric], rel=1e-12)


def test_rows_of_quarters_answer_by_quarter(tmp_path: Path) -> None:
    table = {"Quarter": ["Q1 2024", "Q2 2024"], "Customers at start": [100, 200], "Customers lost": [6, 30]}
    card = card_of(tmp_path, table, period="quarter")
    assert [only(card, "churn_rate", p).value for p in ("2024-Q1", "2024-Q2")] == [0.06, 0.15]
    assert "--period quarter" in only(card_of(tmp_path, table), "churn_rate").reason


def test_days_have_no_period_to_ask_by(tmp_path: Path) -> None:
    table = {"Date": ["2024-01-01", "2024-01-02"], "Customers at start": [10, 10], "Customers lost": [1, 1]}
    reason = only(card_of(tmp_path, table), "churn_rate").reason
    assert "--period" not in reason
    assert "--set chained=yes" in reason


def test_segments_of_one_month_are_one_period(tmp_path: Path) -> None:
    table = {
        "Month": ["2024-01", "2024-01"],
        "Segment": ["A", "B"],
        "Customers at start": [100, 300],
        "Customers lost": [10, 6],
    }
    assert only(card_of(tmp_path, table), "churn_rate").value == pytest.approx(16 / 400)


def test_a_month_without_figures_is_no_period(tmp_path: Path) -> None:
    table = {"Month": MONTHS[:2], "Customers at start": [100, ""], "Customers lost": [6, ""]}
    assert only(card_of(tmp_path, table), "churn_rate").value == pytest.approx(0.06)


def test_a_finished_column_is_a_figure_of_one_period_too(tmp_path: Path) -> None:
    table = {"Month": MONTHS[:2], "Abgang": [0.1, 0.2]}
    asked: dict[str, Any] = {"mapping": {"churn_rate": "Abgang"}}
    assert code(only(card_of(tmp_path, table, **asked), "churn_rate")) == "span_is_one_period"
    chained = only(card_of(tmp_path, table, **asked, settings={"chained": "yes"}), "churn_rate")
    assert chained.value == pytest.approx(1 - 0.9 * 0.8)


# ---- chained ----
CHAINED = [metric for metric in ONE_PERIOD if metric != "churn_rate_start_plus_new"]
Months = list[tuple[int, int]]


@settings(max_examples=stages.cases(300, 40))
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 400)), min_size=2, max_size=24))
def test_chained_is_the_product_of_the_periods(months: Months) -> None:
    rows = [(start, min(lost, start)) for start, lost in months]
    dates = [dt.date(2023 + n // 12, n % 12 + 1, 1) for n in range(len(rows))]
    columns = {
        "customers_at_start": [start for start, _ in rows],
        "customers_lost": [lost for _, lost in rows],
        "date": dates,
    }
    kept = Fraction(1)
    for start, lost in rows:
        kept *= Fraction(start - lost, start)
    for metric, expected in (("retention_rate", kept), ("churn_rate", 1 - kept)):
        result = answer(shipped(), metric, columns, settings={"chained": "yes"})
        assert result.value == pytest.approx(float(expected), rel=1e-9, abs=1e-12)
        assert result.label.endswith(f"(chained, {len(rows)} months)")
        assert result.n == min(start for start, _ in rows)
        assert answer(shipped(), metric, columns).value is None


@pytest.mark.parametrize("metric", CHAINED)
def test_chained_periods_of_the_command_line_are_those_of_the_months(
    metric: str, grown: Callable[..., Scorecard]
) -> None:
    chained = grown(period="year", settings={"chained": "yes"})
    monthly = grown(period="month")
    values = [only(monthly, metric, month).value for month in MONTHS]
    lost = shipped().metrics[metric].better == "lower"
    product = 1.0
    for value in values:
        assert value is not None
        product *= 1 - value if lost else value
    result = only(chained, metric, "2024")
    assert result.value == pytest.approx(1 - product if lost else product, rel=1e-12)
    assert result.label == f"{shipped().metrics[metric].label['en']} (chained, 12 months)"
    assert result.span == "chained"


# name: (months, lost, code of the refusal)
UNCHAINED: dict[str, tuple[list[str], list[Any], str]] = {
    "a month is missing": (["2024-01", "2024-03"], [1, 1], "span_has_gap"),
    "a month lost more than was there": (["2024-01", "2024-02"], [1, 11], "not_possible"),
    "a loss is negative": (["2024-01", "2024-02"], [1, -1], "mixed_signs"),
}


@pytest.mark.parametrize("case", UNCHAINED)
def test_what_cannot_be_chained(case: str, tmp_path: Path) -> None:
    months, lost, expected = UNCHAINED[case]
    table = {"Month": months, "Customers at start": [10] * 2, "Customers lost": lost}
    assert code(only(card_of(tmp_path, table, settings={"chained": "yes"}), "churn_rate")) == expected


def test_rows_of_months_and_of_quarters_are_not_chained() -> None:
    # start from a table of quarters, losses from one of months
    text = answer(
        shipped(),
        "churn_rate",
        {"customers_at_start": [10, 10], "customers_lost": [1, 1], "date": ["Q1 2024", "Q2 2024"]},
        settings={"chained": "yes"},
    )
    assert text.value == pytest.approx(0.19)
    assert text.label.endswith("(chained, 2 quarters)")


def test_a_chained_figure_is_not_judged_by_the_target_of_a_month(tmp_path: Path) -> None:
    own = tmp_path / "metrics.yaml"
    own.write_text(
        "version: 1\nextends: builtin\nmetrics:\n  churn_rate: {override: true, target: 5%}\n",
        encoding="utf-8",
    )
    (tmp_path / "data.csv").write_text(text_of(growing(2)), encoding="utf-8")
    card = evaluate(tmp_path / "data.csv", metrics=own, settings={"chained": "yes"})
    result = only(card, "churn_rate")
    assert (result.status, result.target) == ("no_target", None)
    monthly = evaluate(tmp_path / "data.csv", metrics=own, period="month")
    assert only(monthly, "churn_rate", "2024-02").status == "warn"


# ---- tables of quarters and years ----
@pytest.mark.parametrize(
    ("rows", "header", "months"),
    [
        (["Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"], "Average revenue", 3),
        (["2024-03-31", "2024-06-30", "2024-09-30"], "Average revenue", 3),
        ([2022, 2023, 2024], "Average revenue", 12),
        (["2024-01", "2024-02"], "Average revenue", 1),
        (["Q1 2024", "Q2 2024"], "Average monthly revenue", 1),
    ],
    ids=str,
)
def test_revenue_of_longer_periods_is_brought_to_a_month(
    rows: list[Any], header: str, months: int, tmp_path: Path
) -> None:
    count = len(rows)
    table: Table = {
        "Period": rows,
        "Active customers": [1000] * count,
        header: [300] * count,
        "Non-recurring revenue": [6000] * count,
        "Marketing cost": [30_000] * count,
        "Sales cost": [15_000] * count,
        "New customers": [45] * count,
        "Customers at start": [1000] * count,
        "Customers lost": [60] * count,
    }
    card = card_of(tmp_path, table)
    # a header that says month speaks of its own column; losses are still those of the rows
    rows_months = {1: 3 if header != "Average revenue" else 1}.get(months, months)
    a_month = 300 / months
    expected = {
        "arpa": a_month,
        "mrr": 1000 * a_month,
        "arr": 12_000 * a_month,
        "expansion_mrr": 1000 * a_month + 6000 / rows_months,
        "cac_payback_revenue": 1000 / a_month,
        "ltv_simple": a_month / (60 / 1000 / rows_months),
    }
    for metric, value in expected.items():
        assert only(card, metric).value == pytest.approx(value), metric


# ---- velocity ----
@pytest.mark.parametrize("months", [1, 3, 12])
def test_sales_velocity_does_not_grow_with_the_table(months: int, tmp_path: Path) -> None:
    table: Table = {
        "Month": MONTHS[:months],
        "Opportunities": [50] * months,
        "Open deals": [40] * months,
        "Won deals": [10] * months,
        "Lost deals": [30] * months,
        "Value of won deals": [50_000] * months,
        "Cycle": [50] * months,
    }
    card = card_of(tmp_path, table, mapping={"sales_cycle": "Cycle"})
    assert only(card, "sales_velocity").value == pytest.approx(40 * 0.25 * 5000 / 50)
    days = {1: 31, 3: 91, 12: 366}[months]
    assert only(card, "sales_velocity_new").value == pytest.approx(50 * months / days * 0.25 * 5000)


def test_closed_deals_are_no_opportunities(tmp_path: Path) -> None:
    table: Table = {
        "Created date": ["2024-01-01"] * 6,
        "Closed date": ["2024-01-21"] * 4 + ["", ""],
        "Deal outcome": ["won", "lost", "won", "lost", "", ""],
        "Deal value": [1000, 900, 3000, 800, 700, 600],
    }
    card = card_of(tmp_path, table)
    assert only(card, "sales_velocity_deals").value == pytest.approx(2 * 0.5 * 2000 / 20)


# ---- lists of customers ----
LIST: Table = {
    "Customer ID": list("ABCDEFGH"),
    "Signup date": ["2024-01-05"] * 4 + ["2024-02-05"] * 4,
    "Churned": ["yes", "no", "no", "no", "no", "no", "no", "no"],
    "Monthly price": [10, 20, 30, 40, 10, 20, 30, 40],
}


@pytest.mark.parametrize(("span", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_a_lifetime_value_of_a_list_needs_the_time_of_its_churn(
    span: str, months: int, tmp_path: Path
) -> None:
    asked = only(card_of(tmp_path, LIST), "ltv_listed")
    assert (asked.value, asked.error) == (None, "#N/A")
    assert "--set list_span" in asked.reason
    stated = only(card_of(tmp_path, LIST, settings={"list_span": span}), "ltv_listed")
    assert stated.value == pytest.approx(25 / (1 / 8 / months))


@pytest.mark.parametrize("metric", ["churn_rate_flags", "retention_rate_flags", "grr_flags"])
def test_a_rate_by_sign_up_date_is_a_cohort_and_says_so(metric: str, tmp_path: Path) -> None:
    whole = only(card_of(tmp_path, LIST), metric)
    assert "cohort" not in whole.label
    card = card_of(tmp_path, LIST, period="month")
    cohorts = [r for r in card.results if r.metric == metric]
    assert [r.period for r in cohorts] == ["2024-01", "2024-02"]
    for result in cohorts:
        assert result.label.endswith("(cohort)")
        assert (result.span, result.trend) == ("cohort", None)


# ---- the same in every host ----
@pytest.fixture(scope="module")
def grown_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("file") / "data.csv"
    path.write_text(text_of(growing()), encoding="utf-8")
    return path


@pytest.mark.parametrize("settings_", [{}, {"chained": "yes"}], ids=str)
@pytest.mark.parametrize("metric", ["churn_rate", "grr", "nrr", "churn_rate_start_plus_new"])
def test_command_line_python_and_functions_agree(
    metric: str, settings_: dict[str, str], grown_file: Path, grown: Callable[..., Scorecard]
) -> None:
    from_path = only(grown(settings=settings_), metric)
    options = [part for key, value in settings_.items() for part in ("--set", f"{key}={value}")]
    results = command_line.card(str(grown_file), *command_line.SHIPPED, *options)["results"]
    (from_command,) = [r for r in results if r["metric"] == metric]
    headers = {
        "customers_at_start": "Customers at start",
        "customers_lost": "Customers lost",
        "new_customers": "New customers",
        "mrr_at_start": "MRR at start",
        "mrr_expansion": "Expansion",
        "mrr_contraction": "Contraction",
        "mrr_churned": "Churned MRR",
    }
    table = growing()
    wanted = shipped().metrics[metric].plan.inputs
    columns = {key: table[headers[key]] for key in wanted}
    called = answer(shipped(), metric, {**columns, "date": table["Month"]}, settings=settings_)
    assert from_path.value == called.value == from_command["value"]
    assert from_path.status == called.status == from_command["status"]
    assert from_path.label == called.label == from_command["label"]
    assert from_path.reason == called.reason == from_command["reason"]
    assert code(from_path) == code(called) == from_command["reason_code"]
    if from_path.why is not None:
        assert from_command["reason_values"]["periods"] == 12


# what is given beside 12 rows: dates, and what comes out of the opening stock and the losses
@pytest.mark.parametrize(
    ("dates", "error"),
    [
        ([], "span_is_one_period"),
        (["2024-01", "soon"], ""),
        (["2024-01", "2024-02", "2024-03"], "rows_differ"),
    ],
    ids=["not dates", "no dates but text", "too many"],
)
def test_functions_refuse_rows_whose_dates_are_not_known(dates: list[str], error: str) -> None:
    columns: dict[str, Any] = {"customers_at_start": [10, 10], "customers_lost": [1, 1]}
    result = answer(shipped(), "churn_rate", {**columns, **({"date": dates} if dates else {})})
    assert (result.value, result.error) == (None, "#VALUE!")
    assert not error or code(result) == error
