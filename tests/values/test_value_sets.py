"""Sets of words, with all others or without, against what each word says of itself."""

from __future__ import annotations

from itertools import product

import pytest

from metricsheet.values.value_sets import Words
from tests.stages import some

KNOWN: list[str | bool] = ["ok", "warn", True]
ANY: list[str | bool | None] = [*KNOWN, "another", None]
"""What a fact may be: a word that a set names, one that none names, or missing."""

SETS = [
    Words(frozenset(word for word, there in zip(KNOWN, named, strict=True) if there), rest, missing)
    for *named, rest, missing in product([False, True], repeat=len(KNOWN) + 2)
]


def holds(words: Words, value: str | bool | None) -> bool:
    return words.missing if value is None else (value in words.values) is not words.rest


@pytest.mark.parametrize("one", some(SETS, test=8), ids=str)
def test_what_is_in_both_and_in_none(one: Words) -> None:
    without, both = one.complement(), [(other, one.intersect(other)) for other in SETS]
    for value in ANY:
        assert holds(without, value) is not holds(one, value)
        inside = [(holds(found, value), holds(one, value) and holds(other, value)) for other, found in both]
        assert all(found is wanted for found, wanted in inside)
    assert one.empty is not any(holds(one, value) for value in ANY)
