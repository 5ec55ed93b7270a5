"""Why a whole column of values cannot be used."""

from __future__ import annotations

from metricsheet.records import record


@record
class ReadTrouble:
    """A reason that stops a column: a stable ``code``, a ``message`` with examples, a mending ``hint``."""

    code: str
    message: str
    hint: str = ""
