"""How a text is written in YAML between quotes, for the hints of problems."""

from __future__ import annotations

import re

from metricsheet.language.message import Message


def quotes_hint(written: str) -> Message:
    """Return the hint to put ``written`` in quotes; a comparison by sign is also given in a band's words."""
    comparison = re.fullmatch(r"(>=?|<=?)\s*(\S+)", written)
    if not comparison:
        return Message("put_in_quotes", text=quoted(written))
    words = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}[comparison.group(1)]
    return Message("put_in_quotes_or_band", text=quoted(written), band=f"{words} {comparison.group(2)}")


def quoted(text: str) -> str:
    """Return ``text`` the way it is written in YAML between quotes, in one line whatever it holds."""
    if not text.isprintable():
        return '"' + "".join(map(_escaped, text)) + '"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def to_closing_parenthesis(text: str) -> str:
    """Return ``text`` up to the parenthesis that closes its first one."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            return text[: index + 1]
    return text.rstrip(" ]}")
