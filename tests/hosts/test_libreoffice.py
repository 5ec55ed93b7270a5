"""The metrics' own formulas in a real spreadsheet: LibreOffice Calc computes them, the core must agree.

A formula goes into a cell word for word, as it stands in ``metrics.yaml``; its names are defined names of the
sheet. An input is the range that holds its cells; one that is used as a total is the sum of them; another
metric is the cell that holds its formula. So nothing of ours takes part in LibreOffice's answer.

Metrics that depend on more than cells are not covered: on the time that rows cover, a setting, or another
metric that is preferred where it is there. A formula in a cell cannot say these; the worked examples of each
metric in ``metrics.yaml`` do.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import InputDefinition, MetricDefinition
from metricsheet.formula.ast import Call, Name, walk
from metricsheet.values import Cell
from tests.hosts.libreoffice import Formula, Page, answers

pytestmark = pytest.mark.hosts

CATALOG = load_catalog()
REGIONS = ("north", "South", "east")

# LibreOffice 7.4 has no UNIQUE, so there is no cell formula for these.
NO_CELL_FORMULA = frozenset({"COUNTUNIQUE"})
NOT_COVERED = {
    *("customer_count", "revenue_per_customer", "clv_customers"),
    # what their rows cover, a setting, or a preferred form of the metric decides: see needs_more_than_cells
    *("arpa", "arr", "cac_payback", "cac_payback_revenue", "expansion_mrr", "mrr", "sales_velocity_new"),
    *("clv", "clv_cac_ratio", "clv_engagement", "clv_from_churn", "clv_from_churn_margin", "clv_margin"),
    *("clv_referred", "ltv_listed", "ltv_margin", "ltv_simple", "net_value_per_customer"),
    "profit_per_customer",
}

# The median of an array without a number is #NUM! in Excel and in the core, #VALUE! in LibreOffice.
DIFFERS = {"sales_cycle_median-zeros": "#VALUE!"}


@dataclass
class Computed:
    """One sheet: a metric over the cells of its inputs, and the metrics it is built from."""

    title: str
    metric: MetricDefinition
    cells: dict[str, list[Cell]]
    formulas: dict[str, MetricDefinition]

    @property
    def name(self) -> str:
        return f"{self.metric.key}-{self.title.partition(' ')[2]}"


def family(metric: MetricDefinition) -> dict[str, MetricDefinition]:
    """Return the metric and every metric it is built from, at any depth, by key."""
    found: dict[str, MetricDefinition] = {}
    waiting = [metric.key]
    while waiting:
        key = waiting.pop()
        found[key] = CATALOG.metrics[key]
        waiting += [name for name in found[key].plan.metrics if name not in found]
    return found


def functions_of(metrics: dict[str, MetricDefinition]) -> set[str]:
    return {node.name for m in metrics.values() for node in walk(m.plan.ast) if isinstance(node, Call)}


def needs_more_than_cells(metrics: dict[str, MetricDefinition]) -> bool:
    """Return whether a metric reads what no cell holds.

    That is the time that rows cover, a setting, or another metric whose value is preferred where it is there.
    """
    parameters = {key for metric in metrics.values() for key in metric.plan.parameters}
    return bool(parameters - {"period_start", "period_end"}) or any(m.prefer for m in metrics.values())


def cells_for(definition: InputDefinition, length: int, dice: random.Random, *, zero: bool) -> list[Cell]:
    """Return usable cells of an input, drawn from its scale or from sensible numbers."""
    if definition.type == "text" and definition.means:  # the formula asks for what the words mean
        return [dice.choice(sorted(set(definition.means.values()))) for _ in range(length)]
    if definition.type == "text":
        return [dice.choice(REGIONS) for _ in range(length)]
    if definition.type == "date":
        return [float(dice.randrange(45292, 45658)) for _ in range(length)]
    if definition.type == "flag":
        return [float(dice.random() < 0.3) for _ in range(length)]
    if definition.scale is not None:
        low, high = int(definition.scale.low), int(definition.scale.high)
        # the highest answer tells the core that no shorter scale was meant
        return [float(high), *(float(dice.randint(low, high)) for _ in range(length - 1))]
    return [0.0 if zero else round(dice.uniform(1, 500), 2) for _ in range(length)]


def sheets() -> Iterator[Computed]:
    for number, metric in enumerate(CATALOG.metrics.values()):
        metrics = family(metric)
        if functions_of(metrics) & NO_CELL_FORMULA or needs_more_than_cells(metrics):
            continue
        plans = [m.plan for m in metrics.values()]
        inputs = [CATALOG.inputs[key] for key in dict.fromkeys(k for plan in plans for k in plan.inputs)]
        totals = {key for plan in plans for key in plan.totals}
        ranges = {key for plan in plans for p in plan.primitives if p.kind != "total" for key in p.columns}
        # A name stands for a range or for its total, not for both; a stock in several rows needs their dates.
        one_row = bool(totals & ranges) or any(i.over_time != "sum" for i in inputs)
        for kind in ("one row", "rows", "gaps", "remarks", "zeros"):
            dice = random.Random(f"{metric.key} {kind}")
            length = 1 if kind in ("one row", "zeros") else 40
            if one_row and length > 1:
                continue
            cells = {i.key: cells_for(i, length, dice, zero=kind == "zeros") for i in inputs}
            if kind in ("gaps", "remarks"):
                for column in cells.values():
                    for row in dice.sample(range(length), 7):
                        column[row] = None if kind == "gaps" else "see below"
            cells |= {key: [45322.0] for plan in plans for key in plan.parameters if key == "period_start"}
            cells |= {key: [45504.0] for plan in plans for key in plan.parameters if key == "period_end"}
            yield Computed(f"M{number} {kind}", metric, cells, metrics)


SHEETS = list(sheets())


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cell]:
    """Return LibreOffice's answer by sheet."""
    return answers([page_of(sheet) for sheet in SHEETS], tmp_path_factory.mktemp("libreoffice"))


