"""Where values, brackets and indentation stand in a line of YAML that cannot be parsed."""

from __future__ import annotations

import re


def extent(text: str, column: int) -> str:
    """Return the value that starts at ``column``: up to a comment, or to the end of its item in brackets."""
    value = re.split(r"\s#", text[column:])[0].rstrip()
    if inside_brackets(text, column):
        inside = re.match(r"[^,\]}]*", value)
        value = inside.group().rstrip() if inside else value
    return value


def inside_brackets(text: str, column: int) -> bool:
    """Return whether ``column`` stands inside ``[ ]`` or ``{ }`` opened on the line."""
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
    """Return where the bracket stands that is open at a place: there, or the nearest before it."""
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
