"""What people type, in all languages at once: a file does not say in which language it was written.

Each language module has what CLDR knows and the table ``TYPED`` with what people type beside it; here they
are merged, in the order of ``LANGUAGES``, and loaded when the first word is asked for. Words come as they are
typed: who compares them folds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from metricsheet.language.words import words_of


@lru_cache(maxsize=256)
def wordings(kind: str) -> tuple[str, ...]:
    """Return the wordings of a kind, such as ``yes`` or ``missing``, in all languages.

    Raises ``KeyError`` for a kind that no language has.
    """
    return tuple(word for text in _of(kind) for word in _split(text))


@lru_cache(maxsize=1)
def months() -> tuple[tuple[str, ...], ...]:
    """Return the names and abbreviations of each month, January first."""
    return tuple(
        tuple(word for names in month for word in _split(names)) for month in zip(*_of("months"), strict=True)
    )


@lru_cache(maxsize=1)
def currency_names() -> Mapping[str, str]:
    """Return the code of each currency by its names in all languages: ``us-dollar``, ``livres sterling``."""
    return {
        name: code for table in _of("currencies") for code, text in table.items() for name in _split(text)
    }


@lru_cache(maxsize=64)
def answers(degree: str) -> tuple[str, ...]:
    """Return the wordings of one degree of an answer, such as ``very_likely``."""
    return tuple(word for table in _of("answers") for word in _split(table[degree]))


@lru_cache(maxsize=16)
def meanings(kind: str) -> Mapping[str, Any]:
    """Return the words of a kind with what each means: ``eras``, ``powers_of_ten``, ``letters``."""
    return {word: meaning for table in _of(kind) for word, meaning in table.items()}


def joint_meanings(kind: str) -> list[tuple[str, str]]:
    """Return the meanings that words of several languages share, each with one of its words."""
    tables = _of(kind)
    return [(meaning, word) for table in tables for meaning, text in table.items() for word in _split(text)]


@lru_cache(maxsize=1)
def error_words() -> Mapping[str, str]:
    """Return Excel's errors as its editions write them, with the code of each: ``#WERT!`` is ``#VALUE!``."""
    return {word: code for table in _of("errors") for code, word in table.items()}


@lru_cache(maxsize=4)
def signs(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the signs behind the parts of a date (year, month, day) or time (hour, minute, second)."""
    return tuple(tuple(filter(None, of_part)) for of_part in zip(*_of(kind), strict=True))


def joined(word: str) -> bool:
    """Return whether a word is beside others without a space between them, as in Japanese."""
    return any(letter > "\u2e80" for letter in word)


def _of(kind: str) -> tuple[Any, ...]:
    """Return the tables called ``kind`` of each language: what CLDR knows, and what people type beside it."""
    from metricsheet.language import LANGUAGES

    words = [words_of(language) for language in LANGUAGES]
    found = tuple(table[kind] for one in words for table in (one.CLDR, one.TYPED) if kind in table)
    if not found:
        raise KeyError(kind)
    return found


def _split(text: str) -> list[str]:
    return [word for part in text.split("|") if (word := part.strip())]
