"""Kinds of tables over several files: what is added, what is replaced, and which examples still hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from metricsheet.binding.kind_examples import run_kind_examples
from metricsheet.catalog.definitions import Catalog
from metricsheet.language import LANGUAGES
from metricsheet.prepared import check_definitions
from tests.binding.test_export_layouts import shipped

Write = Callable[[dict[str, str]], Path]


def extended(write: Write, text: str) -> Catalog:
    catalog, found = check_definitions(write({"metrics.yaml": f"version: 1\nextends: builtin\n{text}"}))
    assert [problem.render() for problem in found] == []
    assert catalog is not None
    return catalog


def failed(catalog: Catalog) -> list[str]:
    return [
        f"{o.kind} {o.number}: {o.got}" for o in run_kind_examples(catalog, catalog.tables) if not o.passed
    ]


def test_every_shipped_kind_has_examples_that_hold() -> None:
    catalog = shipped()
    assert [key for key, kind in catalog.tables.items() if not kind.examples] == []
    assert failed(catalog) == []


def test_headers_of_a_company_come_first(write: Write) -> None:
    catalog = extended(
        write,
        "tables:\n  deals:\n    columns: {deal_value: [Auftragssumme netto]}\n    id: [Vorgang]\n"
        "    status: [{column: Typ, not: [intern]}]\n",
    )
    deals, before = catalog.tables["deals"], shipped().tables["deals"]
    assert [word.text for word in deals.columns["deal_value"]][:2] == ["Auftragssumme netto", "Deal - Value"]
    assert [w.text for w in deals.columns["deal_won"]] == [w.text for w in before.columns["deal_won"]]
    assert deals.id[0] == "Vorgang"
    assert deals.status[0].column == "Typ"
    assert deals.needs == before.needs
    assert failed(catalog) == []


def test_a_kind_is_replaced(write: Write) -> None:
    catalog = extended(
        write,
        "tables:\n  tickets:\n    replace: true\n    row: one case\n    needs: [case]\n"
        "    signs: {case: [Case no.]}\n    columns: {date: [Opened]}\n",
    )
    kind = catalog.tables["tickets"]
    assert (kind.needs, list(kind.columns), kind.examples, kind.row) == (
        (("case",),),
        ["date"],
        (),
        {"en": "one case"},
    )


def test_a_word_of_an_own_input_is_generic_no_more(write: Write) -> None:
    assert "score" in shipped().generic
    catalog = extended(write, "inputs:\n  recommend_score: {override: true, also: [Score]}\n")
    assert "score" not in catalog.generic


def test_a_kind_that_takes_over_the_example_of_another_fails(write: Write) -> None:
    catalog = extended(
        write,
        "tables:\n  funnel:\n    row: one step\n    needs: [delivered, opens]\n"
        "    signs: {name: [Email name], rate: [Open rate]}\n"
        "    columns: {sent: [], delivered: [], opens: [Opened], ad_clicks: [Clicked]}\n",
    )
    assert [line.split(":")[0] for line in failed(catalog)] == ["email 2"]


@pytest.mark.parametrize("key", ["answers", "ads", "email", "deals", "figures", "subscriptions"])
def test_kinds_speak_every_language(key: str) -> None:
    assert set(shipped().tables[key].row) == set(LANGUAGES)
