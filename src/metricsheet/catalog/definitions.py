"""What a checked catalog holds: inputs, metrics with their bands, rules; all of it immutable.

Everything here was already checked by ``metricsheet.catalog.assembly``: names resolve, formulas are planned,
bands cover every number. Nothing in the package holds a formula, a cutoff or a label besides these objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from metricsheet.catalog.table_kinds import TableKind
from metricsheet.dataset import Campaign, CampaignKind
from metricsheet.formula.plan import Plan
from metricsheet.language.words import in_every_language
from metricsheet.precision import at_least, in_15_digits, order
from metricsheet.records import field, record
from metricsheet.source import Place
from metricsheet.values import Cell
from metricsheet.values.value_sets import Range

Stage = Literal["attract", "capture", "nurture", "convert", "expand"]
STAGES: tuple[Stage, ...] = ("attract", "capture", "nurture", "convert", "expand")
Kind = Literal["activity", "outcome"]
KINDS: tuple[Kind, ...] = ("activity", "outcome")
Unit = Literal["points", "percent", "ratio", "money", "count", "days", "months"]
UNITS: tuple[Unit, ...] = ("points", "percent", "ratio", "money", "count", "days", "months")
Better = Literal["higher", "lower", "within"]
BETTER: tuple[Better, ...] = ("higher", "lower", "within")
BandStatus = Literal["ok", "info", "warn", "critical"]
BAND_STATUSES: tuple[BandStatus, ...] = ("ok", "info", "warn", "critical")
STATUSES: tuple[str, ...] = (*BAND_STATUSES, "low_data", "no_target", "no_data", "invalid")
"""Every status a result may have: those of bands, and those that evaluating sets."""
InputType = Literal["number", "text", "date", "flag"]
INPUT_TYPES: tuple[InputType, ...] = ("number", "text", "date", "flag")
OverTime = Literal["sum", "first", "last", "mean"]
OVER_TIME: tuple[OverTime, ...] = ("sum", "first", "last", "mean")
RowsInTime = Literal["period", "all", "newest", "year"]
Span = Literal["any", "row_period", "chained", "year", "cohort", "horizon"]
SPANS: tuple[Span, ...] = ("any", "row_period", "chained", "year", "cohort", "horizon")
DATE = "date"
"""The key of the dates of rows where a caller hands them in beside the values."""
DATES_ARGUMENT = "dates"
"""What the argument for them is called in the functions of every host."""
Stretch = Literal["month", "quarter", "year"]
STRETCHES: tuple[Stretch, ...] = ("month", "quarter", "year")
"""The times that a benchmark may be of."""
ROW_PARAMETERS = ("row_months", "row_periods", "days_covered")
"""Names that every formula may use for the time that the rows of its inputs cover."""
WORD_TABLES = ("agreement", "likelihood", "satisfaction")
ANSWER_GROUPS = ("promoter", "passive", "detractor")
IntervalMethod = Literal["nps", "proportion", "mean"]
INTERVALS: tuple[IntervalMethod, ...] = ("nps", "proportion", "mean")
Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
RULE_OUTCOMES = ("fired", "not_fired", "not_evaluated", "pending", "suppressed")

LocalText: TypeAlias = Mapping[str, str]
"""A text by language code; always has ``en``."""


def in_language(text: LocalText, language: str) -> str:
    """Return ``text`` in ``language``, or in English where that translation is missing."""
    return text.get(language) or text["en"]


@record
class Scale:
    """The closed range of possible answers; ``whole`` means only whole numbers are answers."""

    low: float
    high: float
    whole: bool = False

    def contains(self, number: float) -> bool:
        """Return whether ``number`` is a possible answer."""
        return self.low <= number <= self.high and not (self.whole and number != int(number))

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


@record
class InputDefinition:
    """A column or cell that metrics read, declared once; the schema says what each key of an input means.

    ``outside`` says what a value off the scale does: ``refuse`` makes the metric ``#NUM!`` and names the
    cells, ``exclude`` leaves them out and counts them. ``words`` names a table of
    ``metricsheet.reading.words``, ``finished`` marks figures that a workbook holds ready-made, ``means`` is
    by folded word.
    """

    key: str
    label: LocalText
    also: tuple[str, ...] = ()
    type: InputType = "number"
    unit: Unit | None = None
    scale: Scale | None = None
    over_time: OverTime = "sum"
    additive: bool = True
    outside: Literal["refuse", "exclude"] = "refuse"
    words: str | None = None
    sign: Literal["loss"] | None = None
    groups: Mapping[str, float] = field(default_factory=dict)
    either_way: tuple[str, ...] = ()
    finished: bool = False
    means: Mapping[str, str] = field(default_factory=dict)
    derived: Plan | None = None
    description: LocalText | None = None
    place: Place | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The inputs that it can be derived from; empty where it cannot."""
        return self.derived.inputs if self.derived is not None else ()


