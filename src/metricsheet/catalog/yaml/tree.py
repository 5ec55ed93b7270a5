"""The content of a YAML file as read: plain values, with the place of every key and every value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from metricsheet.source import Place, SourceFile

At: TypeAlias = tuple[int, int]
"""Line and column, both from 1: a ``Place`` is only built where somebody asks for it."""


class Block(dict[str, object]):
    """A mapping as written. ``at`` is where it starts; keys and values know their own places.

    A block made by merging two files holds finished ``Place`` objects instead, as its parts lie in both.
    """

    __slots__ = ("at", "keys_at", "source", "values_at")

    def __init__(self, source: SourceFile, at: At) -> None:
        super().__init__()
        self.source = source
        self.at: At = at
        self.keys_at: dict[str, At | Place] = {}
        self.values_at: dict[str, At | Place] = {}

    def place(self, key: str | None = None) -> Place:
        """Return where the value of ``key`` starts, or where the block starts."""
        return self._place(self.at if key is None else self.values_at.get(key, self.at))

    def key_place(self, key: str) -> Place:
        """Return where ``key`` itself is written."""
        return self._place(self.keys_at.get(key, self.at))

    def block(self, key: str) -> Block | None:
        """Return the mapping under ``key``, or ``None`` when there is none."""
        value = self.get(key)
        return value if isinstance(value, Block) else None

    def inner(self, key: str) -> Block:
        """Return the mapping under ``key``, one without keys when there is none."""
        return self.block(key) or Block(self.source, self.at)

    def blocks(self, key: str) -> list[Block]:
        """Return the mappings in the list under ``key``."""
        return [item for item in self.items_of(key) or () if isinstance(item, Block)]

    def texts(self, key: str) -> Iterator[tuple[str, Place]]:
        """Yield the texts in the list under ``key`` with their places."""
        items = self.items_of(key) or Items(self.source, self.at)
        yield from ((item, items.place(at)) for at, item in enumerate(items) if isinstance(item, str))

    def items_of(self, key: str) -> Items | None:
        """Return the list under ``key``, or ``None`` when there is none."""
        value = self.get(key)
        return value if isinstance(value, Items) else None

    def text(self, key: str, default: str = "") -> str:
        """Return the text under ``key``, or ``default`` when there is none."""
        value = self.get(key)
        return value if isinstance(value, str) else default

    def _place(self, at: At | Place) -> Place:
        return at if isinstance(at, Place) else Place(self.source, at[0], at[1])


class Items(list[object]):
    """A list as written; ``items_at`` holds where each item starts."""

    __slots__ = ("at", "items_at", "source")

    def __init__(self, source: SourceFile, at: At) -> None:
        super().__init__()
        self.source = source
        self.at: At = at
        self.items_at: list[At | Place] = []

    def place(self, index: int | None = None) -> Place:
        """Return where item ``index`` starts, or where the list starts."""
        at = self.at if index is None else self.items_at[index]
        return at if isinstance(at, Place) else Place(self.source, at[0], at[1])


class Refused:
    """Stands where a value was refused, so that the rest of the file can still be looked at."""

    def __repr__(self) -> str:
        return "a refused value"


REFUSED = Refused()


def place_in_text(place: Place, text: str, offset: int) -> Place:
    """Return where character ``offset`` of the scalar ``text``, which starts at ``place``, is written.

    Works for plain, quoted, folded and literal scalars, also over several lines: both texts are walked side
    by side, and what only the source has (quotes, indentation, line breaks, backslashes) is stepped over.
    """
    source = place.source.text
    at = _index(source, place.line) + place.column - 1
    if source[at : at + 1] in ("'", '"'):
        at += 1
    elif source[at : at + 1] in (">", "|"):
        at = source.find("\n", at) + 1
    for character in text[:offset]:
        if character.isspace():
            while at < len(source) and source[at].isspace():
                at += 1
        else:
            at = _next(source, at, character)
    while at < len(source) and source[at].isspace() and text[offset : offset + 1] not in ("", " "):
        at += 1
    line_start = source.rfind("\n", 0, at) + 1
    below = source.count("\n", _index(source, place.line), at)
    return Place(place.source, place.line + below, at - line_start + 1)


def _index(source: str, line: int) -> int:
    return _line_starts(source)[line - 1]


@lru_cache(maxsize=16)
def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _next(source: str, at: int, character: str) -> int:
    found = source.find(character, at)
    return found + 1 if found >= 0 else at
