"""A scorecard as CSV: one row per result; findings and problems as files of their own.

A text that a spreadsheet program would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from metricsheet.catalog.definitions import Catalog
from metricsheet.language.currencies import SINGLE_SIGNS
from metricsheet.language.letters import steady
from metricsheet.patterns import late
from metricsheet.report.arrangement import arrange
from metricsheet.report.frame import (
    comparison_table,
    findings_table,
    problems_table,
    result_columns,
    result_rows,
    slice_columns,
)
from metricsheet.report.ledger import COHORT_COLUMNS, MOVEMENT_COLUMNS, cohort_rows, movement_rows
from metricsheet.report.lifetime import lifetime_table
from metricsheet.report.scorecard import Scorecard
from metricsheet.report.style import PLAIN, TextStyle

# what cuts cells in other countries and programs, for which the quotes of this file mean nothing there
_CUTS = ";|\t\r\n"
_FORMULA_START = late(
    rf"\A(?=[ \u00a0\u3000]*[\t\r\n])|(?:\A[ \u00a0\u3000]*|[{_CUTS}][ \u00a0\u3000\"]*)"
    r"([=+\-@\uff1d\uff0b\uff0d\uff20])"
)
# a signed number as people write it is no formula: -14.7, +1,200, -12,3 %, -$5.00, -1.5:1; letters before
# the digits could name a cell
_SIGNED_NUMBER = late(
    rf"[+-][{SINGLE_SIGNS}%]?\d[\d.,]*+(?:[ \u00a0]?[%{SINGLE_SIGNS}]|:1)?+(?=[{_CUTS}]|\Z)"
)
_PIECE = 1 << 16
_COUNTS = ("used", "blank", "text", "rejected", "read_from_text", "left_out", "tidied")


def render_csv(scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN) -> str:
    """Return the results as CSV text with a heading line: numbers in full, percent as fractions."""
    return "".join(csv_stream(scorecard))


def csv_stream(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> Iterator[str]:
    """Yield the text of ``render_csv`` piece by piece."""
    slices = slice_columns(scorecard.results)
    return _pieces(result_columns(slices), result_rows(scorecard.results, slices))


def render_findings_csv(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return the outcome of every rule as CSV text with a heading line."""
    return "".join(findings_csv_stream(scorecard))


def findings_csv_stream(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> Iterator[str]:
    """Yield the text of ``render_findings_csv`` piece by piece."""
    return _pieces(*findings_table(scorecard))


def render_problems_csv(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return the problems of the data as CSV text with a heading line."""
    return _csv(*problems_table(scorecard))


def render_inputs_csv(scorecard: Scorecard, catalog: Catalog | None = None, _style: TextStyle = PLAIN) -> str:
    """Return every input with its cells as CSV text, and the columns that nothing used with their guesses."""
    rows = [
        *(
            (source.source, use.input, use.where, *(getattr(use, name) for name in _COUNTS), None)
            for source in arrange(scorecard, catalog)
            for use in source.inputs
        ),
        *(
            (source, None, one.where, *(None for _ in _COUNTS), " ".join(one.guesses))
            for source, one in scorecard.unused
        ),
    ]
    return _csv(("source", "input", "from", *_COUNTS, "guesses"), rows)


def render_comparison_csv(
    scorecard: Scorecard, catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return sources or slices by metric as CSV text: value, status and reason of each, worst row first.

    Without several sources or slices there is a heading line alone.
    """
    return _csv(*comparison_table(scorecard, catalog))


def render_movements_csv(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return what every customer did in every period as CSV text, with the rows that it comes from."""
    return _csv(MOVEMENT_COLUMNS, movement_rows(scorecard))


def render_cohorts_csv(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return every cohort at every age as CSV text."""
    return _csv(COHORT_COLUMNS, cohort_rows(scorecard))


def render_lifetime_csv(
    scorecard: Scorecard, _catalog: Catalog | None = None, _style: TextStyle = PLAIN
) -> str:
    """Return what is expected of each customer as CSV text; of a source without a forecast, why."""
    return _csv(*lifetime_table(scorecard))


@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet program computes it: with an apostrophe before a formula.

    Formulas start with ``= + - @`` (also full-width), a tab or a line break; spaces before do not help. A
    reader that cuts cells at ``;``, tabs or lines finds none there either. Letters that only steer a terminal
    are left out.
    """
    text = steady(text, keep="\t\r\n", instead="")
    return _FORMULA_START.sub(lambda found: _apostrophe(found, text), text)


def _apostrophe(found: re.Match[str], text: str) -> str:
    """Return the start of a formula with an apostrophe before it; that of a number as it is."""
    if found[1] is None:
        return "'"
    number, first = _SIGNED_NUMBER.match(text, found.start(1)), found[0][0] not in _CUTS
    # whoever cuts a cell before the number must cut it behind as well: at the same sign, or with the line
    ends = {"", "\r", "\n"} if first else {"", "\r", "\n", found[0][0]}
    if number is not None and text[number.end() : number.end() + 1] in ends:
        return found[0]
    return f"'{found[0]}" if first else f"{found[0][:-1]}'{found[1]}"


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # not a number, or too large for one, must not reach a reader as text
        return repr(value) if value - value == 0 else ""
    return harmless(value) if isinstance(value, str) else value


def _csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return "".join(_pieces(columns, rows))


def _pieces(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if text.tell() > _PIECE:
            yield text.getvalue()
            text.seek(text.truncate(0))
    yield text.getvalue()
