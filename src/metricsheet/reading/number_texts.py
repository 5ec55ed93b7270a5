"""The texts of a number column: numerals, missing tokens, answers in words, and text that stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Scale
from metricsheet.language.currencies import forms
from metricsheet.language.lexicon import wordings
from metricsheet.language.message import Message
from metricsheet.patterns import any_of, late
from metricsheet.reading.column import ReadRequest
from metricsheet.reading.numerals import read_numbers
from metricsheet.reading.refusal import Refusal
from metricsheet.reading.words import meaning_of, no_value, read_answers, read_groups
from metricsheet.records import field, record
from metricsheet.values import Cell
from metricsheet.values.folding import fold

_LONGEST_AMOUNT = 30
_MOST_PARTS = 3
"""A text of more words is a note, whatever number it holds."""
_MAGNITUDE = late(
    lambda: rf"[^\w]*[0-9][0-9.,' ]*(?:{any_of(wordings('magnitudes'))})\.?[^\w]*(?:{any_of(forms())})?\Z"
)
_STARTS = late(r"\W*+(?:[^\W\d_]{1,5}\.? ?)?\W*+[0-9]")
# of the text backwards, as nothing else is sure to look at each letter once
_ENDS = late(r"\W*+(?:\.?[^\W\d_]{1,5})?\W*+[0-9][0-9.,']*+(?:\W*?\s|\W*+\Z)")


@record(frozen=False)
class NumberTexts:
    """What each distinct text of a column means: a number, blank (``None``) or the text itself.

    ``percents`` are the texts with a percent sign; their numbers are fractions. ``scale`` is the scale that
    the answers themselves name (``4/5``, words of five degrees); ``grouped`` that some name only their group;
    ``currencies`` are those of the texts, where some name one.
    """

    values: dict[str, Cell] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()
    refusal: Refusal | None = None
    note: Message | None = None
    scale: Scale | None = None
    grouped: bool = False
    currencies: Mapping[str, str] = field(default_factory=dict)


def read_number_texts(asked: ReadRequest, texts: Sequence[str]) -> NumberTexts:
    """Return the meaning of the distinct ``texts`` of a column of numbers."""
    definition = asked.definition
    scale = definition.scale
    whole = definition.unit == "count" or (scale is not None and scale.whole)
    reading = read_numbers(texts, whole=whole, decimal_mark=asked.decimal_mark)
    found = NumberTexts(
        dict(reading.numbers), reading.percents, reading.refusal, reading.note, currencies=reading.currencies
    )
    words = []
    for text in texts:
        if text not in found.values:
            found.values[text] = meant = no_value(text)
            if meant is text:
                words.append(text)
    if words and found.refusal is None:
        _read_words(asked, words, found)
        if definition.unit in ("money", "count") and scale is None:
            found.refusal = found.refusal or _magnitudes(words) or _amount_left(words)
    return found


def _magnitudes(words: Sequence[str]) -> Refusal | None:
    """Return the trouble of amounts such as ``1.5M``: to leave them out would be worse than to ask."""
    for word in words:
        if len(word) <= _LONGEST_AMOUNT and _MAGNITUDE.match(word.strip().casefold()):
            message = Message("in_thousands", text=word)
            return Refusal("ambiguous_number", message, Message("write_in_full"))
    return None


def _amount_left(words: Sequence[str]) -> Refusal | None:
    """Return the trouble of a text that starts or ends as an amount: a sum without it would be wrong."""
    for word in words:
        plain = " ".join(unicodedata.normalize("NFKC", word).split())
        if len(plain) > _LONGEST_AMOUNT or len(plain.split()) > _MOST_PARTS:
            continue
        if not (_STARTS.match(plain) or _ENDS.match(plain[::-1])):
            continue
        from metricsheet.reading.date_text import parse_date
        from metricsheet.reading.period_text import written_period

        if written_period(plain.casefold()) is None and not parse_date(plain):
            message = Message("amount_not_read", text=word)
            return Refusal("amount_not_read", message, Message("write_amount"), word)
    return None


def _read_words(asked: ReadRequest, words: Sequence[str], found: NumberTexts) -> None:
    """Read words with a meaning of their own, and answers with their scale, as a group or in words."""
    definition = asked.definition
    if definition.means:
        meant = {word: meaning_of(definition.means, fold(word)) for word in words}
        found.values.update({word: float(number) for word, number in meant.items() if number is not None})
        words = [word for word in words if meant[word] is None]
    if definition.scale is None:
        return
    from metricsheet.reading.answer_texts import answers_in
    from metricsheet.reading.scales import scale_named

    numbers, tops = answers_in(words)
    found.values.update(numbers)
    if len(tops) > 1:
        message = Message("answers_of_several", tops=tuple(f"{top:g}" for top in tops))
        found.refusal = Refusal("which_scale", message, Message("one_scale_a_column"))
        return
    if tops:
        found.scale = scale_named(definition, None, tops[0])
    rest = [word for word in words if word not in numbers]
    if definition.groups:
        groups = read_groups(definition.groups, rest)
        found.values.update(groups)
        found.grouped = bool(groups)
    if definition.words is not None:
        reading = read_answers(definition.words, rest)
        found.values.update(reading.numbers)
        found.refusal = reading.refusal
        if reading.points:
            low = definition.scale.low
            found.scale = scale_named(definition, low, low + reading.points - 1)
