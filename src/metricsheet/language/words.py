"""The words of a language, and single terms in it: statuses, headings, set phrases."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from metricsheet.records import record


@record
class Word:
    """A word or set phrase before it is said."""

    key: str

    def said(self, language: str) -> str:
        """Return the word in ``language``."""
        return term(self.key, language)

    def __str__(self) -> str:
        return term(self.key)


def term(key: str, language: str = "en", **values: object) -> str:
    """Return the word or set phrase called ``key``, with ``values`` filled in.

    English is used for a language that is not known; a key that is not known comes back as it is.
    """
    text: str = words_of(language).TERMS.get(key, key)
    return text.format(**values) if values else text


def labelled(label: str, text: str, language: str = "en") -> str:
    """Return a text behind what it is of, joined as ``language`` does it."""
    return f"{label}{term('colon', language)}{text}"


def severity_word(severity: str, language: str = "en") -> str:
    """Return a severity in a word; a status of the same name may end differently: ``critica, critico``."""
    return term("severity.critical" if severity == "critical" else severity, language)


def in_every_language(key: str) -> dict[str, str]:
    """Return the term called ``key`` by language, as definitions hold the texts that people see."""
    from metricsheet.language import LANGUAGES

    return {language: term(key, language) for language in LANGUAGES}


@lru_cache(maxsize=32)
def words_of(language: str) -> Any:
    """Return the module that holds the words of ``language``; English for one that is not known."""
    from metricsheet.language import LANGUAGES

    return import_module(f"metricsheet.language.{language if language in LANGUAGES else 'en'}")


@lru_cache(maxsize=32)
def help_texts(language: str) -> dict[str, str]:
    """Return the texts of ``--help`` in ``language`` by their names, such as ``evaluate.pool``."""
    texts: dict[str, str] = dict(line.split(": ", 1) for line in words_of(language).HELP.strip().split("\n"))
    return texts
