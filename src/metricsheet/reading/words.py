"""Words that stand for values: missing tokens, and answers on scales of agreement and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from metricsheet.language.lexicon import error_words, wordings
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.reading.refusal import Refusal
from metricsheet.records import record
from metricsheet.values.folding import fold

if TYPE_CHECKING:
    from metricsheet.reading.answer_words import AnswerScale

_LEADING_ANSWER = late(r"(?=.*[^\W\d_])([0-9]{1,3})\s*(?:[-–—:=]\s*[^\s0-9].*|[(（][^()（）]+[)）])\Z")


@record
class AnswerReading:
    """The numbers of answers in words, by text; ``points`` is the size of the scale they are words of.

    ``points`` is 0 when no text is an answer of the table. With ``refusal``, nothing can be used.
    """

    numbers: Mapping[str, float]
    points: int = 0
    refusal: Refusal | None = None


def is_missing(text: str, *, in_text: bool = False) -> bool:
    """Return whether ``text`` says that there is no value: blank, ``--``, ``n/a``, ``未回答``, ``k.A.`` …

    With ``in_text`` the column holds names: ``NA`` may be North America and ``None`` a plan, so they stay.
    """
    if len(text) > 40:
        return not text.strip()
    folded = fold(text)
    return not folded.strip(_strokes()) or folded in _missing(in_text)


@lru_cache(maxsize=1)
def _strokes() -> str:
    """Return the strokes that in any number stand for no value."""
    return "".join(wordings("missing_strokes"))


@lru_cache(maxsize=2)
def _missing(in_text: bool) -> frozenset[str]:
    """Return the folded words for no value, with error texts, which a CSV export leaves of an error.

    Among numbers, dates and flags some more mean it, which are names of something ``in_text``.
    """
    words = (*wordings("missing"), *error_words(), *(() if in_text else wordings("missing_number")))
    return frozenset(map(fold, words))


def leading_answer(text: str) -> float | None:
    """Return the number of an answer written with its meaning (``10 - Extremely likely``, ``5 (best)``)."""
    match = _LEADING_ANSWER.match(text.strip()) if len(text) < 100 else None
    return float(match[1]) if match else None


def read_answers(table: str, texts: Iterable[str], *, points: int | None = None) -> AnswerReading:
    """Return the numbers of the ``texts`` that are answers of ``table`` (``agreement`` and so on).

    All answers of a column belong to one scale: the smallest one that has every word found (``Somewhat
    agree`` beside ``Agree`` makes it seven points). ``points`` is the size of the scale that the input
    declares; words of another one are a trouble. Other texts, such as ``Don't know``, are left out. Raises
    ``KeyError`` for a table that does not exist.
    """
    from metricsheet.reading.answer_words import ANSWER_SCALES  # many words, wanted by few columns

    scales = ANSWER_SCALES[table]
    folded = {text: fold(text).rstrip(".!") for text in texts}
    known = {word for scale in scales for word in scale.words}
    seen = {word: text for text, word in folded.items() if word in known}
    if not seen:
        return AnswerReading({})
    fitting = [scale for scale in scales if seen.keys() <= scale.words.keys()]
    if not fitting:
        shown = tuple(f"'{text}'" for text in list(seen.values())[:6])
        return AnswerReading(
            {}, refusal=Refusal("ambiguous_words", Message("words_of_different_scales", words=shown))
        )
    size = min(scale.points for scale in fitting)
    smallest = [scale for scale in fitting if scale.points == size]
    unsure = _disagreement(smallest, seen)
    if unsure is not None:
        return AnswerReading({}, refusal=unsure)
    if points is not None and points != size:
        example = next(iter(seen.values()))
        message = Message("words_of_other_scale", size=size, example=example, points=points)
        return AnswerReading({}, size, Refusal("scale_mismatch", message))
    words = smallest[0].words
    return AnswerReading({text: float(words[word]) for text, word in folded.items() if word in words}, size)


def _disagreement(scales: Iterable[AnswerScale], seen: Mapping[str, str]) -> Refusal | None:
    for word, text in seen.items():
        numbers = sorted({scale.words[word] for scale in scales})
        if len(numbers) > 1:
            shown = Message("either_or", parts=tuple(numbers[:-1]), last=numbers[-1])
            return Refusal(
                "ambiguous_words",
                Message("word_ambiguous", text=text, numbers=shown),
                Message("write_answers_as_numbers"),
            )
    return None


def meaning_of(means: Mapping[str, str], folded: str) -> str | None:
    """Return what a folded text means by the words in ``means``; what begins with a known word means that."""
    while folded and means:
        if folded in means:
            return means[folded]
        folded = folded.rpartition(" ")[0]
    return None
