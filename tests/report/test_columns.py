"""Widths, filling, cutting and wrapping where wide letters take two cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.report.columns import cut, padded, width, wrapped


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("NPS", 3),
        ("解約率", 6),
        ("ﾈｯﾄ", 3),
        ("ＮＰＳ", 6),
        ("Öffnung", 7),
        ("O\u0308ffnung", 7),
        ("● ok", 4),
        ("12,3\u00a0%", 6),
        ("👍", 2),
    ],
)
def test_width(text, cells):
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("解約率", 6, "解約率"),
        ("解約率", 5, "解約…"),
        ("解約率", 4, "解…"),
    ],
)
def test_cut(text, cells, shown):
    assert cut(text, cells) == shown


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one  two", 20, ["one  two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("解約率が目標を上回る", 8, ["解約率が", "目標を上", "回る"]),
        # a full stop never begins a line
        ("解約率です。", 10, ["解約率で", "す。"]),
        ("CLV:CACは2.4:1です", 11, ["CLV:CACは", "2.4:1です"]),
        ("trailing   ", 20, ["trailing"]),
        ("found 30 % on average", 8, ["found", "30 % on", "average"]),
        ("um 10-30 %, mehr nicht", 9, ["um", "10-30 %,", "mehr", "nicht"]),
    ],
)
def test_wrapped(text, cells, lines):
    assert wrapped(text, cells) == lines


LETTERS = st.text(alphabet="ab ,.。解約率ー）Öé\u0301🙂", max_size=40)


@given(LETTERS, st.integers(4, 30))
def test_wrapping_loses_no_letter_and_keeps_the_width(text, cells):
    lines = wrapped(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    # punctuation that must not begin a line may hang over the edge
    assert all(width(line) <= cells + 2 * 40 for line in lines)
    if not any(c in ",.。ー）" for c in text):
        assert all(width(line) <= cells for line in lines)


@given(LETTERS, st.integers(1, 60))
def test_filling_and_cutting_keep_the_width(text, cells):
    assert width(cut(text, cells)) <= cells
    if width(text) <= cells:
        assert width(padded(text, cells)) == cells == width(padded(text, cells, right=True))
        assert padded(text, cells).startswith(text)
