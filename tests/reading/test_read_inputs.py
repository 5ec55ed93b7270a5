"""Raw cells into typed values: counts, rejected cells, and what stops a whole column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.catalog.definitions import InputDefinition, Scale
from metricsheet.reading.inputs import ReadColumn, read_input
from metricsheet.reading.scales import GivenScale
from metricsheet.values import DIV0, NA_, NUM, Cell, ExcelError
from tests.stages import few_cases

NAN, INF = float("nan"), float("inf")
DIV = ExcelError(DIV0)


def numbers(**more: Any) -> InputDefinition:
    return InputDefinition(key="revenue", label={"en": "Revenue"}, **more)


def score(low: float = 0, high: float = 10, **more: Any) -> InputDefinition:
    return InputDefinition(
        key="recommend_score", label={"en": "Score"}, scale=Scale(low, high, whole=True), **more
    )


EFFORT = score(1, 7, either_way=("effort",))
RATE = InputDefinition(key="gross_margin", label={"en": "Gross margin"}, unit="percent")
COUNT = InputDefinition(key="orders", label={"en": "Orders"}, unit="count")
FLAG = InputDefinition(key="churned", label={"en": "Churned"}, also=("churn",), type="flag")
DATE = InputDefinition(key="date", label={"en": "Date"}, type="date")
TEXT = InputDefinition(key="segment", label={"en": "Segment"}, type="text")


def counts(read: ReadColumn) -> tuple[int, int, int, int]:
    return read.used, read.blank, read.text, read.rejected


# definition, raw cells, typed cells, (used, blank, text, rejected), read from text
READ: list[tuple[InputDefinition, Sequence[Cell], list[Cell], tuple[int, int, int, int], int]] = [
    (numbers(), [], [], (0, 0, 0, 0), 0),
    (numbers(), [1.5, 2, None], [1.5, 2, None], (2, 1, 0, 0), 0),
    (numbers(), (1.5, 2.0), [1.5, 2.0], (2, 0, 0, 0), 0),
    (numbers(), [None, None], [None, None], (0, 2, 0, 0), 0),
    (numbers(), [1.0, NAN, None], [1.0, None, None], (1, 2, 0, 0), 0),
    (numbers(), ["12,5", 3.0, "n/a", ""], [12.5, 3.0, None, None], (2, 2, 0, 0), 1),
    (numbers(), ["$1,234.50", "abc", None], [1234.5, "abc", None], (1, 1, 1, 0), 1),
    (numbers(), [1.0, True, False], [1.0, "TRUE", "FALSE"], (1, 0, 2, 0), 0),
    (numbers(), [1.0, DIV], [1.0, DIV], (2, 0, 0, 0), 0),
    (numbers(), ["該当なし", "未回答", "--", "k.A."], [None] * 4, (0, 4, 0, 0), 0),
    (COUNT, ["1,234", "987"], [1234.0, 987.0], (2, 0, 0, 0), 2),
    (score(), [0, 10, 7.0, None], [0, 10, 7.0, None], (3, 1, 0, 0), 0),
    (score(), ["9", "10 - Extremely likely", "x"], [9.0, 10.0, "x"], (2, 0, 1, 0), 2),
    (score(), [9, 9, 8, 11], [9, 9, 8, 11], (3, 0, 0, 1), 0),
    (score(outside="exclude"), [9, 9, 8, 11, -1], [9, 9, 8, None, None], (3, 0, 0, 2), 0),
    (score(), [9, 9, 8, 7.5], [9, 9, 8, 7.5], (3, 0, 0, 1), 0),
    (score(), ["9", "9", "8", "11", ""], [9.0, 9.0, 8.0, 11.0, None], (3, 1, 0, 1), 4),
    (score(1), [0, 1, 10], [0, 1, 10], (2, 0, 0, 1), 0),
    (RATE, [0.05, 0.1, None], [0.05, 0.1, None], (2, 1, 0, 0), 0),
    (RATE, ["5 %", "%10", "0.15"], [0.05, 0.1, 0.15], (3, 0, 0, 0), 3),
    (RATE, ["5 %", 0.1], [0.05, 0.1], (2, 0, 0, 0), 1),
    (RATE, [0.98, 1.05, 1.2], [0.98, 1.05, 1.2], (3, 0, 0, 0), 0),
    (RATE, [0, 1, 0.5], [0, 1, 0.5], (3, 0, 0, 0), 0),
    (numbers(), ["5%", "10%"], [0.05, 0.1], (2, 0, 0, 0), 2),
    (FLAG, [1, 0, 1.0, None], [1.0, 0.0, 1.0, None], (3, 1, 0, 0), 0),
    (FLAG, [1.0, 0.0], [1.0, 0.0], (2, 0, 0, 0), 0),
    (FLAG, [True, False, None], [1.0, 0.0, None], (2, 1, 0, 0), 0),
    (FLAG, ["Yes", "No", "no ", ""], [1.0, 0.0, 0.0, None], (3, 1, 0, 0), 3),
    (FLAG, ["Evet", "HAYIR", "evet"], [1.0, 0.0, 1.0], (3, 0, 0, 0), 3),
    (FLAG, ["はい", "いいえ", "○", "×"], [1.0, 0.0, 1.0, 0.0], (4, 0, 0, 0), 4),
    (FLAG, ["Sì", "No", "ja", "nein"], [1.0, 0.0, 1.0, 0.0], (4, 0, 0, 0), 4),
    (FLAG, ["1", "0", "1.0"], [1.0, 0.0, 1.0], (3, 0, 0, 0), 3),
    (FLAG, ["Churned", "Active"], [1.0, 0.0], (2, 0, 0, 0), 2),
    (FLAG, [1, 0, 0, 3], [1, 0, 0, 3], (3, 0, 0, 1), 0),
    (FLAG, ["Yes", "No", "perhaps"], [1.0, 0.0, "perhaps"], (2, 0, 1, 0), 2),
    (FLAG, [1, DIV], [1, DIV], (2, 0, 0, 0), 0),
    (FLAG, [NAN, 1.0], [None, 1.0], (1, 1, 0, 0), 0),
    (DATE, [45356.0, None], [45356.0, None], (1, 1, 0, 0), 0),
    (DATE, ["2024-03-05", "n/a", "soon"], [45356.0, None, "soon"], (1, 1, 1, 0), 1),
    (DATE, ["05.03.2024", 45356], [45356.0, 45356], (2, 0, 0, 0), 1),
    (DATE, ["2024年3月", "Mar 2024"], [45352.0, 45352.0], (2, 0, 0, 0), 2),
    (DATE, [202401, 202402, 202403.0], [45292.0, 45323.0, 45352.0], (3, 0, 0, 0), 0),
    (DATE, [20240305, None], [45356.0, None], (1, 1, 0, 0), 0),
    (DATE, [2023, 2024], [44927.0, 45292.0], (2, 0, 0, 0), 0),
    (DATE, [45356, -5, 9e9], [45356, None, None], (1, 0, 0, 2), 0),
    (DATE, [202413, 202401], [202413, 202401], (2, 0, 0, 0), 0),
    (DATE, ["45356", "45357"], [45356.0, 45357.0], (2, 0, 0, 0), 2),
    (DATE, [45356, True], [45356, "TRUE"], (1, 0, 1, 0), 0),
    (TEXT, ["EU", "", "NA", "n/a", 5, True], ["EU", None, "NA", None, 5, True], (4, 2, 0, 0), 0),
    (TEXT, [DIV, None], [DIV, None], (1, 1, 0, 0), 0),
    # a sheet saved as text keeps its errors; only #N/A is how people write that there is nothing
    (numbers(), ["1", "#DIV/0!", "#n/a", "5"], [1.0, DIV, None, 5.0], (3, 1, 0, 0), 2),
    (numbers(), ["1", "#WERT!", "5"], [1.0, ExcelError("#VALUE!"), 5.0], (3, 0, 0, 0), 2),
    (FLAG, ["yes", "#REF!"], [1.0, ExcelError("#REF!")], (2, 0, 0, 0), 1),
    (DATE, ["2024-03-05", "#NAME?"], [45356.0, ExcelError("#NAME?")], (2, 0, 0, 0), 1),
    (TEXT, ["EU", "#NUM!", "#1"], ["EU", ExcelError("#NUM!"), "#1"], (3, 0, 0, 0), 0),
]


@pytest.mark.parametrize(("definition", "raw", "typed", "expected", "from_text"), READ)
def test_cells_and_counts(
    definition: InputDefinition,
    raw: Sequence[Cell],
    typed: list[Cell],
    expected: tuple[int, int, int, int],
    from_text: int,
) -> None:
    read = read_input(definition, raw)
    assert read.refusal is None
    assert read.cells == typed
    assert [isinstance(c, bool) for c in read.cells] == [isinstance(c, bool) for c in typed]
    assert counts(read) == expected
    assert sum(expected) == len(raw)
    assert read.read_from_text == from_text


def test_rows_are_named() -> None:
    read = read_input(score(), [11, 9, None, 9, DIV, 9, 7.5])
    assert read.rejected_rows == (0, 6)
    assert read.error_rows == (4,)
    assert read_input(numbers(), [1.0, INF]).cells[1] == ExcelError(NUM)
    assert read_input(numbers(), [1.0, INF]).error_rows == (1,)


def test_answers_next_to_a_whole_number_are_that_number() -> None:
    read = read_input(score(), [9.000000000000002, 8.999999999999998, 10.0, None, 1e-12])
    assert read.refusal is None
    assert read.cells == [9.0, 9.0, 10.0, None, 0.0]
    assert counts(read) == (4, 1, 0, 0)
    assert read_input(score(), [9.0, 9.0, 8.999]).rejected == 1


def test_cells_of_a_ready_column_are_shared_not_copied() -> None:
    cells: list[Cell] = [1.0, None, 2.0]
    assert read_input(numbers(), cells).cells is cells
    assert read_input(score(), cells).cells is cells
    assert read_input(FLAG, [1.0, 0.0]).cells == [1.0, 0.0]


def test_the_cells_given_are_never_changed() -> None:
    cells: list[Cell] = [9, 99, "8", NAN, "n/a"]
    kept = list(cells)
    read_input(score(outside="exclude"), cells)
    assert cells[:3] == kept[:3]
    assert cells[4] == kept[4]


# definition, cells, options, code, part of the message
TROUBLE: list[tuple[InputDefinition, Sequence[Cell], dict[str, Any], str, str]] = [
    (numbers(), ["1,234", "5,678"], {}, "ambiguous_number", "'1,234'"),
    (numbers(), ["1,5", "1.5"], {}, "ambiguous_number", "decimal comma"),
    (numbers(), [10.0, "1,234"], {}, "ambiguous_number", "'1,234'"),
    (numbers(unit="money"), ["5 %", 100.0], {}, "mixed_percents", "percentages and plain numbers"),
    (numbers(unit="money"), ["5 %", "6 %"], {}, "not_this_input", "is not a percentage"),
    (numbers(unit="money"), [100.0, "1.5M"], {}, "ambiguous_number", "'1.5M'"),
    (numbers(unit="money"), ["$12k", 100.0], {}, "ambiguous_number", "thousands"),
    (numbers(unit="money"), ["100", "2,5 Mio. €"], {}, "ambiguous_number", "millions"),
    (numbers(unit="count"), [7, "3 bin"], {}, "ambiguous_number", "'3 bin'"),
    (score(), ["50%", "60%"], {}, "not_this_input", "0..10"),
    (RATE, [0.05, 5.0], {}, "mixed_percents", "0.05 and 5"),
    (RATE, ["0.05", "5"], {}, "mixed_percents", "0.05 and 5"),
    (RATE, [0.5, 80.0, 100.0], {}, "mixed_percents", "0.5 and 100"),
    (RATE, ["5 %", 6.0], {}, "mixed_percents", "percent sign"),
    (RATE, [80.0, 75.0], {}, "mixed_percents", "8000%"),
    (RATE, [0.5, 80.0], {"header": "Margin %"}, "mixed_percents", "0.5 and 80"),
    (score(), [32.5], {}, "not_this_input", "finished score"),
    (score(), [-14], {}, "not_this_input", "finished score"),
    (score(), [42], {}, "not_this_input", "finished score"),
    (score(), ["32.5"], {}, "not_this_input", "finished score"),
    (score(), [32.5, -14, 40, 8], {}, "not_this_input", "32.5, -14"),
    (score(), [8.2, 7.9, 8.5], {}, "not_this_input", "average"),
    (score(), [80, 95, 60, 100], {}, "scale_mismatch", "up to 100"),
    (score(), [1, 2, 3, 4, 5] * 4, {}, "which_scale", "look like a 1–5 scale (20 answers, none above 5)"),
    (score(1), [5], {}, "which_scale", "this metric expects 1..10"),
    (score(), ["1", "5"] * 10, {}, "which_scale", "1–5 scale"),
    (score(), [1, 7], {}, "which_scale", "1–7 scale (2 answers"),
    (score(1, 5), [1, 2, 3] * 7, {}, "which_scale", "1–3 scale (21 answers"),
    (score(1, 7), [1, 2, 3, 4, 5] * 4, {}, "which_scale", "this metric expects 1..7"),
    (
        numbers(unit="money"),
        [100.0, "350 (estimated)"],
        {},
        "amount_not_read",
        "'350 (estimated)' looks",
    ),
    (COUNT, [0.05, 0.04, 0], {}, "not_this_input", "fractions such as 0.04 are shares, orders is a count"),
    (COUNT, [30, 25], {"header": "Orders %"}, "not_this_input", "'Orders %' holds percentages"),
    (COUNT, [0.3, 0.25], {"percent_rows": {0, 1}}, "not_this_input", "holds percentages such as '30%'"),
    (COUNT, [0.3, 25], {"percent_rows": {0}}, "mixed_percents", "30%"),
    (RATE, [0.3, 25], {"percent_rows": {0}}, "mixed_percents", "30%"),
    (numbers(unit="money"), ["-($67.00)", "$100.00"], {}, "amount_not_read", "-($67.00)"),
    (numbers(unit="money"), ["about 350", "100"], {}, "amount_not_read", "about 350"),
    (COUNT, ["12 pcs", "3"], {}, "amount_not_read", "12 pcs"),
    (numbers(unit="money"), ["3千5万", "100"], {}, "amount_not_read", "3千5万"),
    (score(), ["4/5", "9/10"], {}, "which_scale", "out of 5, 10"),
    (
        score(1, 7, either_way=("effort",)),
        [1, 7],
        {"header": "Effort (1-7)"},
        "which_direction",
        "'Effort (1-7)'",
    ),
    (score(1, 5, words="satisfaction"), ["Good", "Very good"], {}, "ambiguous_words", "Good"),
    (
        score(1, 5, words="likelihood"),
        ["Very likely", "Extremely likely"],
        {},
        "ambiguous_words",
        "different",
    ),
    (FLAG, ["too expensive", "moved away", "Yes"], {}, "not_this_input", "neither yes nor no"),
    (FLAG, ["Won", "Lost", "Won"], {}, "not_this_input", "Won"),
    (FLAG, [12, 15, 9], {}, "not_this_input", "counts"),
    (FLAG, [0.02, 0.05], {}, "not_this_input", "rates"),
    (FLAG, [1, 2, 2, 1], {}, "not_this_input", "which means yes"),
    (FLAG, ["12", "15"], {}, "not_this_input", "counts"),
    (DATE, ["05/03/2024", "06/03/2024"], {}, "ambiguous_date", "05/03/2024"),
    (DATE, ["25/03/2024", "03/25/2024"], {}, "ambiguous_date", "month before day"),
    (DATE, ["soon", "later"], {}, "not_this_input", "not dates"),
    (DATE, [True, False], {}, "not_this_input", "not dates"),
    (
        DATE,
        ["31/01/2024", "30/01/2024", "29/01/2024", 45300, 45301, 45302],
        {},
        "ambiguous_date",
        "month first",
    ),
]


@pytest.mark.parametrize(("definition", "cells", "options", "code", "said"), TROUBLE)
def test_troubles(
    definition: InputDefinition, cells: Sequence[Cell], options: dict[str, Any], code: str, said: str
) -> None:
    read = read_input(definition, cells, **options)
    assert read.refusal is not None
    assert read.refusal.code == code
    assert said in str(read.refusal.message)
    assert str(read.refusal.message).startswith(f"{definition.key}: ")
    assert not str(read.refusal.message).endswith(".")
    assert sum(counts(read)) == len(cells) == len(read.cells)


# as near to a trouble as can be
NO_TROUBLE: list[tuple[InputDefinition, Sequence[Cell], dict[str, Any]]] = [
    (score(), [0, 1, 2, 3, 4, 5] * 4, {}),
    (score(), [1, 2, 3, 4, 8], {}),
    (score(), [1, 2, 3, 4, 5] * 4, {"given_scale": GivenScale(Scale(0, 10))}),
    (score(), [1, 2, 3, 4, 5] * 4, {"header": "NPS (0-10)"}),
    (score(1, 7, either_way=("effort",)), [1, 7], {"header": "Ease"}),
    (
        score(1, 7, either_way=("effort",)),
        [1, 7],
        {"header": "Effort", "given_scale": GivenScale(Scale(1, 7), False)},
    ),
    (score(1, 5), [1, 2, 3, 4, 5] * 4, {}),
    (score(1, 5), [1, 2, 3] * 6, {}),
    (score(1, 7), [1, 2, 3, 4, 7] * 4, {}),
    (score(), [9], {}),
    (score(), [32.5], {"given_scale": GivenScale(Scale(0, 10))}),
    (score(), [9, 9, 32.5], {}),
    (score(), [1000, 2000, 3000], {}),
    (score(1, 10, words="satisfaction"), ["Very satisfied"], {}),
    (numbers(), ["1,234"], {"decimal_mark": "."}),
    (numbers(unit="money"), [100.0, "see row 5 below", "estimated", "n/a", "Q1 2024", "2024-03-05"], {}),
    (numbers(unit="money"), ["₹100", "Rs. 50"], {}),
    (score(), [9, "5k"], {}),
    (DATE, ["05/03/2024"], {"date_order": "dmy"}),
    (DATE, ["31/01/2024", "30/01/2024", "29/01/2024", 45310, 45301, 45302], {}),
    (DATE, ["31/01/2024", 45300, 45301, 45302], {}),
    (FLAG, [], {}),
    (FLAG, [None, ""], {}),
    (FLAG, [1, 1], {}),
    (FLAG, ["maybe", "Yes"], {}),
    (RATE, [1.0, 1.0], {}),
    (RATE, [0.3, 1.25], {"percent_rows": {0, 1}}),
    (COUNT, [0.5, 12, 3.25], {}),
    (COUNT, [0, 0], {}),
    (RATE, [None], {}),
    (DATE, ["n/a", None], {}),
]


@pytest.mark.parametrize(("definition", "cells", "options"), NO_TROUBLE)
def test_no_trouble(definition: InputDefinition, cells: Sequence[Cell], options: dict[str, Any]) -> None:
    read = read_input(definition, cells, **options)
    assert read.refusal is None
    assert sum(counts(read)) == len(cells)


def test_a_scale_trouble_says_how_to_settle_it() -> None:
    refusal = read_input(score(1), [1, 2, 3, 4, 5] * 4).refusal
    assert refusal is not None
    assert "--read scale.recommend_score=1..10" in str(refusal.hint)
    assert "--read scale.recommend_score=1..5" in str(refusal.hint)


def test_percents_under_a_percent_header_become_fractions() -> None:
    read = read_input(RATE, [80.0, 75, None, "x"], header="Gross margin (%)")
    assert read.cells == [0.8, 0.75, None, "x"]
    assert "Gross margin (%)" in str(read.note)
    inside = InputDefinition(key="growth", label={"en": "g"}, unit="percent", scale=Scale(0, 3))
    assert read_input(inside, [0.5, 2.5]).cells == [0.5, 2.5]


def test_answers_in_words() -> None:
    definition = score(1, 5, words="likelihood")
    raw: list[Cell] = ["Extremely likely", "Unlikely", "Don't know", None, "4", "n/a"]
    read = read_input(definition, raw)
    assert read.cells == [5.0, 2.0, "Don't know", None, 4.0, None]
    assert counts(read) == (3, 2, 1, 0)
    assert read.read_from_text == 3


def test_seven_point_words_on_a_seven_point_scale() -> None:
    read = read_input(score(1, 7, words="agreement"), ["Somewhat agree", "Agree", "Strongly disagree"])
    assert read.cells == [5.0, 6.0, 1.0]


@pytest.mark.parametrize(
    ("definition", "cells", "from_text"),
    [
        (numbers(), ["7", "9.5", "1e3"], 0),
        (numbers(), ["7", "9,5"], 1),
        (DATE, ["2024-03-05", "2024-03"], 0),
        (DATE, ["05.03.2024"], 1),
        (FLAG, ["Yes", "No"], 2),
    ],
)
def test_plain_text_of_a_csv_is_nothing_to_report(
    definition: InputDefinition, cells: list[Cell], from_text: int
) -> None:
    read = read_input(definition, cells, text_only=True)
    assert read.read_from_text == from_text
    assert read.used == len(cells)


def test_what_was_decided_is_noted() -> None:
    assert read_input(numbers(), ["1,234", "2,345", "12", "13"]).note
    assert "months" in str(read_input(DATE, [202401, 202402]).note)


def test_numbers_of_numpy_become_plain() -> None:
    numpy = pytest.importorskip("numpy")
    read = read_input(numbers(), [numpy.float64(1.5), numpy.int64(2), numpy.float64("nan"), "3"])
    assert read.cells == [1.5, 2.0, None, 3.0]
    assert all(type(c) in (float, int, type(None)) for c in read.cells)


ANY_CELL: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["5 %", "1,234", "n/a", "Yes", "05/03/2024", "2024-03", "$5", "9", "Agree", "10 - best"]),
    st.sampled_from([ExcelError(DIV0), ExcelError(NA_)]),
)
ANY_DEFINITION = st.sampled_from(
    [
        numbers(),
        numbers(unit="money"),
        COUNT,
        RATE,
        FLAG,
        DATE,
        TEXT,
        score(),
        score(1, 5, words="agreement"),
        score(outside="exclude"),
    ]
)


@few_cases
@given(ANY_DEFINITION, st.lists(ANY_CELL, max_size=30), st.booleans())
def test_every_column_is_answered(definition: InputDefinition, cells: list[Cell], text_only: bool) -> None:
    read = read_input(definition, cells, text_only=text_only)
    assert sum(counts(read)) == len(cells) == len(read.cells)
    assert len(read.rejected_rows) == read.rejected
    assert all(isinstance(read.cells[row], ExcelError) for row in read.error_rows)
    errors = [row for row, cell in enumerate(cells) if isinstance(cell, ExcelError)]
    assert set(errors) <= set(read.error_rows)
    if definition.type != "text":
        assert not any(isinstance(c, bool) for c in read.cells)
    if read.refusal is None and definition.type != "text":
        assert read.used == sum(
            isinstance(c, (int, float, ExcelError)) and row not in read.rejected_rows
            for row, c in enumerate(read.cells)
        )
    else:
        assert read.refusal is None or str(read.refusal.message)


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=50))
def test_typed_and_written_answers_read_alike(cells: list[int | None]) -> None:
    typed = read_input(score(), list(cells))
    written = read_input(score(), ["" if c is None else str(c) for c in cells])
    assert typed.cells == written.cells
    assert counts(typed) == counts(written)
    assert (typed.refusal is None) == (written.refusal is None)