@record
class OfTarget:
    """An end of a band that moves with the target: ``factor`` times the target in force."""

    factor: float


@record
class BandDefinition:
    """A band as written; ``metricsheet.catalog.bands_in_force`` makes a ``Band`` of it.

    ``low``/``high`` are ``None`` where the band is open-ended; ``low_closed``/``high_closed`` say whether the
    edge itself belongs to it.
    """

    status: BandStatus
    when: str
    label: LocalText
    low: float | OfTarget | None
    low_closed: bool
    high: float | OfTarget | None
    high_closed: bool
    place: Place | None = None

    @property
    def names_target(self) -> bool:
        """Return whether the band moves with the target."""
        return isinstance(self.low, OfTarget) or isinstance(self.high, OfTarget)


@record
class Possible:
    """The values that a metric can have, ends included; ``None`` is an open end. ``text`` is as written."""

    low: float | None
    high: float | None
    text: str

    def contains(self, number: float) -> bool:
        """Return whether ``number`` is possible; an end that is missed by rounding alone is met."""
        above = self.low is None or at_least(number, self.low)
        return above and (self.high is None or at_least(self.high, number))


@record
class Band:
    """A band in force: a range of numbers with one status, open-ended where ``low`` or ``high`` is ``None``.

    ``low_closed``/``high_closed`` say whether the edge itself belongs to the band.
    """

    status: BandStatus
    when: str
    label: LocalText
    low: float | None
    low_closed: bool
    high: float | None
    high_closed: bool
    place: Place | None = None

    def contains(self, value: float) -> bool:
        """Return whether ``value`` lies in the band."""
        if self.low is not None:
            side = order(value, self.low)
            if side < 0 or (side == 0 and not self.low_closed):
                return False
        if self.high is None:
            return True
        side = order(value, self.high)
        return side < 0 or (side == 0 and self.high_closed)

    @property
    def range(self) -> Range:
        """The values in the band, as one stretch of the number line."""
        return Range(self.low, self.low_closed, self.high, self.high_closed)


@record
class Target:
    """A wanted value; ``since`` (ISO date) and ``where`` (slice key → value) narrow when it applies."""

    value: float
    text: str
    since: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None


@record
class Benchmark:
    """A figure from outside, for comparison only: it never gives a status.

    A range has its lower end in ``value`` and its upper end in ``high``; ``text`` is the figure as written
    and ``as_of`` the ISO date from which it is. ``span`` is the time that the figure is of; it is compared
    with values of that time alone, and with all where it has none.
    """

    name: str
    metric: str
    value: float
    text: str
    source: str
    as_of: str
    population: str
    high: float | None = None
    span: Stretch | None = None
    place: Place | None = None
    label: LocalText | None = None
    note: LocalText | None = None
    pack: str = ""


@record
class Example:
    """A worked answer of a metric: inputs, settings and what must come out (``value`` or ``error``)."""

    given: Mapping[str, object]
    value: float | None
    error: str | None
    status: str | None
    settings: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    place: Place | None = None


@record
class Setting:
    """A fact about the company that definitions may read, such as ``company_stage``.

    ``one_of`` lists the words it may take; a flag has ``one_of == ("yes", "no")``. One with ``during`` is yes
    in periods of a campaign of that kind, unless somebody says otherwise.
    """

    key: str
    label: LocalText
    one_of: tuple[str, ...]
    default: str | None = None
    during: CampaignKind | None = None
    place: Place | None = None


CHAINED = "chained"
"""The engine's own setting: metrics of ``span: chained`` over several periods are their product."""


