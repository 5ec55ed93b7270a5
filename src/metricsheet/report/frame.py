"""Results, findings, problems and the comparison as flat tables, for pandas and for CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message
from metricsheet.report.arrangement import arrange
from metricsheet.report.comparison import compare
from metricsheet.report.lifetime import lifetime_table
from metricsheet.report.overview import headline_keys
from metricsheet.rules.language.facts import PAST_PARTS

if TYPE_CHECKING:
    import pandas

    from metricsheet.catalog.definitions import Catalog
    from metricsheet.evaluation.result import InputUse, Result
    from metricsheet.report.scorecard import Finding, Scorecard

_BEFORE_SLICE = ("source", "metric", "label", "stage", "kind")
_AFTER_SLICE = (
    "period",
    "value",
    "unit",
    "display",
    "status",
    "status_label",
    "target",
    "gap",
    "n",
    "rests_on",
    "interval_low",
    "interval_high",
    "previous_period",
    "previous",
    "change",
    "trend",
    *PAST_PARTS,
    "coverage",
    "uncertain",
    "candidates",
    "reason",
    "notes",
    "inputs",
)
TEXT_COLUMNS = frozenset(
    (
        *_BEFORE_SLICE,
        *(
            "period",
            "unit",
            "display",
            "status",
            "status_label",
            "previous_period",
            "trend",
            "rests_on",
            "reason",
            "coverage",
        ),
        *("candidates", "notes", "inputs"),
    )
)


def slice_columns(results: Iterable[Result]) -> dict[str, str]:
    """Return slice keys in the order they first appear, each with the name of its column.

    A key keeps its name, unless a column of the results already has it: then it becomes ``slice <key>``.
    """
    taken = {*_BEFORE_SLICE, *_AFTER_SLICE}
    found: dict[str, str] = {}
    for result in results:
        for key in result.slice:
            if key not in found:
                name = key
                while name in taken:
                    name = f"slice {name}"
                taken.add(name)
                found[key] = name
    return found


def result_columns(slices: Mapping[str, str]) -> tuple[str, ...]:
    """Return the column names of the flat table, slice columns between the metric and its period."""
    return (*_BEFORE_SLICE, *slices.values(), *_AFTER_SLICE)


def result_rows(results: Iterable[Result], slices: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Return one row per result in the order of ``result_columns``; what is missing is ``None``."""
    for r in results:
        low, high = r.interval if r.interval is not None else (None, None)
        trend = r.trend
        yield (
            r.source,
            r.metric,
            r.label,
            r.stage,
            r.kind,
            *(r.slice.get(key) for key in slices),
            r.period,
            r.value,
            r.unit,
            r.display,
            r.status,
            r.status_label,
            r.target,
            r.gap,
            r.n,
            r.rests_on or None,
            low,
            high,
            trend.previous_period if trend else None,
            trend.previous if trend else None,
            trend.change if trend else None,
            trend.direction if trend else None,
            *(getattr(r.past, part) if r.past else None for part in PAST_PARTS),
            f"{r.coverage.have} of {r.coverage.of} {r.coverage.unit}" if r.coverage else None,
            r.uncertain,
            " ".join(r.candidates) or None,
            r.reason or None,
            " ".join(r.notes) or None,
            "; ".join(provenance(use) for use in r.inputs) or None,
        )


def provenance(use: InputUse) -> str:
    """Return where an input came from, on one line: ``score: Survey!C2:C501, used 495, blank 3, …``."""
    counts = f"used {use.used}, blank {use.blank}, text {use.text}, rejected {use.rejected}"
    left_out = f", left out {use.left_out}" if use.left_out else ""
    return f"{use.input}: {use.where}, {counts}{left_out}"


def comparisons(finding: Finding) -> str:
    """Return the comparisons that a rule made, on one line."""
    return "; ".join(f"{c.text}: {c.left} {c.operator} {c.right}" for c in finding.because)


