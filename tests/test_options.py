"""What people ask of an evaluation: one record, the same by keyword, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import metricsheet
from metricsheet import Options, UsageError
from metricsheet.cli import evaluate_command
from metricsheet.options import NAMES

DATA = {
    "Recommendation score": [10, 9, 3, 10],
    "Region": ["EU", "EU", "US", "US"],
    "Date": ["2024-01-05", "2024-02-05", "2024-01-06", "2024-02-07"],
}
GIVEN = {
    "by": "Region",
    "period": "month",
    "where": ['Region <> "JP"'],
    "since": "2024-01-01",
    "until": "2024-02-29",
    "only": ["nps"],
    "language": "de-AT",
    "date_order": "ymd",
    "decimal_mark": ".",
    "scales": {"recommend_score": "0..10"},
    "read": {"totals": "keep"},
    "limits": {"slices": 5, "seconds": 600, "mb": "5000"},
}


def test_a_record_and_keywords_say_the_same() -> None:
    by_keyword = metricsheet.evaluate(DATA, metrics="builtin", **GIVEN)
    by_record = metricsheet.evaluate(DATA, Options(**GIVEN), metrics="builtin")
    assert by_record == by_keyword
    assert by_record.language == "de"
    assert {(r.slice.get("Region"), r.period) for r in by_record.results} == {
        (region, month) for region in (None, "EU", "US") for month in ("2024-01", "2024-02")
    }
    assert by_record != metricsheet.evaluate(DATA, metrics="builtin")


@pytest.mark.parametrize(
    ("keywords", "message", "hint"),
    [
        ({"perod": "month"}, "'perod' is not an option", "period"),
        ({"xyz": 1}, "'xyz' is not an option", "mapping"),
        ({"options": Options(), "by": "Region"}, "as a record and by keyword: by", "leave the record out"),
        ({"options": {"by": "Region"}}, "takes metricsheet.Options, not dict", ""),
        ({"period": "day"}, "--period is one of month, quarter, year, not 'day'", ""),
        ({"decimal_mark": ";"}, "--read decimal=;: expected one of", ""),
        ({"date_order": "dym"}, "--read dates=dym: expected one of dmy, mdy, ymd", "ymd"),
        ({"language": "fr"}, "--lang is one of", ""),
        ({"since": "2024-02-30"}, "--from takes a date", ""),
        ({"until": 2024}, "--to takes a date", ""),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "--from 2024-02-01 is after --to", ""),
        ({"limits": {"slice": 5}}, "'slice' is no limit", "slices"),
        ({"limits": {"mb": "-1"}}, "--limit mb= takes a number above 0, not '-1'", ""),
        ({"scales": {"recommend_score": "10..0"}}, "expected a scale such as 1..10", ""),
        ({"only": "npss"}, "'npss'", "nps"),
        ({"settings": {"company_stag": "new"}}, "'company_stag'", "company_stage"),
        ({"read": {"totals": "eat"}}, "eat", ""),
        ({"mapping": {"recomend_score": "A"}}, "'recomend_score'", "recommend_score"),
    ],
)
def test_what_makes_no_sense_is_refused(keywords: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as error:
        metricsheet.evaluate(DATA, metrics="builtin", **keywords)
    assert hint in str(error.value.hint or "")


def test_every_option_is_on_the_page_and_on_the_command_line() -> None:
    page = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    rows = [
        row.split("|")[1:3] for row in page.partition("| option |")[2].split("\n") if row.startswith("| `")
    ]
    named = [word for row in rows for word in re.findall(r"`(\w+)`", row[0])]
    asked = [word for row in rows for word in re.findall(r"`(--\w+)`", row[1])]
    assert sorted(named) == sorted(NAMES)
    known = {option for action in evaluate_command.parser()._actions for option in action.option_strings}
    assert set(asked) <= known
    assert len(asked) == len(NAMES)
