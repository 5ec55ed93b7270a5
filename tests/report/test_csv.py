"""The CSV report: rows, numbers, and texts that must not become formulas."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.report import render_csv
from metricsheet.report.data.csv import harmless, render_findings_csv, render_problems_csv
from metricsheet.report.frame import result_columns, slice_columns
from tests.report import samples


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("＝1", "'＝1"),
        ("＠A", "'＠A"),
        ("\x00=1", "'=1"),
        ("\x1b[31m=1", "[31m=1"),
        ("-A1", "'-A1"),
        ("+CA$5", "'+CA$5"),
        ("-", "'-"),
        ("-1*2", "'-1*2"),
        ("-1:2", "'-1:2"),
        # signed numbers as people read them stay as they are
        ("-14.7", "-14.7"),
        ("+18.6", "+18.6"),
        ("-12,3\u00a0%", "-12,3\u00a0%"),
        ("-%12,3", "-%12,3"),
        ("-$1,200.50", "-$1,200.50"),
        ("-1.200,50\u00a0€", "-1.200,50\u00a0€"),
        ("-1.5:1", "-1.5:1"),
        # behind what cuts cells elsewhere
        ("EU;=1+1", "EU;'=1+1"),
        ("EU; @A1\t＝1|-A1", "EU; '@A1\t'＝1|'-A1"),
        ("a;-5 %;-x", "a;-5 %;'-x"),
        ("-5;x", "'-5;x"),
        ("a\n=1", "a\n'=1"),
        ('a;"=1', "a;\"'=1"),
        ("\u202eEU\u2066\x9b;\u202e=1", "EU;'=1"),
        # ordinary text
        ("", ""),
        ("EU = 1", "EU = 1"),
        ("a-b", "a-b"),
        ("\r-1|", "'\r'-1|"),
        ("a;-1;b", "a;-1;b"),
        ("a;-1|b", "a;'-1|b"),
        ("'quoted", "'quoted"),
        ("解約率", "解約率"),
    ],
)
def test_formulas_are_disarmed(text, written):
    assert harmless(text) == written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(text=st.text(alphabet="=+-@\t\r\n ＝＋－＠A1(|!'%$€.,:;\"\x00\x1b\u202e", max_size=12))
def test_no_text_can_start_a_formula(text, delimiter):
    line = io.StringIO()
    csv.writer(line).writerow(["a", harmless(text), "b"])
    for written in (
        cell for row in csv.reader(line.getvalue().splitlines(), delimiter=delimiter) for cell in row
    ):
        first = written.lstrip(" \u00a0\u3000" + ("" if delimiter == "," else "\t\r\n"))[:1]
        assert not first or first not in "=@\t\r\n＝＋－＠"
        if first in ("+", "-"):
            # what is left is one number with its unit, nothing that could be computed or looked up
            assert not any(c in "=@|!(A" for c in written)
            assert sum(c in "+-" for c in written) == 1


def test_one_row_per_result_numbers_in_full():
    card = samples.quarterly("de")
    table = rows(render_csv(card))
    assert table[0] == list(result_columns(slice_columns(card.results)))
    assert len(table) == len(card.results) + 1
    records = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    nps = next(r for r in records if r["metric"] == "nps" and r["period"] == "2024-Q4" and not r["Segment"])
    assert nps["value"] == "18.5963114754"
    assert nps["display"] == "18,6"
    assert (nps["interval_low"], nps["n"]) == (repr(18.5963114754 - 2.5), "1530")
    smb = next(r for r in records if r["metric"] == "nps" and r["Segment"] == "SMB")
    assert (smb["value"], smb["display"]) == ("-6.2", "-6,2")
    ces = next(r for r in records if r["metric"] == "ces")
    assert (ces["value"], ces["status"]) == ("", "invalid")
    assert ces["reason"].startswith("#NUM! 3 of 500")


def test_values_read_back_exactly():
    card = samples.quarterly()
    table = rows(render_csv(card))
    place = table[0].index("value")
    read = [float(row[place]) if row[place] else None for row in table[1:]]
    assert read == [r.value for r in card.results]


def test_hostile_results_findings_and_problems():
    for render in (render_csv, render_findings_csv, render_problems_csv):
        text = render(samples.hostile())
        for row in rows(text):
            for cell in row:
                assert harmless(cell) in (cell, f"'{cell}")
                if cell[:1] in tuple("=+@\t\r＝"):
                    raise AssertionError(cell)


def test_findings_and_problems():
    findings = rows(render_findings_csv(samples.quarterly()))
    assert len(findings) == 1 + len(samples.findings())
    assert findings[2][findings[0].index("because")].count("; ") == 2
    problems = rows(render_problems_csv(samples.quarterly()))
    assert problems[2][:2] == ["old survey.xlsx", "encrypted"]
    assert problems[2][-1] == "TRUE"


def test_lines_end_as_the_standard_says():
    text = render_csv(samples.plain())
    assert text.endswith("\r\n")
    assert text.count("\r\n") == len(samples.plain().results) + 1
