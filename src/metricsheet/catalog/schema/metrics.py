"""The shape of ``metrics.yaml``: settings, inputs, kinds of tables and metrics."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog import definitions as known
from metricsheet.catalog.schema.shared import (
    block,
    by_key,
    file_of,
    items,
    one_of,
    plain,
    ref,
    section,
    texts,
)
from metricsheet.dataset import CAMPAIGN_KINDS
from metricsheet.language import LANGUAGES
from metricsheet.values import ERROR_CODES

_CONDITION = block(
    "when the header means it: with an input, or if a sign says a word in every row",
    {
        "with": ref("key", "only where this input is bound as well"),
        "if": ref("key", "only where this sign of the kind"),
        "is": ref("text", "says this word in every row"),
    },
)

_HEADER = {
    "anyOf": [
        ref("text"),
        {"type": "object", "additionalProperties": _CONDITION, "minProperties": 1},
    ]
}

HEADERS_EXAMPLE = block(
    "headers of such a table; `metricsheet test` binds them",
    {
        "headers": texts("the headers, from left to right", minItems=1),
        "is": by_key(
            "each input that is found, with its header; the other headers are no input", ref("text")
        ),
    },
    ["headers", "is"],
)

STATUS_WORDS = block(
    "a column that says which rows do not count",
    {
        "column": ref("text", "its header"),
        "not": texts("the words of rows that do not count", minItems=1),
    },
    ["column", "not"],
)

_CONTRADICTION = block(
    "a flag that says no where a column of the same row says otherwise",
    {
        "flag": ref("key", "the input that says no"),
        "column": ref("key", "the input that says otherwise"),
        "says": ref("text", "its word as means gives it; past: a date before the newest of the data"),
    },
    ["flag", "column", "says"],
)

_TABLE = block(
    "a kind of table: how it is known, and what headers mean there",
    {
        "row": ref("local_text", "what one row is"),
        "needs": texts("what must be found, all of it; in a line, a | b is one of them", minItems=1),
        "columns": section(
            "the inputs of such a table, each with the headers that mean it here, best first; * is any text",
            ref("headers"),
        ),
        "signs": section(
            "columns that are no inputs but tell the kind, by a name of your own", ref("headers")
        ),
        "one": ref("key", "the input that names a row: where it repeats, the table is of another kind"),
        "several": ref("key", "the input that names a customer: where it repeats, no sign is needed"),
        "ledger": plain("rows are subscriptions over time: movements and retention come of them", "boolean"),
        "status": items("rows that do not count", STATUS_WORDS),
        "contradicts": items("rows that say two things at once: they are told", _CONTRADICTION),
        "id": texts("headers of what names a row; where it repeats, that is told"),
        "may_hold": items("kinds whose inputs may stand beside", ref("key")),
        "examples": items("headers with their inputs", HEADERS_EXAMPLE),
        "replace": plain(
            "take the place of the kind of the extended file instead of adding to it", "boolean"
        ),
    },
)

HEADERS: dict[str, Any] = {"type": "array", "items": _HEADER}

TABLES_PARTS: dict[str, Any] = {"headers": HEADERS, "table": _TABLE}

TABLES_SECTIONS: dict[str, Any] = {
    "generic": texts(
        "headers that mean too many things: they bind only in a kind of table; commas part them"
    ),
    "words": section("what is written in cells for one thing, by a name of your own", texts("the words")),
    "tables": section("kinds of tables, by key", ref("table")),
}


_SETTING = block(
    "a fact about the company that bands and rules may read",
    {
        "label": ref("local_text", "what people see"),
        "one_of": texts("the words it may take", minItems=2),
        "type": one_of("a setting that is yes or no", ["flag"]),
        "default": {"description": "its value where none is given", "type": ["string", "boolean"]},
        "during": one_of("a flag that is yes in periods of a campaign of this kind", CAMPAIGN_KINDS),
        "override": ref("override"),
    },
    new=["label"],
)

_CAMPAIGN = block(
    "a stretch of time in which figures are other than usual",
    {
        "label": ref("local_text", "what people see"),
        "start": ref("date", "its first day"),
        "end": ref("date", "its last day"),
        "kind": one_of(
            "growth: costs rise on purpose, its start is compared with its end; season: trends leave it out",
            CAMPAIGN_KINDS,
        ),
        "override": ref("override"),
    },
    new=["label", "start", "end", "kind"],
)

_INPUT = block(
    "a column or cell that metrics read",
    {
        "label": ref("local_text", "what people see; headers with this text are found too"),
        "also": texts("other headers under which analysts keep it, in any language"),
        "type": one_of("what its cells hold", known.INPUT_TYPES),
        "unit": one_of("what its numbers measure", known.UNITS),
        "scale": plain(
            "the lowest and highest possible answer; others are refused or left out",
            "string",
            examples=["0..10", "1..5"],
        ),
        "whole": plain("only whole numbers are answers", "boolean"),
        "over_time": one_of("what several periods in one slice become", known.OVER_TIME),
        "additive": plain("false for averages and rates: they have no total", "boolean"),
        "derived": ref("text", "a formula over other inputs, where a file has no column of its own"),
        "outside": one_of("what answers off the scale do", ["refuse", "exclude"]),
        "words": one_of("the table that turns answers in words into numbers", known.WORD_TABLES),
        "sign": one_of(
            "loss: it counts what is lost; where all of it is below zero, the size counts", ["loss"]
        ),
        "groups": block(
            "words of a group of answers, and a number of the scale that counts as the group",
            {word: plain(f"the number of a {word}", "number") for word in known.ANSWER_GROUPS},
        ),
        "either_way": texts("headers that do not say whether the lowest answer is the best; asked about"),
        "means": section(
            "what the lists under words mean in its cells: yes, no, blank or a text", ref("text")
        ),
        "description": ref("local_text", "what it is, for the help of functions"),
        "override": ref("override"),
    },
    new=["label"],
)

_BAND = block(
    "a range of values and the status they have",
    {
        "status": one_of("how good these values are", known.BAND_STATUSES),
        "when": plain(
            "at least, above, at most or below N, or between A and B; the first to fit counts. For N also "
            "target, or a factor and target",
            "string",
            examples=["at least 3:1", "below target", "below 0.66 target", "between 10% and 30%"],
        ),
        "label": ref("local_text", "what these values mean, in a few words"),
    },
    ["status", "when", "label"],
)

_TARGET = block(
    "a wanted value, for some time or some slice",
    {
        "value": ref("amount"),
        "since": ref("date", "the first day on which it applies"),
        "where": by_key("the slice it applies to: header or input, and its value", {"type": "string"}),
    },
    ["value"],
)

_ROW = {"anyOf": [ref("cell"), {"type": "array", "items": ref("cell")}]}

_EXAMPLE = block(
    "a worked answer; `metricsheet test` runs it",
    {
        "given": by_key(
            "inputs by key: a value, a list, or rows",
            {"anyOf": [ref("cell"), {"type": "array", "items": _ROW}]},
        ),
        "value": ref("amount", "the answer"),
        "error": one_of("the error that comes out instead", ERROR_CODES),
        "status": one_of("the status of the answer", known.STATUSES),
        "settings": by_key("settings by key", {"type": ["string", "boolean"]}),
        "why": plain("what the example shows", "string"),
    },
    ["given"],
)

_METRIC = block(
    "one metric: what it is, how it is computed, what its values mean",
    {
        "label": ref("local_text", "what people see"),
        "question": ref("local_text", "the question that the metric answers"),
        "stage": one_of("the stage of the customer lifecycle", known.STAGES),
        "kind": one_of("activity (what marketing does) or outcome (what came of it)", known.KINDS),
        "unit": one_of("what its values are; percent values are fractions", known.UNITS),
        "better": one_of("which way is better", known.BETTER),
        "formula": ref("text", "an Excel formula over inputs, other metrics and parameters"),
        "sample": ref("text", "a formula for n, the number of cases behind the value"),
        "interval": one_of("how the 95 % interval is computed", [*known.INTERVALS, "none"]),
        "min_sample": plain("fewer cases give the status low_data", "integer", minimum=1),
        "headline": plain("it stands first in overviews and comparisons", "boolean"),
        "decimals": plain("decimals shown", "integer", minimum=0, maximum=10),
        "dead_zone": ref("amount", "a change up to this size counts as none"),
        "over_time": one_of("last for a stock, measured on the newest date", ["sum", "last"]),
        "possible": plain(
            "the lowest and highest value that there can be; others are refused",
            "string",
            examples=["0%..100%", "-100..100", "0.."],
        ),
        "span": one_of(
            "the rows it may speak of: any, one period of them (row_period), one or several multiplied "
            "(chained), twelve months (year), or people by cohort",
            known.SPANS,
        ),
        "prefer": items(
            "metrics whose value is taken where their data are there, first first", ref("metric_key")
        ),
        "one_row_per": ref("key", "the input that names a row; where it repeats, there is no value"),
        "rows": one_of(
            "the rows of a ratio whose inputs have different blanks: those that have all inputs (paired, if "
            "nothing is said for a part of a whole), or all",
            ["paired", "all"],
        ),
        "judged_over": one_of(
            "bands, target and rules are for the whole engagement of a customer, not one year",
            ["engagement"],
        ),
        "target": ref("amount", "the wanted value; bands may name it, and values that miss it are warn"),
        "targets": items("wanted values by date or slice, instead of one target", _TARGET, minItems=1),
        "bands": ref("bands"),
        "bands_by": ref("setting_key", "the setting that chooses among band_variants"),
        "band_variants": {
            **by_key("bands by the value of the setting bands_by", ref("bands")),
            "minProperties": 1,
        },
        "note": ref("local_text", "what a reader must know about the value"),
        "variant_of": ref(
            "metric_key", "the metric of which this is another definition; both are named in output"
        ),
        "fallback": ref("metric_key", "the metric to look at when this one has no value"),
        "source": plain("where the definition comes from", "string"),
        "examples": items("worked answers", _EXAMPLE),
        "override": ref("override"),
    },
    new=["label", "stage", "kind", "unit", "better", "formula"],
)

METRICS_PARTS: dict[str, Any] = {
    "bands": items(
        "from top to bottom, the first band that fits counts; they cover every number", _BAND, minItems=1
    ),
    "setting": _SETTING,
    "campaign": _CAMPAIGN,
    "input": _INPUT,
    "metric": _METRIC,
    **TABLES_PARTS,
}

METRICS_SCHEMA = file_of(
    "metricsheet definitions",
    {
        "extends": ref("text", "another file whose definitions this one adds to: a path, or builtin"),
        "defaults": block(
            "what holds for all metrics",
            {
                "currency": plain("three letters, such as EUR", "string", pattern="^[A-Z]{3}$"),
                "language": one_of("the language of reports", LANGUAGES),
            },
        ),
        "settings": section("facts about the company, by key", ref("setting")),
        "campaigns": section("growth campaigns and seasons, by key", ref("campaign")),
        "inputs": section("columns and cells that metrics read, by key", ref("input")),
        **TABLES_SECTIONS,
        "metrics": section("metrics, by key; the key in capitals is the Excel function", ref("metric")),
    },
)
