"""``metricsheet map``: a mapping file that changes nothing until it is edited."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import pytest
import xlsxwriter

from metricsheet.api import evaluate, load_catalog, mapping_file
from metricsheet.binding.map_target import mapping_beside
from metricsheet.catalog.definitions import Catalog
from metricsheet.cli.main import main
from metricsheet.report.scorecard import Scorecard
from tests.binding.export_layouts import LAYOUTS, rows_of
from tests.stages import some

ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "examples").rglob("*.xlsx"))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "metrics.yaml")


def write(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return path


def mapped(catalog: Catalog, path: Path) -> tuple[Scorecard, Scorecard, str]:
    """Return the scorecard before and after the mapping file was written, and its text."""
    before = evaluate(path, metrics=catalog)
    target = path.with_name(f"{path.stem}.map.yaml")
    target.write_text(mapping_file(path, metrics=catalog), encoding="utf-8")
    return before, evaluate(path, metrics=catalog), target.read_text(encoding="utf-8")


def same(before: Scorecard, after: Scorecard) -> bool:
    """Whether figures, kinds and unused columns are the same; a missing figure may be explained otherwise."""
    figures = [
        [r if r.value is not None else (r.metric, r.slice, r.period, r.error) for r in card.results]
        for card in (before, after)
    ]
    return figures[0] == figures[1] and (before.tables, before.unused) == (after.tables, after.unused)


@pytest.mark.parametrize("book", some(BOOKS, test=2), ids=lambda path: path.name)
def test_the_file_of_a_workbook_changes_no_figure(book: Path, catalog: Catalog, tmp_path: Path) -> None:
    before, after, text = mapped(catalog, Path(shutil.copy(book, tmp_path)))
    assert same(before, after)
    used = {use.input for result in before.results for use in result.inputs if not use.derived_from}
    assert used <= {line.strip().partition(":")[0] for line in text.splitlines() if "#" not in line[:4]}


@pytest.mark.parametrize("layout", some(LAYOUTS, test=6))
def test_the_file_of_an_export_changes_no_figure(layout: str, catalog: Catalog, tmp_path: Path) -> None:
    before, after, _ = mapped(catalog, write(tmp_path / "export.csv", rows_of(layout)))
    assert same(before, after)


ODD = [
    'Say "how"',
    "It's: good",
    "# of it",
    "a, b; c",
    "one | two",
    "満足度について",
    "two\nlines",
    "  blanks  ",
    "Sheet!Header",
    "Table[Column]",
    "C2",
    "B:B",
    "tab\there",
    "back\\slash",
    "no-break\u00a0and\u2028line",
    "\U0001f600\n\U0001f600",
    "- x",
    "[a, {b: c}",
    "=1+1",
    "%",
    "&anchor *alias",
]


@pytest.mark.parametrize(("ending", "header"), some(product(["csv", "xlsx"], ODD), test=8))
def test_every_proposal_can_be_taken(header: str, ending: str, catalog: Catalog, tmp_path: Path) -> None:
    """A column with an odd header is proposed; with an input's name in the line it is that input."""
    rows = [[header, "Region", "Note"], *([score, f"R{score}", "free"] for score in (9, 10, 0, 7, 3))]
    path = tmp_path / f"odd.{ending}"
    if ending == "csv":
        write(path, rows)
    else:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("It's #1, a; b")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
    _, _, text = mapped(catalog, path)
    edited, taken = re.subn(
        r"(A2:A6\) is not used.*\n  )# [A-Za-z_]+: ", r"\1recommend_score: ", text, count=1
    )
    assert taken
    (tmp_path / "odd.map.yaml").write_text(edited, encoding="utf-8")
    nps = next(r for r in evaluate(path, metrics=catalog).results if r.metric == "nps")
    assert (nps.n, nps.value) == (5, 0.0)
    assert nps.inputs[0].where.endswith("A2:A6")


