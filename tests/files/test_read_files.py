"""Which files of paths and folders are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.errors import WorkbookError
from metricsheet.files.book import Book
from metricsheet.files.find import find_files
from metricsheet.files.read import read_book, read_books


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a,b\n1,2\n")


def names(folder: Path, *paths: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find_files(paths or [folder])]


def test_folders_give_their_data_files_sorted(tmp_path: Path) -> None:
    make(tmp_path, "b.csv", "A.xlsx", "sub/c.TXT", "sub/deep/d.ods", "e.xls", "f.xlsb", "g.xlsm", "h.tsv")
    make(
        tmp_path,
        "notes.docx",
        "~$A.xlsx",
        ".hidden.csv",
        ".git/x.csv",
        ".~lock.d.ods#",
        "b.csv~",
        "__MACOSX/b.csv",
    )
    expected = ["A.xlsx", "b.csv", "e.xls", "f.xlsb", "g.xlsm", "h.tsv", "sub/c.TXT", "sub/deep/d.ods"]
    assert names(tmp_path) == expected


def test_files_are_given_as_they_are_and_only_once(tmp_path: Path) -> None:
    make(tmp_path, "b.csv", "notes.docx", "sub/c.csv")
    found = find_files([tmp_path / "notes.docx", tmp_path / "missing.csv", tmp_path / "sub", tmp_path])
    assert [path.name for path in found] == ["notes.docx", "missing.csv", "c.csv", "b.csv"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "sub/b.csv")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "sub" / "self.csv").symlink_to(tmp_path / "sub" / "self.csv")
    (tmp_path / "copy.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    assert names(tmp_path) == ["a.csv", "sub/b.csv"]


def test_a_linked_folder_is_followed(tmp_path: Path) -> None:
    make(tmp_path / "data", "a.csv")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "link").symlink_to(tmp_path / "data", target_is_directory=True)
    assert names(tmp_path, tmp_path / "work") == ["work/link/a.csv"]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert find_files([tmp_path]) == []


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    make(tmp_path, "a.csv", "c.csv")
    (tmp_path / "b.xlsx").write_bytes(b"")
    found = [(path.name, result) for path, result in read_books(find_files([tmp_path]))]
    assert [name for name, _ in found] == ["a.csv", "b.xlsx", "c.csv"]
    assert isinstance(found[0][1], Book)
    assert isinstance(found[1][1], WorkbookError)
    assert isinstance(found[2][1], Book)


def test_the_name_shown_is_the_file_name_or_the_one_given(tmp_path: Path) -> None:
    make(tmp_path, "a.csv")
    assert read_book(tmp_path / "a.csv").name == "a.csv"
    assert read_book(tmp_path / "a.csv", shown="north/a.csv").name == "north/a.csv"


@pytest.mark.parametrize("name", ["a.csv", "ü 顧客.csv", "a b's.csv"])
def test_names_of_any_letters(tmp_path: Path, name: str) -> None:
    make(tmp_path, name)
    assert read_book(tmp_path / name).name == name