_FINDING_COLUMNS = (
    *("source", "rule", "stage", "severity", "outcome", "slice", "period", "since", "text"),
    *("because", "recommend", "missing", "replaced_by", "reason"),
)

Table: TypeAlias = tuple[Sequence[str], Iterable[tuple[object, ...]]]
"""The names of columns, and rows; what is missing is ``None``."""


def findings_table(scorecard: Scorecard) -> Table:
    """Return the outcome of every rule."""
    return _FINDING_COLUMNS, (
        (
            f.source,
            f.rule,
            f.stage,
            f.severity,
            f.outcome,
            ", ".join(f"{key}={value}" for key, value in f.slice.items()),
            f.period,
            f.since,
            f.text,
            comparisons(f),
            "; ".join(f.recommend),
            ", ".join(f.missing),
            f.replaced_by,
            f.reason,
        )
        for f in scorecard.findings
    )


def problems_table(scorecard: Scorecard) -> Table:
    """Return the problems of the data."""
    return ("source", "code", "message", "hint", "metrics", "fatal"), [
        (p.source, p.code, str(p.message), str(p.hint or ""), ", ".join(p.metrics), p.fatal)
        for p in scorecard.problems
    ]


def comparison_table(scorecard: Scorecard, catalog: Catalog | None) -> Table:
    """Return sources or slices by metric, worst first: value, status and reason of each."""
    found = compare(arrange(scorecard, catalog), headline_keys(scorecard, catalog))
    metrics = tuple(found.metrics) if found is not None else ()
    every = (*found.rows, *found.wholes) if found is not None else ()
    slices = tuple(dict.fromkeys(key for row in every for key in row.slice))
    rows = [
        (
            row.source,
            *(row.slice.get(key) for key in slices),
            *(cell for key in metrics for cell in _compared(row.cells.get(key))),
        )
        for row in every
    ]
    titles = (title for key in metrics for title in (key, f"{key} status", f"{key} reason"))
    return ("source", *(f"slice {key}" if key == "source" else key for key in slices), *titles), rows


def _compared(result: Result | None) -> tuple[object, object, object]:
    if result is None:
        return None, "no_data", None
    return result.value, result.status, result.reason or None


def frame_of(scorecard: Scorecard, what: str) -> pandas.DataFrame:
    """Return one table of a scorecard: ``results``, ``findings``, ``problems``, ``comparison``, ``lifetime``.

    Raises ``UsageError`` for another name.
    """
    import pandas as pd

    if what == "results":
        return results_frame(scorecard.results)
    made: dict[str, Callable[[], Table]] = {
        "findings": lambda: findings_table(scorecard),
        "problems": lambda: problems_table(scorecard),
        "comparison": lambda: comparison_table(scorecard, scorecard.catalog),
        "lifetime": lambda: lifetime_table(scorecard),
    }
    if what not in made:
        names = ("results", *made)
        raise UsageError(
            Message("not_a_frame", name=what), did_you_mean(what, names) or Message("tables_are", names=names)
        )
    columns, rows = made[what]()
    return pd.DataFrame(rows, columns=list(columns))


def results_frame(results: Sequence[Result]) -> pandas.DataFrame:
    """Return the results as a DataFrame: numbers as floats (missing is NaN), ``n`` as nullable integers.

    Slice keys are columns of their own. The other columns are always the same.
    """
    import pandas as pd

    slices = slice_columns(results)
    columns = result_columns(slices)
    table = list(zip(*result_rows(results, slices), strict=True)) or [()] * len(columns)
    text = {*TEXT_COLUMNS, *slices.values()}
    frame = {}
    for name, cells in zip(columns, table, strict=True):
        dtype = "object" if name in text else "bool" if name == "uncertain" else "float64"
        frame[name] = pd.Series(list(cells), dtype="Int64" if name == "n" else dtype)
    return pd.DataFrame(frame)
