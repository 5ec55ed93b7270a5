"""Says in plain words why YAML stopped at a line, how to write it, and how to go on behind it.

PyYAML stops at the first thing it cannot read. Each function in the table knows one family of such stops: it
names the problem in the words of the file, and gives the lines as they were most likely meant, so that
reading can start again and find the next problem in the same run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from metricsheet.catalog.yaml import recovery_layout as layout
from metricsheet.catalog.yaml import recovery_values as value
from metricsheet.catalog.yaml.recovery_model import ParseFailure, Recovery, too_deep
from metricsheet.language.message import Message


def recover(lines: list[str], error: Any) -> Recovery:
    """Return what is wrong where ``error`` (a ``yaml.MarkedYAMLError``) stopped the reading."""
    mark = error.problem_mark or error.context_mark
    context = error.context_mark or mark
    line, column = mark.line, mark.column
    if not "".join([lines[line][column:] if line < len(lines) else "", *lines[line + 1 :]]).strip():
        line, column = len(lines), 0  # the two scanners of PyYAML put the end of a file at different places
    stopped = ParseFailure(lines, line, column, context.line, context.column)
    words = f"{error.context or ''}; {error.problem or ''}"
    for pattern, explain in _EXPLANATIONS:
        if re.search(pattern, words):
            found = explain(stopped)
            if found is not None:
                return found
    at = (mark.line + 1, mark.column + 1) if mark.line < len(lines) else (len(lines), 1)
    return Recovery(Message("yaml_syntax", problem=error.problem), at)


def _too_deep(stopped: ParseFailure) -> Recovery:
    """PyYAML has a limit of its own, far above ours, and looks ahead: it can stop before we counted."""
    return too_deep((min(stopped.line, len(stopped.lines) - 1) + 1, stopped.column + 1))


_EXPLANATIONS: tuple[tuple[str, Callable[[ParseFailure], Recovery | None]], ...] = (
    (r"nesting depth", _too_deep),
    (r"directive|incompatible YAML", layout.directive),
    (r"document start", layout.after_document),
    (r"scanning a block scalar", value.text_block),
    (r"cannot start any token|mapping keys are not allowed", value.at_mark),
    (r"(scanning|parsing) an? (alias|anchor)", value.text_block),
    (r"(scanning|parsing) a tag|tag handle|parsing a node", value.text_block),
    (r"mapping values are not allowed", layout.second_colon),
    (r"sequence entries are not allowed", layout.list_on_line),
    (r"quoted scalar; .*(end of stream|document)", value.unclosed_quote),
    (r"quoted scalar; .*(escape|hexdecimal)", value.escape),
    (r"parsing a flow", value.brackets),
    (r"simple key", layout.no_colon),
    (r"block (mapping|collection)", layout.in_block),
)
