"""Targets for segments that no slice has: a misspelt one would leave the general target in force unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.catalog.definitions import MetricDefinition, Target
from metricsheet.dataset import Problem
from metricsheet.errors import did_you_mean
from metricsheet.evaluation.status import applies
from metricsheet.language.message import Message
from metricsheet.values.folding import fold


def unused_targets(
    source: str, metrics: Iterable[MetricDefinition], slices: Iterable[Mapping[str, str]]
) -> list[Problem]:
    """Return a problem for each target whose segment is asked for but is none of ``slices``.

    A target for something that the data were not sliced by is not looked at.
    """
    seen = list(slices)
    names = {fold(name) for slice_ in seen for name in slice_}
    found = []
    for metric in metrics:
        for target in metric.targets:
            asked = target.where and names.issuperset(map(fold, target.where))
            if asked and not any(applies(target, slice_) for slice_ in seen):
                found.append(_problem(source, metric, target, seen))
    return found


def _problem(
    source: str, metric: MetricDefinition, target: Target, slices: Iterable[Mapping[str, str]]
) -> Problem:
    written = ", ".join(f"{name} = {value}" for name, value in target.where.items())
    wanted = {fold(name): value for name, value in target.where.items()}
    near = None
    for slice_ in slices:
        for name, value in slice_.items():
            near = near or did_you_mean(wanted.get(fold(name), ""), [value])
    message = Message("unused_target", target=target.text, metric=metric.key, segment=written)
    return Problem(source, "unused_target", message, near, (metric.key,))
