"""The text of a LAMBDA while it is written: steps with names, one after the other, and its forms.

A body is a ``LET`` of steps. Names of steps are short and differ from every argument; those that begin with
``ARRAYS`` hold arrays, the others one value. ``typed`` is
the text as a person types it into Excel, ``stored`` as it is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from metricsheet.formula.functions import FUNCTIONS
from metricsheet.patterns import late
from metricsheet.records import record

MOST_SIGNS = 8192
"""Excel takes no longer formula."""

ARRAYS = frozenset("nzfpxloyigcbj")
_NEWER = (
    *("LAMBDA", "LET", "ISOMITTED", "TOCOL", "UNIQUE", "SEQUENCE", "UNICODE", "UNICHAR", "XMATCH", "DAYS"),
    *("TEXTJOIN", "REDUCE"),
)
_STORED = {name: f"_xlfn.{name}" for name in _NEWER} | {
    name: function.excel for name, function in FUNCTIONS.items() if function.excel == f"_xlfn.{name}"
}
SO_FAR, PERIOD = "t_", "p_"
"""The arguments of the LAMBDA that goes from period to period."""
HELPER = "h"
"""So begin the names of steps that are functions."""
LOCAL = ("a_", "b_", "c_", "d_")
"""The arguments of such functions: no step has such a name."""
_STEP = late(r"[a-z]_\d")
_TEXTS = late(r'("(?:[^"]|"")*")')
_WORD = late(r"(?<![\w.#])[A-Za-z_][\w.]*")


class CannotExpressError(Exception):
    """A formula that no LAMBDA can be written for; the text is the part that is in the way."""


@record
class Lambda:
    """One LAMBDA: its arguments, ``optional`` those that may be left out, its steps and its answer.

    ``keys`` are the inputs, metrics and settings that the arguments stand for.
    """

    keys: tuple[str, ...]
    arguments: tuple[str, ...]
    optional: frozenset[str]
    steps: tuple[tuple[str, str], ...]
    answer: str

    @property
    def typed(self) -> str:
        """The text as a person types it, without ``=``."""
        shown = [f"[{name}]" if name in self.optional else name for name in self.arguments]
        return f"LAMBDA({','.join([*shown, _body(self._short, self.answer)])})"

    @property
    def stored(self) -> str:
        """The text as it stands in a file."""
        steps = self._short
        own = (*self.arguments, *(name for name, _ in steps), *LOCAL, SO_FAR, PERIOD)
        body = renamed(_body(steps, self.answer), {name: f"_xlpm.{name}" for name in own})
        body = outside_texts(body, _WORD, lambda word: _STORED.get(word[0], word[0]))
        shown = [f"_xlop.{name}" if name in self.optional else f"_xlpm.{name}" for name in self.arguments]
        return f"_xlfn.LAMBDA({','.join([*shown, body])})"

    @property
    def _short(self) -> Sequence[tuple[str, str]]:
        return shortened(self.steps, self.arguments)


def _body(steps: Sequence[tuple[str, str]], answer: str) -> str:
    if not steps:
        return answer
    return f"LET({','.join([*(f'{name},{text}' for name, text in steps), answer])})"


def shortened(steps: Sequence[tuple[str, str]], arguments: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return ``steps`` with a ``LAMBDA`` of its own for what several of them say of different names."""
    own = {*arguments, *(name for name, _ in steps)}
    alike: dict[str, list[tuple[int, list[str]]]] = {}
    for at, (_, text) in enumerate(steps):
        outside = " ".join(_TEXTS.split(text)[::2])
        words = list(dict.fromkeys(word for word in _WORD.findall(outside) if word in own))
        if words and len(words) <= len(LOCAL) and not text.startswith("LAMBDA(") and "ISOMITTED(" not in text:
            form = renamed(text, dict(zip(words, LOCAL, strict=False)))
            alike.setdefault(form, []).append((at, words))
    found: list[list[tuple[str, str]]] = [[step] for step in steps]
    names = (name for number in count(1) if (name := f"{HELPER}_{number}") not in own)
    for form, places in alike.items():
        every = list(zip(*(words for _, words in places), strict=True))
        same = {local: words[0] for local, words in zip(LOCAL, every, strict=False) if len({*words}) == 1}
        taken = [at for at in range(len(every)) if LOCAL[at] not in same]
        helper = f"LAMBDA({','.join([*(LOCAL[at] for at in taken), renamed(form, same)])})"
        name = next(names)
        calls = {place: f"{name}({','.join(words[at] for at in taken)})" for place, words in places}
        if not taken or sum(map(_size, [*calls.values(), helper, name])) >= len(places) * _size(form):
            continue
        for place, call in calls.items():
            found[place] = [(steps[place][0], call)]
        found[places[0][0]].insert(0, (name, helper))
    return [step for of_one in found for step in of_one]


def _size(text: str) -> int:
    """Return about how long a text is in a file, where names have a prefix."""
    return len(text) + 6 * len(_STEP.findall(text))


def outside_texts(text: str, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    """Return ``text`` with ``change`` made wherever ``pattern`` is found outside of texts in quotes."""
    parts = _TEXTS.split(text)
    return "".join(part if at % 2 else pattern.sub(change, part) for at, part in enumerate(parts))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return ``text`` with other names for some of its words; functions stay."""

    def word(match: re.Match[str]) -> str:
        called = match.string[match.end() : match.end() + 1] == "("
        return match[0] if called and not match[0].startswith(f"{HELPER}_") else names.get(match[0], match[0])

    return outside_texts(text, _WORD, word)


class Steps:
    """Steps in the order in which they are needed; the same text is one step."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.taken = {name.upper() for name in arguments}
        self.named: dict[str, str] = {}

    def let(self, kind: str, text: str) -> str:
        """Return the name of the step that holds ``text``; ``kind`` is the letter that it begins with."""
        if text not in self.named:
            number = 1
            while f"{kind}_{number}".upper() in self.taken:
                number += 1
            self.named[text] = f"{kind}_{number}"
            self.taken.add(self.named[text].upper())
        return self.named[text]

    def needed(self, answer: str) -> tuple[tuple[str, str], ...]:
        """Return the steps that ``answer`` needs, itself or through others."""
        wanted, kept = set(_WORD.findall(answer)), []
        for text, name in reversed(self.named.items()):
            if name in wanted:
                kept.append((name, text))
                wanted.update(_WORD.findall(text))
        return tuple(reversed(kept))


def total(terms: Sequence[str]) -> str:
    """Return the sum of ``terms``: 0, or the first error among them."""
    return "+".join(dict.fromkeys(terms)) or "0"


def first_of(cases: Sequence[tuple[str, str]], otherwise: str) -> str:
    """Return nested ``IF``s: the answer of the first condition that holds."""
    for condition, answer in reversed(cases):
        otherwise = f"IF({condition},{answer},{otherwise})"
    return otherwise


def text_constant(text: str) -> str:
    """Return a text as it is written in a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
