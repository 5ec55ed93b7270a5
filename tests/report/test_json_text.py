"""JSON text with indents is what ``json.dumps`` makes of the same value."""

from __future__ import annotations

import json
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.report.data.json import as_json
from metricsheet.report.data.json_text import indented
from tests.report import samples
from tests.stages import cases, few_cases

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=cases(100, 30),
)


def dumped(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    steering = ("Cc", "Cs", "Zl", "Zp")
    return "".join(
        f"\\u{ord(c):04x}" if c != "\n" and (category(c) in steering or c in BIDI) else c for c in text
    )


@few_cases
@given(VALUES)
def test_any_value(value: object) -> None:
    assert indented(value) == dumped(value)


@pytest.mark.parametrize("card", [samples.quarterly(), samples.hostile()])
def test_scorecards(card) -> None:
    value = as_json(card, samples.catalog(benchmarks=True))
    assert indented(value) == dumped(value)


@pytest.mark.parametrize(("value", "error"), [(float("nan"), ValueError), ([float("-inf")], ValueError)])
def test_numbers_that_json_does_not_have(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        indented(value)


@pytest.mark.parametrize("value", [{1, 2}, object(), {"a": b"x"}, {1: 2}])
def test_other_objects(value: object) -> None:
    with pytest.raises(TypeError):
        indented(value)
