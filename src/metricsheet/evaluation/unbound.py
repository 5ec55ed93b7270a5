"""Results of metrics of which a source has nothing: made once for all sources that lack them alike."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from metricsheet.catalog.definitions import Catalog, MetricDefinition
from metricsheet.evaluation.compute import SliceScope
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.records import replace

_MOST_KEPT = 5_000


class Unbound:
    """The results that say why there is no value, for one catalog and one set of options.

    ``finished`` is what is done with each of them when it is made, such as putting it in words.
    """

    def __init__(
        self, catalog: Catalog, options: RunOptions, finished: Callable[[Result], Result] = lambda made: made
    ) -> None:
        self._finished = finished
        # a period asked for, a target with a date or the span of a benchmark is of the source
        dated = options.period is not None or options.since is not None or options.until is not None
        timed = {b.metric for b in catalog.benchmarks if b.span is not None}
        self._behind = {
            key: keys_behind(catalog, [metric], ())
            for key, metric in catalog.metrics.items()
            if metric.plan.inputs and not (dated or metric.targets or key in timed)
        }
        self._made: dict[tuple[str, int], tuple[object, Result]] = {}

    def result(
        self,
        metric: MetricDefinition,
        scope: SliceScope,
        source: str,
        make: Callable[[MetricDefinition], Result],
    ) -> Result | None:
        """Return the result of a metric of which the inputs of ``scope`` are nothing, ``None`` of others."""
        behind = self._behind.get(metric.key)
        if behind is None or not behind.isdisjoint(scope.inputs):
            return None
        refused = scope.refusals
        reason = next((refused[key].reason for key in metric.plan.inputs if key in refused), None)
        # reasons are the same objects as long as sources lack the same in the same way
        asked = metric.key, id(reason)
        if asked not in self._made:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            self._made[asked] = reason, self._finished(make(metric))
        found = self._made[asked][1]
        return found if found.source == source else replace(found, source=source)


def keys_behind(
    catalog: Catalog, metrics: Iterable[MetricDefinition], given: Container[str]
) -> frozenset[str]:
    """Return everything that ``metrics`` are made of: themselves, inputs, and other metrics with theirs.

    Of an input that is not ``given`` these are also what it can be derived from.
    """
    found: set[str] = set()
    waiting = [metric.key for metric in metrics]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        if key in catalog.metrics:
            metric = catalog.metrics[key]
            for plan in (metric.plan, metric.sample):
                if plan is not None:
                    waiting += [*plan.inputs, *plan.metrics, *plan.parameters]
            waiting += metric.prefer
            waiting += [metric.one_row_per] if metric.one_row_per is not None else []
        elif key in catalog.inputs and key not in given:
            waiting += catalog.inputs[key].parts
    return frozenset(found)
