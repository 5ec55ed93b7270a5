"""``metricsheet mcp``: a server of the Model Context Protocol, over the protocol's SDK for Python.

Every answer is what the command line prints, made by running it: the same numbers, the same refusals, with n,
interval, status, reason and the cells they come from. Nothing is written, and nothing outside of the folder
is read.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field, create_model

from metricsheet._version import __version__
from metricsheet.catalog.definitions import Catalog, in_language
from metricsheet.language.message import say
from metricsheet.mcp.folder import Folder, RefusedError
from metricsheet.prepared import prepare
from metricsheet.report.data.json_schema import result_schema

_INSTRUCTIONS = """Metrics of the customer lifecycle, computed from the workbooks and CSV files of one folder.
Take numbers from query_metrics only, and give with each what it rests on (rests_on, interval), its status and
its period. A value of null is a refusal: give its reason, and never a number of your own in its place. Where
a problem has choices, ask the person which is meant, and give the answer as mapping."""

_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Name = Annotated[str, Field(description="a metric, input, rule or kind of table, by key or label")]
Stage = Annotated[
    Literal["attract", "capture", "nurture", "convert", "expand"] | None,
    Field(description="only of this stage"),
]
Pool = Annotated[bool, Field(description="take all files as one table")]
Files = Annotated[
    list[str], Field(description="workbooks, CSV or Parquet files, or folders: paths of list_files")
]
Metrics = Annotated[list[str], Field(description="metrics by key, as list_metrics names them", min_length=1)]
GroupBy = Annotated[list[str], Field(description="headers of columns to slice by")]
Period = Annotated[
    Literal["month", "quarter", "year"] | None, Field(description="a value per period, with trends")
]
Where = Annotated[list[str], Field(description='conditions on rows, all must hold: region = "EU"')]
Day = Annotated[str | None, Field(description="a date as 2024-01-31")]
Pairs = dict[str, str]
Mapped = Annotated[Pairs, Field(description='where inputs are: {"recommend_score": "NPS score"}')]
Read = Annotated[Pairs, Field(description='how files are read: {"dates": "dmy", "currency": "EUR"}')]
Settings = Annotated[Pairs, Field(description='facts about the company: {"company_stage": "new"}')]


def server(folder: Folder, *, metrics: str | None, language: str | None) -> MCPServer[Any]:
    """Return the server over ``folder``; its ``run`` speaks on standard input and output."""
    spoken = [f"--lang={language}"] if language else []
    last: list[tuple[list[str], dict[str, Any]]] = []

    def words(catalog: Catalog, text: Mapping[str, str]) -> str:
        return in_language(text, language or catalog.language)

    def said(command: str, *arguments: str) -> str:
        try:
            done = folder.run(command, arguments)
        except RefusedError as refused:
            raise ToolError(say(refused.message, language or "en")) from None
        if not done.out:
            raise ToolError(done.err.strip())
        return done.out

    def evaluated(files: list[str], pool: bool, options: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Return the scorecard of a query as the command line prints it, or that of the step before."""
        try:
            sources = folder.inside(files)
        except RefusedError as refused:
            raise ToolError(say(refused.message, language or "en")) from None
        arguments = ["--format=json", *spoken, *(["--pool"] if pool else [])]
        for name, value in {**options, **more}.items():
            several = [f"{key}={one}" for key, one in value.items()] if isinstance(value, dict) else value
            arguments += [f"--{name}={one}" for one in ([value] if isinstance(value, str) else several or ())]
        arguments += ["--", *sources]
        asked, found = last.pop() if last else ([], {})
        if asked != arguments:
            found = json.loads(said("evaluate", *arguments))
        last[:] = [(arguments, found)]
        return found

    def list_files() -> list[str]:
        """List the workbooks and CSV files that can be evaluated."""
        return folder.files()

    def list_metrics(stage: Stage = None) -> list[dict[str, Any]]:
        """List the metrics: key, label, stage, kind, unit, which way is better, inputs and formula."""
        catalog = prepare(metrics).catalog
        return [
            {
                "name": metric.key,
                "label": words(catalog, metric.label),
                "stage": metric.stage,
                "kind": metric.kind,
                "unit": metric.unit,
                "better": metric.better,
                "inputs": list(metric.plan.inputs),
                "formula": metric.formula,
            }
            for metric in catalog.metrics.values()
            if stage in (None, metric.stage)
        ]

    def list_rules(stage: Stage = None) -> list[dict[str, Any]]:
        """List the rules: key, stage, severity, and what each says when it fires."""
        catalog = prepare(metrics).catalog
        return [
            {
                "name": rule.key,
                "stage": rule.stage,
                "severity": rule.severity,
                "finding": words(catalog, rule.finding),
            }
            for rule in catalog.rules.values()
            if stage in (None, rule.stage)
        ]

    def explain(name: Name) -> str:
        """Say what a metric, input, rule or kind of table means, how it is judged and where it is written."""
        return said("explain", *spoken, "--", name)

    def check_definitions() -> str:
        """Say everything that is wrong with the definitions in use, with places and hints."""
        return said("check", *spoken)

    def column_meant(
        context: Context[Any, Any],
        files: list[str],
        metrics: list[str],
        group_by: list[str],
        period: str | None,
        where: list[str],
        since: str | None,
        until: str | None,
        mapping: Pairs,
        read: Pairs,
        settings: Pairs,
        pool: bool,
    ) -> Elicit[Any] | None:
        """Ask which column is meant where several fit; a client that cannot ask gets the choices."""
        last.clear()  # files may have changed since the call before
        can = context.client_capabilities
        if can is None or can.elicitation is None:
            return None
        options = {"by": group_by, "period": period, "where": where, "from": since, "to": until}
        found = evaluated(files, pool, options, only=metrics, map=mapping, read=read, set=settings)
        asked: dict[str, Any] = {}
        for number, problem in enumerate(found["problems"], 1):
            places = tuple(one["value"] for one in problem["choices"] if one["option"] == "map")
            if places:
                asked[f"column_{number}"] = (Literal[places], Field(description=problem["message"]))
        if not asked:
            return None
        message = "; ".join(field.description for _, field in asked.values())
        return Elicit(message, create_model("Columns", **asked))

    def query_metrics(
        files: Files,
        metrics: Metrics,
        chosen: Annotated[ElicitationResult[BaseModel], Resolve(column_meant)],
        group_by: GroupBy = [],  # noqa: B006  # a default of the tool's schema, changed by nobody
        period: Period = None,
        where: Where = [],  # noqa: B006
        since: Day = None,
        until: Day = None,
        mapping: Mapped = {},  # noqa: B006
        read: Read = {},  # noqa: B006
        settings: Settings = {},  # noqa: B006
        pool: Pool = False,
    ) -> dict[str, Any]:
        """Compute metrics over files: value, n, interval, status, reason, trend and the cells behind each."""
        if isinstance(chosen, AcceptedElicitation) and isinstance(chosen.data, BaseModel):
            pairs = (answer.partition("=") for answer in chosen.data.model_dump().values())
            mapping = {**mapping, **{name: place for name, _, place in pairs}}
        options = {"by": group_by, "period": period, "where": where, "from": since, "to": until}
        return evaluated(files, pool, options, only=metrics, map=mapping, read=read, set=settings)

    functions = (list_files, list_metrics, list_rules, explain, check_definitions, query_metrics)
    tools = [Tool.from_function(function, annotations=_READS) for function in functions]
    tools[-1].fn_metadata.output_schema = result_schema()
    return MCPServer(
        "metricsheet", version=__version__, instructions=_INSTRUCTIONS, tools=tools, log_level="WARNING"
    )
