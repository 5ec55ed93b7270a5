"""Which definitions the add-in uses, and what happens when somebody edits them while Excel is open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from excel_addin.definitions import METRICS_VARIABLE, Definitions
from metricsheet.errors import DefinitionError
from tests.excel_addin.conftest import TEST_METRICS
from tests.excel_addin.excel import REPOSITORY, WITHOUT_PANDAS, Excel, LeftOut, column
from tests.stages import in_deep

ANSWERS = column(10.0, 9.0, 9.0, 3.0)  # 50
SECOND_METRIC = """
  share_of_tens:
    label: Share of tens
    stage: expand
    kind: outcome
    unit: percent
    better: higher
    formula: COUNTIF(answers, 10) / COUNT(answers)
"""


@pytest.fixture(autouse=True)
def without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WITHOUT_PANDAS, "1")


@pytest.fixture
def metrics(tmp_path: Path) -> Path:
    path = tmp_path / "metrics.yaml"
    shutil.copy(TEST_METRICS, path)
    return path


@pytest.fixture(scope="module")
def long_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Excel, Path]]:
    path = tmp_path_factory.mktemp("open") / "metrics.yaml"
    shutil.copy(TEST_METRICS, path)
    with Excel(path, folder=path.parent, **{WITHOUT_PANDAS: "1"}) as excel:
        yield excel, path


@pytest.fixture
def excel(long_open: tuple[Excel, Path]) -> Excel:
    """One Excel for all tests that edit the file it has open, each beginning with the file as it was."""
    excel, path = long_open
    edit(path, path.read_text(encoding="utf-8"), TEST_METRICS.read_text(encoding="utf-8"))
    return excel


@pytest.fixture
def opened(long_open: tuple[Excel, Path]) -> Path:
    """The file that ``excel`` has open."""
    return long_open[1]


def edit(path: Path, before: str, after: str) -> None:
    """Save an edit, with a time later than that of the edit before."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_an_edited_cutoff_changes_the_flag_in_the_open_workbook(excel: Excel, opened: Path) -> None:
    assert excel.call("PROMOTERS_FLAG", ANSWERS) == "More for than against"
    edit(opened, "when: below 0,", "when: below 60,")
    edit(opened, "when: at least 0,", "when: at least 60,")
    edit(opened, "target: 30", "target: 60")
    assert excel.call("PROMOTERS_FLAG", ANSWERS) == "More against than for"
    assert excel.call("FLAG", "promoters", 59.9, LeftOut()) == "More against than for (n not known)"


def test_an_edited_target_changes_the_flag_in_the_open_workbook(excel: Excel, opened: Path) -> None:
    edit(opened, "target: 30", "target: 60")
    assert excel.call("PROMOTERS_FLAG", ANSWERS) == "Below target"
    assert excel.call("TARGET", "promoters", LeftOut()) == 60.0


def test_an_edited_formula_changes_the_value(excel: Excel, opened: Path) -> None:
    assert excel.call("PROMOTERS", ANSWERS) == 50.0
    edit(opened, '">=9"', '">=10"')
    assert excel.call("PROMOTERS", ANSWERS) == 0.0


def test_a_new_metric_is_a_function_at_the_next_import_and_at_once(excel: Excel, opened: Path) -> None:
    vba, _ = excel.import_functions()
    assert "SHARE_OF_TENS" not in vba
    edit(opened, "\n  worth:", SECOND_METRIC + "  worth:")
    assert excel.call("SHARE_OF_TENS", ANSWERS) == 0.25  # from our own VBA module, made by another process
    vba, descriptions = excel.import_functions()
    assert "Function SHARE_OF_TENS_FLAG(answers)" in vba
    assert "'Book1.xlsm'!SHARE_OF_TENS" in descriptions


def test_a_metric_that_was_taken_out_is_no_name_any_more(excel: Excel, opened: Path) -> None:
    assert excel.call("WORTH_COST_RATIO", 300.0, 100.0) == 3.0
    edit(opened, "\n  worth_cost_ratio:", "\n  other_ratio:")
    assert excel.call("WORTH_COST_RATIO", 300.0, 100.0) == "#NAME?"
    vba, _ = excel.import_functions()
    assert "WORTH_COST_RATIO" not in vba
    assert "OTHER_RATIO" in vba


def test_a_spoiled_file_is_an_error_with_its_place_until_it_is_mended(excel: Excel, opened: Path) -> None:
    assert excel.call("PROMOTERS", ANSWERS) == 50.0
    edit(opened, "COUNT(answers)", "COUNT(answerz)")
    assert excel.call("PROMOTERS", ANSWERS) == "#NAME?"
    assert excel.call("SCORECARD", ANSWERS) == "#NAME?"
    problems = excel.call("METRIC_INFO", "promoters")
    text = problems if isinstance(problems, str) else str(problems)
    assert "answerz" in text
    assert "metrics.yaml:" in text
    edit(opened, "COUNT(answerz)", "COUNT(answers)")
    assert excel.call("PROMOTERS", ANSWERS) == 50.0


