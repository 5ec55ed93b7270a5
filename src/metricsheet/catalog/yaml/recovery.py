"""Says in plain words why YAML stopped at a line, how to write it, and how to go on behind it.

PyYAML stops at the first thing it cannot read. Each function in the table knows one family of such stops: it
names the problem in the words of the file, and gives the lines as they were most likely meant, so that
reading can start again and find the next problem in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from metricsheet.catalog.yaml.events import MOST_LEVELS
from metricsheet.catalog.yaml.quotes import quoted, quotes_hint
from metricsheet.catalog.yaml.tree import At
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import field, record, replace


@record
class Recovery:
    """A problem with its place and fix; ``changed`` maps line indices (from 0) to the lines as meant."""

    message: Message
    at: At
    hint: Message | None = None
    changed: dict[int, str] = field(default_factory=dict)
    code: str = ""


@record
class ParseFailure:
    """Where PyYAML stopped: indices from 0; ``context`` is where the thing it was reading began."""

    lines: list[str]
    line: int
    column: int
    context_line: int
    context_column: int

    @property
    def text(self) -> str:
        """The line at which reading stopped."""
        return self.lines[self.line] if self.line < len(self.lines) else ""


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
    """A line is further right or left than its block."""
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
    """An item is among keys, or a key among items."""
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
    """A backslash in double quotes is before a letter that may not follow."""
    column = stopped.text.rfind("\\", 0, stopped.column + 1)
    if not 0 <= column < len(stopped.text) - 1:
        return None
    return Recovery(
        Message("bad_escape", found=stopped.text[column + 1]),
        (stopped.line + 1, column + 1),
        Message("write_backslashes"),
        {stopped.line: stopped.text[:column] + "\\" + stopped.text[column:]},
    )


def extent(text: str, column: int) -> str:
    """Return the value that starts at ``column``: up to a comment, or to the end of its item in brackets."""
    value = re.split(r"\s#", text[column:])[0].rstrip()
    if inside_brackets(text, column):
        inside = re.match(r"[^,\]}]*", value)
        value = inside.group().rstrip() if inside else value
    return value


def inside_brackets(text: str, column: int) -> bool:
    """Return whether ``column`` is inside ``[ ]`` or ``{ }`` opened on the line."""
    before = text[:column]
    return before.count("[") > before.count("]") or before.count("{") > before.count("}")


def value_start(text: str) -> int:
    """Return the column at which the value of ``key: value`` or ``- value`` starts."""
    match = re.match(r"\s*(?:- +)*(?:[^:\s\"'{\[][^:]*: +)?", text)
    return match.end() if match else 0


def indent(text: str) -> int:
    """Return the number of spaces in front of ``text``."""
    return len(text) - len(text.lstrip(" "))


def nothing_below(lines: list[str], line: int) -> bool:
    """Return whether the line after ``line`` is not indented under it."""
    following = lines[line + 1] if line + 1 < len(lines) else ""
    return not following.strip() or indent(following) <= indent(lines[line])


def opening_quote(text: str, column: int, quote: str) -> int:
    """Return the column of the quote that the one before ``column`` closes."""
    closing = text[:column].rstrip().rfind(quote)
    start = text.rfind(quote, 0, closing)
    return start if start >= 0 else closing


def open_bracket(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """Return where the bracket is that is open at a place: there, or the nearest before it."""
    if lines[min(line, len(lines) - 1)][column : column + 1] in ("[", "{"):
        return line, column
    closed = 0
    for above in range(min(line, len(lines) - 1), -1, -1):
        text = re.sub(r""""[^"]*"|'[^']*'|\s#.*""", lambda match: " " * len(match.group()), lines[above])
        for at in range(len(text) - 1, -1, -1):
            if above == line and at >= column:
                continue
            closed += (text[at] in "]}") - (text[at] in "[{")
            if closed < 0:
                return above, at
    return min(line, len(lines) - 1), column


def recover(lines: list[str], error: Any) -> Recovery:
    """Return what is wrong where ``error`` (a ``yaml.MarkedYAMLError``) stopped the reading."""
    mark = error.problem_mark or error.context_mark
    context = error.context_mark or mark
    line, column = mark.line, mark.column
    if not "".join([lines[line][column:] if line < len(lines) else "", *lines[line + 1 :]]).strip():
        line, column = len(lines), 0  # the two scanners of PyYAML put the end of a file at different places
    stopped = ParseFailure(lines, line, column, context.line, context.column)
    words = f"{error.context or ''}; {error.problem or ''}"
    for pattern, explain in _EXPLANATIONS:
        if re.search(pattern, words):
            found = explain(stopped)
            if found is not None:
                return found
    at = (mark.line + 1, mark.column + 1) if mark.line < len(lines) else (len(lines), 1)
    return Recovery(Message("yaml_syntax", problem=error.problem), at)


def _too_deep(stopped: ParseFailure) -> Recovery:
    """PyYAML has a limit of its own, far above ours, and looks ahead: it can stop before we counted."""
    at = (min(stopped.line, len(stopped.lines) - 1) + 1, stopped.column + 1)
    return Recovery(Message("nested_too_deep", most=MOST_LEVELS), at)


_EXPLANATIONS: tuple[tuple[str, Callable[[ParseFailure], Recovery | None]], ...] = (
    (r"nesting depth", _too_deep),
    (r"directive|incompatible YAML", directive),
    (r"document start", after_document),
    (r"scanning a block scalar", text_block),
    (r"cannot start any token|mapping keys are not allowed", at_mark),
    (r"(scanning|parsing) an? (alias|anchor)", text_block),
    (r"(scanning|parsing) a tag|tag handle|parsing a node", text_block),
    (r"mapping values are not allowed", second_colon),
    (r"sequence entries are not allowed", list_on_line),
    (r"quoted scalar; .*(end of stream|document)", unclosed_quote),
    (r"quoted scalar; .*(escape|hexdecimal)", escape),
    (r"parsing a flow", brackets),
    (r"simple key", no_colon),
    (r"block (mapping|collection)", in_block),
)
