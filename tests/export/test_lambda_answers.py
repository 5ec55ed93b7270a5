"""LAMBDA functions give the core's number or an error: formulon computes them, the core says what is right.

The rule for every question is in ``difference``: no other number and no other label, and the number wherever
all cells are numbers, blanks, logicals or errors.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

import pytest

pytest.importorskip("formulon", reason="the extra oracles has formulon")

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import DATE, MetricDefinition
from metricsheet.export.lambdas import arguments
from metricsheet.export.lambdas.bodies import functions_of
from metricsheet.export.lambdas.steps import Lambda
from metricsheet.values import Cell
from tests.export.formulon_host import Sheet
from tests.export.vectors import Question, dated_questions, likely_questions, questions
from tests.stages import in_deep, seeds, some

CATALOG = load_catalog()
METRICS = list(CATALOG.metrics.values())
DATED = [metric for metric in METRICS if DATE in CATALOG.arguments_of(metric)]
FEW = some(METRICS, test=1)
DATED_FEW = some(DATED, test=1)


def asked(metric: MetricDefinition, suffix: str, function: Lambda, question: Question, sheet: Sheet) -> str:
    """Return the call of a function; arguments left out at the end are not written."""
    written = []
    for key in function.keys:
        if key in question.given:
            written.append(sheet.place(question.given[key]))
        else:
            written.append(f'"{question.settings[key]}"' if key in question.settings else "")
    while not written[-1]:
        written.pop()
    return f"=L.{metric.udf}{suffix}({','.join(written)})"


def right_answers(metric: MetricDefinition, question: Question) -> dict[str, Cell]:
    """Return the core's value, label and n; an error is its text."""
    given = {
        key: [[None if c == "" else c for c in row] for row in rows] for key, rows in question.given.items()
    }
    r = answer(CATALOG, metric.key, given, settings=question.settings, language=CATALOG.language)
    error = r.error or "#N/A"
    value = error if r.value is None else r.value
    label = error if r.value is None else r.status_label
    return {"": value, "_FLAG": label, "_N": error if r.n is None else float(r.n)}


def is_error(value: Cell) -> bool:
    return isinstance(value, str) and value.startswith("#")


def difference(question: Question, right: Cell, found: Cell) -> str:
    """Return what is wrong with an answer, ``""`` where it may be given."""
    if is_error(found):
        texts = any(isinstance(c, str) and c for rows in question.given.values() for row in rows for c in row)
        refused = not (is_error(right) or texts or unlike_shapes(question))
        return "an error where there is an answer" if refused else ""
    if is_error(right):
        return "an answer where there is an error"
    if isinstance(right, str) or isinstance(found, str):
        return "" if right == found else "another label"
    assert isinstance(found, float)
    assert isinstance(right, (int, float))
    return "" if math.isclose(found, right, rel_tol=1e-9, abs_tol=1e-9) else "another number"


def unlike_shapes(question: Question) -> bool:
    """Return whether blocks of as many cells stand beside each other in other shapes than row and column."""
    shapes = {(len(block), len(block[0])) for block in question.given.values()}
    return any(1 not in shape for shape in shapes) and len(shapes) > 1


def differences(metric: MetricDefinition, asked_of: Iterable[Question]) -> list[tuple[str, str, object]]:
    """Return every question that a function of the metric answers wrongly."""
    functions, listed = functions_of(CATALOG, metric, "L."), list(asked_of)
    sheet = Sheet(names={f"L.{metric.udf}{suffix}": f.typed for suffix, f in functions.items()})
    calls = [(suffix, q) for q in listed for suffix in functions]
    found = sheet.answers(asked(metric, suffix, functions[suffix], q, sheet) for suffix, q in calls)
    right = {id(q): right_answers(metric, q) for q in listed}
    wrong = []
    for (suffix, question), value in zip(calls, found, strict=True):
        said = difference(question, right[id(question)][suffix], value)
        if said:
            wrong.append((f"{question.name}{suffix}", said, (value, right[id(question)][suffix], question)))
    return wrong


@pytest.mark.parametrize("metric", FEW, ids=lambda metric: metric.key)
def test_every_kind_of_cell_gives_the_number_of_the_core_or_an_error(metric: MetricDefinition) -> None:
    assert differences(metric, questions(CATALOG, metric)) == []


@pytest.mark.parametrize("seed", seeds(1))
@pytest.mark.parametrize("metric", FEW, ids=lambda metric: metric.key)
def test_columns_that_suit_the_arguments_give_the_numbers_of_the_core(
    metric: MetricDefinition, seed: int
) -> None:
    asked_of = list(likely_questions(CATALOG, metric, random.Random(f"{metric.key} {seed}")))
    assert differences(metric, asked_of) == []


@pytest.mark.parametrize("seed", seeds(1))
@pytest.mark.parametrize("metric", DATED_FEW, ids=lambda metric: metric.key)
def test_dates_mean_what_they_mean_on_the_command_line(metric: MetricDefinition, seed: int) -> None:
    asked_of = dated_questions(CATALOG, metric, random.Random(f"{metric.key} {seed}"))
    assert differences(metric, asked_of) == []


def test_most_suitable_questions_are_answered_with_numbers() -> None:
    dice = random.Random(1)
    right = [
        right_answers(metric, question)[""]
        for metric in METRICS[::20]
        for question in likely_questions(CATALOG, metric, dice)
    ]
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
    definition = CATALOG.metrics[metric]
    assert differences(definition, questions(CATALOG, definition))


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