QUESTIONS = {
    "which_scale": [["NPS score"], *([v] for v in (5, 4, 3, 5, 4, 1))],
    "which_direction": [["Effort"], *([v] for v in (5, 4, 7, 1, 2, 7))],
    "ambiguous_date": [
        ["Date", "NPS score"],
        *([f"0{v}/0{v + 1}/2024", v] for v in (3, 4, 7, 8)),
        ["05/05/2024", 9],
    ],
    "kind_open": [
        ["Customer ID", "Sales", "Order date", "Signup date"],
        *([f"X{v}", 10 * v, f"2024-0{v}-03", f"2024-0{v}-05"] for v in (1, 2, 3)),
    ],
    "maybe_total": [
        ["Region", "Marketing cost", "New customers"],
        ["EU", 10, 2],
        ["US", 20, 4],
        ["Total", 35, 6],
    ],
    "ambiguous_number": [["Marketing cost", "New customers"], ["1,234", 5], ["2,345", 6]],
}


@pytest.mark.parametrize("code", QUESTIONS)
def test_questions_are_asked_with_the_lines_that_settle_them(
    code: str, catalog: Catalog, tmp_path: Path
) -> None:
    path = write(tmp_path / "asked.csv", QUESTIONS[code])
    before, after, text = mapped(catalog, path)
    assert same(before, after)
    assert code in {problem.code for problem in after.problems}
    proposed = re.findall(r"(?m)^  # (?=[a-z_.]+: \")", text.partition("\nread:")[2])
    assert len(proposed) > 1
    for number in range(len(proposed)):
        parts = text.partition("\nread:")
        lines = parts[2].splitlines()
        places = [i for i, line in enumerate(lines) if re.match(r"  # [a-z_.]+: \"", line)]
        lines[places[number]] = lines[places[number]].replace("# ", "", 1)
        (tmp_path / "asked.map.yaml").write_text("".join(parts[:2]) + "\n".join(lines), encoding="utf-8")
        assert len(mapping_beside(path, catalog).read) == 1
        settled = evaluate(path, metrics=catalog)
        assert code not in {problem.code for problem in settled.problems}, lines[places[number]]


def test_answers_of_two_scales_are_told_without_a_line(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [("id", "NPS"), (1, "4/5"), (2, "9/10"), (3, "3/5")])
    _, _, text = mapped(catalog, path)
    assert "answers out of 5, 10" in text
    assert "scale." not in text


def test_the_year_of_months_is_asked(catalog: Catalog, tmp_path: Path) -> None:
    rows = [["Metric", "Jan", "Feb", "Mar"], ["Marketing cost", 10, 20, 30], ["New customers", 1, 2, 3]]
    path = write(tmp_path / "months.csv", rows)
    before, after, text = mapped(catalog, path)
    assert same(before, after)
    assert '  # year: "YYYY"\n' in text
    edited = text.replace('  # year: "YYYY"', '  year: "2024"')
    path.with_name("months.map.yaml").write_text(edited, encoding="utf-8")
    settled = evaluate(path, metrics=catalog)
    assert "no_year" not in {problem.code for problem in settled.problems}


def test_a_table_without_headers_is_written_by_its_columns(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path / "bare.csv", [[9, "EU"], [10, "US"], [0, "EU"]])
    old = "mapping:\n  recommend_score: A:A\nread:\n  header: none\n"
    (tmp_path / "bare.map.yaml").write_text(old, encoding="utf-8")
    before, after, text = mapped(catalog, path)
    assert same(before, after)
    assert '  recommend_score: "A:A"\n' in text
    assert '# INPUT: "B:B"\n' in text


