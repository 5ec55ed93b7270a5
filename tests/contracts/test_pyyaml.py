"""PyYAML tells apart what it cannot read by sentences alone: these are the ones that the reader knows.

A version that words one of them in another way fails here, not in the message that a person reads.
"""

from __future__ import annotations

import re

import pytest
import yaml

from metricsheet.catalog.yaml.recovery import _EXPLANATIONS
from tests.catalog.conftest import LOADERS, read

PATTERNS = [pattern for pattern, _ in _EXPLANATIONS]

DEEP = "nesting depth"
SENTENCES: dict[str, list[str]] = {
    r"directive|incompatible YAML": [
        "%YAML 1\na: 1\n",
        "%TAG\n---\na: 1\n",
        "%YAML 1.1\n%YAML 1.1\n---\na: 1\n",
        "%YAML 3.0\n---\na: 1\n",
    ],
    r"document start": ["%YAML 1.1\na: 1\n", "a: 1\n...\nb: 2\n", "[a] b\n"],
    r"scanning a block scalar": ["a: >x\n", "a: |0\n b\n", "a: > 3\n", "a: >=5\n"],
    r"cannot start any token|mapping keys are not allowed": ["a: @b\n", "a: `b\n", "a: %b\n", "a: ? b\n"],
    r"(scanning|parsing) an? (alias|anchor)": ["a: &\n", "a: *\n", "a: *b!\n", "a: **\n"],
    r"(scanning|parsing) a tag|tag handle|parsing a node": [
        "a: !<x\n",
        "a: !x{ z\n",
        "a: !%zz y\n",
        'a: !"x" z\n',
        "a: !x!y z\n",
    ],
    r"mapping values are not allowed": ["a: b: c\n", "a: b\n c: d\n", "a\nb: 2\n"],
    r"sequence entries are not allowed": ["a: - b\n", "[a] - b\n"],
    r"quoted scalar; .*(end of stream|document)": [
        'a: "b\n',
        "a: 'b\n",
        'a: "b\n---\nc\n',
        'a: "b\n...\nc\n',
    ],
    r"quoted scalar; .*(escape|hexdecimal)": ['a: "\\q"\n', 'a: "\\xzz"\n', 'a: "\\u12"\n'],
    r"parsing a flow": ["a: [b\n", "a: {b\n", "a: [,]\n", "a: [}\n", "a: {b: c d: e}\n"],
    r"simple key": ["a: 1\nb\n", "a: 1\nb\nc: 2\n"],
    r"block (mapping|collection)": ["a: 'b' c\n", "a: [b]]\n", "- a\nb: 1\n", "a:\n  - b\n c: 1\n"],
}


def stop(text: str, loader: object) -> str:
    """Return the sentence with which the reading of ``text`` stops."""
    with pytest.raises(yaml.MarkedYAMLError) as stopped:
        list(yaml.parse(text, Loader=loader))
    return f"{stopped.value.context or ''}; {stopped.value.problem or ''}"


def explained_by(sentence: str) -> str | None:
    return next((pattern for pattern in PATTERNS if re.search(pattern, sentence)), None)


def test_every_sentence_that_is_known_has_a_text_that_raises_it() -> None:
    assert [DEEP, *SENTENCES] == PATTERNS


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("pattern", "text"), [(pattern, text) for pattern, texts in SENTENCES.items() for text in texts]
)
def test_the_sentence_is_the_one_expected(pattern: str, text: str, loader: object) -> None:
    sentence = stop(text, loader)
    assert explained_by(sentence) == pattern, sentence


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
def test_a_limit_of_its_own_is_named_as_one(opened: str, loader: object) -> None:
    """Some versions of libyaml stop at a depth of their own; the others go on as far as the text goes."""
    try:
        list(yaml.parse(opened * 1100 + "\n", Loader=loader))
    except yaml.MarkedYAMLError as error:
        sentence = f"{error.context or ''}; {error.problem or ''}"
        assert explained_by(sentence) in (DEEP, r"parsing a flow")


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("levels", [45, 990, 1001])
@pytest.mark.parametrize("opened", ["[", "{a: ", "- "])
def test_a_file_nested_too_deep_is_refused_as_that_whoever_counts(
    opened: str, levels: int, loader: object
) -> None:
    text = opened * levels if opened == "- " else "a: " + opened * levels
    root, problems = read(text, loader)
    assert root is None
    assert [problem.code for problem in problems.found] == ["nested_too_deep"]


@pytest.mark.parametrize("loader", LOADERS)
def test_an_error_knows_its_place(loader: object) -> None:
    """``problem_mark`` is where it stopped, ``context_mark`` where what it was reading began, from 0."""
    with pytest.raises(yaml.MarkedYAMLError) as stopped:
        list(yaml.parse("a: 1\nb: [c,\n  d: }\n", Loader=loader))
    error = stopped.value
    assert error.problem_mark is not None
    assert error.context_mark is not None
    assert (error.problem_mark.line, error.problem_mark.column) == (2, 5)
    assert error.context_mark.line in (1, 2)
