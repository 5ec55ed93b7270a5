"""The JSON report: its schema, its numbers, and what can never be in it."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, nan

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.evaluation.result import Trend
from metricsheet.language import LANGUAGES
from metricsheet.report import render_json, result_schema
from tests.report import samples

VALIDATOR = jsonschema.Draft7Validator(result_schema())


def no_constants(name):
    raise AssertionError(f"{name} is not JSON")


def read(text: str) -> dict:
    return json.loads(text, parse_constant=no_constants)


def test_the_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(result_schema())
    assert result_schema()["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_fit_the_schema(language):
    catalog = samples.catalog(language, benchmarks=True)
    for card in (samples.quarterly(language), samples.plain(language)):
        VALIDATOR.validate(read(render_json(card, catalog)))


def test_hostile_text_is_only_text():
    # its stages and severities are real ones, everything else is text from outside
    VALIDATOR.validate(read(render_json(samples.hostile())))
    assert read(render_json(samples.hostile()))["results"][0]["source"] == samples.EVIL[0]


def test_the_fields_of_the_design():
    data = read(render_json(samples.quarterly()))
    assert {"version", "definitions", "results", "findings", "problems"} <= set(data)
    assert set(data["definitions"]) == {"path", "digest"}
    wanted = (
        "source metric label stage kind slice period value unit display status status_label target gap n "
        "interval reason trend inputs"
    )
    assert set(wanted.split()) <= set(data["results"][0])
    nps = next(
        r for r in data["results"] if r["metric"] == "nps" and r["period"] == "2024-Q4" and not r["slice"]
    )
    assert {"input", "from", "used", "blank", "text", "rejected"} <= set(nps["inputs"][0])
    assert {"rule", "stage", "severity", "outcome", "slice", "period", "text", "because", "recommend"} <= set(
        data["findings"][0]
    )
    assert {"source", "code", "message", "hint", "metrics"} <= set(data["problems"][0])


def test_numbers_are_in_full_and_reasons_stand_where_there_is_none():
    data = read(render_json(samples.quarterly()))
    by_key = {(r["metric"], r["period"], tuple(r["slice"].values())): r for r in data["results"]}
    nps = by_key["nps", "2024-Q4", ()]
    assert nps["value"] == 18.5963114754
    assert nps["display"] == "18.6"
    assert nps["trend"]["series"][0] == {"period": "2023-Q1", "value": 11.2}
    ces = by_key["ces", None, ()]
    assert (ces["value"], ces["status"], ces["error"]) == (None, "invalid", "#NUM!")
    assert ces["reason"].startswith("#NUM! 3 of 500")
    assert data["findings"][1]["because"][1] == {
        "text": "clv_cac_ratio < 3:1",
        "left": "2.4:1",
        "operator": "<",
        "right": "3:1",
        "truth": True,
        "distance": "0.6",
    }


@given(st.sampled_from([nan, inf, -inf]))
def test_not_a_number_and_infinity_become_null(bad):
    broken = replace(
        samples.result("nps", 1.0, "no_data"),
        value=bad,
        target=bad,
        gap=bad,
        interval=(bad, 1.0),
        trend=Trend(bad, "2024-Q3", bad, "flat", (("2024-Q4", bad),)),
    )
    data = read(render_json(replace(samples.plain(), results=(broken,))))
    VALIDATOR.validate(data)
    result = data["results"][0]
    assert result["value"] is result["target"] is result["gap"] is result["interval"] is None
    assert result["reason"]


@pytest.mark.parametrize(
    "change",
    [
        {"value": "12"},
        {"value": None, "reason": ""},
        {"value": None, "reason": "no column found for x", "status": "ok"},
        {"status": "fine"},
        {"interval": [1]},
        {"stage": "retain"},
        {"n": 1.5},
        {"slice": {"Region": 1}},
        {"inputs": [{"input": "x"}]},
    ],
)
def test_the_schema_refuses(change):
    data = read(render_json(samples.plain()))
    data["results"][0].update(change)
    assert not VALIDATOR.is_valid(data)


def test_a_missing_field_is_refused():
    data = read(render_json(samples.plain()))
    del data["results"][0]["reason"]
    assert not VALIDATOR.is_valid(data)


def test_letters_stand_as_they_are_and_the_text_ends_in_a_line_break():
    text = render_json(samples.plain("ja"))
    assert "解約率" in text
    assert text.endswith("}\n")
