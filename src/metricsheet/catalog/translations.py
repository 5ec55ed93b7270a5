"""Which texts are not there in every language."""

from __future__ import annotations

from collections.abc import Iterator

from metricsheet.catalog.definitions import Catalog, LocalText
from metricsheet.errors import Diagnostic
from metricsheet.language import LANGUAGES
from metricsheet.source import Place


def missing_translations(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning for every text that people see and that is not in all languages; English stands in."""
    found = []
    for text, place, what in _texts(catalog):
        missing = [language for language in LANGUAGES if not text.get(language)]
        if missing:
            message = f"{what} has no text in {', '.join(missing)}"
            found.append(
                Diagnostic("missing_translation", message, place, "English is shown instead", "warning")
            )
    return tuple(found)


def _texts(catalog: Catalog) -> Iterator[tuple[LocalText, Place | None, str]]:
    for setting in catalog.settings.values():
        yield setting.label, setting.place, f"the label of {setting.key}"
    for one in catalog.inputs.values():
        yield one.label, one.place, f"the label of {one.key}"
        if one.description is not None:
            yield one.description, one.place, f"the description of {one.key}"
    for metric in catalog.metrics.values():
        yield metric.label, metric.place, f"the label of {metric.key}"
        for text, what in ((metric.question, "question"), (metric.note, "note")):
            if text is not None:
                yield text, metric.place, f"the {what} of {metric.key}"
        for bands in (metric.bands, *metric.band_variants.values()):
            for band in bands:
                yield band.label, band.place, f"the band {band.when!r} of {metric.key}"
    for rule in catalog.rules.values():
        yield rule.finding, rule.finding_places.get("en", rule.place), f"the finding of {rule.key}"
        for number, advice in enumerate(rule.recommend, 1):
            yield advice.text, rule.place, f"recommendation {number} of {rule.key}"
    for benchmark in catalog.benchmarks:
        for text, what in ((benchmark.label, "label"), (benchmark.note, "note")):
            if text is not None:
                yield text, benchmark.place, f"the {what} of {benchmark.name}"
