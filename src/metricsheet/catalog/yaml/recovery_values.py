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
from metricsheet.catalog.yaml.recovery_model import ParseFailure, Recovery
from metricsheet.language.message import Message
from metricsheet.records import replace


def text_block(stopped: ParseFailure) -> Recovery | None:
    """A value starts with a sign that opens a text block, an alias, an anchor or a tag."""
    return needs_quotes(stopped, stopped.context_line, stopped.context_column)


def at_mark(stopped: ParseFailure) -> Recovery | None:
    """A value starts with a sign that nothing can start with."""
    return needs_quotes(stopped, stopped.line, stopped.column)


def needs_quotes(stopped: ParseFailure, line: int, column: int) -> Recovery | None:
    """Return the problem of the value at ``column``, which must be in quotes."""
    text = stopped.lines[line]
    written = extent(text, column)
    if not written:
        return None
    if written[0] == "%" and column == 0:
        return Recovery(Message("directive"), (line + 1, 1), Message("delete_line"))
    if text[:column].rstrip()[-1:] in ("'", '"'):
        return after_quote(replace(stopped, line=line, column=column))
    code = {"*": "alias", "&": "anchor", "!": "tag"}.get(written[0], "needs_quotes")
    return Recovery(
        Message("sign_of_yaml", sign=written[0]),
        (line + 1, column + 1),
        quotes_hint(written),
        {line: text[:column] + quoted(written) + text[column + len(written) :]},
        code,
    )


def colon_in_text(stopped: ParseFailure) -> Recovery | None:
    """A value holds a colon and a space."""
    text = stopped.text
    if text[: stopped.column].rstrip()[-1:] in ("{", ","):
        at = (stopped.line + 1, stopped.column + 1)
        return Recovery(Message("empty_key"), at, Message("write_the_key"))
    start = value_start(text)
    if inside_brackets(text, stopped.column):
        start = text.rfind(": ", 0, stopped.column) + 2
    if start >= stopped.column or not text[:start].rstrip().endswith(":"):
        return None
    value = extent(text, start)
    return Recovery(
        Message("colon_in_text"),
        (stopped.line + 1, stopped.column + 1),
        Message("put_value_in_quotes", text=quoted(value)),
        {stopped.line: text[:start] + quoted(value) + text[start + len(value) :]},
    )


def brackets(stopped: ParseFailure) -> Recovery | None:
    """A list or block in brackets does not end as it should."""
    line, column = open_bracket(stopped.lines, stopped.context_line, stopped.context_column)
    opening = stopped.lines[line]
    half_open = re.match(r"\[[^\[\]\"']*\)", opening[column:])
    if half_open:
        return Recovery(
            Message("half_open_range"),
            (line + 1, column + half_open.end()),
            Message("band_in_words"),
            {line: opening[:column] + quoted(half_open.group()) + opening[column + half_open.end() :]},
        )
    if stopped.text[: stopped.column].rstrip()[-1:] in ("'", '"') and stopped.line == line:
        return after_quote(stopped)
    if stopped.line == line and opening[stopped.column : stopped.column + 1] == ":":
        return colon_in_text(stopped)
    bracket = opening[column : column + 1]
    closing = {"[": "]", "{": "}"}.get(bracket, "")
    return Recovery(
        Message("unclosed_bracket", closing=closing, bracket=bracket),
        (line + 1, column + 1),
        Message("close_the_list", closing=closing),
        {line: opening.rstrip() + closing} if nothing_below(stopped.lines, line) else {},
    )


def after_quote(stopped: ParseFailure) -> Recovery | None:
    """Text follows the closing quote."""
    text = stopped.text
    quote = text[: stopped.column].rstrip()[-1]
    start = opening_quote(text, stopped.column, quote)
    value = extent(text, start)
    # in 'it's fine' the quote was meant as an apostrophe; in "a" & "b" the quotes belong to the text
    apostrophe = text[stopped.column - 1] == quote and text[stopped.column].isalnum()
    meant = value[1:-1] if apostrophe and value[-1] == quote else value
    written = f'"{meant}"' if quote == "'" and '"' not in meant else quoted(meant)
    return Recovery(
        Message("text_after_quote"),
        (stopped.line + 1, stopped.column + 1),
        Message("one_pair_of_quotes", text=written),
        {stopped.line: text[:start] + written + text[start + len(value) :]},
    )


def unclosed_quote(stopped: ParseFailure) -> Recovery | None:
    """A quote is never closed."""
    line = stopped.context_line
    text = stopped.lines[line]
    quote = text[stopped.context_column : stopped.context_column + 1]
    return Recovery(
        Message("unclosed_quote", quote=quote),
        (line + 1, stopped.context_column + 1),
        Message("close_on_same_line"),
        {line: text.rstrip() + quote},
    )


def escape(stopped: ParseFailure) -> Recovery | None:
    """A backslash in double quotes stands before a letter that may not follow."""
    column = stopped.text.rfind("\\", 0, stopped.column + 1)
    if not 0 <= column < len(stopped.text) - 1:
        return None
    return Recovery(
        Message("bad_escape", found=stopped.text[column + 1]),
        (stopped.line + 1, column + 1),
        Message("write_backslashes"),
        {stopped.line: stopped.text[:column] + "\\" + stopped.text[column:]},
    )
