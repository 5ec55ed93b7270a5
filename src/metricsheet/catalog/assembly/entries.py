"""The definitions of all files by section and key, and their blocks: copied, joined, with keys left out."""

from __future__ import annotations

from metricsheet.catalog.definitions import Stage
from metricsheet.catalog.yaml.tree import Block, Items
from metricsheet.records import field, record
from metricsheet.source import Place


@record(frozen=False)
class Entry:
    """One definition with the place of its key; of a broken one only the keys that can be used are there."""

    key: str
    block: Block
    place: Place
    broken: bool = False
    stage: Stage | None = None


@record(frozen=False)
class Merged:
    """All definitions by section and key, in the order in which they were first written.

    ``generic`` headers are by their form, as written and with their place; ``listed`` are the forms of all
    headers that any kind of table names.
    """

    settings: dict[str, Entry] = field(default_factory=dict)
    campaigns: dict[str, Entry] = field(default_factory=dict)
    inputs: dict[str, Entry] = field(default_factory=dict)
    metrics: dict[str, Entry] = field(default_factory=dict)
    rules: dict[str, Entry] = field(default_factory=dict)
    advice: dict[str, Entry] = field(default_factory=dict)
    tables: dict[str, Entry] = field(default_factory=dict)
    generic: dict[str, tuple[str, Place]] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    currency: str = ""
    language: str = "en"


def without(block: Block, keys: frozenset[str]) -> Block:
    """Return ``block`` without ``keys``."""
    if not keys:
        return block
    kept = Block(block.source, block.at)
    for key, value in block.items():
        if key not in keys:
            put(kept, key, value, block)
    return kept


def put(into: Block, key: str, value: object, source: Block) -> None:
    """Set ``key`` of ``into``, which stands where ``source`` has it."""
    into[key] = value
    into.keys_at[key] = source.key_place(key)
    into.values_at[key] = source.place(key)


def joined(base: object, more: object) -> Items:
    """Return the items of two lists, or of the second alone where the first is none."""
    assert isinstance(more, Items)
    together = Items(more.source, more.at)
    for items in (base, more):
        if isinstance(items, Items):
            together.extend(items)
            same = items.source is together.source
            together.items_at += items.items_at if same else [items.place(i) for i in range(len(items))]
    return together


def own_copy(block: Block) -> Block:
    """Return a copy of a block; what is in it is shared."""
    own = Block(block.source, block.at)
    own.update(block)
    own.keys_at.update(block.keys_at)
    own.values_at.update(block.values_at)
    return own


def copied(value: object) -> object:
    """Return ``value`` with copies of every block and list in it, which may then be changed."""
    if isinstance(value, Block):
        block = own_copy(value)
        block.update((key, copied(inner)) for key, inner in value.items())
        return block
    if isinstance(value, Items):
        items = Items(value.source, value.at)
        items.extend(copied(inner) for inner in value)
        items.items_at = list(value.items_at)
        return items
    return value


def as_block(texts: Block, key: str) -> Block:
    """Return the advice called ``key`` like an item of ``recommend``, with its text under ``do``."""
    block = Block(texts.source, texts.at)
    block["do"], block.values_at["do"] = texts[key], texts.place(key)
    return block
