"""How a text is written in YAML between quotes, for the hints of problems."""

from __future__ import annotations

import re


def quotes_hint(written: str) -> str:
    """Return the hint to put ``written`` in quotes; a comparison by sign is also given in a band's words."""
    comparison = re.fullmatch(r"(>=?|<=?)\s*(\S+)", written)
    words = ""
    if comparison:
        words = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}[comparison.group(1)]
        words = f"; in a band write {words} {comparison.group(2)}"
    return f"put it in quotes: {quoted(written)}{words}"


def quoted(text: str) -> str:
    """Return ``text`` the way it is written in YAML between quotes."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def to_closing_parenthesis(text: str) -> str:
    """Return ``text`` up to the parenthesis that closes its first one."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            return text[: index + 1]
    return text.rstrip(" ]}")
