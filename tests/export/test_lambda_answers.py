"""LAMBDA functions give the core's number or an error: formulon computes them, the core says what is right.

The rule for every question is in ``difference``: no other number and no other label, and the number wherever
all cells are numbers, blanks, logicals or errors.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

pytest.importorskip("formulon", reason="the extra oracles has formulon")

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import DATE, MetricDefinition
from metricsheet.export.lambdas import arguments
from metricsheet.export.lambdas.bodies import functions_of
from metricsheet.values import Cell
from tests.export.formulon_host import Sheet
from tests.hosts.lambdas import answers_of, names_of
from tests.hosts.questions import SUFFIXES, Asked, Question, answered, cells_of, questions_of
from tests.hosts.random_questions import dated, likely
from tests.hosts.replay import is_error, same
from tests.stages import in_deep, seeds, some

CATALOG = load_catalog()
METRICS = list(CATALOG.metrics.values())
DATED = [metric for metric in METRICS if DATE in CATALOG.arguments_of(metric)]
FEW = some(METRICS, test=1)
DATED_FEW = some(DATED, test=1)


def difference(question: Question, right: object, found: object) -> str:
    """Return what is wrong with an answer, ``""`` where it may be given."""
    if same(right, found):
        return ""
    if not is_error(found):
        return "an answer where there is an error" if is_error(right) else "another answer"
    ranges = [one for one in question.arguments if one is not None and "value" not in one]
    texts = any(isinstance(cell, str) and cell for one in ranges for cell in cells_of(one))
    refused = not (is_error(right) or texts or unlike_shapes(question) or perhaps_totals(question))
    return "an error where there is an answer" if refused else ""


def unlike_shapes(question: Question) -> bool:
    """Return whether blocks of as many cells stand beside each other in other shapes than row and column."""
    rows = [one["rows"] for one in question.arguments if one is not None and "rows" in one]
    shapes = {(len(block), len(block[0])) for block in rows}
    return any(1 not in shape for shape in shapes) and len(shapes) > 1


def perhaps_totals(question: Question) -> bool:
    """Return whether rows without a date were drawn as totals of the others."""
    return question.vector.endswith("odd total")


def differences(drawn: Iterable[Asked]) -> list[tuple[str, str, object]]:
    """Return every question that a function of the metric answers wrongly."""
    asked = list(answered(CATALOG, drawn))
    return [
        (f"{question.vector}{suffix}", said, (found[suffix], question))
        for question, found in zip(asked, answers_of(asked), strict=True)
        for suffix in SUFFIXES
        if (said := difference(question, question.answers[suffix], found[suffix]))
    ]


@pytest.mark.parametrize("metric", FEW, ids=lambda metric: metric.key)
def test_every_kind_of_cell_gives_the_number_of_the_core_or_an_error(metric: MetricDefinition) -> None:
    assert differences(some(questions_of(CATALOG, metric), test=30)) == []


@pytest.mark.parametrize("seed", seeds(1))
@pytest.mark.parametrize("metric", FEW, ids=lambda metric: metric.key)
def test_columns_that_suit_the_arguments_give_the_numbers_of_the_core(
    metric: MetricDefinition, seed: int
) -> None:
    assert differences(likely(CATALOG, metric, random.Random(f"{metric.key} {seed}"))) == []


@pytest.mark.parametrize("seed", seeds(1))
@pytest.mark.parametrize("metric", DATED_FEW, ids=lambda metric: metric.key)
def test_dates_mean_what_they_mean_on_the_command_line(metric: MetricDefinition, seed: int) -> None:
    asked = dated(CATALOG, metric, random.Random(f"{metric.key} {seed}"))
    assert differences(some(asked, test=15)) == []


def test_most_suitable_questions_are_answered_with_numbers() -> None:
    dice = random.Random(1)
    drawn = [one for metric in METRICS[::20] for one in likely(CATALOG, metric, dice)]
    right = [question.answers[""] for question in answered(CATALOG, drawn)]
    assert sum(not is_error(value) for value in right) > 0.5 * len(right)


FAULTS = {
    "numbers without their mask": ("_mask", lambda argument, definition: argument),
    "no upper end of a percent": ("number_text", lambda number: "1E+9"),
    "no shorter scale is thought of": ("ENOUGH_ANSWERS", 10**6),
}


@pytest.mark.parametrize(
    ("fault", "metric"),
    [
        ("numbers without their mask", "nps"),
        pytest.param("no upper end of a percent", "annual_churn", marks=in_deep),
        pytest.param("no shorter scale is thought of", "csat_mean", marks=in_deep),
    ],
)
def test_a_planted_fault_is_found(fault: str, metric: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, *FAULTS[fault])
    names_of.cache_clear()
    try:
        assert differences(questions_of(CATALOG, CATALOG.metrics[metric]))
    finally:
        names_of.cache_clear()


def test_arrays_and_nested_calls() -> None:
    names = {
        f"L.{udf}{suffix}": body.typed
        for udf in ("NPS", "CAC", "CLV", "CLV_CAC_RATIO", "CHURN_RATE")
        for suffix, body in functions_of(CATALOG, CATALOG.metrics[udf.lower()], "L.").items()
    }
    sheet = Sheet(names=names)
    scores = sheet.place([[10], [9], [8], [3], [None]])
    filled, nothing = sheet.place([[10], [9], [8], [3]]), sheet.place([[None], [None], [None]])
    asked_and_right: dict[str, Cell] = {
        f"=L.NPS({scores})": 25.0,
        f"=L.NPS(FILTER({scores},{scores}>8))": 100.0,
        f"=L.NPS(VSTACK({filled},{{2;1}}))": -50 / 3,
        "=L.NPS({10,9,3})": 100 / 3,
        "=L.NPS(10)": 100.0,
        f'=IFERROR(L.NPS({nothing}),"none")': "none",
        '=IFERROR(L.CHURN_RATE(0,0),"none")': "none",
        "=L.CHURN_RATE(0,0)": "#DIV/0!",
        "=L.NPS(NA())": "#N/A",
        "=L.CLV_CAC_RATIO(10,L.CLV(1000,10),L.CAC(300,100,10))": 2.5,
        "=L.NPS_FLAG({10;9;3})": "Sample too small",
        f"=L.NPS_N({scores})": 4.0,
    }
    found = sheet.answers(asked_and_right)
    for (formula, right), value in zip(asked_and_right.items(), found, strict=True):
        assert value == pytest.approx(right) if isinstance(right, float) else value == right, formula
