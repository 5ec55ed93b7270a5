"""Total rows are left out for their numbers, with a problem that names them; rows of data never are."""

from __future__ import annotations

import pytest

from metricsheet.files.book import Sheet
from metricsheet.tables.regions import Region, find_regions
from metricsheet.tables.total_labels import total_label
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


KINDS = {"sum": "60 | 6", "mean": "20 | 2"}


@pytest.mark.parametrize("word", [word for words in WORDS.values() for word in words])
@pytest.mark.parametrize("kind", KINDS)
def test_a_word_and_its_numbers_make_a_total(word: str, kind: str) -> None:
    text = f"Region | New | Lost\nEU | 10 | 1\nUS | 20 | 2\nJP | 30 | 3\n{word} | {KINDS[kind]}"
    region = the_table(grid(text))
    label = total_label(word)
    assert label is not None
    if label.kind != kind and kind == "sum":  # an average of 60 is none
        assert (len(region.columns[0]), region.problems) == (4, ())
        return
    assert [list(c) for c in region.columns] == [["EU", "US", "JP"], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]]
    assert region.bottom == 3
    (problem,) = region.problems
    assert problem.code == "total_row"
    assert problem.source == "book.xlsx"
    assert f"S!A5 '{word}'" in str(problem.message)


@pytest.mark.parametrize("word", [word for words in WORDS.values() for word in words])
def test_a_word_alone_drops_no_row(word: str) -> None:
    region = the_table(grid(f"Region | New | Lost\nEU | 10 | 1\nUS | 20 | 2\n{word} | 7 | 1\nJP | 40 | 5"))
    assert len(region.columns[0]) == 4
    assert region.problems == ()


