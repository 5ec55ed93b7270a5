"""Scales of answers in words, worst to best, in all languages."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.language.lexicon import answers
from metricsheet.records import record
from metricsheet.values.folding import fold


@record
class AnswerScale:
    """A scale of answers: ``words`` maps each folded wording to its number, from 1 (worst) to ``points``."""

    points: int
    words: Mapping[str, int]


def _scale(*degrees: str) -> AnswerScale:
    """Return the scale of ``degrees``, lowest first, each with its wordings in all languages."""
    words = {fold(word): number for number, degree in enumerate(degrees, 1) for word in answers(degree)}
    return AnswerScale(len(degrees), words)


ANSWER_SCALES: Mapping[str, tuple[AnswerScale, ...]] = {
    "agreement": (
        _scale("agree_lowest", "disagree", "agree_middle", "agree", "agree_highest"),
        _scale("agree_lowest", "rather_disagree", "agree_middle", "rather_agree", "agree_highest"),
        # the usual Japanese scale is milder below the middle than above it
        _scale("agree_lowest", "mildly_disagree", "agree_middle", "mildly_agree", "agree_highest"),
        _scale(
            "agree_lowest",
            "disagree",
            "rather_disagree",
            "agree_middle",
            "rather_agree",
            "agree",
            "agree_highest",
        ),
    ),
    "likelihood": (
        _scale("extremely_unlikely", "unlikely", "likely_middle", "likely", "extremely_likely"),
        _scale("very_unlikely", "unlikely", "likely_middle", "likely", "very_likely"),
        _scale("very_unlikely", "rather_unlikely", "likely_middle", "rather_likely", "very_likely"),
    ),
    "satisfaction": (
        _scale("very_dissatisfied", "dissatisfied", "satisfied_middle", "satisfied", "very_satisfied"),
        _scale(
            "very_dissatisfied",
            "rather_dissatisfied",
            "satisfied_middle",
            "rather_satisfied",
            "very_satisfied",
        ),
        _scale("dissatisfied", "rather_dissatisfied", "satisfied_middle", "rather_satisfied", "satisfied"),
        _scale("very_poor", "poor", "good_middle", "good", "very_good"),
        _scale("very_poor", "poor", "good_middle", "good", "excellent"),
        _scale("poor", "good_middle", "good", "very_good", "excellent"),
        _scale(
            "very_dissatisfied",
            "dissatisfied",
            "rather_dissatisfied",
            "satisfied_middle",
            "rather_satisfied",
            "satisfied",
            "very_satisfied",
        ),
    ),
}
"""The scales of each table that an input may name under ``words:``."""
