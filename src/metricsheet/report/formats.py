"""The forms a report can have, one row each: a form is added here and in the module that renders it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from metricsheet.records import field, record

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog
    from metricsheet.report.scorecard import Scorecard
    from metricsheet.report.style import TextStyle


@record
class Format:
    """A form of report: its name after ``--format``, the ending of its files, and what makes it.

    ``renderer`` is a function of a module below ``metricsheet.report``, imported when it is needed. It is
    called with a scorecard, a catalog or ``None``, and a ``TextStyle``, and returns text, or bytes where
    ``binary``. ``parts`` are the renderers of further files beside the first, by what is before their
    ending; ``tables`` those of the table that ``--show`` chooses in their place; ``file_start`` is a text
    that files begin with. People write files of a ``handwritten`` ending themselves: one is only written over
    where it begins with ``file_start``. ``streams`` names for a renderer the one that gives the same text
    piece by piece. A form for a ``terminal`` follows its encoding; the others are UTF-8 everywhere.
    What is an ``overview`` where nothing else is asked holds no more than it shows. Where ``each_source`` is
    reported by itself, reports of several are one after the other.
    """

    name: str
    suffix: str
    renderer: str
    binary: bool = False
    terminal: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)
    streams: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    file_start: str = ""
    handwritten: bool = False
    each_source: bool = False
    overview: bool = False

    def render(
        self, scorecard: Scorecard, catalog: Catalog | None, style: TextStyle, part: str = ""
    ) -> str | bytes:
        """Return the report, or its further file called ``part``."""
        rendered: str | bytes = renderer(self._name(style.show, part))(scorecard, catalog, style)
        return rendered

    def render_pieces(
        self, scorecard: Scorecard, catalog: Catalog | None, style: TextStyle, part: str = ""
    ) -> Iterable[str | bytes]:
        """Yield what ``render`` returns, piece by piece where the form can."""
        stream = self.streams.get(self._name(style.show, part))
        if stream is None:
            return [self.render(scorecard, catalog, style, part)]
        found: Iterable[str] = renderer(stream)(scorecard, catalog, style)
        return found

    def holds_little(self, shown: Sequence[str]) -> bool:
        """Return whether the report, of ``shown`` parts, is made without holding all results."""
        return self._name(shown, "") in self.streams or (not shown and self.overview)

    def _name(self, shown: Sequence[str], part: str) -> str:
        table = self.tables.get(part or shown[0]) if shown else None
        return table or (self.parts[part] if part else self.renderer)


def renderer(name: str) -> Any:
    """Return the function that a row of the table names."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(f"metricsheet.report.{module}"), function)


_ROWS = (
    Format("text", ".txt", "text.overview.render_text", terminal=True, overview=True),
    Format(
        *("json", ".json", "data.json.render_json"),
        streams={"data.json.render_json": "data.json.json_stream"},
    ),
    Format("jsonl", ".jsonl", "data.json.render_json_lines", each_source=True),
    Format(
        *("csv", ".csv", "data.csv.render_csv"),
        parts={"findings": "data.csv.render_findings_csv", "problems": "data.csv.render_problems_csv"},
        streams={
            "data.csv.render_csv": "data.csv.csv_stream",
            "data.csv.render_findings_csv": "data.csv.findings_csv_stream",
        },
        tables={
            "all": "data.csv.render_csv",
            "findings": "data.csv.render_findings_csv",
            "inputs": "data.csv.render_inputs_csv",
            "comparison": "data.csv.render_comparison_csv",
            "movements": "data.csv.render_movements_csv",
            "cohorts": "data.csv.render_cohorts_csv",
            "lifetime": "data.csv.render_lifetime_csv",
        },
        file_start="\ufeff",  # so that Excel reads the file as UTF-8
    ),
    Format(
        *("md", ".md", "text.markdown.render_markdown"),
        file_start="<!-- metricsheet -->\n",  # which no page shows
        handwritten=True,
        overview=True,
    ),
    Format(
        *("html", ".html", "html.page.render_html"),
        file_start="<!doctype html>\n<!-- metricsheet -->\n",
        handwritten=True,
    ),
    Format("xlsx", ".xlsx", "xlsx.workbook.render_xlsx", binary=True),
)
FORMATS: Mapping[str, Format] = {row.name: row for row in _ROWS}
"""The forms by name, the usual one first."""

RENDERERS: Mapping[str, str] = {
    name.rpartition(".")[2]: name
    for row in _ROWS
    for name in (row.renderer, *row.parts.values(), *row.tables.values())
}
"""The name of every renderer's function, with where it is."""
