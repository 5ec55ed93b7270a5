"""A formula split at its aggregate boundary: primitives for an engine, a residual for ``finish``."""

from __future__ import annotations

from typing import Literal

from metricsheet.formula.ast import Aggregate, Binary, Call, Name, Node, Number, Parts, to_text, walk
from metricsheet.records import field, record

NameKind = Literal["input", "metric", "parameter", "cell"]
NameType = Literal["number", "text", "date", "flag", "any"]


@record
class NameInfo:
    """A name that formulas may use.

    An ``input`` is a column of a table and a ``cell`` a range bound by a caller: both can be aggregated, and
    stand for their total where one value is needed. A ``metric`` or a ``parameter`` is one value. ``unit`` is
    a metric unit such as ``money`` or ``days``, or ``None`` where nothing is known.
    """

    kind: NameKind
    type: NameType = "any"
    unit: str | None = None

    @property
    def is_column(self) -> bool:
        """Whether the name stands for many cells."""
        return self.kind in ("input", "cell")


PrimitiveKind = Literal[
    "total", "rows", "count", "counta", "countblank", "sum", "min", "max", "moments", "nunique", "ordered",
    "values", "logicals", "filled",
]  # fmt: skip
"""What an engine computes over the rows that meet the conditions.

``total``: the column as one value (its total over time; a single cell is itself) · ``rows``: how many rows ·
``count``/``counta``/``countblank``: numbers, filled cells, blank cells · ``sum``, ``min``, ``max`` of the
numbers (``min`` and ``max`` of none are blank) · ``moments``: (n, mean, M2) · ``nunique``: distinct filled
values · ``ordered``: all numbers, ascending · ``values``: all numbers in row order · ``logicals``: (how many
are true, how many are false) · ``filled``: all filled cells in row order, logicals as 1 and 0, texts as 0.
An error cell that takes part is the answer, except for the counts.
An empty ``ordered``, ``values`` and the like is an empty tuple or zeros, never an error.
"""


@record
class Condition:
    """Rows where ``expr`` meets ``criterion``, a scalar expression finished before the engine is asked.

    With ``days`` the criterion is a day of the period: moments of ``expr`` count as the day they are on.
    """

    expr: Node
    criterion: Node
    days: bool = False


@record
class Primitive:
    """One question to an engine: ``kind`` over the row expression ``expr`` where all conditions hold.

    ``scalars`` are values that the row expressions name as ``Given(index)``; their finished values follow the
    criteria of the conditions in the tuple an engine is given. ``columns`` are the inputs read. Primitives
    are equal when ``key``, their canonical text, is equal.
    """

    kind: PrimitiveKind
    expr: Node | None = field(compare=False)
    conditions: tuple[Condition, ...] = field(default=(), compare=False)
    scalars: tuple[Node, ...] = field(default=(), compare=False)
    key: str = field(default="", init=False)
    columns: tuple[str, ...] = field(default=(), init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        exprs = [*([self.expr] if self.expr is not None else []), *(c.expr for c in self.conditions)]
        said = to_text(self.expr) if self.expr is not None else ""
        where = "".join(f" | {to_text(c.expr)} | {to_text(c.criterion)}" for c in self.conditions)
        object.__setattr__(self, "key", f"{self.kind}: {said}{where}")
        names = [node.name for expr in exprs for node in walk(expr) if isinstance(node, Name)]
        object.__setattr__(self, "columns", tuple(dict.fromkeys(names)))


@record
class IntervalParts:
    """Counts behind a rate: ``hits`` (less ``against``, in a net score) of ``base``, times ``scale``."""

    hits: Node
    against: Node | None
    base: Node
    scale: float


@record
class Plan:
    """A checked formula, ready for an engine and for ``finish``.

    ``aligned`` holds sets of inputs that must share rows, ``totals`` the inputs used bare, as their total.
    """

    text: str
    ast: Node
    residual: Node
    primitives: tuple[Primitive, ...]
    inputs: tuple[str, ...]
    metrics: tuple[str, ...]
    parameters: tuple[str, ...]
    aligned: tuple[frozenset[str], ...]
    totals: frozenset[str] = frozenset()
    compiled: dict[object, object] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __reduce__(self) -> tuple[object, ...]:
        """Leave what was compiled behind: a plan must be able to go to another process."""
        said = (self.text, self.ast, self.residual, self.primitives)
        return Plan, (*said, self.inputs, self.metrics, self.parameters, self.aligned, self.totals)

    def interval_parts(self, method: str | None) -> IntervalParts | None:
        """Return the counts for a 95 % interval by ``method``, or ``None`` when the formula's shape has none.

        ``nps`` needs ``(a - b) / n``, ``proportion`` needs ``a / n`` or an average; either may be times 100.
        ``mean`` needs an average.
        """
        if method not in self.compiled:
            node, scale = unscaled(self.residual)
            shape = {"nps": _net_share, "proportion": _share, "mean": _mean}.get(method or "")
            self.compiled[method] = shape(node, scale) if shape else None
        found = self.compiled[method]
        return found if isinstance(found, IntervalParts) else None


def unscaled(node: Node) -> tuple[Node, float]:
    """Return ``node`` without a factor of 100 in its product or quotient, and that factor (else 1)."""
    if isinstance(node, Binary) and node.op == "*":
        if node.right == Number(100.0):
            return node.left, 100.0
        if node.left == Number(100.0):
            return node.right, 100.0
    if isinstance(node, Binary) and node.op == "/":
        over, scale = unscaled(node.left)
        return Binary("/", over, node.right, node.at), scale
    return node, 1.0


def _net_share(node: Node, scale: float) -> IntervalParts | None:
    if not isinstance(node, Binary):
        return None
    if node.op == "/" and isinstance(node.left, Binary) and node.left.op == "-":
        return IntervalParts(node.left.left, node.left.right, node.right, scale)
    if node.op == "-" and isinstance(node.left, Binary) and isinstance(node.right, Binary):
        over, under = node.left, node.right
        if over.op == under.op == "/" and over.right == under.right:
            return IntervalParts(over.left, under.left, over.right, scale)
    return None


def _mean(node: Node, scale: float) -> IntervalParts | None:
    if isinstance(node, Call) and node.name in ("AVERAGE", "AVERAGEIF", "AVERAGEIFS"):
        part = node.args[0] if len(node.args) == 1 else None
        if isinstance(part, Parts):
            hits, base = (Aggregate(index, part.text) for index in part.indexes)
            return IntervalParts(hits, None, base, scale)
    return None


def _share(node: Node, scale: float) -> IntervalParts | None:
    average = _mean(node, scale)
    if average is not None:
        return average
    if not isinstance(node, Binary):
        return None
    if node.op == "/":
        return IntervalParts(node.left, None, node.right, scale)
    if node.op == "-" and node.left == Number(1.0):
        share = _share(node.right, scale)
        if share is not None:
            return IntervalParts(Binary("-", share.base, share.hits), None, share.base, scale)
    return None
