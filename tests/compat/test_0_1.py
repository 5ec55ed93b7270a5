"""What 0.1 read is still read, and what it wrote is still written: ``0.1/`` holds both and never changes.

Numbers that changed on purpose are in the changelog; those listed in ``0.1/unchanged.json`` may not.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from metricsheet.cli.main import main

HERE = Path(__file__).parent / "0.1"
COMMANDS: list[dict[str, Any]] = json.loads((HERE / "commands.json").read_text("utf-8"))
UNCHANGED: dict[str, dict[str, list[str]]] = json.loads((HERE / "unchanged.json").read_text("utf-8"))
RESULT_SCHEMA = json.loads((HERE / "output" / "schema_result.json").read_text("utf-8"))

OUTPUTS = [command["output"] for command in COMMANDS]
SCORECARDS = [name for name in OUTPUTS if name.startswith("evaluate") and name.endswith(".json")]
SCHEMAS = [name for name in OUTPUTS if name.startswith("schema")]
LISTS = [name for name in OUTPUTS if name.startswith("list")]
EXPLAINED = [name for name in OUTPUTS if name.startswith("explain")]


def printed_by_0_1(output: str) -> str:
    return (HERE / "output" / output).read_bytes().decode("utf-8")


class Printed(dict[str, str]):
    """What the commands print today, each run once and only when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __missing__(self, output: str) -> str:
        command = next(command for command in COMMANDS if command["output"] == output)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("METRICSHEET_CACHE", str(self.folder.parent / "cache"))
            screen = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
            patch.setattr("sys.stdout", screen)
            assert main(command["arguments"]) == command["exit"]
        screen.flush()
        self[output] = screen.buffer.getvalue().decode("utf-8")
        return self[output]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Today's output, made in a copy so that nothing is ever written into ``0.1/``."""
    return Printed(shutil.copytree(HERE, tmp_path_factory.mktemp("compat") / "0.1"))


def test_everything_that_0_1_printed_is_asked_for_again() -> None:
    assert sorted(path.name for path in (HERE / "output").iterdir()) == sorted(OUTPUTS)
    assert set(UNCHANGED) == set(SCORECARDS)


