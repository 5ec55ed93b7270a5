"""The results that a finding speaks of: those of its own slice and period, and the slices it compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from metricsheet.evaluation.facts import of_newest_period
from metricsheet.evaluation.result import Result
from metricsheet.patterns import late
from metricsheet.report.arrangement import SliceKey, slice_key
from metricsheet.report.scorecard import Finding
from metricsheet.rules.language.facts import SLICE_PARTS

SLICES_COMPARED = 6
"""How many slices are shown of those that a finding compares, the highest and the lowest."""

_NAMES = late(r"([a-z_][a-z0-9_]*)(?:\.([a-z0-9_]+))?", re.IGNORECASE)


class Evidence:
    """The results of a scorecard, to be looked up by finding."""

    def __init__(self, results: Iterable[Result]) -> None:
        self._by_slice: dict[tuple[str, SliceKey], list[Result]] = {}
        self._slices: dict[tuple[str, str], dict[SliceKey, Result]] = {}
        for result in results:
            key = slice_key(result.slice)
            self._by_slice.setdefault((result.source, key), []).append(result)
            if key and result.value is not None and result.judged and result.status != "low_data":
                newest = self._slices.setdefault((result.source, result.metric), {})
                known = newest.get(key)
                if known is None or (result.period or "") >= (known.period or ""):
                    newest[key] = result

    def behind(self, finding: Finding) -> list[Result]:
        """Return the results of the metrics that a finding's comparisons name, for its slice and period."""
        order: dict[str, int] = {}
        for metric, _ in _named(finding):
            order.setdefault(metric, len(order))
        found: dict[str, Result] = {}
        for result in self._by_slice.get((finding.source, slice_key(finding.slice)), ()):
            # a result without a period stands for every period
            of_period = finding.period is None or result.period in (finding.period, None)
            if of_period and result.metric in order and result.value is not None:
                found[result.metric] = result
        return sorted(found.values(), key=lambda result: order[result.metric])

    def slices(self, finding: Finding) -> list[Result]:
        """Return the slices that a finding over the whole compares, highest value first.

        Of many, the highest and the lowest are returned.
        """
        if finding.slice:
            return []
        found: list[Result] = []
        for metric, part in dict.fromkeys(_named(finding)):
            if part in SLICE_PARTS and not any(result.metric == metric for result in found):
                slices = list(self._slices.get((finding.source, metric), {}).values())
                found += sorted(of_newest_period(slices), key=_value, reverse=True) if slices else []
        half = SLICES_COMPARED // 2
        return found if len(found) <= SLICES_COMPARED else [*found[:half], *found[-half:]]


def _value(result: Result) -> float:
    return result.value or 0.0


def _named(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield (metric, part) of every fact that the comparisons name; words in quotation marks name none."""
    for comparison in finding.because:
        for match in _NAMES.finditer(re.sub(r'"[^"]*"', "", comparison.text)):
            yield match[1], match[2] or ""
