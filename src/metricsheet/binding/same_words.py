"""Words that mean the same in headers: ``Cust. BoP`` is ``Customers at start``, ``expense`` is ``cost``.

Which words these are is said by each language; those of one meaning are one word here, in any language. The
order of words does not matter, nor do small words such as *of*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from metricsheet.language.lexicon import joint_meanings, wordings
from metricsheet.values.folding import fold

_MARK = "="
_PARTS = frozenset({"new", "lost", "start", "end"})
_LONG = 5


@lru_cache(maxsize=1)
def _meanings() -> Mapping[str, str]:
    return {fold(word).replace("'", ""): meaning for meaning, word in joint_meanings("same_words")}


@lru_cache(maxsize=1)
def _small_words() -> frozenset[str]:
    return frozenset(fold(word).replace("'", "") for word in wordings("small_words"))


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    """Return the words that end others: ``kosten`` in ``Vertriebskosten``."""
    return tuple(word for word in _meanings() if len(word) >= _LONG)


def means_lost(word: str) -> bool:
    """Return whether a word says that somebody or something is lost: ``Churned``, ``gekündigt``."""
    return _meanings().get(fold(word).replace("'", "")) == "lost"


def names_part(words: Sequence[str]) -> bool:
    """Return whether some words say which part of a stock is meant: what is new, lost, at start or at end."""
    return any(_meanings().get(word) in _PARTS for word in words)


def same_words_form(words: Sequence[str]) -> str:
    """Return the form that headers of the same meaning share, ``""`` for one word alone.

    It begins with a sign that no other form of a header has.
    """
    said: list[str] = []
    for word in words:
        if word not in _small_words():
            said += _parts(word)
    return _MARK + " ".join(sorted(said)) if len(said) > 1 else ""


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    meaning = _meanings().get(word)
    if meaning is not None:
        return (meaning,)
    # asking for all at once is quick, and few words end in any
    for ending in _endings() if word.endswith(_endings()) else ():
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return word.removesuffix(ending), _meanings()[ending]
    return (word,)
