"""Tokens to a tree, with one explicit stack: no formula can exhaust Python's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NoReturn, TypeAlias

from metricsheet.errors import Diagnostic
from metricsheet.formula import ast as tree
from metricsheet.formula.tokens import MAX_DEPTH, MAX_TOKENS, Token, limit_problem, place_at, tokens_of
from metricsheet.language.message import Message
from metricsheet.records import field, record
from metricsheet.source import Place

MAX_ARGUMENTS = 255
"""How many arguments a function may have: Excel's own limit."""
MAX_HINTED_DEPTH = 10

_LEAST_LET = 3
_Measured: TypeAlias = tuple[tree.Node, int, int]
"""A tree with its depth and the number of its nodes."""
_JOINING = ("OR", "XOR", "AND")
"""Words that other languages put between two conditions, those that bind least first."""


def parse_formula(text: str, place: Place | None = None) -> tuple[tree.Node | None, tuple[Diagnostic, ...]]:
    """Return the tree of ``text``, or ``None`` and why it is not a formula.

    Names and functions are not looked up. ``place`` is where the text starts; diagnostics point into it.
    Never raises on any text.
    """
    too_long = limit_problem(text, place)
    if too_long is not None:
        return None, (too_long,)
    tokens, problems = tokens_of(text, place)
    if problems:
        return None, tuple(problems)
    try:
        return _Parser(tokens).parse(), ()
    except _Refused as refused:
        hint = refused.hint or as_functions(text, tokens, refused.at)
        related: tuple[tuple[Place, Message], ...] = ()
        if refused.opened is not None and place is not None:
            opened = place_at(place, text, refused.opened)
            related = ((opened, Message("opened_here")),) if opened is not None else ()
        where = place_at(place, text, refused.at)
        return None, (Diagnostic(refused.message, where, hint, related=related),)


