"""The texts of a number column: numerals, missing tokens, answers in words, and text that stays."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.language.currencies import forms
from metricsheet.language.lexicon import wordings
from metricsheet.language.message import Message
from metricsheet.patterns import any_of, late
from metricsheet.reading.column import ReadRequest
from metricsheet.reading.numerals import read_numbers
from metricsheet.reading.refusal import Refusal
from metricsheet.reading.words import is_missing, leading_answer, meaning_of, read_answers
from metricsheet.records import field, record, replace
from metricsheet.values import Cell
from metricsheet.values.folding import fold

_LONGEST_AMOUNT = 30
_MAGNITUDE = late(
    lambda: rf"[^\w]*[0-9][0-9.,' ]*(?:{any_of(wordings('magnitudes'))})\.?[^\w]*(?:{any_of(forms())})?\Z"
)


@record(frozen=False)
class NumberTexts:
    """What each distinct text of a column means: a number, blank (``None``) or the text itself.

    ``percents`` are the texts with a percent sign; their numbers are fractions.
    """

    values: dict[str, Cell] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()
    refusal: Refusal | None = None
    note: Message | None = None


def read_number_texts(asked: ReadRequest, texts: Sequence[str]) -> NumberTexts:
    """Return the meaning of the distinct ``texts`` of a column of numbers."""
    definition = asked.definition
    scale = definition.scale
    whole = definition.unit == "count" or (scale is not None and scale.whole)
    reading = read_numbers(texts, whole=whole, decimal_mark=asked.decimal_mark)
    found = NumberTexts(dict(reading.numbers), reading.percents, reading.refusal, reading.note)
    words = []
    for text in texts:
        if text not in found.values:
            missing = is_missing(text)
            found.values[text] = None if missing else text
            if not missing:
                words.append(text)
    if words and found.refusal is None:
        _read_words(asked, words, found)
        if definition.unit in ("money", "count"):
            found.refusal = found.refusal or _magnitudes(words)
    return found


def _magnitudes(words: Sequence[str]) -> Refusal | None:
    """Return the trouble of amounts such as ``1.5M``: to leave them out would be worse than to ask."""
    for word in words:
        if len(word) <= _LONGEST_AMOUNT and _MAGNITUDE.match(word.strip().casefold()):
            message = Message("in_thousands", text=word)
            return Refusal("ambiguous_number", message, Message("write_in_full"))
    return None


def _read_words(asked: ReadRequest, words: Sequence[str], found: NumberTexts) -> None:
    scale, means = asked.definition.scale, asked.definition.means
    if means:
        meant = {word: meaning_of(means, fold(word)) for word in words}
        found.values.update({word: float(number) for word, number in meant.items() if number is not None})
    if scale is not None:
        answers = {word: leading_answer(word) for word in words}
        found.values.update({word: number for word, number in answers.items() if number is not None})
    table = asked.definition.words
    if table is None:
        return
    points = int(scale.high - scale.low) + 1 if scale is not None and not asked.insist_scale else None
    reading = read_answers(table, words, points=points)
    found.values.update(reading.numbers)
    found.refusal = reading.refusal
    if reading.refusal is not None and reading.refusal.code == "scale_mismatch":
        found.refusal = replace(
            reading.refusal,
            message=Message("rule_is_for", reason=reading.refusal.message, scale=str(scale)),
            hint=Message(
                "other_scale_or_insist", points=reading.points, input=asked.definition.key, scale=str(scale)
            ),
        )
