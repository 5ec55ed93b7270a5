"""The scale that answers were given on, said by a person, the header or the answers; else a question."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from metricsheet.catalog.definitions import InputDefinition, Scale
from metricsheet.engines.columns import Column
from metricsheet.language.lexicon import joined, wordings
from metricsheet.language.message import Message
from metricsheet.patterns import any_of, late
from metricsheet.reading.refusal import Refusal
from metricsheet.records import record
from metricsheet.values.folding import fold

ENOUGH_ANSWERS = 20
"""From this many answers on, a short scale of which nobody used the top is probably another one."""

_SMALL = 7
"""Scales up to here are used to their ends; on 0..10 such answers alone may be of 1..5 or 1..7."""

_LOW, _HIGH = r"(?<![0-9a-z.,:/%-])([01])", r"(100|11|10|[3-9])(?![0-9a-z%:/]|[.,]\d)"
_FROM_TO = late(lambda: rf"{_LOW}(?: ?\([^()]*\))? ?(?:-|\.\.|~|{_words('to')}) ?{_HIGH}")
_ENDS_NAMED = late(rf"{_LOW} ?[=:][^0-9]*(?<!\d){_HIGH} ?[=:]")
_OUT_OF = late(lambda: rf"(?:{_words('out_of')}|/) ?{_HIGH}")
_IN_BRACKETS = late(r"[(\[][^()\[\]]*[)\]]")
_POINTS = late(lambda: rf"(?<![0-9a-z.,])(100|11|10|[3-9])[ -]?(?:{_words('out_of_behind')})")


@record
class GivenScale:
    """A scale that a person said answers are on; with ``low_is_easy`` its lowest answer is the best one."""

    scale: Scale
    low_is_easy: bool | None = None


def _words(kind: str) -> str:
    """Return a pattern for the words of a kind, which stand for themselves where words have spaces."""
    words = {fold(word) for word in wordings(kind)}
    beside = {word for word in words if joined(word)}
    return rf"\b(?:{any_of(words - beside)})\b|{any_of(beside)}"


def header_scale(header: str) -> tuple[float | None, float] | None:
    """Return the lowest and highest answer that a header names, or ``None``.

    ``NPS (0-10)``, ``1 = never, 5 = always``, ``Voto (da 1 a 10)`` and ``10点満点`` name a scale; of the last
    the lowest answer is not known.
    """
    if not any(sign.isdigit() for sign in header):
        return None
    folded = fold(header).replace("–", "-").replace("—", "-").replace("〜", "~")
    for pattern in (_FROM_TO, _ENDS_NAMED):
        if found := pattern.search(folded):
            return float(found[1]), float(found[2])
    found = _OUT_OF.search(folded) or _POINTS.search(folded)
    return (None, float(found[1])) if found else None


def scale_named(definition: InputDefinition, low: float | None, high: float) -> Scale:
    """Return the scale with these ends; with the highest answer alone, the input's own if it fits."""
    declared = definition.scale
    assert declared is not None
    if high == declared.high and low in (None, declared.low):
        return declared
    return Scale(1.0 if low is None else low, high, declared.whole)


def is_part_of(scale: Scale, declared: Scale) -> bool:
    """Return whether rules made for the ``declared`` scale hold on ``scale``: it has the same top."""
    return scale.high == declared.high and scale.low >= declared.low


def scale_in_force(
    definition: InputDefinition, header: str, given: GivenScale | None, written: Scale | None
) -> tuple[Scale, bool]:
    """Return the scale that answers are on, and whether a person, the header or the answers say so."""
    assert definition.scale is not None
    if given is not None:
        return Scale(given.scale.low, given.scale.high, definition.scale.whole), True
    named = header_scale(header)
    if named is not None:
        return scale_named(definition, *named), True
    return (definition.scale, False) if written is None else (written, True)


