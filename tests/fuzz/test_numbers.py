"""Numbers at the ends of what there is: every function and every metric gives a finite number or an error."""

from __future__ import annotations

import json
import random

import pytest

from metricsheet import evaluate, load_catalog
from metricsheet.errors import DefinitionError
from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.functions import SPELLINGS
from metricsheet.report import render_text
from metricsheet.report.data.json import render_json
from metricsheet.values import ExcelError
from tests.fuzz.counts import blocks
from tests.stages import seeds

pytestmark = pytest.mark.fuzz

EXTREME = [1e308, 1.7e308, -1.7e308, 1e-308, 5e-324, 1e154, 1e200, 0.0, 1.0, 5.0]
WRITTEN = [
    "x",
    "y",
    "1e308",
    "-1e308",
    "1e-308",
    "0",
    "2",
    "1e154",
    '"1e308"',
    "4.9e-324",
    "-1",
    "0.5",
    "45000",
]


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_no_function_gives_what_is_no_number(name: str) -> None:
    for seed in seeds(300, 10):
        source = random.Random(f"{name} {seed}")
        count = source.choice([count for count in range(6) if SPELLINGS[name].fits(count)] or [6])
        formula = f"{name}({','.join(source.choice(WRITTEN) for _ in range(count))})"
        try:
            found = calculate(formula, {"x": EXTREME, "y": [1e308] * 5})
        except DefinitionError:
            continue
        assert isinstance(found, (str, bool, ExcelError)) or found - found == 0, formula


@pytest.mark.parametrize("block", blocks("tables of extreme numbers"), ids=lambda block: str(block[0]))
def test_no_report_of_extreme_numbers_fails(block: range) -> None:
    catalog = load_catalog("builtin")
    labels = [one.label["en"] for one in catalog.inputs.values()]
    for seed in block:
        source = random.Random(seed)
        rows = source.choice([1, 3, 12])
        data: dict[str, list[object]] = {
            label: [source.choice(EXTREME) for _ in range(rows)] for label in source.sample(labels, 12)
        }
        data["Date"] = [f"2024-{number % 12 + 1:02d}-01" for number in range(rows)]
        data["Region"] = ["AB"[number % 2] for number in range(rows)]
        asked = {"period": "month"} if source.random() < 0.5 else {}
        asked |= {"by": "Region"} if source.random() < 0.5 else {}
        card = evaluate(data, metrics=catalog, **asked)
        assert "internal" not in {problem.code for problem in card.problems}, seed
        assert json.loads(render_json(card, catalog))["results"]
        assert render_text(card, catalog)
