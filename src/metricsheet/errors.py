"""Problems of definitions, of workbooks and of use: three worlds that never mix.

Definitions give ``Diagnostic`` values, all collected and raised once in a ``DefinitionError``. Data gives
error values and reasons (``metricsheet.values``). Hosts and files give ``WorkbookError``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from metricsheet.language.message import Message, say
from metricsheet.language.words import labelled, term
from metricsheet.records import record
from metricsheet.source import Place

Severity = Literal["error", "warning"]


@record
class Diagnostic:
    """One problem of a definition, with its place, what was expected and how to fix it.

    ``related`` are other places that belong to the problem, such as the first of two equal keys. ``code`` is
    stable and documented: that of the message, unless one message tells of several.
    """

    message: Message
    place: Place | None = None
    hint: Message | None = None
    severity: Severity = "error"
    related: tuple[tuple[Place, Message], ...] = ()
    code: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", self.code or self.message.code)

    def render(self, language: str = "en") -> str:
        """Return the text shown to people: head line, source line with caret, related places, hint."""
        head = f"{self.severity}[{self.code}]: {say(self.message, language)}"
        lines = [head] if self.place is None else [f"{self.place}: {head}", *_excerpt(self.place)]
        for place, text in self.related:
            lines.append(f"  = {say(Message('text_at', text=text, place=str(place)), language)}")
        if self.hint:
            lines.append(f"  = {hint_line(self.hint, language)}")
        return "\n".join(lines)


def _excerpt(place: Place) -> list[str]:
    """Return the source line and a caret below its column; wide letters take two cells of a terminal."""
    # what cannot be seen is shown as a dot: the place stays true, and no file steers the terminal
    text = "".join(c if c.isprintable() else "·" for c in place.source.line(place.line))
    start = max(0, place.column - 60)
    shown = text[start : start + 100]
    before = text[start : place.column - 1]
    pad = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)
    pad += max(0, place.column - 1 - len(text))
    gutter = f"{place.line:>5} | "
    return [gutter + shown, " " * (len(gutter) - 2) + "| " + " " * pad + "^"]


class MetricsheetError(Exception):
    """The base of every exception that metricsheet raises on purpose."""


class DefinitionError(MetricsheetError):
    """Definitions that cannot be used; ``diagnostics`` holds every problem found, in file order."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(d.render() for d in self.diagnostics))


class WorkbookError(MetricsheetError):
    """A data file or host that cannot be used; ``code`` is stable, ``hint`` says what would help."""

    def __init__(self, code: str, message: Message, hint: Message | None = None) -> None:
        self.code, self.message, self.hint = code, message, hint
        super().__init__(str(message))


class UsageError(MetricsheetError):
    """A call or command line that asks for something impossible."""

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        self.message, self.hint = message, hint
        super().__init__(str(message))


def hint_line(hint: Message, language: str = "en") -> str:
    """Return a hint with the word for it."""
    return labelled(term("explain.hint", language), say(hint, language), language)


def did_you_mean(word: str, known: Iterable[str]) -> Message | None:
    """Return the hint that asks for the closest known name, or ``None`` when none is close."""
    import difflib

    by_fold = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, 1, 0.6)
    return Message("did_you_mean", name=by_fold[close[0]]) if close else None
