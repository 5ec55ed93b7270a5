"""Metrics and derived inputs from their blocks: formulas planned, amounts read, names resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from metricsheet.catalog.assembly.amounts import currency_of, read_amount
from metricsheet.catalog.assembly.band_checks import build_bands, check_targets
from metricsheet.catalog.assembly.context import RESERVED, BuildContext, local_text, optional_text
from metricsheet.catalog.assembly.entries import Entry
from metricsheet.catalog.assembly.inputs import report_twice
from metricsheet.catalog.bands_in_force import possible_bands, possible_targets, statuses_of
from metricsheet.catalog.definitions import BandDefinition, Better, MetricDefinition, Possible, Target, Unit
from metricsheet.catalog.derived import circles
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.shares import is_paired, only_adds_up
from metricsheet.catalog.yaml.tree import Block, place_in_text
from metricsheet.errors import did_you_mean
from metricsheet.formula.ast import Call, walk
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.functions import FUNCTIONS
from metricsheet.formula.plan import NameInfo, Plan
from metricsheet.language.message import Message
from metricsheet.records import field, record, replace

_CUTOFFS = ("target", "targets", "bands", "bands_by", "band_variants")


@record(frozen=False)
class MetricParts:
    """A metric in the making: what its block gave, before examples are read."""

    entry: Entry
    unit: Unit
    plan: Plan | None
    sample: Plan | None = None
    bands: tuple[BandDefinition, ...] = ()
    variants: dict[str, tuple[BandDefinition, ...]] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    targets_read: bool = True
    dead_zone: float | None = None
    possible: Possible | None = None
    prefer: tuple[str, ...] = ()

    @property
    def better(self) -> Better:
        """Which way is better."""
        return cast(Better, self.entry.block.text("better"))

    @property
    def tables(self) -> tuple[tuple[BandDefinition, ...], ...]:
        """Every set of bands that may apply under some setting."""
        return (self.bands, *self.variants.values())

    @property
    def statuses(self) -> tuple[str, ...]:
        """The status words that a value may have: of some band, or of the engine where it misses a target."""
        targets = possible_targets(self.targets)
        return statuses_of(possible_bands(self.tables, self.better, targets))


def name_metrics(building: BuildContext) -> None:
    """Make metrics names of formulas, before any formula is looked at."""
    merged = building.merged
    for key, entry in merged.metrics.items():
        earlier = merged.inputs.get(key) or merged.settings.get(key)
        if key in RESERVED:
            message, hint = Message("name_taken.reserved", name=key), Message("call_it_value", name=key)
            building.problems.error(message, entry.place, hint)
        elif earlier is not None:
            report_twice(building, entry, earlier)
            entry.broken = True
        else:
            building.names[key] = NameInfo("metric", "number", entry.block.text("unit") or None)


def metric_parts(building: BuildContext) -> dict[str, MetricParts]:
    """Return the parts of every metric that has a formula; each problem is reported.

    A broken metric is looked at as far as it goes, so that all its problems show at once.
    """
    return {
        key: _parts(building, entry)
        for key, entry in building.merged.metrics.items()
        if entry.block.text("formula") and entry.block.text("unit")
    }


def _judged_in(unit: Unit, block: Block) -> str:
    """Return the currency that the target and the bands of an amount are written in, or ``""``."""
    if unit != "money":
        return ""
    return next((found for key in _CUTOFFS if (found := currency_of(block.get(key)))), "")


def _parts(building: BuildContext, entry: Entry) -> MetricParts:
    block = entry.block
    unit = cast(Unit, block.text("unit"))
    parts = MetricParts(entry, unit, compiled(building, block, "formula", unit))
    if "sample" in block:
        parts.sample = compiled(building, block, "sample", "count")
    parts.targets = _targets(building, block, unit)
    parts.targets_read = len(parts.targets) == ("target" in block) + len(block.items_of("targets") or ())
    parts.bands = build_bands(building, block, "bands", unit, parts.targets)
    parts.variants = _variants(building, entry, unit, parts.targets)
    _check_target(building, parts)
    if "dead_zone" in block:
        zone = building.amount(block, "dead_zone", unit)
        if zone is not None and zone < 0:
            building.problems.error(Message("bad_amount.below_zero", found=zone), block.place("dead_zone"))
        parts.dead_zone = zone
    if "possible" in block:
        parts.possible = possible_values(building, block, unit)
    check_span(building, block)
    check_row_input(building, block)
    check_rows(building, block, parts.plan)
    parts.prefer = preferred(building, entry)
    _check_interval(building, block, parts.plan)
    _check_links(building, entry)
    return parts


def compiled(
    building: BuildContext,
    block: Block,
    key: str,
    unit: str | None,
    names: Mapping[str, NameInfo] | None = None,
) -> Plan | None:
    """Return the plan of the formula under ``key``, or ``None`` after reporting why there is none.

    It may use ``names``, or else everything that is defined.
    """
    text = block.text(key)
    start = place_in_text(block.place(key), text, 0)
    plan, found = compile_formula(text, building.names if names is None else names, place=start, unit=unit)
    written_as_it_is = start.source.line(start.line).startswith(text, start.column - 1) if found else True
    for diagnostic in found:
        at = diagnostic.place
        if not written_as_it_is and at is not None and at.line == start.line and at.column >= start.column:
            # the formula runs over several lines or has escapes: its characters are not where they seem
            at = place_in_text(block.place(key), text, at.column - start.column)
        building.problems.extend([replace(diagnostic, place=at)])
    return plan


def _variants(
    building: BuildContext, entry: Entry, unit: Unit, targets: Sequence[Target]
) -> dict[str, tuple[BandDefinition, ...]]:
    block = entry.block
    alone = [key for key in ("bands_by", "band_variants") if key in block]
    if len(alone) == 1 and not entry.broken:
        key, other = alone[0], "band_variants" if alone[0] == "bands_by" else "bands_by"
        building.problems.error(Message("bands_by_alone", other=other, key=key), block.key_place(key))
    setting = None
    if "bands_by" in block:
        key, place = block.text("bands_by"), block.place("bands_by")
        if building.known(key, building.merged.settings, "setting", place):
            setting = building.settings.get(key)
    found: dict[str, tuple[BandDefinition, ...]] = {}
    variants = block.inner("band_variants")
    for value in variants:
        if setting is not None and value not in setting.one_of:
            message = Message(
                "unknown_setting_value.of", setting=setting.key, choices=setting.one_of, found=value
            )
            hint = did_you_mean(value, setting.one_of)
            building.problems.error(message, variants.key_place(value), hint)
        found[value] = build_bands(building, variants, value, unit, targets)
    return found


def _check_target(building: BuildContext, parts: MetricParts) -> None:
    """Report bands that name a target which is not there, and targets that no band calls reached."""
    if parts.entry.broken:
        return  # which way is better may not be known
    if parts.entry.block.keys() & {"target", "targets"}:
        check_targets(building, parts.tables, parts.better, parts.targets)
        return
    naming = next((band for bands in parts.tables for band in bands if band.names_target), None)
    if naming is not None:
        message = Message("band_without_target", band=naming.when)
        building.problems.error(message, naming.place, Message("target_or_number"))


def _targets(building: BuildContext, block: Block, unit: Unit) -> tuple[Target, ...]:
    if "target" in block and "targets" in block:
        hint = Message("move_into_targets")
        building.problems.error(Message("two_targets.keys"), block.key_place("targets"), hint)
    if "target" in block:
        value = building.amount(block, "target", unit)
        place = block.place("target")
        return () if value is None else (Target(value, str(block["target"]), place=place),)
    targets: list[Target] = []
    for target in block.items_of("targets") or ():
        assert isinstance(target, Block)
        value = building.amount(target, "value", unit)
        since = building.date(target, "since") if "since" in target else None
        where: Frozen[str, str] = Frozen({k: str(v) for k, v in (target.block("where") or {}).items()})
        place = target.place()
        for other in targets:
            if (other.since, other.where) == (since, where) and other.place is not None:
                related = ((other.place, Message("first_written")),)
                building.problems.error(Message("two_targets.alike"), place, None, related)
        if value is not None:
            targets.append(Target(value, str(target["value"]), since, where, place))
    return tuple(targets)


def _check_interval(building: BuildContext, block: Block, plan: Plan | None) -> None:
    method = block.text("interval", "none")
    if method == "none" or plan is None or plan.interval_parts(cast(Any, method)) is not None:
        return
    shape = "(a - b) / n" if method == "nps" else "a / n"
    message = Message("interval_shape", shape=shape, method=method)
    building.problems.error(message, block.place("interval"), Message("leave_out_interval"))


def _check_links(building: BuildContext, entry: Entry) -> None:
    for key in ("variant_of", "fallback"):
        if key not in entry.block:
            continue
        other, place = entry.block.text(key), entry.block.place(key)
        if other == entry.key:
            building.problems.error(Message("link_to_itself", metric=other), place)
        else:
            building.known(other, building.merged.metrics, "metric", place)


def report_circles(building: BuildContext, parts: dict[str, MetricParts]) -> set[str]:
    """Report metrics that need each other; return all whose value would never come."""
    plans = {key: (*part.plan.metrics, *part.prefer) for key, part in parts.items() if part.plan is not None}
    stuck: set[str] = set()
    for circle in circles(plans):
        stuck.update(circle)
        said = " → ".join([*circle, circle[0]])
        place = parts[circle[0]].entry.block.place("formula")
        building.problems.error(Message("circle.metrics", circle=said), place)
    fallbacks = {
        key: (part.entry.block.text("fallback"),)
        for key, part in parts.items()
        if "fallback" in part.entry.block
    }
    for circle in circles(fallbacks):
        if len(circle) > 1:
            said = " → ".join([*circle, circle[0]])
            place = parts[circle[0]].entry.block.place("fallback")
            building.problems.error(Message("circle.fallback", circle=said), place)
    return stuck


def finished(part: MetricParts, examples: tuple[Any, ...]) -> MetricDefinition:
    """Return the metric of ``part``, whose plan is there."""
    block, entry = part.entry.block, part.entry
    assert part.plan is not None
    interval = block.text("interval", "none")
    return MetricDefinition(
        key=entry.key,
        label=local_text(block["label"]),
        stage=cast(Any, block.text("stage")),
        kind=cast(Any, block.text("kind")),
        unit=part.unit,
        better=cast(Any, block.text("better")),
        formula=block.text("formula"),
        plan=part.plan,
        udf=entry.key.upper(),
        question=optional_text(block, "question"),
        interval=None if interval == "none" else cast(Any, interval),
        sample=part.sample,
        min_sample=cast(Any, block.get("min_sample")),
        headline=bool(block.get("headline", False)),
        decimals=cast(Any, block.get("decimals")),
        bands=part.bands,
        bands_by=cast(Any, block.get("bands_by")),
        band_variants=Frozen(part.variants),
        targets=part.targets,
        dead_zone=part.dead_zone,
        over_time=cast(Any, block.text("over_time", "sum")),
        possible=part.possible,
        span=cast(Any, block.text("span", "any")),
        prefer=part.prefer,
        judged_over=cast(Any, block.get("judged_over")),
        judged_in=_judged_in(part.unit, block),
        one_row_per=cast(Any, block.get("one_row_per")),
        paired=block["rows"] == "paired" if "rows" in block else is_paired(part.plan, part.possible),
        note=optional_text(block, "note"),
        variant_of=cast(Any, block.get("variant_of")),
        fallback=cast(Any, block.get("fallback")),
        source=block.text("source"),
        examples=examples,
        place=entry.place,
    )


def possible_values(building: BuildContext, block: Block, unit: Unit) -> Possible | None:
    """Return the values under ``possible:``, or ``None`` after reporting why they cannot be used."""
    text, place = block.text("possible"), block.place("possible")
    low_text, dots, high_text = (part.strip() for part in text.partition(".."))
    if not dots or not (low_text or high_text):
        message = Message("bad_possible.form", found=text)
        building.problems.error(message, place, Message("write_possible"))
        return None
    ends: list[float | None] = []
    for written in (low_text, high_text):
        read = read_amount(written, unit, building.merged.currency) if written else None
        end = None if read is None else building.checked_amount(read, place)
        if written and end is None:
            return None
        ends.append(end)
    low, high = ends
    if low is not None and high is not None and low >= high:
        hint = Message("write", text=f"{high_text}..{low_text}")
        building.problems.error(Message("bad_possible.order", found=text), place, hint)
        return None
    return Possible(low, high, text)


def check_span(building: BuildContext, block: Block) -> None:
    """Report a metric whose periods cannot be multiplied although its span says so."""
    if block.text("span") != "chained":
        return
    unit, better = block.text("unit"), block.text("better")
    if unit != "percent" or better == "within":
        message = Message("span_not_a_share", unit=unit, better=better)
        building.problems.error(message, block.place("span"), Message("only_shares_multiply"))


def check_row_input(building: BuildContext, block: Block) -> None:
    """Report a metric whose rows are named by an input that nobody defines."""
    key = block.text("one_row_per")
    if key and key not in building.merged.inputs:
        hint = did_you_mean(key, building.merged.inputs)
        building.problems.error(Message("unknown_input", found=key), block.place("one_row_per"), hint)


def check_rows(building: BuildContext, block: Block, plan: Plan | None) -> None:
    """Report a metric over paired rows whose formula is none of sums of several inputs."""
    if block.text("rows") == "paired" and plan is not None and not only_adds_up(plan):
        message = Message("nothing_to_pair", formula=plan.text)
        building.problems.error(message, block.place("rows"), Message("write_sums"))


def preferred(building: BuildContext, entry: Entry) -> tuple[str, ...]:
    """Return the metrics under ``prefer:`` that can be taken in this one's place; report the others."""
    found = []
    for other, place in entry.block.texts("prefer"):
        if other == entry.key:
            building.problems.error(Message("link_to_itself", metric=other), place)
        elif building.known(other, building.merged.metrics, "metric", place):
            unit, its = entry.block.text("unit"), building.merged.metrics[other].block.text("unit")
            if unit and its and unit != its:
                message = Message("other_unit", unit=unit, metric=other, its=its)
                building.problems.error(message, place)
            else:
                found.append(other)
    return tuple(found)


