"""LAMBDA functions as one of the hosts, in formulon: a spreadsheet engine that is not ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from itertools import groupby

from metricsheet.api import load_catalog
from metricsheet.export.lambdas.bodies import functions_of
from tests.hosts.questions import SUFFIXES, Json, Question, as_cell
from tests.hosts.replay import Answers, Host, NotInstalledError

CATALOG = load_catalog()
BY_FUNCTION = {metric.udf: metric for metric in CATALOG.metrics.values()}


@cache
def names_of(function: str) -> dict[str, str]:
    """Return the three names of a function, and what stands behind them."""
    metric = BY_FUNCTION[function]
    return {
        f"L.{function}{suffix}": made.typed for suffix, made in functions_of(CATALOG, metric, "L.").items()
    }


def _called(argument: Json) -> Iterable[str]:
    if argument is not None and "call" in argument:
        function, arguments = argument["call"]
        yield function
        for one in arguments:
            yield from _called(one)


def answers_of(asked: Sequence[Question]) -> list[Answers]:
    """Return what formulon answers."""
    try:
        from tests.export.formulon_host import Sheet
    except ImportError as error:
        raise NotInstalledError(str(error)) from error

    def text(argument: Json) -> str:
        if argument is None:
            return ""
        if "call" in argument:
            return call(*argument["call"])
        if "rows" in argument:
            return sheet.place([[as_cell(cell) for cell in row] for row in argument["rows"]])
        typed = as_cell(argument["value"])
        return f'"{typed}"' if isinstance(typed, str) else str(typed).upper()

    def call(function: str, arguments: Sequence[Json]) -> str:
        parts = [text(argument) for argument in arguments]
        while parts and not parts[-1]:
            parts.pop()
        return f"L.{function}({','.join(parts)})"

    answers: list[Answers] = []
    for _, group in groupby(asked, key=lambda question: question.metric):
        of_metric = list(group)
        functions = {q.function for q in of_metric}
        functions.update(name for q in of_metric for argument in q.arguments for name in _called(argument))
        sheet = Sheet(names={name: body for one in functions for name, body in names_of(one).items()})
        calls = [f"={call(q.function + suffix, q.arguments)}" for q in of_metric for suffix in SUFFIXES]
        found = iter(sheet.answers(calls))
        answers += [{suffix: next(found) for suffix in SUFFIXES} for _ in of_metric]
    return answers


HOST = Host("LAMBDA", answers_of, lambda: f"formulon {version('formulon')}")
