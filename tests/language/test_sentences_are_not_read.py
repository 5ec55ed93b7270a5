"""No code outside ``language`` reads a sentence: what it decides, it decides by codes and values."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.source_trees import nodes_of, tree_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "metricsheet"
FILES = [
    *(path for path in sorted(SOURCE.rglob("*.py")) if path.parent != SOURCE / "language"),
    *sorted((ROOT / "excel_addin").rglob("*.py")),
]

SENTENCES = frozenset({"message", "hint", "reason", "refusal"})
"""What sentences and messages are called, as attributes and as local names."""
METHODS = frozenset(name for name in dir(str) if not name.startswith("_")) - {
    "format",
    "join",
    "lower",
    "upper",
    "capitalize",
}
PATTERNS = frozenset({"match", "fullmatch", "search", "findall", "finditer", "sub", "split"})
SAYING = frozenset({"say", "term", "reason_in"})


def is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES
    if isinstance(node, ast.Name):
        return node.id in SENTENCES
    if isinstance(node, ast.BoolOp):
        return any(is_sentence(value) for value in node.values)
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return called in SAYING | {"said"} or (called == "str" and any(map(is_sentence, node.args)))
    return False


def reads(tree: ast.AST) -> Iterator[ast.expr]:
    """Every part of a program that looks into a sentence."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            its_own = node.func.attr in METHODS and is_sentence(node.func.value)
            pattern = node.func.attr in PATTERNS and any(map(is_sentence, node.args))
            if its_own or pattern:
                yield node
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for operator, (left, right) in zip(node.ops, pairwise(sides), strict=True):
                inside = isinstance(operator, ast.In | ast.NotIn) and is_sentence(right)
                equal = isinstance(operator, ast.Eq | ast.NotEq) and (
                    (is_sentence(left) and is_words(right)) or (is_sentence(right) and is_words(left))
                )
                if inside or equal:
                    yield node
        elif (
            isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and is_sentence(node.value)
        ):
            yield node


def is_words(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and bool(node.value))


def says(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("metricsheet.language")
        and any(alias.name in SAYING | {"words_of"} for alias in node.names)
        for node in nodes_of(tree)
    )


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT).as_posix()


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name_of(path): tree_of(path) for path in FILES}


def test_no_code_reads_a_sentence(trees: dict[str, ast.Module]) -> None:
    found = {
        f"{name}:{node.lineno}: {ast.unparse(node)}" for name, tree in trees.items() for node in reads(tree)
    }
    assert sorted(found) == []


def test_only_what_people_look_at_says_something(trees: dict[str, ast.Module]) -> None:
    # errors.py writes diagnostics with their place and caret
    shown = ("report/", "cli/", "excel_addin/", "export/", "mcp/", "errors.py")
    found = {name for name, tree in trees.items() if says(tree) and not name.startswith(shown)}
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("result.reason.startswith('not bound')", True),
        ("str(error.reason).partition(' (')", True),
        ("'for' in reason", True),
        ("problem.message == 'empty'", True),
        ("_PATTERN.fullmatch(result.reason)", True),
        ("re.sub('a', 'b', say(message))", True),
        ("(finding.reason or '').split(';')", True),
        ("hint[:40]", True),
        ("result.why.code == 'not_bound'", False),
        ("result.reason == ''", False),
        ("message in messages", False),
        ("header.split('.')", False),
        ("message == Message('empty', name='x')", False),
    ],
)
def test_what_counts_as_reading(code: str, caught: bool) -> None:
    assert any(reads(ast.parse(code))) is caught