# name: (sheet, rows of the table that are left, indexes of rows blanked, cells named in the problem)
TOTALS: dict[str, tuple[str, int, list[int], list[str]]] = {
    "after a blank row": ("Region | New\nEU | 10\nUS | 20\nJP | 5\n\nTotal | 35", 3, [], ["S!A6"]),
    "after a blank row and a blank column": (
        "Region | Comment | New\nEU | x | 10\nUS | y | 20\nJP | z | 5\n\nTotal | | 35",
        3,
        [],
        ["S!A6"],
    ),
    "totals of products, of regions and of all": (
        "Region | Product | New\nN | p | 10\nN | p | 5\n | Total | 15\nN | q | 20\nN | q | 3\n | Total | 23\n"
        " | Total | 38\nS | p | 1\nS | p | 2\n | Total | 3\nS | q | 4\nS | q | 5\n | Total | 9\n"
        " | Total | 12\n | Total | 50",
        12,
        [2, 5, 6, 9],
        ["S!B4", "S!B7", "S!B8", "S!B11", "S!B14", "2 more"],
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
    "total with a dash": ("Region | Plan | New\nEU | A | 10\nUS | B | 20\nTotal | – | 30", 2, [], ["S!A4"]),
    "numbers as text": ("Region | New\nEU | '10\nUS | '20\nTotal | '30", 2, [], ["S!A4"]),
    "doubtful word that adds up": ("Region | New\nEU | 10\nUS | 20\nAll | 30", 2, [], ["S!A4"]),
    "no total": ("Region | New\nEU | 10\nUS | 20", 2, [], []),
    "with a number of its own": (
        "Rank | Item | New\n1 | a | 10\n2 | b | 20\n3 | Total | 30\n4 | c | 5",
        4,
        [],
        [],
    ),
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
    "word without a number": ("Region | New\nEU | 10\nUS | 20\nTotal | n/a", 3, [], []),
    "first": ("Region | New\nAll regions | 30\nEU | 10\nUS | 20", 3, [0], ["S!A2"]),
    "first without a label": ("Region | New\n | 30\nEU | 10\nUS | 20", 3, [0], ["S!B2"]),
    "first and last": ("Region | New\nTotal | 30\nEU | 10\nUS | 20\nTotal | 30", 3, [0], ["S!A2", "S!A5"]),
    "between": ("Region | New\nEU | 10\nTotal | 35\nUS | 20\nJP | 5", 4, [1], ["S!A3"]),
    "before the parts of each group": (
        "Region | City | New\nNorth | | 30\nNorth | A | 10\nNorth | B | 20\n"
        "South | | 12\nSouth | C | 5\nSouth | D | 7",
        6,
        [0, 3],
        ["S!A2", "S!A5"],
    ),
    "before the parts of each group, named once": (
        "Region | City | New\nNorth | | 30\n | A | 10\n | B | 20\nSouth | | 12\n | C | 5\n | D | 7\n"
        "Total | | 42",
        6,
        [0, 3],
        ["S!A2", "S!A5", "S!A8"],
    ),
    "of parts named in another column": (
        "Campaign | Type | Clicks | Cost\nShoes | Search | 50 | 100\nHats | Search | 60 | 200\n"
        "Banner | Display | 30 | 90\nTotal: Campaigns | | 140 | 390\nTotal: Account | | 140 | 390\n"
        "Total: Search | | 110 | 300\nTotal: Display | | 30 | 90",
        3,
        [],
        ["S!A5", "S!A6", "S!A7", "S!A8"],
    ),
    "in two dimensions": (
        "Region | Year | New\nEU | A 1 | 1\nEU | A 2 | 2\nUS | A 1 | 3\nUS | A 2 | 4\nEU | All | 3\n"
        "US | All | 7\nAll | A 1 | 4\nAll | A 2 | 6\nAll | All | 10",
        4,
        [],
        ["S!B6", "S!A10"],
    ),
    "in two dimensions, blank": (
        "Region | Year | New\nEU | A 1 | 1\nEU | A 2 | 2\nUS | A 1 | 3\nUS | A 2 | 4\nEU | | 3\n"
        "US | | 7\n | A 1 | 4\n | A 2 | 6\n | | 10",
        4,
        [],
        ["S!A6", "S!B8", "S!C10"],
    ),
    "subtotals of subtotals": (
        "Region | New\na | 1\nb | 2\nSubtotal | 3\nc | 4\nd | 5\nSubtotal | 9\nGroup total | 12\n"
        "e | 7\nf | 8\nSubtotal | 15\nTotal | 27",
        9,
        [2, 5, 6],
        ["S!A4", "S!A7", "S!A8", "S!A11", "S!A12"],
    ),
    "year before its total": (
        "Year | Region | New\n2023 | EU | 1\n2023 | US | 2\n2023 | Total | 3\n"
        "2024 | EU | 4\n2024 | US | 6\n2024 | Total | 10",
        5,
        [2],
        ["S!B4", "S!B7"],
    ),
    "with the currency of all": (
        "Campaign | Currency code | Clicks\nA | EUR | 10\nB | EUR | 20\nC | EUR | 5\nTotal | EUR | 35",
        3,
        [],
        ["S!A5"],
    ),
    "with a rate": (
        "Region | Sent | Rate\nA | 100 | 0.1\nB | 300 | 0.3\nTotal | 400 | 0.25",
        2,
        [],
        ["S!A4"],
    ),
    "rounded": ("Region | Cost\nA | 10.25\nB | 20.5\nTotal | 31", 2, [], ["S!A4"]),
    "count": ("Region | New\nEU | 10\nUS | 20\nJP | 5\nCount | 3", 3, [], ["S!A5"]),
    "average and others": (
        "Region | New\nEU | 10\nUS | 20\nJP | 36\nTotal | 66\nAverage | 22\nMin | 10\nMax | 36",
        3,
        [],
        ["S!A5", "S!A6", "S!A7", "S!A8"],
    ),
    "total that needs a doubtful word": (
        "Canale | Nuovi\nTV | 10\nWeb | 20\nMedia | 15\nTotale | 45",
        3,
        [],
        ["S!A5"],
    ),
    "list with its total": (
        "Region | Amount\nEU | 10\nEU | 20\nUS | 5\nEU | 10\nTotal | 45",
        4,
        [],
        ["S!A6"],
    ),
    "company whose numbers are an average": (
        "Industry | New\nTech | 10\nRetail | 20\nMedia & Entertainment | 15",
        3,
        [],
        [],
    ),
    "company that comes twice": (
        "Industry | New\nMedia & Entertainment | 15\nTech | 10\nMedia & Entertainment | 25",
        3,
        [],
        [],
    ),
    "gym called average": ("Gym | New\nA | 10\nB | 20\nAverage Joe Gym | 15", 3, [], []),
    "plans": ("Plan | New\nLite | 30\nPro | 40\nMax | 12", 3, [], []),
    "risks": ("Risk | Customers\nLow | 10\nAverage | 25\nHigh | 30", 3, [], []),
    "list called all": ("List | Sent\nAll | 10\nAll | 20\nAll | 30\nVIP | 3\nAll | 33", 5, [], []),
    "brand called total, and its total": (
        "Brand | New\nTotal | 5\nShell | 10\nTotal | 7\nBP | 3\nGrand total | 25",
        4,
        [],
        ["S!A6"],
    ),
    "category called as its total": (
        "Plan | New\nTotal | 100\nLite | 50\nPro | 80\nTotal | 230",
        3,
        [],
        ["S!A5"],
    ),
    "brand called total in each region, its subtotals and their total": (
        """Region | Brand | New
           EU | Total | 100
           EU | Shell | 50
           EU | Subtotal | 150
           US | Total | 30
           US | Shell | 45
           US | Subtotal | 75
           Total | | 225""",
        5,
        [2],
        ["S!B4", "S!B7", "S!A8"],
    ),
    "brand called as the total of its region": (
        """Region | Brand | New
           EU | Total | 9
           EU | BP | 5
           EU | Total | 14
           US | Total | 3
           US | BP | 4
           US | Total | 7""",
        5,
        [2],
        ["S!B4", "S!B7"],
    ),
    "plan called total in each month": (
        "Month | Plan | New\n2024-01 | A | 10\n2024-01 | Total | 15\n2024-02 | A | 12\n2024-02 | Total | 17",
        4,
        [],
        [],
    ),
    "without a label, beside a rate": (
        "Channel | Visits | Signups | Rate\nAd | 100 | 60 | 0.6\nDirect | 50 | 20 | 0.4\n | 150 | 80 | 0.533",
        2,
        [],
        ["S!B4"],
    ),
    "without a label, one sum beside another number": (
        "Channel | Sessions | Age\nSearch | 100 | 60\nDirect | 50 | 20\n | 150 | 40",
        3,
        [],
        [],
    ),
    "id before it": ("ID | Plan | Price\n1 | Basic | 10\n2 | Max | 20\n3 | Total | 30", 3, [], []),
    "id behind it": ("Plan | Customer ID | Price\nBasic | 1 | 10\nMax | 2 | 20\nTotal | 3 | 30", 3, [], []),
    "date of its own": (
        "Plan | Date | Price\nBasic | 2024-01-05 | 10\nMax | 2024-01-06 | 20\nTotal | 2024-01-07 | 30",
        3,
        [],
        [],
    ),
    "name of its own": ("Plan | Name | Price\nBasic | Ann | 10\nMax | Ben | 20\nTotal | Cem | 30", 3, [], []),
    "list of measures": ("Metric | Value\nNew | 10\nOld | 25\nTotal customers | 30", 3, [], []),
}


@pytest.mark.parametrize("case", TOTALS)
def test_totals(case: str) -> None:
    text, rows, blanked, named = TOTALS[case]
    region = the_table(grid(text))
    assert len(region.columns[0]) == rows
    blank = [k for k in range(rows) if all(column[k] is None for column in region.columns)]
    assert [k for k in blank if k < rows] == blanked
    shown = str(region.problems[0].message) if region.problems else ""
    assert bool(region.problems) == bool(named)
    assert all(cell in shown for cell in named)


def test_totals_of_text_files_are_left_out_too() -> None:
    region = the_table(grid("Region | New\nEU | 10\nUS | 20\nTotal EMEA | 30", text_only=True))
    assert list(region.columns[1]) == ["10", "20"]


def test_an_error_in_a_total_row_leaves_with_it() -> None:
    sheet = grid("Region | New | Rate\nEU | 4 | 1\nUS | 5 | 2\nTotal | 9 |")
    rows = [list(row) for row in sheet.rows]
    rows[3][2] = ExcelError(DIV0)
    assert list(the_table(Sheet.of_rows("S", rows)).columns[2]) == [1.0, 2.0]


def test_a_row_of_a_word_and_an_error_stays() -> None:
    sheet = grid("Region | Rate\nEU | 1\nUS | 2\nTotal |")
    rows = [list(row) for row in sheet.rows]
    rows[3][1] = ExcelError(DIV0)
    assert list(the_table(Sheet.of_rows("S", rows)).columns[1]) == [1.0, 2.0, ExcelError(DIV0)]


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
    label = total_label(text)
    assert label is None or not label.plain
    region = the_table(grid(f"Name | Score\nAnna | 9\nBen | 8\n{text or 'x'} | 17"))
    assert len(region.columns[0]) == 3


# rows that say total, are larger than the others, and add up nothing: no figure is given over them
UNSURE: dict[str, tuple[str, str | None]] = {
    "months apart": (
        "Month | Place | New\n2024-01-01 | EU | 10\n2024-02-01 | EU | 20\n2024-03-01 | EU | 9\n | Total | 27",
        "S!B5 'Total'",
    ),
    "alone": ("Region | New\nEU | 10\nUS | 20\nAll | 31", "S!A4 'All'"),
    "counts that take nobody twice": ("Region | Customers\nEU | 10\nUS | 20\nTotal | 27", "S!A4 'Total'"),
    "beside the same month": (
        "Month | Region | New\n2024-01-01 | EU | 10\n2024-01-01 | US | 20\n2024-01-01 | Total | 29",
        "S!B4 'Total'",
    ),
    "with a remark": (
        "Region | New | Note\nA | 10 |\nB | 20 |\nC | 5 |\nTotal | 35 | checked",
        "S!A5 'Total'",
    ),
    "long list": (
        "Region | Amount\nEU | 10\nEU | 20\nUS | 5\nEU | 10\nUS | 3\nTotal | 47",
        "S!A7 'Total'",
    ),
    "total of totals that no word names": (
        "Region | New\nEU | 3\nS | 1\nL | 2\nUS | 7\nS | 3\nL | 4\nGrand Total | 10",
        "S!A8 'Grand Total'",
    ),
    "average of two": ("Region | New\nEU | 10\nUS | 20\nAverage | 15", "S!A4 'Average'"),
    "smaller": ("Region | New\nEU | 10\nUS | 20\nAll | 15", None),
    "some answers of a list": ("Region | Score\nEU | 9\nEU | 8\nUS | 7\nTotal | 10\nEU | 3", None),
    "another brand in the same month": (
        "Month | Brand | New\n2024-01-01 | Shell | 10\n2024-01-01 | Total | 20\n2024-02-01 | Total | 29",
        None,
    ),
    "plan of a customer": ("Customer | Plan | Price\nAcme | Basic | 10\nBeta | Total | 25", None),
}


@pytest.mark.parametrize("case", UNSURE)
def test_what_may_be_a_total_is_asked(case: str) -> None:
    text, named = UNSURE[case]
    region = the_table(grid(text))
    assert len(region.columns[0]) == text.count("\n")
    assert [problem.code for problem in region.problems] == (["maybe_total"] if named else [])
    assert [str(row) for row in region.unsure] == ([named] if named else [])
    assert all(named in str(problem.message) for problem in region.problems if named)


@pytest.mark.parametrize("case", UNSURE)
def test_what_may_be_a_total_is_what_one_says(case: str) -> None:
    text, named = UNSURE[case]
    kept = next(r for r in find_regions(grid(text), totals="keep") if r.kind == "table")
    assert (len(kept.columns[0]), kept.problems, kept.unsure) == (text.count("\n"), (), ())
    dropped = next(r for r in find_regions(grid(text), totals="drop") if r.kind == "table")
    assert [str(row) for row in dropped.left_out] == ([named] if named else [])
    assert dropped.unsure == ()


def test_what_may_be_a_total_is_compared_with_the_rows_without_their_totals() -> None:
    """40 of 48 is large enough to be asked about; beside the 48 of the two totals again it would not be."""
    text = (
        "Region | Amount\nEU | 10\nEU | 20\nEU total | 30\nUS | 5\nUS | 10\nUS | 3\nUS total | 18\nTotal | 40"
    )
    region = the_table(grid(text))
    assert [str(row) for row in region.left_out] == ["S!A4 'EU total'", "S!A8 'US total'"]
    assert [str(row) for row in region.unsure] == ["S!A9 'Total'"]


@pytest.mark.parametrize("case", TOTALS)
def test_the_rows_left_out_are_still_there_for_a_range(case: str) -> None:
    text = TOTALS[case][0]
    region = the_table(grid(text))
    kept = next(r for r in find_regions(grid(text), totals="keep") if r.kind == "table")
    for column, complete, all_rows in zip(region.columns, region.complete, kept.columns, strict=True):
        assert len(complete) <= len(all_rows)
        gone = {row.row for row in region.left_out}
        assert all(cell is None or cell == complete[row] for row, cell in enumerate(column))
        assert all(complete[row] == all_rows[row] for row in gone)
