"""Formula text to tokens, with the limits on its size."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from metricsheet.errors import Diagnostic
from metricsheet.records import record
from metricsheet.source import Place

MAX_LENGTH = 8192
"""The longest formula, in characters: Excel's own limit."""
MAX_TOKENS = 2000
MAX_DEPTH = 100
"""How deep parentheses, functions and chains of operators may go."""

TokenKind = Literal["number", "text", "name", "logical", "error", "op", "(", ")", "{", "}", ",", ";", "end"]


@record
class Token:
    """A piece of a formula: ``value`` is what it means (text without quotes), ``at`` its offset."""

    kind: TokenKind
    value: str
    at: int
    text: str


_PATTERN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |"(?P<text>(?:[^"]|"")*)"
    |(?P<name>[^\W\d]\w*(?:\.\w+)*)
    |\[(?P<bracketed>(?:[^\]]|\]\])*)\]
    |(?P<error>\#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!))
    |(?P<op><=|>=|<>|[-+*/^&=<>%])
    |(?P<mark>[(){},;])""",
    re.VERBOSE | re.IGNORECASE,
)

_ADDRESS = "formulas use names of inputs and metrics, not cell addresses"
_QUOTES = 'put text between straight double quotes: "text"'
_HINTS = {
    "'": _QUOTES,
    "“": _QUOTES,
    "”": _QUOTES,
    "‘": _QUOTES,
    "’": _QUOTES,
    "!": _ADDRESS,
    "$": _ADDRESS,
    ":": _ADDRESS,
    "≥": "write >=",
    "≤": "write <=",
    "≠": "write <>",
    "×": "write *",
    "÷": "write /",
    "−": "write -",
    "–": "write -",
    "|": "write OR(a, b)",
    "@": "leave out @: a name stands for its whole column",
}
_PAIRS = {"!=": "write <>", "&&": "write AND(a, b)", "||": "write OR(a, b)", "**": "write ^", "==": "write ="}


def place_at(place: Place | None, text: str, at: int) -> Place | None:
    """Return where offset ``at`` of a formula stands that starts at ``place``."""
    return place if place is None or "\n" in text[:at] else place.right(at)


def limit_problem(text: str, place: Place | None) -> Diagnostic | None:
    """Return the problem of a formula that is too long to be looked at."""
    if len(text) <= MAX_LENGTH:
        return None
    message = f"the formula has {len(text):,} characters, at most {MAX_LENGTH:,} are allowed"
    return Diagnostic("formula_limit", message, place, "split it into metrics that use each other by name")


def tokens_of(text: str, place: Place | None) -> tuple[list[Token], list[Diagnostic]]:
    """Return the tokens of a formula, the last of kind ``end``, and a problem for each unreadable piece.

    A leading ``=`` is left out. Reading stops at the third problem and at the token limit.
    """
    tokens: list[Token] = []
    problems: list[Diagnostic] = []
    at = len(text) - len(text.lstrip())
    at += text.startswith("=", at)
    while at < len(text) and len(problems) < 3:
        found = _PATTERN.match(text, at)
        if found is None:
            problems.append(_unreadable(text, at, place))
            at += 1
            continue
        problem = _wrong_piece(text, at, found, tokens)
        if problem is not None:
            message, hint = problem
            problems.append(Diagnostic("formula_syntax", message, place_at(place, text, at), hint))
        elif found.lastgroup != "space":
            tokens.append(_token(found, at))
            if len(tokens) > MAX_TOKENS:
                message = f"the formula has more than {MAX_TOKENS:,} words and signs"
                return tokens, [Diagnostic("formula_limit", message, place)]
        at = found.end()
    tokens.append(Token("end", "", len(text), ""))
    return tokens, problems


def _token(found: re.Match[str], at: int) -> Token:
    kind, whole = found.lastgroup, found[0]
    if kind == "text":
        return Token("text", found["text"].replace('""', '"'), at, whole)
    if kind == "bracketed":
        return Token("name", " ".join(found["bracketed"].replace("]]", "]").split()), at, whole)
    if kind == "name":
        if whole.upper() in ("TRUE", "FALSE"):
            return Token("logical", whole.upper(), at, whole)
        return Token("name", whole, at, whole)
    if kind == "mark":
        return Token(whole, whole, at, whole)  # type: ignore[arg-type]
    return Token(kind, whole.upper() if kind == "error" else whole, at, whole)  # type: ignore[arg-type]


def _wrong_piece(
    text: str, at: int, found: re.Match[str], tokens: list[Token]
) -> tuple[str, str | None] | None:
    """Return message and hint for a piece that can be read but cannot be meant."""
    pair = text[at - 1 : at + 1] if at else ""
    if pair in _PAIRS and tokens and tokens[-1].at == at - 1 and tokens[-1].kind == "op":
        return f"{pair} is not an operator", _PAIRS[pair]
    if found.lastgroup == "number" and float(found[0]) == float("inf"):
        return f"the number {found[0][:20]} is too large", None
    if found.lastgroup == "bracketed" and not found["bracketed"].strip():
        return "a name in brackets is empty", "write the header between the brackets: [Header text]"
    return None


def _unreadable(text: str, at: int, place: Place | None) -> Diagnostic:
    mark = text[at]
    hint = _PAIRS.get(text[at : at + 2]) or _HINTS.get(mark)
    message = f"unexpected {mark!r}"
    if mark == '"':
        message, hint = "the text has no closing quote", _QUOTES
    elif mark == "[":
        message, hint = "the name in brackets has no closing bracket", "write [Header text], with ]] for ]"
    elif mark == "#":
        hint = "error values are #N/A, #DIV/0!, #VALUE!, #NUM!, #REF!, #NAME? and #NULL!"
    elif hint is None:
        plain = unicodedata.normalize("NFKC", mark)
        if plain != mark and plain.isascii() and plain.isprintable():
            hint = f"write {plain.strip() or 'a space'}"
    return Diagnostic("formula_syntax", message, place_at(place, text, at), hint)
