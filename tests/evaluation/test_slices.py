"""Slices are told apart as a pivot table of Excel does, under the commonest spelling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import evaluate
from metricsheet.evaluation.slice_names import BLANK, SliceNames
from metricsheet.report.data.json import render_json
from metricsheet.report.scorecard import Scorecard
from metricsheet.values import NA_, REF, Cell, ExcelError
from metricsheet.values.folding import name_key, tidy

DEFINITIONS = """\
version: 1
inputs:
  leads: {label: Leads, unit: count}
  cost: {label: Cost, unit: money}
  status: {label: Status, type: text}
metrics:
  new_leads:
    label: New leads
    stage: capture
    kind: outcome
    unit: count
    better: higher
    formula: SUM(leads)
  active:
    label: Active
    stage: capture
    kind: outcome
    unit: count
    better: higher
    formula: COUNTIF(status, "active")
"""

# cells of a column: the slice of each
NAMES: dict[str, tuple[list[Cell], list[str]]] = {
    "case": (["mobile", "Mobile", "MOBILE", "Mobile"], ["Mobile"] * 4),
    "first of equally many": (["tv", "TV", "Tv"], ["tv"] * 3),
    "blanks around and between": ([" EU ", "EU", "East  EU", "East EU"], ["EU", "EU", "East EU", "East EU"]),
    "other blanks": (["EU\u00a0", "\u3000EU", "EU"], ["EU"] * 3),
    "width": (["ＥＵ", "EU", "ｶﾞｽ", "ガス"], ["EU", "EU", "ガス", "ガス"]),
    "turkish": (["İstanbul", "istanbul", "ISTANBUL", "İSTANBUL", "İstanbul"], ["İstanbul"] * 5),
    "sharp s": (["Straße", "STRASSE", "Straße"], ["Straße"] * 3),
    "one letter or two": (["Ko\u0308ln", "Köln", "Köln"], ["Köln"] * 3),
    "accents": (["Curacao", "Curaçao", "resume", "résumé"], ["Curacao", "Curaçao", "resume", "résumé"]),
    "blank and missing": ([None, "", " ", "n/a", "N/A", "--", "k.A.", ExcelError(NA_)], [BLANK] * 8),
    "names that are no blanks": (["NA", "None", "na"], ["NA", "None", "NA"]),
    "numbers": ([1.0, 1, "1", True, "TRUE", 2.5], ["1", "1", "1", "TRUE", "TRUE", "2.5"]),
    "other error": ([ExcelError(REF), "x"], ["#REF!", "x"]),
    "signs that mean something": (["m²", "m2", "㈱A", "(株)A"], ["m²", "m2", "㈱A", "(株)A"]),
}


@pytest.mark.parametrize("case", NAMES)
def test_which_cells_are_one_slice(case: str) -> None:
    cells, expected = NAMES[case]
    names = SliceNames()
    names.add(cells, range(len(cells)))
    assert names.read(cells) == expected


@given(st.text())
def test_tidied_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert name_key(tidy(text)) == name_key(text) == name_key(f"\u00a0{text} ")


def card(tmp_path: Path, text: str, **options: Any) -> Scorecard:
    metrics = tmp_path / "definitions" / "metrics.yaml"
    metrics.parent.mkdir(exist_ok=True)
    metrics.write_text(DEFINITIONS, encoding="utf-8")
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")
    return evaluate(tmp_path / "book.csv", metrics=metrics, **options)


DEVICES = (
    "Device,Leads,Status\nmobile,1,active\nMobile,2,Active \nMobile ,4,ＡＣＴＩＶＥ\n"
    ",8,gone\nn/a,16,active\nTV,32,gone\n"
)


def test_spellings_are_one_slice_and_told(tmp_path: Path) -> None:
    found = card(tmp_path, DEVICES, by="Device", only=["new_leads"])
    values = {result.slice.get("Device"): result.value for result in found.results}
    assert values == {None: 63.0, BLANK: 24.0, "Mobile": 7.0, "TV": 32.0}
    assert found.problems == ()
    (notice,) = found.notices
    assert notice.code == "names_folded"
    said = "2 cells of Device are counted under another spelling of their name"
    assert str(notice.message) == f"{said}: Mobile is also written 'mobile', 'Mobile '"
    assert json.loads(render_json(found))["notices"][0]["code"] == "names_folded"


def test_nothing_is_told_of_names_written_one_way(tmp_path: Path) -> None:
    assert card(tmp_path, "Device,Leads\nTV,1\nTV,2\n,3\n", by="Device").notices == ()


# a condition: the leads it keeps
CONDITIONS = {
    'Device = "MOBILE"': 7.0,
    'Device = " mobile"': 7.0,
    'Device = "ｍｏｂｉｌｅ"': 7.0,
    'Device <> "mobile"': 56.0,
    'Device = "(blank)"': 24.0,
    'Device = ""': 24.0,
    'Device = "n/a"': 24.0,
    'Status = "active"': 23.0,
    "Status = Status": 63.0,
    'LOWER(Device) = "mobile"': 7.0,
}


@pytest.mark.parametrize(("condition", "value"), CONDITIONS.items())
def test_conditions_fold_as_slices_do(tmp_path: Path, condition: str, value: float) -> None:
    found = card(tmp_path, DEVICES, where=condition, only=["new_leads"])
    assert [result.value for result in found.results] == [value]


def test_words_of_a_column_are_read_without_blanks_and_width(tmp_path: Path) -> None:
    (result,) = card(tmp_path, DEVICES, only=["active"]).results
    assert result.value == 4.0
    assert (result.inputs[0].used, result.inputs[0].tidied) == (6, 2)


def test_tables_share_the_spelling_of_a_slice() -> None:
    names = SliceNames()
    first: list[Cell] = ["mobile", "TV"]
    second: list[Cell] = ["Mobile", "Mobile", "tv"]
    names.add(first, range(2))
    names.add(second, [0, 1])
    assert names.read(first) == ["Mobile", "TV"]
    assert names.read(second) == ["Mobile", "Mobile", None]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["eu", "us", "straße", "ガス"]),
            st.sampled_from([str, str.upper, str.title, lambda text: f" {text}\u3000"]),
            st.integers(0, 9),
        ),
        min_size=1,
    )
)
def test_how_names_are_written_changes_no_slice(rows: list[tuple[str, Any, int]]) -> None:
    plain: list[Cell] = [name for name, _, _ in rows]
    written: list[Cell] = [write(name) for name, write, _ in rows]
    sums = []
    for cells in (plain, written):
        names = SliceNames()
        names.add(cells, range(len(cells)))
        found: dict[str, int] = {}
        for name, (_, _, number) in zip(names.read(cells), rows, strict=True):
            found[name_key(str(name))] = found.get(name_key(str(name)), 0) + number
        sums.append(found)
    assert sums[0] == sums[1]
