"""Collects every problem of every definition file, so that one run shows them all."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.errors import Diagnostic, Severity
from metricsheet.language.message import Message
from metricsheet.source import Place

MOST_SHOWN = 400
"""Problems kept of one run; a file of another kind altogether would otherwise give one per line."""


class Problems:
    """The diagnostics of one load, in the order in which they were found.

    A line whose YAML is already refused takes no further problem: what was read of it is not what the author
    meant, so anything said about it would only be noise.
    """

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.left_out = 0
        self.order: dict[str, int] = {}
        self._refused_lines: set[tuple[str, int]] = set()

    @property
    def errors(self) -> int:
        """The number of errors so far, warnings not counted."""
        return sum(d.severity == "error" for d in self.found) + self.left_out

    def syntax(self, message: Message, place: Place, hint: Message | None = None, code: str = "") -> None:
        """Add an error of the YAML itself and take no further problem on its line but others of this kind."""
        self._add(Diagnostic(message, place, hint, code=code))
        self._refused_lines.add((place.source.name, place.line))

    def error(
        self,
        message: Message,
        place: Place | None,
        hint: Message | None = None,
        related: tuple[tuple[Place, Message], ...] = (),
        code: str = "",
    ) -> None:
        """Add an error of what the definitions say; ``code`` is that of the message if it is not given."""
        self._about_meaning(Diagnostic(message, place, hint, "error", related, code))

    def warning(
        self,
        message: Message,
        place: Place | None,
        hint: Message | None = None,
        related: tuple[tuple[Place, Message], ...] = (),
    ) -> None:
        """Add a warning: the definitions can be used, but they may not say what was meant."""
        self._about_meaning(Diagnostic(message, place, hint, "warning", related))

    def extend(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Add diagnostics made elsewhere (by the formula compiler, say)."""
        for diagnostic in diagnostics:
            self._about_meaning(diagnostic)

    def refuses(self, place: Place) -> bool:
        """Return whether the YAML on the line of ``place`` is refused already."""
        return (place.source.name, place.line) in self._refused_lines

    def take(self, other: Problems) -> None:
        """Add everything that another collection holds, refused lines included."""
        for diagnostic in other.found:
            self._add(diagnostic)
        self.left_out += other.left_out
        self._refused_lines |= other._refused_lines

    def about(self, file_name: str) -> None:
        """Remember that ``file_name`` is read now; its problems are shown after those of earlier files."""
        self.order.setdefault(file_name, len(self.order))

    def in_order(self, severity: Severity | None = None) -> tuple[Diagnostic, ...]:
        """Return the problems file by file from top to bottom, those without a place first."""
        kept = [d for d in self.found if severity in (None, d.severity)]
        kept.sort(key=self._position)
        if self.left_out:
            kept.append(Diagnostic(Message("too_many_problems", count=self.left_out)))
        return tuple(kept)

    def _position(self, diagnostic: Diagnostic) -> tuple[int, int, int]:
        place = diagnostic.place
        if place is None:
            return (-1, 0, 0)
        return (self.order.get(place.source.name, len(self.order)), place.line, place.column)

    def _about_meaning(self, diagnostic: Diagnostic) -> None:
        if diagnostic.place is None or not self.refuses(diagnostic.place):
            self._add(diagnostic)

    def _add(self, diagnostic: Diagnostic) -> None:
        if len(self.found) >= MOST_SHOWN:
            self.left_out += diagnostic.severity == "error"
        elif diagnostic not in self.found[-3:]:
            self.found.append(diagnostic)
