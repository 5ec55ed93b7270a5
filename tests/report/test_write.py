"""Reports to files, folders and streams: whole or not at all, and never over an input."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from metricsheet.errors import UsageError, WorkbookError
from metricsheet.report import write_report
from metricsheet.report.atomic import whole_file
from metricsheet.report.scorecard import by_source
from metricsheet.report.style import TextStyle
from metricsheet.report.write import report_format
from tests.report import samples

FORMATS = ("text", "json", "csv", "md", "xlsx")
ENDINGS = {"text": "txt", "json": "json", "csv": "csv", "md": "md", "xlsx": "xlsx"}


def write(form, target, **more):
    return write_report(samples.quarterly(), samples.catalog(), form, target, io.StringIO(), **more)


# formats ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "target", "chosen"),
    [
        (None, None, "text"),
        (None, Path("a.json"), "json"),
        (None, Path("a.CSV"), "csv"),
        (None, Path("a.xlsx"), "xlsx"),
        (None, Path("a.txt"), "text"),
        (None, Path("a.md"), "md"),
        (None, Path("folder"), "text"),
        ("csv", None, "csv"),
        ("csv", Path("a.dat"), "csv"),
        ("json", Path("a.json"), "json"),
    ],
)
def test_the_format_follows_the_ending(asked, target, chosen):
    assert report_format(asked, target).name == chosen


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("json", Path("a.xlsx")),
        ("xlsx", Path("a.csv")),
        ("xlsx", None),
        ("docx", None),
        ("", None),
        (None, Path("a.pdf")),
        (None, Path("a.DOCX")),
        (None, Path("a.xlsm")),
        (None, Path("v1.2")),
    ],
)
def test_formats_that_contradict_the_ending_or_do_not_exist(asked, target):
    with pytest.raises(UsageError):
        report_format(asked, target)


# streams ------------------------------------------------------------------------------------------------


class Stream(io.TextIOWrapper):
    def __init__(self, encoding):
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")

    def written(self):
        self.flush()
        return self.buffer.getvalue()


@pytest.mark.parametrize("form", ["text", "json", "csv", "md"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "cp932"])
def test_every_stream_can_be_written_to(form, encoding):
    stream = Stream(encoding)
    assert write_report(samples.quarterly("ja"), samples.catalog("ja"), form, None, stream) == ()
    text = stream.written().decode(encoding if form == "text" else "utf-8")
    assert text
    if form == "json":
        assert json.loads(text)["language"] == "ja"
    if form == "csv":
        assert text.startswith("source,metric")


def test_a_workbook_does_not_go_to_a_stream():
    with pytest.raises(UsageError):
        write("xlsx", None)
    with pytest.raises(UsageError):
        write("pdf", None)


@pytest.mark.parametrize(
    ("columns", "cells"), [("120", 120), ("40", 80), ("900", 160), ("x", 100), ("", 100), ("-5", 100)]
)
def test_the_text_is_as_wide_as_the_terminal(monkeypatch, columns, cells):
    monkeypatch.setenv("COLUMNS", columns)
    stream = io.StringIO()
    write_report(samples.quarterly(), samples.catalog(), "text", None, stream)
    assert max(len(line) for line in stream.getvalue().split("\n")) == cells


# files --------------------------------------------------------------------------------------------------


def test_files_hold_what_the_renderers_say(tmp_path):
    assert write("json", tmp_path / "a.json") == (tmp_path / "a.json",)
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["findings"]
    write("text", tmp_path / "a.txt", style=TextStyle(colour=True))
    assert "\x1b" not in (tmp_path / "a.txt").read_text("utf-8")
    made = write("csv", tmp_path / "a.csv")
    assert [path.name for path in made] == ["a.csv", "a.findings.csv", "a.problems.csv"]
    for path in made:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    write("xlsx", tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert parts.testzip() is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("a.csv", "a.findings.csv", "a.json", "a.problems.csv", "a.txt", "a.xlsx"),
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_folder_gets_a_file_per_source(tmp_path, form):
    card = samples.plain()
    sources = ["reports/Book.xlsx", "other/Book.xlsx", "a:b?.csv", "con", "..", "3 files", "C:\\x\\Buch.xls"]
    results = tuple(replace(card.results[0], source=source) for source in sources)
    card = replace(card, results=results, problems=samples.problems()[1:])
    made = write_report(card, None, form, tmp_path / "out" / "cards", io.StringIO())
    names = [path.name for path in made if ".scorecard." in path.name and path.name.count(".") == 2]
    ending = ENDINGS[form]
    stems = ["Book", "Book (2)", "a_b_", "_con", "_", "3 files", "Buch", "old survey"]
    assert names == [f"{stem}.scorecard.{ending}" for stem in stems]
    assert {path.parent for path in made} == {tmp_path / "out" / "cards"}
    assert all(path.exists() for path in made)


def test_every_source_keeps_its_own_results_findings_and_problems():
    parts = by_source(samples.quarterly())
    assert list(parts) == [samples.SOURCE, "old survey.xlsx"]
    assert len(parts[samples.SOURCE].results) == len(samples.quarterly().results)
    assert parts["old survey.xlsx"].results == ()
    assert [problem.code for problem in parts["old survey.xlsx"].problems] == ["encrypted"]


# inputs are safe ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_an_input_is_never_written_over(tmp_path, form):
    target = tmp_path / f"data.{ENDINGS[form]}"
    target.write_text("precious")
    with pytest.raises(UsageError, match="not overwritten"):
        write(form, target, inputs=[target])
    assert target.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_inputs_are_recognised_by_other_names(tmp_path, monkeypatch):
    data = tmp_path / "data.csv"
    data.write_text("precious")
    (tmp_path / "link.csv").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    for target in (Path("data.csv"), Path("link.csv"), tmp_path / "x" / ".." / "data.csv"):
        with pytest.raises(UsageError):
            write("csv", target, inputs=[tmp_path / "data.csv"])
    # an input that came out of a folder, known by its name alone
    card = replace(samples.plain(), results=(replace(samples.plain().results[0], source="data.csv"),))
    with pytest.raises(UsageError):
        write_report(card, None, "csv", data, io.StringIO(), inputs=[tmp_path])
    assert data.read_text() == "precious"


def test_a_second_file_of_csv_is_not_written_over_an_input_either(tmp_path):
    data = tmp_path / "card.findings.csv"
    data.write_text("precious")
    with pytest.raises(UsageError):
        write("csv", tmp_path / "card.csv", inputs=[data])
    assert not (tmp_path / "card.csv").exists()


def test_the_definitions_are_not_written_over(tmp_path):
    path = tmp_path / "metrics.txt"
    path.write_text("precious")
    card = replace(samples.plain(), definitions_path=str(path))
    with pytest.raises(UsageError):
        write_report(card, None, "text", path, io.StringIO())


# whole or not at all --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch, form):
    target = tmp_path / f"card.{ENDINGS[form]}"
    write(form, target)
    for made in tmp_path.iterdir():
        made.write_text("<!-- metricsheet -->\nold")
    before = {path.name for path in tmp_path.iterdir()}

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(WorkbookError, match="no space left on device"):
        write(form, target)
    assert {path.read_text() for path in tmp_path.iterdir()} == {"<!-- metricsheet -->\nold"}
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_markdown_report_is_written_over_and_a_text_of_somebody_is_not(tmp_path):
    write("md", tmp_path / "card.md")
    assert write("md", tmp_path / "card.md") == (tmp_path / "card.md",)
    assert (tmp_path / "card.md").read_text("utf-8").startswith("<!-- metricsheet -->\n# Customer scorecard")
    (tmp_path / "notes.md").write_text("# Notes")
    with pytest.raises(UsageError, match="is not a report"):
        write("md", tmp_path / "notes.md")
    assert (tmp_path / "notes.md").read_text() == "# Notes"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, MemoryError])
def test_whatever_stops_the_writing(tmp_path, error):
    target = tmp_path / "card.txt"
    target.write_text("old")

    def fail(temporary):
        temporary.write_text("half")
        raise error

    with pytest.raises(error), whole_file(target) as temporary:
        fail(temporary)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["card.txt"]


def test_nobody_sees_a_half_written_file(tmp_path):
    target = tmp_path / "card.txt"
    with whole_file(target) as temporary:
        temporary.write_text("half")
        assert not target.exists()
        assert temporary.parent == tmp_path
    assert target.read_text() == "half"


def test_mode_and_link_are_kept(tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write("text", link)
    assert link.is_symlink()
    assert real.read_text("utf-8").startswith(samples.SOURCE)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path):
    write("text", tmp_path / "card.txt")
    (tmp_path / "plain").touch()
    assert (tmp_path / "card.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_device_stays_a_device():
    write("text", Path("/dev/null"))
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.parametrize(
    "target", [Path("no/such/folder/card.txt"), Path("file.txt/card.txt")], ids=["missing", "a file"]
)
def test_places_that_cannot_be_written(tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    Path("file.txt").touch()
    with pytest.raises(WorkbookError) as caught:
        write("text", target)
    assert caught.value.code == "not_written"


def test_a_temporary_file_that_is_in_the_way_is_not_written_through(tmp_path, monkeypatch):
    target = tmp_path / "card.txt"
    victim = tmp_path / "victim"
    victim.write_text("precious")
    taken, free = "0" * 16, "1" * 16
    (tmp_path / f".card.txt.{taken}.part").symlink_to(victim)
    with monkeypatch.context() as patch:
        patch.setattr("secrets.token_hex", lambda _: taken)
        with pytest.raises(WorkbookError):
            write("text", target)
    monkeypatch.setattr("secrets.token_hex", lambda _: free)
    write("text", target)
    assert target.is_file()
    assert victim.read_text() == "precious"


def test_a_folder_is_not_replaced(tmp_path):
    folder = tmp_path / "card.d"
    folder.mkdir()
    with pytest.raises(WorkbookError), whole_file(folder):
        pass
    assert folder.is_dir()
