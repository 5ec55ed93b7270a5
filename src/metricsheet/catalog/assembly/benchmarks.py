"""Benchmark packs: figures from outside with their source, day and population."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from metricsheet.catalog.assembly.context import BuildContext, optional_text
from metricsheet.catalog.assembly.files import DefinitionFile, read_file
from metricsheet.catalog.definitions import Benchmark, Unit
from metricsheet.catalog.find import PACKS_FOLDER, DefinitionFiles
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message


def read_benchmarks(
    names: Sequence[str], files: Sequence[DefinitionFiles], problems: Problems
) -> list[DefinitionFile]:
    """Return the packs called ``names``: paths, or packs beside definition files, the last of these first."""
    beside: dict[str, tuple[Path, str]] = {}
    for one in files:
        for name, path in one.packs.items():
            beside[name] = (path, one.beside(f"{PACKS_FOLDER}/{path.name}"))
    found: list[DefinitionFile] = []
    for name in dict.fromkeys(names):
        path, shown = beside.get(name, (Path(name), name))
        if name not in beside and not path.is_file():
            hint = did_you_mean(name, beside) or (
                Message("known_packs", names=tuple(beside)) if beside else None
            )
            message = Message("unknown_pack", name=name)
            problems.found.append(Diagnostic(message, None, hint))
            continue
        pack = read_file(path, shown, "benchmarks", problems)
        if pack is not None:
            found.append(pack)
    return found


def build_benchmarks(building: BuildContext, packs: Sequence[DefinitionFile]) -> tuple[Benchmark, ...]:
    """Return the benchmarks of all packs; each names a metric, and has a source, a day and a population."""
    found: list[Benchmark] = []
    first: dict[tuple[str, str], Block] = {}
    for pack in packs:
        entries = pack.root.block("benchmarks")
        for key in entries or ():
            assert entries is not None
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
            benchmark = _benchmark(building, pack.root, entries, key, block)
            if benchmark is not None:
                found.append(benchmark)
    return tuple(found)


def _benchmark(
    building: BuildContext, pack: Block, entries: Block, key: str, block: Block
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
        holder = block if word in block else pack
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
    )
