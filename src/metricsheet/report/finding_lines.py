"""A finding in lines that reports share: since when, compared to what, why it fired or did not fire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from metricsheet.catalog.definitions import SEVERITIES
from metricsheet.evaluation.facts import of_newest_period
from metricsheet.evaluation.result import Result
from metricsheet.language.words import severity_word, term
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.report.arrangement import SliceKey, fired_by_rule, slice_key
from metricsheet.report.formatter import SEVERITY_SIGNS, ResultFormatter
from metricsheet.report.scorecard import Finding
from metricsheet.rules.engine.trace import Comparison
from metricsheet.rules.language.facts import SLICE_PARTS

SLICES_IN_VIEW = 10
"""In how many slices the text shows that a rule fired; JSON, CSV and xlsx hold all of them."""


@record
class Told:
    """A rule that fired: the worst of its findings, and by the term that labels them all lines about it."""

    finding: Finding
    rule: str
    lines: Mapping[str, list[str]]


def told_findings(formatter: ResultFormatter, *, several: bool | None = None) -> list[Told]:
    """Return what reports tell of every rule that fired, worst first; of several slices it is reported once.

    With ``several`` sources each is named, if nothing is said where the findings are of several.
    """
    card, language = formatter.scorecard, formatter.language
    evidence = Evidence(card.results)
    if several is None:
        several = len({finding.source for finding in card.findings}) > 1
    found = []
    for group in fired_by_rule(card.findings):
        finding, *others = sorted(group, key=worst_first)
        where = [finding.source] * several + [formatter.slice(finding.slice)] * bool(finding.slice)
        lines = {
            "where": [" · ".join(where)] if where else [],
            "since": [since_line(formatter, finding)] if finding.since or finding.period else [],
            "compared": compared_lines(formatter, finding, evidence),
            "why": comparison_lines(finding, language),
            "also": also_lines(formatter, others),
            "do_first": list(finding.recommend),
        }
        found.append(Told(finding, f"{term(finding.stage, language)} · {finding.rule}", lines))
    return found


@record
class ToldProblem:
    """A problem of the data, or a notice: its sign, what is said of it, and its hint and metrics by label."""

    sign: str
    text: str
    code: str
    fatal: bool
    facts: list[tuple[str, str]]


def told_problems(formatter: ResultFormatter) -> Iterator[tuple[str, list[ToldProblem]]]:
    """Yield the problems and the notices, each with their heading; problems of unread sources come first."""
    language, card = formatter.language, formatter.scorecard
    for title, sign, problems in (("problems", "!", card.problems), ("notices", "·", card.notices)):
        several = len({problem.source for problem in problems}) > 1
        found = []
        for problem in sorted(problems, key=lambda one: not one.fatal):
            where = f"{problem.source}: " if several or problem.fatal else ""
            facts = [("hint", formatter.say(problem.hint)), ("metrics", ", ".join(problem.metrics))]
            found.append(
                ToldProblem(
                    "✖" if problem.fatal else sign,
                    where + formatter.say(problem.message),
                    problem.code,
                    problem.fatal,
                    [(term(key, language), text) for key, text in facts if text],
                )
            )
        if found:
            yield f"{term(title, language)} ({len(found)})", found


def severities(formatter: ResultFormatter) -> str:
    """Return how many rules fired by severity, ``""`` when none did."""
    count: dict[str, int] = {}
    for group in fired_by_rule(formatter.scorecard.findings):
        count[group[0].severity] = count.get(group[0].severity, 0) + 1
    return "   ".join(
        f"{SEVERITY_SIGNS[severity]} {formatter.count(count[severity])} "
        f"{severity_word(severity, formatter.language)}"
        for severity in reversed(SEVERITIES)
        if severity in count
    )


def compared(formatter: ResultFormatter, result: Result, *, name: str = "") -> str:
    """Return a metric's value beside its target and the period before: ``CAC $312; $288 before``.

    ``name`` is in the place of the metric's label.
    """
    language = formatter.language
    parts = [f"{name or result.label} {formatter.value(result)}"]
    if result.target is not None:
        target = term("target_value", language, value=formatter.target(result))
        parts.append(f"{target} ({formatter.change(result, result.gap)})")
    if result.trend is not None:
        before = term(
            "before_value",
            language,
            value=formatter.number(result, result.trend.previous),
            period=formatter.period(result.trend.previous_period),
        )
        parts.append(f"{before}, {formatter.trend(result)}")
    if result.rests_on:
        parts.append(term("rests_on_value", language, value=formatter.rests_on(result)))
    return "; ".join(parts)


def compared_lines(formatter: ResultFormatter, finding: Finding, evidence: Evidence) -> list[str]:
    """Return a line for each metric that a finding speaks of, and for each slice that it compares."""
    lines = [compared(formatter, result) for result in evidence.behind(finding)]
    slices = evidence.slices(finding)
    return lines + [compared(formatter, result, name=formatter.slice(result.slice)) for result in slices]


def comparison_lines(finding: Finding, language: str) -> list[str]:
    """Return each comparison of a finding with its values and how far it is from turning.

    ``✓`` marks what supports the finding; ``–`` an alternative that a finding which fired does without;
    ``✖`` what contradicts it and ``?`` what is not known.
    """
    settled = finding.outcome == "fired" and not finding.reason
    return [_why(comparison, "–" if settled else "", language) for comparison in finding.because]


def _why(comparison: Comparison, otherwise: str, language: str) -> str:
    truth = comparison.truth
    if comparison.unless and truth is not None:
        truth = not truth
    sign = "✓" if truth else otherwise or ("✖" if truth is False else "?")
    said = comparison.left
    if comparison.operator in _ORDER or (comparison.distance and comparison.operator in _EQUAL):
        said = f"{comparison.left} {comparison.operator} {comparison.right}"
    text = comparison.text
    if comparison.unless:
        text = f"{term('explain.unless', language)} {text.removeprefix('unless ')}"
    # what texts, flags and ranges are compared with is in the condition already
    return f"{sign} {text}: {said}" + (f" ({comparison.distance})" if comparison.distance else "")


_ORDER = ("<", "<=", ">", ">=")
_EQUAL = ("=", "<>")


def reason_line(formatter: ResultFormatter, finding: Finding) -> str:
    """Return why a rule says nothing yet: what it waits for, lacks, or which rule is reported instead."""
    language = formatter.language
    if finding.outcome == "suppressed" and finding.replaced_by:
        return term("replaced_by", language, rule=finding.replaced_by)
    if finding.outcome == "pending" and finding.since:
        since = term("pending_since", language, period=formatter.period(finding.since))
        waits = "; ".join(part for part in (since, finding.reason) if part)
        return f"{finding.text} ({waits})" if finding.text else waits
    if finding.missing and not finding.reason:
        return term("missing", language, names=", ".join(finding.missing))
    return finding.reason


def worst_first(finding: Finding) -> tuple[bool, float]:
    """Return what orders one rule's findings: the whole first, then those furthest beyond the mark."""
    margins = [abs(c.margin) for c in finding.because if c.margin is not None]
    return bool(finding.slice), -margins[0] if margins else 0.0


