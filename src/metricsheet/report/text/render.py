"""A scorecard as text: its overview, or the parts that were asked for."""

from __future__ import annotations

from metricsheet.catalog.definitions import Catalog
from metricsheet.report.formatter import ResultFormatter
from metricsheet.report.overview import overview
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.report.text.overview import first_screen
from metricsheet.report.text.page import Page


def render_text(scorecard: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the report of a scorecard as text, ending in a line break: its overview, or the parts asked."""
    formatter = ResultFormatter(scorecard, catalog, style.language or scorecard.language)
    # fonts for Japanese draw "─" two cells wide: a rule of them would run over the page
    page = Page(style, "-" if formatter.language == "ja" else "─")
    if style.show:
        from metricsheet.report.text.report import add_parts  # most runs show none of them

        add_parts(page, formatter, style.show)
    else:
        first_screen(page, formatter, overview(scorecard, catalog))
    return page.text()
