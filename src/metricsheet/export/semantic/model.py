"""A kind of table as a semantic model: aggregates over its rows, and metrics as formulas over these.

Only what gives the same value as an evaluation is in it; every other metric is left out with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from metricsheet.catalog.definitions import Catalog, InputDefinition, MetricDefinition
from metricsheet.catalog.named import find_key
from metricsheet.catalog.shares import added_up
from metricsheet.catalog.table_kinds import TableKind
from metricsheet.engines.sql.dialect import Dialect
from metricsheet.engines.sql.expressions import NoFormError, Rows, Sql, TypedColumn, meets
from metricsheet.formula import ast as tree
from metricsheet.formula.finish import literal
from metricsheet.formula.plan import Plan, Primitive
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import field, record
from metricsheet.values import ExcelError
from metricsheet.values.criteria import criterion

How = Literal["sum", "count", "count_distinct", "min", "max", "median"]
_MOST_NAME = 60
_SIGNS = {
    "<>": " not ",
    ">=": " from ",
    "<=": " to ",
    "=": " is ",
    ">": " above ",
    "<": " below ",
    "*": " any ",
}
_NO_WORD = late(r"[^a-z0-9]+")
_ROUNDING = 4e-15
_COUNTS = ("rows", "count", "counta", "nunique")


_WORDS_OF_SQL = """
account all and any array as asc at authorization between both by case cast check collate column
connect constraint create cross current default delete desc distinct do drop else end escape except
exists false fetch filter for foreign from full grant group having in increment inner insert
intersect interval into is join lateral leading left like limit minus natural not null of offset on
only or order outer over partition primary qualify range references returning revoke right row rows
sample select set some start table then to trailing trigger true union unique update user using
values when where window with
"""
_RESERVED = frozenset(_WORDS_OF_SQL.split())


def sql_name(key: str) -> str:
    """Return the name of an input's column in SQL: its key, unless that is a word of SQL."""
    return f"{key}_" if key in _RESERVED else key


@record
class Partial:
    """An aggregate over the rows of a group: ``value`` is what is aggregated, in SQL over their columns."""

    name: str
    how: How
    value: str


@record
class Formula:
    """A metric in SQL over the names of aggregates; ``NULL`` where it has no value."""

    metric: MetricDefinition
    sql: str
    partials: tuple[str, ...]


@record
class SemanticModel:
    """What a kind of table gives.

    ``columns`` are the columns of a table by the inputs that they are. In formulas a column has the name of
    its input: numbers are doubles, flags 1 and 0, days but for ``date`` numbers of days since 1899-12-30, and
    a blank text is ``NULL``. ``left_out`` says of the metrics that read nothing but these why they are not
    among the ``formulas``, ``partly`` gives the aggregates of those that lack nothing but a last step.
    """

    kind: TableKind
    columns: Mapping[str, str]
    inputs: Mapping[str, InputDefinition]
    partials: Mapping[str, Partial]
    formulas: Sequence[Formula]
    left_out: Sequence[tuple[MetricDefinition, Message]]
    partly: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def dimensions(self) -> list[str]:
        """The inputs to group by."""
        return [key for key, item in self.inputs.items() if item.type == "text" and key not in self._counted]

    @property
    def read(self) -> list[str]:
        """The inputs that formulas or groups read."""
        names = {*self._counted, *self.dimensions, "date"}
        return [key for key in self.inputs if key in names]

    @property
    def _counted(self) -> set[str]:
        """The inputs that are aggregated, and perhaps others."""
        words = set(re.findall(r"\w+", " ".join(one.value for one in self.partials.values())))
        return {key for key in self.inputs if sql_name(key) in words}


PORTABLE = Dialect("portable", double="DOUBLE PRECISION", not_a_number="")
"""What all engines read; they differ in how they spell not-a-number, which tables must not hold."""
MEDIANS = {"postgresql": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {x})", "bigquery": ""}
"""The median where it is not ``MEDIAN``; ``""`` where there is no exact one."""