@record
class MetricDefinition:
    """One metric; the schema says what each of its keys means.

    ``plan`` is its formula split at the aggregate boundary, ``udf`` its name in Excel, ``judged_in`` the
    currency that bands and target are written in. Under the span ``chained`` several periods are multiplied
    where that is asked (``CHAINED``), under ``cohort`` rows are people, so that a period of their dates is a
    cohort. ``paired`` says that its sums are over the rows that have all of its inputs; ``bands`` apply when
    no variant does. ``sample`` is a planned formula for n, or ``None`` when n is the divisor of an interval
    metric, else the fewest cells used of any input.
    """

    key: str
    label: LocalText
    stage: Stage
    kind: Kind
    unit: Unit
    better: Better
    formula: str
    plan: Plan
    udf: str
    question: LocalText | None = None
    interval: IntervalMethod | None = None
    sample: Plan | None = None
    min_sample: int | None = None
    headline: bool = False
    decimals: int | None = None
    bands: tuple[BandDefinition, ...] = ()
    bands_by: str | None = None
    band_variants: Mapping[str, tuple[BandDefinition, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    dead_zone: float | None = None
    over_time: Literal["sum", "last"] = "sum"
    possible: Possible | None = None
    span: Span = "any"
    prefer: tuple[str, ...] = ()
    judged_over: Literal["engagement"] | None = None
    judged_in: str = ""
    one_row_per: str | None = None
    paired: bool = False
    note: LocalText | None = None
    variant_of: str | None = None
    fallback: str | None = None
    source: str = ""
    examples: tuple[Example, ...] = ()
    place: Place | None = None

    @property
    def rows(self) -> RowsInTime:
        """Return which rows of a slice count.

        ``all`` for a formula that looks at dates itself (through ``period_start`` and ``period_end``),
        ``newest`` for a stock, ``year`` for a figure of one year, else those of the ``period``.
        """
        if "period_start" in self.plan.parameters or "period_end" in self.plan.parameters:
            return "all"
        if self.span == "year":
            return "year"
        return "newest" if self.over_time == "last" else "period"

    @property
    def marks(self) -> tuple[float, ...]:
        """The numbers at which a verdict on a value can turn: the edges of all bands, and all targets."""
        if not (self.targets or self.bands or self.band_variants):
            return ()
        targets = [target.value for target in self.targets]
        ends = [end for bands in self.band_tables for band in bands for end in (band.low, band.high)]
        fixed = [end for end in ends if isinstance(end, (int, float))]
        moving = [in_15_digits(e.factor * t) for e in ends if isinstance(e, OfTarget) for t in targets]
        return tuple(dict.fromkeys((*fixed, *moving, *targets)))

    def bands_for(self, settings: Mapping[str, str]) -> tuple[BandDefinition, ...]:
        """Return the bands written for ``settings``; empty when the metric has none."""
        if self.bands_by is not None:
            chosen = settings.get(self.bands_by)
            if chosen is not None and chosen in self.band_variants:
                return self.band_variants[chosen]
        return self.bands

    @property
    def band_tables(self) -> tuple[tuple[BandDefinition, ...], ...]:
        """Every set of bands that may apply under some settings."""
        return (self.bands, *self.band_variants.values()) if self.bands_by else (self.bands,)


@record
class Recommendation:
    """What to do first; a smaller ``priority`` comes earlier. ``name`` is that of an advice of many rules."""

    text: LocalText
    priority: int = 1
    places: Mapping[str, Place] = field(default_factory=dict)
    name: str = ""


@record
class RuleTest:
    """A case for a rule: facts by name (``cac.trend``), and the outcome that must follow."""

    name: str
    given: Mapping[str, Cell]
    expect: str
    place: Place | None = None


@record
class ConditionText:
    """A condition as written; ``any_of`` holds alternatives when the line is an ``any:`` block."""

    text: str = ""
    any_of: tuple[ConditionText, ...] = ()
    place: Place | None = None


@record
class RuleDefinition:
    """A rule as written, its shape already checked; ``metricsheet.rules`` compiles the conditions.

    ``finding_places`` are those of its text by language, ``key_places`` those of its keys. ``broken`` marks
    one of which some key was refused, so that it says less than its author wrote.
    """

    key: str
    stage: Stage
    severity: Severity
    when: tuple[ConditionText, ...]
    finding: LocalText
    for_periods: int = 1
    keep: int = 0
    unless: tuple[ConditionText, ...] = ()
    replaces: tuple[str, ...] = ()
    recommend: tuple[Recommendation, ...] = ()
    scope: Literal["slice", "scorecard"] = "slice"
    source: str = ""
    tests: tuple[RuleTest, ...] = ()
    place: Place | None = None
    replaces_places: tuple[Place, ...] = ()
    finding_places: Mapping[str, Place] = field(default_factory=dict)
    key_places: Mapping[str, Place] = field(default_factory=dict)
    broken: bool = False


def _plans_of(metric: MetricDefinition) -> list[Plan]:
    return [metric.plan] if metric.sample is None else [metric.plan, metric.sample]


@record
class Catalog:
    """All active definitions; ``path`` is the main file as people know it, ``digest`` names the content.

    ``rivals`` maps a metric to the other definitions of the same quantity (``variant_of``); ``passed_over``
    names nearer files that are called like definitions and belong to another program. ``tables`` are the
    kinds of tables, ``generic`` the forms of headers that name an input only in such a table.
    """

    path: str
    digest: str
    inputs: Mapping[str, InputDefinition]
    metrics: Mapping[str, MetricDefinition]
    rules: Mapping[str, RuleDefinition]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    currency: str = ""
    language: str = "en"
    version: int = 1
    passed_over: tuple[str, ...] = field(default=(), compare=False)
    tables: Mapping[str, TableKind] = field(default_factory=dict)
    generic: tuple[str, ...] = ()
    rivals: Mapping[str, tuple[str, ...]] = field(init=False, compare=False, repr=False)

    def arguments_of(self, metric: MetricDefinition, *, judged: bool = False) -> tuple[str, ...]:
        """Return the names that the metric's worksheet function takes, each once, settings last.

        They are what its formula and its sample read, and ``date`` where it ``takes_dates``: the last one but
        for settings, as these are seldom given. The function of the label (``judged``) takes the setting that
        the bands depend on as well.
        """
        plans = _plans_of(metric)
        found = [key for plan in plans for key in plan.inputs]
        found += [key for plan in plans for key in plan.metrics]
        parameters = [key for plan in plans for key in plan.parameters]
        found += [key for key in parameters if key not in ROW_PARAMETERS and key not in self.settings]
        if self.takes_dates(metric):
            found.append(DATE)
        if metric.span == "chained":
            found.append(CHAINED)
        found += [key for key in parameters if key in self.settings]
        if judged and metric.bands_by is not None:
            found.append(metric.bands_by)
        return tuple(dict.fromkeys(found))

    @staticmethod
    def argument_name(metric: MetricDefinition, key: str) -> str:
        """Return what an argument of ``arguments_of`` is called: its key, but ``dates`` for ``date``."""
        return DATES_ARGUMENT if key == DATE and DATE not in metric.plan.inputs else key

    def takes_dates(self, metric: MetricDefinition) -> bool:
        """Return whether several rows of what the metric reads mean something only with their dates.

        So it is where the metric or one of its inputs is a stock, where it is built from other metrics (their
        figures are handed over finished, one for each date), and where it speaks of the time of its rows.
        """
        plans = _plans_of(metric)
        stock = any(self.inputs[key].over_time != "sum" for plan in plans for key in plan.inputs)
        timed = metric.span in ("row_period", "chained", "year") or any(
            key in ROW_PARAMETERS for plan in plans for key in plan.parameters
        )
        return stock or timed or metric.over_time != "sum" or any(plan.metrics for plan in plans)

    @property
    def choices(self) -> Mapping[str, Setting]:
        """Every setting that may be given: those defined, and the engine's own where a metric heeds it."""
        if any(metric.span == "chained" for metric in self.metrics.values()):
            own = Setting(CHAINED, in_every_language("setting.chained"), ("yes", "no"))
            return {**self.settings, CHAINED: own}
        return self.settings

    def __post_init__(self) -> None:
        families: dict[str, list[str]] = {}
        for metric in self.metrics.values():
            families.setdefault(metric.variant_of or metric.key, []).append(metric.key)
        rivals = {
            key: tuple(other for other in family if other != key)
            for family in families.values()
            for key in family
            if len(family) > 1
        }
        object.__setattr__(self, "rivals", rivals)
