"""The workflow for other systems runs what .ci/run runs, and nothing that was never tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW)["jobs"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
ASKED = re.findall(r"^\s*(?:make|stage) ([a-z]+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
NEEDS = dict(re.findall(r"^([a-z]+):([^#=\n]*)", MAKEFILE, re.MULTILINE))
STAGES = {name for asked in ASKED for name in (asked, *NEEDS[asked].split())}
"""The targets of make that .ci/run asks for, with those that they need."""

COMMANDS = [(job, step["run"]) for job, content in JOBS.items() for step in content["steps"] if "run" in step]


@pytest.mark.parametrize(("job", "command"), COMMANDS)
def test_every_command_is_one_of_ci_run(job: str, command: str) -> None:
    if command.startswith("make "):
        assert command.split()[1] in STAGES
    elif command == "python -m venv .venv":
        assert re.search(r"\$\(PYTHON\) -m venv \$\(VENV\)", MAKEFILE)
    elif "pip install" in command:
        extras = re.search(r"\[.*\]", command)
        assert extras
        assert extras[0] in MAKEFILE
    else:
        # what make runs, with the folder that a virtual environment has on Windows
        assert command.replace(".venv/Scripts/", "\t$(BIN)/") in MAKEFILE.splitlines()


def test_every_test_stage_is_run_on_every_system() -> None:
    said = {job: " ".join(run for where, run in COMMANDS if where == job) for job in JOBS}
    for job, commands in said.items():
        assert "make test" in commands or "-m pytest" in commands, job


def test_the_pythons_are_the_oldest_allowed_and_the_newest() -> None:
    oldest = re.search(r'requires-python = ">=(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert oldest
    for job in JOBS.values():
        assert job["strategy"]["matrix"]["python"] == [oldest[1], "3.x"]


def test_actions_are_pinned_to_a_commit() -> None:
    used = re.findall(r"uses: (.+)", WORKFLOW)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", action), action


def test_what_was_never_run_is_marked() -> None:
    assert "# Never run:" in WORKFLOW.partition("name:")[0]
