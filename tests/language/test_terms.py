"""What we say in every language: every term is there, and its places are the same."""

from __future__ import annotations

import re

import pytest

from metricsheet.catalog.definitions import BAND_STATUSES, SEVERITIES, STAGES
from metricsheet.language import LANGUAGES
from metricsheet.language.words import term, words_of

NEEDED = (
    *(*BAND_STATUSES, "low_data", "no_target", "no_data", "invalid"),
    *("on_target", "below_target", "above_target", "outside_target"),
    *STAGES,
    *SEVERITIES,
    *("activity", "outcome", "higher", "lower", "within", "rising", "falling", "flat"),
    *("fired", "pending", "suppressed", "not_fired", "not_evaluated", "error"),
)


def places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)", text))


@pytest.mark.parametrize("key", NEEDED)
def test_words_that_others_rely_on(key):
    assert key in words_of("en").TERMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_in_every_language(language):
    english, words = words_of("en").TERMS, words_of(language).TERMS
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert text.strip(), key
        assert text == text.strip() or key in ("list_separator", "colon"), key
        assert places(text) == places(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendar(language):
    words = words_of(language)
    assert len(set(words.MONTHS)) == 12
    assert words.PERIODS.keys() == {"day", "month", "quarter", "year"}


@pytest.mark.parametrize(
    ("key", "language", "shown"),
    [
        ("low_data", "ja", "件数不足"),
        ("no_target", "de", "Kein Ziel definiert"),
        ("capture", "tr", "Müşteri adayı yakalama"),
        ("no_data", "xx", "No data"),
        ("something_else", "de", "something_else"),
    ],
)
def test_terms(key, language, shown):
    assert term(key, language) == shown


def test_the_literal_words_of_a_machine_translation_are_not_used():
    shown = {text for language in LANGUAGES for text in words_of(language).TERMS.values()}
    assert not shown & {"Esir almak", "Ergreifen", "捕獲", "Speicherung"}
