"""Nothing of the user's is destroyed, and one bad source never stops the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from metricsheet import api, one_source
from metricsheet.cli.main import main
from metricsheet.errors import WorkbookError
from metricsheet.report.atomic import whole_file

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
    ("redirect", "code"), [(">/dev/full", 3), (">&-", 3), ("| head -c 0", 0)], ids=["full", "closed", "gone"]
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_output_that_cannot_be_written_is_one_line(redirect: str, code: int, tmp_path: Path) -> None:
    command = f"{sys.executable} -m metricsheet list {redirect}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == (code != 0)


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
