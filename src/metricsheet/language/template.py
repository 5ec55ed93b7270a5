"""Texts of definitions with values in braces: ``CLV:CAC is {clv_cac_ratio}``; ``{{`` stands for a brace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from metricsheet.language.message import Value, say
from metricsheet.patterns import late
from metricsheet.records import record

_PIECE = late(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def names_in(template: str) -> Iterator[tuple[str, int]]:
    """Yield every name between braces with its offset; a brace without its partner gives ``""``."""
    for match in _PIECE.finditer(template):
        if match[0] not in ("{{", "}}"):
            yield (match[1] or "").strip(), match.start()


@record
class FilledText:
    """A text by language, which always has ``en``, and what is in its braces."""

    text: Mapping[str, str]
    values: Mapping[str, Value]

    def said(self, language: str) -> str:
        """Return the text in ``language``, else in English, its values as a reader of that writes them."""
        template = self.text.get(language) or self.text["en"]
        return fill(template, lambda name: say(self.values[name], language))

    def __str__(self) -> str:
        return self.said("en")


@record
class Label:
    """A text by language as it is written, to be in a message."""

    texts: tuple[tuple[str, str], ...]

    def said(self, language: str) -> str:
        """Return the text in ``language``, else in English."""
        known = dict(self.texts)
        return known.get(language) or known["en"]

    def __str__(self) -> str:
        return self.said("en")


def of_label(label: Mapping[str, str]) -> Label:
    """Return a text by language as a value of a message."""
    return Label(tuple(label.items()))


def fill(template: str, shown: Callable[[str], str]) -> str:
    """Return ``template`` with every name replaced by what ``shown`` gives for it."""
    if "{" not in template and "}" not in template:
        return template

    def replaced(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return shown(match[1].strip()) if match[1] is not None else match[0]

    return _PIECE.sub(replaced, template)
