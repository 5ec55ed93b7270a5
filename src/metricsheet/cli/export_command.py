"""``metricsheet export``: definitions and results as something that runs or is read without metricsheet."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message

if TYPE_CHECKING:
    import argparse
    from types import ModuleType

_MODULES = {"lambda": "export_lambda", "results": "export_results"}
FORMS = {
    "lambda": "the metrics as functions of a workbook, with nothing to install (Excel's LAMBDA)",
    "results": "what sources give as tables for Power BI and others: Parquet files, DuckDB or PostgreSQL",
    "sql": "the metrics of a kind of table as a query or view of a database",
    "dbt": "the metrics of a kind of table as a semantic model of dbt (MetricFlow)",
    "ossie": "the metrics of a kind of table as a semantic model of Apache Ossie",
}

_HELP = """usage: metricsheet export FORM [options]

forms:
{forms}

metricsheet export FORM --help   the options of a form
"""


def _module(form: str) -> ModuleType:
    return importlib.import_module(f"metricsheet.cli.{_MODULES.get(form, 'export_models')}")


def parser(form: str) -> argparse.ArgumentParser:
    """Return the parser of a form."""
    found: argparse.ArgumentParser = _module(form).parser(form)
    return found


def run(arguments: list[str]) -> int:
    """Export what the first argument names; return the exit code."""
    form = arguments[0] if arguments else ""
    if form in FORMS:
        code: int = _module(form).run(form, arguments[1:])
        return code
    if form in ("", "-h", "--help"):
        forms = "\n".join(f"  {name:<10}{text}" for name, text in FORMS.items())
        sys.stdout.write(_HELP.format(forms=forms))
        return 0 if form else 2
    hint = did_you_mean(form, FORMS) or Message("help_lists", command="metricsheet export")
    raise UsageError(Message("usage.not_a_choice", value=form, choices=", ".join(FORMS)), hint)