class _Refused(Exception):  # noqa: N818 (never leaves this module: it is a jump, not an error for callers)
    def __init__(
        self,
        message: Message,
        at: int,
        hint: Message | None = None,
        opened: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.at, self.hint, self.opened = message, at, hint, opened


@record(frozen=False)
class _Pending:
    """Something begun whose end is yet to come: a sign, a binary operator, a parenthesis or a call."""

    kind: Literal["sign", "binary", "group", "call"]
    text: str
    at: int
    arguments: list[tuple[tree.Node, int]] = field(default_factory=list)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.pending: list[_Pending] = []
        # each operand with the depth of its tree, so that the depth limit costs nothing to check
        self.operands: list[tuple[tree.Node, int]] = []

    def parse(self) -> tree.Node:
        if self.tokens[0].kind == "end":
            raise _Refused(Message("formula_syntax.empty"), self.tokens[0].at)
        while True:
            self._operand()
            if self._after_operand():
                return self.operands[0][0]

    def _next(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def _push(self, pending: _Pending) -> None:
        if len(self.pending) >= MAX_DEPTH:
            self._too_deep(pending.at)
        self.pending.append(pending)

    def _too_deep(self, at: int) -> NoReturn:
        message = Message("formula_limit.depth", most=MAX_DEPTH)
        hint = Message("split_or_sum")
        raise _Refused(message, at, hint)

    def _add(self, node: tree.Node, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._too_deep(node.at)
        self.operands.append((node, depth))

    def _operand(self) -> None:
        """Read up to the end of one operand; signs, opening parentheses and calls wait in ``pending``."""
        while True:
            token = self._next()
            kind = token.kind
            if kind == "op" and token.value in "+-":
                self._push(_Pending("sign", token.value, token.at))
            elif kind == "(":
                self._push(_Pending("group", "(", token.at))
            elif kind in ("name", "logical") and self.tokens[self.index].kind == "(":
                self.index += 1
                self._push(_Pending("call", function_name(token.value), token.at))
                if self.tokens[self.index].kind == ")":
                    self.index += 1
                    self._close_call([])
                    return
            elif kind in (",", ")") and self._argument_is_missing():
                self.index -= 1
                self._add(tree.Blank(token.at), 1)
                return
            else:
                self._add(self._array(token) if kind == "{" else self._leaf(token), 1)
                self._apply_signs()
                return

    def _argument_is_missing(self) -> bool:
        before = self.tokens[self.index - 2].kind if self.index > 1 else "end"
        return before in ("(", ",") and bool(self.pending) and self.pending[-1].kind == "call"

    def _leaf(self, token: Token) -> tree.Node:
        if token.kind == "number":
            return tree.Number(float(token.value), token.at)
        if token.kind == "text":
            return tree.Text(token.value, token.at)
        if token.kind == "name":
            return tree.Name(token.value, token.at)
        if token.kind == "logical":
            return tree.Logical(token.value == "TRUE", token.at)
        if token.kind == "error":
            return tree.ErrorValue(token.value, token.at)
        opened = self._opened()
        hint = Message("percent_after_number") if token.value == "%" else None
        raise _Refused(
            Message("formula_syntax.value_expected", found=_shown(token)), token.at, hint, opened=opened
        )

    def _array(self, brace: Token) -> tree.Array:
        """Return the array constant that ``brace`` opens: literals by comma, rows by semicolon."""
        rows: list[tuple[tree.Number | tree.Text | tree.Logical | tree.ErrorValue, ...]] = []
        row: list[tree.Number | tree.Text | tree.Logical | tree.ErrorValue] = []
        while True:
            token = self._next()
            sign = 1.0
            if token.kind == "op" and token.value in "+-" and self.tokens[self.index].kind == "number":
                sign = -1.0 if token.value == "-" else 1.0
                token = self._next()
            if token.kind not in ("number", "text", "logical", "error"):
                message = Message("formula_syntax.array_value_expected", found=_shown(token))
                raise _Refused(message, token.at, opened=brace.at)
            leaf = self._leaf(token)
            assert isinstance(leaf, (tree.Number, tree.Text, tree.Logical, tree.ErrorValue))
            row.append(tree.Number(sign * leaf.value, leaf.at) if isinstance(leaf, tree.Number) else leaf)
            token = self._next()
            if token.kind in (";", "}"):
                rows.append(tuple(row))
                row = []
            if token.kind == "}":
                break
            if token.kind not in (",", ";"):
                raise _Refused(
                    Message("formula_syntax.array_end_expected", found=_shown(token)),
                    token.at,
                    opened=brace.at,
                )
        if len({len(r) for r in rows}) > 1:
            raise _Refused(Message("formula_syntax.array_rows_differ"), brace.at)
        return tree.Array(tuple(rows), brace.at)

    def _after_operand(self) -> bool:
        """Read what follows an operand, up to where the next one begins; return whether all is read."""
        while True:
            token = self._next()
            kind = token.kind
            if kind == "op" and token.value == "%":
                node, depth = self.operands.pop()
                self._add(tree.Percent(node, token.at), depth + 1)
            elif kind == "op":
                self._reduce(tree.PRECEDENCE[token.value])
                self._push(_Pending("binary", token.value, token.at))
                return False
            elif kind == ")":
                self._close(token)
            elif kind == "," and self._in_call(token):
                return False
            elif kind == "end":
                self._reduce(0)
                if self.pending:
                    opened = self.pending[-1].at
                    raise _Refused(Message("formula_syntax.parenthesis_expected"), token.at, opened=opened)
                return True
            else:
                hint = Message("separate_with_comma") if kind == ";" else None
                raise _Refused(
                    Message("formula_syntax.operator_expected", found=_shown(token)), token.at, hint
                )

    def _in_call(self, comma: Token) -> bool:
        """Take the operand before ``comma`` as an argument of the call it is in."""
        self._reduce(0)
        if not self.pending or self.pending[-1].kind != "call":
            hint = Message("decimals_with_point") if self.index < len(self.tokens) else None
            raise _Refused(Message("formula_syntax.comma_outside"), comma.at, hint)
        self.pending[-1].arguments.append(self.operands.pop())
        return True

    def _close(self, token: Token) -> None:
        self._reduce(0)
        if not self.pending:
            raise _Refused(Message("formula_syntax.nothing_to_close"), token.at)
        if self.pending[-1].kind == "call":
            self._close_call([self.operands.pop()])
        else:
            self.pending.pop()
            self._apply_signs()

    def _close_call(self, last: list[tuple[tree.Node, int]]) -> None:
        call = self.pending.pop()
        arguments = call.arguments + last
        if len(arguments) > MAX_ARGUMENTS:
            message = Message(
                "formula_limit.arguments", function=call.text, count=len(arguments), most=MAX_ARGUMENTS
            )
            raise _Refused(message, call.at)
        depth = max((depth for _, depth in arguments), default=0)
        if call.text in ("TRUE", "FALSE") and not arguments:
            self._add(tree.Logical(call.text == "TRUE", call.at), 1)
        elif call.text == "LET" and len(arguments) >= _LEAST_LET and len(arguments) % 2:
            self._add(*self._let([node for node, _ in arguments]))
        else:
            self._add(tree.Call(call.text, tuple(node for node, _ in arguments), call.at), depth + 1)
        self._apply_signs()

    def _let(self, arguments: Sequence[tree.Node]) -> tuple[tree.Node, int]:
        """Return the calculation of a ``LET`` with its values in the place of their names, and its depth.

        A name is nothing but its value written once: columns, units and kinds are those of the value.
        """
        *bound, calculation = arguments
        known: dict[str, _Measured] = {}
        for name, value in zip(bound[::2], bound[1::2], strict=True):
            if not isinstance(name, tree.Name):
                raise _Refused(Message("let.name", found=tree.to_text(name)), name.at)
            if name.name.casefold() in known:
                raise _Refused(Message("let.twice", name=name.name), name.at)
            known[name.name.casefold()] = self._with_values(value, known)
        node, depth, _ = self._with_values(calculation, known)
        return node, depth

    def _with_values(self, node: tree.Node, known: Mapping[str, _Measured]) -> _Measured:
        """Return ``node`` with values in the place of ``known`` names, within the limits of a formula."""

        def measured(part: tree.Node, inner: list[_Measured]) -> _Measured:
            value = known.get(part.name.casefold()) if isinstance(part, tree.Name) else None
            if value is None:
                depth = 1 + max((depth for _, depth, _ in inner), default=0)
                size = 1 + sum(size for _, _, size in inner)
                value = tree.with_children(part, tuple([one for one, _, _ in inner])), depth, size
            if value[1] > MAX_DEPTH:
                self._too_deep(part.at)
            if value[2] > MAX_TOKENS:
                raise _Refused(Message("formula_limit.tokens", most=MAX_TOKENS), part.at)
            return value

        return tree.folded(node, measured)

    def _apply_signs(self) -> None:
        """Bind the signs right before the operand: tighter than anything that may follow it."""
        while self.pending and self.pending[-1].kind == "sign":
            sign = self.pending.pop()
            node, depth = self.operands.pop()
            self._add(tree.Unary(sign.text, node, sign.at), depth + 1)

    def _reduce(self, level: int) -> None:
        """Join operands while the operator between them binds at least as tightly as ``level``."""
        while self.pending and self.pending[-1].kind == "binary":
            if tree.PRECEDENCE[self.pending[-1].text] < level:
                return
            operator = self.pending.pop()
            right, right_depth = self.operands.pop()
            left, left_depth = self.operands.pop()
            self._add(tree.Binary(operator.text, left, right, operator.at), max(left_depth, right_depth) + 1)

    def _opened(self) -> int | None:
        groups = [p.at for p in self.pending if p.kind in ("group", "call")]
        return groups[-1] if groups else None


def function_name(written: str) -> str:
    """Return a function's name as the table has it: upper case, without the prefix Excel stores."""
    name = written.upper()
    for prefix in ("_XLFN._XLWS.", "_XLFN."):
        name = name.removeprefix(prefix)
    return name


def as_functions(text: str, tokens: Sequence[Token], at: int) -> Message | None:
    """Return how ``A AND B`` is written in formulas where such a word is at ``at``, else ``None``."""
    place = next((i for i, token in enumerate(tokens) if token.at == at), 0)
    if not _joins(tokens, place):
        return None
    written = _with_functions(text, tokens[:-1], 0)
    known, problems = tokens_of(written, None)
    try:
        _Parser(known).parse()
    except _Refused:
        written = ""
    # where more is wrong the form alone says it
    return Message(
        "write", text=f"{tokens[place].value.upper()}(a, b)" if problems or not written else written
    )


def _joins(tokens: Sequence[Token], place: int) -> bool:
    """Return whether a word is between two operands as an operator would."""
    word = tokens[place]
    if place == 0 or word.kind != "name" or word.value.upper() not in _JOINING:
        return False
    before = tokens[place - 1]
    return before.kind not in ("op", "(", ",", ";", "{") or before.value == "%"


def _with_functions(text: str, tokens: Sequence[Token], depth: int) -> str:
    """Return a stretch of a formula with the words that join its parts as functions around them."""
    if not tokens:
        return "…"
    for word in _JOINING:
        parts = _split(tokens, word)
        if len(parts) > 1:
            return f"{word}({', '.join(_with_functions(text, part, depth) for part in parts)})"
    if depth < MAX_HINTED_DEPTH and tokens[0].kind == "(" and _closes(tokens) == len(tokens) - 1:
        return _with_functions(text, tokens[1:-1], depth + 1)
    return text[tokens[0].at : tokens[-1].at + len(tokens[-1].text)]


def _closes(tokens: Sequence[Token]) -> int:
    """Return where the first parenthesis is closed, -1 where it is not."""
    open_ = 0
    for place, token in enumerate(tokens):
        open_ += (token.kind == "(") - (token.kind == ")")
        if not open_:
            return place
    return -1


def _split(tokens: Sequence[Token], word: str) -> list[Sequence[Token]]:
    """Return the stretches between the words outside parentheses."""
    parts: list[Sequence[Token]] = []
    open_, start = 0, 0
    for place, token in enumerate(tokens):
        open_ += (token.kind == "(") - (token.kind == ")")
        if not open_ and token.value.upper() == word and _joins(tokens, place):
            parts.append(tokens[start:place])
            start = place + 1
    return [*parts, tokens[start:]]


def _shown(token: Token) -> Message | str:
    return Message("end_of_formula") if token.kind == "end" else token.text[:40]
