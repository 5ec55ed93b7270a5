"""Modules as syntax trees, for the tests that look at code: each is parsed and walked once, whoever asks."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return every node of a tree, as ``ast.walk`` gives them."""
    return tuple(ast.walk(tree))
