"""Total rows are left out of tables, with a problem that names them; rows of data never are."""

from __future__ import annotations

import pytest

from metricsheet.files.book import Sheet
from metricsheet.tables.regions import Region, find_regions
from metricsheet.tables.totals import total_label
from metricsheet.values import DIV0, ExcelError
from tests.tables.grids import grid


def the_table(sheet: Sheet) -> Region:
    return next(region for region in find_regions(sheet, source="book.xlsx") if region.kind == "table")


WORDS = {
    "total": ("Total", "total:", "TOTALS", "Grand Total", "Subtotal", "Sub-total", "Sum", "Average", "Mean"),
    "german": (
        "Summe",
        "Gesamt",
        "Gesamtsumme",
        "Gesamtergebnis",
        "Insgesamt",
        "Zwischensumme",
        "Durchschnitt",
        "Ø",
    ),
    "japanese": ("合計", "総計", "小計", "合 計".replace(" ", ""), "平均", "合計：", "（合計）"),
    "turkish": ("Toplam", "TOPLAM", "Genel Toplam", "Ara toplam", "Ortalama"),
    "italian": ("Totale", "Totale generale", "TOTALI", "Subtotale", "Somma"),
}


@pytest.mark.parametrize("word", [word for words in WORDS.values() for word in words])
def test_a_row_that_says_only_total_is_left_out(word: str) -> None:
    region = the_table(grid(f"Region | New | Lost\nEU | 10 | 1\nUS | 20 | 2\n{word} | 33 | 3"))
    assert [list(column) for column in region.columns] == [["EU", "US"], [10.0, 20.0], [1.0, 2.0]]
    assert region.bottom == 2
    (problem,) = region.problems
    assert problem.code == "total_row"
    assert problem.source == "book.xlsx"
    assert f"S!A4 '{word}'" in str(problem.message)


