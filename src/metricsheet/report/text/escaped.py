"""Texts in Markdown: whatever comes from a workbook or a definition is shown and is no markup."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.patterns import late
from metricsheet.report.text.page import one_line

_HTML = late(r"<(?=[A-Za-z/!?])|&(?=#?\w+;)")  # what begins a tag or a named letter
# an underscore inside a word is one; before or after a word it would be emphasis
_MARKUP = late(r"[\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = late(r"\A(?:([#+\-=>])|(\d+)([.)]))")


def inline(text: str) -> str:
    """Return ``text`` on one line, so that Markdown shows its letters and takes none for markup."""
    text = _HTML.sub(lambda found: "&lt;" if found[0] == "<" else "&amp;", one_line(text))
    return _MARKUP.sub(r"\\\g<0>", text)


def line(text: str) -> str:
    """Return ``text`` for the start of a line or list item, where ``#`` or ``1.`` would begin something."""
    return _BLOCK.sub(r"\2\\\1\3", inline(text).lstrip())


def table_row(cells: Iterable[str], *, escaped: bool = True) -> str:
    """Return one row of a table; cells are escaped unless they are markup themselves."""
    return "| " + " | ".join(inline(cell) if escaped else cell for cell in cells) + " |"
