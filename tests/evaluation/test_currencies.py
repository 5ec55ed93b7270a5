"""The currency of amounts: what the file says of it is what results show, and two make no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from metricsheet import evaluate
from metricsheet.api import load_catalog
from metricsheet.reading.money import currency_columns, currency_of_format, currency_of_header
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2] / "metrics.yaml"

FORMATS = {
    "": "",
    "General": "",
    "0.0%": "",
    "yyyy-mm-dd": "",
    "[$-409]d-mmm": "",
    "[Red]#,##0": "",
    "[$€-407]#,##0": "EUR",
    "#,##0.00 €": "EUR",
    '#,##0\\ "EUR"': "EUR",
    '"$"#,##0.00': "$",
    '_("$"* #,##0.00_)': "$",
    "[$$-409]#,##0": "USD",
    "[$$-1009]#,##0": "CAD",
    "[$¥-411]#,##0": "JPY",
    "[$¥-804]#,##0": "CNY",
    "[$kr-41D] #,##0": "SEK",
    '#,##0 "kr"': "kr",
    "[$CHF-807] #,##0": "CHF",
    "[$USD] #,##0": "USD",
    '#,##0"円"': "JPY",
    "\\£#,##0": "GBP",
}
HEADERS = {
    "Revenue": "",
    "Try again": "",
    "Revenue EUR/USD": "",
    "Revenue (EUR)": "EUR",
    "Revenue in eur": "EUR",
    "amount_usd": "USD",
    "Umsatz T€": "EUR",
    "Betrag (TEUR)": "EUR",
    "Umsatz kEUR": "EUR",
    "Price $": "$",
    "CA$ spend": "CAD",
    "売上（円）": "JPY",
    "売上(千円)": "JPY",
    "Ciro (TRY)": "TRY",
}


def test_what_number_formats_and_headers_say() -> None:
    assert {code: currency_of_format(code) for code in FORMATS} == FORMATS
    assert {header: currency_of_header(header) for header in HEADERS} == HEADERS


COLUMNS = [
    (["Amount", "Currency"], "Amount", 1),
    (["Amount", "Currency", "Converted Amount", "Converted Currency"], "Amount", 1),
    (["Amount", "Currency", "Converted Amount", "Converted Currency"], "Converted Amount", 3),
    (["Betrag", "Währung"], "Betrag", 1),
    (["金額", "通貨"], "金額", 1),
    (["Amount", "Settlement Currency"], "Amount", None),
    (["Amount", "Country"], "Amount", None),
]


@pytest.mark.parametrize(("headers", "amount", "column"), COLUMNS)
def test_the_column_of_currencies(headers: list[str], amount: str, column: int | None) -> None:
    assert next(iter(currency_columns(headers, amount)), None) == column


def listed(source: Any, **options: Any) -> tuple[Any, ...]:
    """Return value, currency and display of the revenue listed, and the codes of its problems."""
    card: Scorecard = evaluate(source, metrics=ROOT, only="listed_revenue", **options)
    (result,) = [r for r in card.results if not r.slice]
    codes = tuple(p.code for p in card.problems if p.code != "nothing_computed")
    return result.value, result.currency, result.display, codes


IDS = ["a", "b", "c"]
TABLES: dict[str, tuple[Mapping[str, Sequence[Any]], tuple[Any, ...]]] = {
    "nobody says it": ({"Revenue": [1, 2, 3.5]}, (6.5, "", "6.50", ())),
    "header": ({"Revenue (EUR)": [1, 2, 3.5]}, (6.5, "EUR", "€6.50", ())),
    "signs": ({"Revenue": ["1 €", "2 €", "3,50 €"]}, (6.5, "EUR", "€6.50", ())),
    "one sign is enough": ({"Revenue": ["£1", 2, 3.5]}, (6.5, "GBP", "£6.50", ())),
    "column": ({"Revenue": [1, 2, 3.5], "Currency": ["eur"] * 3}, (6.5, "EUR", "€6.50", ())),
    "dollars of Canada": ({"Revenue": ["$1", "$2", "$3.50"], "Currency": ["CAD"] * 3},
                          (6.5, "CAD", "CA$6.50", ())),
    "header and signs": ({"Revenue (AUD)": ["$1", "$2", "$3.50"]}, (6.5, "AUD", "A$6.50", ())),
    "rows without an amount": ({"Revenue": [1, None, 2], "Currency": ["EUR", "USD", "EUR"]},
                               (3, "EUR", "€3.00", ())),
    "two in the column": ({"Revenue": [1, 2, 3.5], "Currency": ["EUR", "USD", "EUR"]},
                          (None, "", "#NUM!", ("mixed_currencies",))),
    "two signs": ({"Revenue": ["1 €", "$2", "£3"]}, (None, "", "#NUM!", ("mixed_currencies",))),
    "header against signs": ({"Revenue (USD)": ["1 €", "2 €", "3 €"]},
                             (None, "", "#NUM!", ("mixed_currencies",))),
    "a column of something else": ({"Revenue": [1, 2, 3.5], "Currency": ["strong", "weak", "weak"]},
                                   (6.5, "", "6.50", ())),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_the_currency_of_a_figure(case: str) -> None:
    table, expected = TABLES[case]
    assert listed({"Customer ID": IDS, **table}) == expected


def workbook(path: Path, formats: Sequence[str]) -> Path:
    """Write a workbook with an amount of 100 under each of ``formats``."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Customer ID", "Revenue"])
        for row, code in enumerate(formats, 1):
            sheet.write_string(row, 0, f"c{row}")
            sheet.write_number(row, 1, 100, book.add_format({"num_format": code}) if code else None)
    return path


