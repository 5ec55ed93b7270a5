"""A scorecard as text, JSON, CSV or a workbook.

``render_text``, ``render_json`` and ``render_csv`` return text; ``write_xlsx`` and ``write_report`` make
files. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metricsheet.report.data.csv import render_csv as render_csv
    from metricsheet.report.data.json import render_json as render_json
    from metricsheet.report.data.json_schema import result_schema as result_schema
    from metricsheet.report.text.report import render_text as render_text
    from metricsheet.report.write import write_report as write_report
    from metricsheet.report.xlsx.workbook import write_xlsx as write_xlsx

__all__ = ["render_csv", "render_json", "render_text", "result_schema", "write_report", "write_xlsx"]

_HOMES = {
    "render_csv": "data.csv",
    "render_json": "data.json",
    "render_text": "text.report",
    "result_schema": "data.json_schema",
    "write_report": "write",
    "write_xlsx": "xlsx.workbook",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    found: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
