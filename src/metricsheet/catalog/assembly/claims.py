"""What a metric may claim: the values it can have, the span it speaks of, the metrics taken in its place."""

from __future__ import annotations

from metricsheet.catalog.assembly.amounts import read_amount
from metricsheet.catalog.assembly.context import BuildContext
from metricsheet.catalog.assembly.merge import Entry
from metricsheet.catalog.definitions import Possible, Unit
from metricsheet.catalog.yaml.tree import Block


def possible_values(building: BuildContext, block: Block, unit: Unit) -> Possible | None:
    """Return the values under ``possible:``, or ``None`` after reporting why they cannot be used."""
    text, place = block.text("possible"), block.place("possible")
    low_text, dots, high_text = (part.strip() for part in text.partition(".."))
    if not dots or not (low_text or high_text):
        message = f"expected the lowest and the highest possible value, found {text!r}"
        hint = "write low..high such as 0%..100%, or leave one end open: 0.."
        building.problems.error("bad_possible", message, place, hint)
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
        message = f"expected the lower value first, found {text}"
        building.problems.error("bad_possible", message, place, f"write {high_text}..{low_text}")
        return None
    return Possible(low, high, text)


def check_span(building: BuildContext, block: Block) -> None:
    """Report a metric whose periods cannot be multiplied although its span says so."""
    if block.text("span") != "chained":
        return
    unit, better = block.text("unit"), block.text("better")
    if unit != "percent" or better == "within":
        message = f"expected a share that is kept or lost for span: chained, found {unit}, better: {better}"
        hint = "only percentages with better: higher or lower multiply; write span: row_period"
        building.problems.error("span_not_a_share", message, block.place("span"), hint)


def preferred(building: BuildContext, entry: Entry) -> tuple[str, ...]:
    """Return the metrics under ``prefer:`` that can be taken in this one's place; report the others."""
    items = entry.block.items_of("prefer")
    found = []
    for index, item in enumerate(items or ()):
        assert items is not None
        other, place = str(item), items.place(index)
        if other == entry.key:
            message = f"expected another metric, found {other!r} itself"
            building.problems.error("link_to_itself", message, place)
        elif building.known(other, building.merged.metrics, "metric", place):
            unit, its = entry.block.text("unit"), building.merged.metrics[other].block.text("unit")
            if unit and its and unit != its:
                message = f"expected a metric in {unit}, found {other!r} in {its}"
                building.problems.error("other_unit", message, place)
            else:
                found.append(other)
    return tuple(found)