def model_of(
    catalog: Catalog,
    kind: str,
    columns: Mapping[str, str] | None = None,
    only: Iterable[str] = (),
    dialect: Dialect = PORTABLE,
) -> SemanticModel:
    """Return the semantic model of a kind of table.

    ``columns`` are the columns of the table by input; without any it has all inputs of the kind, each under
    its own name. ``only`` are the metrics to have. Raises ``UsageError`` for names that are not known.
    """
    found = catalog.tables[find_key(kind, [catalog.tables], "not_a.kind")]
    named = {
        find_key(key, [catalog.inputs], "not_a.input"): column for key, column in (columns or {}).items()
    }
    named = named or {key: key for key in found.columns if key in catalog.inputs}
    builder = _Builder(catalog, found.key, dialect, {key: catalog.inputs[key] for key in named})
    wanted = set(only)
    formulas: list[Formula] = []
    left_out: list[tuple[MetricDefinition, Message]] = []
    for metric in catalog.metrics.values():
        if (wanted and metric.key not in wanted) or not builder.reads_only_this(metric):
            continue
        why = Message("rows_of_a_ledger") if found.ledger else builder.unfit(metric)
        made = builder.formula(metric) if why is None else why
        if isinstance(made, Formula):
            formulas.append(made)
        else:
            left_out.append((metric, made))
    partly = {
        metric.key: names
        for metric, why in left_out
        if why.code in ("needs_a_setting", "no_sql_form") and (names := builder.aggregates(metric))
    }
    used = {name for names in (*(one.partials for one in formulas), *partly.values()) for name in names}
    partials = {name: one for name, one in builder.partials.items() if name in used}
    return SemanticModel(found, named, builder.inputs, partials, formulas, left_out, partly)


@record(frozen=False)
class _Made:
    """The aggregates that a metric in the making has asked for, and when it has no value."""

    partials: dict[str, None] = field(default_factory=dict)
    nothing: dict[str, None] = field(default_factory=dict)


