"""The tree of a formula, and its canonical text.

Nodes are immutable and compare by what they say, not by where they are: ``at`` is the offset in the
formula text, for diagnostics. ``Aggregate``, ``Parts`` and ``Given`` occur only in plans: answers of
primitives in a residual, and a value finished before rows are looked at in a row expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar

from metricsheet.patterns import late
from metricsheet.records import field, record


@record
class Number:
    """A number as written, such as ``9`` or ``2.5e3``."""

    value: float
    at: int = field(default=0, compare=False)


@record
class Text:
    """A text between double quotes, without the quotes."""

    value: str
    at: int = field(default=0, compare=False)


@record
class Logical:
    """``TRUE`` or ``FALSE``."""

    value: bool
    at: int = field(default=0, compare=False)


@record
class ErrorValue:
    """An error written in the formula, such as ``#N/A``."""

    code: str
    at: int = field(default=0, compare=False)


@record
class Blank:
    """An argument left out between two commas, as in ``IF(a,,b)``."""

    at: int = field(default=0, compare=False)


@record
class Array:
    """An array constant such as ``{1,2;3,4}``: rows of literals."""

    rows: tuple[tuple[Number | Text | Logical | ErrorValue, ...], ...]
    at: int = field(default=0, compare=False)


@record
class Name:
    """An input, metric or parameter by its name; dotted names such as ``cac.trend`` are one name."""

    name: str
    at: int = field(default=0, compare=False)


@record
class Unary:
    """A sign in front of an operand: ``-`` or ``+``."""

    op: str
    operand: Node
    at: int = field(default=0, compare=False)


@record
class Percent:
    """An operand with ``%`` behind it."""

    operand: Node
    at: int = field(default=0, compare=False)


@record
class Binary:
    """Two operands and one of ``+ - * / ^ & = <> < > <= >=``; ``at`` is the operator's offset."""

    op: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@record
class Call:
    """A function by its upper-case name, and its arguments."""

    name: str
    args: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@record
class Aggregate:
    """The answer of primitive number ``index`` of the plan; ``text`` is what it was written as."""

    index: int
    text: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


@record
class Parts:
    """The answers of several primitives about one argument, which a function joins into its own answer."""

    indexes: tuple[int, ...]
    text: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


@record
class Given:
    """In a row expression: value number ``index`` of the primitive's ``scalars``, the same for every row."""

    index: int
    text: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Number
    | Text
    | Logical
    | ErrorValue
    | Blank
    | Array
    | Name
    | Unary
    | Percent
    | Binary
    | Call
    | Aggregate
    | Parts
    | Given
)

Made = TypeVar("Made")

_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
PRECEDENCE = {op: level for level, ops in enumerate(_LEVELS, 1) for op in ops}
"""How tightly an operator binds, loosest first; ``%`` and signs bind tighter than all of these."""

_PERCENT, _SIGN, _PRIMARY = 6, 7, 8
_PLAIN_NAME = late(r"[^\W\d](?:[\w.]*\w)?")


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of ``node``, in the order they are written."""
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Call):
        return node.args
    if isinstance(node, (Unary, Percent)):
        return (node.operand,)
    return ()


def with_children(node: Node, parts: tuple[Node, ...]) -> Node:
    """Return ``node`` with other parts in the place of its own."""
    if isinstance(node, Binary):
        return Binary(node.op, parts[0], parts[1], node.at)
    if isinstance(node, Call):
        return Call(node.name, parts, node.at)
    if isinstance(node, Unary):
        return Unary(node.op, parts[0], node.at)
    return Percent(parts[0], node.at) if isinstance(node, Percent) else node


def walk(node: Node) -> Iterator[Node]:
    """Yield every node below and including ``node``, parts before the whole, left before right."""
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, opened = stack.pop()
        parts = () if opened else children(current)
        if not parts:
            yield current
            continue
        stack.append((current, True))
        stack.extend((part, False) for part in reversed(parts))


def folded(node: Node, make: Callable[[Node, list[Made]], Made]) -> Made:
    """Return what ``make`` makes of ``node`` and of what it made of the parts, whatever their depth."""
    done: list[Made] = []
    for part in walk(node):
        count = len(children(part))
        inner = done[len(done) - count :]
        del done[len(done) - count :]
        done.append(make(part, inner))
    return done[0]


def to_text(node: Node) -> str:
    """Return the canonical text of ``node``: parsing it gives an equal tree."""
    return folded(node, _written)[0]


def _written(node: Node, inner: list[tuple[str, int]]) -> tuple[str, int]:
    """Return the text of one node and how tightly it holds together, given its parts."""
    if isinstance(node, Binary):
        level = PRECEDENCE[node.op]
        # operators of one level group from the left, so the right part needs parentheses at the same level
        left, right = _wrapped(inner[0], level), _wrapped(inner[1], level + 1)
        return (f"{left}{node.op}{right}" if node.op == "^" else f"{left} {node.op} {right}"), level
    if isinstance(node, Unary):
        return node.op + _wrapped(inner[0], _SIGN), _SIGN
    if isinstance(node, Percent):
        return _wrapped(inner[0], _PERCENT) + "%", _PERCENT
    if isinstance(node, Call):
        return f"{node.name}({', '.join(text for text, _ in inner)})", _PRIMARY
    return _literal(node), _PRIMARY


def _wrapped(part: tuple[str, int], level: int) -> str:
    return part[0] if part[1] >= level else f"({part[0]})"


def _literal(node: Node) -> str:
    if isinstance(node, Number):
        return number_text(node.value)
    if isinstance(node, Text):
        return '"' + node.value.replace('"', '""') + '"'
    if isinstance(node, Logical):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node, ErrorValue):
        return node.code
    if isinstance(node, Array):
        return "{" + ";".join(",".join(_literal(cell) for cell in row) for row in node.rows) + "}"
    if isinstance(node, Name):
        return name_text(node.name)
    if isinstance(node, (Aggregate, Parts, Given)):
        return node.text
    return ""


def number_text(value: float) -> str:
    """Return the shortest text that reads back as ``value``, without a needless ``.0``."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def name_text(name: str) -> str:
    """Return ``name`` as it must be written: in brackets unless it is one plain word."""
    if _PLAIN_NAME.fullmatch(name) and name.upper() not in ("TRUE", "FALSE"):
        return name
    return "[" + name.replace("]", "]]") + "]"
