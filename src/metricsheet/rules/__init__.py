"""Three-valued rules over facts about metrics: what is wrong, since when, why, and what to do first."""

from metricsheet.rules.facts import METRIC_PARTS, SCORECARD_PARTS, WHOLE_PARTS, fact_names
from metricsheet.rules.outcome import OUTCOMES, Outcome, RuleOutcome
from metricsheet.rules.ruleset import RuleSet
from metricsheet.rules.trace import Comparison, Render

__all__ = [
    "METRIC_PARTS",
    "OUTCOMES",
    "SCORECARD_PARTS",
    "WHOLE_PARTS",
    "Comparison",
    "Outcome",
    "Render",
    "RuleOutcome",
    "RuleSet",
    "fact_names",
]