def test_number_formats_say_the_currency(tmp_path: Path) -> None:
    euros = workbook(tmp_path / "a.xlsx", ["#,##0.00 [$€-407]"] * 3)
    assert listed(euros) == (300, "EUR", "€300.00", ())
    mixed = workbook(tmp_path / "b.xlsx", ["#,##0.00 [$€-407]", '"$"#,##0', ""])
    assert listed(mixed) == (None, "", "#NUM!", ("mixed_currencies",))


def test_slices_are_shown_each_in_its_own_currency() -> None:
    table = {"Customer ID": IDS, "Revenue": [1, 2, 3.5], "Currency": ["EUR", "USD", "EUR"]}
    card = evaluate(table, metrics=ROOT, by="Currency", only="listed_revenue")
    shown = {tuple(r.slice.values()): r.display for r in card.results}
    assert shown == {(): "#NUM!", ("EUR",): "€4.50", ("USD",): "$2.00"}


def test_costs_in_one_currency_and_revenue_in_another_make_no_ratio() -> None:
    revenue = {"Customers": [10], "Revenue (EUR)": [1000]}
    costs = {"Marketing cost (USD)": [50], "Sales cost (USD)": [50], "New customers": [5]}
    card = evaluate({**revenue, **costs}, metrics=ROOT, only=["cac", "clv_cac_ratio"])
    shown = {r.metric: (r.value, r.currency) for r in card.results}
    assert shown == {"cac": (20, "USD"), "clv_cac_ratio": (None, "")}
    assert "EUR, USD" in next(r.reason for r in card.results if r.metric == "clv_cac_ratio")


DEFINITIONS = """version: 1
extends: builtin
metrics:
  cac: {override: true, target: €300}
"""


@pytest.mark.parametrize(
    ("header", "shown", "status"),
    [
        ("Marketing cost (EUR)", "€400.00", "warn"),
        ("Marketing cost (USD)", "$400.00", "no_target"),
        ("Marketing cost", "400.00", "warn"),
    ],
)
def test_cutoffs_in_a_currency_judge_amounts_in_it_alone(
    tmp_path: Path, header: str, shown: str, status: str
) -> None:
    path = tmp_path / "metrics.yaml"
    path.write_text(DEFINITIONS, encoding="utf-8")
    table = {header: [2000], "Sales cost": [0], "New customers": [5]}
    (result,) = evaluate(table, metrics=load_catalog(path), only="cac").results
    assert (result.display, result.status) == (shown, status)
    assert (result.target is None) == (status == "no_target")


def test_the_currency_of_the_company_stands_where_the_file_says_none(tmp_path: Path) -> None:
    path = tmp_path / "metrics.yaml"
    path.write_text("version: 1\nextends: builtin\ndefaults: {currency: GBP}\n", encoding="utf-8")
    for header, currency in (("Revenue", "GBP"), ("Revenue (EUR)", "EUR")):
        card = evaluate({"Customer ID": IDS, header: [1, 2, 3]}, metrics=path, only="listed_revenue")
        assert [r.currency for r in card.results] == [currency]


def test_thousands_are_multiplied_out() -> None:
    for table, metric, expected in (
        ({"Revenue (k€)": [1.5, "2,25"], "Customer ID": ["a", "b"]}, "listed_revenue", (3750, "EUR")),
        ({"Leads (thousands)": [1, 2]}, "new_leads", (3000, "")),
    ):
        (result,) = evaluate(table, metrics=ROOT, only=metric).results
        assert (result.value, result.currency) == expected


@pytest.mark.parametrize(
    ("headers", "ratio"),
    [
        (("Revenue", "Marketing cost"), 50),
        (("Revenue (k$)", "Marketing cost"), None),
        (("Revenue (TEUR)", "Marketing cost (TEUR)"), 50),
        (("Revenue (Mio. €)", "Marketing cost (T€)"), None),
    ],
)
def test_thousands_and_plain_amounts_make_no_figure(headers: tuple[str, str], ratio: float | None) -> None:
    table = {"Customers": [10], headers[0]: [1000], headers[1]: [10], "Sales cost": [0], "New customers": [5]}
    if ratio and headers[0] != "Revenue":
        table["Sales cost (T€)"] = table.pop("Sales cost")
    card = evaluate(table, metrics=ROOT, only="clv_cac_ratio")
    assert [result.value for result in card.results] == [ratio]


HINTS: dict[str, tuple[dict[str, list[object]], str]] = {
    "a column of currencies": (
        {"Revenue": [5, 6], "Note": ["a", "b"], "Devise": ["EUR", "USD"]},
        "keep one with --where, or slice by the column that holds the currency: --by Devise",
    ),
    "signs in the cells": (
        {"Revenue": ["5 €", "$6"], "Note": ["a", "b"]},
        "write the currency in a column of its own, then slice by it: --by Currency",
    ),
}


@pytest.mark.parametrize("case", HINTS)
def test_the_hint_names_a_column_that_is_there(case: str) -> None:
    table, hint = HINTS[case]
    (found,) = [p for p in evaluate(table, only="revenue_total").problems if p.code == "mixed_currencies"][:1]
    assert str(found.hint) == hint


def test_a_column_that_only_seems_to_name_currencies_is_passed_over() -> None:
    table = {"Revenue": [5, 6], "Curr.": ["a", "b"], "Currency": ["EUR", "USD"]}
    assert evaluate(table, only="revenue_total").results[0].reason.startswith("#NUM! amounts in EUR, USD")
