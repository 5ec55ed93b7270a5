"""The worksheet functions in a real spreadsheet: LibreOffice Calc with our extension, against the core."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from metricsheet.api import load_catalog
from tests.hosts.calc import Calc
from tests.hosts.calc_sheet import sheet_of

pytestmark = pytest.mark.hosts

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "metricsheet.oxt"
    write_oxt(path, Definitions())
    return path


@pytest.fixture(scope="module")
def calc(extension: Path) -> Iterator[Calc]:
    with Calc(extension) as started:
        yield started


def changed(extension: Path, target: Path, **parts: list[tuple[bytes, bytes]]) -> Path:
    """Write an extension in which something stands in the place of something else, by part."""
    with zipfile.ZipFile(extension) as whole, zipfile.ZipFile(target, "w") as other:
        for name in whole.namelist():
            data = whole.read(name)
            for old, new in parts.get(name.partition(".")[0], ()):
                assert old in data
                data = data.replace(old, new)
            other.writestr(name, data)
    return target


def test_inputs_as_values_would_be_caught(extension: Path, tmp_path: Path) -> None:
    """Calc hands over other numbers than the cells hold where an input is no range but a value."""
    as_values = [(b"if argument.cells", b"if False"), (b"_unclear(value, argument):", b"False:")]
    types = [(b"com::sun::star::table::XCellRange", b"any")]
    with Calc(changed(extension, tmp_path / "planted.oxt", functions=types, calc=as_values)) as calc:
        found = calc.answers(sheet_of(tmp_path, [[[None]], [[True], [9]]]), ["=NPS(A1)", "=NPS(C1:C2)"])
    assert found == [-100.0, 0.0]  # of the core: #N/A and 100


def test_a_logical_in_the_place_of_a_figure_cannot_be_told(extension: Path, tmp_path: Path) -> None:
    """Calc hands a cell with TRUE over as the number 1, without its place or format: nothing tells them
    apart, while a function's answer can be handed over in no other way.
    """
    shows = b"return ' '.join(f'{type(one).__name__} {one!r}' for one in given)\n    zero ="
    cells = [[True], [1], ["=A2>0"], [None], [0]]
    with Calc(changed(extension, tmp_path / "shows.oxt", calc=[(b"zero =", shows)])) as calc:
        sheet = sheet_of(tmp_path, [cells])
        asked = [f"=ARR(A{row})" for row in range(1, 6)] + ["=ARR(TRUE())", "=ARR(A1:A2)"]
        logical, one, computed, blank, zero, typed, several = calc.answers(sheet, asked)
    assert logical == one == computed == typed == "float 1.0 NoneType None"
    assert blank == zero == "float 0.0 NoneType None"
    assert several == "tuple ((1.0,), (1.0,)) NoneType None"


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
        "=ARR(1)": 12.0,
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


def test_why_names_the_cells(calc: Calc, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path, [[[10], [11], [9], [None], [8], [7]], [["soon"], ["2024-02"]], [[1], [2]], [[10], [20]]]
    )
    one, two = calc.answers(sheet, ['=WHY("nps";A1:A6)', '=WHY("churn_rate";E1:E2;G1:G2;C1:C2)'])
    assert "1 of 6 recommend_score cells is not on the whole scale 0..10 (Sheet!A2 = 11)" in str(one)
    assert "rows without dates (1)" in str(two)
    assert "(Sheet!E1:E2)" in str(two)


def test_cells_are_handed_over_as_they_are(calc: Calc, tmp_path: Path) -> None:
    block = [[None], [0], ["text"], [True], ["#N/A"], [dt.datetime(2024, 3, 31)], [12.5]]
    sheet = sheet_of(tmp_path, [block, [[None]]])
    assert calc.answers(sheet, ["=METRICSHEET_CHECK(A1:A7)"]) == ["ok"]


def test_tables_are_array_answers(calc: Calc, tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path, [[["NPS score", "Effort score"], [10, None], [9, None], [3, None]], [[10], [None]]]
    )
    headings, first, *_ = calc.table(sheet, "=SCORECARD(A1:B4)", 5, 4)
    assert headings == ["Metric", "Value", "Status", "Reason"]
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
