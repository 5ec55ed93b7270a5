"""The worksheet functions in a real spreadsheet: LibreOffice Calc with our extension, against the core."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from excel_addin.worksheet import worksheet_functions
from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import MetricDefinition
from metricsheet.values import Cell
from tests.excel_addin.excel import ErrorCell
from tests.excel_addin.test_parity import arguments_of, vectors
from tests.hosts.calc import Calc

pytestmark = pytest.mark.hosts

CATALOG = load_catalog()


@dataclass(frozen=True)
class Question:
    """A formula, and what the core answers."""

    name: str
    formula: str
    answer: object


def write_cells(path: Path, grids: list[list[list[object]]]) -> list[str]:
    """Write grids of cells beside one another into the first sheet; return the reference of each."""
    book = openpyxl.Workbook()
    sheet, places, column = book.active, [], 1
    for grid in grids:
        for r, row in enumerate(grid, 1):
            for c, cell in enumerate(row):
                # openpyxl writes the text of an error as an error
                sheet.cell(r, column + c).value = cell.code if isinstance(cell, ErrorCell) else cell
        width = max(map(len, grid))
        end = "" if (len(grid), width) == (1, 1) else f":{get_column_letter(column + width - 1)}{len(grid)}"
        places.append(f"{get_column_letter(column)}1{end}")
        column += width + 1
    book.save(path)
    return places


def questions(path: Path) -> list[Question]:
    """Write the cells of all vectors, and return every metric asked about each."""
    grids: dict[tuple[float, float, str], list[list[object]]] = {}
    asked: list[tuple[MetricDefinition, list[str], tuple[float, float, str], list[list[Cell]]]] = []
    for metric in CATALOG.metrics.values():
        keys = arguments_of(metric)
        scales = [CATALOG.inputs[key].scale for key in keys if key in CATALOG.inputs]
        scale = next((scale for scale in scales if scale is not None), None)
        low, high = (scale.low, scale.high) if scale is not None else (20.0, 100.0)
        for name, in_excel, in_core in vectors(low, high):
            grids[low, high, name] = in_excel
            asked.append((metric, keys, (low, high, name), in_core))
    where = dict(zip(grids, write_cells(path, list(grids.values())), strict=True))
    found = []
    for metric, keys, place, in_core in asked:
        result = answer(CATALOG, metric.key, dict.fromkeys(keys, in_core), language=CATALOG.language)
        given = ";".join([where[place]] * len(keys))
        shown = {
            "": result.error if result.value is None else result.value,
            "_FLAG": result.error if result.value is None else result.status_label,
            "_N": (result.error or "#N/A") if result.n is None else result.n,
        }
        for suffix, wanted in shown.items():
            name = f"{metric.udf}{suffix} {place[2]}"
            found.append(Question(name, f"={metric.udf}{suffix}({given})", wanted))
    return found


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "metricsheet.oxt"
    write_oxt(path, Definitions())
    return path


@pytest.fixture(scope="module")
def calc(extension: Path) -> Iterator[Calc]:
    with Calc(extension) as started:
        yield started


def same(found: object, wanted: object) -> bool:
    if isinstance(found, float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)
    return found == wanted


def differences(calc: Calc, folder: Path) -> dict[str, tuple[object, object]]:
    path = folder / "cells.xlsx"
    asked = questions(path)
    found = calc.answers(path, [question.formula for question in asked])
    return {
        question.name: (one, question.answer)
        for question, one in zip(asked, found, strict=True)
        if not same(one, question.answer)
    }


# Where Calc cannot hand over what a cell holds: an argument that takes a typed value, too, gets a 0 for a
# blank cell, a 1 for TRUE, and nothing at all where a range has an error. All of it is refused.
def refused(name: str, found: object, values: bool) -> bool:
    if not values:
        return False
    vector = name.partition(" ")[2]
    return found == ("Err:504" if vector.startswith("cell #") else "#VALUE!")


def test_calc_gives_the_answers_of_the_core(calc: Calc, tmp_path: Path) -> None:
    takes_values = {
        function.name
        for function in worksheet_functions(Definitions())
        if not all(argument.cells for argument in function.arguments)
    }
    found = differences(calc, tmp_path)
    unexplained = {
        name: one
        for name, one in found.items()
        if not refused(name, one[0], name.partition(" ")[0] in takes_values)
    }
    assert unexplained == {}


def test_inputs_as_values_would_be_caught(extension: Path, tmp_path: Path) -> None:
    """Calc hands over other numbers than the cells hold where an input is no range but a value."""
    planted = tmp_path / "planted.oxt"
    with zipfile.ZipFile(extension) as whole, zipfile.ZipFile(planted, "w") as broken:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "functions.idl":
                data = data.replace(b"com::sun::star::table::XCellRange", b"any")
            if name == "calc.py":
                assert b"if argument.cells" in data
                data = data.replace(b"if argument.cells", b"if False").replace(
                    b"elif _unclear", b"elif 0 and _unclear"
                )
            broken.writestr(name, data)
    with Calc(planted) as calc:
        found = calc.answers(sheet_of(tmp_path, [[[None]], [[True], [9]]]), ["=NPS(A1)", "=NPS(C1:C2)"])
    assert found == [-100.0, 0.0]  # of the core: #N/A and 100


def sheet_of(folder: Path, grids: list[list[list[object]]]) -> Path:
    path = folder / "sheet.xlsx"
    write_cells(path, grids)
    return path


def test_typed_formulas(calc: Calc, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path,
        [
            [[10], [9], [8], [6], [None], ["=A1>3"], ["=A4>9"], ["=1/0"], ['=""'], ["=IF(A1>3,TRUE(),5)"]],
            [[0], [0], [300], [100], [4]],
        ],
    )
    asked = {
        "=NPS(A1:A4)": 25.0,
        "=NPS($A$1:$A$1048576)": "#DIV/0!",
        "=NPS(A1:A7)": 25.0,  # logicals that formulas give are no answers either
        "=NPS(A9)": "#N/A",
        "=NPS(A1:A8)": "#DIV/0!",
        "=CHURN_RATE(C1;C2)": "#DIV/0!",
        '=IFERROR(CHURN_RATE(C1;C2);"none")': "none",
        "=CHURN_RATE(C5;C4)": 0.04,
        '=CHURN_RATE(C5;C4;;"yes")': 0.04,
        "=NPS_FLAG(A1:A4)": "Sample too small",
        "=ARR(C3)": 3600.0,
        "=ARR(300)": 3600.0,
        "=ARR(C1)": "#VALUE!",  # a 0 handed over, or a blank cell
        "=ARR(A5)": "#VALUE!",
        "=ARR(A8)": "#DIV/0!",
        "=CLV_CAC_RATIO(C5;MRR(C3;C4);C4)": 300.0,
        "=CLV_CAC_RATIO(C5;CHURN_RATE(C1;C2);C4)": "#DIV/0!",
        "=CHURN_RATE(5;100)": "Err:504",  # cells are wanted
        '=UPSELL_SHARE_FLAG(C5;C4;"new")': "Under the 10-30% of a new company",
        '=TARGET("CLV_CAC_RATIO")': 3.0,
        '=TARGET("nothing")': "#NAME?",
        '=FLAG("clv_cac_ratio";C5)': "On target (n not known)",
        '=FLAG("clv_cac_ratio";A5)': "#N/A",
    }
    found = calc.answers(sheet, list(asked))
    assert dict(zip(asked, found, strict=True)) == asked


def test_tables_are_array_answers(calc: Calc, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path, [[["NPS score", "Effort score"], [10, None], [9, None], [3, None]], [[10], [None]]]
    )
    headings, first, *_ = calc.table(sheet, "=SCORECARD(A1:B4)", 5, 4)
    assert headings == ["metric", "value", "status", "reason"]
    assert first[:2] == ["Net Promoter Score (NPS)", pytest.approx(100 / 3)]
    assert calc.table(sheet, '=FLAG("nps";D1:D2)', 2, 1) == [
        ["At least as many promoters as detractors (n not known)"],
        ["#N/A"],
    ]
    info = calc.table(sheet, '=METRIC_INFO("nps")', 40, 2)
    assert ["digest", CATALOG.digest] in info


def test_the_function_wizard_shows_help(calc: Calc) -> None:
    shown = calc.described("NPS")
    _, description, arguments = shown["NPS"]
    assert description.endswith("(metricsheet expand)")
    assert "Net Promoter Score" in description
    [[name, help_of, optional]] = arguments
    assert name == "recommend_score"
    assert "0..10" in help_of
    assert not optional
    [*_, last] = calc.described("UPSELL_SHARE_FLAG")["UPSELL_SHARE_FLAG"][2]
    assert last[0] == "company_stage"
    assert last[2]


def test_the_extension_carries_definitions_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "group").mkdir()
    (tmp_path / "team").mkdir()
    one = (
        "version: 1\nextends: {base}\nmetrics:\n  {key}:\n    label: {key}\n    stage: expand\n"
        "    kind: outcome\n    unit: ratio\n    better: lower\n    formula: customers_lost / new_customers\n"
    )
    (tmp_path / "group" / "metrics.yaml").write_text(one.format(base="builtin", key="of_group"))
    (tmp_path / "team" / "metrics.yaml").write_text(one.format(base="../group/metrics.yaml", key="of_team"))
    definitions = Definitions(str(tmp_path / "team"))
    write_oxt(tmp_path / "own.oxt", definitions)
    sheet = sheet_of(tmp_path, [[[6]], [[2]]])
    with Calc(tmp_path / "own.oxt") as calc:
        assert calc.answers(sheet, ["=OF_TEAM(A1;C1)", "=OF_GROUP(A1;C1)"]) == [3.0, 3.0]
        assert ["digest", definitions.catalog().digest] in calc.table(sheet, '=METRIC_INFO("of_team")', 40, 2)
