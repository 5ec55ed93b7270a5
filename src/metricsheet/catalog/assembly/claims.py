"""What a metric may claim: its possible values, its span and rows, the metrics taken in its place."""

from __future__ import annotations

from metricsheet.catalog.assembly.amounts import read_amount
from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.assembly.entries import Entry
from metricsheet.catalog.definitions import Possible, Unit
from metricsheet.catalog.shares import only_adds_up
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import did_you_mean
from metricsheet.formula.plan import Plan
from metricsheet.language.message import Message


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
    items = entry.block.items_of("prefer")
    found = []
    for index, item in enumerate(items or ()):
        assert items is not None
        other, place = str(item), items.place(index)
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