class _Builder:
    def __init__(
        self, catalog: Catalog, kind: str, dialect: Dialect, inputs: Mapping[str, InputDefinition]
    ) -> None:
        self.catalog, self.kind, self.dialect, self.inputs = catalog, kind, dialect, inputs
        self.partials: dict[str, Partial] = {}
        self.columns = {key: self._column(item) for key, item in inputs.items()}

    def _column(self, item: InputDefinition) -> tuple[str, TypedColumn]:
        """Return the values of an input in SQL, as formulas name them."""
        name = sql_name(item.key)
        if item.type == "text":
            return f"LOWER({name})", TypedColumn("text", name)
        if item.scale is not None and item.outside == "exclude":
            value = f"CASE WHEN {self._off_scale(item)} THEN NULL ELSE {name} END"
            return value, TypedColumn("number", value)
        return name, TypedColumn("number", name)

    def reads_only_this(self, metric: MetricDefinition) -> bool:
        """Return whether a metric reads inputs of this table and nothing of another."""
        own = metric.plan.inputs
        others = [self.catalog.metrics[key] for key in metric.plan.metrics]
        return (
            bool(own or others) and set(own) <= self.inputs.keys() and all(map(self.reads_only_this, others))
        )

    def unfit(self, metric: MetricDefinition) -> Message | None:
        """Return why a metric is no formula over the rows of a group alone, ``None`` where it may be."""
        if metric.span in ("row_period", "chained", "year", "horizon") or metric.rows != "period":
            return Message("speaks_of_a_time")
        if metric.plan.parameters:
            return Message("needs_a_setting", name=metric.plan.parameters[0])
        for key in metric.plan.totals:
            item = self.inputs[key]
            if item.over_time != "sum" or not item.additive:
                return Message("total_over_time", input=key)
        for key in metric.plan.metrics:
            if self.unfit(self.catalog.metrics[key]) is not None:
                return Message("part_left_out", metric=key)
        return None

    def formula(self, metric: MetricDefinition) -> Formula | Message:
        """Return a metric in SQL, or why there is no form of it."""
        made = _Made()
        try:
            sql = self._guarded(metric, made)
        except NoFormError as none:
            return Message("no_sql_form.of_export", expression=str(none))
        return Formula(metric, sql, tuple(made.partials))

    def aggregates(self, metric: MetricDefinition) -> tuple[str, ...]:
        """Return the aggregates of a metric that has no form as a whole; none where some have no form."""
        made = _Made()
        try:
            for primitive in metric.plan.primitives:
                self.primitive(made, primitive, "")
        except NoFormError:
            return ()
        return tuple(made.partials)

    def _guarded(self, metric: MetricDefinition, made: _Made) -> str:
        """Return a metric's value, ``NULL`` where an evaluation refuses it."""
        plan, own = metric.plan, _Made(made.partials)
        summed = all(p.kind in ("total", "sum") and not p.conditions for p in plan.primitives)
        if metric.paired and (plan.metrics or not summed):
            raise NoFormError(plan.ast)
        paired = added_up(plan) if metric.paired else ()
        there = " AND ".join(f"{self.columns[key][0]} IS NOT NULL" for key in paired)
        value = _Finish(self, plan, own, there).sql(plan.residual)
        for key in plan.inputs:
            item = self.inputs[key]
            if key not in plan.totals:
                own.nothing[f"{self._count(key, own)} = 0"] = None
            if item.scale is not None and item.outside == "refuse":
                off = self.ask(own, f"off_scale {key}", "sum", self._counted(self._off_scale(item)))
                own.nothing[f"{off} > 0"] = None
        name = metric.one_row_per
        if name is not None and name in self.inputs:
            different = self.ask(own, f"different {name}", "count_distinct", self.columns[name][0])
            own.nothing[f"{self._count(name, own)} > {different}"] = None
        last, possible = plan.residual, metric.possible
        counts = isinstance(last, tree.Aggregate) and plan.primitives[last.index].kind in _COUNTS
        if possible is not None and not counts:
            for end, sign, away in ((possible.low, "<", -1), (possible.high, ">", 1)):
                if end is not None:
                    least = self.dialect.number(end + away * _ROUNDING * abs(end))
                    own.nothing[f"{value} {sign} {least}"] = None
        return f"CASE WHEN {' OR '.join(own.nothing)} THEN NULL ELSE {value} END" if own.nothing else value

    def _count(self, key: str, made: _Made) -> str:
        return self.ask(made, f"count {key}", "count", self.columns[key][0])

    def _off_scale(self, item: InputDefinition) -> str:
        scale = item.scale
        assert scale is not None
        low, high = self.dialect.number(scale.low), self.dialect.number(scale.high)
        name = sql_name(item.key)
        outside = f"{name} < {low} OR {name} > {high}"
        return f"({outside} OR {name} <> FLOOR({name}))" if scale.whole else f"({outside})"

    def _counted(self, condition: str) -> str:
        return f"CASE WHEN {condition} THEN {self.dialect.number(1)} ELSE {self.dialect.number(0)} END"

    def ask(self, made: _Made, said: str, how: How, value: str) -> str:
        """Return the name of an aggregate, the same one for all who ask the same."""
        for name, one in self.partials.items():
            if (one.how, one.value) == (how, value):
                made.partials[name] = None
                return name
        for sign, word in _SIGNS.items():
            said = said.replace(sign, word)
        # the names of several kinds of tables may have to live side by side
        stem = _NO_WORD.sub("_", f"{self.kind} {said.lower()}").strip("_")[:_MOST_NAME].strip("_")
        name, number = stem, 1
        while name in self.partials or name in self.inputs or name in self.catalog.metrics:
            number += 1
            name = f"{stem}_{number}"
        self.partials[name] = Partial(name, how, value)
        made.partials[name] = None
        return name

    def primitive(self, made: _Made, primitive: Primitive, there: str) -> str:
        """Return the name of the aggregate that a primitive is."""
        scalars = [literal(node) for node in primitive.scalars if isinstance(node, (tree.Number, tree.Text))]
        if len(scalars) < len(primitive.scalars) or not primitive.columns:
            raise NoFormError(primitive.key)
        rows = Rows(self.dialect, {key: self.columns[key] for key in primitive.columns}, scalars)
        tests = [there] if there else []
        for condition in primitive.conditions:
            if not isinstance(condition.criterion, (tree.Number, tree.Text)):
                raise NoFormError(condition.criterion)
            test = criterion(literal(condition.criterion))
            if isinstance(test, ExcelError) or not isinstance(condition.expr, tree.Name):
                raise NoFormError(condition.expr)
            tests.append(meets(self.dialect, *self.columns[condition.expr.name], test, condition.days))
        where = " AND ".join(tests)
        said = f"{primitive.kind} {primitive.key.partition(':')[2]}"
        if primitive.expr is None:
            return self.ask(made, said, "sum", self._counted(where))
        element = rows.element(primitive.expr)
        bare = isinstance(primitive.expr, tree.Name)
        for at, _ in element.guards:
            met = f"({at}) AND {where}" if where else at
            zero = self.ask(made, f"zero divisors {said}", "sum", self._counted(met))
            made.nothing[f"{zero} > 0"] = None
        how = _how(primitive, element, bare)
        if how == "median" and not MEDIANS.get(self.dialect.name, "there"):
            raise NoFormError(f"MEDIAN({tree.to_text(primitive.expr)})")
        return self.ask(made, said, how, _where(element.text, where))


