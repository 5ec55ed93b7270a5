"""Why a whole column of values cannot be used."""

from __future__ import annotations

from metricsheet.language.message import Message
from metricsheet.records import record


@record
class Refusal:
    """A reason that stops a column: a stable ``code``, a ``message`` with examples, a ``hint`` to fix it.

    ``text`` is the cell that is to blame, where it is one.
    """

    code: str
    message: Message
    hint: Message | None = None
    text: str | None = None
