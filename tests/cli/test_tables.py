"""Kinds of tables through the command line: explained, tested, named in the output, said with --read."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from metricsheet.cli.main import main
from tests.command_line import SHIPPED, said

DEALS = """\
Deal ID,Stage,Amount,Close Date,Owner,Note
1,won,10,2024-01-02,a,x
2,lost,20,2024-01-03,b,y
3,won,40,2024-02-03,a,z
"""


@pytest.fixture
def deals(tmp_path: Path) -> str:
    path = tmp_path / "deals.csv"
    path.write_text(DEALS, encoding="utf-8")
    return str(path)


def test_a_kind_is_explained() -> None:
    text = said("explain", "table", "deals", *SHIPPED)
    assert text.startswith("deals: one deal, offer or opportunity\n")
    for part in (
        "deal_won",
        "deal_value | closed_date | created_date",
        "Deal Stage",
        "written at",
        "metrics.yaml:",
    ):
        assert part in text


def test_a_name_that_is_no_input_names_a_kind() -> None:
    assert said("explain", "crm_campaigns", *SHIPPED) == said("explain", "table", "crm_campaigns", *SHIPPED)
    assert said("explain", "leads", *SHIPPED) != said("explain", "table", "leads", *SHIPPED)


def test_examples_of_kinds_are_run() -> None:
    assert said("test", "ads", *SHIPPED).startswith("2 examples and 0 rule tests: 2 passed, 0 failed")


def test_an_example_that_does_not_hold_fails(tmp_path: Path) -> None:
    path = tmp_path / "metrics.yaml"
    path.write_text(
        "version: 1\nextends: builtin\ntables:\n  tickets:\n    examples:\n"
        "      - {headers: [Ticket, Priority, Opened], is: {date: Opened}}\n",
        encoding="utf-8",
    )
    text = said("test", "tickets", "--metrics", str(path), code=1)
    assert "tickets example 2: wanted tickets (date: Opened), got tickets ()" in text


def test_a_table_is_named(deals: str) -> None:
    text = said("evaluate", deals, "--show", "inputs", *SHIPPED)
    assert "A1:F4: deals, one deal, offer or opportunity" in text
    assert "3 columns are not used" in text


@pytest.mark.parametrize(
    ("language", "row"),
    [("de", "ein Deal, Angebot oder eine Verkaufschance"), ("ja", "商談、見積または案件1件")],
)
def test_a_row_is_named_in_every_language(deals: str, language: str, row: str) -> None:
    assert row in said("evaluate", deals, "--lang", language, "--show", "inputs", *SHIPPED)


def test_json_names_tables_and_guesses(deals: str) -> None:
    card = json.loads(said("evaluate", deals, "--format", "json", *SHIPPED))
    assert card["tables"] == [
        {
            "source": deals,
            "from": f"{deals}!A1:F4",
            "kind": "deals",
            "row": "one deal, offer or opportunity",
            "because": ["Stage", "Amount", "Deal ID"],
        }
    ]
    assert [one["column"] for one in card["unused"]] == ["Deal ID", "Owner", "Note"]


def test_the_workbook_lists_tables_and_unused_columns(deals: str, tmp_path: Path) -> None:
    target = tmp_path / "card.xlsx"
    assert main(["evaluate", deals, "-o", str(target), "-q", *SHIPPED]) == 0
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(target)["Inputs"].iter_rows()]
    assert any(row[1] == "deals" and row[10] == "one deal, offer or opportunity" for row in cells)
    assert any(row[1] == "Note (not used)" for row in cells)


def test_a_map_of_several_headers(tmp_path: Path) -> None:
    for name, header in (("a", "Kopfzahl"), ("b", "Heads"), ("c", "Customers")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Segment,{header},Revenue\nEU,10,1000\n", encoding="utf-8")
    asked = ("--map", "customers=Kopfzahl|Heads", "--set", "clv_span=engagement", "--only", "clv")
    card = json.loads(said("evaluate", str(tmp_path), "--format", "json", *asked, *SHIPPED))
    assert [result["value"] for result in card["results"]] == [100, 100, 100]
    assert card["problems"] == []


def test_a_map_takes_no_header_from_another_input(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("Month,New customers,Neue,Marketing cost\n2024-01,5,7,100\n", encoding="utf-8")
    command = ("evaluate", str(path), "--format", "json", "--only", "cac,new_leads", *SHIPPED)
    card = json.loads(said(*command, "--map", "leads=New customers|Neue"))
    found = {result["metric"]: [use["from"][-2:] for use in result["inputs"]] for result in card["results"]}
    assert found["new_leads"] == ["C2"]
    assert "B2" in found["cac"]


def test_headers_that_no_file_has_are_an_error(deals: str) -> None:
    said("evaluate", deals, "--map", "customers=Foo Bar|Bar Foo", *SHIPPED, code=2)


@pytest.mark.parametrize("kind", ["email", "deal"])
def test_a_kind_that_no_table_is_is_an_error(deals: str, kind: str) -> None:
    said("evaluate", deals, "--read", f"kind={kind}", *SHIPPED, code=2)


def test_a_mapping_file_says_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = (
        "Customer ID,Sales,Order date,Signup date\na,10,2024-01-02,2023-01-02\nb,20,2024-01-03,2023-02-03\n"
    )
    path.write_text(rows, encoding="utf-8")
    (tmp_path / "orders.map.yaml").write_text("read:\n  kind: customers\n", encoding="utf-8")
    assert "A1:D3: customers, one customer" in said("evaluate", str(path), "--show", "inputs", *SHIPPED)
