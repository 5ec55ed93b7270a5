"""The table of messages, terms and labels by language: nothing is missing, nothing was left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog.translations import translatable
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message, say
from metricsheet.language.words import help_texts, words_of

ROOT = Path(__file__).parents[2]
OTHERS = LANGUAGES[1:]

SAME = {
    "ja": {"MQL", "SAL", "SQL"},
    "tr": {"MQL", "SAL", "SQL", "Segment"},
    "it": {
        *("Scorecard", "metricsheet live"),
        *("MQL", "SAL", "SQL", "Net Promoter Score (NPS)", "Media"),
        *("no", "info", "Trend", "Benchmark", "Formula", "In Excel"),
        *("ok", "in {where}", "{inputs} in {unit}", "test '{test}': {problem}"),
    },
    "de": {
        *("Scorecard", "metricsheet live"),
        *("MQL", "SAL", "SQL", "Net Promoter Score (NPS)"),
        *("Leads", "Median", "Segment", "Status", "Trend", "Benchmark", "Code", "In Excel"),
        *("ok", "in {where}", "{inputs} in {unit}"),
    },
    "fr": {
        *("points", "ratio"),
        *("MQL", "SAL", "SQL", "Net Promoter Score (NPS)"),
        *(
            "ok",
            "extras",
            "extension",
            "Information",
            "info",
            "Source",
            "Sources",
            "Segment",
            "Notes",
            "Note",
            "Code",
            "Message",
        ),
        *("Question", "unique", "type", "possible", "Contraction", "Conversions", "Date", "Expansion"),
        *("Finance", "Impressions", "Leads", "Sessions", "{count} argument", "{count} arguments", "millions"),
    },
}
"""Texts that are the same in English and in a language."""

# words of English that no other language here has, outside what is typed: options, keys, functions, bands
ENGLISH = re.compile(r"\b(the|and|with|from|are|of|which|that|than|its|this|there|write|found|expected)\b")
TYPED = re.compile(
    r"""between\ .*?\ and | \{[^{}]*\} | `[^`]*` | '[^']*' | "[^"]*" | \[[^\]]*\] | --[a-z-]+
      | \b[A-Z]{2,}\b(?:\([^()]*\))?""",
    re.VERBOSE,
)


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    """The text of each message, term and label by language; both forms where there is a plural."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for kind in ("MESSAGES", "TERMS"):
        for language in LANGUAGES:
            for key, text in getattr(words_of(language), kind).items():
                forms = (text,) if isinstance(text, str) else text
                found.setdefault((kind, key), {})[language] = "\n".join(forms)
    for language in LANGUAGES:
        for name, text in help_texts(language).items():
            found.setdefault(("HELP", name), {})[language] = text
    packs = sorted(path.stem for path in (ROOT / "benchmark_packs").glob("*.yaml"))
    for text in translatable(load_catalog(ROOT / "metrics.yaml", benchmarks=packs)):
        found["LABELS", ".".join(text.path)] = dict(text.text)
    return found


def rows(language: str) -> Iterator[tuple[str, str, str]]:
    """Each row with its English and what a language has."""
    for (kind, key), texts in table().items():
        yield f"{kind} {key}", texts["en"], texts.get(language, "")


def test_the_table_is_large() -> None:
    kinds = [kind for kind, _ in table()]
    assert kinds.count("MESSAGES") > 1000
    assert kinds.count("TERMS") > 250
    assert kinds.count("LABELS") > 600


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing(language: str) -> None:
    assert [name for name, _, text in rows(language) if not text.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_equal_to_english_that_should_not_be(language: str) -> None:
    filled = re.compile(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}")
    equal = {
        form
        for _, english, text in rows(language)
        for form in text.split("\n")
        if form in english.split("\n") and re.search(r"[^\W\d_]", filled.sub("", form))
    }
    assert equal == SAME[language]


@pytest.mark.parametrize("language", OTHERS)
def test_no_words_are_english(language: str) -> None:
    found = [(name, text) for name, _, text in rows(language) if ENGLISH.search(TYPED.sub("", text))]
    assert found == []


def test_a_place_in_front_of_a_message_is_joined_as_the_language_does_it() -> None:
    message = Message("of_source", source="a.csv", reason=Message("zero", name="revenue"))
    assert {say(message, language) for language in LANGUAGES} == {
        "a.csv: revenue is 0",
        "a.csv: revenueが0",
        "a.csv: revenue sıfır",
        "a.csv: revenue è 0",
        "a.csv: revenue ist 0",
        "a.csv\u00a0: revenue est 0",
    }


def test_french_signs_have_their_space() -> None:
    """Before ``: ; ? ! %`` and inside quotation marks stands a space at which no line is broken."""
    broken = re.compile(r"(?<!directive) [:;?!»%](?=\s|$)|« |[a-zéè][?!;](?=\s|$)")
    found = [(name, text) for name, _, text in rows("fr") if broken.search(text)]
    assert found == [], "run make language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_have_names_that_excel_takes(language: str) -> None:
    names = [text for key, text in words_of(language).TERMS.items() if key.startswith("sheet.")]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