def test_ambiguous_inputs_are_asked_with_their_places(catalog: Catalog, tmp_path: Path) -> None:
    rows = [["NPS score", "Recommend score", "Region"], [10, 0, "EU"], [9, 1, "US"], [10, 2, "EU"]]
    before, after, text = mapped(catalog, write(tmp_path / "two.csv", rows))
    assert same(before, after)
    for line in ('  # recommend_score: "NPS score"\n', '  # recommend_score: "Recommend score"\n'):
        assert line in text
        (tmp_path / "two.map.yaml").write_text(text.replace(line, line.replace("# ", "")), encoding="utf-8")
        nps = next(r for r in evaluate(tmp_path / "two.csv", metrics=catalog).results if r.metric == "nps")
        assert nps.n == 3


def test_what_was_mapped_and_read_before_is_kept(catalog: Catalog, tmp_path: Path) -> None:
    path = write(tmp_path / "kept.csv", [["Q7", "Region"], *([v, "EU"] for v in (4, 5, 3))])
    old = 'mapping:\n  recommend_score: "Frage|Q7"\nread:\n  scale.recommend_score: 0..10\n'
    (tmp_path / "kept.map.yaml").write_text(old, encoding="utf-8")
    before, after, text = mapped(catalog, path)
    assert same(before, after)
    assert '  recommend_score: "Frage|Q7"\n' in text
    assert text.endswith('read:\n  scale.recommend_score: "0..10"\n')


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "survey.csv", [["Region", "NPS score"], ["EU", 10], ["US", 3]])


def test_without_output_it_goes_to_the_screen(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", str(survey), "--map", "satisfaction_score=NPS score"]) == 0
    shown = capsys.readouterr().out
    assert '  satisfaction_score: "NPS score"\n' in shown
    assert list(survey.parent.glob("*.yaml")) == []


@pytest.mark.usefixtures("survey")
def test_the_file_lies_where_it_is_found_and_is_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "survey.csv", "-o"]) == 0
    assert capsys.readouterr().out == "wrote survey.map.yaml\n"
    first = Path("survey.map.yaml").read_bytes()
    assert main(["map", "survey.csv", "-o"]) == 0
    assert Path("survey.map.yaml").read_bytes() == first


@pytest.mark.usefixtures("survey")
def test_another_name_is_written_and_the_right_one_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "survey.csv", "-o", "other.yaml"]) == 0
    assert capsys.readouterr().out == "wrote other.yaml; evaluate looks for survey.map.yaml\n"
    assert "under the name survey.map.yaml\n" in Path("other.yaml").read_text(encoding="utf-8")


REFUSED = [
    ("mine.map.yaml", "mapping:\n  nps: A\n", "was not written by metricsheet map"),
    ("empty.map.yaml", "", "was not written by metricsheet map"),
    ("metrics.yaml", "# metricsheet map x\n", "does not end in .map.yaml"),
    ("survey.csv", None, "does not end in .map.yaml"),
]


@pytest.mark.parametrize(("name", "text", "said"), REFUSED)
@pytest.mark.usefixtures("survey")
def test_other_files_are_never_written_over(
    name: str, text: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        Path(name).write_text(text, encoding="utf-8")
    kept = Path(name).read_bytes()
    assert main(["map", "survey.csv", "-o", name]) == 2
    assert said in capsys.readouterr().err
    assert Path(name).read_bytes() == kept


ENDS = [
    (["."], 2, "takes one workbook or CSV file"),
    (["survey.csv", "--map", "recommend_score=Nothing"], 2, "Nothing"),
    (["survey.csv", "--map", "recomend_score=Region"], 2, "did you mean 'recommend_score'"),
    (["survey.csv", "--read", "totals=no"], 2, "expected one of find, keep, drop"),
    (["survey.csv", "--lang", "xx"], 2, "--lang is one of"),
    (["nothing.csv"], 3, "nothing.csv"),
    (["survey.csv", "-o", "no/such/folder.map.yaml"], 3, "folder"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), ENDS)
@pytest.mark.usefixtures("survey")
def test_exit_codes(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", *arguments]) == code
    assert said in capsys.readouterr().err
