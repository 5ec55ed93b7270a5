"""``evaluate --into COPY --live``: formulas over the workbook's own cells give the values of the report."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from metricsheet.cli.main import main
from metricsheet.language.words import term
from metricsheet.report.write import SHEET
from tests.export.test_lambda_book import changed
from tests.report.test_graft import FOUR, parts


def book() -> bytes:
    """Return a workbook with a survey, text among its answers, and a stock over plans and months."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        made.set_properties({"created": dt.datetime(2000, 1, 1)})
        survey = made.add_worksheet("Survey")
        survey.write_row(0, 0, ["Recommendation score", "Satisfaction score"])
        survey.write_column(1, 0, [10, 9, 8, 3, None, 10])
        survey.write_column(1, 1, [10, "9", 8, 3, 7, 9])
        plans = made.add_worksheet("Plans")
        plans.write_row(0, 0, ["Date", "Active customers", "Average revenue per customer"])
        date = made.add_format({"num_format": "yyyy-mm-dd"})
        rows = [(45322, 10, 50), (45322, 5, 100), (45351, 12, 50), (45351, 4, 100), (45351, 1, 500)]
        for row, (day, customers, revenue) in enumerate(rows, 1):
            plans.write_number(row, 0, day, date)
            plans.write_row(row, 1, [customers, revenue])
    return file.getvalue()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder: Path = tmp_path_factory.mktemp("live")
    (folder / "book.xlsx").write_bytes(book())
    copy = folder / "copy.xlsx"
    assert main(["evaluate", str(folder / "book.xlsx"), "--into", str(copy), "--live", "-q"]) == 0
    return copy.read_bytes()


def rows_of(content: bytes) -> dict[str, tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))[term("sheet.live")]
    return {
        str(name.value): tuple(getattr(cell.value, "text", cell.value) for cell in cells)
        for name, *cells in sheet.iter_rows(min_row=5, max_col=5)
    }


def test_values_stand_beside_formulas_over_their_cells(live: bytes) -> None:
    rows = rows_of(live)
    assert rows["Net Promoter Score (NPS)"][1] == "=L.NPS(Survey!A2:A7)"
    assert rows["Monthly recurring revenue (MRR)"][:2] == (
        1500,
        "=L.MRR(Plans!B2:B6,Plans!C2:C6,Plans!A2:A6)",
    )
    nested = "=L.ARR(L.MRR(Plans!B2:B6,Plans!C2:C6,Plans!A2:A6))"
    assert rows["Annual recurring revenue (ARR)"][1] == nested


def test_what_a_formula_cannot_read_is_said(live: bytes) -> None:
    value, formula, _, why = rows_of(live)["Customer satisfaction score (CSS)"]
    assert isinstance(value, float)
    assert formula is None
    assert "satisfaction_score holds text" in str(why)


def test_a_name_that_is_taken_is_not_called(tmp_path: Path) -> None:
    theirs = b'<definedNames><definedName name="l.mrr">1</definedName></definedNames></workbook>'
    path, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    path.write_bytes(changed(book(), "xl/workbook.xml", lambda text: text.replace(b"</workbook>", theirs)))
    assert main(["evaluate", str(path), "--into", str(copy), "--live", "-q"]) == 0
    rows = rows_of(copy.read_bytes())
    for label in ("Monthly recurring revenue (MRR)", "Annual recurring revenue (ARR)"):
        assert rows[label][1:] == (None, None, "L.MRR is a name of your own in this workbook")
    assert rows["Net Promoter Score (NPS)"][1] == "=L.NPS(Survey!A2:A7)"


def test_another_engine_gives_every_value(live: bytes) -> None:
    pytest.importorskip("formulon", reason="the extra oracles has formulon")
    from tests.export.formulon_host import loaded

    computed = loaded(live)
    computed.recalc()
    sheet = next(at for at in range(computed.sheet_count()) if computed.sheet_name(at) == term("sheet.live"))
    formulas = sum(row[1] is not None for row in rows_of(live).values())
    assert formulas >= 4
    assert computed.get_value(sheet, 1, 0).to_python().startswith(f"{formulas} of {formulas} ")
    assert computed.get_value(sheet, 2, 0).to_python() == "L.METRICSHEET_CHECK: ok"
    assert {computed.get_value(sheet, row, 3).to_python() for row in range(4, 4 + len(rows_of(live)))} <= {
        "✓",
        None,
    }


def test_nothing_else_changes_and_a_second_run_replaces_the_sheet(live: bytes, tmp_path: Path) -> None:
    before, after = parts(book()), parts(live)
    assert {name for name in before if after[name] != before[name]} <= FOUR
    path, again = tmp_path / "live.xlsx", tmp_path / "again.xlsx"
    path.write_bytes(live)
    assert main(["evaluate", str(path), "--into", str(again), "--live", "-q"]) == 0
    names = openpyxl.load_workbook(again).sheetnames
    assert names == ["Survey", "Plans", SHEET, term("sheet.live")]
    assert rows_of(again.read_bytes()) == rows_of(live)


def test_live_needs_a_workbook_to_go_into(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(book())
    assert main(["evaluate", str(tmp_path / "book.xlsx"), "--live"]) == 2
