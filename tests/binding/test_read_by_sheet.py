"""``--read`` and ``read:`` for all sheets or for one, and the currency that a person names."""

from __future__ import annotations

from pathlib import Path

import pytest

import metricsheet
from metricsheet.errors import UsageError
from metricsheet.reading.money import with_given
from metricsheet.reading.settings import read_on, read_settings

GIVEN = {"decimal": ".", "Sales!decimal": ",", "'It''s'!year": "2024"}


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("Other", {"decimal": "."}),
        ("SALES", {"decimal": ","}),
        ("It's", {"decimal": ".", "year": "2024"}),
    ],
)
def test_a_sheet_is_read_as_all_but_for_its_own_keys(sheet: str, expected: dict[str, str]) -> None:
    assert read_on(GIVEN, sheet) == expected


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ("", "EUR", "EUR"),
        ("EUR", "EUR", "EUR"),
        ("$", "CAD", "CAD"),
        ("$", "EUR", "EUR $"),
        ("USD", "EUR", "USD EUR"),
        (["EUR", "", "USD"], "EUR", ["EUR", "EUR", "USD"]),
        (["$", "", "EUR"], "CAD", ["CAD", "CAD", "EUR"]),
    ],
)
def test_a_currency_given_is_that_of_amounts_without_one(
    said: str | list[str], given: str, expected: str | list[str]
) -> None:
    assert with_given(said, given) == expected


@pytest.mark.parametrize(("text", "code"), [("EUR", "EUR"), ("eur", "EUR"), ("€", "EUR"), ("THB", "THB")])
def test_a_currency_is_a_code_or_sign(text: str, code: str) -> None:
    assert read_settings({"currency": text}).currency == code


@pytest.mark.parametrize("text", ["", "E", "euros please", "12"])
def test_another_currency_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a currency such as EUR"):
        read_settings({"currency": text})


ROWS = "Month,Active customers,Average revenue per customer\n2024-01,10,{}\n2024-02,10,{}\n"


@pytest.mark.parametrize(
    ("cells", "currency", "found"),
    [
        (("1000", "1200"), None, ["", ""]),
        (("1000", "1200"), "EUR", ["EUR", "EUR"]),
        (("$1000", "$1200"), "CAD", ["CAD", "CAD"]),
        (("€1000", "€1200"), "USD", []),
    ],
)
def test_results_are_in_the_currency_given(
    tmp_path: Path, cells: tuple[str, str], currency: str | None, found: list[str]
) -> None:
    file = tmp_path / "firm.csv"
    file.write_text(ROWS.format(*cells), encoding="utf-8")
    card = metricsheet.evaluate(
        file, only="mrr", period="month", read={"currency": currency} if currency else None
    )
    mrr = [one for one in card.results if one.metric == "mrr" and one.period]
    assert [one.currency for one in mrr if one.value is not None] == found


def test_keys_of_a_sheet_stand_under_its_name(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    first.title = "Sales"
    for row in (["Month", "Sent", "Delivered"], ["Jan", "1.000", "900"], ["Feb", "2.000", "1.800"]):
        first.append(row)
    other = book.create_sheet("It's US")
    for row in (["Month", "Customers at start", "Customers lost"], ["2024-01", "1,000", "50"]):
        other.append(row)
    book.save(tmp_path / "two.xlsx")
    (tmp_path / "two.map.yaml").write_text(
        'read:\n  Sales:\n    year: 2023\n    decimal: ","\n  It\'s US:\n    decimal: "."\n', encoding="utf-8"
    )
    card = metricsheet.evaluate(tmp_path / "two.xlsx", period="month")
    churn = [one.value for one in card.results if one.metric == "churn_rate"]
    assert churn[0] == pytest.approx(50 / 1000)
    rates = [one for one in card.results if one.metric == "delivery_rate" and one.period]
    delivered = {one.period: one.value for one in rates}
    assert delivered == {"2023-01": pytest.approx(0.9), "2023-02": pytest.approx(0.9)}
    assert not [p for p in card.problems if p.code == "read_not_found"]


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Sales"
    book.active.append(["Customers at start", "Customers lost"])
    book.active.append([100, 5])
    book.save(tmp_path / "one.xlsx")
    card = metricsheet.evaluate(tmp_path / "one.xlsx", read={"Sale!year": "2024"})
    (told,) = [p for p in card.problems if p.code == "read_not_found"]
    assert "Sales" in str(told.hint)


@pytest.mark.parametrize(
    "text",
    [
        "read:\n  Sales:\n    years: 2024\n",
        "read:\n  Sales:\n    kind: nothing\n",
        "read:\n  A:\n    B:\n      year: 2024\n",
    ],
)
def test_what_no_sheet_can_be_told_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.csv").write_text("Customers at start,Customers lost\n100,5\n", encoding="utf-8")
    (tmp_path / "one.map.yaml").write_text(text, encoding="utf-8")
    card = metricsheet.evaluate(tmp_path / "one.csv")
    assert [p.code for p in card.problems] == ["bad_mapping"]
