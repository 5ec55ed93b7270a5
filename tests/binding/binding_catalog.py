"""A small catalog and small books for tests of binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metricsheet.catalog.definitions import Catalog, InputDefinition, MetricDefinition, Scale
from metricsheet.files.book import Book, CellRange, RawCell, Sheet
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.plan import NameInfo

INPUTS = (
    InputDefinition(
        "date", {"en": "Date", "de": "Datum"}, ("survey date", "month", "monat", "tarih"), "date"
    ),
    InputDefinition("segment", {"en": "Segment"}, ("region", "bölge"), "text"),
    InputDefinition(
        "recommend_score",
        {"en": "Recommendation score", "ja": "推奨度", "tr": "Tavsiye puanı", "de": "Weiterempfehlung"},
        ("nps", "nps rating", "score", "likelihood to recommend"),
        scale=Scale(0, 10, whole=True),
    ),
    InputDefinition(
        "satisfaction_score",
        {"en": "Satisfaction score", "tr": "Müşteri memnuniyeti"},
        ("satisfaction",),
        scale=Scale(1, 10, whole=True),
    ),
    InputDefinition(
        "likelihood_answer", {"en": "Likelihood"}, ("rating",), scale=Scale(1, 5, True), words="likelihood"
    ),
    InputDefinition(
        "agreement_answer", {"en": "Agreement"}, (), scale=Scale(1, 5, whole=True), words="agreement"
    ),
    InputDefinition("revenue", {"en": "Revenue", "de": "Umsatz"}, ("monetary", "amount"), unit="money"),
    InputDefinition(
        "customers", {"en": "Customers", "de": "Anzahl Kunden"}, ("customer count",), unit="count"
    ),
    InputDefinition("marketing_cost", {"en": "Marketing cost"}, ("ad spend",), unit="money"),
    InputDefinition("customers_at_start", {"en": "Customers at start"}, (), unit="count", over_time="first"),
    InputDefinition("customers_lost", {"en": "Customers lost"}, ("churned customers",), unit="count"),
    InputDefinition("churned", {"en": "Churned"}, ("churn", "churn real"), "flag"),
    InputDefinition("start_date", {"en": "Start date"}, ("signup",), "date"),
    InputDefinition("opens", {"en": "Opens", "de": "Öffnungen"}, (), unit="count"),
)
FORMULAS = {
    "nps": (
        '(COUNTIF(recommend_score, ">=9") - COUNTIF(recommend_score, "<=6")) / COUNT(recommend_score) * 100',
        "points",
    ),
    "css": ('COUNTIF(satisfaction_score, ">=6") / COUNT(satisfaction_score)', "percent"),
    "positive": ('COUNTIF(likelihood_answer, ">=4") / COUNTA(likelihood_answer)', "percent"),
    "agreeing": ('COUNTIF(agreement_answer, ">=4") / COUNT(agreement_answer)', "percent"),
    "clv": ("revenue / customers", "money"),
    "cost_ratio": ("marketing_cost / customers", "money"),
    "churn_rate": ("customers_lost / customers_at_start", "percent"),
    "churn_rate_flags": ("COUNTIF(churned, 1) / COUNT(churned)", "percent"),
    "starts": ("COUNT(start_date)", "count"),
    "total_opens": ("SUM(opens)", "count"),
}


def make_catalog(inputs: Sequence[InputDefinition] = INPUTS) -> Catalog:
    names = {
        i.key: NameInfo("input", i.type, i.unit) for i in inputs
    }  # units are checked elsewhere: formulas here give what they give
    metrics = {}
    for key, (formula, unit) in FORMULAS.items():
        plan, problems = compile_formula(formula, names)
        if plan is None:
            assert any("name" in p.code for p in problems), problems
            continue
        metrics[key] = MetricDefinition(
            key,
            {"en": key},
            "expand",
            "outcome",
            unit,
            "higher",
            formula,
            plan,
            key.upper(),  # type: ignore[arg-type]
        )
    return Catalog("metrics.yaml", "digest", {i.key: i for i in inputs}, metrics, {})


CATALOG = make_catalog()


def sheet(name: str, *rows: Sequence[RawCell], **more: Any) -> Sheet:
    width = max(map(len, rows), default=0)
    return Sheet.of_rows(name, [[*row, *[None] * (width - len(row))] for row in rows], **more)


def book(*sheets: Sheet, names: Mapping[str, CellRange] | None = None, **more: Any) -> Book:
    return Book("Book.xlsx", sheets, names or {}, **more)


def rows(count: int, *columns: Sequence[RawCell]) -> list[list[RawCell]]:
    """Return ``count`` rows that repeat the given columns from the top."""
    return [[column[i % len(column)] for column in columns] for i in range(count)]
