"""``metricsheet export``: definitions and results as something that runs or is read without metricsheet."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import command_parser
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message

if TYPE_CHECKING:
    import argparse
    from types import ModuleType

FORMS = {
    "lambda": "export_lambda",
    "results": "export_results",
    **dict.fromkeys(("sql", "dbt", "ossie"), "export_models"),
}
"""The forms, and the module that makes each."""


def _module(form: str) -> ModuleType:
    return importlib.import_module(f"metricsheet.cli.{FORMS[form]}")


def parser(form: str = "") -> argparse.ArgumentParser:
    """Return the parser of a form, or of what there is without one."""
    if form:
        found: argparse.ArgumentParser = _module(form).parser(form)
        return found
    p = command_parser("export", *(f"{form} --help" for form in FORMS))
    p.add_argument("form", metavar="FORM")
    return p


def run(arguments: list[str]) -> int:
    """Export what the first argument names; return the exit code."""
    if arguments and arguments[0] in FORMS:
        form, *others = arguments
        code: int = _module(form).run(form, others)
        return code
    form = parser().parse_args(arguments).form
    hint = did_you_mean(form, FORMS) or Message("help_lists", command="metricsheet export")
    raise UsageError(Message("usage.not_a_choice", value=form, choices=", ".join(FORMS)), hint)
