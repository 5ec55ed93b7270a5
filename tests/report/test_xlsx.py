"""The scorecard workbook, read again with another library."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter

import metricsheet
from metricsheet.errors import WorkbookError
from metricsheet.language import LANGUAGES
from metricsheet.language.words import term
from metricsheet.report import render_xlsx
from metricsheet.report.overview import overview
from metricsheet.report.style import TextStyle
from metricsheet.report.xlsx.sheet import STATUS_FILLS
from tests.report import samples

# openpyxl cannot read sparklines and says so; they are tested in the XML itself
SPARKLINES = "ignore:Sparkline Group extension is not supported:UserWarning"
pytestmark = pytest.mark.filterwarnings(SPARKLINES)

HEADER = 6


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    made = {}
    for language in LANGUAGES:
        path = folder / f"{language}.xlsx"
        path.write_bytes(render_xlsx(samples.quarterly(language), samples.catalog(language, benchmarks=True)))
        made[language] = openpyxl.load_workbook(path)
    return made


def records(sheet, header=HEADER):
    titles = [cell.value for cell in sheet[header]]
    return [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=header + 1)]


def figures(sheet, language="en"):
    """Return the rows of results, without those that stand for folded ones."""
    return [row for row in records(sheet) if row[term("value", language)].value is not None]


def find(sheet, metric, segment=None):
    return next(
        row for row in records(sheet) if row["Metric"].value == metric and row["Segment"].value == segment
    )


def test_sheets(books):
    names = ("Overview", "Comparison", "Findings", "Scorecard", "History", "Inputs", "Problems")
    assert books["en"].sheetnames == [*names, "Definitions", "Rules"]
    for language, book in books.items():
        wanted = [term(f"sheet.{name.lower()}", language) for name in books["en"].sheetnames]
        assert book.sheetnames == wanted
        assert book.active.title == wanted[0]


def test_the_overview_has_a_tile_and_a_chart_for_the_headline_figures(tmp_path):
    card, catalog = samples.quarterly(), samples.catalog()
    path = tmp_path / "card.xlsx"
    path.write_bytes(render_xlsx(card, catalog))
    sheet = openpyxl.load_workbook(path)["Overview"]
    told = overview(card, catalog)
    tiles = [*told.headline, *told.moved, *told.still][:6]
    for place, result in enumerate(tiles):
        label, value = (sheet.cell(row, 2 * place + 1) for row in (5, 6))
        assert (label.value, value.value) == (result.label, pytest.approx(result.value))
        assert fill(value) == STATUS_FILLS[result.status][0]
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in sorted(parts.namelist()) if "charts/chart" in name]
    lines, (bars,) = charts[:2], charts[2:]
    for chart, result in zip(
        lines, (r for r in tiles if len({v for _, v in r.trend.series}) > 1), strict=False
    ):
        _, values, *target = re.findall(r"<c:f>'Overview'!([^<]+)</c:f>", chart)
        shown = [cell.value for cell in sheet[values][0]]
        assert shown == [value for _, value in result.trend.series]
        assert [cell.value for where in target[1::2] for cell in sheet[where][0]] == (
            [result.target] * len(shown) if result.target is not None else []
        )
    above, below, slices, values = (
        [cell.value for cell in sheet[where][0]]
        for where in re.findall(r"<c:f>'Overview'!([^<]+)</c:f>", bars)
    )
    assert slices == [result.slice["Segment"] for result in told.apart]
    assert values == [result.value for result in told.apart]
    ends = [(value - low, value + high) for value, high, low in zip(values, above, below, strict=True)]
    assert ends == [pytest.approx(result.interval) for result in told.apart]


def test_the_comparison_says_why_a_figure_is_missing(books):
    sheet = books["en"]["Comparison"]
    comments = {cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert any("satisfaction_score" in text for text in comments)
    rows = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert rows[-1] == "all"
    assert set(rows) == {"all", *(r.slice["Segment"] for r in samples.quarterly().results if r.slice)}


def test_values_are_numbers_in_full_with_the_format_of_their_unit(books):
    sheet = books["en"]["Scorecard"]
    for metric, value, code in [
        ("Net Promoter Score (NPS)", 18.5963114754, "#,##0.0"),
        ("Win rate", 0.262, "#,##0.0%"),
        ("CLV to CAC ratio", 2.43, '#,##0.0":1"'),
        ("Customer acquisition cost", 318.6, '"$"#,##0.00'),
        ("Monthly recurring revenue", 58931.5, '"$"#,##0'),
        ("Sales cycle (days)", 46, '[=1]0" day";#,##0" days"'),
        ("Impressions", 1284300, "#,##0"),
    ]:
        cell = find(sheet, metric)["Value"]
        assert (cell.value, cell.number_format, cell.data_type) == (value, code, "n")


def test_targets_gaps_intervals_and_trends(books):
    row = find(books["en"]["Scorecard"], "Win rate")
    assert (row["Target"].value, row["Target"].number_format) == (0.25, "#,##0%")
    assert row["Gap"].value == pytest.approx(1.2)
    assert row["Gap"].number_format == '+#,##0.0"\u00a0pp";-#,##0.0"\u00a0pp";#,##0.0"\u00a0pp"'
    assert row["Based on"].value == "830 rows"
    assert (row["95% low"].value, row["95% high"].value) == pytest.approx((0.232, 0.292))
    assert row["Before"].value == 0.255
    assert row["Change"].value == pytest.approx(0.7)
    assert row["Change"].number_format.startswith('"↑ "+')
    assert row["Notes"].value == "the interval also reaches: at risk"
    assert row["Status"].value == "● ok?"


def fill(cell):
    return "#" + cell.fill.start_color.rgb[2:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_status_colours_come_from_the_status_alone(books, language):
    sheet = books[language][term("sheet.scorecard", language)]
    title = term("status", language)
    card = samples.quarterly(language)
    statuses = {(r.label, r.slice.get("Segment")): r.status for r in card.results}
    seen = set()
    for row in figures(sheet, language):
        status = statuses[row[term("metric", language)].value, row["Segment"].value]
        assert fill(row[title]) == STATUS_FILLS[status][0]
        assert "#" + row[title].font.color.rgb[2:] == STATUS_FILLS[status][1]
        seen.add(status)
    assert seen == {"ok", "info", "warn", "critical", "low_data", "no_target", "no_data", "invalid"}


def test_a_changed_status_changes_the_colour(tmp_path):
    card = samples.plain()
    for status in STATUS_FILLS:
        changed = replace(card, results=(replace(card.results[0], status=status),))
        (tmp_path / "card.xlsx").write_bytes(render_xlsx(changed, None))
        sheet = openpyxl.load_workbook(tmp_path / "card.xlsx")["Scorecard"]
        assert fill(records(sheet)[0]["Status"]) == STATUS_FILLS[status][0]


def test_what_could_not_be_computed_is_there_with_its_reason(books):
    row = find(books["en"]["Scorecard"], "Customer effort score")
    assert (row["Value"].value, row["Status"].value) == ("#NUM!", "! invalid")
    # the code is text: an error cell would spread into formulas of whoever reads the sheet
    assert row["Value"].data_type == "s"
    assert row["Notes"].value.startswith("#NUM! 3 of 500")
    shown = {(r["Metric"].value, r["Segment"].value) for r in figures(books["en"]["Scorecard"])}
    problems = records(books["en"]["Problems"], 1)
    lacking = {r["Metrics"].value for r in problems if r["Code"].value == "not_bound"}
    missing = {key for keys in lacking for key in keys.split(", ")}
    assert "open_rate" in missing
    everything = {(r.metric, r.label, r.slice.get("Segment")) for r in samples.quarterly().results}
    assert shown == {(label, segment) for metric, label, segment in everything if metric not in missing}


def test_stages_are_in_order_and_can_be_filtered(books):
    sheet = books["en"]["Scorecard"]
    stages = [row["Stage"].value for row in records(sheet)]
    order = ["Attract", "Capture", "Nurture", "Convert", "Expand"]
    assert list(dict.fromkeys(stages)) == [stage for stage in order if stage in stages]
    assert len(set(stages)) > 2
    assert sheet.auto_filter.ref == f"A{HEADER}:P{sheet.max_row}"
    assert sheet.freeze_panes == f"C{HEADER + 1}"


def test_sheets_print_on_landscape_pages_with_their_header(books):
    overview, *others = books["en"]
    assert (overview.page_setup.fitToWidth or 1, overview.page_setup.fitToHeight or 1) == (1, 1)
    for sheet in others:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "3f2a9c0b77d1" in sheet.oddFooter.left.text
        assert sheet.freeze_panes


def test_columns_are_wide_enough_for_their_numbers(books):
    for language, book in books.items():
        sheet = book[term("sheet.scorecard", language)]
        for cell in sheet[HEADER]:
            if cell.value == term("value", language):
                assert sheet.column_dimensions[cell.column_letter].width >= len("1,284,300")


def test_history_holds_every_period(books):
    sheet = books["en"]["History"]
    titles = [cell.value for cell in sheet[1]]
    assert titles[:4] == ["Metric", "Segment", "Q1 2023", "Q2 2023"]
    row = next(r for r in records(sheet, 1) if r["Metric"].value == "Churn rate" and not r["Segment"].value)
    assert [row[f"Q{q} {y}"].value for y in (2023, 2024) for q in (1, 2, 3, 4)] == list(
        samples.HISTORIES["churn_rate"]
    )
    assert fill(row["Q4 2024"]) == STATUS_FILLS["warn"][0]


def test_sparklines_point_at_their_row_of_the_history(tmp_path):
    path = tmp_path / "card.xlsx"
    path.write_bytes(render_xlsx(samples.quarterly(), samples.catalog()))
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet4.xml").decode()
    found = re.findall(r"<xm:f>History!C(\d+):J(\d+)</xm:f><xm:sqref>([A-Z]+)(\d+)</xm:sqref>", sheet)
    assert len(found) == len(samples.HISTORIES)
    book = openpyxl.load_workbook(path)
    for first, last, _, row in found:
        assert first == last
        label = book["History"][f"A{first}"].value
        assert label == book["Scorecard"][f"B{row}"].value


def test_findings_inputs_problems_and_definitions(books):
    book = books["en"]
    findings = records(book["Findings"], 1)
    assert [row["Rule"].value for row in findings[:3]] == [
        "nps_negative",
        "acquisition_outpaces_value",
        "touch_point_gap",
    ]
    assert findings[1]["Why"].value.count("\n") == 2
    assert findings[1]["Do first"].value.startswith("1. Move budget")
    assert findings[1]["Since"].value == "Q2 2024"
    assert {row["Rule"].value for row in findings} == {
        f.rule for f in samples.findings() if f.outcome == "fired"
    }
    assert len(records(book["Rules"], 1)) == len(samples.findings())
    inputs = records(book["Inputs"], 1)
    score = next(row for row in inputs if "recommend_score" in row["Input"].value)
    assert score["From"].value == "Survey!C2:C6201"
    assert [score[key].value for key in ("used", "blank", "text", "rejected")] == [6040, 16, 8, 0]
    assert score["Metrics"].value == "Net Promoter Score (NPS)"
    assert book["Problems"]["B2"].value == "encrypted"
    definitions = records(book["Definitions"], 3)
    ratio = next(row for row in definitions if row["Key"].value == "clv_cac_ratio")
    assert ratio["Formula"].value == "clv / cac"
    assert ratio["Target"].value == "3:1"
    assert ratio["In Excel"].value == "=CLV_CAC_RATIO(…)"
    assert ratio["In Excel"].data_type == "s"
    assert "▲ below 3: at risk, Slim profit" in ratio["Bands"].value
    assert "3f2a9c0b77d14e5f8a9b0c1d2e3f4a5b6c7d8e9f" in book["Definitions"]["A2"].value


def test_text_from_outside_is_never_a_formula_or_a_link(tmp_path):
    path = tmp_path / "card.xlsx"
    links = replace(samples.hostile().results[0], label="http://example.com/", source="internal:A1")
    card = samples.hostile()
    path.write_bytes(render_xlsx(replace(card, results=(*card.results, links)), samples.catalog()))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert "=cmd|' /C calc'!A0" in {cell.value for cell in cells}
    assert not book.defined_names
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower() or name.endswith(".bin")]


def links_of(path, column=3):
    sheet = openpyxl.load_workbook(path)["Inputs"]
    cells = [row[column - 1] for row in sheet.iter_rows(min_row=2)]
    return {cell.value: cell.hyperlink for cell in cells}


def test_places_are_links_into_the_workbooks(tmp_path, monkeypatch):
    """Links start from the report, wherever the command runs, and lead to the cells that were read."""
    book = tmp_path / "in" / "Q1 é.xlsx"
    book.parent.mkdir()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Plan '24")
        sheet.write_column(0, 0, ["NPS score", 10, 9, 3])
        sheet.write_column(0, 1, ["Written by", "a", "b", "c"])
    monkeypatch.chdir(tmp_path)
    card = metricsheet.evaluate("in/Q1 é.xlsx", metrics="builtin")
    Path("out/below").mkdir(parents=True)
    card.write("out/below/card.xlsx")
    links = links_of("out/below/card.xlsx")
    assert [place.removeprefix("in/Q1 é.xlsx!'Plan ''24'!") for place in links] == ["A2:A4", "A1:B4", "B2:B4"]
    for place, link in links.items():
        target = unquote(link.target).replace("\\", "/")
        assert (tmp_path / "out" / "below" / target).resolve() == book.resolve()
        assert link.location == place.removeprefix("in/Q1 é.xlsx!")
    sheet, _, cells = link.location.rpartition("!")
    read = openpyxl.load_workbook(book)[sheet.strip("'").replace("''", "'")][cells]
    assert [row[0].value for row in read] == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["survey.csv", "a#1.xlsx", "a%20b.xlsx"])
def test_places_that_no_link_reaches_are_text(tmp_path, name):
    path = tmp_path / name
    if path.suffix == ".csv":
        path.write_text("NPS score\n10\n9\n", encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path) as made:
            made.add_worksheet().write_column(0, 0, ["NPS score", 10, 9])
    metricsheet.evaluate(path, metrics="builtin").write(tmp_path / "card.xlsx")
    assert set(links_of(tmp_path / "card.xlsx").values()) == {None}


def test_more_letters_than_a_cell_takes(tmp_path):
    card = samples.plain()
    long = replace(card.results[0], notes=("x" * 40_000,), label="&" * 400)
    path = tmp_path / "card.xlsx"
    path.write_bytes(render_xlsx(replace(card, results=(long,), definitions_path="&" * 400), None))
    sheet = openpyxl.load_workbook(path)["Scorecard"]
    assert len(records(sheet)[0]["Notes"].value) == 32_000


def test_plain_scorecards_leave_out_columns_with_nothing_to_say(tmp_path):
    path = tmp_path / "card.xlsx"
    path.write_bytes(render_xlsx(samples.plain(), None))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Overview", "Findings", "Scorecard", "Inputs", "Problems"]
    titles = [cell.value for cell in book["Scorecard"][HEADER]]
    assert titles == [
        *(
            "Stage",
            "Metric",
            "Value",
            "Status",
            "Meaning",
            "Target",
            "Gap",
            "Based on",
            "95% low",
            "95% high",
            "Notes",
        ),
    ]


def test_several_sources_have_a_column(tmp_path):
    path = tmp_path / "card.xlsx"
    card = samples.quarterly()
    other = tuple(replace(r, source="Other.csv") for r in card.results)
    path.write_bytes(render_xlsx(replace(card, results=card.results + other), samples.catalog()))
    book = openpyxl.load_workbook(path)
    assert {row["Source"].value for row in records(book["Scorecard"])} == {samples.SOURCE, "Other.csv"}
    assert [cell.value for cell in book["History"][1]][:3] == ["Source", "Metric", "Segment"]


def test_too_many_rows_are_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("metricsheet.report.xlsx.sheet.MOST_ROWS", 3)
    with pytest.raises(WorkbookError, match="do not fit"):
        (tmp_path / "card.xlsx").write_bytes(render_xlsx(samples.plain(), None))
    assert list(tmp_path.iterdir()) == []


def test_nothing_at_all(tmp_path):
    path = tmp_path / "card.xlsx"
    path.write_bytes(render_xlsx(replace(samples.plain(), results=()), samples.catalog()))
    assert openpyxl.load_workbook(path)["Scorecard"].max_row == HEADER


def test_the_workbook_and_the_text_tell_the_same(books):
    text = samples.full_text(samples.quarterly(), samples.catalog(), TextStyle(width=160))
    for row in figures(books["en"]["Scorecard"]):
        if row["Value"].data_type == "n":
            assert row["Status"].value in text
        assert row["Metric"].value in text


def test_a_relative_path_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("card.xlsx").write_bytes(render_xlsx(samples.plain(), None))
    assert [path.name for path in tmp_path.iterdir()] == ["card.xlsx"]