def page_of(sheet: Computed) -> Page:
    formulas = {key: formula_of(metric) for key, metric in sheet.formulas.items()}
    asked = formulas.pop(sheet.metric.key)
    totals = frozenset(key for metric in sheet.formulas.values() for key in metric.plan.totals)
    return Page(sheet.title, asked, seen_by_formula(sheet), totals, formulas)


def seen_by_formula(sheet: Computed) -> dict[str, list[Cell]]:
    """Return the cells, without the rows that a metric leaves out where one of its parts is not there."""
    if not sheet.metric.paired:
        return sheet.cells
    columns = [sheet.cells[key] for key in sheet.metric.plan.inputs]
    whole = [all(isinstance(cell, float) for cell in row) for row in zip(*columns, strict=True)]
    return {
        key: [cell if there else None for cell, there in zip(column, whole, strict=True)]
        if key in sheet.metric.plan.inputs
        else column
        for key, column in sheet.cells.items()
    }


def formula_of(metric: MetricDefinition) -> Formula:
    expressions = [primitive.expr for primitive in metric.plan.primitives]
    by_row = any(not isinstance(node, Name) for node in expressions if node is not None)
    return Formula(metric.formula, by_row)


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])
def test_libreoffice_gives_the_number_of_the_core(sheet: Computed, computed: dict[str, Cell]) -> None:
    found = computed[sheet.title]
    result = answer(CATALOG, sheet.metric.key, sheet.cells)
    if result.why is not None and result.why.code == "not_possible":
        # a formula knows nothing of the values that there can be: its number, or that of a metric it is built
        # from, is one that the core refuses
        assert isinstance(found, int | float)
        own, parts = sheet.metric.possible, [m.possible for m in sheet.formulas.values() if m.possible]
        assert parts
        assert own is None or len(parts) > 1 or not own.contains(found)
    elif result.value is None:
        assert found == DIFFERS.get(sheet.name, result.error)
    else:
        assert isinstance(found, int | float)
        assert math.isclose(result.value, found, rel_tol=1e-13, abs_tol=1e-13), (result.value, found)


def test_every_metric_is_computed_except_those_named_here() -> None:
    left_out = set(CATALOG.metrics) - {sheet.metric.key for sheet in SHEETS}
    assert left_out == NOT_COVERED


def test_most_answers_are_numbers_and_not_errors() -> None:
    results = [answer(CATALOG, sheet.metric.key, sheet.cells) for sheet in SHEETS]
    numbers = sum(result.value is not None for result in results)
    assert numbers >= 0.7 * len(results)
