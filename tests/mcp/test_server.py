"""What an assistant gets over the Model Context Protocol, asked with the SDK's own client."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from metricsheet.cli.main import main
from metricsheet.language import LANGUAGES
from metricsheet.report.data.json_schema import result_schema
from tests.stages import STAGE, some

mcp = pytest.importorskip("mcp", reason="the SDK of the Model Context Protocol is not installed")
from mcp import Client, StdioServerParameters  # noqa: E402
from mcp.client.stdio import stdio_client  # noqa: E402
from mcp_types import ElicitResult  # noqa: E402

from metricsheet.mcp.folder import Folder  # noqa: E402
from metricsheet.mcp.server import server  # noqa: E402

ROOT = Path(__file__).parents[2]
SCORES = (
    "Date,Region,Recommendation score\n2024-01-05,EU,9\n2024-01-09,EU,3\n2024-02-01,US,10\n2024-02-02,US,\n"
)
TWO = "Date,NPS score,Recommendation score\n2024-01-01,9,3\n2024-02-01,8,9\n2024-02-01,10,0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "served"
    (inside / "more").mkdir(parents=True)
    (inside / "scores.csv").write_text(SCORES, encoding="utf-8")
    (inside / "two.csv").write_text(TWO, encoding="utf-8")
    shutil.copy(ROOT / "examples" / "acme_lifecycle.xlsx", inside / "more" / "acme.xlsx")
    (tmp_path / "secret.csv").write_text(SCORES, encoding="utf-8")
    if hasattr(os, "symlink"):
        (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
        (inside / "all").symlink_to(tmp_path)
    return inside


def here(line: list[str], cwd: Path, **_: Any) -> Any:
    """Run a command in this process, without the limits that only a main thread can keep."""
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    os.chdir(cwd)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([one for one in line[3:] if not one.startswith("--limit=")])
    finally:
        os.chdir(before)
    return subprocess.CompletedProcess(line, code, out.getvalue().encode(), err.getvalue().encode())


@pytest.fixture(autouse=True)
def run_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run commands in this process but in deep, and where the process is what is tested."""
    if STAGE == "test" and not request.node.get_closest_marker("processes"):
        monkeypatch.setenv("COLUMNS", "100")
        fake = SimpleNamespace(run=here, DEVNULL=None, TimeoutExpired=subprocess.TimeoutExpired)
        monkeypatch.setattr("metricsheet.mcp.folder.subprocess", fake)


def made(folder: Path, **bounds: Any) -> Any:
    bounds = {"seconds": 60, "mb": 1000, "letters": 400_000, **bounds}
    return server(Folder(folder, metrics="builtin", **bounds), metrics="builtin", language=None)


def ask(folder: Any, tool: str, mode: str = "auto", answer: Any = None, **arguments: Any) -> Any:
    """Return what a tool answers; ``answer`` is what a person says when asked."""

    async def run() -> Any:
        async with Client(made(folder), mode=mode, elicitation_callback=answer) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def text(result: Any) -> str:
    return "\n".join(part.text for part in result.content)


def printed(folder: Path, *arguments: str) -> Any:
    line = [sys.executable, "-m", "metricsheet", "evaluate", "--metrics=builtin", "--format=json", *arguments]
    run = here if STAGE == "test" else subprocess.run
    return json.loads(run(line, cwd=folder, capture_output=True, check=False).stdout)


QUERIES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"files": ["scores.csv"], "metrics": ["nps"]}, ("--only", "nps", "./scores.csv")),
    (
        {"files": ["scores.csv"], "metrics": ["nps"], "group_by": ["Region"], "period": "month"},
        ("--only", "nps", "--by", "Region", "--period", "month", "./scores.csv"),
    ),
    (
        {"files": ["more"], "metrics": ["nps", "churn_rate"], "since": "2024-01-01", "until": "2024-12-31"},
        (
            "--only",
            "nps",
            "--only",
            "churn_rate",
            "--from",
            "2024-01-01",
            "--to",
            "2024-12-31",
            "more/acme.xlsx",
        ),
    ),
    (
        {"files": ["scores.csv"], "metrics": ["nps"], "where": ['Region = "EU"']},
        ("--only", "nps", "--where", 'Region = "EU"', "./scores.csv"),
    ),
    (
        {"files": ["two.csv"], "metrics": ["nps"], "mapping": {"recommend_score": "NPS score"}},
        ("--only", "nps", "--map", "recommend_score=NPS score", "./two.csv"),
    ),
    (
        {"files": ["scores.csv", "two.csv"], "metrics": ["nps"], "pool": True},
        ("--only", "nps", "--pool", "./scores.csv", "./two.csv"),
    ),
]


