"""The engine's words: every word in every language, and the ones others rely on."""

from __future__ import annotations

import pytest

from metricsheet.catalog.definitions import BAND_STATUSES, LANGUAGES, SEVERITIES, STAGES
from metricsheet.language.terms import PHRASES, phrase

NEEDED = (
    *(*BAND_STATUSES, "low_data", "no_target", "no_data", "invalid"),
    *("on_target", "below_target", "misses_target"),
    *STAGES,
    *SEVERITIES,
    *("activity", "outcome", "higher", "lower", "within", "rising", "falling", "flat"),
    *("fired", "pending", "suppressed", "not_fired", "not_evaluated", "error"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", NEEDED)
def test_every_word_in_every_language(key, language):
    assert PHRASES[key][language].strip() == PHRASES[key][language] != ""


@pytest.mark.parametrize(
    ("key", "language", "shown"),
    [
        ("low_data", "ja", "サンプル数不足"),
        ("no_target", "de", "Kein Ziel definiert"),
        ("capture", "tr", "Aday Yakalama"),
        ("no_data", "xx", "No data"),
        ("something_else", "de", "something_else"),
    ],
)
def test_phrases(key, language, shown):
    assert phrase(key, language) == shown


def test_the_literal_words_of_a_machine_translation_are_not_used():
    shown = {text for words in PHRASES.values() for text in words.values()}
    assert not shown & {"Esir almak", "Ergreifen", "捕獲", "Speicherung"}
