"""Whether a rule fires now, from the truth of its condition in period after period."""

from __future__ import annotations

from collections.abc import Callable

from metricsheet.records import record
from metricsheet.rules.engine.compile import Test, Truth
from metricsheet.rules.engine.periods import Timeline


@record
class Firing:
    """``truth``: fires, does not, or unknown. ``pending``: the condition holds, but not for long enough.

    ``at`` is the index of the period that keeps it unknown, or in which a kept rule last held (else -1);
    ``since`` the index of the first period of the run in which the condition held (-1 when there is none).
    """

    truth: Truth
    pending: bool = False
    at: int = -1
    since: int = -1


def firing(test: Test, timeline: Timeline, for_periods: int, keep: int) -> Firing:
    """Return whether a rule fires in the newest period of ``timeline``.

    It fires when its condition held in each of the newest ``for_periods`` periods, or did so at most ``keep``
    periods ago. A period that has no data is unknown, as is one whose facts are missing; before the first
    period nothing has held yet. Unknown comes out only where the unknown periods could change the answer.
    """
    known: dict[int, Truth] = {}

    def held(index: int) -> Truth:
        if index not in known:
            known[index] = test(timeline.facts[index].get)
        return known[index]

    newest = len(timeline.facts) - 1
    unknown_at = -1
    for last in range(newest, max(newest - keep, 0) - 1, -1):
        truth, at = _held_for(held, last, for_periods)
        if truth:
            return Firing(True, at=-1 if last == newest else last, since=_run_start(held, last))
        if truth is None and unknown_at < 0:
            unknown_at = at
    now = held(newest)
    if now is None:
        return Firing(None, at=newest)
    since = _run_start(held, newest) if now else -1
    if unknown_at >= 0:
        return Firing(None, at=unknown_at, since=since)
    if now and timeline.period is None:
        # for: 2 over data that were never split into periods: nobody can say how long it has held
        return Firing(None, since=since)
    return Firing(False, pending=now, since=since)


def _held_for(held: Callable[[int], Truth], last: int, periods: int) -> tuple[Truth, int]:
    """Return whether the condition held in all ``periods`` up to ``last``, and a period that is unknown."""
    unknown = -1
    for index in range(last, last - periods, -1):
        truth = held(index) if index >= 0 else False
        if truth is False:
            return False, -1
        if truth is None and unknown < 0:
            unknown = index
    return (True, -1) if unknown < 0 else (None, unknown)


def _run_start(held: Callable[[int], Truth], last: int) -> int:
    start = last
    while start > 0 and held(start - 1):
        start -= 1
    return start
