"""The three LAMBDA functions of a metric: its value, the label of its band, and the n it is based on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from metricsheet.catalog.assembly.excel_words import BUILT_IN, free_names
from metricsheet.catalog.definitions import CHAINED, DATE, ROW_PARAMETERS, Catalog, MetricDefinition
from metricsheet.catalog.shares import added_up
from metricsheet.export.lambdas.arguments import SIZE, Arguments
from metricsheet.export.lambdas.dates import Dates
from metricsheet.export.lambdas.expressions import Expressions
from metricsheet.export.lambdas.labels import label_of
from metricsheet.export.lambdas.steps import (
    PERIOD,
    SO_FAR,
    Lambda,
    Steps,
    first_of,
    renamed,
    text_constant,
    total,
)
from metricsheet.formula.ast import Name, Node, Text, number_text, walk
from metricsheet.formula.plan import Plan
from metricsheet.language.message import Message, say

_NONE = "1E+300"
_LONG = 4000


class Bodies:
    """Writes the functions of one metric. Raises ``CannotExpressError`` where its formula has no form.

    ``judged`` adds the setting that the bands depend on, ``dated`` the dates of the rows. ``prefix`` is
    that of the names: several periods are multiplied by the functions themselves, asked for each of them.
    """

    def __init__(
        self,
        catalog: Catalog,
        metric: MetricDefinition,
        prefix: str = "",
        *,
        judged: bool = False,
        dated: bool = True,
    ) -> None:
        self.catalog, self.metric, self.prefix = catalog, metric, prefix
        every = catalog.arguments_of(metric, judged=judged)
        keys = tuple(key for key in every if dated or key != DATE)
        self.keys = keys
        self.steps = Steps(keys)
        self.plans = [metric.plan] if metric.sample is None else [metric.plan, metric.sample]
        beside = metric.paired or any(plan.aligned for plan in self.plans)
        cells = tuple(key for key in keys if key != DATE and key not in catalog.choices)
        self.dates = Dates(catalog, metric, self.steps, cells) if DATE in keys else None
        self.arguments = Arguments(
            catalog,
            self.steps,
            _compared(self.plans),
            upright=beside or self.dates is not None,
            inside=str if self.dates is None else self.dates.inside,
        )
        self.numbers: dict[str, str] = {}
        self.forms = {id(plan): self._expressions(plan) for plan in self.plans}

    @property
    def optional(self) -> frozenset[str]:
        """The arguments that may be left out."""
        return frozenset({DATE, *self.catalog.choices} & {*self.keys})

    def value(self) -> Lambda:
        """Return the function of the value."""
        return self._made(self._value(self._product()))

    def n(self) -> Lambda:
        """Return the function of n."""
        return self._made(self._n(self._value([])))

    def flag(self) -> Lambda:
        """Return the function of the label."""
        value = self._value(self._asked(""))
        n = self._n(value, labelled=True)
        setting = self.metric.bands_by
        chosen, trouble = self.arguments.setting(self.catalog.choices[setting]) if setting else ("", "0")
        label = label_of(self.catalog, self.metric, value, n, chosen)
        judged = self.metric.bands or self.metric.band_variants or self.metric.targets
        if self._multiplied and judged:
            said = text_constant(say(Message("not_judged_chained"), self.catalog.language))
            label = f"IF({self._multiplied},{said},{label})"
        wrong = [(f"ISERROR({one})", one) for one in (trouble, value) if one != "0"]
        return self._made(first_of(wrong, label))

    def _made(self, answer: str) -> Lambda:
        called = [self.catalog.argument_name(self.metric, key) for key in self.keys]
        # a name of a function could be taken for it
        shown = dict(zip(self.keys, free_names(called, BUILT_IN), strict=True))
        optional = frozenset(shown[key] for key in self.optional)
        needed = self.steps.needed(answer)
        # a long body is shorter where a step stands for each argument
        long = sum(len(text) for _, text in needed) > _LONG
        short = {
            key: self.steps.let("j", shown[key]) for key in self.keys if long and key not in self.optional
        }
        steps = [(name, shown[key]) for key, name in short.items()]
        steps += [(name, renamed(text, {**shown, **short})) for name, text in needed]
        return Lambda(
            tuple(shown), tuple(shown.values()), optional, tuple(steps), renamed(answer, {**shown, **short})
        )

    def _expressions(self, plan: Plan) -> Expressions:
        return Expressions(plan, self.steps, self.arguments, self._named, self._total)

    def _total(self, key: str, numbers: str) -> str:
        """Return the total of an input over time; a stock of several rows has none without dates."""
        added = f"SUM({self.arguments.zero(key, numbers)})"
        how = self.arguments.read(key).definition.over_time
        if how == "sum":
            return added
        if self.dates is None:
            return f"IF(COUNT({numbers})>1,#VALUE!,{added})"
        return self.dates.total(how, numbers, self.arguments.zero(key, numbers))

    def _named(self, name: str) -> str:
        """Return the text of a metric, setting or parameter that a formula names."""
        if name in self.catalog.metrics:
            return self._handed_over(name)
        if name in ROW_PARAMETERS:
            if self.dates is None:
                return "1" if name == "row_periods" else "NA()"
            return self.dates.parameter(name, self._filled())
        if name in self.catalog.choices:
            return self.arguments.setting(self.catalog.choices[name])[0]
        return name

    def _filled(self) -> dict[str, str]:
        """Return for the arguments that a value is about whether their cells are filled."""
        plan = self.metric.plan
        return {key: self.arguments.filled(key) for key in plan.inputs or plan.metrics}

    def _handed_over(self, key: str) -> str:
        """Return a metric that was handed over: one number, the newest of several, possible for it."""
        read = self.arguments.read(key)
        several = f"COUNT({read.numbers})>1"
        if self.dates is not None:
            several = self.dates.several_on_a_day(read.numbers)
        found = f"IF({several},#VALUE!,{self._total(key, read.numbers)})"
        found = self.steps.let("m", f"{read.refusal}+{read.stop}+{found}")
        return self._possible(self.catalog.metrics[key], found, "m")

    def _possible(self, metric: MetricDefinition, value: str, kind: str) -> str:
        possible = metric.possible
        if possible is None:
            return value
        ends = [
            f"({value}{sign}{number_text(end)})"
            for sign, end in ((">=", possible.low), ("<=", possible.high))
            if end is not None
        ]
        return self.steps.let(kind, f"IF({'*'.join(ends)},{value},#NUM!)") if ends else value

    # ---- the value ----

    def _value(self, multiplied: Sequence[tuple[str, str]]) -> str:
        """Return the step that holds the value or its error, of several periods where they are
        ``multiplied``.
        """
        plan = self.metric.plan
        trouble = self.steps.let("t", self._trouble())
        self._pair()
        form = self.forms[id(plan)]
        form.numbers = self.numbers
        text = self.steps.let("v", form.number(plan.residual))
        value = self._possible(self.metric, text, "v")
        cases = [(f"ISERROR({trouble})", trouble), *multiplied, *self._no_rows()]
        return self.steps.let("w", first_of(cases, value))

    # ---- several periods multiplied ----

    @property
    def _chained(self) -> str:
        """1 where several periods are to be multiplied, else 0; ``""`` for metrics that never are."""
        plan, keys = self.metric.plan, self.keys
        other = {*plan.parameters, *(key for key in keys if key in self.catalog.choices)} - {CHAINED}
        if CHAINED not in keys or self.dates is None or other:
            return ""
        chosen = f'--OR({CHAINED}=TRUE,TRIM({CHAINED})="yes")'
        return self.steps.let("s", f"IF(ISOMITTED({CHAINED}),0,IFERROR({chosen},0))")

    @property
    def _multiplied(self) -> str:
        """Whether several periods are multiplied here."""
        if not self._chained or self.dates is None:
            return ""
        return self.steps.let("s", f"{self._chained}*{self.dates.given}*{self.dates.several(self._filled())}")

    def _each_period(self, suffix: str, start: str, change: str) -> str:
        """Return what ``change`` makes of ``start`` and of an answer of ours (``{}``) in each period."""
        assert self.dates is not None
        cells = [self.dates.in_period(key, PERIOD) for key in self.keys if key != CHAINED]
        changed = change.format(self._call(suffix, cells))
        step = f'LAMBDA({SO_FAR},{PERIOD},IF({PERIOD}="",{SO_FAR},{changed}))'
        return f"REDUCE({start},UNIQUE(TOCOL({self.dates.periods(self._filled())})),{step})"

    def _call(self, suffix: str, arguments: Sequence[str]) -> str:
        return f"{self.prefix}{self.metric.udf}{suffix}({','.join(arguments)})"

    def _asked(self, suffix: str) -> list[tuple[str, str]]:
        """Return for several periods the answer of another function of the metric: all its arguments are
        given.
        """
        asked = self._call(suffix, self.catalog.arguments_of(self.metric))
        return [(self._multiplied, asked)] if self._multiplied else []

    def _product(self) -> list[tuple[str, str]]:
        if not self._multiplied:
            return []
        if self.metric.better == "lower":
            return [(self._multiplied, f"1-{self._each_period('', '1', f'{SO_FAR}*(1-{{}})')}")]
        return [(self._multiplied, self._each_period("", "1", f"{SO_FAR}*{{}}"))]

    def _trouble(self) -> str:
        """Return 0, or the first reason why the arguments have no value."""
        plan, read = self.metric.plan, self.arguments.read
        terms = [self.arguments.setting(self.catalog.choices[key])[1] for key in self._settings()]
        terms += [read(key).refusal for key in plan.inputs]
        terms += [self._aligned(sorted(group)) for group in plan.aligned]
        terms += [read(key).stop for key in plan.inputs]
        terms += [self._not_added_up(key) for key in plan.inputs]
        days = [key for key in plan.parameters if key in ("period_start", "period_end")]
        terms += [self.arguments.one_number(key) for key in days]
        if self.dates is not None:
            terms += [self.dates.trouble]
            if self.metric.prefer:
                # an error in any row decides for another form of the metric, and is its answer
                terms += [f"SUM(IF(ISERROR({key}),{key},0))" for key in plan.inputs]
            if self.metric.span in ("row_period", "chained"):
                terms.append(self.dates.one_period(self._filled(), self._chained))
            if self.metric.span == "year":
                terms.append(self.dates.one_year(self._filled()))
        return total([term for term in terms if term])

    def _settings(self) -> list[str]:
        return [key for key in self.catalog.arguments_of(self.metric) if key in self.catalog.choices]

    def _aligned(self, group: Sequence[str]) -> str:
        first, *others = [self.arguments.read(key).numbers for key in group]
        apart = "+".join(f"(ROWS({first})<>ROWS({one}))+(COLUMNS({first})<>COLUMNS({one}))" for one in others)
        return f"IF({apart}>0,#VALUE!,0)"

    def _not_added_up(self, key: str) -> str:
        """Return 0, or the error of several rows of a stock or an average without the dates that order
        them.
        """
        definition = self.arguments.read(key).definition
        plan, metric = self.metric.plan, self.metric
        stock = definition.over_time != "sum"
        numbers = self.arguments.read(key).numbers
        given = self.dates.given if self.dates is not None else "0"
        if metric.over_time == "last" or (metric.span in ("row_period", "chained") and stock):
            return f"IF(({given}=0)*(COUNT({numbers})>1),#VALUE!,0)"
        if key in plan.totals and not definition.additive:
            several = f"COUNT({numbers})>1" if self.dates is None else self.dates.several_on_a_day(numbers)
            return f"IF({several},#VALUE!,0)"
        return ""

    # ---- rows that have all of the inputs ----

    mask = ""

    def _pair(self) -> None:
        """Let sums go over the rows that have all of the inputs, where the metric asks for that.

        A stock goes with them where all rows are of one day.
        """
        if not self.metric.paired:
            return
        every = list(added_up(self.metric.plan))
        stocks = {key for key in self.metric.plan.totals if self._over_time(key) != "sum"}
        flows = [key for key in every if key not in stocks]
        of_flows = self._rows_with_all(flows)
        if stocks and self.dates is not None and len(every) > 1:
            one_day = self.dates.on_one_day([self.arguments.read(key).numbers for key in every])
            of_all = self._rows_with_all(every)
            self.mask = self.steps.let("b", f"IF({one_day},{of_all},{of_flows or 1})")
        else:
            one_day, self.mask = "", of_flows
        for key in every if self.mask else ():
            numbers = self.arguments.read(key).numbers
            mask = f"IF({one_day},{self.mask},1)" if key in stocks else self.mask
            if key not in stocks or one_day:
                size = self.steps.let("k", SIZE.format(key))
                paired = f'IF({size}=1,{numbers},IF({mask},{numbers},""))'
                self.numbers[key] = self.steps.let("p", paired)

    def _over_time(self, key: str) -> str:
        return self.arguments.read(key).definition.over_time

    def _rows_with_all(self, keys: Sequence[str]) -> str:
        """Return 1 for the rows that have a number in each of several columns, 1 where they are not
        paired.
        """
        if len(keys) < 2:
            return ""
        columns = [self.arguments.read(key).numbers for key in keys]
        sizes = [self.steps.let("k", SIZE.format(key)) for key in keys]
        most = self.steps.let("k", f"MAX({','.join(sizes)})")
        apart = "+".join(f"({size}<>1)*({size}<>{most})" for size in sizes)
        there = "*".join(
            f"IF({size}=1,1,--ISNUMBER({column}))" for size, column in zip(sizes, columns, strict=True)
        )
        turned = "+".join(
            f"({a}={b})*(ROWS({one})<>ROWS({other}))"
            for (a, one), (b, other) in combinations(zip(sizes, columns, strict=True), 2)
        )
        return self.steps.let("b", f"IF({turned}>0,#VALUE!,IF({apart}>0,1,{there}))")

    # ---- n ----

    def _n(self, value: str, *, labelled: bool = False) -> str:
        """Return the step that holds n or why it is not known; a label asks where there is a value alone."""
        metric, trouble = self.metric, self.steps.let("t", self._trouble())
        sample, unknown = metric.sample, f"IF(ISERROR({value}),{value},NA())"
        if sample is not None:
            form = self.forms[id(sample)]
            form.numbers = self.numbers
            checks = [self.arguments.read(key) for key in sample.inputs if key not in metric.plan.inputs]
            terms = [*(read.refusal for read in checks), *(read.stop for read in checks)]
            terms += [self._aligned(sorted(group)) for group in sample.aligned]
            counted = self.steps.let("q", total([*terms, form.number(sample.residual)]))
            n = f"IF(ISERROR({counted}),{unknown},TRUNC({counted}))"
        else:
            rows = self._rows(unknown)
            n = rows
            if self._base is not None:
                base = self.forms[id(metric.plan)].value(self._base)
                n = f"TRUNC({base})" if labelled else f"IF(ISERROR({value}),{rows},TRUNC({base}))"
        cases = self._asked("_N") if labelled else self._n_of_periods()
        if not labelled:
            cases = [(f"ISERROR({trouble})", trouble), *cases, *self._no_rows()]
        return self.steps.let("q", first_of(cases, n))

    @property
    def _base(self) -> Node | None:
        """The part of the formula that counts the people behind a rate, where it has one."""
        interval = self.metric.interval
        parts = self.metric.plan.interval_parts(interval) if interval is not None else None
        return parts.base if parts is not None else None

    def _n_of_periods(self) -> list[tuple[str, str]]:
        """Return n of several periods multiplied: the fewest people of one, or the rows of all.

        Where they have no value there is no n.
        """
        if not self._multiplied:
            return []
        start, change = _NONE, f"MIN({SO_FAR},{{}})"
        if self.metric.sample is None and self._base is None:
            start, change = "0", f"{SO_FAR}+{{}}"
        value = self._call("", self.catalog.arguments_of(self.metric))
        return [(self._multiplied, f"{self._each_period('_N', start, change)}+0*{value}")]

    def _no_rows(self) -> list[tuple[str, str]]:
        return [(f"SUM({self.mask})=0", "NA()")] if self.mask else []

    def _rows(self, unknown: str) -> str:
        """Return the fewest cells used of any argument; a metric handed over that cannot be read has none."""
        counts = []
        for key in self.metric.plan.inputs:
            numbers = self.numbers.get(key) or self.arguments.read(key).numbers
            text = self.arguments.read(key).is_text
            counts.append(f"SUM({self.arguments.filled(key)})" if text else f"COUNT({numbers})")
        if not self.metric.plan.metrics:
            return f"MIN({','.join(counts)})" if len(counts) > 1 else counts[0]
        for key in self.metric.plan.metrics:
            read = self.arguments.read(key)
            cells = key if self.dates is None else self.dates.inside(key, self.metric)
            count = f'COUNT(IF(ISNUMBER({cells}),{cells},""))'
            counts.append(f"IF(ISERROR({read.refusal}),{_NONE},{count})")
        fewest = self.steps.let("q", f"MIN({','.join(counts)})")
        return f"IF({fewest}={_NONE},{unknown},{fewest})"


def _compared(plans: Sequence[Plan]) -> set[str]:
    """Return the inputs whose texts a formula compares; of others it matters only whether they are filled."""
    found: set[str] = set()
    for plan in plans:
        for primitive in plan.primitives:
            whether = primitive.kind in ("counta", "countblank") and not primitive.conditions
            exprs = [] if primitive.expr is None or whether else [primitive.expr]
            exprs += [c.expr for c in primitive.conditions if not _asks_whether_filled(c.criterion)]
            found |= {node.name for expr in exprs for node in walk(expr) if isinstance(node, Name)}
    return found


def _asks_whether_filled(criterion: Node) -> bool:
    return isinstance(criterion, Text) and criterion.value in ("", "=", "<>")


def functions_of(catalog: Catalog, metric: MetricDefinition, prefix: str) -> dict[str, Lambda]:
    """Return the LAMBDAs of a metric by the suffix of their names, which begin with ``prefix``.

    Raises ``CannotExpressError``.
    """
    return {
        "": Bodies(catalog, metric, prefix).value(),
        "_FLAG": Bodies(catalog, metric, prefix, judged=True).flag(),
        "_N": Bodies(catalog, metric, prefix).n(),
    }
