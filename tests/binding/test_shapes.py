"""How tables are laid out, and which cells their inputs are then bound to."""

from __future__ import annotations

import pytest

from metricsheet.binding.bind import bind
from metricsheet.files.book import Book
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
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str) -> None:
    text, read, inputs, problems = SHAPES[name]
    book = Book("b.csv", (grid(text, name="", text_only=True),), text_only=True)
    dataset = bind(shipped(), book, read=read, headers=headers())
    found = {key: item.where.removeprefix("b.csv!") for key, item in dataset.inputs.items()}
    assert found == inputs
    assert [problem.code for problem in dataset.problems] == problems
