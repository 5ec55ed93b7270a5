"""``doctor`` names every call that cannot work here, ``portable`` puts names or values in its place."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from metricsheet.api import load_catalog
from metricsheet.cli.main import main
from metricsheet.export.lambdas.book import into_book
from metricsheet.export.lambdas.calls import calls_in, functions_by_name, moved
from metricsheet.export.lambdas.doctor import SAME_FORMULA, examine
from metricsheet.export.lambdas.functions import export
from metricsheet.export.lambdas.portable import portable
from metricsheet.report.xlsx.package import DefinedName, defined_names, with_names
from tests.export.test_lambda_book import INIT, changed
from tests.report.test_graft import parts
from tests.stages import in_deep

CATALOG = load_catalog()
KNOWN = functions_by_name(CATALOG)


def book(formulas: dict[str, tuple[str, object]], *, shared: bool = False) -> bytes:
    """Return a workbook with answers in A1:A4 and these formulas with their stored values."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Survey")
        sheet.write_column(0, 0, [10, 9, 8, 6])
        sheet.write_column(0, 1, [10, 9, 9, 10])
        for cell, (formula, value) in formulas.items():
            sheet.write_formula(cell, f"={formula}", None, value)
        made.define_name("answers", "=Survey!$A$1:$A$4")
    content = file.getvalue()
    if shared:  # as Excel writes a formula that was filled to the right

        def share(text: bytes) -> bytes:
            text = text.replace(b"<f>NPS(A1:A4)</f>", b'<f t="shared" ref="D1:E1" si="0">NPS(A1:A4)</f>')
            return text.replace(b"<f>NPS(B1:B4)</f>", b'<f t="shared" si="0"/>')

        content = changed(content, "xl/worksheets/sheet1.xml", share)
    return content


STORED = {
    "_xldudf_NPS(A1:A4)": "_xldudf_NPS",
    "_xldudf_XLWINGS_NPS_FLAG(A1:A4)": "_xldudf_NPS_FLAG",
    "[1]!NPS(A1:A4)": "[1]!NPS",
    "'C:\\add-ins\\metricsheet.xlam'!NPS(A1:A4)": "'C:\\add-ins\\metricsheet.xlam'!NPS",
    "_xll.NPS_N(A1:A4)": "_xll.NPS_N",
    "NPS(A1:A4)": "NPS",
}


@pytest.mark.parametrize("formula", STORED)
def test_a_call_is_known_however_it_is_stored(formula: str) -> None:
    [call] = calls_in(f'IF(TRUE,{formula},"NPS(A1)")', KNOWN)
    assert call.metric is CATALOG.metrics["nps"]
    assert f"{call.lead}{call.name}" == STORED[formula]
    assert call.arguments == ("A1:A4",)


@pytest.mark.parametrize("formula", ["L.NPS(A1)", "SUM(A1)", '"NPS(A1)"', "NPS+1", "MYNPS(A)", "'NPS(1)'!A1"])
def test_what_is_no_call_of_ours_is_left(formula: str) -> None:
    assert list(calls_in(formula, KNOWN)) == []


@pytest.mark.parametrize("formula", STORED)
def test_missing_functions_are_listed_with_their_cells(formula: str) -> None:
    found = examine(book({"D1": (formula, "#NAME?"), "D2": (f"2*{formula}", 5)}), "b.xlsx", CATALOG)
    missing = [finding.where for finding in found if finding.code == "missing_function"]
    assert missing == ["Survey!D1", "Survey!D2"]
    assert "#NAME?" in str(found[0].message)


def test_functions_of_other_add_ins_are_not_ours() -> None:
    others = ("_xldudf_FOO(A1)", "[1]!FOO(A1)", "_xll.FOO(A1)", "'C:\\vendor.xlam'!FOO(A1)")
    of_others = book({f"D{row}": (formula, "#NAME?") for row, formula in enumerate(others, 1)})
    assert examine(of_others, "b.xlsx", CATALOG) == []
    gone = book({"D1": ("'C:\\metricsheet.xlam'!GONE(A1)", 5), "D2": ("_xldudf_SCORECARD(A1)", 5)})
    assert [f.where for f in examine(gone, "b.xlsx", CATALOG)] == ["Survey!D1", "Survey!D2"]


def with_functions(content: bytes) -> bytes:
    return into_book(content, CATALOG, export(CATALOG, ["nps"]), "en")[0]


def test_a_sound_workbook_has_no_findings() -> None:
    sound = with_functions(book({"D1": ("L.NPS(A1:A4)", 25), "D2": ("L.NPS_N(answers)", 4)}))
    assert examine(sound, "b.xlsx", CATALOG) == []


