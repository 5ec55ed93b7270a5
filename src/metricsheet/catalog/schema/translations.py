"""The shape of ``translations/LANGUAGE.yaml``: the texts of definitions in one language."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.schema.shared import block, by_key, file_of, ref, section, texts

_TEXT = "the text in this language; nothing while it is not translated"


def _by_english(description: str) -> dict[str, Any]:
    return by_key(description, ref("translated"))


TRANSLATIONS_PARTS: dict[str, Any] = {
    "translated": {"description": _TEXT, "type": ["string", "null"], "minLength": 1},
    "setting": block("the texts of a setting", {"label": ref("translated", "its label")}),
    "input": block(
        "the texts of an input",
        {
            "label": ref("translated", "its label; headers with this text are found too"),
            "also": texts("further headers of this language under which analysts keep it"),
            "description": ref("translated", "what it is"),
        },
    ),
    "table": block("the texts of a kind of table", {"row": ref("translated", "what one row is")}),
    "metric": block(
        "the texts of a metric",
        {
            "label": ref("translated", "its label"),
            "question": ref("translated", "the question that it answers"),
            "note": ref("translated", "what a reader must know about the value"),
            "bands": _by_english("the labels of its bands, of all variants, each by the English label"),
        },
    ),
    "rule": block(
        "the texts of a rule",
        {
            "finding": ref("translated", "what was found, with the facts of the English text in braces"),
            "recommend": _by_english(
                "what to do, each by the English text; advice with a name is under advice"
            ),
        },
    ),
    "benchmark": block(
        "the texts of a figure",
        {"label": ref("translated", "its label"), "note": ref("translated", "what to mind when comparing")},
    ),
    "benchmark_pack": section("the texts of a pack, by the keys of its figures", ref("benchmark")),
}

TRANSLATIONS_SCHEMA = file_of(
    "metricsheet translations into one language",
    {
        "settings": section("texts of settings, by key", ref("setting")),
        "inputs": section("texts of inputs, by key", ref("input")),
        "tables": section("texts of kinds of tables, by key", ref("table")),
        "metrics": section("texts of metrics, by key", ref("metric")),
        "rules": section("texts of rules, by key", ref("rule")),
        "advice": section("advice that several rules give, by name", ref("translated")),
        "benchmarks": section("texts of benchmark packs, by the name of the pack", ref("benchmark_pack")),
    },
)
