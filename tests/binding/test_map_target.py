"""What may follow ``--map`` and stand in a mapping file."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.binding.map_target import (
    MappingFile,
    check_mapping,
    mapping_beside,
    mapping_name,
    parse_target,
)
from metricsheet.errors import UsageError, WorkbookError
from tests.binding.binding_catalog import CATALOG


@pytest.mark.parametrize(
    ("text", "sheet", "rest", "table", "column"),
    [
        ("Score", None, "Score", "", ""),
        ("  Score ", None, "Score", "", ""),
        ("Survey!Score", "Survey", "Score", "", ""),
        ("'My survey'!Score", "My survey", "Score", "", ""),
        ("'It''s mine'!C", "It's mine", "C", "", ""),
        ("My survey!Score", "My survey", "Score", "", ""),
        ("Survey!C", "Survey", "C", "", ""),
        ("Survey!C5:C900", "Survey", "C5:C900", "", ""),
        ("Survey!$C$5:$C$900", "Survey", "$C$5:$C$900", "", ""),
        ("Survey!B4", "Survey", "B4", "", ""),
        ("Sales[Amount]", None, "Sales[Amount]", "Sales", "Amount"),
        ("Sales[[Amount]]", None, "Sales[[Amount]]", "Sales", "Amount"),
        ("Sales[[#All],[Amount]]", None, "Sales[[#All],[Amount]]", "Sales", "Amount"),
        ("Sales[Net amount]", None, "Sales[Net amount]", "Sales", "Net amount"),
        ("[Amount]", None, "[Amount]", "", ""),
        ("満足度!評価", "満足度", "評価", "", ""),
    ],
)
def test_targets(text: str, sheet: str | None, rest: str, table: str, column: str) -> None:
    target = parse_target(text)
    assert (target.sheet, target.rest, target.table, target.column) == (sheet, rest, table, column)


@pytest.mark.parametrize("text", ["", "   ", "Survey!", "'My survey'!", "Survey! "])
def test_empty_targets_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a place"):
        parse_target(text)


def test_inputs_and_metrics_may_be_mapped() -> None:
    targets = check_mapping(CATALOG, {"revenue": "C", "nps": "Results!B4"})
    assert [target.sheet for target in targets["nps"]] == ["Results"]


def test_several_headers_of_one_input() -> None:
    targets = check_mapping(CATALOG, {"revenue": "Umsatz | Revenue|売上"})
    assert [target.text for target in targets["revenue"]] == ["Umsatz", "Revenue", "売上"]


def test_unknown_keys_are_refused_with_a_hint() -> None:
    with pytest.raises(UsageError, match="'revenu' is not an input or metric") as caught:
        check_mapping(CATALOG, {"revenu": "C"})
    assert str(caught.value.hint) == "did you mean 'revenue'?"


def beside(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.map.yaml").write_text(text, encoding="utf-8")
    return folder / "Book.xlsx"


def test_no_mapping_file_is_no_mapping(tmp_path: Path) -> None:
    assert mapping_beside(tmp_path / "Book.xlsx", CATALOG) == MappingFile()


def test_mapping_files(tmp_path: Path) -> None:
    path = beside(
        tmp_path,
        metricsheet="mapping:\n  revenue: Sheet1!C\n  customers: Sheet1!D\n  nps: Results!B4\n",
        Book="version: 1\nmapping:\n  customers: My sheet!Kunden\n",
    )
    assert mapping_beside(path, CATALOG).mapping == {
        "revenue": "Sheet1!C",
        "customers": "My sheet!Kunden",
        "nps": "Results!B4",
    }


def test_the_file_of_the_full_name_wins(tmp_path: Path) -> None:
    path = beside(tmp_path, Book="mapping:\n  revenue: A\n")
    (tmp_path / "Book.xlsx.map.yaml").write_text("mapping:\n  revenue: B\n", encoding="utf-8")
    assert mapping_beside(path, CATALOG).mapping == {"revenue": "B"}
    assert mapping_beside(tmp_path / "Book.csv", CATALOG).mapping == {"revenue": "A"}


def test_a_mapping_file_is_read_again_after_a_change(tmp_path: Path) -> None:
    path = beside(tmp_path, Book="mapping:\n  revenue: A\n")
    assert mapping_beside(path, CATALOG).mapping == {"revenue": "A"}
    beside(tmp_path, Book="mapping:\n  revenue: Umsatz\n")
    assert mapping_beside(path, CATALOG).mapping == {"revenue": "Umsatz"}


def test_how_a_file_is_read_stands_beside_it_too(tmp_path: Path) -> None:
    path = beside(tmp_path, metricsheet="read:\n  totals: keep\n", Book="mapping:\n  revenue: A\n")
    found = mapping_beside(path, CATALOG)
    assert found == MappingFile({"revenue": "A"}, {"totals": "keep"})
    beside(tmp_path, Book="read:\n  totals: drop\n")
    assert mapping_beside(path, CATALOG).read == {"totals": "drop"}


def test_parts_without_lines_say_nothing(tmp_path: Path) -> None:
    path = beside(tmp_path, Book="mapping:\n  # revenue: A\nread:\n")
    assert mapping_beside(path, CATALOG) == MappingFile()


def test_a_mapping_has_a_name_that_is_of_one_file_only(tmp_path: Path) -> None:
    path = tmp_path / "Book.xlsx"
    assert mapping_name(path).name == "Book.map.yaml"
    (tmp_path / "Book.csv").touch()
    assert mapping_name(path).name == "Book.xlsx.map.yaml"
    (tmp_path / "Book.csv").unlink()
    (tmp_path / "Book.xlsx.map.yaml").touch()
    assert mapping_name(path).name == "Book.xlsx.map.yaml"


BAD_FILES = [
    ("", "empty"),
    ("mapping: revenue\n", "expected mapping: with lines"),
    ("- revenue\n", "expected keys"),
    ("maping:\n  revenue: C\n", "did you mean 'mapping'"),
    ("mapping:\n  revenu: C\n", "'revenu' is not an input or metric"),
    ("mapping:\n  revenue: [A, B]\n", "expected a place"),
    ("mapping:\n  revenue: 5\n", "expected a place"),
    ("mapping:\n  revenue: Survey!\n", "is not a place"),
    ("mapping:\n  revenue: A\n  revenue: B\n", "revenue"),
    ("mapping:\n  revenue: *anchor\n", "Book.map.yaml:2"),
    ("mapping:\n\trevenue: A\n", "Book.map.yaml:2"),
    ("version: 1\n", "expected mapping:"),
    ("read: keep\n", "expected read: with lines"),
    ("read:\n  totals: 5\n", "expected one of find, keep, drop, found '5'"),
    ("read:\n  totals: true\n", "expected a value"),
    ("read:\n  year: 24\n", "read: year=24: expected a year such as 2024"),
    ("read:\n  total: keep\n", "there is no key 'total'"),
    ("read:\n  totals: kepe\n", "expected one of find, keep, drop, found 'kepe'"),
]


@pytest.mark.parametrize(("text", "said"), BAD_FILES)
def test_bad_mapping_files_are_refused_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    path = beside(tmp_path, Book=text)
    with pytest.raises(WorkbookError) as caught:
        mapping_beside(path, CATALOG)
    assert caught.value.code == "bad_mapping"
    assert said in str(caught.value.message) or text == ""
    assert "Book.map.yaml" in str(caught.value.message)


def test_a_huge_mapping_file_is_refused(tmp_path: Path) -> None:
    path = beside(tmp_path, Book="#" * (1 << 21))
    with pytest.raises(WorkbookError, match="file is small"):
        mapping_beside(path, CATALOG)
