"""Stops that come from one value: signs of YAML, quotes, brackets, backslashes."""

from __future__ import annotations

import re

from metricsheet.catalog.yaml.lines import (
    extent,
    inside_brackets,
    nothing_below,
    open_bracket,
    opening_quote,
    value_start,
)
from metricsheet.catalog.yaml.quotes import quoted, quotes_hint
from metricsheet.catalog.yaml.recovery_model import Mend, Stopped
from metricsheet.records import replace


def text_block(stopped: Stopped) -> Mend | None:
    """A value starts with a sign that opens a text block, an alias, an anchor or a tag."""
    return needs_quotes(stopped, stopped.context_line, stopped.context_column)


def at_mark(stopped: Stopped) -> Mend | None:
    """A value starts with a sign that nothing can start with."""
    return needs_quotes(stopped, stopped.line, stopped.column)


def needs_quotes(stopped: Stopped, line: int, column: int) -> Mend | None:
    """Return the problem of the value at ``column``, which must be in quotes."""
    text = stopped.lines[line]
    written = extent(text, column)
    if not written:
        return None
    if written[0] == "%" and column == 0:
        return Mend(
            "directive", "expected definitions, found a % directive", (line + 1, 1), "delete the line"
        )
    if text[:column].rstrip()[-1:] in ("'", '"'):
        return after_quote(replace(stopped, line=line, column=column))
    code = {"*": "alias", "&": "anchor", "!": "tag"}.get(written[0], "needs_quotes")
    return Mend(
        code,
        f"expected a value, found {written[0]} which YAML reads as a sign of its own",
        (line + 1, column + 1),
        quotes_hint(written),
        {line: text[:column] + quoted(written) + text[column + len(written) :]},
    )


def colon_in_text(stopped: Stopped) -> Mend | None:
    """A value holds a colon and a space."""
    text = stopped.text
    if text[: stopped.column].rstrip()[-1:] in ("{", ","):
        at = (stopped.line + 1, stopped.column + 1)
        return Mend("empty_key", "expected a key before the colon, found nothing", at, "write the key")
    start = value_start(text)
    if inside_brackets(text, stopped.column):
        start = text.rfind(": ", 0, stopped.column) + 2
    if start >= stopped.column or not text[:start].rstrip().endswith(":"):
        return None
    value = extent(text, start)
    return Mend(
        "colon_in_text",
        "expected one value, found a second colon, which YAML reads as another key",
        (stopped.line + 1, stopped.column + 1),
        f"put the value in quotes: {quoted(value)}",
        {stopped.line: text[:start] + quoted(value) + text[start + len(value) :]},
    )


def brackets(stopped: Stopped) -> Mend | None:
    """A list or block in brackets does not end as it should."""
    line, column = open_bracket(stopped.lines, stopped.context_line, stopped.context_column)
    opening = stopped.lines[line]
    half_open = re.match(r"\[[^\[\]\"']*\)", opening[column:])
    if half_open:
        return Mend(
            "half_open_range",
            "expected ] or text in quotes, found a range with ) at its end",
            (line + 1, column + half_open.end()),
            "write a band in words: between 0 and 1, at least 0, below 1",
            {line: opening[:column] + quoted(half_open.group()) + opening[column + half_open.end() :]},
        )
    if stopped.text[: stopped.column].rstrip()[-1:] in ("'", '"') and stopped.line == line:
        return after_quote(stopped)
    if stopped.line == line and opening[stopped.column : stopped.column + 1] == ":":
        return colon_in_text(stopped)
    bracket = opening[column : column + 1]
    closing = {"[": "]", "{": "}"}.get(bracket, "")
    return Mend(
        "unclosed_bracket",
        f"expected {closing} somewhere after this {bracket}, found none",
        (line + 1, column + 1),
        f"close the list with {closing}, or put the text in quotes",
        {line: opening.rstrip() + closing} if nothing_below(stopped.lines, line) else {},
    )


def after_quote(stopped: Stopped) -> Mend | None:
    """Text follows the closing quote."""
    text = stopped.text
    quote = text[: stopped.column].rstrip()[-1]
    start = opening_quote(text, stopped.column, quote)
    value = extent(text, start)
    # in 'it's fine' the quote was meant as an apostrophe; in "a" & "b" the quotes belong to the text
    apostrophe = text[stopped.column - 1] == quote and text[stopped.column].isalnum()
    meant = value[1:-1] if apostrophe and value[-1] == quote else value
    written = f'"{meant}"' if quote == "'" and '"' not in meant else quoted(meant)
    return Mend(
        "text_after_quote",
        "expected nothing after the closing quote, found more text",
        (stopped.line + 1, stopped.column + 1),
        f"put the whole value in one pair of quotes: {written}",
        {stopped.line: text[:start] + written + text[start + len(value) :]},
    )


def unclosed_quote(stopped: Stopped) -> Mend | None:
    """A quote is never closed."""
    line = stopped.context_line
    text = stopped.lines[line]
    quote = text[stopped.context_column : stopped.context_column + 1]
    return Mend(
        "unclosed_quote",
        f"expected {quote} at the end of this text, found none",
        (line + 1, stopped.context_column + 1),
        "close the quote on the same line",
        {line: text.rstrip() + quote},
    )


def escape(stopped: Stopped) -> Mend | None:
    """A backslash in double quotes stands before a letter that may not follow."""
    column = stopped.text.rfind("\\", 0, stopped.column + 1)
    if not 0 <= column < len(stopped.text) - 1:
        return None
    return Mend(
        "bad_escape",
        f"expected a letter that may follow \\ in double quotes, found {stopped.text[column + 1]!r}",
        (stopped.line + 1, column + 1),
        "write \\\\ for a backslash, or use 'single quotes'",
        {stopped.line: stopped.text[:column] + "\\" + stopped.text[column:]},
    )