def direction_refusal(definition: InputDefinition, header: str, given: GivenScale | None) -> Refusal | None:
    """Return the question whether the lowest answer is the best one, where nothing says it, or ``None``."""
    if given is not None and given.low_is_easy is not None:
        return None
    asked = fold(_IN_BRACKETS.sub(" ", header))
    if asked not in map(fold, definition.either_way):
        return None
    scale = given.scale if given is not None else definition.scale
    return Refusal(
        "which_direction",
        Message("which_direction", header=header, low=scale.low if scale else 1),
        Message("say_which_direction", input=definition.key, scale=str(scale)),
    )


def scale_refusal(
    key: str,
    scale: Scale,
    count: int,
    numbers: Sequence[float],
    distinct: Collection[float],
    off: Collection[float],
) -> Refusal | None:
    """Return why ``count`` numbers as a whole are no answers on ``scale``, or ``None``.

    ``distinct`` are the different numbers and ``off`` those that the scale does not hold; ``numbers`` are
    looked at only where some are off it. A few numbers off the scale are no trouble of the column: they are
    rejected one by one.
    """
    if off:
        return _wrong_values(key, scale, numbers, off)
    likely = likelier_scale(scale, count, distinct) if scale.whole else None
    if likely is None:
        return None
    return Refusal(
        "which_scale",
        _which_scale(likely, scale, count, max(distinct)),
        Message("say_which_scale", input=key, scale=str(scale), other=str(likely)),
    )


def scale_in_slice(definition: InputDefinition, answers: Column) -> Message | None:
    """Return the question that some of the ``answers`` of a column raise by themselves.

    Exports of two tools may have been pasted together. Few answers tell nothing, as the whole column has
    answers that no shorter scale has.
    """
    scale = definition.scale
    if scale is None or not scale.whole or scale.high != 10 or answers.count < ENOUGH_ANSWERS:
        return None
    likely = likelier_scale(scale, answers.count, answers.different)
    return _which_scale(likely, scale, answers.count, max(answers.different)) if likely is not None else None


def _which_scale(likely: Scale, scale: Scale, count: int, highest: float) -> Message:
    return Message(
        "which_scale",
        likely=f"{likely.low:g}–{likely.high:g}",
        count=count,
        high=highest,
        scale=str(scale),
    )


def likelier_scale(scale: Scale, count: int, distinct: Collection[float]) -> Scale | None:
    """Return a scale that whole answers are as likely on as on ``scale``, or ``None`` where it is plain.

    On 0..10 and 1..10 a 0 or an answer from 8 on is proof, at any number of answers. A scale of seven points
    or fewer is doubted only where many answers never reach its top.
    """
    highest = max(distinct)
    if scale.high == 10 and scale.low in (0, 1):
        doubted = min(distinct) >= 1 and highest <= _SMALL
        return Scale(1.0, 5.0 if highest <= 5 else 7.0, scale.whole) if doubted else None
    if scale.high <= _SMALL and count >= ENOUGH_ANSWERS and highest < scale.high:
        return Scale(scale.low, max(highest, scale.low + 1), scale.whole)
    return None


def _wrong_values(key: str, scale: Scale, numbers: Sequence[float], off: Collection[float]) -> Refusal | None:
    if not scale.whole or 2 * sum(1 for number in numbers if number in off) <= len(numbers):
        return None
    odd = [n for n in dict.fromkeys(numbers) if n in off and (n != int(n) or n < 0)]
    shown = tuple(f"{n:g}" for n in (odd or [n for n in dict.fromkeys(numbers) if n in off])[:2])
    if max(off) > 100 or min(off) < -100:
        return None
    if odd or len(numbers) == 1:
        return Refusal(
            "not_this_input",
            Message("finished_score", numbers=shown, scale=str(scale)),
            Message("map_finished", input=key),
        )
    return Refusal(
        "scale_mismatch",
        Message("answers_above_scale", highest=max(numbers), numbers=shown, scale=str(scale)),
        Message("give_answers_on", scale=str(scale)),
    )
