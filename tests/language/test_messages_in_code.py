"""Every message that the code makes has its template, and gives the template its values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from metricsheet.language import LANGUAGES, neutral
from metricsheet.language.message import FOR_METRIC, Message, say
from metricsheet.language.words import help_texts, words_of
from tests.source_trees import nodes_of, tree_of

ROOT = Path(__file__).parents[2]
SOURCES = [
    *sorted((ROOT / "src" / "metricsheet").rglob("*.py")),
    *sorted((ROOT / "excel_addin").rglob("*.py")),
]
ENGLISH = {**neutral.MESSAGES, **words_of("en").MESSAGES}


def places(template: str | tuple[str, str]) -> set[str]:
    texts = (template,) if isinstance(template, str) else template
    return {name for text in texts for name in re.findall(r"(?<!{){(\w+)[^{}]*}(?!})", text)}


def keys_of(node: ast.expr) -> Iterator[str]:
    """The keys that the first argument of a call may be: a literal, one with parts filled in, or a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        pattern = "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values)
        yield from [key for key in ENGLISH if re.fullmatch(pattern, key)] or [pattern]
    elif isinstance(node, ast.IfExp):
        yield from keys_of(node.body)
        yield from keys_of(node.orelse)


@cache
def messages_made() -> list[tuple[str, str, set[str] | None]]:
    found = []
    for path in SOURCES:
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.args:
                named = {keyword.arg for keyword in node.keywords}
                values = None if None in named else {name for name in named if name is not None}
                for key in keys_of(node.args[0]):
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", key, values))
    return found


def test_every_message_has_a_template_with_its_values():
    wrong = []
    for place, key, values in messages_made():
        if key not in ENGLISH:
            wrong.append(f"{place}: no template for {key}")
        elif values is not None and not places(ENGLISH[key]) <= values:
            wrong.append(f"{place}: {key} lacks {places(ENGLISH[key]) - values}")
    assert wrong == []


def test_every_template_is_used():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.stem not in LANGUAGES)
    made = {key for _, key, _ in messages_made()} | {FOR_METRIC}
    unused = [key for key in ENGLISH if key not in made and f'"{key}"' not in text]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_needs_no_words_is_written_once(language):
    assert neutral.MESSAGES.keys().isdisjoint(words_of(language).MESSAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places(language):
    for key, template in words_of(language).MESSAGES.items():
        assert key in ENGLISH, f"{key} is not said any more"
        assert places(template) == places(ENGLISH[key]), key
    for name, text in help_texts(language).items():
        assert places(text) == places(help_texts("en")[name]), name


def test_parts_are_said_in_the_same_language():
    inner = Message("zero", name="revenue")
    assert str(inner) == "revenue is 0"
    assert say(inner.also(for_metric="arpa"), "en") == "revenue is 0 (for arpa)"


def test_a_message_is_its_code_and_values():
    message = Message("zero", name="revenue")
    assert message == Message("zero", name="revenue") != Message("zero", name="cost")
    assert hash(message) == hash(Message("zero", name="revenue"))
    assert Message("damaged_workbook.part", part="x").code == "damaged_workbook"
    assert repr(message) == "Message('zero', name='revenue')"
