"""Random tables: words as categories, ids, months, blanks, totals, ways to write amounts, two currencies.

The figure is that of the clean table, worked out here, or it is refused; it is never another number.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from metricsheet import evaluate
from metricsheet.api import load_catalog
from tests.stages import seeds

CATALOG = load_catalog(Path(__file__).parents[2] / "metrics.yaml")
NAMES = [
    *("Media & Entertainment", "Max", "Lite", "Pro", "North", "South", "Average Joe Gym", "Other", "None"),
    *("Grand Total Ltd", "Balance", "Allstar", "Sumitomo"),
]
TOTAL_WORDS = ["Total", "All", "Summe", "Gesamt", "合計", "Toplam", "Totale", "Subtotal"]
LABELS = ["Total", "Gesamt", "合計", "Toplam", "Totale", "All", "Grand total"]
NOTHING = [None, "n/a", "-", ""]
MEASURES = ("Leads", "New customers", "Revenue total")
FIGURES = {"new_leads": "Leads", "revenue_total": "Revenue total"}

Row = dict[str, Any]


def written(amount: float, way: str) -> Any:
    """Return an amount as files hold it."""
    if way == "number":
        return amount
    text = f"{amount:,.2f}"
    if way == "German":
        return text.translate(str.maketrans(",.", ".,")) + " €"
    return f"${text}" if way == "dollars" else text.replace(",", "")


def clean_rows(rng: Random, parts: bool) -> list[Row]:
    """Return rows with numbers and names alone; with ``parts`` no name is a word for a total."""
    names = rng.sample(NAMES if parts else NAMES + TOTAL_WORDS, rng.randint(2, 5))
    with_ids, with_months, with_names = rng.random() < 0.5, rng.random() < 0.4, parts or rng.random() < 0.8
    rows = []
    for number in range(rng.randint(3, 24)):
        row: Row = {}
        if with_ids:
            row["Customer ID"] = f"C{1000 + number}"
        if with_months:
            row["Month"] = f"2024-{number % 12 + 1:02d}"
        if with_names:
            row["Segment"] = rng.choice(names)
        row["Leads"] = rng.randint(1, 500) if rng.random() < 0.9 else None
        row["New customers"] = rng.randint(0, 50) if rng.random() < 0.9 else None
        row["Revenue total"] = round(rng.uniform(1, 9000), 2) if rng.random() < 0.9 else None
        rows.append(row)
    return rows


def total_of(rows: list[Row], label: str) -> Row:
    """Return the row that adds up ``rows``, its label where the rows are named."""
    named = next((key for key in ("Segment", "Month", "Customer ID") if key in rows[0]), None)
    total: Row = dict.fromkeys(rows[0])
    total.update({key: round(sum(row[key] or 0 for row in rows), 2) for key in MEASURES})
    return {**total, named: label} if named else total


def with_totals(rng: Random, rows: list[Row], where: str) -> list[Row]:
    """Return the rows with the totals that people type among them."""
    if where == "parts":
        found: list[Row] = []
        for name in sorted({row["Segment"] for row in rows}):
            part = [row for row in rows if row["Segment"] == name]
            found += [*part, total_of(part, f"{name} total")]
        return found
    labelled = any(key in rows[0] for key in ("Segment", "Month", "Customer ID"))
    if where == "none" or not labelled:
        return rows
    at = {"bottom": len(rows), "top": 0}.get(where, rng.randint(0, len(rows)))
    return [*rows[:at], total_of(rows, rng.choice(LABELS)), *rows[at:]]


def as_file(rng: Random, rows: list[Row], way: str) -> dict[str, list[Any]]:
    """Return the columns as a file holds them: blanks and amounts in the manner of one tool."""
    for row in rows:
        for key in MEASURES:
            if row[key] is None:
                row[key] = rng.choice(NOTHING)
            elif key == "Revenue total":
                row[key] = written(row[key], way)
    return {key: [row[key] for row in rows] for key in rows[0]}


@pytest.mark.parametrize("first", range(0, 10_000, 500))
def test_a_random_table_gives_the_figure_of_the_clean_one_or_none(first: int) -> None:
    chosen = [seed for seed in seeds(10_000) if first <= seed % 10_000 < first + 500]
    wrong = []
    for seed in chosen:
        rng = Random(seed)
        where = rng.choice(["none", "none", "bottom", "top", "between", "parts"])
        rows = clean_rows(rng, parts=where == "parts")
        expected = {key: sum(row[header] or 0 for row in rows) for key, header in FIGURES.items()}
        way = rng.choice(["number", "text", "German", "dollars"])
        columns = as_file(rng, with_totals(rng, [dict(row) for row in rows], where), way)
        amounts = columns["Revenue total"]
        dollars = [place for place, cell in enumerate(amounts) if isinstance(cell, str) and cell[:1] == "$"]
        two = where == "none" and len(dollars) > 1 and rng.random() < 0.3
        if two:
            amounts[dollars[0]] = f"€{amounts[dollars[0]][1:]}"
        for result in evaluate(columns, metrics=CATALOG, only=list(FIGURES)).results:
            right = pytest.approx(expected[result.metric])
            refused = two and result.metric == "revenue_total"
            if result.value is not None and (refused or result.value != right):
                wrong.append((seed, where, result.metric, result.value, expected[result.metric]))
    assert wrong == []


def test_most_tables_are_answered() -> None:
    answered = 0
    for seed in range(60):
        rng = Random(seed)
        rows = clean_rows(rng, parts=True)
        columns = as_file(rng, with_totals(rng, rows, rng.choice(["none", "bottom", "parts"])), "number")
        answered += sum(
            r.value is not None for r in evaluate(columns, metrics=CATALOG, only="new_leads").results
        )
    assert answered >= 57
