"""Rows of what happened beside rows of a plan make no figure together; one of both, or each, does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate

MONTHS = ["2024-01", "2024-01", "2024-02", "2024-02"]
VISITORS, LEADS = [100, 120, 110, 130], [10, 15, 11, 16]


def table(header: str, words: list[str]) -> dict[str, list[Any]]:
    return {"Month": MONTHS, header: words, "Visitors": VISITORS, "Leads": LEADS}


def leads(source: Any, **options: Any) -> list[tuple[float | None, str]]:
    results = evaluate(source, only="new_leads", **options).results
    return [(one.value, one.why.key if one.why is not None else "") for one in results]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Scenario", ["Actual", "Budget"]),
        ("Version", ["Actuals", "Forecast"]),
        ("Typ", ["Ist", "Soll"]),
        ("Szenario", ["IST", "Plan 2024"]),
        ("Scénario", ["Réalisé", "Prévision"]),
        ("Versione", ["Consuntivo", "Budget"]),
        ("Senaryo", ["Gerçekleşen", "Bütçe"]),
        ("区分", ["実績", "計画"]),
        ("Year", ["Current year", "Prior year"]),
    ],
)
def test_a_plan_is_not_added_to_what_happened(header: str, words: list[str]) -> None:
    source = table(header, words * 2)
    assert leads(source) == [(None, "mixed_scenarios")]
    assert leads(source, where=f'[{header}] = "{words[0]}"') == [(21, "")]
    assert sorted(number or 0 for number, _ in leads(source, by=header)) == [0, 21, 31]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Region", ["Nord", "Süd"]),
        ("Scenario", ["Actual", "Actual"]),  # nothing else is there
        ("Plan", ["Plan", "Pro"]),  # a plan that customers have
        ("Status", ["Actual", "Closed"]),
        ("Scenario", ["Actual", "actual "]),
    ],
)
def test_other_words_are_added_up(header: str, words: list[str]) -> None:
    assert leads(table(header, words * 2)) == [(52, "")]


def test_files_of_one_scenario_each_are_not_pooled(tmp_path: Path) -> None:
    for name, numbers in (("Actual", (10, 11)), ("Budget", (15, 16))):
        rows = "".join(f"2024-0{i},{name},{n}\n" for i, n in enumerate(numbers, 1))
        (tmp_path / f"{name}.csv").write_text(f"Month,Scenario,Leads\n{rows}")
    files = sorted(tmp_path.iterdir())
    assert leads(files, pool=True) == [(None, "mixed_scenarios")]


def test_a_stored_table(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    source = tmp_path / "leads.parquet"
    pandas.DataFrame(table("Scenario", ["Actual", "Budget"] * 2)).to_parquet(source)
    assert leads(source) == [(None, "mixed_scenarios")]
    assert leads(source, where='Scenario = "Budget"') == [(31, "")]
    assert sorted(number or 0 for number, _ in leads(source, by="Scenario")) == [0, 21, 31]


def test_lists_that_are_stored_are_read_in_memory(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    source = tmp_path / "long.parquet"
    figures = {"Metric": ["Leads", "Visitors"] * 2, "Month": MONTHS, "Value": [10, 100, 11, 110]}
    pandas.DataFrame(figures).to_parquet(source)
    assert leads(source) == [(None, "not_a_stored_column")]
    assert leads(source, engine="python") == [(21, "")]
