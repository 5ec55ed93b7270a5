"""How tables are laid out, and which cells their inputs are then bound to."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.api import evaluate
from metricsheet.binding.bind import bind
from metricsheet.files.book import Book, CellRange, Sheet
from tests.binding.test_export_layouts import headers, shipped
from tests.tables.grids import grid

# name: (sheet, --read, input → address of its cells, codes of problems)
SHAPES: dict[str, tuple[str, dict[str, str], dict[str, str], list[str]]] = {
    "Qualtrics: short ids, questions, import codes": (
        """Q1_NPS_GROUP | Q1 | Q2 | Q3
           Would you recommend us? - Group | Would you recommend us? | Satisfied are you? (1-5) | Comments?
           {"ImportId":"QID1_NPS_GROUP"} | {"ImportId":"QID1"} | {"ImportId":"QID2"} | {"ImportId":"QID3"}
           Promoter | 10 | 4 | good
           Detractor | 3 | 5 |
           Promoter | 9 | 2 | slow""",
        {},
        {"recommend_score": "B4:B6", "satisfaction_answer": "C4:C6", "comment": "D4:D6"},
        [],
    ),
    "numbers of questions above the questions": (
        """Q1 | Q2 | Q3
           How likely are you to recommend us? | How satisfied are you? (1-5) | Any comments?
           9 | 4 | good
           10 | 5 |
           3 | 2 | slow""",
        {},
        {"recommend_score": "A3:A5", "satisfaction_answer": "B3:B5", "comment": "C3:C5"},
        [],
    ),
    "labels behind a blank column, an empty corner": (
        """ | | Jan 2024 | Feb 2024 | Mar 2024
           New MRR | | 500 | 600 | 700
           Churned MRR | | 50 | 60 | 70
           Starting MRR | | 5000 | 5450 | 5990""",
        {},
        {"date": "C1:E1", "mrr_at_start": "C4:E4", "mrr_new": "C2:E2", "mrr_churned": "C3:E3"},
        [],
    ),
    "blank rows and columns everywhere, from the second column on": (
        """MRR movements

           | | Jan 2024 | | Feb 2024 | | Mar 2024

           | New MRR | 500 | | 600 | | 700

           | Churned MRR | 50 | | 60 | | 70
           | Starting MRR | 5000 | | 5450 | | 5990""",
        {},
        {"date": "C3:G3", "mrr_at_start": "C8:G8", "mrr_new": "C5:G5", "mrr_churned": "C7:G7"},
        [],
    ),
    "two tables of months side by side": (
        """ | Jan 2024 | Feb 2024 | | | Jan 2024 | Feb 2024

           Customers lost | 5 | 6 | | Revenue | 100 | 120

           Customers at start | 90 | 95 | | Marketing cost | 10 | 12""",
        {},
        {
            "revenue": "F3:G3",
            "marketing_cost": "F5:G5",
            "customers_at_start": "B5:C5",
            "customers_lost": "B3:C3",
        },
        [],
    ),
    "a total behind a spacer": (
        """ | | 2024-01 | 2024-02 | | Total

           Customers lost | | 5 | 6 | | 11
           Customers at start | | 90 | 95 | | 185""",
        {},
        {"date": "C1:D1", "customers_at_start": "C4:D4", "customers_lost": "C3:D3"},
        ["total_column"],
    ),
    "a list of customers with their months": (
        """Customer ID | Customer name | 2024-01 | 2024-02
           c1 | Acme | 50 | 60
           c2 | Globex | 70 | 0""",
        {},
        {"customer_id": "A2:A3"},
        [],
    ),
    "months without a year": (
        """ | Nov | Dec | Jan
           Customers at start | 90 | 95 | 99
           Customers lost | 5 | 6 | 7""",
        {},
        {"customers_at_start": "B2:D2", "customers_lost": "B3:D3"},
        ["no_year"],
    ),
    "months without a year, settled": (
        """ | Nov | Dec | Jan
           Customers at start | 90 | 95 | 99
           Customers lost | 5 | 6 | 7""",
        {"year": "2023"},
        {"date": "B1:D1", "customers_at_start": "B2:D2", "customers_lost": "B3:D3"},
        [],
    ),
    "one year over all months": (
        """ | | 2024
           | Jan | Feb | Mar
           Customers at start | 90 | 95 | 99
           Customers lost | 5 | 6 | 7""",
        {},
        {"date": "B2:D2", "customers_at_start": "B3:D3", "customers_lost": "B4:D4"},
        [],
    ),
    "years two rows above the months": (
        """ | 2023 | | 2024
           | Actual

           | Nov | Dec | Jan
           Customers at start | 90 | 95 | 99
           Customers lost | 5 | 6 | 7""",
        {},
        {"date": "B4:D4", "customers_at_start": "B5:D5", "customers_lost": "B6:D6"},
        [],
    ),
    "a year over one month, under titles, with blank rows between all rows": (
        """Acme
           KPIs
           | 2023 | 2024
           | Actual
           | Dec | Jan | Feb

           Customers at start | 90 | 95 | 99

           Customers lost | 5 | 6 | 7""",
        {},
        {"date": "B5:D5", "customers_at_start": "B7:D7", "customers_lost": "B9:D9"},
        [],
    ),
    "a figure of another list two rows above months is no year": (
        """Invoices | 2024

            | Nov | Dec | Jan
           Customers at start | 90 | 95 | 99
           Customers lost | 5 | 6 | 7""",
        {},
        {"customers_at_start": "B4:D4", "customers_lost": "B5:D5"},
        ["no_year"],
    ),
    "a year above a table with a row for each month": (
        """2024
           Month | Customers at start | Customers lost
           Januar | 90 | 5
           Februar | 95 | 6""",
        {},
        {"date": "A3:A4", "customers_at_start": "B3:B4", "customers_lost": "C3:C4"},
        [],
    ),
    "months without a year down the first column": (
        """ | Customers at start | Customers lost
           Januar | 90 | 5
           Februar | 95 | 6""",
        {},
        {"customers_at_start": "B2:B3", "customers_lost": "C2:C3"},
        ["no_year"],
    ),
    "SurveyMonkey: a question above Response, another one beside it": (
        """How likely is it that you would recommend Acme? | | How satisfied are you? (1-5)
           Response | Any comments? | Response
           9 | good | 5
           10 | | 4""",
        {},
        {"recommend_score": "A3:A4", "comment": "B3:B4", "satisfaction_answer": "C3:C4"},
        [],
    ),
    "SurveyMonkey: a column for each choice": (
        """Respondent ID | How satisfied are you with Acme? | | | Which plans do you use? | | Country
            | Dissatisfied | Satisfied | Very satisfied | Lite | Pro | Response
           1 | | Satisfied | | Lite | Pro | DE
           2 | Dissatisfied | | | | Pro | AT
           3 | | | Very satisfied | | | DE""",
        {},
        {"satisfaction_answer": "B3:D5"},
        [],
    ),
    "SurveyMonkey: choices are answers by their labels, and nothing else stands there": (
        """How likely is it that you would recommend Acme? | | | | | | | | | |
           Not at all likely - 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | Extremely likely - 10
            | | | x | | | | | | |
            | | | | | | x | | | |
            | | | | | | | x | | |""",
        {},
        {"recommend_score": "A3:K5"},
        [],
    ),
    "SurveyMonkey: choices beside a question above Response and its comment": (
        """Respondent ID | How satisfied are you with Acme? | | How likely are you to recommend us? |
            | Dissatisfied | Satisfied | Response | Comment
           1 | | Satisfied | 9 | good
           2 | Dissatisfied | | 3 |""",
        {},
        {"satisfaction_answer": "B3:C4", "recommend_score": "D3:D4"},
        [],
    ),
    "SurveyMonkey: 1 where a choice is made, else 0": (
        """Respondent ID | How satisfied are you with Acme? | | | How satisfied are you with these? |
            | Dissatisfied | Satisfied | Very satisfied | Price | Speed
           1 | 0 | 1 | 0 | 1 | 5
           2 | 1 | 0 | 0 | 2 | 1
           3 | 0 | 0 | 1 | 4 | 4""",
        {},
        {"satisfaction_answer": "B3:D5"},
        ["several_choices"],
    ),
    "SurveyMonkey: parts of a question are not its answer": (
        """Respondent ID | How satisfied are you with these? | | Comment
            | Price | Speed |
           1 | 4 | 5 | good
           2 | 5 | 3 | slow""",
        {},
        {},
        ["several_choices", "looks_like"],
    ),
    "two rows of headers": (
        """Region | Customers | | Revenue | MRR |
            | At start | Lost | | New | Churned
           EU | 100 | 5 | 1000 | 10 | 3
           US | 200 | 20 | 3000 | 20 | 6""",
        {},
        {
            "segment": "A3:A4",
            "revenue": "D3:D4",
            "customers_at_start": "B3:B4",
            "customers_lost": "C3:C4",
            "mrr_new": "E3:E4",
            "mrr_churned": "F3:F4",
        },
        [],
    ),
    "a title is no group of headers": (
        """Customers
           Region | Lost deals | Won deals
           EU | 5 | 1000
           US | 20 | 3000""",
        {},
        {"segment": "A3:A4", "lost_deals": "B3:B4", "won_deals": "C3:C4"},
        [],
    ),
    "no header": (
        """anna | 9 | 2024-01-01
           ben | 10 | 2024-01-02""",
        {"header": "none"},
        {},
        ["looks_like"],
    ),
}


YEARS: dict[str, tuple[str, list[str]]] = {
    "months": ("Oct | Nov | Dec | Jan", ["Oct 2023", "Nov 2023", "Dec 2023", "Jan 2024"]),
    "quarters": ("Q3 | Q4 | Q1", ["Q3 2023", "Q4 2023", "Q1 2024"]),
    "signs": ("11月 | 12月 | 1月", ["2023年11月", "2023年12月", "2024年1月"]),
    "german": ("Februar | März", ["Februar 2023", "März 2023"]),
    "with a year of their own": ("Jan 2022 | Feb 2022", ["Jan 2022", "Feb 2022"]),
}


@pytest.mark.parametrize("name", YEARS)
@pytest.mark.parametrize("down", [False, True])
def test_year(name: str, down: bool) -> None:
    months, dates = YEARS[name]
    cells = [cell.strip() for cell in months.split("|")]
    numbers = [str(number) for number in range(10, 10 + len(cells))]
    lines = [["", *cells], ["Customers at start", *numbers], ["Customers lost", *numbers]]
    table = map(list, zip(*lines, strict=True)) if down else lines
    sheet = grid("\n".join(" | ".join(line) for line in table), name="", text_only=True)
    dataset = bind(
        shipped(), Book("b.csv", (sheet,), text_only=True), read={"year": "2023"}, headers=headers()
    )
    (found,) = dataset.tables.values()
    assert list(found.dates or ()) == dates


def test_months_that_come_twice_are_of_one_year() -> None:
    sheet = grid(
        "Month | Region | Revenue\nNov | EU | 1\nNov | US | 2\nJan | EU | 3\nJan | US | 4", text_only=True
    )
    dataset = bind(
        shipped(), Book("b.csv", (sheet,), text_only=True), read={"year": "2023"}, headers=headers()
    )
    (found,) = dataset.tables.values()
    assert list(found.dates or ()) == ["Nov 2023", "Nov 2023", "Jan 2023", "Jan 2023"]


def test_without_header_letters_name_the_columns() -> None:
    sheet = grid("R | 9 | EU\nben | 10 | US", name="", text_only=True)
    book = Book("b.csv", (sheet,), text_only=True)
    dataset = bind(shipped(), book, {"recommend_score": "B"}, read={"header": "none"}, headers=headers())
    assert {key: item.where for key, item in dataset.inputs.items()} == {"recommend_score": "b.csv!B1:B2"}
    (found,) = dataset.tables.values()
    assert {name: list(found.columns[name]) for name in "AC"} == {"A": ["R", "ben"], "C": ["EU", "US"]}
    assert [column.column for column in dataset.unused] == ["A", "C"]


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str) -> None:
    text, read, inputs, problems = SHAPES[name]
    book = Book("b.csv", (grid(text, name="", text_only=True),), text_only=True)
    dataset = bind(shipped(), book, read=read, headers=headers())
    found = {key: item.where.removeprefix("b.csv!") for key, item in dataset.inputs.items()}
    assert found == inputs
    assert [problem.code for problem in dataset.problems] == problems


def test_the_labels_of_choices_are_the_answers_and_say_the_scale(tmp_path: Path) -> None:
    text, *_ = SHAPES["SurveyMonkey: choices are answers by their labels, and nothing else stands there"]
    lines = (",".join(cell.strip() for cell in line.split("|")) for line in text.splitlines())
    (tmp_path / "b.csv").write_text("\n".join(lines))
    card = evaluate(tmp_path / "b.csv", only="nps")
    assert [(result.value, result.n) for result in card.results] == [(pytest.approx(-200 / 3), 3)]


# name: (sheet, input → what one unit of its cells is worth)
WORTH: dict[str, tuple[str, dict[str, float]]] = {
    "a header, of counts too": (
        "Month | Revenue (k€) | Impressions (thousands) | Leads\n2024-01 | 1.5 | 20 | 5",
        {"revenue": 1e3, "impressions": 1e3, "leads": 1},
    ),
    "a title, of amounts alone": (
        """All amounts in thousands of EUR

           Month | Revenue | Leads
           2024-01 | 1.5 | 5
           2024-02 | 2.5 | 6""",
        {"revenue": 1e3, "leads": 1},
    ),
    "a title above years and months": (
        "Sales (EURm)\n | 2023 | 2024\n | Dec | Jan | Feb\nRevenue | 1.5 | 2.5 | 3\nLeads | 5 | 6 | 7",
        {"revenue": 1e6, "leads": 1},
    ),
    "a title that names something": (
        "Thousand Oaks\n\nMonth | Revenue\n2024-01 | 1.5\n2024-02 | 2.5",
        {"revenue": 1},
    ),
    "a title, and a header that says otherwise": (
        "in thousands\nMonth | Revenue | Marketing cost (EUR)\n2024-01 | 1.5 | 300\n2024-02 | 2.5 | 400",
        {"revenue": 1e3, "marketing_cost": 1},
    ),
    "titles of tables side by side": (
        """Sales (k€) | | | Costs (€)
           Month | Revenue | | Month | Marketing cost
           2024-01 | 1.5 | | 2024-01 | 300
           2024-02 | 2.5 | | 2024-02 | 400""",
        {"revenue": 1e3, "marketing_cost": 1},
    ),
    "the corner of months": (
        "TEUR | Jan 2024 | Feb 2024\nRevenue | 1.5 | 2.5\nLeads | 5 | 6",
        {"revenue": 1e3, "leads": 1},
    ),
    "a column of units": (
        "KPI | Unit | Jan 2024 | Feb 2024\nRevenue | T€ | 1.5 | 2.5\nMarketing cost | € | 300 | 400",
        {"revenue": 1e3, "marketing_cost": 1},
    ),
    "over a list of values": (
        "KPI | Value (k€)\nRevenue | 1.5\nMarketing cost | 0.3",
        {"revenue": 1e3, "marketing_cost": 1e3},
    ),
}


@pytest.mark.parametrize("name", WORTH)
def test_what_one_unit_is_worth(name: str) -> None:
    text, worth = WORTH[name]
    book = Book("b.csv", (grid(text, name="", text_only=True),), text_only=True)
    dataset = bind(shipped(), book, headers=headers())
    assert {key: item.worth for key, item in dataset.inputs.items() if key != "date"} == worth
    told = {problem.code for problem in dataset.problems} & {"unit_in_header", "mixed_units"}
    mixed = {worth[key] for key in worth if key in ("revenue", "marketing_cost")} == {1, 1e3}
    assert told == ({"mixed_units"} if mixed else {"unit_in_header"} if max(worth.values()) > 1 else set())


# name: (defined name, --map, bound inputs, codes of problems)
SHARED: dict[str, tuple[str, dict[str, str], set[str], list[str]]] = {
    "a name says another input than the header": (
        "customers_lost",
        {},
        set(),
        ["ambiguous", "ambiguous"],
    ),
    "a name says the same": ("customers_at_start", {}, {"customers_at_start"}, []),
    "a map takes the cells": (
        "customers_lost",
        {"customers_lost": "S!A2"},
        {"customers_lost"},
        [],
    ),
    "two maps take the cells": (
        "",
        {"customers_lost": "S!A2", "customers_at_start": "S!A2"},
        {"customers_lost", "customers_at_start"},
        [],
    ),
    "a map takes some of the cells": ("", {"customers_lost": "S!A2:A3"}, {"customers_lost"}, []),
}


@pytest.mark.parametrize("name", SHARED)
def test_no_cell_is_two_inputs_by_guess(name: str) -> None:
    defined, mapping, inputs, problems = SHARED[name]
    rows = 3 if name == "a map takes some of the cells" else 1
    sheet = grid("\n".join(["Customers at start", *["5"] * rows]))
    names = {defined: CellRange("S", 1, 0, 1, 0)} if defined else {}
    dataset = bind(shipped(), Book("b.xlsx", (sheet,), names), mapping, headers=headers())
    assert set(dataset.inputs) == inputs
    assert [problem.code for problem in dataset.problems] == problems


# name: (sheet, what is said of it)
LOOKS = {
    "a table of no kind": (
        "Datum | Kunde | Preis\n2024-01-05 | A | 9\n2024-01-06 | B | 10",
        "one table of 2 rows and 3 columns: Datum, Kunde, Preis; of no known kind",
    ),
    "no header": ("1 | 2\n3 | 4\n5 | 6", "one table of 3 rows and 2 columns: no headers; of no known kind"),
    "two tables": (
        "Colour | Size\nred | 4\nblue | 5\n\nTaste | Price\nsweet | 1\nsour | 2\nsalty | 3",
        "2 tables, the largest of 3 rows and 2 columns: Taste, Price; of no known kind",
    ),
    "whole rows in one column": (
        "Respondent,NPS\n1,10\n2,9\n3,4",
        "one column whose cells hold whole rows, with ',' between the fields: Respondent,NPS",
    ),
    "a note": ("This is a note.", "no table found"),
}


@pytest.mark.parametrize("name", LOOKS)
def test_what_a_file_looks_like_in_which_nothing_is_bound(name: str) -> None:
    text, said = LOOKS[name]
    book = Book("b.csv", (grid(text, name="", text_only=True),), text_only=True)
    (problem,) = bind(shipped(), book, headers=headers()).problems
    assert (problem.code, str(problem.message)) == ("looks_like", said)


def test_nothing_is_said_of_how_a_blank_file_looks() -> None:
    assert bind(shipped(), Book("b.csv", (Sheet("", ()),)), headers=headers()).problems == ()
