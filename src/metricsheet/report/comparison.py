"""Sources or slices beside each other, metric by metric: which are worst, and what some of them lack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

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


def compare(sources: Iterable[SourceBlock], chosen: Set[str] = frozenset()) -> Comparison | None:
    """Return the comparison of the newest results, ``None`` where there is one row alone.

    Slices are the rows where there are any. The columns are the ``chosen`` metrics, else those that bands
    judge, then what most rows have, outcomes first. ``sources`` are gone through twice, and of their results
    only those in the columns are held.
    """
    count, rows, figures, any_slices = 0, 0, _Figures(chosen), False
    for source in sources:
        compared, _ = _parts(source)
        count, rows = count + 1, rows + len(compared)
        any_slices = any_slices or any(row.slice for row in compared)
        figures.add(compared)
    if rows < 2:
        return None
    metrics = figures.columns()
    first: list[ComparedRow] = []
    last: list[ComparedRow] = []
    below: list[ComparedRow] = []
    for source in sources:
        compared, whole = _parts(source)
        for row in compared:
            (first if row.slice else last).append(_only(row, metrics))
        below += (_only(row, metrics) for row in whole)
    ordered = sorted([*first, *last], key=lambda row: _badness(row, metrics))
    return Comparison(metrics, tuple(ordered), tuple(below) if any_slices and count == 1 else ())


def _parts(source: SourceBlock) -> tuple[list[ComparedRow], list[ComparedRow]]:
    """Return the rows of a source that are compared, its slices where it has any, and those of the whole."""
    found: dict[object, tuple[Mapping[str, str], dict[str, Result]]] = {}
    listed = (result for stage in source.stages for result in stage.missing)
    for result in (*source.rows(), *listed):
        found.setdefault(slice_key(result.slice), (result.slice, {}))[1][result.metric] = result
    rows = [ComparedRow(source.source, slice_, cells) for slice_, cells in found.values()]
    whole = [row for row in rows if not row.slice]
    return [row for row in rows if row.slice] or whole, whole


def _only(row: ComparedRow, metrics: Mapping[str, str]) -> ComparedRow:
    return ComparedRow(row.source, row.slice, {key: row.cells[key] for key in metrics if key in row.cells})


class _Figures:
    """Which metrics have a value somewhere, to choose columns from."""

    def __init__(self, chosen: Set[str]) -> None:
        self._chosen = chosen
        self._seen: dict[str, tuple[str, bool]] = {}
        self._statuses: dict[str, list[int]] = {}

    def add(self, rows: Iterable[ComparedRow]) -> None:
        for row in rows:
            for metric, result in row.cells.items():
                if result.value is not None and (not self._chosen or metric in self._chosen):
                    self._seen.setdefault(metric, (result.label, result.kind != "outcome"))
                    self._statuses.setdefault(metric, []).append(STATUSES.index(result.status))

    def columns(self) -> dict[str, str]:
        """Return the metrics to compare with their labels: worst status first, then what most rows have."""
        order = sorted(
            self._seen, key=lambda m: (min(self._statuses[m]), -len(self._statuses[m]), self._seen[m][1])
        )
        return {metric: self._seen[metric][0] for metric in (order if self._chosen else order[:MOST_COLUMNS])}


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