class _Finish:
    """Turns what is left of a formula, when its aggregates are there, into SQL."""

    def __init__(self, builder: _Builder, plan: Plan, made: _Made, there: str) -> None:
        self.builder, self.plan, self.made, self.there = builder, plan, made, there

    def _ask(self, index: int) -> str:
        return self.builder.primitive(self.made, self.plan.primitives[index], self.there)

    def sql(self, node: tree.Node) -> str:
        """Return an expression that is ``NULL`` where it is an error."""
        if isinstance(node, tree.Number):
            return self.builder.dialect.number(node.value)
        if isinstance(node, tree.Aggregate):
            name = self._ask(node.index)
            is_sum = self.plan.primitives[node.index].kind == "sum"
            return f"COALESCE({name}, {self.builder.dialect.number(0)})" if is_sum else name
        if isinstance(node, tree.Name) and node.name in self.builder.catalog.metrics:
            return f"({self.builder._guarded(self.builder.catalog.metrics[node.name], self.made)})"
        if isinstance(node, tree.Unary):
            return self.sql(node.operand) if node.op == "+" else f"(-{self.sql(node.operand)})"
        if isinstance(node, tree.Percent):
            return f"({self.sql(node.operand)} / {self.builder.dialect.number(100.0)})"
        if isinstance(node, tree.Binary) and node.op in "+-*/":
            left, right = self.sql(node.left), self.sql(node.right)
            if node.op != "/":
                return f"({left} {node.op} {right})"
            # some engines divide whole numbers without a remainder
            whole = f" * {self.builder.dialect.number(1)}" if self._counts(node.left) else ""
            return f"({left}{whole} / NULLIF({right}, 0))"
        if isinstance(node, tree.Call) and len(node.args) == 1 and isinstance(node.args[0], tree.Parts):
            names = [self._ask(index) for index in node.args[0].indexes]
            if node.name in ("AVERAGE", "AVERAGEIF", "AVERAGEIFS"):
                return f"({names[0]} / NULLIF({names[1]}, 0))"
            if node.name == "MEDIAN":
                return names[0]
            if node.name in ("MAX", "MIN", "MAXIFS", "MINIFS"):
                return f"COALESCE({names[0]}, {self.builder.dialect.number(0)})"
        raise NoFormError(node)

    def _counts(self, node: tree.Node) -> bool:
        """Return whether an expression gives a whole number of the engine."""
        if isinstance(node, tree.Aggregate):
            return self.plan.primitives[node.index].kind in _COUNTS
        return isinstance(node, (tree.Binary, tree.Unary)) and all(map(self._counts, tree.children(node)))


def _how(primitive: Primitive, element: Sql, bare: bool) -> How:
    """Return how a primitive aggregates its elements."""
    kind = primitive.kind
    if kind in ("total", "sum") and element.kind == "number":
        return "sum"
    if kind in ("count", "counta") and (element.kind == "number" if kind == "count" else bare):
        return "count"
    if kind == "nunique" and bare:
        return "count_distinct"
    if kind in ("min", "max") and element.kind == "number":
        return "min" if kind == "min" else "max"
    if kind == "ordered" and element.kind == "number":
        return "median"
    raise NoFormError(primitive.key)


def _where(value: str, condition: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END" if condition else value
