"""Definitions of several files into one set: what extends what, what is overridden, what is written twice."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.assembly.entries import Entry, Merged, as_block, joined, put, without
from metricsheet.catalog.assembly.files import DefinitionFile, Pack
from metricsheet.catalog.assembly.tables import add_tables
from metricsheet.catalog.assembly.translate import translate
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.tree import Block, Items
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message

_WITHOUT: dict[str, tuple[str, ...]] = {
    "target": ("targets",),
    "targets": ("target",),
    "bands": ("bands_by", "band_variants"),
    "one_of": ("type",),
}
"""Keys that a changed key puts out of force, as both could not hold together."""

_OTHER_ANSWER = ("formula", "unit")
_OF_FORMULA = ("span", "prefer", "rows")
_OF_UNIT = ("possible",)
_OTHER_STATUS = (
    *("bands", "bands_by", "band_variants", "target", "targets", "better"),
    *("min_sample", "sample", "interval"),
)
_OTHER_OUTCOME = ("when", "unless", "for", "keep", "scope")


def merge(packs: Sequence[Pack], problems: Problems) -> Merged:
    """Return the definitions of all packs; later packs add to earlier ones or override them."""
    merged = Merged()
    for pack in packs:
        defaults = pack.metrics.root.block("defaults")
        if defaults is not None and ("", "defaults") not in pack.metrics.broken:
            merged.currency = defaults.text("currency", merged.currency)
            merged.language = defaults.text("language", merged.language)
        _add(merged.settings, "settings", pack.metrics, problems)
        _add(merged.campaigns, "campaigns", pack.metrics, problems)
        _add(merged.inputs, "inputs", pack.metrics, problems)
        _add(merged.metrics, "metrics", pack.metrics, problems)
        add_tables(merged, pack.metrics, problems)
        for rules in pack.rules:
            _add(merged.rules, "rules", rules, problems)
            _add_advice(merged.advice, rules, problems)
        translate(merged, pack, problems)
    return merged


def _add(into: dict[str, Entry], section: str, file: DefinitionFile, problems: Problems) -> None:
    entries = file.root.block(section)
    if entries is None:
        return
    known = list(into)
    for key, value in entries.items():
        place = entries.key_place(key)
        earlier = into.get(key)
        broken = file.entry_is_broken(section, key) or not isinstance(value, Block)
        block = value if isinstance(value, Block) else Block(file.root.source, (place.line, place.column))
        block = without(block, file.broken.get((section, key), frozenset()))
        changes = block.get("override") is True
        if earlier is None and changes and not broken:
            hint = did_you_mean(key, known) or Message("leave_out_override")
            problems.error(Message("nothing_to_override", found=key), place, hint)
            into[key] = Entry(key, block, place, True, file.stage)
        elif earlier is None:
            into[key] = Entry(key, block, place, broken, file.stage)
        elif changes:
            stage = earlier.stage or file.stage
            into[key] = Entry(key, overlay(earlier.block, block), place, broken or earlier.broken, stage)
        else:
            problems.error(
                Message("already_defined.key", found=key),
                place,
                Message("override_or_rename"),
                ((earlier.place, Message("first_defined")),),
            )


def _add_advice(into: dict[str, Entry], file: DefinitionFile, problems: Problems) -> None:
    """Add the texts that rules call by a name; a name says the same in all files."""
    texts = file.root.inner("advice")
    for key in texts:
        place = texts.key_place(key)
        if key in into:
            related = ((into[key].place, Message("first_defined")),)
            problems.error(
                Message("already_defined.key", found=key), place, Message("choose_another_key"), related
            )
        else:
            block = as_block(texts, key)
            into[key] = Entry(key, block, place, file.entry_is_broken("advice", key))


def overlay(base: Block, change: Block) -> Block:
    """Return ``base`` with the keys of ``change`` in their place; headers in ``also`` are added instead.

    Examples and tests of the base that no longer need to hold are left out.
    """
    given = [key for key in change if key != "override"]
    dropped = {old for key in given for old in _WITHOUT.get(key, ())} - set(given)
    if any(key in _OTHER_ANSWER for key in given):
        dropped.add("examples")
    for key, its_own in (("formula", _OF_FORMULA), ("unit", _OF_UNIT)):
        if key in given:
            dropped.update(set(its_own) - set(given))
    if any(key in _OTHER_OUTCOME for key in given):
        dropped.add("tests")
    result = Block(change.source, change.at)
    for key, value in base.items():
        if key in change or key in dropped:
            continue
        other_status = key == "examples" and any(changed in _OTHER_STATUS for changed in given)
        put(result, key, _without_status(value) if other_status else value, base)
    for key in given:
        value = change[key]
        added = key == "also" and isinstance(value, Items)
        put(result, key, joined(base.get("also"), value) if added else value, change)
    return result


def _without_status(examples: object) -> object:
    """Return the examples as they hold under other bands: with their values, without their status."""
    if not isinstance(examples, Items):
        return examples
    kept = Items(examples.source, examples.at)
    for index, example in enumerate(examples):
        if isinstance(example, Block) and ("value" in example or "error" in example):
            copy = Block(example.source, example.at)
            for key, value in example.items():
                if key != "status":
                    put(copy, key, value, example)
            kept.append(copy)
            kept.items_at.append(examples.place(index))
    return kept
