"""A value into a status: the band it falls in, or why it gets none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from metricsheet.catalog.definitions import Band, MetricDefinition, Target
from metricsheet.evaluation.result import Verdict
from metricsheet.precision import at_least
from metricsheet.values import DIV0, NA_
from metricsheet.values.folding import fold


def target_for(
    metric: MetricDefinition, slice_: Mapping[str, str], day: float | None, iso: str | None
) -> Target | None:
    """Return the target in force: the one for this slice before the general one, the newest before older.

    ``iso`` is the ISO date of ``day``, the last day of the period (or of the data); dated targets apply
    from their day on. Without a day the newest applies.
    """
    best: tuple[int, str] | None = None
    chosen: Target | None = None
    for target in metric.targets:
        if target.where and not applies(target, slice_):
            continue
        if target.since is not None and day is not None and iso is not None and iso < target.since:
            continue
        rank = (len(target.where), target.since or "")
        if best is None or rank > best:
            best, chosen = rank, target
    return chosen


def applies(target: Target, slice_: Mapping[str, str]) -> bool:
    """Return whether ``slice_`` is one that the target is for, whatever the case of names and values."""
    folded = {fold(name): fold(value) for name, value in slice_.items()}
    return all(folded.get(fold(name)) == fold(value) for name, value in target.where.items())


def verdict(
    metric: MetricDefinition,
    bands: tuple[Band, ...],
    value: float | None,
    error: str,
    n: int | None,
    interval: tuple[float, float] | None,
) -> Verdict:
    """Return the status of a value; a value that is not there never gets a band's status.

    ``n`` is ``None`` where nobody knows on how many cases the value rests, as with a ready-made one. The
    verdict then says so where the metric asks for a sample of some size.
    """
    if value is None:
        status = "no_data" if error in (NA_, DIV0, "") else "invalid"
        return Verdict(status)
    if metric.min_sample is not None and n is not None and n < metric.min_sample:
        return Verdict("low_data")
    band = next((b for b in bands if b.contains(value)), None)
    if band is None:
        return Verdict("no_target")
    n_known = metric.min_sample is None or n is not None
    touched = (band.status,) if interval is None else _touched(bands, interval, band)
    return Verdict(band.status, band, touched if len(touched) > 1 else (), n_known)


def _touched(bands: tuple[Band, ...], interval: tuple[float, float], own: Band) -> tuple[str, ...]:
    """Return the distinct statuses of all bands that the interval reaches, the value's own first."""
    low, high = interval
    edges = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
    probes = sorted({low, high, *(edge for edge in edges if at_least(edge, low) and at_least(high, edge))})
    probes += [(a + b) / 2 for a, b in pairwise(probes)]
    found = [own.status]
    for probe in probes:
        status = next((b.status for b in bands if b.contains(probe)), own.status)
        if status not in found:
            found.append(status)
    return tuple(found)
