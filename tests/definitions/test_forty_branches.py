"""Forty workbooks of branches in five languages, as people lay them out: every figure by file and pooled.

Each has a title, months across or down, a total, a hidden sheet with other figures, and numbers as text here
and there. The figures expected are worked out from the numbers before they are written.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter

from metricsheet import evaluate
from metricsheet.api import load_catalog

CATALOG = load_catalog(Path(__file__).parents[2] / "metrics.yaml")
BRANCHES = 8
LABELS = {
    # title, month, leads, new customers, at the start, lost, total revenue, the word for a total, other sheet
    "en": ("Branch {n}: key figures", "Month", "Leads", "New customers", "Customers at start",
           "Customers lost", "Total revenue", "Total", "Archive"),
    "de": ("Filiale {n}: Kennzahlen", "Monat", "Leads", "Neukunden", "Anfangsbestand",
           "Verlorene Kunden", "Gesamtumsatz", "Summe", "Archiv"),
    "it": ("Filiale {n}: indicatori", "Mese", "Contatti", "Nuovi clienti", "Clienti iniziali",
           "Disdette", "Ricavi totali", "Totale", "Archivio"),
    "tr": ("Şube {n}: göstergeler", "Ay", "Potansiyel müşteri", "Yeni müşteri",
           "Başlangıç müşteri sayısı", "Kayıp müşteri", "Toplam gelir", "Toplam", "Arşiv"),
    "ja": ("支店{n}：主要指標", "月", "リード数", "新規顧客数", "月初顧客数",
           "解約数", "総売上", "合計", "過去"),
}  # fmt: skip
FIGURES = ("new_leads", "lead_to_sale", "churn_rate_mean", "revenue_total")


def numbers(rng: Random) -> list[dict[str, float]]:
    """Return six months of one branch; the customers at the start follow from the month before."""
    months, customers = [], rng.randint(200, 900)
    for number in range(6):
        new, lost = rng.randint(5, 40), rng.randint(1, 20)
        months.append(
            {
                "month": number + 1,
                "leads": rng.randint(50, 400),
                "new": new,
                "start": customers,
                "lost": lost,
                "revenue": round(rng.uniform(20_000, 90_000), 2),
            }
        )
        customers += new - lost
    return months


def expected(months: list[dict[str, float]]) -> dict[str, float]:
    leads, new = sum(m["leads"] for m in months), sum(m["new"] for m in months)
    return {
        "new_leads": leads,
        "lead_to_sale": new / leads,
        "churn_rate_mean": sum(m["lost"] for m in months) / sum(m["start"] for m in months),
        "revenue_total": sum(m["revenue"] for m in months),
    }


def write(path: Path, language: str, number: int, months: list[dict[str, float]], rng: Random) -> None:
    title, month, leads, new, start, lost, revenue, total, other = LABELS[language]
    keys = {leads: "leads", new: "new", start: "start", lost: "lost", revenue: "revenue"}
    across, as_text = number % 2 == 0, rng.random() < 0.5
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True})
        page, hidden = book.add_worksheet("2024"), book.add_worksheet(other)
        hidden.hide()
        hidden.write_row(0, 0, [month, leads, revenue])
        hidden.write_row(1, 0, ["2019-01", 99_999, 99_999])
        page.write(0, 0, title.format(n=number), bold)
        top = 2 + number % 3

        def put(row: int, column: int, value: Any) -> None:
            if isinstance(value, (int, float)) and as_text and (row + column) % 3 == 0:
                value = str(value)
            page.write(row, column, value)

        dates = [f"2024-{int(m['month']):02d}" for m in months]
        if across:
            page.write_row(top, 1, [*dates, total])
            for place, (label, key) in enumerate(keys.items(), top + 1):
                page.write(place, 0, label)
                for column, m in enumerate(months, 1):
                    put(place, column, m[key])
                page.write(place, len(months) + 1, round(sum(m[key] for m in months), 2))
        else:
            page.write_row(top, 0, [month, *keys])
            for row, (date, m) in enumerate(zip(dates, months, strict=True), top + 1):
                page.write(row, 0, date)
                for column, key in enumerate(keys.values(), 1):
                    put(row, column, m[key])
            sums = [round(sum(m[key] for m in months), 2) for key in keys.values()]
            page.write_row(top + 1 + len(months), 0, [total, *sums])


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[dict[str, float]]]]:
    """Return the folder with the workbooks, and the months of each by file name."""
    folder, rng = tmp_path_factory.mktemp("branches"), Random(40)
    months = {}
    for language in LABELS:
        for number in range(1, BRANCHES + 1):
            path = folder / f"{language}_{number}.xlsx"
            months[path.name] = numbers(rng)
            write(path, language, number, months[path.name], rng)
    return folder, months


def test_every_figure_by_file(branches: tuple[Path, dict[str, list[dict[str, float]]]]) -> None:
    folder, months = branches
    card = evaluate(folder, metrics=CATALOG, only=FIGURES)
    found = {(Path(r.source).name, r.metric): r.value for r in card.results}
    wanted = {(name, key): value for name, m in months.items() for key, value in expected(m).items()}
    assert len(wanted) == 160
    wrong = {
        key: (found.get(key), value)
        for key, value in wanted.items()
        if found.get(key) != pytest.approx(value)
    }
    assert wrong == {}


def test_every_figure_pooled(branches: tuple[Path, dict[str, list[dict[str, float]]]]) -> None:
    folder, months = branches
    card = evaluate(folder, metrics=CATALOG, only=FIGURES, pool=True, by="file")
    every = [month for m in months.values() for month in m]
    whole = {r.metric: r.value for r in card.results if not r.slice}
    assert whole == pytest.approx(expected(every))
    by_file = {(Path(r.slice["file"]).name, r.metric): r.value for r in card.results if r.slice}
    assert by_file == pytest.approx({(n, k): v for n, m in months.items() for k, v in expected(m).items()})