# name: (sheet, rows of the table that are left, indexes of rows blanked, cells named in the problem)
TOTALS: dict[str, tuple[str, int, list[int], list[str]]] = {
    "after a blank row": ("Region | New\nEU | 10\nUS | 20\nJP | 5\n\nTotal | 35", 3, [], ["S!A6"]),
    "after a blank row and a blank column": (
        "Region | Comment | New\nEU | x | 10\nUS | y | 20\nJP | z | 5\n\nTotal | | 35",
        3,
        [],
        ["S!A6"],
    ),
    "label in a later column": (
        "Date | Region | New\n2024-01-01 | EU | 10\n2024-01-02 | US | 20\n | Total | 30",
        2,
        [],
        ["S!B4"],
    ),
    "total of something": ("Region | New\nEU | 10\nUS | 20\nTotal EMEA | 30", 2, [], ["S!A4"]),
    "something total": ("Region | New\nEU | 10\nUS | 20\nEMEA total | 30", 2, [], ["S!A4"]),
    "no label": ("Region | New | Lost\nEU | 10 | 1\nUS | 20 | 2\n | 30 | 3", 2, [], ["S!B4"]),
    "total and average": (
        "Region | New\nEU | 10\nUS | 20\nTotal | 30\nAverage | 15",
        2,
        [],
        ["S!A4", "S!A5"],
    ),
    "subtotals between rows": (
        "Region | New\nEU | 10\nUK | 20\nEMEA total | 30\nUS | 5\nCA | 6\nAmericas total | 11\nTotal | 41",
        5,
        [2],
        ["S!A4", "S!A7", "S!A8"],
    ),
    "subtotals of a column further right": (
        "Region | Country | New\nEMEA | DE | 10\nEMEA | UK | 20\nEMEA | Total | 30\n"
        "APAC | JP | 5\nAPAC | KR | 6\nAPAC | Total | 11",
        5,
        [2],
        ["S!B4", "S!B7"],
    ),
    "counts that do not add up": ("Region | Customers\nEU | 10\nUS | 20\nTotal | 27", 2, [], ["S!A4"]),
    "total of an error": ("Region | New\nEU | 10\nUS | 20\nTotal | n/a", 2, [], ["S!A4"]),
    "total with a dash": ("Region | Plan | New\nEU | A | 10\nUS | B | 20\nTotal | – | 30", 2, [], ["S!A4"]),
    "numbers as text": ("Region | New\nEU | '10\nUS | '20\nTotal | '30", 2, [], ["S!A4"]),
    "doubtful word that adds up": ("Region | New\nEU | 10\nUS | 20\nAll | 30", 2, [], ["S!A4"]),
    "no total": ("Region | New\nEU | 10\nUS | 20", 2, [], []),
    "smaller than the others": ("Region | New\nEU | 10\nUS | 20\nAll | 15", 3, [], []),
    "subtotal of one row": (
        "Region | New\nEU | 10\nEU Total | 10\nUS | 20\nUS Total | 20",
        3,
        [1],
        ["S!A3", "S!A5"],
    ),
    "subtotal that counts nobody twice": (
        "Region | Customers\nEU | 10\nEU | 20\nEU Total | 27\nUS | 5",
        4,
        [2],
        ["S!A4"],
    ),
    "average of all": ("Region | New\nEU | 10\nUS | 20\nRegional average | 15", 2, [], ["S!A4"]),
    "average that is none": ("Band | Sales\nBlur | 10\nPulp | 20\nAverage White Band | 45", 3, [], []),
    "least and most": ("Region | New\nEU | 10\nUS | 20\nMin | 10\nMax | 20", 2, [], ["S!A4", "S!A5"]),
    "person called Max": ("Name | Calls\nEva | 10\nTom | 20\nMax | 18", 3, [], []),
    "no label after a blank row": ("Region | New\nEU | 10\nUS | 20\n\n | 30", 2, [], ["S!B5"]),
    "money as text": (
        "Region | Sales\nEU | '$1,000.50\nUS | '$20.00\nTotal EMEA | '$1,020.50",
        2,
        [],
        ["S!A4"],
    ),
    "above the rows it adds up": (
        "Month | Region | New\n2024-01-01 | All | 30\n2024-01-01 | EU | 10\n2024-01-01 | US | 20\n"
        "2024-02-01 | All | 9\n2024-02-01 | EU | 4\n2024-02-01 | US | 5",
        6,
        [0, 3],
        ["S!B2", "S!B5"],
    ),
    "months with quarters and a year": (
        "Month | New\nJan 2024 | 1\nFeb 2024 | 2\nMar 2024 | 3\nQ1 2024 | 6\nApr 2024 | 4\nFY 2024 | 11",
        5,
        [3],
        ["S!A5", "S!A7"],
    ),
    "months with other rows": (
        "Month | New\n2024-01-01 | 1\n2024-02-01 | 2\n2024-03-01 | 3\nTarget | 9\nYoY | 0.2",
        3,
        [],
        ["S!A5", "S!A6"],
    ),
    "months with remarks": ("Month | New\nJan-24 | 1\nFeb-24* | 2\nMar-24 (forecast) | 3", 3, [], []),
    "days with a word": ("Date | New\n2024-01-04 | 1\n2024-01-09 | 2\ntbd | 3", 3, [], []),
    "months told twice": (
        "Month | New\n2024-01-01 | 1\n2024-01-01 | 2\n2024-02-01 | 4\n2024-02-01 | 3\ntbd | 3",
        5,
        [],
        [],
    ),
    "years beside quarters": (
        "Period | New\n2023 Q3 | 1\n2023 Q4 | 2\n2023 | 3\n2024 Q1 | 5",
        4,
        [2],
        ["S!A4"],
    ),
    "numbers that look like years": ("Code | New\n2001 | 1\n2050 | 2\n2007 | 3\nother | 4", 4, [], []),
    "doubtful word in italian": ("Canale | Nuovi\nTV | 10\nWeb | 20\nMedia | 7", 3, [], []),
    "customer whose name begins so": ("Customer | Revenue\nAcme | 10\nBeta | 20\nTotal Wine | 45", 3, [], []),
    "customer whose name ends so": ("Customer | Revenue\nAcme | 10\nBeta | 20\nCaffè Totale | 45", 3, [], []),
    "plan called total": (
        "Customer | Plan | Revenue\nAcme | Basic | 10\nBeta | Total | 25\nGamma | Total | 30",
        3,
        [],
        [],
    ),
    "last row without a name": ("Name | Score\nAnna | 9\nBen | 8\n | 7", 3, [], []),
    "last row blank but for a date": (
        "Region | Date | New\nEU | 2024-01-01 | 10\nUS | 2024-01-02 | 20\n | 2024-01-03 | 30",
        3,
        [],
        [],
    ),
    "sum by chance with a name": (
        "Month | New\n2024-01-01 | 10\n2024-02-01 | 20\n2024-03-01 | 30",
        3,
        [],
        [],
    ),
    "only a total": ("Region | New\nTotal | 30", 1, [], []),
    "list of measures": ("Metric | Value\nNew | 10\nOld | 25\nTotal customers | 30", 3, [], []),
}


