"""What a metric is, as a table of two columns that spills beside the cell that asked."""

from __future__ import annotations

import os
from collections.abc import Iterator

from excel_addin.cells import ExcelTable
from metricsheet.catalog.bands_in_force import bands_to_show
from metricsheet.catalog.definitions import (
    Band,
    BandDefinition,
    Catalog,
    LocalText,
    MetricDefinition,
    in_language,
)
from metricsheet.evaluation.status import target_for
from metricsheet.language.words import term


def describe(catalog: Catalog, metric: MetricDefinition) -> ExcelTable:
    """Return the metric's definition as rows of a name and a text, and which definitions are in force."""
    return [[name, text] for name, text in _rows(catalog, metric) if text]


def _rows(catalog: Catalog, metric: MetricDefinition) -> Iterator[tuple[str, str]]:
    language = catalog.language

    def local(text: LocalText | None) -> str:
        return "" if text is None else in_language(text, language)

    yield "metric", metric.key
    yield "label", local(metric.label)
    yield "question", local(metric.question)
    yield "formula", metric.formula
    yield "unit", metric.unit
    yield "stage", term(metric.stage, language)
    yield "kind", term(metric.kind, language)
    yield "better", term(metric.better, language)
    yield "possible", metric.possible.text if metric.possible is not None else ""
    yield "span", metric.span if metric.span != "any" else ""
    yield "prefers", ", ".join(metric.prefer)
    for target in metric.targets:
        where = ", ".join(f"{key} = {value}" for key, value in target.where.items())
        since = f"since {target.since}" if target.since is not None else ""
        yield "target", "; ".join(part for part in (target.text, since, where) if part)
    in_force = target_for(metric, {}, None, None)
    for band in bands_to_show(metric.bands, metric.better, in_force):
        yield f"band {band.status}", _band(band, language)
    for setting, written in metric.band_variants.items():
        for band in bands_to_show(written, metric.better, in_force):
            yield f"band {band.status} ({metric.bands_by}: {setting})", _band(band, language)
    yield "smallest n", str(metric.min_sample) if metric.min_sample is not None else ""
    for key in metric.plan.inputs:
        yield f"input {key}", local(catalog.inputs[key].label)
    yield "note", local(metric.note)
    yield "source", metric.source
    # In Excel nobody knows the working directory that a relative path starts from.
    yield "definitions", os.path.abspath(catalog.path) if os.path.exists(catalog.path) else catalog.path
    yield "digest", catalog.digest


def _band(band: Band | BandDefinition, language: str) -> str:
    return f"{band.when}: {in_language(band.label, language)}"
