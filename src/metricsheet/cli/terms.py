"""The words of ``list`` and ``explain``: their own, else those of the reports."""

from __future__ import annotations

from metricsheet.language.words import term, words_of


def heading(key: str, language: str, **values: object) -> str:
    """Return the word of ``key`` for a line of ``explain``, in small letters where the language allows it."""
    own = f"explain.{key}"
    if own in words_of(language).TERMS:
        return term(own, language, **values)
    found = term(key, language, **values)
    # nouns of German keep their capital, and so do names
    keep = language == "de" or key == "excel_function"
    return found if keep else found[:1].lower() + found[1:]


def named(key: str, language: str) -> str:
    """Return a stage, kind or severity in ``language``; in English as it is written in definitions."""
    return key if language == "en" else term(key, language)
