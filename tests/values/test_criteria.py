"""Criteria, by hand-made tables; COUNTIF against Excel's own answers is in tests/formula."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.values import DIV0, NA_, Cell, ExcelError
from metricsheet.values.criteria import Criterion, criterion
from tests.steps import at_most

CELLS: list[Cell] = [
    23, "23", 1, 0, -2.5, True, False, None, "", "hey", "Hey you", "TRUE", "a*b", "a?b", "axb", "~",
    ExcelError(NA_), ExcelError(DIV0), "#N/A",
]  # fmt: skip

CRITERIA: list[tuple[Cell, list[Cell]]] = [
    # criterion, the cells that meet it
    (23, [23, "23"]),
    ("23", [23, "23"]),
    ("=23", [23, "23"]),
    ("=23.0", [23, "23"]),
    (">=0", [23, 1, 0]),
    (">0", [23, 1]),
    ("> 0", [23, 1]),
    ("<1", [0, -2.5]),
    ("<=1", [1, 0, -2.5]),
    (">5%", [23, 1]),
    (True, [True]),
    ("true", [True]),
    ("=FALSE", [False]),
    (">FALSE", [True]),
    (None, [0]),
    ("", [None, ""]),
    ("=", [None]),
    ("hey", ["hey"]),
    ("=HEY", ["hey"]),
    ("hey*", ["hey", "Hey you"]),
    ("*y*", ["hey", "Hey you"]),
    ("???", ["hey", "a*b", "a?b", "axb"]),
    ("a~*b", ["a*b"]),
    ("a~?b", ["a?b"]),
    ("a?b", ["a*b", "a?b", "axb"]),
    ("a*b", ["a*b", "a?b", "axb"]),
    ("~~", ["~"]),
    ("~", ["~"]),
    ("2*", ["23"]),
    (">hey", ["Hey you", "TRUE", "~"]),
    ("<b", ["23", "", "a*b", "a?b", "axb", "#N/A"]),
    ("#N/A", [ExcelError(NA_)]),
    (ExcelError(DIV0), [ExcelError(DIV0)]),
    ("=#DIV/0!", [ExcelError(DIV0)]),
    (">", []),
    ("<=", []),
    (">#N/A", []),
]
LEFT_OUT: list[tuple[Cell, list[Cell]]] = [
    # criterion with <>, the cells that do not meet it
    ("<>", [None]),
    ("<>23", [23]),
    ("<>hey", ["hey"]),
    ("<>*y*", ["hey", "Hey you"]),
    ("<>TRUE", [True]),
    ("<>#N/A", [ExcelError(NA_)]),
    ("<>0", [0]),
]


def met(test: Cell) -> list[Cell]:
    found = criterion(test)
    assert isinstance(found, Criterion)
    return [cell for cell in CELLS if found.matches(cell)]


def same(a: list[Cell], b: list[Cell]) -> bool:
    return [(type(x), x) for x in a] == [(type(x), x) for x in b]


@pytest.mark.parametrize(("test", "cells"), CRITERIA, ids=[str(c) for c, _ in CRITERIA])
def test_a_criterion_is_met_by(test: Cell, cells: list[Cell]) -> None:
    assert same(met(test), cells)


@pytest.mark.parametrize(("test", "cells"), LEFT_OUT, ids=[str(c) for c, _ in LEFT_OUT])
def test_unequal_is_met_by_all_others_blanks_included(test: Cell, cells: list[Cell]) -> None:
    assert same(met(test), [c for c in CELLS if not any(type(c) is type(x) and c == x for x in cells)])


def test_a_criterion_that_is_too_long_is_an_error_as_in_excel() -> None:
    assert isinstance(criterion("a" * 255), Criterion)
    assert str(criterion("a" * 256)) == "#VALUE! the criterion is longer than 255 characters"


def test_keys_tell_criteria_apart_that_python_takes_for_equal() -> None:
    tests = [criterion(c) for c in (1, True, "1x", "a*", "a~*", "", "=", None, 0, False, ">1", "<>1")]
    keys = {t.key for t in tests if isinstance(t, Criterion)}
    # the blank criterion is the number 0
    assert len(keys) == len(tests) - 1


def test_no_pattern_looks_at_a_text_more_often_than_it_has_pieces() -> None:
    test = criterion("*a" * 127)
    assert isinstance(test, Criterion)
    assert test.pattern is not None
    assert not any(set("*+{") & set(piece.pattern) for piece in test.pattern), "then one search is one pass"
    for text, fits in [("a" * 126 + "b" * 32000, False), ("a" * 32000, True)]:
        with at_most(10 * len(test.pattern)):
            assert test.matches(text) is fits


letters = st.text("aAb*?~", max_size=8)


@given(letters, letters)
def test_wildcards_as_a_regular_expression_of_the_whole_text(pattern: str, text: str) -> None:
    test = criterion("=" + pattern)
    assert isinstance(test, Criterion)
    if not pattern:
        return
    parts = re.findall(r"~[*?~]|.", pattern.lower(), re.DOTALL)
    regex = "".join(
        ".*" if p == "*" else "." if p == "?" else re.escape(p[-1] if len(p) == 2 else p) for p in parts
    )
    assert test.matches(text) == bool(re.fullmatch(regex, text.lower(), re.DOTALL))
