"""Many files: by several processes, from the cache, one by one, stopped and changed: the same answer."""

from __future__ import annotations

import gc
import io
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from metricsheet import UsageError, api, one_source
from metricsheet.bulk import parts_of
from metricsheet.cli.main import main
from metricsheet.cli.progress import Progress
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.language.message import Message
from metricsheet.one_source import Part, Work
from metricsheet.prepared import Prepared, prepared_from
from metricsheet.report.data.json import as_json, render_json, result_schema
from metricsheet.report.formats import FORMATS
from metricsheet.report.style import PLAIN
from tests.stages import cases, in_deep, seeds, some

FILES = cases(30, 8)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small workbooks and texts that all differ, one of them damaged and one without inputs."""
    made = tmp_path_factory.mktemp("bulk")
    dice = random.Random(7)
    for number in range(FILES):
        path = made / f"branch {number:02}"
        rows: list[list[Any]] = [["Date", "NPS score", "Customers at start", "Customers lost"]]
        for month in range(1, 7):
            rows.append(
                [f"2024-{month:02}-01", dice.randint(0, 10), dice.randint(50, 90), dice.randint(0, 9)]
            )
        if number % 3:
            text = "\n".join(",".join(map(str, row)) for row in rows)
            path.with_suffix(".csv").write_text(text, encoding="utf-8")
            continue
        with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    (made / "damaged.xlsx").write_bytes(b"PK\x03\x04 and no more")
    (made / "empty.csv").write_text("Colour\nred\n", encoding="utf-8")
    return made


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read in this process."""
    names: list[str] = []
    read = one_source.read_source

    def told(name: str, source: api.Source) -> object:
        names.append(Path(name).name)
        return read(name, source)

    monkeypatch.setattr(one_source, "read_source", told)
    return names


def answer(folder: Path, **how: Any) -> str:
    card = api.evaluate(folder, only="nps", period="quarter", **how)
    return render_json(card, card.catalog)


def written(target: Path) -> dict[str, bytes]:
    """Return what each file holds; of a workbook its parts, without the one that says when it was made."""
    found = {}
    for file in sorted(target.iterdir()) if target.is_dir() else [target]:
        if file.suffix != ".xlsx":
            found[file.name] = file.read_bytes()
            continue
        with zipfile.ZipFile(file) as book:
            parts = {name for name in book.namelist() if name != "docProps/core.xml"}
            found |= {f"{file.name} {name}": book.read(name) for name in parts}
    return found


# the same answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", some(FORMATS, test=1))
def test_processes_and_cache_change_no_byte(folder: Path, tmp_path: Path, form: str) -> None:
    found = []
    few = [*map(str, sorted(folder.glob("branch*"))[:5]), str(folder / "damaged.xlsx")]
    ways = {"one": ("--jobs", "1", "--no-cache"), "two": ("--jobs", "2"), "again": ("--jobs", "1")}
    for name, how in ways.items():
        # a file for all, and one for each
        target = tmp_path / name / ("all" if form != "json" else "all.json")
        target.parent.mkdir()
        asked = ("--format", form, "-o", str(target), "--cache", str(tmp_path / "cache"))
        code = main(["evaluate", *few, *(asked[:-2] if "--no-cache" in how else asked), *how, "-q"])
        assert code == 3
        found.append(written(target))
    assert found[0] == found[1] == found[2]


ASKED = (("--period", "quarter"), ("--show", "comparison"), ("--show", "findings"))


