"""Worked examples of metrics: values as cells, names that the metric can use, answers that it can give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from metricsheet.catalog.assembly.amounts import read_amount
from metricsheet.catalog.assembly.context import PARAMETERS, BuildContext, iso_day
from metricsheet.catalog.assembly.inputs import setting_value
from metricsheet.catalog.assembly.metrics import MetricParts
from metricsheet.catalog.definitions import BAND_STATUSES, DATE, Example, InputDefinition
from metricsheet.catalog.derived import with_parts
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message
from metricsheet.source import Place
from metricsheet.values import ERROR_CODES, ExcelError


def build_examples(
    building: BuildContext, part: MetricParts, parts: Mapping[str, MetricParts]
) -> tuple[Example, ...]:
    """Return the examples of a metric; what names nothing, or cannot come out, is reported."""
    items = part.entry.block.items_of("examples")
    if items is None:
        return ()
    usable = usable_names(part, parts, building.inputs)
    return tuple(_example(building, part, cast(Block, item), usable, parts) for item in items)


def usable_names(
    part: MetricParts, parts: Mapping[str, MetricParts], inputs: Mapping[str, InputDefinition]
) -> dict[str, None] | None:
    """Return what the metric's formula uses, directly or through others; ``None`` when nobody knows."""
    found: dict[str, None] = {}
    waiting = [part.entry.key]
    while waiting:
        key = waiting.pop()
        used = parts.get(key)
        if used is None or used.plan is None:
            return None
        plans = [used.plan] if used.sample is None else [used.plan, used.sample]
        for plan in plans:
            found.update(dict.fromkeys((*with_parts(plan.inputs, inputs), *plan.parameters)))
            for metric in plan.metrics:
                if metric not in found:
                    found[metric] = None
                    waiting.append(metric)
    return found


def _example(
    building: BuildContext,
    part: MetricParts,
    block: Block,
    usable: dict[str, None] | None,
    parts: Mapping[str, MetricParts],
) -> Example:
    problems = building.problems
    if "value" in block and "error" in block:
        problems.error(Message("two_answers"), block.key_place("error"))
    if not block.keys() & {"value", "error", "status"}:
        problems.error(Message("no_answer"), block.place())
    value = building.amount(block, "value", part.unit, any_percent=True) if "value" in block else None
    status = block.text("status") or None
    # without its target nobody knows which statuses a metric has: one problem, not one more per example
    if status in BAND_STATUSES and part.targets_read and not part.entry.broken:
        _check_status(building, part, block)
    return Example(
        given=_given(building, cast(Block, block["given"]), usable, parts),
        value=value,
        error=block.text("error") or None,
        status=status,
        settings=_settings(building, block.inner("settings")),
        why=block.text("why"),
        place=block.place(),
    )


def _check_status(building: BuildContext, part: MetricParts, block: Block) -> None:
    status, place = block.text("status"), block.place("status")
    if not part.entry.block.keys() & {"bands", "band_variants", "target", "targets"}:
        building.problems.error(Message("status_without_band.none", status=status), place)
    elif part.statuses and status not in part.statuses:
        known = tuple(sorted(part.statuses))
        building.problems.error(Message("status_without_band.other", known=known, status=status), place)


def _given(
    building: BuildContext,
    block: Block,
    usable: dict[str, None] | None,
    parts: Mapping[str, MetricParts],
) -> Frozen[str, object]:
    given: dict[str, object] = {}
    for key, value in block.items():
        place = block.key_place(key)
        if key not in building.names and key != DATE:
            hint = did_you_mean(key, usable or building.names)
            building.problems.error(Message("unknown_name.given", found=key), place, hint)
        given[key] = _cells(building, key, value, parts, block.place(key))
    return Frozen(given)


def _cells(
    building: BuildContext, key: str, value: object, parts: Mapping[str, MetricParts], place: Place
) -> object:
    if isinstance(value, list):
        return tuple(_cells(building, key, item, parts, place) for item in value)
    if not isinstance(value, str):
        return value
    if value in ERROR_CODES:
        return ExcelError(value)
    definition = building.inputs.get(key)
    if key in (*PARAMETERS, DATE) or (isinstance(definition, InputDefinition) and definition.type == "date"):
        day = iso_day(value)
        if day is None and key in PARAMETERS:
            building.problems.error(Message("bad_date", found=value), place)
        return value if day is None else day
    if key in parts:
        read = read_amount(value, parts[key].unit, building.merged.currency)
        return read if isinstance(read, float) else value
    return value


def _settings(building: BuildContext, block: Block) -> Frozen[str, str]:
    chosen: dict[str, str] = {}
    for key, value in block.items():
        text = setting_value(value)
        if building.known(key, building.merged.settings, "setting", block.key_place(key)):
            setting = building.settings.get(key)
            if setting is not None and text not in setting.one_of:
                message = Message("unknown_setting_value", choices=setting.one_of, found=text)
                hint = did_you_mean(text, setting.one_of)
                building.problems.error(message, block.place(key), hint)
        chosen[key] = text
    return Frozen(chosen)
