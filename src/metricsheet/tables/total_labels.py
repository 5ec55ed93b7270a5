"""Words that may call a row a total, an average or a count of others, and what such a label names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from typing import Literal, TypeAlias

from metricsheet.files.book import TEXT, SheetColumn
from metricsheet.language.lexicon import joined, wordings
from metricsheet.patterns import any_of, late
from metricsheet.records import record
from metricsheet.values.folding import fold

TotalKind: TypeAlias = Literal["sum", "mean", "count", "min", "max"]

_KINDS: tuple[tuple[str, TotalKind, bool], ...] = (
    ("least", "min", False),
    ("most", "max", False),
    ("maybe_mean", "mean", False),
    ("maybe_total", "sum", False),
    ("total", "sum", True),
    ("mean", "mean", True),
    ("count", "count", True),
)
"""Kinds of words, what a text of nothing else stands for, and whether it hardly names anything else."""

_TRIM = " :：.*()（）[]\t"
_LONGEST_LABEL = 60


@lru_cache(maxsize=32)
def _folded(kind: str) -> tuple[str, ...]:
    return tuple(map(fold, wordings(kind)))


@lru_cache(maxsize=1)
def _words() -> Mapping[str, tuple[TotalKind, bool]]:
    """Return what a text of nothing else may stand for."""
    return {word: (kind, plain) for name, kind, plain in _KINDS for word in _folded(name)}


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], TotalKind], ...]:
    """Return the patterns of labels that say what they total.

    Words of Japanese are right beside the name, other words apart from it.
    """
    of = rf"(?: (?:{any_of(_folded('of'))}))"
    name, end = r"[ :-]+(?P<of>\S.*)\Z", r"(?P<of>.*\S)[ :-]+"
    beside = r"(?P<of>.*[^ :-])[ :-]*"
    total, total_joined = _spaced_and_joined("total_before")
    every, every_joined = _spaced_and_joined("all_before")
    mean, _ = _spaced_and_joined("mean_before")
    after, after_joined = _spaced_and_joined("total_after")
    mean_after, mean_joined = _spaced_and_joined("mean_after")
    listed: tuple[tuple[str, TotalKind], ...] = (
        (rf"(?:{total}){of}?{name}", "sum"),
        (rf"(?:{every}){name}", "sum"),
        (rf"(?:(?:{total_joined})[ :(-]+|(?:{every_joined}))(?P<of>[^ :()].*)\Z", "sum"),
        (rf"{end}(?:{after})\Z", "sum"),
        (rf"{beside}(?:{after_joined})\Z", "sum"),
        (rf"(?:{mean}){of}{name}", "mean"),
        (rf"{end}(?:{mean_after})\Z", "mean"),
        (rf"{beside}(?:{mean_joined})\Z", "mean"),
        (rf"{end}(?:{any_of(_folded('count_after'))})\Z", "count"),
    )
    return tuple((re.compile(pattern), kind) for pattern, kind in listed)


def _spaced_and_joined(kind: str) -> tuple[str, str]:
    """Return the patterns of the words of a kind that stand apart from others, and of those that do not."""
    words = _folded(kind)
    return any_of(word for word in words if not joined(word)), any_of(filter(joined, words))


@lru_cache(maxsize=1)
def _hints() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what is found in every folded text that may call its row a total: words, or signs anywhere."""
    kinds = [kind for kind, _, _ in _KINDS]
    kinds += ["total_before", "total_after", "all_before", "mean_before", "mean_after", "count_after"]
    labels = {word for kind in kinds for word in _folded(kind)}
    words = {max(_LETTERS.findall(label), key=len) for label in labels if label[0].isascii()}
    return frozenset(words), tuple(label for label in labels if not label[0].isascii())


def _may_be_total(folded: str) -> bool:
    """Return whether a label may be found in a text; it spares others a closer look."""
    words, signs = _hints()
    return not words.isdisjoint(_LETTERS.findall(folded)) or (
        not folded.isascii() and any(sign in folded for sign in signs)
    )


_LETTERS = late(r"[a-z]+")


@record
class TotalLabel:
    """A text that may call its row a total.

    ``names`` is what it is one of, folded (``emea`` for ``EMEA Total``), ``""`` where it says nothing else,
    ``others`` are what it may be one of as well (``Grand Total Ltd total``);
    ``plain`` labels are words that hardly name anything else (``Total`` is one, ``All`` and ``Max`` are not).
    """

    text: str
    kind: TotalKind
    names: str = ""
    plain: bool = False
    others: tuple[str, ...] = ()

    @property
    def folded(self) -> str:
        """The text by which labels are told apart."""
        return fold(self.text).strip(_TRIM)


@lru_cache(maxsize=4096)
def total_label(text: str) -> TotalLabel | None:
    """Return what ``text`` says of its row where it may call it a total, else ``None``.

    It proves nothing: ``Max`` may be a person, ``Total Wine`` a shop and ``Media`` a channel.
    """
    if len(text) > _LONGEST_LABEL:
        return None
    plain = fold(text).strip(_TRIM)
    if not _may_be_total(plain):
        return None
    known = _words().get(plain)
    if known is not None:
        return TotalLabel(text.strip(), known[0], "", known[1])
    found = [(match["of"].strip(_TRIM), kind) for p, kind in _phrases() if (match := p.match(plain))]
    if not found:
        return None
    # of "Gesamt total", where both words may be the group, the first one is
    names, kind = found[-1] if found[0][0] in _words() else found[0]
    return TotalLabel(text.strip(), kind, names, others=tuple(other for other, _ in found if other != names))


def is_sum(text: str) -> bool:
    """Return whether a text may say no more than that its row adds up others: ``Total``, ``All``."""
    label = total_label(text)
    return label is not None and label.kind == "sum" and not label.names


def labels_in(column: SheetColumn) -> dict[str, TotalLabel]:
    """Return the texts of a column that may call their rows totals."""
    if not column.holds(TEXT) or not column.may_hold(lambda text: _may_be_total(fold(text))):
        return {}
    texts = column.texts_among
    found = _labels_shared(texts) if isinstance(texts, frozenset) else _labels_among(texts)
    return {text: label for text, label in found.items() if text in column.texts} if found else {}


@lru_cache(maxsize=1)
def _labels_shared(texts: frozenset[str]) -> dict[str, TotalLabel]:
    """Return the labels among texts that many columns share."""
    return _labels_among(texts)


def _labels_among(texts: Set[str]) -> dict[str, TotalLabel]:
    short = texts
    if max(map(len, texts), default=0) > _LONGEST_LABEL:
        short = {text for text in texts if len(text) <= _LONGEST_LABEL}
    if not _may_be_total(fold("|".join(short))):
        return {}
    return {text: label for text in short if (label := total_label(text)) is not None}


def is_total_header(text: str) -> bool:
    """Return whether a header beside months is a total, an average or a plan: ``YTD``, ``Ø``."""
    return total_label(text) is not None or fold(text).strip(_TRIM) in _folded("beside_periods")
