"""Answers written with their scale or meaning: ``9/10``, ``4 stars``, ``★★★★☆``, ``Very likely (10)``."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.language.lexicon import wordings
from metricsheet.patterns import any_of, late
from metricsheet.records import record
from metricsheet.values.folding import fold

_LONGEST = 100
_NUMBER = r"([0-9]{1,3})"
_LEADING = late(rf"(?=.*[^\W\d_]){_NUMBER}\s*(?:[-–—:=]\s*[^\s0-9].*|[(（][^()（）]+[)）])\Z")
_TRAILING = late(rf"(?=[^0-9()（）]*?[^\W\d_])[^0-9()（）]*+[(（]\s*{_NUMBER}\s*[)）]\Z")
_BEFORE_END = r"(?:(?<=\s[-–—])|(?<=\s[-–—]\s)|(?<=[:：=])|(?<=[:：=]\s))"
_AT_END = late(rf"(?=[^0-9()（）]*?[^\W\d_])[^0-9()（）]*+{_BEFORE_END}{_NUMBER}\Z")
_OUT_OF = late(rf"{_NUMBER}\s*/\s*{_NUMBER}\Z")
_WITH_UNIT = late(lambda: rf"{_NUMBER}\s*(?:{any_of(map(fold, wordings('answer_units')))})\.?\Z")
_STARS = late(r"([★⭐✭✮✯✰🌟]+)([☆]*)\Z")


@record
class WrittenAnswer:
    """The number of an answer and, where it was written beside it, the highest answer possible."""

    number: float
    top: float | None = None


def written_answer(text: str) -> WrittenAnswer | None:
    """Return the answer that ``text`` writes with its scale or meaning, or ``None``."""
    if len(text) >= _LONGEST:
        return None
    plain = text.strip().replace("\ufe0f", "")
    if found := _LEADING.match(plain) or _TRAILING.match(plain) or _AT_END.match(plain):
        return WrittenAnswer(float(found[1]))
    if found := _OUT_OF.match(plain):
        return WrittenAnswer(float(found[1]), float(found[2]))
    if found := _STARS.match(plain.replace(" ", "")):
        filled, empty = len(found[1]), len(found[2])
        return WrittenAnswer(float(filled), float(filled + empty) if empty else None)
    if found := _WITH_UNIT.match(fold(plain)):
        return WrittenAnswer(float(found[1]))
    return None


def answers_in(texts: Iterable[str]) -> tuple[dict[str, float], tuple[float, ...]]:
    """Return the numbers of the ``texts`` that are answers, and the different highest answers they name."""
    found = {text: answer for text in texts if (answer := written_answer(text)) is not None}
    tops = dict.fromkeys(answer.top for answer in found.values() if answer.top is not None)
    return {text: answer.number for text, answer in found.items()}, tuple(tops)
