"""On which scale answers are: what headers, answers and people say of it, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from metricsheet import evaluate
from metricsheet.catalog.definitions import InputDefinition, Scale
from metricsheet.reading.answer_texts import WrittenAnswer, written_answer
from metricsheet.reading.inputs import read_input
from metricsheet.reading.scales import GivenScale, header_scale
from metricsheet.values import Cell

HEADERS: dict[str, tuple[float | None, float] | None] = {
    "NPS": None,
    "NPS (0-10)": (0, 10),
    "How likely are you to recommend us? (0 - 10)": (0, 10),
    "Score 1–5": (1, 5),
    "Satisfaction from 1 to 10": (1, 10),
    "Zufriedenheit (1 bis 5)": (1, 5),
    "Voto da 1 a 10": (1, 10),
    "評価（1〜5）": (1, 5),
    "1から10で": (1, 10),
    "満足度（10点満点）": (None, 10),
    "5段階評価": (None, 5),
    "Note von 10": (None, 10),
    "Rating out of 5": (None, 5),
    "Score /10": (None, 10),
    "Voto su 10": (None, 10),
    "10 üzerinden puan": (None, 10),
    "7-point scale": (None, 7),
    "0 = not at all likely, 10 = extremely likely": (0, 10),
    "Ease (1 = very hard … 7 = very easy)": (1, 7),
    "1 (not at all) to 5 (very)": (1, 5),
    # no scales
    "2024-01": None,
    "Week 1-10 2024": (1, 10),
    "0-30 days": None,
    "Q1-4": None,
    "Top 10": None,
    "Score 2.1-5": None,
    "1:5": None,
}


def test_the_scale_that_a_header_names() -> None:
    found = {header: header_scale(header) for header in HEADERS}
    assert found == HEADERS


ANSWERS: dict[str, WrittenAnswer | None] = {
    "10 - Extremely likely": WrittenAnswer(10),
    "0 – Not at all likely": WrittenAnswer(0),
    "0=gar nicht wahrscheinlich": WrittenAnswer(0),
    "5: best": WrittenAnswer(5),
    "5 (very easy)": WrittenAnswer(5),
    "5（とても簡単）": WrittenAnswer(5),
    "Extremely likely (10)": WrittenAnswer(10),
    "非常に満足（5）": WrittenAnswer(5),
    "9/10": WrittenAnswer(9, 10),
    " 4 / 5 ": WrittenAnswer(4, 5),
    "4 stars": WrittenAnswer(4),
    "1 Stern": WrittenAnswer(1),
    "3 stelle": WrittenAnswer(3),
    "4 yıldız": WrittenAnswer(4),
    "10点": WrittenAnswer(10),
    "10 points": WrittenAnswer(10),
    "★★★★☆": WrittenAnswer(4, 5),
    "⭐⭐⭐": WrittenAnswer(3),
    "⭐️⭐️": WrittenAnswer(2),
    # no answers
    "7": None,
    "9 - 10": None,
    "1 - 3 months": None,
    "- 5": None,
    "5 -": None,
    "5 ()": None,
    "see (9) and (10)": None,
    "☆☆☆☆☆": None,
    "9/10/2024": None,
    "4 starships": None,
    "1" * 200 + " - x": None,
}


def test_answers_with_their_scale_or_meaning() -> None:
    assert {text: written_answer(text) for text in ANSWERS} == ANSWERS


def asked(low: float, high: float, **more: object) -> InputDefinition:
    return InputDefinition("answer", {"en": "Answer"}, scale=Scale(low, high, whole=True), **more)  # type: ignore[arg-type]


GROUPS = {"promoter": 9.0, "passive": 7.0, "detractor": 6.0}
SEVEN = GivenScale(Scale(1, 7), low_is_easy=True)
READ: dict[str, tuple[InputDefinition, Sequence[Cell], str, GivenScale | None, list[Cell], str, bool]] = {
    # definition, cells, header, given; then the cells read, the other scale they are on, only groups
    "declared": (asked(0, 10), [9, 0], "", None, [9, 0], "", False),
    "header of a part": (asked(0, 10), [3, 5], "(1-10)", None, [3, 5], "", False),
    "header of another": (asked(0, 10), [3, 5], "(1-5)", None, [3, 5], "1..5", False),
    "ten of eleven": (asked(1, 10), [3, 0], "(0-10)", None, [3, 0], "0..10", False),
    "out of its own": (asked(0, 10), ["9/10", "3/10"], "", None, [9, 3], "", False),
    "out of five": (asked(0, 10), ["4/5", "3/5"], "", None, [4, 3], "1..5", False),
    "stars on stars": (asked(1, 5), ["★★★★☆", "★☆☆☆☆"], "", None, [4, 1], "", False),
    "words of five on seven": (
        asked(1, 7, words="agreement"),
        ["Strongly agree", "Agree"],
        "",
        None,
        [5, 4],
        "1..5",
        False,
    ),
    "words of seven": (
        asked(1, 7, words="agreement"),
        ["Somewhat agree", "Agree"],
        "",
        None,
        [5, 6],
        "",
        False,
    ),
    "groups": (
        asked(0, 10, groups=GROUPS),
        ["Promoter", "Detraktor", "中立者", 10],
        "",
        None,
        [9, 6, 7, 10],
        "",
        True,
    ),
    "turned": (asked(1, 7), [1, 7, 3, None], "", SEVEN, [7, 1, 5, None], "", False),
    "turned text": (asked(1, 7), ["1", "2"], "", SEVEN, [7, 6], "", False),
    "given": (asked(1, 7), [1, 5], "", GivenScale(Scale(1, 5)), [1, 5], "1..5", False),
    "a person before the header": (
        asked(0, 10),
        [3, 5],
        "(1-5)",
        GivenScale(Scale(0, 10)),
        [3, 5],
        "",
        False,
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_read(case: str) -> None:
    definition, cells, header, given, expected, scale, grouped = READ[case]
    read = read_input(definition, list(cells), header=header, given_scale=given)
    assert read.refusal is None
    assert read.cells == expected
    assert (str(read.scale) if read.scale else "", read.grouped) == (scale, grouped)


LOSSES = InputDefinition("lost", {"en": "Lost"}, unit="count", sign="loss")


def test_losses_below_zero_are_read_by_their_size() -> None:
    read = read_input(LOSSES, [-5, 0, None, -3.0])
    assert read.cells == [5, 0, None, 3]
    assert str(read.note) == "losses are written below zero (-5): they are counted by their size"
    assert read_input(LOSSES, [5, 0, 3]).note is None
    assert read_input(LOSSES, ["-5", "(3)"]).cells == [5, 3]


@pytest.mark.parametrize("cells", [[-5, 3], ["-5", "3"], [0, -1, 1]])
def test_losses_of_both_signs_are_refused(cells: list[Cell]) -> None:
    refusal = read_input(LOSSES, cells).refusal
    assert refusal is not None
    assert refusal.code == "mixed_signs"


def test_answers_off_the_scale_that_a_header_names_are_rejected() -> None:
    read = read_input(asked(0, 10), [9, 3, 2], header="(1-5)")
    assert (read.rejected, read.rejected_rows) == (1, (0,))


def test_answers_of_a_slice_may_be_of_another_scale_than_the_others() -> None:
    table = {
        "Touchpoint": ["Web"] * 24 + ["Phone"] * 24 + ["Shop"] * 3,
        "NPS": [10, 9, 0, 3] * 6 + [1, 3, 4, 5] * 6 + [5, 4, 3],
    }
    root = Path(__file__).parents[2] / "metrics.yaml"
    for header, phone in (("NPS", None), ("NPS (0-10)", -100)):
        named = {"Touchpoint": table["Touchpoint"], header: table["NPS"]}
        card = evaluate(named, metrics=root, by="Touchpoint", only="nps")
        found = {result.slice.get("Touchpoint", ""): result for result in card.results}
        assert {name: result.value for name, result in found.items()} == {
            "": pytest.approx(100 * (12 - 39) / 51),
            "Web": 0,
            "Phone": phone,
            "Shop": -100,
        }
        assert phone or found["Phone"].why is not None
        assert phone or found["Phone"].why.code == "which_scale"  # type: ignore[union-attr]
