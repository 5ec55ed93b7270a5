"""Condition lines of a rule file into one checked ``Condition``."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import ConditionText
from metricsheet.catalog.yaml.tree import place_in_text
from metricsheet.errors import Diagnostic
from metricsheet.formula.parse import parse_formula
from metricsheet.rules.language.checker import ConditionChecker
from metricsheet.rules.language.conditions import Condition, all_of, any_of
from metricsheet.rules.language.facts import Vocabulary
from metricsheet.rules.language.hints import with_logic_hint
from metricsheet.source import Place


def read_conditions(
    lines: Sequence[ConditionText], vocabulary: Vocabulary, rule_place: Place | None = None
) -> tuple[Condition | None, tuple[Diagnostic, ...]]:
    """Return the conjunction of ``lines`` and every problem found; no condition where there is an error."""
    problems: list[Diagnostic] = []
    condition = _read_all(lines, vocabulary, rule_place, problems)
    return (None if problems else condition), tuple(problems)


def _read_all(
    lines: Sequence[ConditionText], vocabulary: Vocabulary, place: Place | None, problems: list[Diagnostic]
) -> Condition | None:
    parts = [_read_line(line, vocabulary, line.place or place, problems) for line in lines]
    found = tuple(part for part in parts if part is not None)
    return all_of(found) if found and len(found) == len(parts) else None


def _read_line(
    line: ConditionText, vocabulary: Vocabulary, place: Place | None, problems: list[Diagnostic]
) -> Condition | None:
    if line.any_of:
        parts = [_read_line(part, vocabulary, part.place or place, problems) for part in line.any_of]
        found = tuple(part for part in parts if part is not None)
        return any_of(found) if len(found) == len(parts) else None
    start = place_in_text(line.place, line.text, 0) if line.place is not None else place
    node, refused = parse_formula(line.text, start)
    if node is None:
        problems.extend(with_logic_hint(line.text, problem) for problem in refused)
        return None
    return ConditionChecker(line.text, line.place, place, vocabulary, problems).condition(node)
