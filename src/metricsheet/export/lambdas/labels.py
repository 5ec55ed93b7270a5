"""The label of a value's band as a text of nested conditions, from the bands and targets in force."""

from __future__ import annotations

from metricsheet.catalog.bands_in_force import bands_in_force
from metricsheet.catalog.definitions import Band, Catalog, MetricDefinition, in_language
from metricsheet.evaluation.status import target_for
from metricsheet.export.lambdas.steps import first_of, text_constant
from metricsheet.formula.ast import number_text
from metricsheet.language.words import term


def label_of(catalog: Catalog, metric: MetricDefinition, value: str, n: str, setting: str) -> str:
    """Return the text for the label of ``value``, given the steps of the value, of n and of the setting."""
    default = _labels(catalog, metric, value, n, None)
    found = default
    if metric.bands_by is not None:
        for word in metric.band_variants:
            labels = _labels(catalog, metric, value, n, word)
            found = f"IF(IFERROR({setting}={text_constant(word)},FALSE),{labels},{found})"
    if metric.min_sample is None:
        return found
    low = text_constant(term("low_data", catalog.language))
    return f"IF(IFERROR({n}<{metric.min_sample},FALSE),{low},{found})"


def _labels(catalog: Catalog, metric: MetricDefinition, value: str, n: str, word: str | None) -> str:
    settings = {key: s.default for key, s in catalog.settings.items() if s.default is not None}
    if word is not None and metric.bands_by is not None:
        settings[metric.bands_by] = word
    bands = bands_in_force(metric, settings, target_for(metric, {}, None, None))
    cases = [(_within(band, value), _label(catalog, metric, band, n)) for band in bands]
    if bands and bands[-1].low is None and bands[-1].high is None:
        return first_of(cases[:-1], cases[-1][1])
    return first_of(cases, text_constant(term("no_target", catalog.language)))


def _within(band: Band, value: str) -> str:
    ends = []
    if band.low is not None:
        ends.append(f"({value}{'>=' if band.low_closed else '>'}{number_text(band.low)})")
    if band.high is not None:
        ends.append(f"({value}{'<=' if band.high_closed else '<'}{number_text(band.high)})")
    return "*".join(ends) if ends else "TRUE"


def _label(catalog: Catalog, metric: MetricDefinition, band: Band, n: str) -> str:
    label = in_language(band.label, catalog.language)
    if metric.min_sample is None:
        return text_constant(label)
    unknown = term("n_unknown", catalog.language, label=label)
    return f"IF(ISERROR({n}),{text_constant(unknown)},{text_constant(label)})"
