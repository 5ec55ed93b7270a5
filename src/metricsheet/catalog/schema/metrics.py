"""The shape of ``metrics.yaml``: settings, inputs and metrics."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.definitions import (
    ANSWER_GROUPS,
    BAND_STATUSES,
    BETTER,
    INPUT_TYPES,
    INTERVALS,
    KINDS,
    OVER_TIME,
    SPANS,
    STAGES,
    STATUSES,
    UNITS,
    WORD_TABLES,
)
from metricsheet.catalog.schema.shared import KEY, ref, section, unless_override
from metricsheet.catalog.schema.tables import TABLES_PARTS, TABLES_SECTIONS
from metricsheet.dataset import CAMPAIGN_KINDS
from metricsheet.language import LANGUAGES
from metricsheet.values import ERROR_CODES

_SETTING = {
    "description": "a fact about the company that bands and rules may read",
    "type": "object",
    "properties": {
        "label": ref("local_text", "what people see"),
        "one_of": {
            "description": "the words it may take",
            "type": "array",
            "items": {"$ref": "#/definitions/text"},
            "minItems": 2,
        },
        "type": {"description": "a setting that is yes or no", "enum": ["flag"]},
        "default": {"description": "its value where none is given", "type": ["string", "boolean"]},
        "during": {
            "description": "a flag that is yes in periods of a campaign of this kind",
            "enum": list(CAMPAIGN_KINDS),
        },
        "override": ref("override"),
    },
    **unless_override(["label"]),
    "additionalProperties": False,
}

_CAMPAIGN = {
    "description": "a stretch of time in which figures are other than usual",
    "type": "object",
    "properties": {
        "label": ref("local_text", "what people see"),
        "start": ref("date", "its first day"),
        "end": ref("date", "its last day"),
        "kind": {
            "description": "growth: costs rise on purpose, its start is compared with its end; season: "
            "trends leave it out",
            "enum": list(CAMPAIGN_KINDS),
        },
        "override": ref("override"),
    },
    **unless_override(["label", "start", "end", "kind"]),
    "additionalProperties": False,
}

_INPUT = {
    "description": "a column or cell that metrics read",
    "type": "object",
    "properties": {
        "label": ref("local_text", "what people see; headers with this text are found too"),
        "also": {
            "description": "other headers under which analysts keep it, in any language",
            "type": "array",
            "items": {"$ref": "#/definitions/text"},
        },
        "type": {"description": "what its cells hold", "enum": list(INPUT_TYPES)},
        "unit": {"description": "what its numbers measure", "enum": list(UNITS)},
        "scale": {
            "description": "the lowest and highest possible answer; others are refused or left out",
            "type": "string",
            "examples": ["0..10", "1..5"],
        },
        "whole": {"description": "only whole numbers are answers", "type": "boolean"},
        "over_time": {"description": "what several periods in one slice become", "enum": list(OVER_TIME)},
        "additive": {"description": "false for averages and rates: they have no total", "type": "boolean"},
        "derived": ref("text", "a formula over other inputs, where a file has no column of its own"),
        "outside": {"description": "what answers off the scale do", "enum": ["refuse", "exclude"]},
        "words": {
            "description": "the table that turns answers in words into numbers",
            "enum": list(WORD_TABLES),
        },
        "sign": {
            "description": "loss: it counts what is lost; where all of it is below zero, the size counts",
            "enum": ["loss"],
        },
        "groups": {
            "description": "words of a group of answers, and a number of the scale that counts as the group",
            "type": "object",
            "properties": {
                word: {"description": f"the number of a {word}", "type": "number"} for word in ANSWER_GROUPS
            },
            "additionalProperties": False,
        },
        "either_way": {
            "description": "headers that do not say whether the lowest answer is the best; asked about",
            "type": "array",
            "items": {"$ref": "#/definitions/text"},
        },
        "means": {
            "description": "what the lists under words mean in its cells: yes, no, blank or a text",
            "type": "object",
            "propertyNames": {"pattern": KEY},
            "additionalProperties": {"$ref": "#/definitions/text"},
        },
        "description": ref("local_text", "what it is, for the help of functions"),
        "override": ref("override"),
    },
    **unless_override(["label"]),
    "additionalProperties": False,
}

_BAND = {
    "description": "a range of values and the status they have",
    "type": "object",
    "properties": {
        "status": {"description": "how good these values are", "enum": list(BAND_STATUSES)},
        "when": {
            "description": "at least, above, at most or below N, or between A and B; the first to fit "
            "counts. For N also target, or a factor and target",
            "type": "string",
            "examples": ["at least 3:1", "below target", "below 0.66 target", "between 10% and 30%"],
        },
        "label": ref("local_text", "what these values mean, in a few words"),
    },
    "required": ["status", "when", "label"],
    "additionalProperties": False,
}

_TARGET = {
    "description": "a wanted value, for some time or some slice",
    "type": "object",
    "properties": {
        "value": ref("amount"),
        "since": ref("date", "the first day on which it applies"),
        "where": {
            "description": "the slice it applies to: header or input, and its value",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
    },
    "required": ["value"],
    "additionalProperties": False,
}

_EXAMPLE = {
    "description": "a worked answer; `metricsheet test` runs it",
    "type": "object",
    "properties": {
        "given": {
            "description": "inputs by key: a value, a list, or rows",
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    ref("cell"),
                    {
                        "type": "array",
                        "items": {"anyOf": [ref("cell"), {"type": "array", "items": ref("cell")}]},
                    },
                ]
            },
        },
        "value": ref("amount", "the answer"),
        "error": {"description": "the error that comes out instead", "enum": list(ERROR_CODES)},
        "status": {"description": "the status of the answer", "enum": list(STATUSES)},
        "settings": {
            "description": "settings by key",
            "type": "object",
            "additionalProperties": {"type": ["string", "boolean"]},
        },
        "why": {"description": "what the example shows", "type": "string"},
    },
    "required": ["given"],
    "additionalProperties": False,
}

_METRIC = {
    "description": "one metric: what it is, how it is computed, what its values mean",
    "type": "object",
    "properties": {
        "label": ref("local_text", "what people see"),
        "question": ref("local_text", "the question that the metric answers"),
        "stage": {"description": "the stage of the customer lifecycle", "enum": list(STAGES)},
        "kind": {
            "description": "activity (what marketing does) or outcome (what came of it)",
            "enum": list(KINDS),
        },
        "unit": {"description": "what its values are; percent values are fractions", "enum": list(UNITS)},
        "better": {"description": "which way is better", "enum": list(BETTER)},
        "formula": ref("text", "an Excel formula over inputs, other metrics and parameters"),
        "sample": ref("text", "a formula for n, the number of cases behind the value"),
        "interval": {"description": "how the 95 % interval is computed", "enum": [*INTERVALS, "none"]},
        "min_sample": {
            "description": "fewer cases give the status low_data",
            "type": "integer",
            "minimum": 1,
        },
        "headline": {"description": "it stands first in overviews and comparisons", "type": "boolean"},
        "decimals": {"description": "decimals shown", "type": "integer", "minimum": 0, "maximum": 10},
        "dead_zone": ref("amount", "a change up to this size counts as none"),
        "over_time": {
            "description": "last for a stock, measured on the newest date",
            "enum": ["sum", "last"],
        },
        "possible": {
            "description": "the lowest and highest value that there can be; others are refused",
            "type": "string",
            "examples": ["0%..100%", "-100..100", "0.."],
        },
        "span": {
            "description": "the rows it may speak of: any, one period of them (row_period), one or several "
            "multiplied (chained), twelve months (year), or people by cohort",
            "enum": list(SPANS),
        },
        "prefer": {
            "description": "metrics whose value is taken where their data are there, first first",
            "type": "array",
            "items": {"$ref": "#/definitions/metric_key"},
        },
        "one_row_per": ref("key", "the input that names a row; where it repeats, there is no value"),
        "rows": {
            "description": "the rows of a ratio whose inputs have different blanks: those that have all "
            "inputs (paired, if nothing is said for a part of a whole), or all",
            "enum": ["paired", "all"],
        },
        "judged_over": {
            "description": "bands, target and rules are for the whole engagement of a customer, not one year",
            "enum": ["engagement"],
        },
        "target": ref("amount", "the wanted value; bands may name it, and values that miss it are warn"),
        "targets": {
            "description": "wanted values by date or slice, instead of one target",
            "type": "array",
            "items": _TARGET,
            "minItems": 1,
        },
        "bands": ref("bands"),
        "bands_by": ref("setting_key", "the setting that chooses among band_variants"),
        "band_variants": {
            "description": "bands by the value of the setting bands_by",
            "type": "object",
            "additionalProperties": {"$ref": "#/definitions/bands"},
            "minProperties": 1,
        },
        "note": ref("local_text", "what a reader must know about the value"),
        "variant_of": ref(
            "metric_key", "the metric of which this is another definition; both are named in output"
        ),
        "fallback": ref("metric_key", "the metric to look at when this one has no value"),
        "source": {"description": "where the definition comes from", "type": "string"},
        "examples": {"description": "worked answers", "type": "array", "items": _EXAMPLE},
        "override": ref("override"),
    },
    **unless_override(["label", "stage", "kind", "unit", "better", "formula"]),
    "additionalProperties": False,
}

METRICS_PARTS: dict[str, Any] = {
    "bands": {
        "description": "from top to bottom, the first band that fits counts; they cover every number",
        "type": "array",
        "items": _BAND,
        "minItems": 1,
    },
    "setting": _SETTING,
    "campaign": _CAMPAIGN,
    "input": _INPUT,
    "metric": _METRIC,
    **TABLES_PARTS,
}

METRICS_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "metricsheet definitions",
    "type": "object",
    "properties": {
        "version": {"description": "the version of this format", "const": 1},
        "extends": ref("text", "another file whose definitions this one adds to: a path, or builtin"),
        "defaults": {
            "description": "what holds for all metrics",
            "type": "object",
            "properties": {
                "currency": {
                    "description": "three letters, such as EUR",
                    "type": "string",
                    "pattern": "^[A-Z]{3}$",
                },
                "language": {"description": "the language of reports", "enum": list(LANGUAGES)},
            },
            "additionalProperties": False,
        },
        "settings": section("setting", "facts about the company, by key"),
        "campaigns": section("campaign", "growth campaigns and seasons, by key"),
        "inputs": section("input", "columns and cells that metrics read, by key"),
        **TABLES_SECTIONS,
        "metrics": section("metric", "metrics, by key; the key in capitals is the Excel function"),
    },
    "required": ["version"],
    "additionalProperties": False,
}
