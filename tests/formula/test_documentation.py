"""The pages in docs/ that speak of formulas say what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.functions import FUNCTIONS, SPELLINGS, Example
from metricsheet.formula.functions.reference import functions_page
from metricsheet.formula.parse import MAX_ARGUMENTS
from metricsheet.formula.tokens import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS
from metricsheet.values import ExcelError
from metricsheet.values.coerce import to_text
from metricsheet.values.criteria import MAX_LENGTH as MAX_CRITERION

DOCS = Path(__file__).parents[2] / "docs"
DIFFERENCES = (DOCS / "differences-from-excel.md").read_text("utf-8")
LANGUAGE = (DOCS / "formula-language.md").read_text("utf-8")
ROW = re.compile(
    r"\| `(?P<formula>.+?)` \| `(?P<names>\{.*?\})` \| `(?P<here>.+?)` \| (?P<excel>.+?) \| (?P<why>.+?) \|"
)

EXAMPLES = [(function.name, example) for function in FUNCTIONS.values() for example in function.examples]


def test_the_functions_page_is_made_from_the_table() -> None:
    written = (DOCS / "functions.md").read_text("utf-8")
    assert written == functions_page(), (
        "run: python -m metricsheet.formula.functions.reference > docs/functions.md"
    )


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[e.formula for _, e in EXAMPLES])
def test_every_example_of_the_table_gives_its_answer(name: str, example: Example) -> None:
    assert name in example.formula
    found = calculate(example.formula, example.inputs)
    assert type(found) is type(example.answer) or isinstance(found, float)
    assert found == (pytest.approx(example.answer, rel=1e-12) if isinstance(found, float) else example.answer)


def test_every_function_is_documented_and_has_an_example() -> None:
    for function in FUNCTIONS.values():
        assert function.doc.endswith(".")
        assert len(function.doc) < 120
        assert function.examples
        assert function.fits(max(function.least, 1) if function.parameters else 0)


def test_every_spelling_is_the_name_of_one_function() -> None:
    assert len(SPELLINGS) == len(FUNCTIONS) + sum(len(f.aliases) for f in FUNCTIONS.values())


def shown(value: object) -> str:
    if isinstance(value, ExcelError):
        return value.code
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(to_text(value))  # type: ignore[arg-type]


def test_every_line_of_the_differences_page_is_as_it_says() -> None:
    table = DIFFERENCES[DIFFERENCES.index("| formula |") :]
    lines = list(table[: table.index("\n\n")].splitlines()[2:])
    assert len(lines) >= 15
    for line in lines:
        row = ROW.fullmatch(line)
        assert row, line
        found = shown(calculate(row["formula"], json.loads(row["names"])))
        assert found == row["here"], line
        assert found != row["excel"], line


def test_the_limits_of_the_language_page_are_those_in_force() -> None:
    for limit in (
        f"{MAX_LENGTH:,} characters",
        f"{MAX_TOKENS:,}",
        f"| {MAX_DEPTH} |",
        f"| {MAX_ARGUMENTS} |",
    ):
        assert limit in LANGUAGE
    assert f"{MAX_CRITERION} characters" in LANGUAGE


def test_the_examples_of_the_language_page_hold() -> None:
    assert calculate("-2^2") == 4
    assert calculate("2^3^2") == 64
    assert calculate("5%") == 0.05
    assert calculate('1 & "x"') == "1x"
    assert calculate('SUM("3", TRUE)') == 4
    assert calculate('"4" + 1') == 5
    refused = calculate("10 / new_customers", {"new_customers": 0})
    assert str(refused) == "#DIV/0! new_customers is 0"
    assert str(calculate('1 + "n/a"')) == '#VALUE! the text "n/a" is not a number'
    cells = [1, 2, ExcelError("#REF!")]
    assert str(calculate("SUM(revenue)", {"revenue": cells})) == "#REF! cell 3 of revenue is #REF!"