def derive_inputs(building: BuildContext) -> None:
    """Plan the formulas of ``derived:`` inputs, which may name inputs alone; report what is wrong."""
    plans: dict[str, Plan] = {}
    names = {key: building.names[key] for key in building.merged.inputs if key in building.names}
    for key, definition in building.inputs.items():
        block = building.merged.inputs[key].block
        if "derived" not in block or definition.type != "number":
            continue
        plan = compiled(building, block, "derived", definition.unit, names)
        if plan is None:
            continue
        calls = [node.name for node in walk(plan.ast) if isinstance(node, Call)]
        over_rows = next((name for name in calls if FUNCTIONS[name].kinds), None)
        if over_rows is not None:
            message = Message("derived.over_rows", function=over_rows)
            building.problems.error(message, block.place("derived"))
        elif not plan.inputs:
            building.problems.error(Message("derived.no_input"), block.place("derived"))
        else:
            plans[key] = plan
    for circle in circles({key: plan.inputs for key, plan in plans.items()}):
        said = " → ".join([*circle, circle[0]])
        place = building.merged.inputs[circle[0]].block.place("derived")
        building.problems.error(Message("circle.inputs", circle=said), place)
        for key in circle:
            plans.pop(key, None)
    for key, plan in plans.items():
        building.inputs[key] = replace(building.inputs[key], derived=plan)
