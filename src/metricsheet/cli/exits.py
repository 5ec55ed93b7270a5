"""Why an evaluation ends with another exit code than 0: every reason there is, each to be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from metricsheet.catalog.definitions import SEVERITIES
from metricsheet.cli.main import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE
from metricsheet.dataset import Problem
from metricsheet.errors import UsageError, did_you_mean, hint_line
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message, Value, and_more, say
from metricsheet.records import record, replace
from metricsheet.report.scorecard import Scorecard

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
    message: Message
    hint: Message | None = None

    def render(self, command: str, language: str) -> str:
        """Return the lines for standard error."""
        hint = f"  {hint_line(self.hint, language)}\n" if self.hint is not None else ""
        return f"metricsheet {command}: {say(self.message, language)}\n{hint}"


def failing(asked: Sequence[str]) -> tuple[str, ...]:
    """Return what ``--fail-on`` asks for; raise ``UsageError`` for what is no severity and no status."""
    known = [*SEVERITIES, *STATUSES_FAILED]
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(Message("fail_on_takes", known=tuple(known), given=name), hint)
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
        *map(_unfit, unfit),
        *_nothing_computed(scorecard),
        *(cause for metric in required for cause in _without_value(scorecard, metric)),
        *(cause for level in fail_on for cause in _failed(scorecard, level)),
    ]
    return sorted(found, key=lambda cause: -cause.code)


def without_the_rest(
    scorecard: Scorecard, *, fail_on: Sequence[str] = (), required: Sequence[str] = ()
) -> Scorecard:
    """Return what ``causes`` looks at: little enough to be held for any number of files."""
    statuses = {status for level in fail_on for status in STATUSES_FAILED.get(level, ())}
    judged = newest(r for r in scorecard.results if r.judged) if statuses else []
    wanted = newest(r for r in scorecard.results if r.metric in required and not r.slice)
    fired = [f for f in scorecard.findings if f.outcome == "fired"] if fail_on else []
    return replace(
        scorecard,
        results=(*wanted, *(r for r in judged if r.status in statuses)),
        findings=tuple(replace(finding) for finding in fired),
        problems=tuple(p for p in scorecard.problems if p.fatal or p.code == "nothing_computed"),
        notices=(),
        unused=(),
        tables=(),
    )


def together(scorecards: Sequence[Scorecard]) -> Scorecard:
    """Return what several sources gave reasons for; that only some of them gave no value is none."""
    if len(scorecards) == 1:
        return scorecards[0]
    nothing = [any(p.code == "nothing_computed" for p in card.problems) for card in scorecards]
    read = [any(p.fatal for p in card.problems) for card in scorecards]
    computed = any(not empty and not unread for empty, unread in zip(nothing, read, strict=True))
    problems = [p for card in scorecards for p in card.problems if p.fatal or not computed]
    return replace(
        scorecards[0],
        results=tuple(r for card in scorecards for r in card.results),
        findings=tuple(f for card in scorecards for f in card.findings),
        problems=tuple(problems),
    )


def _unfit(problem: Problem) -> Cause:
    message = Message("fits_no_source", option=problem.option, reason=problem.message)
    return Cause(EXIT_USAGE, message, problem.hint)


def _unread(scorecard: Scorecard) -> Iterator[Cause]:
    for problem in scorecard.problems:
        if problem.fatal:
            message = Message("error_in", source=problem.source, code=problem.code, reason=problem.message)
            yield Cause(EXIT_UNREADABLE, message, problem.hint)


def _nothing_computed(scorecard: Scorecard) -> Iterator[Cause]:
    for problem in scorecard.problems:
        if problem.code == "nothing_computed":
            message = Message("error_in", source=problem.source, code=problem.code, reason=problem.message)
            yield Cause(EXIT_FINDINGS, message, problem.hint)


def _without_value(scorecard: Scorecard, metric: str) -> Iterator[Cause]:
    """Yield the sources whose newest figure of a required metric is missing, with the reason of the first."""
    whole = [r for r in scorecard.results if r.metric == metric and not r.slice]
    missing = [result for result in newest(whole) if result.value is None]
    if not missing:
        return
    first = missing[0]
    others = len(missing) - 1
    why: Value = first.why if first.why is not None else first.error
    message = Message("require_without_value", metric=metric, source=first.source, reason=why)
    more = Message("and_more_sources", count=others, reason=message)
    yield Cause(EXIT_FINDINGS, more if others else message)


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
        yield Cause(EXIT_FINDINGS, Message("fail_on", level=level, found=and_more(named, _NAMED)))


def newest(results: Iterable[Result]) -> list[Result]:
    """Return the newest result of every metric and slice of every source."""
    found: dict[tuple[object, ...], Result] = {}
    for result in results:
        key = result.source, result.metric, tuple(result.slice.items())
        if key not in found or (result.period or "") >= (found[key].period or ""):
            found[key] = result
    return list(found.values())