@pytest.mark.parametrize(("asked", "command"), some(QUERIES, test=2))
def test_a_query_is_answered_as_the_command_line_answers(
    folder: Path, asked: dict[str, Any], command: tuple[str, ...]
) -> None:
    found = ask(folder, "query_metrics", **asked)
    assert not found.is_error
    jsonschema.validate(found.structured_content, result_schema())
    assert found.structured_content == printed(folder, *command)


def test_what_is_refused_has_its_reason_and_the_choices(folder: Path) -> None:
    """A client that cannot ask a person gets no number, but what to ask for."""
    found = ask(folder, "query_metrics", files=["two.csv"], metrics=["nps"]).structured_content
    assert [r["value"] for r in found["results"]] == [None]
    (problem,) = [p for p in found["problems"] if p["code"] == "ambiguous"]
    assert problem["choices"] == [
        {"option": "map", "value": f"recommend_score={header}"}
        for header in ("NPS score", "Recommendation score")
    ]


@pytest.mark.parametrize(("mode", "choice", "value"), [("auto", 0, 200 / 3), ("legacy", 1, -100 / 3)])
def test_a_person_is_asked_which_column_is_meant(folder: Path, mode: str, choice: int, value: float) -> None:
    heard: list[Any] = []

    async def person(_context: Any, params: Any) -> ElicitResult:
        heard.append(params)
        (field,) = params.requested_schema["properties"].items()
        return ElicitResult(action="accept", content={field[0]: field[1]["enum"][choice]})

    found = ask(folder, "query_metrics", mode, person, files=["two.csv"], metrics=["nps"])
    assert [r["value"] for r in found.structured_content["results"]] == [pytest.approx(value)]
    assert [one.message for one in heard] == [
        "recommend_score may be NPS score (B2:B4), Recommendation score (C2:C4)"
    ]


@pytest.mark.parametrize(("mode", "action"), [("auto", "decline"), ("legacy", "cancel")])
def test_a_person_who_does_not_say_gets_no_number(folder: Path, mode: str, action: Any) -> None:
    async def person(_context: Any, _params: Any) -> ElicitResult:
        return ElicitResult(action=action)

    found = ask(folder, "query_metrics", mode, person, files=["two.csv"], metrics=["nps"])
    assert [r["value"] for r in found.structured_content["results"]] == [None]


