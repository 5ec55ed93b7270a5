"""Why an evaluation ends with another exit code than 0: every reason there is, each to be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metricsheet.catalog.definitions import SEVERITIES
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE
from metricsheet.dataset import Problem
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.scorecard import Scorecard
from metricsheet.language.message import Message
from metricsheet.records import record

STATUSES_FAILED = {
    "warn-status": ("warn", "critical"),
    "critical-status": ("critical",),
}
"""What ``--fail-on`` takes beside severities, and the statuses of metrics that it means."""

_NAMED = 5


@record
class Cause:
    """One reason for an exit code, with what would help."""

    code: int
    message: str
    hint: Message | str = ""

    def render(self, command: str) -> str:
        """Return the lines for standard error."""
        hint = f"  hint: {self.hint}\n" if self.hint else ""
        return f"metricsheet {command}: {self.message}\n{hint}"


def failing(asked: Sequence[str]) -> tuple[str, ...]:
    """Return what ``--fail-on`` asks for; raise ``UsageError`` for what is no severity and no status."""
    known = [*SEVERITIES, *STATUSES_FAILED]
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(f"--fail-on takes {', '.join(known)}, not {name!r}", hint)
    return tuple(asked)


def exit_code(causes: Sequence[Cause]) -> int:
    """Return the exit code of an evaluation: the highest of all reasons."""
    return max((cause.code for cause in causes), default=EXIT_OK)


def causes(
    scorecard: Scorecard,
    *,
    unfit: Sequence[Problem] = (),
    fail_on: Sequence[str] = (),
    required: Sequence[str] = (),
) -> list[Cause]:
    """Return every reason why the evaluation did not go as asked, the gravest first.

    ``unfit`` are the options that fit no source, ``required`` the metrics that must have a value in every
    source, ``fail_on`` severities of rules and statuses of metrics.
    """
    found = [
        *_unread(scorecard),
        *(Cause(EXIT_USAGE, f"{p.option} fits no source: {p.message}", p.hint) for p in unfit),
        *_nothing_computed(scorecard),
        *(cause for metric in required for cause in _without_value(scorecard, metric)),
        *(cause for level in fail_on for cause in _failed(scorecard, level)),
    ]
    return sorted(found, key=lambda cause: -cause.code)


def _unread(scorecard: Scorecard) -> Iterator[Cause]:
    for problem in scorecard.problems:
        if problem.fatal:
            message = f"{problem.source}: error[{problem.code}]: {problem.message}"
            yield Cause(EXIT_UNREADABLE, message, problem.hint)


def _nothing_computed(scorecard: Scorecard) -> Iterator[Cause]:
    for problem in scorecard.problems:
        if problem.code == "nothing_computed":
            message = f"{problem.source}: error[{problem.code}]: {problem.message}"
            yield Cause(EXIT_FINDINGS, message, problem.hint)


def _without_value(scorecard: Scorecard, metric: str) -> Iterator[Cause]:
    """Yield the sources whose newest figure of a required metric is missing, with the reason of the first."""
    whole = [r for r in scorecard.results if r.metric == metric and not r.slice]
    missing = [result for result in newest(whole) if result.value is None]
    if not missing:
        return
    first = missing[0]
    others = len(missing) - 1
    more = f" (and {others} more source{'s' if others > 1 else ''})" if others else ""
    yield Cause(EXIT_FINDINGS, f"--require {metric}: no value in {first.source}: {first.reason}{more}")


def _failed(scorecard: Scorecard, level: str) -> Iterator[Cause]:
    if level in STATUSES_FAILED:
        judged = (result for result in scorecard.results if result.judged)
        bad = [r for r in newest(judged) if r.status in STATUSES_FAILED[level]]
        named = [f"{r.metric} {r.display} ({r.status})" for r in bad]
    else:
        severities = SEVERITIES[[str(severity) for severity in SEVERITIES].index(level) :]
        fired = [f for f in scorecard.findings if f.outcome == "fired" and f.severity in severities]
        named = [f"{f.rule} ({f.severity})" for f in fired]
    named = list(dict.fromkeys(named))
    if named:
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        yield Cause(EXIT_FINDINGS, f"--fail-on {level}: {', '.join(named[:_NAMED])}{more}")


def newest(results: Iterable[Result]) -> list[Result]:
    """Return the newest result of every metric and slice of every source."""
    found: dict[tuple[object, ...], Result] = {}
    for result in results:
        key = result.source, result.metric, tuple(result.slice.items())
        if key not in found or (result.period or "") >= (found[key].period or ""):
            found[key] = result
    return list(found.values())
