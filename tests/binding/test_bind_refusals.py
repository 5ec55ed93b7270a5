"""Where binding refuses rather than guesses, and what settles it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from metricsheet.binding.bind import bind
from metricsheet.catalog.definitions import InputDefinition
from metricsheet.dataset import Dataset, Problem
from metricsheet.files.book import CellRange, RawCell
from tests.binding.binding_catalog import CATALOG, INPUTS, book, make_catalog, rows, sheet

SCORES = [9, 10, 3, 7, 8, 0, 6, 10]


def problem(dataset: Dataset, code: str) -> Problem:
    found = [p for p in dataset.problems if p.code == code]
    assert len(found) == 1, dataset.problems
    return found[0]


def scores(name: str, header: str = "Score") -> object:
    return sheet(name, [header, "Region"], *rows(30, SCORES, ["EU", "US"]))


def test_two_sheets_with_the_header() -> None:
    dataset = bind(CATALOG, book(scores("New"), scores("Old survey")))  # type: ignore[arg-type]
    assert "recommend_score" not in dataset.inputs
    told = problem(dataset, "ambiguous")
    assert told.inputs == ("recommend_score",)
    assert told.metrics == ("nps",)
    assert "New!Score (New!A2:A31)" in str(told.message)
    assert "'Old survey'!Score ('Old survey'!A2:A31)" in str(told.message)
    assert "--map recommend_score=New!Score" in str(told.hint)
    assert "--map \"recommend_score='Old survey'!Score\"" in str(told.hint)
    assert dataset.refused["recommend_score"] == told.message


@pytest.mark.parametrize(
    "target", ["New!Score", "'Old survey'!Score", "Old survey!Score", "New!A", "New!A2:A31"]
)
def test_the_line_of_the_hint_settles_it(target: str) -> None:
    both = book(scores("New"), scores("Old survey"))  # type: ignore[arg-type]
    dataset = bind(CATALOG, both, {"recommend_score": target})
    assert dataset.inputs["recommend_score"].where.endswith("A2:A31")
    assert not dataset.problems


def test_two_columns_of_one_table() -> None:
    data = sheet("S", ["Score", "NPS", "Score "], *rows(30, SCORES, SCORES, SCORES))
    dataset = bind(CATALOG, book(data))
    told = problem(dataset, "ambiguous")
    assert "S!NPS (S!B2:B31)" in str(told.message)
    for target, column in (("S!A:A", "A"), ("S!NPS", "B"), ("S!C:C", "C")):
        assert f"recommend_score={target}" in str(told.hint)
        settled = bind(CATALOG, book(data), {"recommend_score": target})
        assert settled.inputs["recommend_score"].where == f"Book.xlsx!S!{column}2:{column}31"
        assert settled.inputs["recommend_score"].table == "S"


def test_two_labels() -> None:
    data = book(sheet("A", ["Marketing cost", 5.0]), sheet("B", ["Marketing cost", 6.0]))
    told = problem(bind(CATALOG, data), "ambiguous")
    assert "A!Marketing cost (A!B1)" in str(told.message)


def test_inputs_that_no_metric_reads_are_refused_quietly() -> None:
    days = [dt.date(2024, 1, 1)]
    first = sheet("A", ["Date", "Region", "Score"], *rows(30, days, ["EU"], SCORES))
    second = sheet("B", ["Date", "Region", "Revenue"], *rows(30, days, ["EU"], [5.0]))
    dataset = bind(CATALOG, book(first, second))
    assert not dataset.problems
    assert {"date", "segment"} <= dataset.refused.keys()
    assert all("segment" in table.columns for table in dataset.tables.values())
    assert all(table.dates is not None for table in dataset.tables.values())


def test_the_table_of_the_other_inputs_decides_and_says_so() -> None:
    monthly = sheet("Monthly", ["Revenue", "Customers"], *rows(12, [5.0, 6.0], [2.0, 3.0]))
    ads = sheet("Ads", ["Revenue", "Clicks"], *rows(12, [1.0, 2.0], [7.0, 8.0]))
    dataset = bind(CATALOG, book(ads, monthly))
    assert dataset.inputs["revenue"].where == "Book.xlsx!Monthly!A2:A13"
    told = problem(dataset, "chosen_by_table")
    assert "Ads!Revenue (Ads!A2:A13)" in str(told.message)
    assert str(told.hint) == "--map revenue=Ads!Revenue for the other"


def test_partners_in_both_tables_decide_nothing() -> None:
    monthly = sheet("Monthly", ["Customers", "Revenue"], *rows(12, [5.0, 6.0], [2.0, 3.0]))
    ads = sheet("Ads", ["Customers", "Marketing cost"], *rows(12, [1.0, 2.0], [7.0, 8.0]))
    dataset = bind(CATALOG, book(ads, monthly))
    assert problem(dataset, "ambiguous").inputs == ("customers",)
    assert {"revenue", "marketing_cost"} <= dataset.inputs.keys()


# header, column, part of the message, part of the hint
NOT_THIS = [
    ("NPS", [32.5, -14.0, 41.2], "finished score", "--map nps=S!NPS"),
    ("NPS", [8.2, 7.9, 8.5], "average", "--map nps=S!NPS"),
    ("NPS", ["32.5", "-14"], "finished score", "--map nps=S!NPS"),
    ("NPS", ["great", "could be better"], "only text", "column of numbers"),
    ("Churn", [0.021, 0.034, 0.05], "rates", "--map churn_rate_flags=S!Churn"),
    ("Churn", [12.0, 15.0, 9.0], "counts", "--map"),
    ("Churn", ["too expensive", "moved away"], "neither yes nor no", "--map"),
    ("Revenue", ["high", "low", "low"], "only text, such as 'high'", "--map revenue="),
    ("Signup", ["soon", "later"], "not dates", "--map"),
    ("Signup", [1.0, 2.0, 3.0], "without a year", "--map"),
    ("Customers", ["12 %", "13 %"], "percentages", "--map"),
]


@pytest.mark.parametrize(("header", "column", "said", "hint"), NOT_THIS)
def test_a_column_that_cannot_be_the_input(
    header: str, column: Sequence[RawCell], said: str, hint: str
) -> None:
    data = sheet("S", [header, "Opens"], *rows(24, column, [1.0, 2.0]))
    dataset = bind(CATALOG, book(data))
    told = problem(dataset, "not_this_input")
    assert said in str(told.message)
    assert hint in str(told.hint)
    assert told.inputs[0] in dataset.refused
    assert told.inputs[0] not in dataset.inputs
    assert told.metrics
    assert "opens" in dataset.inputs  # the others go on


def test_a_single_finished_score_under_its_label() -> None:
    dataset = bind(CATALOG, book(sheet("S", ["NPS", 32.5])))
    assert "finished score" in str(problem(dataset, "not_this_input").message)
    mapped = bind(CATALOG, book(sheet("S", ["NPS", 32.5])), {"nps": "S!NPS"})
    assert list(mapped.inputs["nps"].cells) == [32.5]


MONTHS = [dt.datetime(2024, month, 1) for month in range(1, 5)]
EACH_DAY = [dt.datetime(2024, 1, day) for day in range(1, 5)]

# name: (sheet, input that is refused or bound)
PER_PERIOD = {
    "a score per month": (["Month", "NPS"], MONTHS, [8.0, 9.0, 7.0, 10.0], "recommend_score"),
    "a count per month": (["Month", "Churn"], MONTHS, [1.0, 0.0, 1.0, 0.0], "churned"),
    "a score per quarter": (
        ["Quarter", "NPS"],
        ["Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"],
        [8.0, 9.0, 7.0, 10.0],
        "recommend_score",
    ),
}


@pytest.mark.parametrize("case", PER_PERIOD)
def test_one_figure_per_period_is_no_list_of_answers(case: str) -> None:
    headers, first, second, key = PER_PERIOD[case]
    dataset = bind(CATALOG, book(sheet("S", headers, *zip(first, second, strict=True))))
    assert key not in dataset.inputs
    assert "not a list of answers" in str(problem(dataset, "not_this_input").message)
    across = bind(CATALOG, book(sheet("S", [headers[0], *first], [headers[1], *second])))
    assert key not in across.inputs


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (EACH_DAY, [8.0, 9.0, 7.0, 10.0]),
        ([dt.datetime(2024, 1, 31), dt.datetime(2024, 2, 1)], [8.0, 9.0]),
        ([dt.datetime(2024, 1, 1, 9), dt.datetime(2024, 2, 1, 10)], [8.0, 9.0]),
        ([*MONTHS[:2], *MONTHS[:2]], [8.0, 9.0, 7.0, 10.0]),
        (["Ann", "Ben", "Cem", "Dan"], [8.0, 9.0, 7.0, 10.0]),
    ],
)
def test_answers_with_dates_are_answers(first: Sequence[RawCell], second: Sequence[RawCell]) -> None:
    dataset = bind(CATALOG, book(sheet("S", ["Month", "NPS"], *zip(first, second, strict=True))))
    assert list(dataset.inputs["recommend_score"].cells) == list(second)


def test_one_answer_beside_its_label_is_a_finished_score() -> None:
    cards = sheet("S", ["NPS", 9.0], ["Revenue", 100.0])
    dataset = bind(CATALOG, book(cards))
    assert "recommend_score" not in dataset.inputs
    assert "revenue" in dataset.inputs
    assert "--map nps=S!NPS" in str(problem(dataset, "not_this_input").hint)
    assert list(bind(CATALOG, book(cards), {"recommend_score": "S!B1"}).inputs["recommend_score"].cells) == [
        9.0
    ]


# as near to a refusal as can be
FITS = [
    ("NPS", [9, 10, 3]),
    ("NPS", ["9", "10 - Extremely likely", "n/a"]),
    ("NPS", [9, 9, 32.5, 8]),
    ("Satisfaction", [1, 2, 3, 4, 5]),
    ("Churn", ["Yes", "No"]),
    ("Churn", [1, 0]),
    ("Churn", [True, False]),
    ("Churn", ["Churned", "Active", "?"]),
    ("Revenue", ["1,234", "2,345"]),
    ("Revenue", [None, None]),
    ("Revenue", ["n/a", "--"]),
    ("Revenue", ["12,5", "abc"]),
    ("Signup", ["2024-01-01", "open"]),
]


@pytest.mark.parametrize(("header", "column"), FITS)
def test_a_column_that_may_be_the_input(header: str, column: Sequence[RawCell]) -> None:
    data = sheet("S", [header, "Opens"], *rows(24, column, [1.0, 2.0]))
    dataset = bind(CATALOG, book(data))
    assert len(dataset.inputs) == 2
    assert not dataset.problems


def test_of_two_candidates_the_one_that_fits() -> None:
    raw = sheet("Raw", ["NPS"], *rows(30, SCORES))
    done = sheet("Done", ["Month", "NPS"], *rows(6, [dt.date(2024, 1, 1)], [32.5, 40.1]))
    dataset = bind(CATALOG, book(done, raw))
    assert dataset.inputs["recommend_score"].where == "Book.xlsx!Raw!A2:A31"
    told = problem(dataset, "decided_by_values")
    assert "Done!NPS" in str(told.message)
    assert "finished score" in str(told.message)


CHURN_OF_BOTH = make_catalog(
    (
        *[i for i in INPUTS if i.key not in ("churned", "customers_lost")],
        InputDefinition("churned", {"en": "Churned"}, ("churn",), "flag"),
        InputDefinition("customers_lost", {"en": "Customers lost"}, ("churn",), unit="count"),
    )
)


@pytest.mark.parametrize(
    ("column", "key"),
    [([12, 15, 9], "customers_lost"), (["Yes", "No"], "churned"), ([True, False], "churned")],
)
def test_a_header_of_two_inputs_is_decided_by_values(column: Sequence[RawCell], key: str) -> None:
    data = sheet("S", ["Churn", "Opens"], *rows(24, column, [1.0, 2.0]))
    dataset = bind(CHURN_OF_BOTH, book(data))
    assert key in dataset.inputs
    told = problem(dataset, "decided_by_values")
    assert f"read as {key}" in str(told.message)


def test_a_header_of_two_inputs_that_values_do_not_decide() -> None:
    data = book(sheet("S", ["Churn", "Opens"], *rows(24, [1, 0, 0], [1.0, 2.0])))
    dataset = bind(CHURN_OF_BOTH, data)
    assert not {"churned", "customers_lost"} & dataset.inputs.keys()
    told = [p for p in dataset.problems if p.code == "ambiguous"]
    assert {p.inputs[0] for p in told} == {"churned", "customers_lost"}
    assert all("--map churned=S!Churn" in str(p.hint) for p in told)
    settled = bind(CHURN_OF_BOTH, data, {"churned": "S!Churn"})
    assert "churned" in settled.inputs
    assert str(settled.refused["customers_lost"]).startswith("no column found for")


def test_cells_mapped_to_one_input_are_not_taken_for_another() -> None:
    data = book(sheet("S", ["Score", "Opens"], *rows(24, SCORES, [1.0, 2.0])))
    dataset = bind(CATALOG, data, {"satisfaction_score": "Score"})
    assert "satisfaction_score" in dataset.inputs
    assert "recommend_score" not in dataset.inputs


def test_several_defined_names() -> None:
    data = sheet("S", ["a", "b"], *rows(5, [1.0], [2.0]))
    names = {"revenue": CellRange("S", 1, 0, 5, 0), "Umsatz": CellRange("S", 1, 1, 5, 1)}
    told = problem(bind(CATALOG, book(data, names=names)), "ambiguous")
    assert "S!a" in str(told.message)
    names["Umsatz"] = names["revenue"]
    assert "revenue" in bind(CATALOG, book(data, names=names)).inputs