def test_an_add_in_over_a_spoiled_file_says_so_at_import(metrics: Path) -> None:
    metrics.write_text(metrics.read_text().replace("COUNT(answers)", "COUNT(answerz)"))
    with Excel(metrics, folder=metrics.parent) as excel:
        answer = excel.call("PROMOTERS", ANSWERS)
    assert "answerz" in answer.text


def test_the_nearest_file_above_the_working_directory_is_used(
    metrics: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = metrics.parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert Path(Definitions().catalog().path).resolve() == metrics.resolve()


@in_deep
def test_it_is_used_in_excel(metrics: Path) -> None:
    below = metrics.parent / "a" / "b"
    below.mkdir(parents=True)
    with Excel(folder=below) as excel:
        assert excel.call("PROMOTERS", ANSWERS) == 50.0
        said = dict(excel.call("METRIC_INFO", "promoters"))
    assert Path(said["definitions"]).resolve() == metrics.resolve()


def test_the_environment_comes_before_the_working_directory(metrics: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = metrics.read_text().replace('">=9"', '">=10"')
    (other / "metrics.yaml").write_text(text)
    with Excel(other / "metrics.yaml", folder=metrics.parent) as excel:
        assert excel.call("PROMOTERS", ANSWERS) == 0.0


def test_the_files_are_looked_at_once_a_second_at_most(
    metrics: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setenv(METRICS_VARIABLE, str(metrics))
    definitions = Definitions(clock=lambda: clock[0])
    before = definitions.catalog()
    metrics.write_text(metrics.read_text().replace('">=9"', '">=10"'))
    for clock[0] in (0.1, 0.5, 0.99):
        assert definitions.catalog() is before
    clock[0] = 1.5
    assert definitions.catalog() is not before


def test_definitions_beside_the_workbook_are_found(
    metrics: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.move(metrics, tmp_path / "elsewhere" / "metrics.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(METRICS_VARIABLE, raising=False)
    monkeypatch.setattr("sys.path", [str(tmp_path / "elsewhere"), sys.prefix])
    assert Path(Definitions().catalog().path).parent.name == "elsewhere"


@in_deep
def test_definitions_beside_the_workbook_are_found_in_excel(metrics: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name} documents"
    elsewhere.mkdir()
    path = os.pathsep.join((str(metrics.parent), str(REPOSITORY), str(REPOSITORY / "src")))
    with Excel(folder=elsewhere, PYTHONPATH=path) as excel:
        assert excel.call("PROMOTERS", ANSWERS) == 50.0


def test_without_any_file_the_built_in_definitions_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(METRICS_VARIABLE, raising=False)
    monkeypatch.setattr("sys.path", [str(tmp_path), sys.prefix])
    assert Definitions().catalog().path.startswith("built-in")


def test_definitions_may_be_given_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(METRICS_VARIABLE, TEST_METRICS.read_text(encoding="utf-8"))
    definitions = Definitions()
    assert "promoters" in definitions.catalog().metrics
    assert Path(definitions.catalog().path).name == "metrics.yaml"
    assert definitions.path == Definitions().path  # written once
    monkeypatch.setenv(METRICS_VARIABLE, "version: 1\nmetrics:\n  nps: {lable: x}\n")
    with pytest.raises(DefinitionError, match="lable"):
        Definitions().catalog()


# what there is in a browser: Python itself and PyYAML
ALONE = """
import sys
for name in ("jsonschema", "pandas", "numpy", "xlwings", "python_calamine", "xlrd", "xlsxwriter", "jinja2"):
    sys.modules[name] = None
from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
definitions = Definitions()
functions = {one.name: one for one in worksheet_functions(definitions)}
table = [["NPS score"], [10.0], [9.0], [3.0]]
asked = {
    "NPS": [[[10.0], [9.0], [3.0]]],
    "NPS_FLAG": [[[10.0], [9.0], [3.0]]],
    "MRR": [[[2.0], [3.0]], [[10.0], [20.0]], 45292.0],
    "WHY": ["nps", [*[[10.0]] * 8, [11.0]], *[None] * (len(functions["WHY"].arguments) - 2)],
    "SCORECARD": [table],
    "METRIC_INFO": ["nps"],
}
for name, given in asked.items():
    print(name, functions[name].answer(given))
import os
os.environ["METRICSHEET_METRICS"] = "version: 1\\nmetrics:\\n  nps: {lable: x, unit: 7}\\n"
from metricsheet.errors import DefinitionError
try:
    Definitions().catalog()
except DefinitionError as error:
    print("faulty", [str(found.message) for found in error.diagnostics])
"""


def test_the_functions_need_nothing_but_pyyaml(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(METRICS_VARIABLE, raising=False)
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))},
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    for said in (
        "NPS 33.3",
        "NPS_FLAG Sample too small",
        "MRR 80.0",
        "1 of 9 recommend_score cells is not on the whole scale 0..10",
        "['Net Promoter Score (NPS)', 33.3",
        "['digest', ",
        "found 'lable'",
        "found the number 7",
    ):
        assert said in ran.stdout
