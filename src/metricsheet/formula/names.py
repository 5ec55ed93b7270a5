"""What a formula may call by name."""

from __future__ import annotations

from typing import Literal

from metricsheet.records import record

NameKind = Literal["input", "metric", "parameter", "cell"]
NameType = Literal["number", "text", "date", "flag", "any"]


@record
class NameInfo:
    """A name that formulas may use.

    An ``input`` is a column of a table and a ``cell`` a range bound by a caller: both can be aggregated, and
    stand for their total where one value is needed. A ``metric`` or a ``parameter`` is one value. ``unit`` is
    a metric unit such as ``money`` or ``days``, or ``None`` where nothing is known.
    """

    kind: NameKind
    type: NameType = "any"
    unit: str | None = None

    @property
    def is_column(self) -> bool:
        """Whether the name stands for many cells."""
        return self.kind in ("input", "cell")
