"""Which texts are not there in every language, and the file in which a translator writes them."""

from __future__ import annotations

from collections.abc import Iterator

from metricsheet.catalog.definitions import (
    Benchmark,
    Catalog,
    InputDefinition,
    LocalText,
    MetricDefinition,
    Setting,
)
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.errors import Diagnostic
from metricsheet.language import LANGUAGES
from metricsheet.language.letters import steady
from metricsheet.language.message import Message
from metricsheet.records import record
from metricsheet.source import Place

_MOST_HEADERS = 6
_WHAT = {
    "label": "label_of",
    "description": "description_of",
    "question": "question_of",
    "note": "note_of",
}


@record
class Text:
    """A text that people see; ``path`` are the keys under which a file of translations has it."""

    text: LocalText
    path: tuple[str, ...]
    place: Place | None
    what: Message


def missing_translations(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning for every text that is missing in a language; English is shown instead."""
    found = []
    for one in translatable(catalog):
        if all(map(one.text.get, LANGUAGES)):
            continue
        missing = tuple(language for language in LANGUAGES if not one.text.get(language))
        message = Message("missing_translation", text=one.what, languages=missing)
        hint = Message("english_instead", language=missing[0])
        found.append(Diagnostic(message, one.place, hint, "warning"))
    return tuple(found)


def to_translate(catalog: Catalog, language: str) -> tuple[int, str]:
    """Return how many texts lack ``language``, and the lines of a file that has a place for each of them."""
    missing = [one for one in translatable(catalog) if not one.text.get(language)]
    lines: list[str] = []
    above: tuple[str, ...] = ()
    for one in missing:
        *blocks, last = one.path
        for depth, key in enumerate(blocks):
            if above[: depth + 1] != one.path[: depth + 1]:
                lines += [""] if depth == 0 else []
                lines.append(f"{'  ' * depth}{_key(key)}:")
        above = one.path
        indent = "  " * len(blocks)
        lines.append(f"{indent}{_key(last)}:  # {steady(' '.join(one.text['en'].split()))}")
        if blocks[0] == "inputs" and last == "label":
            headers = ", ".join(catalog.inputs[blocks[1]].also[:_MOST_HEADERS])
            lines.append(f"{indent}also: []  # {headers}" if headers else f"{indent}also: []")
    return len(missing), "\n".join(["version: 1", *lines]) + "\n"


def translatable(catalog: Catalog) -> list[Text]:
    """Return every text that people see, the first of each path: bands and rules may share one."""
    found: dict[tuple[str, ...], Text] = {}
    for one in _texts(catalog):
        found.setdefault(one.path, one)
    return list(found.values())


def _key(text: str) -> str:
    if text.replace("_", "").isalnum() and text.isascii() and text.islower():
        return text
    return quoted(text)


def _texts(catalog: Catalog) -> Iterator[Text]:
    for section, known in (("settings", catalog.settings), ("inputs", catalog.inputs)):
        for one in known.values():
            yield from _of(one, (section, one.key), "label", "description")
    for kind in catalog.tables.values():
        what = Message("row_of", kind=kind.key)
        yield Text(kind.row, ("tables", kind.key, "row"), kind.place, what)
    for metric in catalog.metrics.values():
        yield from _of(metric, ("metrics", metric.key), "label", "question")
        for bands in (metric.bands, *metric.band_variants.values()):
            for band in bands:
                what = Message("band_of", band=band.when, metric=metric.key)
                yield Text(band.label, ("metrics", metric.key, "bands", band.label["en"]), band.place, what)
        yield from _of(metric, ("metrics", metric.key), "note")
    for rule in catalog.rules.values():
        place = rule.finding_places.get("en", rule.place)
        yield Text(rule.finding, ("rules", rule.key, "finding"), place, Message("finding_of", rule=rule.key))
        for number, advice in enumerate(rule.recommend, 1):
            if not advice.name:
                path = ("rules", rule.key, "recommend", advice.text["en"])
                what = Message("recommendation_of", number=number, rule=rule.key)
                yield Text(advice.text, path, advice.places.get("en", rule.place), what)
    for rule in catalog.rules.values():
        for advice in rule.recommend:
            if advice.name:
                what = Message("advice_called", name=advice.name)
                yield Text(advice.text, ("advice", advice.name), advice.places.get("en"), what)
    for benchmark in catalog.benchmarks:
        yield from _of(benchmark, ("benchmarks", benchmark.pack, benchmark.name), "label", "note")


def _of(
    definition: Setting | InputDefinition | MetricDefinition | Benchmark, path: tuple[str, ...], *keys: str
) -> Iterator[Text]:
    """Yield the texts of a definition that are under ``keys``, where it has them."""
    for key in keys:
        text: LocalText | None = getattr(definition, key, None)
        if text is not None:
            yield Text(text, (*path, key), definition.place, Message(_WHAT[key], name=path[-1]))