@pytest.mark.parametrize("case", TOTALS)
def test_totals(case: str) -> None:
    text, rows, blanked, named = TOTALS[case]
    region = the_table(grid(text))
    assert len(region.columns[0]) == rows
    blank = [k for k in range(rows) if all(column[k] is None for column in region.columns)]
    assert [k for k in blank if k < rows] == blanked
    shown = region.problems[0].message if region.problems else ""
    assert bool(region.problems) == bool(named)
    assert all(cell in shown for cell in named)


def test_totals_of_text_files_are_left_out_too() -> None:
    region = the_table(grid("Region | New\nEU | 10\nUS | 20\nTotal EMEA | 30", text_only=True))
    assert list(region.columns[1]) == ["10", "20"]


def test_an_error_in_a_total_row_leaves_with_it() -> None:
    sheet = grid("Region | Rate\nEU | 1\nUS | 2\nTotal |")
    rows = [list(row) for row in sheet.rows]
    rows[3][1] = ExcelError(DIV0)
    assert list(the_table(Sheet("S", rows)).columns[1]) == [1.0, 2.0]


def test_a_total_stays_a_labelled_value() -> None:
    """Somebody may map the total itself, or a label such as Total revenue may be the input."""
    regions = find_regions(grid("Metric | Value\nNew | 10\nOld | 20\nTotal revenue | 30"))
    pairs = next(region for region in regions if region.kind == "pairs")
    assert "Total revenue" in pairs.headers


def test_rows_named_total_of_something_everywhere_are_names() -> None:
    rows = "\n".join(f"Total {n} | {n * 7 % 13 + 1} | x{n}" for n in range(2000))
    region = the_table(grid(f"Station | Litres | Code\n{rows}"))
    assert len(region.columns[0]) == 2000
    assert region.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "Totally new",
        "Summer",
        "Gesamtschule",
        "Toplama",
        "Totalitarian",
        "Mean Machine",
        "Allianz",
        "合計器",
        "",
    ],
)
def test_words_that_only_begin_alike_are_no_totals(text: str) -> None:
    assert total_label(text) != "total"
    region = the_table(grid(f"Name | Score\nAnna | 9\nBen | 8\n{text or 'x'} | 17"))
    assert len(region.columns[0]) == 3


# rows that say total, are as large as one and do not add up: counted, and told
DOUBTFUL: dict[str, tuple[str, str | None]] = {
    "alone": ("Region | New\nEU | 10\nUS | 20\nAll | 31", "S!A4 'All'"),
    "beside the same month": (
        "Month | Region | New\n2024-01-01 | EU | 10\n2024-01-01 | US | 20\n2024-01-01 | Total | 29",
        "S!B4 'Total'",
    ),
    "smaller": ("Region | New\nEU | 10\nUS | 20\nAll | 15", None),
    "another brand in the same month": (
        "Month | Brand | New\n2024-01-01 | Shell | 10\n2024-01-01 | Total | 20\n2024-02-01 | Total | 29",
        None,
    ),
    "plan of a customer": ("Customer | Plan | Price\nAcme | Basic | 10\nBeta | Total | 25", None),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_what_may_be_a_total_is_counted_and_told(case: str) -> None:
    text, named = DOUBTFUL[case]
    region = the_table(grid(text))
    assert len(region.columns[0]) == text.count("\n")
    assert [problem.code for problem in region.problems] == (["maybe_total"] if named else [])
    assert all(named in str(problem.message) for problem in region.problems if named)
