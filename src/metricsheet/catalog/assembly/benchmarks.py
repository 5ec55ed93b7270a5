"""Benchmark packs: figures from outside with their source, day and population."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from metricsheet.catalog.assembly.context import BuildContext, optional_text
from metricsheet.catalog.assembly.entries import Entry, own_copy, without
from metricsheet.catalog.assembly.files import DefinitionFile, Pack, read_file, read_translations
from metricsheet.catalog.assembly.translate import Translating
from metricsheet.catalog.definitions import Benchmark, Unit
from metricsheet.catalog.find import PACKS_FOLDER, DefinitionFiles
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.records import record, replace


@record(frozen=False)
class Figures:
    """A benchmark pack as read, with its name and the definition files beside which it is, if any."""

    name: str
    file: DefinitionFile
    beside: DefinitionFiles | None


def read_benchmarks(
    names: Sequence[str], files: Sequence[DefinitionFiles], problems: Problems
) -> list[Figures]:
    """Return the packs called ``names``: paths, or packs beside definition files, the last of these first."""
    beside: dict[str, tuple[Path, str, DefinitionFiles | None]] = {}
    for one in files:
        for name, path in one.packs.items():
            beside[name] = (path, one.beside(f"{PACKS_FOLDER}/{path.name}"), one)
    found: list[Figures] = []
    for name in dict.fromkeys(names):
        path, shown, definitions = beside.get(name, (Path(name), name, None))
        if name not in beside and not path.is_file():
            hint = did_you_mean(name, beside) or (
                Message("known_packs", names=tuple(beside)) if beside else None
            )
            message = Message("unknown_pack", name=name)
            problems.found.append(Diagnostic(message, None, hint))
            continue
        pack = read_file(path, shown, "benchmarks", problems)
        if pack is not None:
            found.append(Figures(name, pack, definitions))
    return found


def translate_benchmarks(
    figures: Sequence[Figures], packs: Sequence[Pack], problems: Problems
) -> list[DefinitionFile]:
    """Add the translations beside each pack to its texts.

    Returns the files of translations that were read for this alone: those of definitions not active.
    """
    read = {str(pack.files.metrics): pack.translations for pack in packs}
    more: list[DefinitionFile] = []
    for one in figures:
        if one.beside is None:
            continue
        key = str(one.beside.metrics)
        if key not in read:
            read[key] = read_translations(one.beside, problems)
            more += read[key]
        if read[key]:
            _translate(one, read[key], problems)
    return more


def _translate(figures: Figures, translations: Sequence[DefinitionFile], problems: Problems) -> None:
    file = figures.file
    blocks = file.root.block("benchmarks")
    if blocks is None:
        return
    entries: dict[str, Entry] = {}
    for key in blocks:
        block = blocks.block(key)
        if block is not None:
            broken = file.entry_is_broken("benchmarks", key)
            entries[key] = Entry(key, block, blocks.key_place(key), broken)
    sources = [one.root.source.name for one in (file, *translations)]
    adding = Translating(sources, problems, whole=file.whole)
    for one in translations:
        packs = one.root.block("benchmarks")
        given = None if packs is None else packs.block(figures.name)
        if given is not None:
            spoiled = one.broken.get(("benchmarks", figures.name), frozenset())
            adding.add(one, "benchmark", entries, without(given, spoiled))
    # the file itself stays as it was read: its digest is that of what is written in it
    root = own_copy(file.root)
    root["benchmarks"] = translated = own_copy(blocks)
    translated.update((key, entry.block) for key, entry in entries.items())
    figures.file = replace(file, root=root)


def build_benchmarks(building: BuildContext, packs: Sequence[Figures]) -> tuple[Benchmark, ...]:
    """Return the benchmarks of all packs; each names a metric, and has a source, a day and a population."""
    found: list[Benchmark] = []
    first: dict[tuple[str, str], Block] = {}
    for figures in packs:
        pack = figures.file
        entries = pack.root.inner("benchmarks")
        for key in entries:
            block = entries.block(key)
            if block is None or pack.entry_is_broken("benchmarks", key):
                continue
            identity = (block.text("metric"), key)
            if identity in first:
                message = Message("already_defined.benchmark", key=key, metric=identity[0])
                related = ((first[identity].place(), Message("first_defined")),)
                building.problems.error(message, entries.key_place(key), None, related)
                continue
            first[identity] = block
            benchmark = _benchmark(building, figures, entries, key, block)
            if benchmark is not None:
                found.append(benchmark)
    return tuple(found)


def _benchmark(
    building: BuildContext, figures: Figures, entries: Block, key: str, block: Block
) -> Benchmark | None:
    problems, place = building.problems, entries.key_place(key)
    metric = block.text("metric")
    if not building.known(metric, building.merged.metrics, "metric", block.place("metric")):
        return None
    unit = cast(Unit, building.merged.metrics[metric].block.text("unit") or "count")
    given = block.keys() & {"value", "low", "high"}
    if given not in ({"value"}, {"low", "high"}):
        found = " and ".join(sorted(given)) or "neither"
        message = Message("bad_benchmark.value_or_range", key=key, found=found)
        problems.error(message, place)
        return None
    lower = "value" if "value" in given else "low"
    value = building.amount(block, lower, unit)
    high = building.amount(block, "high", unit) if "high" in given else None
    if value is not None and high is not None and value > high:
        problems.error(Message("bad_benchmark.low_above_high"), block.place("low"))
    said: dict[str, str] = {}
    for word in ("source", "as_of", "population"):
        holder = block if word in block else figures.file.root
        if word not in holder:
            message = Message("bad_benchmark.lacks", word=word, key=key)
            problems.error(message, place, Message("figure_needs_origin"))
        said[word] = holder.text(word)
        if word == "as_of" and word in holder:
            building.date(holder, word)
    if value is None:
        return None
    text = str(block[lower]) if high is None else f"{block['low']} – {block['high']}"
    return Benchmark(
        name=key,
        metric=metric,
        value=value,
        text=text,
        source=said["source"],
        as_of=said["as_of"],
        population=said["population"],
        high=high,
        span=cast(Any, block.get("span")),
        place=place,
        label=optional_text(block, "label"),
        note=optional_text(block, "note"),
        pack=figures.name,
    )
