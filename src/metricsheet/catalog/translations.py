"""Which texts are not there in every language."""

from __future__ import annotations

from collections.abc import Iterator

from metricsheet.catalog.definitions import Catalog, LocalText
from metricsheet.errors import Diagnostic
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message
from metricsheet.source import Place


def missing_translations(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning for every text that people see and that is not in all languages; English stands in."""
    found = []
    for text, place, what in _texts(catalog):
        missing = [language for language in LANGUAGES if not text.get(language)]
        if missing:
            message = Message("missing_translation", text=what, languages=tuple(missing))
            found.append(Diagnostic(message, place, Message("english_instead"), "warning"))
    return tuple(found)


def _texts(catalog: Catalog) -> Iterator[tuple[LocalText, Place | None, Message]]:
    for setting in catalog.settings.values():
        yield setting.label, setting.place, Message("label_of", name=setting.key)
    for one in catalog.inputs.values():
        yield one.label, one.place, Message("label_of", name=one.key)
        if one.description is not None:
            yield one.description, one.place, Message("description_of", name=one.key)
    for metric in catalog.metrics.values():
        yield metric.label, metric.place, Message("label_of", name=metric.key)
        for text, what in ((metric.question, "question_of"), (metric.note, "note_of")):
            if text is not None:
                yield text, metric.place, Message(what, name=metric.key)
        for bands in (metric.bands, *metric.band_variants.values()):
            for band in bands:
                yield band.label, band.place, Message("band_of", band=band.when, metric=metric.key)
    for rule in catalog.rules.values():
        yield rule.finding, rule.finding_places.get("en", rule.place), Message("finding_of", rule=rule.key)
        for number, advice in enumerate(rule.recommend, 1):
            yield advice.text, rule.place, Message("recommendation_of", number=number, rule=rule.key)
    for benchmark in catalog.benchmarks:
        for text, what in ((benchmark.label, "label_of"), (benchmark.note, "note_of")):
            if text is not None:
                yield text, benchmark.place, Message(what, name=benchmark.name)
