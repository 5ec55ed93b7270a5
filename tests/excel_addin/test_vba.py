"""The VBA that Excel gets: xlwings' own, as a golden file, and the module with real error values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from excel_addin.cells import ERROR_NUMBERS
from excel_addin.vba import main, module_text
from excel_addin.worksheet_function import Argument, WorksheetFunction
from tests.excel_addin.conftest import TEST_METRICS
from tests.excel_addin.excel import Excel

GOLDEN = Path(__file__).parent / "golden"


def test_import_functions_writes_the_golden_vba(test_excel: Excel) -> None:
    vba, _ = test_excel.import_functions()
    assert vba == (GOLDEN / "xlwings_udfs.bas").read_text()


def test_an_add_in_gets_wrappers_for_the_active_workbook(test_excel: Excel) -> None:
    vba, _ = test_excel.import_functions("metricsheet.xlam")
    assert "ActiveWorkbook, Application.Caller)" in vba
    assert "ThisWorkbook" not in vba


def test_our_module_is_the_golden_vba(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("METRICSHEET_METRICS", str(TEST_METRICS))
    assert main([]) == 0
    golden = (GOLDEN / "metricsheet_functions.bas").read_text()
    assert capsys.readouterr().out == golden
    assert main([str(tmp_path / "module.bas")]) == 0
    assert (tmp_path / "module.bas").read_bytes() == golden.replace("\n", "\r\n").encode("ascii")


def test_both_modules_wrap_the_same_functions(test_excel: Excel) -> None:
    theirs, _ = test_excel.import_functions()
    ours = (GOLDEN / "metricsheet_functions.bas").read_text()
    names = [set(re.findall(r"^(?:Public )?Function (\w+)", vba, re.M)) for vba in (theirs, ours)]
    assert names[0] == names[1] != set()


@pytest.mark.parametrize("code", ERROR_NUMBERS)
def test_every_error_becomes_a_real_one(code: str) -> None:
    text = module_text([])
    assert f'Case "{code}": MetricsheetError = CVErr({ERROR_NUMBERS[code]})' in text


def test_long_argument_lists_stay_below_the_line_limit_of_the_editor() -> None:
    arguments = tuple(Argument(f"a_rather_long_argument_name_{i}", "") for i in range(59))
    last = Argument("setting", "", optional=True)
    text = module_text([WorksheetFunction("LONG", "", "", (*arguments, last), len)])
    assert max(map(len, text.splitlines())) < 1023
    joined = re.sub(r" _\n +", " ", text)
    assert "a_rather_long_argument_name_58 As Variant, Optional setting As Variant) As Variant" in joined


def test_descriptions_come_from_the_definitions(test_excel: Excel) -> None:
    _, descriptions = test_excel.import_functions()
    assert test_excel.describe() == descriptions
    metric = descriptions["'Book1.xlsm'!PROMOTERS"]
    assert metric["Description"] == "Net score. Would they recommend us?"
    assert metric["Category"] == "metricsheet expand"
    assert metric["ArgumentDescriptions"] == ["Answers (0..10). One answer per person"]
    flag = descriptions["'Book1.xlsm'!PROMOTERS_FLAG"]
    assert flag["Description"] == "Net score: More against than for / Below target / More for than against"
    ratio = descriptions["'Book1.xlsm'!WORTH_COST_RATIO"]
    assert ratio["ArgumentDescriptions"] == [
        "Worth of a customer. What does a customer bring?",
        "Cost of a customer.",
        "Dates of the rows: a range as long as the others, or one date for all rows",
    ]
    share = descriptions["'Book1.xlsm'!EXTRA_SHARE_FLAG"]
    assert share["ArgumentDescriptions"][-1] == "Company stage: new / seasoned"
    for options in descriptions.values():
        assert 0 < len(options["Description"]) <= 255
        assert all(0 < len(text) <= 255 for text in options["ArgumentDescriptions"])
