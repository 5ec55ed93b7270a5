"""Texts with names in braces: filled as one reads them, letter by letter, whatever stands in them."""

from __future__ import annotations

import random

import pytest

from metricsheet.language.template import fill, names_in
from tests.fuzz.counts import blocks

pytestmark = pytest.mark.fuzz

PIECES = (
    "{",
    "}",
    "{{",
    "}}",
    "{cac}",
    "{ nps.value }",
    "{}",
    "{0}",
    "{a.b[c]!r:>9}",
    "x",
    " ",
    "\n",
    "%s",
    "é",
)


def by_letters(template: str) -> tuple[str, list[str]]:
    """Return the template filled with names in angle brackets, and the names, one letter after the other."""
    found, names, at = "", [], 0
    while at < len(template):
        end = min((e for e in (template.find(b, at + 1) for b in "{}") if e >= 0), default=-1)
        if template[at : at + 2] in ("{{", "}}"):
            found, at = found + template[at], at + 2
        elif template[at] == "{" and end >= 0 and template[end] == "}":
            names.append(template[at + 1 : end].strip())
            found, at = found + f"<{names[-1]}>", end + 1
        else:
            names += [""] if template[at] in "{}" else []
            found, at = found + template[at], at + 1
    return found, names


@pytest.mark.parametrize("block", blocks("templates"), ids=lambda block: str(block[0]))
def test_a_template_is_filled_as_it_is_read(block: range) -> None:
    for seed in block:
        source = random.Random(seed)
        template = "".join(source.choices(PIECES, k=source.randrange(12)))
        filled = fill(template, lambda name: f"<{name}>")
        assert (filled, [name for name, _ in names_in(template)]) == by_letters(template), repr(template)
        # what is filled in is never taken for braces again
        assert fill(template, lambda _: "{cac}").count("{cac}") >= filled.count("<")
