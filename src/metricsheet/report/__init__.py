"""A scorecard in every form there is.

``write_report`` makes files; ``render_text`` and the other renderers of ``report/formats.py`` return text, or
the bytes of a workbook. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from metricsheet.report.data.json_schema import result_schema as result_schema
    from metricsheet.report.style import TextStyle as TextStyle
    from metricsheet.report.write import write_report as write_report

_HOMES = {
    "TextStyle": "style.TextStyle",
    "result_schema": "data.json_schema.result_schema",
    "write_report": "write.write_report",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    from metricsheet.report.formats import RENDERERS, renderer

    home = _HOMES.get(name) or RENDERERS.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = renderer(home)
    return found
