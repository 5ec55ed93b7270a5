"""Sources or slices beside each other, metric by metric: which are worst, and what some of them lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from metricsheet.evaluation.result import Result
from metricsheet.records import record
from metricsheet.report.arrangement import STATUSES, SourceBlock, slice_key

MOST_COLUMNS = 8
"""How many metrics are compared where none were chosen."""


@record
class ComparedRow:
    """A source, or a slice of it, with its results by metric; ``{}`` for a slice is the source as a whole."""

    source: str
    slice: Mapping[str, str]
    cells: Mapping[str, Result]


@record
class Comparison:
    """A table of sources or slices by metric: ``rows`` worst first, ``wholes`` the sources over all slices.

    ``metrics`` are the columns, those that ask for action first, with their labels.
    """

    metrics: Mapping[str, str]
    rows: tuple[ComparedRow, ...]
    wholes: tuple[ComparedRow, ...] = ()

    def lacking(self) -> dict[str, list[ComparedRow]]:
        """Return by input the rows that lack it while another row has a figure of the same metric."""
        found: dict[str, list[ComparedRow]] = {}
        for row in self.rows:
            cells = (row.cells.get(metric) for metric in self.metrics)
            missing = (cell.missing_input for cell in cells if cell is not None and cell.value is None)
            for key in dict.fromkeys(filter(None, missing)):
                found.setdefault(key, []).append(row)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def compare(sources: Sequence[SourceBlock], chosen: Set[str] = frozenset()) -> Comparison | None:
    """Return the comparison of the newest results, ``None`` where there is one row alone.

    Slices are the rows where there are any. The columns are the ``chosen`` metrics, else those that bands
    judge, then what most rows have, outcomes first.
    """
    every = [row for source in sources for row in _rows(source)]
    sliced = [row for row in every if row.slice]
    wholes = [row for row in every if not row.slice]
    with_slices = {row.source for row in sliced}
    rows = [*sliced, *(row for row in wholes if row.source not in with_slices)]
    if len(rows) < 2:
        return None
    metrics = _columns(rows, chosen)
    below = wholes if sliced and len(sources) == 1 else ()
    return Comparison(metrics, tuple(sorted(rows, key=lambda row: _badness(row, metrics))), tuple(below))


def _rows(source: SourceBlock) -> Iterator[ComparedRow]:
    found: dict[object, tuple[Mapping[str, str], dict[str, Result]]] = {}
    listed = (result for stage in source.stages for result in stage.missing)
    for result in (*source.rows(), *listed):
        found.setdefault(slice_key(result.slice), (result.slice, {}))[1][result.metric] = result
    return (ComparedRow(source.source, slice_, cells) for slice_, cells in found.values())


def _columns(rows: Iterable[ComparedRow], chosen: Set[str]) -> dict[str, str]:
    """Return the metrics to compare with their labels: those with a value somewhere, worst status first."""
    values: dict[str, list[Result]] = {}
    for row in rows:
        for metric, result in row.cells.items():
            if result.value is not None and (not chosen or metric in chosen):
                values.setdefault(metric, []).append(result)
    order = sorted(
        values,
        key=lambda m: (
            min(STATUSES.index(r.status) for r in values[m]),
            -len(values[m]),
            values[m][0].kind != "outcome",
        ),
    )
    return {metric: values[metric][0].label for metric in (order if chosen else order[:MOST_COLUMNS])}


def _badness(row: ComparedRow, metrics: Mapping[str, str]) -> tuple[float, ...]:
    """Return what sorts rows worst first: how many of each status, what is
    lacking, then the figure of the first metric."""
    counts = dict.fromkeys(STATUSES, 0)
    for metric in metrics:
        cell = row.cells.get(metric)
        counts[cell.status if cell is not None else "no_data"] += 1
    first = row.cells.get(next(iter(metrics), ""))
    value = 0.0 if first is None or first.value is None else first.value
    worst = -value if first is not None and first.better == "lower" else value
    return -counts["critical"], -counts["warn"], counts["no_data"] + counts["invalid"], worst