REFUSED = [
    ({"files": ["../secret.csv"]}, "is outside"),
    ({"files": ["/etc/passwd"]}, "is outside"),
    ({"files": ["link.csv"]}, "is outside"),
    ({"files": ["all/secret.csv"]}, "is outside"),
    ({"files": ["all"]}, "is outside"),
    ({"files": ["score.csv"]}, "did you mean 'scores.csv'"),
    ({"files": ["*.csv"]}, "no file"),
    ({"files": ["--help"]}, "no file"),
    ({"files": []}, "no file"),
    ({"files": ["scores.csv"], "group_by": ["Regon"]}, "Regon"),
    ({"files": ["scores.csv"], "metrics": ["npss"]}, "did you mean 'nps'"),
    ({"files": ["scores.csv"], "metrics": ["nps", "-o"]}, "-o"),
    ({"files": ["scores.csv"], "metrics": []}, "metrics"),
    ({"files": ["scores.csv"], "period": "week"}, "period"),
    ({"files": ["scores.csv"], "since": "yesterday"}, "yesterday"),
    ({"files": ["scores.csv"], "where": ["Region = "]}, "expected a value"),
    ({"files": ["scores.csv"], "mapping": {"recomend_score": "x"}}, "recommend_score"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(("asked", "said"), some(REFUSED, test=6))
def test_what_cannot_be_asked_is_an_error_that_says_why(
    folder: Path, asked: dict[str, Any], said: str
) -> None:
    found = ask(folder, "query_metrics", **{"metrics": ["nps"], **asked})
    told = text(found)
    assert found.is_error or any(said in p["message"] for p in found.structured_content["problems"])
    assert said in told


def test_databases_are_not_opened(folder: Path) -> None:
    """A view in a database can read any file of the machine."""
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(folder / "own.duckdb")) as database:
        database.execute(f"CREATE VIEW v AS SELECT * FROM '{folder.parent / 'secret.csv'}'")
    found = ask(folder, "query_metrics", files=["own.duckdb"], metrics=["nps"])
    assert found.is_error
    assert ask(folder, "query_metrics", files=["."], metrics=["nps"]).structured_content == printed(
        folder, "--only", "nps", "more/acme.xlsx", "scores.csv", "two.csv"
    )


def test_a_file_that_changes_is_read_again(folder: Path) -> None:
    asked = {"files": ["scores.csv"], "metrics": ["nps"]}

    async def run(answer: Any) -> list[Any]:
        async with Client(made(folder), elicitation_callback=answer) as client:
            before = await client.call_tool("query_metrics", asked)
            (folder / "scores.csv").write_text(SCORES.replace("EU,3", "EU,9"), encoding="utf-8")
            after = await client.call_tool("query_metrics", asked)
            return [one.structured_content["results"][0]["value"] for one in (before, after)]

    async def person(_context: Any, _params: Any) -> ElicitResult:
        return ElicitResult(action="decline")

    for answer in (None, person):
        (folder / "scores.csv").write_text(SCORES, encoding="utf-8")
        assert asyncio.run(run(answer)) == [pytest.approx(100 / 3), 100.0]


def test_what_may_be_read_is_listed_without_what_lies_outside(folder: Path) -> None:
    assert ask(folder, "list_files").structured_content == {
        "result": [os.path.join("more", "acme.xlsx"), "scores.csv", "two.csv"]
    }


def test_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    ask(folder, "query_metrics", files=["."], metrics=["nps"])
    assert sorted(folder.rglob("*")) == before


def test_an_answer_that_nobody_can_read_is_refused(folder: Path) -> None:
    async def run() -> Any:
        async with Client(made(folder, letters=2000)) as client:
            return await client.call_tool("query_metrics", {"files": ["scores.csv"], "metrics": ["nps"]})

    found = asyncio.run(run())
    assert found.is_error
    assert "more than 2000" in text(found)


@pytest.mark.processes
def test_time_is_bounded(folder: Path) -> None:
    with open(folder / "long.csv", "w", encoding="utf-8") as file:
        file.write("Date,Recommendation score\n" + "2024-01-05,9\n" * 400_000)

    async def run() -> Any:
        async with Client(made(folder, seconds=0.001)) as client:
            return await client.call_tool("query_metrics", {"files": ["long.csv"], "metrics": ["nps"]})

    found = asyncio.run(run())
    assert [p["code"] for p in found.structured_content["problems"] if p["fatal"]] == ["over_limit"]


@pytest.mark.parametrize("tool", ["list_metrics", "list_rules"])
def test_definitions_are_listed(folder: Path, tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", tool.removeprefix("list_"), "--metrics", "builtin", "--stage", "attract"]) == 0
    shown = capsys.readouterr().out
    found = ask(folder, tool, stage="attract").structured_content["result"]
    assert len(found) > 2
    assert all(f" {one['name']} " in shown for one in found)
    assert all(one["stage"] == "attract" for one in found)


@pytest.mark.parametrize(
    ("tool", "arguments", "command"),
    [
        ("explain", {"name": "nps"}, ["explain", "nps"]),
        ("explain", {"name": "churn rate"}, ["explain", "churn rate"]),
        ("check_definitions", {}, ["check"]),
    ],
)
def test_words_are_those_of_the_command_line(
    folder: Path,
    tool: str,
    arguments: dict[str, str],
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main([*command, "--metrics", "builtin"]) == 0
    assert text(ask(folder, tool, **arguments)).split() == capsys.readouterr().out.split()


def test_every_tool_only_reads(folder: Path) -> None:
    async def run() -> Any:
        async with Client(made(folder)) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(run())}
    assert set(tools) == {
        "list_files",
        "list_metrics",
        "list_rules",
        "explain",
        "check_definitions",
        "query_metrics",
    }
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["query_metrics"].output_schema["properties"].keys() == result_schema()["properties"].keys()
    assert set(tools["query_metrics"].input_schema["required"]) == {"files", "metrics"}


def test_the_command_serves_on_standard_input_and_output(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "metricsheet",
        "mcp",
        str(folder),
        "--metrics",
        "builtin",
        "--lang",
        "de",
    ]

    async def run() -> Any:
        asked = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
        async with Client(stdio_client(asked)) as client:
            return await client.call_tool("query_metrics", {"files": ["scores.csv"], "metrics": ["nps"]})

    found = asyncio.run(run()).structured_content
    assert found["language"] == "de"
    assert [r["value"] for r in found["results"]] == [pytest.approx(100 / 3)]


def test_a_folder_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["mcp", str(tmp_path / "none")]) == 2
    assert "is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize("language", some(LANGUAGES, test=2))
def test_without_the_sdk_the_command_says_what_to_install(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.elicitation", None)
    monkeypatch.delitem(sys.modules, "metricsheet.mcp.server", raising=False)
    assert main(["mcp", str(ROOT), "--lang", language]) == 2
    assert "pip install 'metricsheet[mcp]'" in capsys.readouterr().err
