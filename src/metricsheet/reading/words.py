"""Words that stand for values: missing tokens, and answers on scales of agreement and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from metricsheet.language.lexicon import answers, error_words, wordings
from metricsheet.language.message import Message
from metricsheet.reading.refusal import Refusal
from metricsheet.records import record
from metricsheet.values import NA_, Cell, ExcelError
from metricsheet.values.folding import fold

if TYPE_CHECKING:
    from metricsheet.reading.answer_words import AnswerScale


_LONGEST_ERROR = 20


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


def no_value(text: str, *, in_text: bool = False) -> Cell:
    """Return what a text that stands for no value is: blank, or the error that it names; else the text.

    A sheet saved as text keeps the errors of its cells (``#REF!``, ``#WERT!``): they are errors still. Only
    ``#N/A`` is how people write that there is nothing.
    """
    if text[:1] == "#" and len(text) <= _LONGEST_ERROR:
        code = _errors().get(fold(text))
        if code is not None and code != NA_:
            return ExcelError(code)
    return None if is_missing(text, in_text=in_text) else text


@lru_cache(maxsize=1)
def _errors() -> Mapping[str, str]:
    return {fold(word): code for word, code in error_words().items()}


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


def read_groups(groups: Mapping[str, float], texts: Iterable[str]) -> dict[str, float]:
    """Return the numbers of the ``texts`` that name a group of answers; ``groups`` has the number of each."""
    words = {fold(word): number for group, number in groups.items() for word in answers(group)}
    return {text: words[word] for text in texts if (word := fold(text).rstrip(".!")) in words}


def read_answers(table: str, texts: Iterable[str]) -> AnswerReading:
    """Return the numbers of the ``texts`` that are answers of ``table`` (``agreement`` and so on).

    All answers of a column belong to one scale: the smallest one that has every word found (``Somewhat
    agree`` beside ``Agree`` makes it seven points). Other texts, such as ``Don't know``, are left out. Raises
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
