"""Texts with facts in braces: ``CLV:CAC is {clv_cac_ratio}``. ``{{`` and ``}}`` stand for braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def names_in(template: str) -> Iterator[tuple[str, int]]:
    """Yield every name between braces with its offset; a brace without its partner gives ``""``."""
    for match in _PIECE.finditer(template):
        if match[0] not in ("{{", "}}"):
            yield (match[1] or "").strip(), match.start()


def fill(template: str, shown: Callable[[str], str]) -> str:
    """Return ``template`` with every name replaced by what ``shown`` gives for it."""
    if "{" not in template and "}" not in template:
        return template

    def replaced(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return shown(match[1].strip()) if match[1] is not None else match[0]

    return _PIECE.sub(replaced, template)
