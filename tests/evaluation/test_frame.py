"""Results as a DataFrame."""

from __future__ import annotations

import math
from dataclasses import replace

from metricsheet.report.frame import result_columns, slice_columns
from tests.report import samples


def test_one_row_per_result_with_slice_keys_as_columns():
    card = samples.quarterly()
    frame = card.to_frame()
    assert len(frame) == len(card.results)
    assert list(frame["metric"]) == [r.metric for r in card.results]
    smb = frame[(frame["metric"] == "nps") & (frame["Segment"] == "SMB")].iloc[0]
    assert smb["value"] == -6.2
    assert smb["n"] == 3220
    assert (smb["interval_low"], smb["interval_high"]) == (-9.0, -3.4)
    newest = frame[(frame["metric"] == "cac") & (frame["period"] == "2024-Q4")].iloc[0]
    assert (newest["previous"], newest["trend"], newest["previous_period"]) == (301.9, "rising", "2024-Q3")


def test_what_is_missing_is_missing_and_says_why():
    frame = samples.plain().to_frame()
    open_rate = frame[frame["metric"] == "open_rate"].iloc[0]
    assert math.isnan(open_rate["value"])
    assert open_rate["reason"] == "no column found for delivered"
    assert frame["n"].dtype == "Int64"
    assert frame["n"].isna().sum() == 2
    assert frame["value"].dtype == "float64"


def test_an_empty_scorecard_has_the_same_columns():
    empty = replace(samples.plain(), results=()).to_frame()
    assert len(empty) == 0
    assert list(empty.columns) == list(samples.plain().to_frame().columns)
    assert empty["value"].dtype == "float64"


def test_a_slice_named_like_a_column_does_not_overwrite_it():
    named = [
        replace(r, slice={"stage": "a", "value": "b", "slice stage": "c"}) for r in samples.plain().results
    ]
    card = replace(samples.plain(), results=tuple(named))
    columns = slice_columns(card.results)
    assert columns == {"stage": "slice stage", "value": "slice value", "slice stage": "slice slice stage"}
    assert len(set(result_columns(columns))) == len(result_columns(columns))
    frame = card.to_frame()
    assert list(frame["slice stage"]) == ["a"] * len(frame)
    assert frame["value"].iloc[0] == 9.9950355784


def test_provenance_is_on_the_row():
    frame = samples.plain().to_frame()
    assert (
        frame["inputs"].iloc[0]
        == "recommend_score: Survey!C2:C6201, used 6043, blank 120, text 37, rejected 0"
    )