@pytest.mark.parametrize(("form", "asked"), some(product(FORMATS, ASKED), test=1))
def test_what_is_not_held_in_memory_is_written_alike(
    folder: Path, tmp_path: Path, form: str, asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for many in (0, 1000):
        monkeypatch.setattr(api, "_MANY", many)
        for name in ("one file", "a folder"):
            target = tmp_path / f"{name} {many}" / "it"
            target.parent.mkdir()
            target = target if name == "a folder" else target.with_suffix(FORMATS[form].suffix)
            few = [*map(str, sorted(folder.glob("branch*"))[:3]), str(folder / "damaged.xlsx")]
            command = ["evaluate", *few, "--format", form, "-o", str(target), "--no-cache", "-q", *asked]
            assert main(command) == 3
        found.append([written(tmp_path / f"one file {many}"), written(tmp_path / f"a folder {many}" / "it")])
    assert found[0] == found[1]


@in_deep
@pytest.mark.parametrize("form", ["json", "text", "csv"])
def test_results_of_one_source_at_a_time_are_in_memory(folder: Path, form: str) -> None:
    """Whatever the number of files: counted among everything that is alive, piece by piece."""
    card = api.evaluate_held(folder, api.Options(only="nps", period="quarter"))
    in_all, alive, gone = len(card.results), [], set(map(id, gc.get_objects()))
    for number, _ in enumerate(FORMATS[form].render_pieces(card, card.catalog, PLAIN)):
        if number % 40 == 5 or form != "json":
            new = (one for one in gc.get_objects() if id(one) not in gone)
            alive.append(sum(isinstance(one, Result) for one in new))
    assert in_all == FILES + 1
    assert alive
    # the text shows the newest figure of every source
    assert max(alive) <= (FILES + 4 if form == "text" else 4)


@in_deep
def test_python_gets_the_same_from_everywhere(folder: Path, tmp_path: Path) -> None:
    alone = answer(folder)
    assert answer(folder, jobs=3) == alone
    for _ in range(2):
        assert answer(folder, cache=tmp_path) == alone
        assert answer(folder, cache=tmp_path, jobs=2) == alone


def test_tables_in_memory_stand_among_the_files_in_their_order_and_progress_is_told(folder: Path) -> None:
    sources = [folder / "branch 01.csv", {"NPS score": [10, 9, 0]}, folder / "branch 02.csv"]
    told: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    cards = [
        api.evaluate(sources, only="nps", jobs=jobs, progress=lambda *done, to=to: to.append(done))
        for jobs, to in told.items()
    ]
    assert told[1] == told[2] == [(1, 3), (2, 3), (3, 3)]
    assert cards[0].results == cards[1].results
    assert [Path(r.source).name for r in cards[0].results] == ["branch 01.csv", "data 2", "branch 02.csv"]


def test_what_is_wrong_with_the_options_is_raised_all_the_same(folder: Path) -> None:
    for jobs in some((1, 2), 1):
        with pytest.raises(api.UnfitOptionsError, match="Region") as raised:
            api.evaluate(folder, by="Region", jobs=jobs)
        assert len(raised.value.scorecard.results) > FILES
    with pytest.raises(UsageError, match="at least 1"):
        api.evaluate(folder, jobs=0)


# one by one ----------------------------------------------------------------------------------------------


def test_scorecards_one_by_one_are_there_before_the_next_file_is_read(folder: Path, reads: list[str]) -> None:
    cards = api.evaluate_each(folder, only="nps")
    assert [Path(r.source).name for r in next(cards).results] == ["branch 00.xlsx"]
    assert reads == ["branch 00.xlsx"]
    assert len(list(cards)) == FILES + 1


def test_a_line_for_each_source(folder: Path, tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    target = tmp_path / "all.jsonl"
    assert main(["evaluate", str(folder), "-o", str(target), "-q", "--only", "nps", "--jobs", "2"]) == 3
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n")[:-1]]
    assert lines == [as_json(card, card.catalog) for card in api.evaluate_each(folder, only="nps")]
    assert len(lines) == FILES + 2
    jsonschema.validate(lines[0], result_schema())


ENDS = (
    ("--fail-on", "low,warn-status", "--require", "nps"),
    ("--only", "win_rate"),
    ("--require", "win_rate"),
    ("--by", "Region"),
)


@pytest.mark.parametrize("asked", some(ENDS, test=1))
def test_lines_end_with_the_code_and_the_reasons_of_the_whole(
    folder: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    ends = []
    for form in ("json", "jsonl"):
        code = main(["evaluate", str(folder), *asked, "--format", form, "-q"])
        ends.append((code, capsys.readouterr()))
    assert ends[0][0] == ends[1][0] == 3
    if asked[0] == "--only":  # of each source by itself, not of all together
        assert "nothing_computed" in ends[0][1].err
        assert "nothing_computed" in ends[1][1].err
    else:
        assert ends[0][1].err == ends[1][1].err
    assert ends[1][1].out == ""


# a process that dies -------------------------------------------------------------------------------------


DYING = ("branch 00.xlsx", "branch 03.xlsx")[: cases(2, 1)]


class Dying(Work):
    """Ends its process at some files, as a library that crashes does."""

    def __reduce__(self) -> tuple[Any, ...]:
        return dying, (super().__reduce__()[1],)

    def part(self, name: str, source: one_source.Source) -> Part:
        if name in DYING:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().part(name, source)


def dying(made_from: tuple[Any, ...]) -> Dying:
    return Dying(Prepared(*made_from[0]), *made_from[1:])


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")
def test_a_process_that_dies_costs_its_file(folder: Path, tmp_path: Path) -> None:
    work = Dying(prepared_from(api.load_catalog()), RunOptions(), {}, {}, {}, among_others=True)
    sources = [(path.name, path) for path in sorted(folder.glob("branch*"))]
    parts = list(parts_of(work, sources, jobs=2, cache=tmp_path))
    assert [part.source for part in parts] == [name for name, _ in sources]
    died = [part for part in parts if not part.read]
    assert [part.source for part in died] == list(DYING)
    assert {(p.code, p.fatal) for part in died for p in part.problems} == {("process_died", True)}
    assert all(part.results for part in parts if part.read)
    # it is tried again, the others are not
    assert len(list(tmp_path.iterdir())) == len(parts) - len(died)


def test_without_processes_the_work_is_done_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = answer(folder)

    def refused(*_: object, **__: object) -> None:
        raise OSError("no processes here")

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert answer(folder, jobs=2) == alone


class Greedy(Work):
    """Takes ever more memory for one file."""

    def __reduce__(self) -> tuple[Any, ...]:
        return greedy, (super().__reduce__()[1],)

    def part(self, name: str, source: one_source.Source) -> Part:
        one_source.read_source = endless if name == "branch 01.csv" else read_source
        return super().part(name, source)


def greedy(made_from: tuple[Any, ...]) -> Greedy:
    return Greedy(Prepared(*made_from[0]), *made_from[1:])


def endless(_name: str, _source: one_source.Source) -> Any:
    kept = []
    while True:
        kept.append(bytearray(1000))


read_source = one_source.read_source


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts there")
@in_deep
def test_limits_hold_in_other_processes(folder: Path) -> None:
    limits = {"slices": 100.0, "seconds": None, "mb": 100.0}
    work = Greedy(prepared_from(api.load_catalog()), RunOptions(), {}, {}, {}, limits, among_others=True)
    sources = [(path.name, path) for path in sorted(folder.glob("branch*"))[:4]]
    parts = list(parts_of(work, sources, jobs=2))
    assert [(part.source, part.problems[0].code) for part in parts if not part.read] == [
        ("branch 01.csv", "over_limit")
    ]
    assert all(part.results for part in parts if part.read)


# the cache -----------------------------------------------------------------------------------------------


def test_only_what_changed_is_read(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    books, cache = tmp_path / "books", tmp_path / "cache"
    books.mkdir()
    for file in folder.glob("branch*"):
        (books / file.name).write_bytes(file.read_bytes())

    def read(**options: Any) -> list[str]:
        reads.clear()
        api.evaluate(books, cache=cache, **options)
        return list(reads)

    assert len(read()) == FILES
    assert read() == []
    changed = books / "branch 04.csv"
    changed.write_text(changed.read_text(encoding="utf-8").replace("2024", "2023"), encoding="utf-8")
    assert read() == ["branch 04.csv"]
    # another time alone is no change, a mapping file is one
    os.utime(books / "branch 05.csv", (1, 1))
    (books / "branch 07.map.yaml").write_text("mapping:\n  recommend_score: NPS score\n", encoding="utf-8")
    assert read() == ["branch 07.csv"]
    for other in ({"only": "nps"}, {"language": "de"}, {"settings": {"company_stage": "new"}}):
        assert len(read(**other)) == FILES
    assert read() == read(only="nps") == []
    # another place in the order, and others beside it or none
    (books / "branch 00.xlsx").unlink()
    assert read() == []
    reads.clear()
    api.evaluate(changed, cache=cache)
    assert reads == ["branch 04.csv"]


class Bad:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("made by a pickle",)


def foreign_entry(entry: Path) -> bytes:
    """An entry with the right head and another content."""
    from zlib import compress

    from metricsheet.part_cache import _head

    packed = compress(pickle.dumps(Bad()))
    return _head(entry.stem, packed) + b"\n" + packed


DAMAGES = {
    "empty": lambda entry: b"",
    "short": lambda entry: entry.read_bytes()[:-9],
    "flipped": lambda entry: entry.read_bytes()[:-9] + b"\0" + entry.read_bytes()[-8:],
    "another's": lambda entry: max(
        entry.parent.iterdir(), key=lambda one: one.name != entry.name
    ).read_bytes(),
    "code": foreign_entry,
}


@pytest.mark.parametrize(("damage", "jobs"), some(product(DAMAGES, [1, 2]), test=2))
def test_damaged_and_foreign_entries_are_passed_over(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, jobs: int
) -> None:
    monkeypatch.chdir(tmp_path)
    cache, few = tmp_path / "cache", sorted(folder.glob("branch*"))[:4]
    right = api.evaluate(few, cache=cache).results
    for entry in list(cache.iterdir())[1:]:
        content = DAMAGES[damage](entry)
        entry.write_bytes(content)
    assert api.evaluate(few, cache=cache, jobs=jobs).results == right
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="anybody may write there")
def test_entries_that_others_can_write_are_not_read(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    file = folder / "branch 01.csv"
    for mode in (0o600, 0o622):
        api.evaluate(file, cache=tmp_path)
        next(tmp_path.iterdir()).chmod(mode)
    api.evaluate(file, cache=tmp_path)
    assert len(reads) == 2


def test_a_cache_that_cannot_be_made(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot make the folder"):
        api.evaluate(folder, cache=tmp_path / "file" / "cache")


def test_a_folder_of_reports_has_its_cache_beside_it(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    asked = ["evaluate", *map(str, sorted(folder.glob("branch*"))[:3]), "-q", "--format", "json", "-o"]
    assert main([*asked, str(tmp_path / "cards")]) == main([*asked, str(tmp_path / "more")]) == 0
    assert len(reads) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [".metricsheet", "cards", "more"]
    assert main([*asked, str(tmp_path / "cards"), "--no-cache"]) == 0
    assert len(reads) == 6


def test_parts_are_made_of_records_alone() -> None:
    work = Work(prepared_from(api.load_catalog()), RunOptions(), {}, {}, {})
    assert work.unpacked(work.packed(Part("a", (), read=False))) == Part("a", (), read=False)
    for value in (os.system, Path("x"), Part, Message("x"), {"a": 1}, Bad()):
        assert work.unpacked(pickle.dumps(value)) is None
    assert not Path("made by a pickle").exists()


# killed at any moment ------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")
@pytest.mark.parametrize("seed", seeds(20, 1))
def test_a_killed_run_is_continued(folder: Path, tmp_path: Path, seed: int) -> None:
    dice, cache, target = random.Random(seed), tmp_path / "cache", tmp_path / "all.json"
    cache.mkdir()
    command = [sys.executable, "-m", "metricsheet", "evaluate", str(folder), "--period", "quarter"]
    command += ["--only", "nps", "-q", "-o", str(target), "--cache", str(cache), "--jobs", str(1 + seed % 2)]
    moment, running = dice.randrange(FILES), subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while running.poll() is None and len(list(cache.iterdir())) < moment:
        pass
    running.kill()
    running.wait()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3
    assert target.read_text(encoding="utf-8") == answer(folder)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


# progress ------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticks(*times: float) -> Iterator[float]:
    yield from times


def test_progress_on_a_terminal() -> None:
    terminal, clock = Terminal(), ticks(0, 0.5, 2, 2.1, 10)
    progress = Progress("en", terminal, clock=lambda: next(clock))
    for done in (10, 20, 30, 1000):
        progress(done, 2000)
    progress.end()
    lines = terminal.getvalue().split("\r")
    assert [line.strip() for line in lines if line.strip()] == [
        "20 of 2,000 files, 10 a second, 3:18 left",
        "1,000 of 2,000 files, 100 a second, 0:10 left",
    ]
    assert lines[-1] == ""
    assert lines[-2].isspace()


def test_progress_in_the_language_of_the_reader() -> None:
    terminal, clock = Terminal(), ticks(0, 2, 4)
    progress = Progress("ja", terminal, clock=lambda: next(clock))
    progress(1000, 2000)
    progress.end()
    said, after, _ = terminal.getvalue().split("\r")[1:]
    assert said == "2,000 件中 1,000 件完了、毎秒 500 件、残り 0:02"
    assert after == " " * (len(said) + 12)  # twelve letters are two columns wide


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_no_progress_elsewhere_and_when_quiet(stream: io.StringIO, quiet: bool) -> None:
    progress = Progress("en", stream, quiet=quiet, clock=lambda: 1e9)
    progress(1, 1000)
    progress.end()
    assert stream.getvalue() == ""
