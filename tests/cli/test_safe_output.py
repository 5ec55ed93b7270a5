"""Nothing of the user's is destroyed, and one bad source never stops the others."""

from __future__ import annotations

import csv
import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from metricsheet import api, one_source
from metricsheet.cli.main import main
from metricsheet.errors import WorkbookError
from metricsheet.report.atomic import whole_file
from metricsheet.report.formats import FORMATS
from tests.files.xlsx_by_hand import parts_of
from tests.stages import some

SCORES = "Recommendation score\n9\n3\n"


def _csv(folder: Path, name: str = "scores.csv") -> str:
    (folder / name).write_text(SCORES, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize("name", ["base.yaml", "metrics.yaml", "notes.md", "Book.xlsm", "data", "old.xls"])
def test_files_that_are_no_reports_are_not_written_over(name: str, tmp_path: Path) -> None:
    kept = tmp_path / name
    kept.write_text("mine", encoding="utf-8")
    assert main(["evaluate", _csv(tmp_path), "-o", str(kept)]) == 2
    assert kept.read_text(encoding="utf-8") == "mine"


def test_leftovers_of_killed_runs_go_and_those_of_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    stale = tmp_path / ".card.json.0123456789abcdef.part"
    other = tmp_path / ".card.json.backup.part"
    for path in (stale, other):
        path.write_text("x", encoding="utf-8")
    with whole_file(target) as running:
        running.write_text("one", encoding="utf-8")
        with whole_file(target) as second:
            second.write_text("two", encoding="utf-8")
        assert running.exists()
    assert target.read_text(encoding="utf-8") == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, target.name]


def test_a_name_too_long_is_one_line(tmp_path: Path) -> None:
    target = tmp_path / ("a" * 300 + ".json")
    with pytest.raises(WorkbookError) as error, whole_file(target):
        pass
    assert error.value.code == "not_written"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "code", "lines"),
    some(
        [
            ("list >/dev/full", 3, 1),
            ("--version >/dev/full", 3, 1),
            ("list >&-", 3, 1),
            ("list | head -c 0", 0, 0),
            ("evaluate none.csv >/dev/null 2>/dev/full", 3, 0),
            ("evaluate none.csv >/dev/null 2>&-", 3, 0),
            ("evalute none.csv 2>&-", 2, 0),
        ],
        test=3,
    ),
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_output_that_cannot_be_written_is_one_line(
    command: str, code: int, lines: int, tmp_path: Path
) -> None:
    command = f"set -o pipefail; {sys.executable} -m metricsheet {command}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == lines


def test_a_new_file_that_cannot_be_written_is_not_left_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.open", lambda *_, **__: open_full())

    def open_full() -> TextIO:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert main(["init", str(tmp_path)]) == 3
    assert list(tmp_path.iterdir()) == []


STEERING = "EU\x1b[31m\x9b\u202eevil\u2066\x85\u2028;=1+1"
_STEERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("form", some([*FORMATS, "map"], test=2))
def test_letters_that_steer_reach_no_output(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"a{STEERING}.csv" if sys.platform == "linux" else "a.csv"
    rows = [[STEERING, "Recommendation score", "x\x1b"], *([STEERING, str(n), STEERING] for n in range(11))]
    with open(name, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    asked = ["map", name, "-o", "o.map.yaml"]
    if form != "map":
        asked = ["evaluate", name, "--by", STEERING, "--map", f"revenue={STEERING}!B", "--format", form]
        asked += ["--show", "all", "-o", f"o{FORMATS[form].suffix}"]
    done = subprocess.run([sys.executable, "-m", "metricsheet", *asked], capture_output=True, check=False)
    written = [path.read_bytes() for path in tmp_path.glob("o*")]
    assert written
    for data in (*written, done.stdout, done.stderr):
        parts = parts_of(data).values() if data.startswith(b"PK") else [data]
        for part in parts:
            assert _STEERS.search(part.decode("utf-8-sig")) is None


def test_a_fault_of_our_own_is_a_problem_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = _csv(tmp_path), _csv(tmp_path, "bad.csv")
    read = one_source.read_source

    def fails(name: str, source: api.Source) -> object:
        if name == bad:
            raise ZeroDivisionError("oops")
        return read(name, source)

    monkeypatch.setattr(one_source, "read_source", fails)
    card = api.evaluate([bad, good], only=["nps"])
    assert [(p.source, p.code, p.fatal) for p in card.problems if p.fatal] == [(bad, "internal", True)]
    assert "ZeroDivisionError" in str(card.problems[0].message)
    assert [r.value for r in card.results if r.metric == "nps" and r.source == good] == [0.0]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_names_that_are_no_utf8_are_shown_with_their_bytes(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCORES)
    card = api.evaluate(os.fsdecode(path), only=["nps"])
    assert card.results[0].source.endswith("caf\\xe9.csv")
