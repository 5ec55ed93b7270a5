"""Formula text to tokens, with the limits on its size."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from metricsheet.errors import Diagnostic
from metricsheet.language.message import Message
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

_ADDRESS = Message("names_not_addresses")
_QUOTES = Message("straight_quotes")
_HINTS = {
    "'": _QUOTES,
    "“": _QUOTES,
    "”": _QUOTES,
    "‘": _QUOTES,
    "’": _QUOTES,
    "!": _ADDRESS,
    "$": _ADDRESS,
    ":": _ADDRESS,
    "≥": Message("write", text=">="),
    "≤": Message("write", text="<="),
    "≠": Message("write", text="<>"),
    "×": Message("write", text="*"),
    "÷": Message("write", text="/"),
    "−": Message("write", text="-"),
    "–": Message("write", text="-"),
    "|": Message("write", text="OR(a, b)"),
    "@": Message("leave_out_at"),
}
_PAIRS = {
    "!=": Message("write", text="<>"),
    "&&": Message("write", text="AND(a, b)"),
    "||": Message("write", text="OR(a, b)"),
    "**": Message("write", text="^"),
    "==": Message("write", text="="),
}


def place_at(place: Place | None, text: str, at: int) -> Place | None:
    """Return where offset ``at`` of a formula is that starts at ``place``."""
    return place if place is None or "\n" in text[:at] else place.right(at)


def limit_problem(text: str, place: Place | None) -> Diagnostic | None:
    """Return the problem of a formula that is too long to be looked at."""
    if len(text) <= MAX_LENGTH:
        return None
    message = Message("formula_limit.length", count=len(text), most=MAX_LENGTH)
    return Diagnostic(message, place, Message("split_into_metrics"))


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
            problems.append(Diagnostic(message, place_at(place, text, at), hint))
        elif found.lastgroup != "space":
            tokens.append(_token(found, at))
            if len(tokens) > MAX_TOKENS:
                message = Message("formula_limit.tokens", most=MAX_TOKENS)
                return tokens, [Diagnostic(message, place)]
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
) -> tuple[Message, Message | None] | None:
    """Return message and hint for a piece that can be read but cannot be meant."""
    pair = text[at - 1 : at + 1] if at else ""
    if pair in _PAIRS and tokens and tokens[-1].at == at - 1 and tokens[-1].kind == "op":
        return Message("formula_syntax.not_an_operator", text=pair), _PAIRS[pair]
    if found.lastgroup == "number" and float(found[0]) == float("inf"):
        return Message("formula_syntax.number_too_large", text=found[0][:20]), None
    if found.lastgroup == "bracketed" and not found["bracketed"].strip():
        return Message("formula_syntax.empty_name"), Message("header_in_brackets")
    return None


def _unreadable(text: str, at: int, place: Place | None) -> Diagnostic:
    mark = text[at]
    hint = _PAIRS.get(text[at : at + 2]) or _HINTS.get(mark)
    message = Message("formula_syntax.unexpected", mark=mark)
    if mark == '"':
        message, hint = Message("formula_syntax.no_closing_quote"), _QUOTES
    elif mark == "[":
        message, hint = Message("formula_syntax.no_closing_bracket"), Message("write_header_bracketed")
    elif mark == "#":
        hint = Message("error_values")
    elif hint is None:
        plain = unicodedata.normalize("NFKC", mark)
        if plain != mark and plain.isascii() and plain.isprintable():
            hint = Message("write", text=plain) if plain.strip() else Message("write_a_space")
    return Diagnostic(message, place_at(place, text, at), hint)
