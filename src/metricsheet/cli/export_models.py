"""``metricsheet export sql``, ``dbt`` and ``ossie``: the metrics of a kind of table for other engines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from metricsheet.cli.arguments import (
    add_definitions_option,
    add_repeated_option,
    command_parser,
    listed,
    load_definitions,
    pairs,
)
from metricsheet.engines.sql.dialect import DIALECTS
from metricsheet.errors import UsageError, WorkbookError
from metricsheet.language.message import Message, say
from metricsheet.options import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metricsheet.catalog.definitions import Catalog
    from metricsheet.export.semantic.model import SemanticModel

_EXAMPLES = {
    "sql": (
        "--table answers --from crm.survey --by region",
        "--table sales --map revenue=net --view -o sales.sql",
    ),
    "dbt": ("--table answers --from \"{{ ref('survey') }}\" -o models",),
    "ossie": ("--table answers -o answers.ossie.yaml",),
}


def parser(form: str) -> argparse.ArgumentParser:
    """Return the parser of a form."""
    p = command_parser(f"export {form}", *_EXAMPLES[form])
    p.like = "sql"
    p.add_argument("--table", metavar="KIND", required=True)
    p.add_argument("--from", dest="relation", metavar="TABLE")
    add_repeated_option(p, "--map", "INPUT=COLUMN")
    add_repeated_option(p, "--only", "KEYS")
    if form == "sql":
        p.add_argument("--dialect", metavar="NAME", choices=tuple(DIALECTS), default="duckdb")
        add_repeated_option(p, "--by", "COLUMN")
        p.add_argument("--period", choices=("month", "quarter", "year"))
        p.add_argument("--view", action="store_true")
    where = "FOLDER" if form == "dbt" else "FILE"
    p.add_argument("-o", "--output", metavar=where, type=Path, required=form == "dbt")
    add_definitions_option(p)
    return p


def run(form: str, arguments: list[str]) -> int:
    """Write the files, or print the one there is, and say which metrics are in them."""
    args = parser(form).parse_args(arguments)
    from metricsheet.catalog.named import find_keys
    from metricsheet.export.semantic.model import PORTABLE, model_of

    catalog = load_definitions(args.metrics)
    language = language_of(args.lang, catalog)
    only = find_keys(args.only, [catalog.metrics], "not_a.metric")
    dialect = DIALECTS[args.dialect] if form == "sql" else PORTABLE
    model = model_of(catalog, args.table, pairs("--map", args.map), only, dialect)
    if not model.formulas:
        raise UsageError(Message("nothing_to_export"))
    if form == "sql" and args.period and "date" not in model.inputs:
        raise UsageError(Message("no_dates_for_periods", table=model.kind.key), Message("map_the_dates"))
    made = _made(form, args, model, catalog, language)
    out = sys.stdout
    if args.output is None:
        out.write("".join(made.values()))
        out = sys.stderr
    else:
        for name, text in made.items():
            path = args.output / name if form == "dbt" else args.output
            _write(path, text)
            out.write(f"{say(Message('wrote', path=str(path)), language)}\n")
    out.write(f"{say(Message('exported_metrics', count=len(model.formulas)), language)}\n")
    for metric, why in model.left_out:
        out.write(f"  {say(Message('metric_left_out', metric=metric.key, reason=why), language)}\n")
    return 0


def _made(
    form: str, args: argparse.Namespace, model: SemanticModel, catalog: Catalog, language: str
) -> Mapping[str, str]:
    """Return the texts of the files by their names."""
    kind = model.kind.key
    if form == "dbt":
        from metricsheet.export.semantic.dbt import dbt_model, dbt_name, dbt_yaml

        relation = args.relation or f"{{{{ ref('{kind}') }}}}"
        return {
            f"{dbt_name(model)}.sql": dbt_model(model, relation),
            f"{dbt_name(model)}.yml": dbt_yaml(model, catalog, language),
        }
    from metricsheet.export.semantic.sql import sql_text

    if form == "ossie":
        from metricsheet.export.semantic.ossie import ossie_yaml

        return {"": ossie_yaml(model, catalog, args.relation or kind, language)}
    dialect, by = DIALECTS[args.dialect], listed(args.by)
    return {"": sql_text(model, catalog, dialect, args.relation or kind, by, args.period, view=args.view)}


def _write(path: Path, text: str) -> None:
    """Write a file whole; raise ``UsageError`` where one is in its place that is not ours."""
    from metricsheet.report.atomic import whole_file

    begin = text[: text.index("\n")].split(",")[0]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(begin):
            raise UsageError(Message("not_ours", path=str(path)), Message("choose_another_name"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WorkbookError(
            "not_written", Message("cannot_write.because", path=str(path), reason=reason)
        ) from None
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
