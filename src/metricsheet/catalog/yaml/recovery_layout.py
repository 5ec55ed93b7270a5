"""Stops that come from the layout of lines: indentation, colons, dashes."""

from __future__ import annotations

from metricsheet.catalog.yaml.lines import extent, indent, nothing_below, value_start
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.catalog.yaml.recovery_model import ParseFailure, Recovery
from metricsheet.catalog.yaml.recovery_values import after_quote, colon_in_text, needs_quotes
from metricsheet.language.message import Message
from metricsheet.patterns import late

_WIDE_COLON = late(r"(\s*+(?:- +)*+[^\s:\"'#][^:\"'#]*?)(：)\s*(?=\S|$)")
_GLUED_COLON = late(r"(\s*+(?:- +)*+[A-Za-z_][\w.-]*):([^\s:/].*)")


def glued_colon(lines: list[str], line: int) -> Recovery | None:
    """Return the problem of a key whose colon has no space after it, or is a full-width one."""
    text = lines[line]
    wide = _WIDE_COLON.match(text)
    if wide and ": " not in text:
        return Recovery(
            Message("wide_colon"),
            (line + 1, wide.start(2) + 1),
            Message("write_entry", key=wide.group(1).strip(), value=text[wide.end() :].strip()),
            {line: f"{wide.group(1)}: {text[wide.end() :]}"},
        )
    glued = _GLUED_COLON.match(text)
    if glued:
        return Recovery(
            Message("no_space_after_colon"),
            (line + 1, glued.end(1) + 1),
            Message("write_entry", key=glued.group(1).strip(), value=glued.group(2)),
            {line: f"{glued.group(1)}: {glued.group(2)}"},
        )
    return None


def second_colon(stopped: ParseFailure) -> Recovery | None:
    """A key is met where a value goes on: a colon in the value, none after the key above, or indentation."""
    glued = glued_colon(stopped.lines, line_above(stopped))
    return glued or colon_in_text(stopped) or indentation(stopped)


def line_above(stopped: ParseFailure) -> int:
    """Return the index of the nearest line above that is not blank or a comment."""
    line = stopped.line - 1
    while line > 0 and not stopped.lines[line].split("#")[0].strip():
        line -= 1
    return max(line, 0)


def indentation(stopped: ParseFailure) -> Recovery | None:
    """A line stands further right or left than its block."""
    above = line_above(stopped)
    here, wanted = indent(stopped.text), indent(stopped.lines[above])
    if stopped.text[: stopped.column].strip() and here <= wanted:
        return None
    changed = {}
    line = stopped.line
    if here > wanted:
        while line < len(stopped.lines) and (
            indent(stopped.lines[line]) >= here or not stopped.lines[line].strip()
        ):
            changed[line] = stopped.lines[line][here - wanted :]
            line += 1
    return Recovery(
        Message("indentation.other_number"),
        (stopped.line + 1, here + 1),
        Message("spaces_of_lines", line=above + 1, wanted=wanted, found=here),
        changed,
    )


def in_block(stopped: ParseFailure) -> Recovery | None:
    """Something follows where a block expects its next key."""
    text = stopped.text
    before = text[: stopped.column].rstrip()
    if not before:
        if text[stopped.column : stopped.column + 1] == ":":
            at = (stopped.line + 1, stopped.column + 1)
            return Recovery(
                Message("empty_key"),
                at,
                Message("write_key_then_colon"),
            )
        return dash_or_indentation(stopped)
    if before[-1] in "'\"":
        return after_quote(stopped)
    if before[-1] in "]}":
        start = value_start(text)
        value = extent(text, start)
        return Recovery(
            Message("needs_quotes.text_after", sign=before[-1]),
            (stopped.line + 1, stopped.column + 1),
            Message("quotes_for_start", sign=value[:1], text=quoted(value)),
            {stopped.line: text[:start] + quoted(value) + text[start + len(value) :]},
        )
    return None


def dash_or_indentation(stopped: ParseFailure) -> Recovery | None:
    """An item stands among keys, or a key among items."""
    at = (stopped.line + 1, stopped.column + 1)
    deeper = indent(stopped.text) > indent(stopped.lines[line_above(stopped)])
    if stopped.text.lstrip().startswith("- ") and not deeper:
        hint = Message("dashes_below_key")
        return Recovery(Message("indentation.item_among_keys"), at, hint)
    if indent(stopped.text) == indent(stopped.lines[line_above(stopped)]):
        hint = Message("start_with_dash")
        return Recovery(Message("indentation.key_among_items"), at, hint)
    return indentation(stopped)


def no_colon(stopped: ParseFailure) -> Recovery | None:
    """A line of text has no colon."""
    line = stopped.context_line
    glued = glued_colon(stopped.lines, line)
    if glued is not None:
        return glued
    text = stopped.lines[line]
    return Recovery(
        Message("no_colon"),
        (line + 1, stopped.context_column + 1),
        Message("colon_after_key"),
        {line: text[: stopped.context_column] + "#" + text[stopped.context_column + 1 :]},
    )


def list_on_line(stopped: ParseFailure) -> Recovery | None:
    """A list starts on the line of its key."""
    text = stopped.text
    value = extent(text, stopped.column)
    if value == "-":
        return needs_quotes(stopped, stopped.line, stopped.column)
    return Recovery(
        Message("list_on_key_line"),
        (stopped.line + 1, stopped.column + 1),
        Message("list_on_next_line", text=value.lstrip("- ")),
        {stopped.line: text[: stopped.column] + quoted(value)}
        if nothing_below(stopped.lines, stopped.line)
        else {},
    )


def after_document(stopped: ParseFailure) -> Recovery | None:
    """Something follows the line that ends a document."""
    if any(line.startswith("%") for line in stopped.lines[: stopped.line]):
        return directive(stopped)
    at = (stopped.line + 1, stopped.column + 1)
    return Recovery(Message("second_document.after_end"), at, Message("delete_the_dots"))


def directive(stopped: ParseFailure) -> Recovery | None:
    """A line starts with %, which YAML takes for itself."""
    for line in range(min(stopped.line, len(stopped.lines) - 1), -1, -1):
        if stopped.lines[line].startswith("%"):
            return Recovery(Message("directive"), (line + 1, 1), Message("delete_line"))
    return None
