"""What stopped the reading of YAML, and what came of looking at it."""

from __future__ import annotations

from metricsheet.catalog.yaml.tree import At
from metricsheet.language.message import Message
from metricsheet.records import field, record

MOST_LEVELS = 40


@record
class Recovery:
    """A problem with its place and fix; ``changed`` maps line indices (from 0) to the lines as meant."""

    message: Message
    at: At
    hint: Message | None = None
    changed: dict[int, str] = field(default_factory=dict)
    code: str = ""


def too_deep(at: At) -> Recovery:
    """Return the problem of a value at ``at`` that lies below more levels than a file may have."""
    return Recovery(Message("nested_too_deep", most=MOST_LEVELS), at)


@record
class ParseFailure:
    """Where PyYAML stopped: indices from 0; ``context`` is where the thing it was reading began."""

    lines: list[str]
    line: int
    column: int
    context_line: int
    context_column: int

    @property
    def text(self) -> str:
        """The line at which reading stopped."""
        return self.lines[self.line] if self.line < len(self.lines) else ""
