"""Dates and periods the reader's way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.language import LANGUAGES
from metricsheet.language.dates import display_date, display_period

PERIODS = [
    ("2024", "2024", "2024年", "2024", "2024", "2024", "2024"),
    ("2024-Q1", "Q1 2024", "2024年Q1", "2024 Ç1", "T1 2024", "Q1 2024", "T1 2024"),
    ("2024-03", "Mar 2024", "2024年3月", "Mar 2024", "mar 2024", "Mär 2024", "mars 2024"),
    ("2024-12", "Dec 2024", "2024年12月", "Ara 2024", "dic 2024", "Dez 2024", "déc. 2024"),
    ("2024-03-05", "5 Mar 2024", "2024年3月5日", "05.03.2024", "05/03/2024", "05.03.2024", "05/03/2024"),
    # not periods: as they are
    ("2024-13", *["2024-13"] * 6),
    ("2024-Q5", *["2024-Q5"] * 6),
    ("campaign {year}", *["campaign {year}"] * 6),
    ("", *[""] * 6),
    (None, *[""] * 6),
]


@pytest.mark.parametrize(
    ("period", "language", "shown"),
    [(c[0], language, text) for c in PERIODS for language, text in zip(LANGUAGES, c[1:], strict=True)],
)
def test_periods(period, language, shown):
    assert display_period(period, language) == shown


@pytest.mark.parametrize("text", ["2024-00-10", "2024-02-99", "today", "20240310"])
def test_what_is_no_date_comes_back(text):
    assert display_date(text) == text


@given(st.text(max_size=12), st.text(max_size=3))
def test_never_raises(text, language):
    assert isinstance(display_period(text, language), str)
