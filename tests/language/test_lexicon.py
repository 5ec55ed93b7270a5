"""The words that people type: the same tables in every language, no contradictions, no words elsewhere."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from metricsheet.language import LANGUAGES, lexicon
from metricsheet.language.words import words_of
from metricsheet.values import ERROR_CODES
from metricsheet.values.folding import fold
from tests.source_trees import nodes_of, tree_of

SOURCE = Path(__file__).parents[2] / "src" / "metricsheet"
ENGLISH = words_of("en").TYPED
CLDR = words_of("en").CLDR
OPPOSITES = [("yes", "no"), ("won", "lost"), ("gone", "stayed"), ("total", "mean"), ("total", "count")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_tables(language: str) -> None:
    typed = words_of(language).TYPED
    assert list(typed) == list(ENGLISH)
    assert {kind: type(table) for kind, table in typed.items()} == {k: type(t) for k, t in ENGLISH.items()}
    assert list(typed["answers"]) == list(ENGLISH["answers"])
    assert len(typed["months"]) == 12
    assert len(typed["date_signs"]) == len(typed["time_signs"]) == 3
    assert set(typed["errors"]) <= set(ERROR_CODES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_written_once_and_apart(language: str) -> None:
    for kind, text in wordings_of(language):
        words = [word.strip() for word in text.split("|")]
        assert text == " | ".join(words), kind
        assert len(set(words)) == len(words), kind
        assert all(words) or words == [""], kind


def wordings_of(language: str) -> Iterator[tuple[str, str]]:
    """Every list of wordings of a language, with what it is called."""
    words = words_of(language)
    for kind, table in (*words.TYPED.items(), *words.CLDR.items()):
        if kind in ("months_shown", "numbers"):
            continue
        if isinstance(table, str):
            yield kind, table
        elif kind == "months":
            yield from (("months", names) for names in table)
        elif kind in ("answers", "currencies"):
            yield from table.items()


@pytest.mark.parametrize(("one", "other"), OPPOSITES)
def test_no_word_means_both(one: str, other: str) -> None:
    assert not folded(one) & folded(other)


def folded(kind: str) -> set[str]:
    return set(map(fold, lexicon.wordings(kind)))


def test_a_month_has_one_number() -> None:
    names = [name for names in lexicon.months() for name in set(map(fold, names))]
    assert sorted(names) == sorted(set(names))


def test_every_table_is_read() -> None:
    read = {node.value for path in outside() for node in constants(path)}
    kinds = set(ENGLISH) | set(CLDR) | set(ENGLISH["answers"])
    kinds -= {"months", "answers", "errors", "currencies", "months_shown", "numbers"}
    assert kinds - read == set()


# --- no words of a language elsewhere -------------------------------------------------------------------

LETTERS = {
    "values/folding.py": "letters that compare alike",
    "report/columns.py": "marks that do not begin a line of Japanese",
    "formula/functions/mathematics.py": "π",
}
WORDS = {
    "catalog/assembly/excel_words.py": "names that Excel keeps for its functions",
}
"""Modules that may hold letters beyond ASCII, or words, and why."""


def outside() -> list[Path]:
    """The modules of the package but those of ``language``."""
    return [path for path in sorted(SOURCE.rglob("*.py")) if path.parent != SOURCE / "language"]


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def constants(path: Path) -> Iterator[ast.Constant]:
    """The texts of a module, without docstrings."""
    yield from texts_of(tree_of(path))


def texts_of(tree: ast.AST) -> Iterator[ast.Constant]:
    told = {
        id(line.value)
        for node in nodes_of(tree)
        for line in (getattr(node, "body", None) if isinstance(getattr(node, "body", None), list) else ())
        if isinstance(line, ast.Expr)
    }
    for node in nodes_of(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def words_in(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.lower()))


def vocabulary(language: str) -> set[str]:
    """Every word of four letters or more that is typed in a language, also without its accents."""
    words = {word for _, text in wordings_of(language) for word in words_in(text)}
    return words | set(map(fold, words))


ELSEWHERE = set().union(*(vocabulary(language) for language in LANGUAGES[1:])) - vocabulary("en")
A_FEW = 3
"""So many English words in one list may be names that the code or the definitions use."""
AGGREGATES = {"sum", "count", "min", "max", "mean", "total", "average", "minimum", "maximum"}
"""Words that are names of formulas and of code as well."""

IN_ENGLISH = {
    word for _, text in wordings_of("en") for word in text.split(" | ") if len(word) > 2
} - AGGREGATES


def lists_of_words(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """The English wordings of each list in a program: a text with parts, a tuple, the keys of a dict."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = {part.strip() for part in re.split(r"[|,\n]", node.value.lower())}
        elif isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            inside = node.keys if isinstance(node, ast.Dict) else node.elts
            parts = {
                one.value.lower()
                for one in inside
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
        else:
            continue
        yield node.lineno, parts & IN_ENGLISH


def letters_beyond_ascii(text: str) -> list[str]:
    return [c for c in text if not c.isascii() and unicodedata.category(c).startswith("L")]


@pytest.mark.parametrize("path", outside(), ids=name)
def test_no_words_of_a_language_elsewhere(path: Path) -> None:
    tree = tree_of(path)
    if name(path) not in LETTERS:
        assert [(n.lineno, n.value) for n in texts_of(tree) if letters_beyond_ascii(n.value)] == []
    if name(path) not in WORDS:
        found = [(n.lineno, words_in(n.value) & ELSEWHERE) for n in texts_of(tree)]
        assert [(line, words) for line, words in found if words] == []
        assert [(line, words) for line, words in lists_of_words(tree) if len(words) > A_FEW] == []


def test_the_guard_has_no_exception_too_many() -> None:
    for path in outside():
        tree = tree_of(path)
        if name(path) in LETTERS:
            assert any(letters_beyond_ascii(node.value) for node in texts_of(tree)), path
        if name(path) in WORDS:
            assert any(len(words) > A_FEW for _, words in lists_of_words(tree)) or any(
                words_in(node.value) & ELSEWHERE for node in texts_of(tree)
            ), path


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('MONTHS = {"ağu": 8}', "letters"),
        ('PATTERN = rf"(?:{a}|\\u5408計)"', "letters"),
        ('TOTALS = "zwischensumme"', "words"),
        ('TOTALS = late(r"(?:sum|toplam)")', "words"),
        ('TOTALS = ("subtotal", "totals", "grand total", "overall")', "lists"),
        ('YES = "yes, true, checked, won"', "lists"),
        ('"""Whether it says ``gesamt`` or ``合計``."""', ""),
        ('KINDS = ("total", "mean", "count")', ""),
    ],
)
def test_the_guard_sees_words(code: str, seen: str) -> None:
    tree = ast.parse(code)
    found = {
        "letters": any(letters_beyond_ascii(node.value) for node in texts_of(tree)),
        "words": any(words_in(node.value) & ELSEWHERE for node in texts_of(tree)),
        "lists": any(len(words) > A_FEW for _, words in lists_of_words(tree)),
    }
    assert [kind for kind, there in found.items() if there] == ([seen] if seen else [])
