"""The scorecard in a program or notebook: tables, files, a short name, and an overview to look at."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
from html import unescape
from pathlib import Path

import pytest

import metricsheet
from metricsheet import UsageError
from metricsheet.report import render_comparison_csv, render_findings_csv, render_json, render_problems_csv
from metricsheet.report.overview import overview

DEMO = Path(__file__).parents[1] / "examples" / "acme_lifecycle.xlsx"


@pytest.fixture(scope="module")
def card():
    return metricsheet.evaluate([DEMO, "missing.csv"], by="Segment", metrics="builtin")


@pytest.mark.parametrize(
    ("what", "render"),
    [
        ("findings", render_findings_csv),
        ("problems", render_problems_csv),
        ("comparison", render_comparison_csv),
    ],
)
def test_frames_hold_what_csv_holds(card, what, render):
    rows = list(csv.reader(io.StringIO(render(card, card.catalog))))
    frame = card.to_frame(what)
    assert list(frame.columns) == rows[0]
    assert len(frame) == len(rows) - 1 > 0


def test_another_table_is_a_question(card):
    with pytest.raises(UsageError, match="there is no table 'finding'") as raised:
        card.to_frame("finding")
    assert "findings" in str(raised.value.hint)


def test_the_dict_is_the_json(card):
    assert card.to_dict() == json.loads(render_json(card, card.catalog))


def test_files_are_written_by_their_ending(card, tmp_path):
    assert card.write(tmp_path / "card.html") == (tmp_path / "card.html",)
    card.write(tmp_path / "card.csv", show=["comparison"])
    assert (tmp_path / "card.csv").read_text("utf-8-sig").startswith("source,Segment,")
    with pytest.raises(UsageError):
        card.write(tmp_path / "card.pdf")


def test_it_is_short_to_print_and_an_overview_to_show(card):
    assert re.fullmatch(
        r"<Scorecard of .*acme_lifecycle\.xlsx: \d+ metrics with a value, \d+ findings, \d+ problems>",
        repr(card),
    )
    shown = unescape(unescape(card._repr_html_()))
    assert shown.startswith("<iframe srcdoc=")
    assert overview(card, card.catalog).findings[0][0].text in shown
    assert "<script" not in shown
    assert len(shown) < 60_000


def test_it_goes_to_another_process(card):
    again = pickle.loads(pickle.dumps(card))
    assert again == card
    assert type(again) is type(card)
