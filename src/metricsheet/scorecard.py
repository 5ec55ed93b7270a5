"""The scorecard as Python programs and notebooks hold it: tables, files, and an overview to look at."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metricsheet.report import scorecard

if TYPE_CHECKING:
    import pandas


class Scorecard(scorecard.Scorecard):
    """Everything one evaluation found, as ``report.scorecard`` says, with what can be made of it."""

    __slots__ = ()

    def to_frame(self, what: str = "results") -> pandas.DataFrame:
        """Return a table as a pandas DataFrame: ``results``, ``findings``, ``problems``, ``comparison`` or
        ``lifetime``.

        Results have a row each, slice keys as columns of their own. Raises ``UsageError`` for another name.
        """
        from metricsheet.report.frame import frame_of

        return frame_of(self, what)

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON holds, as plain dicts, lists, texts and numbers."""
        from metricsheet.report.data.json import as_json

        return as_json(self, self.catalog)

    def write(
        self,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002
        show: Sequence[str] = (),
    ) -> tuple[Path, ...]:
        """Write a report in the form of the path's ending, or of ``format``; return the files made.

        ``show`` are its parts, as after ``--show``. Raises what ``report.write_report`` raises.
        """
        from metricsheet.report.style import TextStyle
        from metricsheet.report.write import parts_shown, report_format, write_report

        form = report_format(format, Path(path))
        style = TextStyle(show=parts_shown(show, form))
        return write_report(self, self.catalog, form.name, Path(path), sys.stdout, style)

    def __repr__(self) -> str:
        sources = dict.fromkeys(result.source for result in self.results)
        valued = len({(r.source, r.metric) for r in self.results if r.value is not None})
        fired = sum(finding.outcome == "fired" for finding in self.findings)
        names = ", ".join([*sources][:3]) + " …" * (len(sources) > 3)
        counts = f"{valued} metrics with a value, {fired} findings, {len(self.problems)} problems"
        return f"<Scorecard of {names or 'nothing'}: {counts}>"

    def _repr_html_(self) -> str:
        """Return the overview for a notebook, in a frame of its own so that styles do not mix."""
        from metricsheet.report.html.page import overview_frame

        return overview_frame(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the results for any library that reads Arrow; pandas needs ``pyarrow`` for that."""
        return self.to_frame().__arrow_c_stream__(requested_schema)  # type: ignore[attr-defined,unused-ignore]
