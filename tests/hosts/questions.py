"""The questions that every host is asked, with the core's answers: one file, the same for all.

Each metric is asked for its value, its label and its n over the same kinds of cells. Nothing here knows a
host: an adapter (``tests/hosts/replay.py``) turns cells into what its host holds, and answers back.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from excel_addin.cells import ExcelAnswer
from excel_addin.metric_functions import flag_of, n_of, value_of
from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import CHAINED, DATE, Catalog, MetricDefinition
from metricsheet.values import ERROR_CODES, VALUE, Cell, ExcelError

Json = Any
"""A cell is null, a number, a text, a logical, ``{"e": "#N/A"}``, ``{"d": 45382}`` for a date or
``{"m": 12.5}`` for an amount of money. An argument is null where it is left out, ``{"rows": [[cell]]}`` for a
range, ``{"value": cell}`` for what is typed, ``{"call": [function, arguments]}`` for another one's answer."""

FIRST, LAST = 45292, 45657  # 2024
MONTHS = (45292, 45323, 45352)
SUFFIXES = ("", "_FLAG", "_N")


class Question(NamedTuple):
    """What is asked of one metric, and the core's answers by suffix: a number, a text or an error's text.

    ``more`` is how many optional arguments the function of the label takes besides, ``built`` whether it
    takes the figures of other metrics.
    """

    metric: str
    vector: str
    function: str
    arguments: list[Json]
    more: int
    answers: dict[str, ExcelAnswer]
    built: bool = False


Asked = tuple[MetricDefinition, str, list[Json]]
"""A metric, what kind of cells it is asked for, and the arguments."""
Triple = tuple[Json, Json, Json]
Rows = list[list[Json]]