@pytest.mark.parametrize("definitions", ["pack", "own", "init"])
def test_definitions_rules_and_packs_load_without_an_error(
    definitions: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--metrics", str(HERE / definitions)])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert "0 errors" in printed


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_command_still_works(printed: Printed, output: str) -> None:
    assert printed[output].strip()


def kinds_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every place in a JSON value (list items share one) with the kind of what is there."""
    if isinstance(value, dict):
        yield path, "object"
        for key, inner in value.items():
            # the names of slices and settings are the user's own
            yield from kinds_of(inner, path if path.endswith((".slice", ".settings")) else f"{path}.{key}")
    elif isinstance(value, list):
        yield path, "list"
        for inner in value:
            yield from kinds_of(inner, f"{path}[]")
    elif isinstance(value, bool):
        yield path, "yes or no"
    elif isinstance(value, (int, float)):
        yield path, "number"
    else:
        yield path, "null" if value is None else "text"


@pytest.mark.parametrize("output", SCORECARDS)
def test_every_key_is_still_there_and_of_its_kind(printed: Printed, output: str) -> None:
    then, now = (set(kinds_of(json.loads(text))) for text in (printed_by_0_1(output), printed[output]))
    missing = {place for place, _ in then} - {place for place, _ in now}
    assert missing == set()
    places = {place for place, _ in then}
    other = {(place, kind) for place, kind in now - then if place in places and kind != "null"}
    assert other == set(), "a key holds something else than in 0.1"


@pytest.mark.parametrize("output", SCORECARDS)
def test_a_program_that_checks_against_the_schema_of_0_1_goes_on(printed: Printed, output: str) -> None:
    errors = jsonschema.Draft7Validator(RESULT_SCHEMA).iter_errors(json.loads(printed[output]))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_schema_of_0_1_is_printed_for_ever(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "result", "--version", "1"]) == 0
    assert capsys.readouterr().out == printed_by_0_1("schema_result.json")


@pytest.mark.parametrize(
    "arguments", [["result", "--version", "0"], ["result", "--version", "99"], ["metrics", "--version", "1"]]
)
def test_there_is_no_other_version(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *arguments]) == 2
    assert "--version" in capsys.readouterr().err


@pytest.mark.parametrize("output", SCORECARDS)
def test_the_same_metrics_are_computed_over_the_same_slices(printed: Printed, output: str) -> None:
    assert list(by_place(printed[output])) == list(by_place(printed_by_0_1(output)))


@pytest.mark.parametrize(
    ("output", "field", "metric"),
    [
        (output, field, metric)
        for output, fields in UNCHANGED.items()
        for field, metrics in fields.items()
        for metric in metrics
    ],
)
def test_plain_values_are_what_they_were(printed: Printed, output: str, field: str, metric: str) -> None:
    then, now = (
        {place: result for place, result in by_place(text).items() if place[1] == metric}
        for text in (printed_by_0_1(output), printed[output])
    )
    assert then
    for place, result in then.items():
        assert same(result[field], now[place][field]), (place, result[field], now[place][field])
        assert result["unit"] == now[place]["unit"]


def by_place(scorecard: str) -> dict[tuple[str, ...], dict[str, Any]]:
    return {
        (r["source"], r["metric"], json.dumps(r["slice"]), str(r["period"])): r
        for r in json.loads(scorecard)["results"]
    }


def same(then: Any, now: Any) -> bool:
    """Equal as Excel compares: to 15 significant digits."""
    if isinstance(then, list):
        return isinstance(now, list) and len(then) == len(now) and all(map(same, then, now))
    if then is None or now is None:
        return then is now
    return math.isclose(then, now, rel_tol=1e-14, abs_tol=1e-300)


def test_a_table_has_the_columns_of_0_1(printed: Printed) -> None:
    then, now = (
        next(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
        for text in (printed_by_0_1("evaluate_own.csv"), printed["evaluate_own.csv"])
    )
    assert [column for column in now if column in then] == then, "columns are only added"


@pytest.mark.parametrize("output", SCHEMAS)
def test_a_schema_knows_every_key_of_0_1(printed: Printed, output: str) -> None:
    then, now = (set(keys_of(json.loads(text))) for text in (printed_by_0_1(output), printed[output]))
    assert then
    assert then - now == set()


def keys_of(schema: Any, path: str = "") -> Iterator[str]:
    """Every key that a JSON Schema names, under the keys or the definition that it belongs to."""
    if isinstance(schema, dict):
        for word, inner in schema.items():
            if word in ("properties", "definitions") and isinstance(inner, dict):
                for key, value in inner.items():
                    name = f"{key}" if word == "definitions" else f"{path}.{key}"
                    yield name
                    yield from keys_of(value, name)
            else:
                yield from keys_of(inner, path)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys_of(inner, path)


@pytest.mark.parametrize("output", LISTS)
def test_a_list_names_what_0_1_named(printed: Printed, output: str) -> None:
    then, now = (keys_listed(text) for text in (printed_by_0_1(output), printed[output]))
    assert len(then) > 15
    assert then - now == set()


def keys_listed(text: str) -> set[str]:
    rows = text.split("\n\n")[1].splitlines()
    starts = [match.start() for match in re.finditer("-+", rows[1])]
    key = starts[0] if rows[0].startswith("input") else starts[1]
    return {row[key:].split()[0] for row in rows[2:]}


@pytest.mark.parametrize("output", EXPLAINED)
def test_an_explanation_has_the_lines_of_0_1(printed: Printed, output: str) -> None:
    then, now = (
        set(re.findall(r"^  (\S+(?: \S+)*)  ", text, re.MULTILINE))
        for text in (printed_by_0_1(output), printed[output])
    )
    assert then
    assert then - now == set()
