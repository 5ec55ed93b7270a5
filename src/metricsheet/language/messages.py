"""Why there is no value, and what is wrong with the data, in the reader's language.

The parts of the package that find a reason know nothing of languages: they write it in English. What a reader
of a report meets most stands in ``reason_words`` and ``problem_words`` in the others. What is not there is
shown in English, as are all reasons in JSON and CSV, where programs read them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LANGUAGES = ("ja", "tr", "it", "de")
_FOR = {"ja": "{0}（{1}のため）", "tr": "{0} ({1} için)", "it": "{0} (per {1})", "de": "{0} (für {1})"}
_IS_NOT = {
    "ja": "{0}は{1}でない: {2}",
    "tr": "{0}, {1} değil: {2}",
    "it": "{0} non è {1}: {2}",
    "de": "{0} ist nicht {1}: {2}",
}


@lru_cache(maxsize=4096)
def reason_in(reason: str, language: str) -> str:
    """Return a reason in ``language``; in English where it, or the language, is not known.

    An error code or the name of an input before it stays, and so does everything it names.
    """
    if language not in _LANGUAGES or not reason:
        return reason
    code = re.match(r"#[A-Z0-9/!?]+ ", reason)
    before = code[0] if code is not None else ""
    found = _translated(reason[len(before) :], language)
    return reason if found is None else before + found


def _translated(text: str, language: str) -> str | None:
    # what stands around a reason first: a place for a name would swallow it
    around = _around(text, language)
    if around is not None:
        return around
    place = _LANGUAGES.index(language)
    for pattern, texts in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            return texts[place].format(*match.groups())
    return None


def _around(text: str, language: str) -> str | None:
    """Return a reason that stands inside another: behind an input's name, or for a metric built on it."""
    named = re.fullmatch(r"([a-z_][a-z0-9_]*: )(.+)", text, re.DOTALL)
    if named is not None:
        inner = _translated(named[2], language)
        if inner is not None:
            return named[1] + inner
    behind = re.fullmatch(r"(.+) \(for (\w+)\)", text, re.DOTALL)
    if behind is not None:
        inner = _translated(behind[1], language)
        if inner is not None:
            return _FOR[language].format(inner, behind[2])
    misfit = re.fullmatch(r"(.+) is not (\w+): (.+)", text, re.DOTALL)
    if misfit is not None:
        inner = _translated(misfit[3], language)
        if inner is not None:
            return _IS_NOT[language].format(misfit[1], misfit[2], inner)
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return what each English reason looks like, the ones with most words of their own first."""
    # readers of English need neither
    from metricsheet.language.problem_messages import PROBLEMS
    from metricsheet.language.reason_messages import REASONS

    ordered = sorted((*REASONS, *PROBLEMS), key=lambda texts: -len(re.sub(r"\{\d\}", "", texts[0])))
    return tuple((_pattern(english), others) for english, *others in ordered)  # type: ignore[misc]


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{\d\}", english)
    return re.compile("(.+?)".join(re.escape(part) for part in parts), re.DOTALL)
