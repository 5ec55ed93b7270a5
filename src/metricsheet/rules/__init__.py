"""Three-valued rules over facts about metrics: what is wrong, since when, why, and what to do first."""

from metricsheet.rules.engine.outcome import OUTCOMES, Outcome, RuleOutcome
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.rules.engine.trace import Comparison
from metricsheet.rules.language.facts import METRIC_PARTS, SCORECARD_PARTS, WHOLE_PARTS, fact_names

__all__ = [
    "METRIC_PARTS",
    "OUTCOMES",
    "SCORECARD_PARTS",
    "WHOLE_PARTS",
    "Comparison",
    "Outcome",
    "RuleOutcome",
    "RuleSet",
    "fact_names",
]