def numbers_of(catalog: Catalog, key: str) -> Triple:
    """Return a low, a middle and a high cell that an argument may well hold."""
    known = catalog.inputs.get(key)
    if key in ("period_start", "period_end") or (known is not None and known.type == "date"):
        first, last = _DAYS[key]
        return {"d": first}, {"d": first + 100}, {"d": last}
    if known is not None and known.type == "flag":
        return 0.0, 1.0, 1.0
    if known is not None and known.type == "text":
        words = sorted(set(known.means.values())) or ["east", "north", "south"]
        return words[0], words[len(words) // 2], words[-1]
    if known is not None and known.scale is not None:
        low, high = known.scale.low, known.scale.high
        return float(low), float(int((low + high) / 2)), float(high)
    unit = known.unit if known is not None else catalog.metrics[key].unit
    if unit == "percent":
        return 0.05, 0.1, 0.2
    # what is lost of a stock in a month is a part of it
    return (200.0, 600.0, 1000.0) if known is not None and known.over_time != "sum" else (20.0, 60.0, 100.0)


_DAYS = {
    "period_start": (FIRST, FIRST),
    "period_end": (LAST, LAST),
    "start_date": (FIRST - 300, FIRST - 30),
    "created_date": (FIRST - 300, FIRST - 30),
    "end_date": (FIRST + 30, FIRST + 300),
    "closed_date": (FIRST + 30, FIRST + 300),
}


def _text_of(cell: Json) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _moved(cell: Json, by: float) -> Json:
    return cell + by if isinstance(cell, float) else cell


# rows of one argument from a low, a middle and a high cell
VECTORS: dict[str, Callable[[Json, Json, Json], Rows]] = {
    "one cell": lambda low, mid, high: [[high]],
    "blank cell": lambda low, mid, high: [[None]],
    "blank range": lambda low, mid, high: [[None], [None], [None]],
    "column": lambda low, mid, high: [[high], [low], [mid], [high], [high]],
    "row": lambda low, mid, high: [[high, low, mid, high, high]],
    "block": lambda low, mid, high: [[high, low], [mid, high]],
    "blanks between": lambda low, mid, high: [[high], [None], [low], [None], [high]],
    "empty text": lambda low, mid, high: [[high], [""], [low]],
    "text": lambda low, mid, high: [[high], ["remark"], [low]],
    "header": lambda low, mid, high: [["Header"], [high], [low]],
    "only text": lambda low, mid, high: [["remark"], ["other"]],
    "missing": lambda low, mid, high: [[high], ["n/a"], [low]],
    "logical": lambda low, mid, high: [[True], [False], [high]],
    "one logical": lambda low, mid, high: [[True]],
    "date": lambda low, mid, high: [[{"d": 45382}], [high]],
    "money": lambda low, mid, high: [[{"m": 40.5}], [{"m": 12.25}]],
    "zeros": lambda low, mid, high: [[0.0], [0.0]],
    "zero": lambda low, mid, high: [[0.0]],
    "off the scale": lambda low, mid, high: [[_moved(high, 1)], [low]],
    "below the scale": lambda low, mid, high: [[high], [_moved(low, -1)]],
    "number as text": lambda low, mid, high: [[high], [_text_of(mid) if isinstance(mid, float) else "7"]],
    "percent text": lambda low, mid, high: [[high], ["5%"]],
    "huge": lambda low, mid, high: [[1e308], [1e308]],
    "negative": lambda low, mid, high: [[-1.0], [high]],
    "fraction": lambda low, mid, high: [[_moved(low, 0.5)], [high]],
    "five-point answers": lambda low, mid, high: [[float(1 + n % 5)] for n in range(20)],
    "seven-point answers": lambda low, mid, high: [[7.0], [4.0], [1.0]] * 8,
    "none at the top": lambda low, mid, high: [[low], [mid]] * 12,
    "nearly whole": lambda low, mid, high: [[_moved(high, -1e-12)], [_moved(low, 1e-11)], [high]],
    "no answer": lambda low, mid, high: [[high], ["No Answer"], ["--"], [" none "], ["k.A."], ["Yanıt yok"]],
    "a star": lambda low, mid, high: [[high], ["*"], [low]],
    "long strokes": lambda low, mid, high: [[high], ["-" * 41], [low]],
    "ones and zeros": lambda low, mid, high: [[1.0], [0.0], [1.0], [1.0]],
    "parts of one": lambda low, mid, high: [[0.25], [0.5]],
    "percents above one": lambda low, mid, high: [[1.5], [0.5]],
    "both signs": lambda low, mid, high: [[-2.0], [3.0]],
    "only logicals": lambda low, mid, high: [[True], [False]],
    "two errors": lambda low, mid, high: [[{"e": "#N/A"}], [{"e": "#DIV/0!"}], [high]],
    **{f"cell {code}": lambda low, mid, high, code=code: [[high], [{"e": code}]] for code in ERROR_CODES},
}


def questions_of(catalog: Catalog, metric: MetricDefinition) -> Iterator[Asked]:
    """Yield what is asked of one metric."""
    return ((metric, *one) for one in _questions_of(catalog, metric))


def _questions_of(catalog: Catalog, metric: MetricDefinition) -> Iterator[tuple[str, list[Json]]]:
    keys = catalog.arguments_of(metric)
    asked = [key for key in keys if key != DATE and key not in catalog.choices]
    cells = {key: numbers_of(catalog, key) for key in asked}

    def arguments(of: Callable[[int, str], Json], dates: Json = None, **settings: str) -> list[Json]:
        given = {key: of(number, key) for number, key in enumerate(asked)}
        given |= {DATE: dates, **{key: {"value": word} for key, word in settings.items()}}
        return [given.get(key) for key in keys]

    three = partial(_cells_of, cells, lambda *found: [[cell] for cell in found])
    for name, rows in VECTORS.items():
        yield name, arguments(partial(_cells_of, cells, rows))
    yield "typed", arguments(lambda _, key: {"value": cells[key][2]})
    if len(asked) > 1:
        long, turned = (partial(_cells_of, cells, VECTORS[name]) for name in ("column", "row"))
        one = partial(_cells_of, cells, VECTORS["one cell"])
        yield "unequal length", arguments(lambda n, key: {"rows": [[cells[key][2]]] * (2 if n else 3)})
        yield "column and cell", arguments(lambda n, key: (one if n else long)(n, key))
        yield "cell and column", arguments(lambda n, key: (long if n else one)(n, key))
        yield "column and row", arguments(lambda n, key: (turned if n else long)(n, key))
    if metric.plan.metrics:
        yield "nested", arguments(lambda n, key: _call(catalog, key) or three(n, key))
    if DATE in keys:
        months = [[{"d": day}] for day in MONTHS]
        yield "months", arguments(three, {"rows": months})
        yield "one date", arguments(three, {"value": {"d": FIRST}})
        yield "one month twice", arguments(three, {"rows": [months[1], months[0], months[1]]})
        yield "a blank date", arguments(three, {"rows": [months[0], [None], months[2]]})
        yield "dates as text", arguments(three, {"rows": [["2024-01"], ["2024-02"], ["2024-03"]]})
        yield "no dates at all", arguments(three, {"rows": [["soon"], ["later"], ["never"]]})
        yield "too few dates", arguments(three, {"rows": months[:2]})
        if CHAINED in keys:
            yield "months multiplied", arguments(three, {"rows": months}, chained="yes")
    for setting in (key for key in keys if key in catalog.settings):
        for word in (*catalog.settings[setting].one_of, "unknown"):
            yield f"{setting} {word}", arguments(three, **{setting: word})


def _cells_of(cells: dict[str, Triple], rows: Callable[[Json, Json, Json], Rows], _: int, key: str) -> Json:
    # several days of a period would only say that one is wanted
    return {"rows": [[cells[key][0]]] if key.startswith("period_") else rows(*cells[key])}


def _call(catalog: Catalog, key: str) -> Json | None:
    """Return the function of a metric over one cell of each of its inputs; ``None`` for an input."""
    metric = catalog.metrics.get(key)
    if metric is None:
        return None
    keys = catalog.arguments_of(metric)
    given = [
        None
        if key == DATE or key in catalog.choices
        else _call(catalog, key) or {"rows": [[numbers_of(catalog, key)[2]]]}
        for key in keys
    ]
    return {"call": [metric.udf, given]}


def as_cell(cell: Json) -> Cell:
    """Return a cell as a number, a text, a logical, an error or ``None``."""
    if isinstance(cell, dict):
        return ExcelError(cell["e"]) if "e" in cell else float(cell["d"] if "d" in cell else cell["m"])
    return cell  # type: ignore[no-any-return]


def cells_of(argument: Json) -> Iterator[Json]:
    """Yield the cells of an argument, and of those of a function in its place."""
    if argument is not None and "call" in argument:
        for one in argument["call"][1]:
            yield from cells_of(one)
    elif argument is not None:
        yield from (cell for row in argument.get("rows", [[argument.get("value")]]) for cell in row)


def _core(catalog: Catalog, function: str, arguments: list[Json]) -> dict[str, ExcelAnswer]:
    """Return the core's answers over arguments that may hold other functions."""
    metric = next(metric for metric in catalog.metrics.values() if metric.udf == function)
    given: dict[str, Any] = {}
    settings: dict[str, str] = {}
    for key, argument in zip(catalog.arguments_of(metric), arguments, strict=True):
        if argument is None:
            cells: list[list[Cell]] = [[None]]
        elif "call" in argument:
            value = _core(catalog, *argument["call"])[""]
            cells = [[ExcelError(value) if isinstance(value, str) else value]]
        elif key in catalog.choices:
            settings[key] = argument["value"]
            if settings[key] not in catalog.choices[key].one_of:
                return dict.fromkeys(SUFFIXES, VALUE)
        else:
            rows = argument.get("rows", [[argument.get("value")]])
            cells = [[None if cell == "" else as_cell(cell) for cell in row] for row in rows]
        if key not in catalog.choices:
            given[key] = cells
    result = answer(catalog, metric.key, given, settings=settings, language=catalog.language)
    return {"": value_of(result), "_FLAG": flag_of(result), "_N": n_of(result)}


def questions(
    catalog: Catalog, chosen: Callable[[Iterable[Asked]], Iterable[Asked]] = iter
) -> Iterator[Question]:
    """Yield every question, or some ``chosen`` ones, with the core's answers."""
    every = (one for metric in catalog.metrics.values() for one in questions_of(catalog, metric))
    return answered(catalog, chosen(every))


def answered(catalog: Catalog, asked: Iterable[Asked]) -> Iterator[Question]:
    """Yield questions with the core's answers."""
    for metric, vector, arguments in asked:
        more = len(catalog.arguments_of(metric, judged=True)) - len(arguments)
        answers = _core(catalog, metric.udf, arguments)
        yield Question(metric.key, vector, metric.udf, arguments, more, answers, bool(metric.plan.metrics))


def write(path: Path, asked: Iterable[Question]) -> None:
    """Write questions as lines of JSON, compressed."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for question in asked:
            file.write(json.dumps(question._asdict(), ensure_ascii=False, separators=(",", ":")) + "\n")


def read(path: Path) -> list[Question]:
    """Return the questions of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [Question(**json.loads(line)) for line in file]


if __name__ == "__main__":
    write(Path(sys.argv[1]), questions(load_catalog()))
