"""What people ask of an evaluation: one record, the same by keyword, and what is refused."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path

import pytest

import metricsheet
from metricsheet import Options, UsageError, one_source
from metricsheet.api import UnfitOptionsError
from metricsheet.cli import evaluate_command
from metricsheet.evaluation.options import MOST_SLICES
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
        ({"decimal_mark": ";"}, '--read "decimal=;": expected one of', ""),
        ({"date_order": "dym"}, "--read dates=dym: expected one of dmy, mdy, ymd", "ymd"),
        ({"language": "es"}, "--lang is one of", ""),
        ({"since": "2024-02-30"}, "--from takes a date", ""),
        ({"until": 2024}, "--to takes a date", ""),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "--from 2024-02-01 is after --to", ""),
        ({"limits": {"slice": 5}}, "'slice' is not a limit", "slices"),
        ({"limits": {"mb": "-1"}}, "--limit mb=… takes a number above 0, not '-1'", ""),
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


@pytest.mark.parametrize(("rows", "limits"), [(MOST_SLICES + 1, None), (3, {"slices": 2})])
def test_a_column_of_ids_is_asked_about(rows: int, limits: dict[str, float] | None) -> None:
    data = {"Recommendation score": [9] * rows, "Id": [f"c{n}" for n in range(rows)]}
    ask = {"metrics": "builtin", "by": "Id", "only": ["nps"]}
    with pytest.raises(UnfitOptionsError) as error:
        metricsheet.evaluate(data, limits=limits, **ask)
    assert error.value.problems[0].code == "too_many_slices"
    assert [r.value for r in error.value.scorecard.results] == [100.0]
    if limits:
        assert len(metricsheet.evaluate(data, limits={"slices": rows}, **ask).results) == rows + 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts there")
@pytest.mark.parametrize(("limit", "most"), [("seconds", 0.05), ("mb", 20)])
def test_a_source_over_its_limit_is_its_own_problem(limit: str, most: float, monkeypatch) -> None:
    def greedy(name: str, source: object) -> object:
        if name == "greedy":
            kept = []
            while True:  # nothing but the limit ends it
                kept.append(bytearray(1000) if limit == "mb" else None)
                if limit == "seconds":
                    kept.clear()
        return read(name, source)

    read = one_source.read_source
    monkeypatch.setattr(one_source, "read_source", greedy)
    sources = {"a": DATA, "greedy": DATA, "b": DATA}
    card = metricsheet.evaluate(sources, metrics="builtin", only=["nps"], limits={limit: most})
    assert [(p.source, p.code, p.fatal) for p in card.problems] == [("greedy", "over_limit", True)]
    assert [r.source for r in card.results] == ["a", "b"]


def test_what_cannot_be_limited_is_said_once() -> None:
    cards = []
    ask = {"metrics": "builtin", "only": ["nps"], "limits": {"seconds": 60}}
    thread = threading.Thread(
        target=lambda: cards.append(metricsheet.evaluate({"a": DATA, "b": DATA}, **ask))
    )
    thread.start()
    thread.join()
    assert [p.code for p in cards[0].problems] == ["limit_not_kept"]
    assert len(cards[0].results) == 2
