"""The JSON Schema (draft-07) of the JSON report."""

from __future__ import annotations

from typing import Any, get_args

from metricsheet.catalog.definitions import SEVERITIES, STAGES, STRETCHES, UNITS
from metricsheet.engines.ledger.steps import KINDS
from metricsheet.rules.engine.evidence import Method

VERSIONS = (1, 2)
"""The versions of the JSON report: 1 is that of 0.1, the last one is written today."""

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER_OR_NULL = {"type": ["number", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "array", "items": _TEXT}
_SLICE = {
    "type": "object",
    "additionalProperties": _TEXT,
    "description": "slice names and values; empty for everything",
}
_STATUSES = ["ok", "info", "warn", "critical", "low_data", "no_target", "no_data", "invalid"]
_OUTCOMES = ["fired", "pending", "suppressed", "not_fired", "not_evaluated", "error"]


def _text(description: str) -> dict[str, Any]:
    return {**_TEXT, "description": description}


def _one_of(values: list[str] | tuple[str, ...], description: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"type": "string", "enum": list(values)}
    return {**found, "description": description} if description else found


def _record(fields: dict[str, dict[str, Any]], description: str = "") -> dict[str, Any]:
    """Return the schema of an object that has all of ``fields``; later versions may add some."""
    found: dict[str, Any] = {"type": "object", "required": list(fields), "properties": fields}
    return {"description": description, **found} if description else found


_INPUT_USE = _record(
    {
        "input": _text("key of the input"),
        "from": _text("where its cells stand, such as Book.xlsx!Survey!C2:C501, or the formula"),
        "used": {**_COUNT, "description": "cells that counted"},
        "blank": {**_COUNT, "description": "empty cells and words for missing"},
        "text": {**_COUNT, "description": "cells left out because they are text"},
        "rejected": {**_COUNT, "description": "cells that are not on the input's scale"},
        "read_from_text": {**_COUNT, "description": "cells written as text and understood"},
        "tidied": {**_COUNT, "description": "texts read without blanks around them, or in their usual width"},
        "left_out": {**_COUNT, "description": "total rows and the like that its table lost"},
    }
)
_CHECK = _record(
    {
        **dict.fromkeys(("customers", "months", "expected", "came", "at_past_rate"), _NUMBER_OR_NULL),
        "reason": _text("why there is no check"),
    },
    "how the model, fitted to two thirds of the time, foretold the last third",
)
_LIFETIME = _record(
    {
        "source": _TEXT,
        "kind": _one_of(["purchases", "contracts"]),
        "from": _text("where the amounts stand"),
        "reason": _text("why there is no forecast"),
        "horizon_months": _COUNT,
        "discount_rate": {"type": "number", "description": "per year"},
        "margin": {**_NUMBER_OR_NULL, "description": "the share of amounts that counts; null: revenue"},
        "currency": _TEXT,
        "customers": _COUNT,
        "first_day": _TEXT,
        "last_day": _TEXT,
        "figures": {
            "type": "array",
            "items": _record(
                {
                    "name": _TEXT,
                    "unit": _TEXT,
                    "value": _NUMBER_OR_NULL,
                    "interval": {"type": ["array", "null"], "items": {"type": "number"}},
                    "reason": _text("why there is no value"),
                    "reason_code": _TEXT,
                }
            ),
        },
        "models": {"type": "object", "description": "parameters of each model fitted, by its name"},
        "check": {"anyOf": [_CHECK, {"type": "null"}]},
        "remarks": _TEXTS,
    }
)
_TREND = _record(
    {
        "previous": {**_NUMBER_OR_NULL, "description": "value of the period before"},
        "previous_period": _TEXT,
        "change": {**_NUMBER_OR_NULL, "description": "value - previous, in the metric's unit"},
        "direction": _one_of(["rising", "falling", "flat"]),
        "series": {
            "type": "array",
            "description": "all periods up to this one, oldest first",
            "items": _record({"period": _TEXT, "value": _NUMBER_OR_NULL}),
        },
    }
)
_COVERAGE = _record(
    {"have": _COUNT, "of": {"type": "integer", "minimum": 1}, "unit": _one_of(["days", "months"])}
)
_RESULT = _record(
    {
        "source": _text("file or frame the numbers come from"),
        "metric": _text("key of the metric"),
        "label": _text("name of the metric in the report's language"),
        "stage": _one_of(STAGES),
        "kind": _one_of(["activity", "outcome"]),
        "slice": _SLICE,
        "period": {**_TEXT_OR_NULL, "description": "2024, 2024-Q1 or 2024-03; null without periods"},
        "value": {
            **_NUMBER_OR_NULL,
            "description": "full precision; percent as a fraction; null: see reason",
        },
        "unit": _one_of(UNITS),
        "currency": _text("of an amount of money; else empty"),
        "table": _text("table of the inputs; empty where they have none or several"),
        "display": _text("the value as a person reads it"),
        "status": _one_of(_STATUSES),
        "status_label": _text("the band or the status in words"),
        "target": _NUMBER_OR_NULL,
        "gap": {**_NUMBER_OR_NULL, "description": "value - target"},
        "n": {"type": ["integer", "null"], "description": "sample size"},
        "n_unit": _text("keys of the inputs that n counts; empty without n"),
        "rests_on": _text("what the value rests on in words, such as 72 answers; empty without n"),
        "interval": {
            "description": "95% interval [low, high]",
            "anyOf": [
                {"type": "null"},
                {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            ],
        },
        "reason": _text("why the value is null; empty otherwise"),
        "error": _text("Excel's error code behind a null value; empty otherwise"),
        "reason_code": _text("stable name of the reason; empty where it has none"),
        "reason_values": {"type": "object", "description": "what the reason names; empty without a code"},
        "span": _one_of(
            ["", "chained", "year", "cohort", "other_scale", "horizon"],
            "the span the value speaks of, as its label says",
        ),
        "better": _one_of(["higher", "lower", "within"]),
        "uncertain": {"type": "boolean", "description": "the interval reaches into another band"},
        "candidates": {"type": "array", "items": _one_of(_STATUSES)},
        "trend": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/trend"}]},
        "same_period_last_year": _NUMBER_OR_NULL,
        "change_on_year": {**_NUMBER_OR_NULL, "description": "value - same_period_last_year"},
        "sum_3": {**_NUMBER_OR_NULL, "description": "of the last 3 periods; null where sums mean nothing"},
        "mean_3": {**_NUMBER_OR_NULL, "description": "of the last 3 periods"},
        "sum_12": _NUMBER_OR_NULL,
        "mean_12": _NUMBER_OR_NULL,
        "coverage": {
            "description": "how much there is of a period that is not whole; null where it is whole",
            "anyOf": [{"type": "null"}, _COVERAGE],
        },
        "judged": {"type": "boolean", "description": "false: compared with nothing, judged by no rule"},
        "covers": _one_of(["", *STRETCHES], "the time its rows fill, where a benchmark is of such a time"),
        "inputs": {"type": "array", "items": {"$ref": "#/definitions/input_use"}},
        "notes": _TEXTS,
        "variants": {**_TEXTS, "description": "keys of rival definitions of the same quantity"},
        "formula": _TEXT,
    }
)
_RESULT["if"] = {"properties": {"value": {"type": "null"}}}
_RESULT["then"] = {
    "properties": {"reason": {"minLength": 1}, "status": {"enum": ["no_data", "invalid"]}},
}
_COMPARISON = _record(
    {
        "text": _text("the comparison as the rule writes it"),
        "left": _text("value on the left"),
        "operator": _TEXT,
        "right": _text("value on the right"),
        "truth": {"type": ["boolean", "null"], "description": "null: unknown, a fact is missing"},
        "distance": _text("how far it is from turning; empty where no number decides"),
    }
)
_EVIDENCE = _record(
    {
        "fact": _text("the fact that rests on it, such as nps.run_is_real"),
        "real": {"type": "boolean", "description": "more than chance"},
        "method": {
            "enum": list(get_args(Method)),
            "description": "a test of two samples, the metric's own past changes, or its fixed zone alone",
        },
        "against": {**_NUMBER_OR_NULL, "description": "the value it is compared with"},
        "difference": _NUMBER_OR_NULL,
        "low": {**_NUMBER_OR_NULL, "description": "95 % interval of the difference"},
        "high": _NUMBER_OR_NULL,
        "p_value": {**_NUMBER_OR_NULL, "description": "adjusted for the comparisons made (Holm)"},
        "comparisons": _COUNT,
        "step_is_noise": {
            "type": "boolean",
            "description": "the last step is within the noise of one period",
        },
        "slices": {
            "type": "array",
            "description": "each slice beside the rest, worst first; of over 200 the worst 20",
            "items": {"type": "object"},
        },
    }
)
_FINDING = _record(
    {
        "source": _TEXT,
        "rule": _text("key of the rule"),
        "stage": _one_of(STAGES),
        "severity": _one_of(SEVERITIES),
        "outcome": _one_of(_OUTCOMES),
        "slice": _SLICE,
        "period": _TEXT_OR_NULL,
        "since": {**_TEXT_OR_NULL, "description": "first of the consecutive periods in which it held"},
        "code": _text("the rule where it has a text, else the name of the reason; else empty"),
        "values": {
            "type": "object",
            "description": "what the text names, by fact; else what the reason names",
        },
        "text": _TEXT,
        "because": {"type": "array", "items": {"$ref": "#/definitions/comparison"}},
        "recommend": {**_TEXTS, "description": "what to do, the first thing first"},
        "missing": {**_TEXTS, "description": "facts that were not there (not_evaluated)"},
        "replaced_by": {**_TEXT_OR_NULL, "description": "rule that spoke instead (suppressed)"},
        "reason": _TEXT,
        "remarks": {**_TEXTS, "description": "that it is noise, or periods are too few; end of the text"},
        "evidence": {"type": "array", "items": {"$ref": "#/definitions/evidence"}},
    }
)
_PROBLEM = _record(
    {
        "source": _TEXT,
        "code": _text("stable name of the problem"),
        "values": {"type": "object", "description": "what the message names"},
        "message": _TEXT,
        "hint": _TEXT,
        "choices": {
            "type": "array",
            "items": _record({"option": _text("map, read, …"), "value": _text("what it is given")}),
            "description": "options of which any one settles it",
        },
        "metrics": {**_TEXTS, "description": "metrics that it touches"},
        "inputs": _TEXTS,
        "fatal": {"type": "boolean", "description": "the source as a whole could not be read"},
        "option": _text("the option that this source cannot follow, such as --by Regon; else empty"),
    }
)
_BENCHMARK = _record(
    {
        "name": _TEXT,
        "metric": _TEXT,
        "value": _NUMBER_OR_NULL,
        "high": {**_NUMBER_OR_NULL, "description": "upper end where the figure is a range"},
        "source": _TEXT,
        "as_of": _TEXT,
        "population": _TEXT,
        "label": _TEXT,
        "note": _TEXT,
        "stale": {
            "type": ["boolean", "null"],
            "description": "more than three years older than the data; null where these have no dates",
        },
        "span": {"enum": [None, *STRETCHES], "description": "the time the figure is of; null: any"},
    }
)
_AGE = _record(
    {
        "size": {**_COUNT, "description": "customers old enough"},
        "base": {**_NUMBER_OR_NULL, "description": "MRR of these on their first paid day"},
        "customers": {**_COUNT, "description": "those who pay at this age"},
        "mrr": _NUMBER_OR_NULL,
        "kept": {**_NUMBER_OR_NULL, "description": "MRR no more than on the first paid day"},
    }
)
_KIND = _one_of([*KINDS, "came_and_went"])
_LEDGER = _record(
    {
        "source": _TEXT,
        "table": _TEXT,
        "currency": _TEXT,
        "settings": {"type": "object", "additionalProperties": _TEXT},
        "attributes": {"type": "object", "additionalProperties": {"enum": ["customer", "subscription"]}},
        "newest_day": _text("the last day that counts"),
        "periods": {
            "type": "array",
            "description": "start + new + reactivation + expansion + transferred_in - contraction - churn - "
            "transferred_out = end",
            "items": _record(
                {
                    "slice": _SLICE,
                    "period": {**_TEXT_OR_NULL, "description": "null: the days asked for"},
                    "whole": {"type": "boolean", "description": "false: the period is not over"},
                    "start": _NUMBER_OR_NULL,
                    **dict.fromkeys(KINDS, _NUMBER_OR_NULL),
                    "transferred_in": _NUMBER_OR_NULL,
                    "transferred_out": _NUMBER_OR_NULL,
                    "end": _NUMBER_OR_NULL,
                    "customers_at_start": _COUNT,
                    "customers_at_end": _COUNT,
                    "customers": {"type": "object", "description": "customers by kind of movement"},
                    "came_and_went": _record(
                        {"customers": {**_COUNT, "type": ["integer", "null"]}, "amount": _NUMBER_OR_NULL}
                    ),
                }
            ),
        },
        "movements": {
            "type": "array",
            "items": _record(
                {
                    "customer": _TEXT,
                    "period": _TEXT_OR_NULL,
                    "movement": _KIND,
                    "before": _NUMBER_OR_NULL,
                    "after": _NUMBER_OR_NULL,
                    "came": {**_NUMBER_OR_NULL, "description": "MRR of one who came and went"},
                    "rows": _TEXTS,
                }
            ),
        },
        "cohort": _text("month, quarter, year or the header that groups the cohorts"),
        "ages": _one_of(["month", "quarter", "year"]),
        "cohorts": {
            "type": "array",
            "description": "the last one, without a name, is all of them that are old enough",
            "items": _record(
                {
                    "cohort": _TEXT,
                    "size": _COUNT,
                    "base": _NUMBER_OR_NULL,
                    "ages": {"type": "array", "items": _AGE},
                }
            ),
        },
        "left_out": {
            "type": "array",
            "items": _record({"row": _TEXT, "reason": _TEXT, "mrr": _NUMBER_OR_NULL}),
        },
    },
    "a list of subscriptions over time",
)


def result_schema(version: int = VERSIONS[-1]) -> dict[str, Any]:
    """Return the JSON Schema (draft-07) that every JSON report fits, or fitted in an earlier ``version``."""
    if version != VERSIONS[-1]:
        return _earlier(version)
    report = _record(
        {
            "version": _text("version of metricsheet"),
            "schema_version": {"const": VERSIONS[-1], "description": "version of this schema"},
            "definitions": _record({"path": _TEXT, "digest": _TEXT}, "the definitions in force"),
            "language": _TEXT,
            "currency": _TEXT,
            "settings": {"type": "object", "additionalProperties": _TEXT},
            "results": {"type": "array", "items": {"$ref": "#/definitions/result"}},
            "findings": {"type": "array", "items": {"$ref": "#/definitions/finding"}},
            "problems": {"type": "array", "items": {"$ref": "#/definitions/problem"}},
            "notices": {
                "type": "array",
                "description": "how the data were read where nothing is wrong with them",
                "items": {"$ref": "#/definitions/problem"},
            },
            "newest_day": {
                "type": ["string", "null"],
                "description": "the last day asked for, else the newest date in the data",
            },
            "benchmarks": {"type": "array", "items": {"$ref": "#/definitions/benchmark"}},
            "unused": {
                "type": "array",
                "description": "columns with a header that nothing read",
                "items": _record(
                    {"source": _TEXT, "table": _TEXT, "column": _TEXT, "from": _TEXT, "guesses": _TEXTS}
                ),
            },
            "tables": {
                "type": "array",
                "description": "what each table with inputs was taken for, and the headers that told",
                "items": _record(
                    {"source": _TEXT, "from": _TEXT, "kind": _TEXT, "row": _TEXT, "because": _TEXTS}
                ),
            },
            "ledgers": {"type": "array", "items": {"$ref": "#/definitions/ledger"}},
            "lifetime": {
                "type": "array",
                "description": "what customers are expected to bring, where that was asked for",
                "items": _LIFETIME,
            },
        }
    )
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "metricsheet scorecard",
        **report,
        "definitions": {
            "result": _RESULT,
            "input_use": _INPUT_USE,
            "trend": _TREND,
            "finding": _FINDING,
            "evidence": _EVIDENCE,
            "comparison": _COMPARISON,
            "problem": _PROBLEM,
            "benchmark": _BENCHMARK,
            "ledger": _LEDGER,
        },
    }


def _earlier(version: int) -> dict[str, Any]:
    """Return a schema as it was printed when its version was the newest; a later one only adds to it."""
    import json
    from pathlib import Path

    found: dict[str, Any] = json.loads(
        Path(__file__).with_name(f"json_schema_{version}.json").read_text(encoding="utf-8")
    )
    return found
