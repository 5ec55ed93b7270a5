"""A run that is stopped at any moment leaves the old report or the new one, whole, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from metricsheet import api
from metricsheet.report.formats import FORMATS
from metricsheet.report.write import write_report
from tests.files.xlsx_by_hand import parts_of
from tests.stages import cases

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied there")

CATALOG = api.load_catalog("builtin")
CARD = api.evaluate({"one": {"Recommendation score": [9, 3]}, "two": {"Revenue": [10, 20]}}, metrics=CATALOG)
TARGETS = [*((name, f"card{form.suffix}") for name, form in FORMATS.items()), ("csv", "reports")]
MOMENTS = cases(200, 12)
STOPS = (30_000, 400, 4_000, 100, 1_000, 10_000, 20_000, 50_000, 70_000)

# counts the calls of Python that have been made: a moment that is the same on every machine
_COUNTED = """
import os, signal, sys
from metricsheet.cli.main import run
left = int(sys.argv.pop(1))
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGINT)
signal.signal = lambda number, handler, set=signal.signal: (set(number, handler), sys.setprofile(count))
run()
"""


def _write(form: str, target: Path) -> None:
    write_report(CARD, CATALOG, form, target, sys.stdout)


def _calls(form: str, target: Path) -> int:
    """Return how many calls it takes to write a report."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    sys.setprofile(count)
    try:
        _write(form, target)
    finally:
        sys.setprofile(None)
    return seen


def _killed(form: str, target: Path, moment: int) -> None:
    """Write a report in a process that is killed at its call number ``moment``."""
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        return
    left = moment

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    try:
        _write(form, target)
    finally:
        os._exit(1)


def _content(folder: Path) -> dict[str, object]:
    """Return what the files of a folder hold, of a package all parts but the one with the time."""
    found: dict[str, object] = {}
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        parts = parts_of(data).items() if data.startswith(b"PK") else ()
        if path.is_file():
            found[str(path.relative_to(folder))] = {
                name: part for name, part in parts if name != "docProps/core.xml"
            } or data
    return found


@pytest.mark.parametrize(("form", "name"), TARGETS)
def test_a_killed_run_leaves_the_old_report_or_the_new_one(form: str, name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    if not target.suffix:
        target.mkdir()
    _write(form, target)  # what is imported the first time is not counted
    calls = _calls(form, target)
    new = _content(tmp_path)
    old = {path: FORMATS[form].file_start.encode() + b"old" for path in new}
    for number in range(MOMENTS // len(TARGETS)):
        for path, content in old.items():
            (tmp_path / path).write_bytes(content)
        _killed(form, target, 1 + calls * number * len(TARGETS) // MOMENTS)
        found = _content(tmp_path)
        assert all(found[path] in (old[path], new[path]) for path in new)
        assert len(found.keys() - new.keys()) <= 1
        _write(form, target)
        assert _content(tmp_path) == new


def _stopped(moment: int, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "a.csv").write_text("Recommendation score\n9\n3\n", encoding="utf-8")
    command = [sys.executable, "-c", _COUNTED, str(moment)]
    command += ["evaluate", "a.csv", "--metrics", "builtin", "-o", "card.json"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@pytest.mark.parametrize("moment", STOPS[: cases(9, 3)])
def test_ctrl_c_is_one_line_at_any_moment(moment: int, tmp_path: Path) -> None:
    done = _stopped(moment, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")
    assert not any(path.name.endswith(".part") for path in tmp_path.iterdir())