def since_line(formatter: ResultFormatter, finding: Finding) -> str:
    """Return since when a rule holds, up to the period it was judged for."""
    since, now = formatter.period(finding.since or finding.period), formatter.period(finding.period)
    span = since if since == now or not now else f"{since} – {now}"
    # a kept rule says itself that its condition has ended
    return f"{span} ({finding.reason})" if finding.reason else span


def also_lines(formatter: ResultFormatter, others: list[Finding]) -> list[str]:
    """Return a line for each further slice in which the rule fired."""
    lines = []
    for finding in others[:SLICES_IN_VIEW]:
        since = ""
        if finding.since and finding.since != finding.period:
            since = f" ({term('pending_since', formatter.language, period=formatter.period(finding.since))})"
        lines.append(formatter.labelled(formatter.slice(finding.slice), finding.text + since))
    if len(others) > SLICES_IN_VIEW:
        lines.append(f"… {term('more_slices', formatter.language, count=len(others) - SLICES_IN_VIEW)}")
    return lines


def other_rules(formatter: ResultFormatter) -> list[tuple[str, str]]:
    """Return the rules that are pending, were replaced, could not be judged, failed or did not fire, and why.

    The label is on the first line of an outcome alone.
    """
    language = formatter.language
    others: dict[tuple[str, str, str], list[str]] = {}
    fired = {f.rule for f in formatter.scorecard.findings if f.outcome == "fired"}
    quiet = {f.rule for f in formatter.scorecard.findings if f.outcome == "not_fired"} - fired
    for finding in formatter.scorecard.findings:
        if finding.outcome in ("fired", "not_fired"):
            continue
        places = others.setdefault((finding.outcome, finding.rule, reason_line(formatter, finding)), [])
        place = formatter.slice(finding.slice)
        if place and place not in places:
            places.append(place)
    rows = []
    for outcome in ("error", "pending", "suppressed", "not_evaluated"):
        lines = [
            _other_rule(rule, reason, places)
            for (its_outcome, rule, reason), places in others.items()
            if its_outcome == outcome
        ]
        rows += [(term(outcome, language) if not n else "", line) for n, line in enumerate(lines)]
    if quiet:
        rows.append((term("not_fired", language), ", ".join(sorted(quiet))))
    return rows


def _other_rule(rule: str, reason: str, places: list[str]) -> str:
    more = f" +{len(places) - 4}" if len(places) > 4 else ""
    where = f" [{', '.join(places[:4])}{more}]" if places else ""
    return f"{rule}: {reason}{where}" if reason else rule + where


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