@pytest.mark.parametrize(
    ("formula", "stored", "code"),
    [
        ("L.NPS(A1:A4)", 26, "stale_value"),
        ("L.NPS(answers)", "#N/A", "stale_value"),
        ("L.NPS({10,9,3})", 25, "stale_value"),
        ("L.CES(A1:A4)", 5, "missing_function"),
    ],
)
def test_stale_values_and_names_that_are_not_there(formula: str, stored: object, code: str) -> None:
    found = examine(with_functions(book({"D1": (formula, stored)})), "b.xlsx", CATALOG)
    assert (found[0].code, found[0].where) == (code, "Survey!D1")


def test_a_cell_without_a_stored_value() -> None:
    content = book({"D1": ("L.NPS(A1:A4)", 25)})
    bare = changed(content, "xl/worksheets/sheet1.xml", lambda text: text.replace(b"<v>25</v>", b""))
    assert [f.code for f in examine(with_functions(bare), "b.xlsx", CATALOG)] == ["no_value"]


def test_an_edited_cutoff_without_a_new_export(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(INIT, encoding="utf-8")
    found = examine(with_functions(book({})), "b.xlsx", load_catalog(tmp_path))
    assert {finding.where: finding.code for finding in found} == {
        "L.NPS": SAME_FORMULA,
        "L.NPS_FLAG": "outdated_function",
        "L.NPS_N": SAME_FORMULA,
        "L.METRICSHEET_CHECK": SAME_FORMULA,
    }


def test_clashes_of_names() -> None:
    plain = into_book(book({}), CATALOG, export(CATALOG, ["nps"], ""), "en")[0]
    assert {f.code for f in examine(plain, "b.xlsx", CATALOG)} == {"name_clash"}
    local = '<definedName name="l.nps" localSheetId="0">1</definedName></definedNames>'
    both = changed(
        with_functions(book({})),
        "xl/workbook.xml",
        lambda text: text.replace(b"</definedNames>", local.encode()),
    )
    assert [(f.code, f.where) for f in examine(both, "b.xlsx", CATALOG)] == [("name_clash", "L.NPS")]


def formulas_of(content: bytes) -> dict[str, object]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Survey"]
    cells = {cell: sheet[cell].value for cell in ("D1", "D2", "D3", "D4", "E1")}
    return {cell: getattr(value, "text", value) for cell, value in cells.items() if value is not None}


CALLS = {
    "D1": ("_xldudf_NPS(A1:A4)", "#NAME?"),
    "D2": ("1+[1]!NPS_N(A1:A4)*2", 9),
    "D3": ("SUM(A1:A4)", 33),
    "D4": ('FLAG("nps",25)', "#NAME?"),
}


def test_calls_become_names() -> None:
    content = book(CALLS)
    made, done = portable(content, "b.xlsx", CATALOG, values=False)
    assert formulas_of(made) == {
        "D1": "=L.NPS(A1:A4)",
        "D2": "=1+L.NPS_N(A1:A4)*2",
        "D3": "=SUM(A1:A4)",
        "D4": '=FLAG("nps",25)',
    }
    assert (done.replaced, done.left) == (("Survey!D1", "Survey!D2"), ("Survey!D4",))
    assert {"L.NPS", "L.NPS_FLAG", "L.NPS_N", "ANSWERS"} <= set(defined_names(made))
    before, after = parts(content), parts(made)
    touched = {
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    }
    assert {name for name in before if before[name] != after.get(name)} <= touched
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    row = re.search(rb'<c r="D3".*?</c>', after["xl/worksheets/sheet1.xml"])
    assert row is not None
    assert row[0] in before["xl/worksheets/sheet1.xml"]


def test_the_check_becomes_a_name_and_brings_no_others() -> None:
    made, done = portable(book({"D1": ("METRICSHEET_CHECK(A1:A7)", "ok")}), "b.xlsx", CATALOG, values=False)
    assert formulas_of(made) == {"D1": "=L.METRICSHEET_CHECK(A1:A7)"}
    assert done.names == ("L.METRICSHEET_CHECK",)
    assert examine(made, "b.xlsx", CATALOG) == []


def test_a_shared_formula_becomes_one_for_each_cell() -> None:
    content = book({"D1": ("NPS(A1:A4)", 1), "E1": ("NPS(B1:B4)", 2)}, shared=True)
    assert formulas_of(portable(content, "b.xlsx", CATALOG, values=False)[0]) == {
        "D1": "=L.NPS(A1:A4)",
        "E1": "=L.NPS(B1:B4)",
    }


@in_deep
def test_the_portable_workbook_computes() -> None:
    pytest.importorskip("formulon", reason="the extra oracles has formulon")
    from tests.export.formulon_host import loaded

    computed = loaded(portable(book(CALLS), "b.xlsx", CATALOG, values=False)[0])
    computed.recalc()
    assert [computed.get_value(0, row, 3).to_python() for row in (0, 1, 2)] == [25, 9, 33]


def test_calls_become_values() -> None:
    content = book({**CALLS, "E1": ("NPS_FLAG(B1:B4)", "#NAME?")})
    made, done = portable(content, "b.xlsx", CATALOG, values=True)
    assert formulas_of(made) == {
        "D1": 25,
        "D2": 9,
        "D3": "=SUM(A1:A4)",
        "D4": '=FLAG("nps",25)',
        "E1": "Sample too small",
    }
    assert done.left == ("Survey!D4",)
    assert set(defined_names(made)) == {"ANSWERS"}


def test_nothing_of_ours_means_nothing_changes() -> None:
    content = book({"D3": ("SUM(A1:A4)", 33)})
    assert portable(content, "b.xlsx", CATALOG, values=False)[0] == content


def test_a_name_of_the_users_is_not_written_over() -> None:
    mine = DefinedName("L.NPS", "Survey!$A$1")
    made, done = portable(with_names(book(CALLS), [mine]), "b.xlsx", CATALOG, values=False)
    assert defined_names(made)["L.NPS"] == mine
    assert "L.NPS" not in done.names


def test_references_move_with_their_cell() -> None:
    assert moved('A1+$A1+A$1+$A$1+S!B2:C3+LOG10(A1)&"A1"', "D1", "E3") == (
        'B3+$A3+B$1+$A$1+S!C4:D5+LOG10(B3)&"A1"'
    )


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "b.xlsx", tmp_path / "out.xlsx"
    path.write_bytes(book(CALLS))
    assert main(["doctor", str(path)]) == 1
    assert "Survey!D1: missing_function: _xldudf_NPS is missing here" in capsys.readouterr().out
    assert main(["portable", str(path), "-o", str(out)]) == 0
    assert "replaced: 2 (Survey!D1, Survey!D2)" in capsys.readouterr().out
    assert main(["portable", str(path), "-o", str(path)]) == 2
    path.write_bytes(with_functions(book({})))
    assert main(["doctor", str(path)]) == 0
    assert main(["doctor", str(tmp_path / "none.xlsx")]) == 3


def sheet_xml(content: bytes) -> str:
    return parts(content)["xl/worksheets/sheet1.xml"].decode()


def test_a_logical_stays_one() -> None:
    made, _ = portable(book({"D1": ("NPS(A1:A4)>20", True)}), "b.xlsx", CATALOG, values=True)
    assert openpyxl.load_workbook(io.BytesIO(made))["Survey"]["D1"].value is True


def test_a_name_of_the_users_own_is_not_called() -> None:
    own = b'<definedName name="L.NPS">Survey!$A$1</definedName></definedNames>'
    content = changed(
        book({"D1": ("NPS(A1:A4)", 25), "D2": ("CES(A1:A4)", 25)}),
        "xl/workbook.xml",
        lambda text: text.replace(b"</definedNames>", own),
    )
    made, told = portable(content, "b.xlsx", CATALOG, values=False)
    assert (told.replaced, told.left) == (("Survey!D2",), ("Survey!D1",))
    assert formulas_of(made)["D1"] == "=NPS(A1:A4)"


def test_a_shared_formula_that_is_left_has_its_own_text() -> None:
    content = book({"D1": ("NPS(A1:A4)", 25), "E1": ("NPS(B1:B4)", 100)}, shared=True)
    other = b'<f t="shared" ref="E1:F1" si="1">2*NPS(B1:B4)</f>'

    def without_value(text: bytes) -> bytes:
        text = text.replace(b'<f t="shared" si="0"/><v>100</v>', other + b"<v>#NAME?</v>")
        return text.replace(b'<c r="E1">', b'<c r="E1" t="e">')

    gone = changed(content, "xl/worksheets/sheet1.xml", without_value)
    assert other in sheet_xml(gone).encode()
    made, told = portable(gone, "b.xlsx", CATALOG, values=True)
    assert (told.replaced, told.left) == (("Survey!D1",), ("Survey!E1",))
    assert "<f>2*NPS(B1:B4)</f>" in sheet_xml(made)


def test_an_array_formula_keeps_its_range() -> None:
    content = changed(
        book({"D1": ("NPS(A1:A4)*{1,2,3}", 25)}),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(b"<f>NPS", b'<f t="array" ref="D1:F1">NPS'),
    )
    made, told = portable(content, "b.xlsx", CATALOG, values=False)
    assert told.replaced == ("Survey!D1",)
    assert 'ref="D1:F1"' in sheet_xml(made)


@pytest.mark.parametrize(
    ("formula", "there"),
    [
        ("NPS('Data Q1'!A1:A5)", "NPS('Data Q1'!B2:B6)"),
        ("NPS(Tab[Q1])", "NPS(Tab[Q1])"),
        ("NPS(A:A)", "NPS(B:B)"),
        ("NPS($A:B)+SUM(1:$3)", "NPS($A:C)+SUM(2:$3)"),
        ("NPS(Data!A:A)", "NPS(Data!B:B)"),
        ('NPS(A1)&"A1:A2"', 'NPS(B2)&"A1:A2"'),
    ],
)
def test_a_shared_formula_moves_cells_alone(formula: str, there: str) -> None:
    assert moved(formula, "D1", "E2") == there
