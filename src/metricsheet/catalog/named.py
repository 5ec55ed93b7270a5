"""Metrics, inputs and rules by the names that people give them: keys in any case, labels in any language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from metricsheet.catalog.definitions import InputDefinition, MetricDefinition, RuleDefinition
from metricsheet.catalog.table_kinds import TableKind
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message, one_of
from metricsheet.patterns import late
from metricsheet.values.folding import words

Definition: TypeAlias = MetricDefinition | InputDefinition | RuleDefinition | TableKind
Named: TypeAlias = Mapping[str, MetricDefinition | InputDefinition | RuleDefinition | TableKind]

_BRACKETS = late(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_ABBREVIATION = late(r"[A-Z]{2,}")
_KEY, _LABEL, _BARE, _SHORT, _START = range(5)


def find_key(asked: str, groups: Iterable[Named], refusal: str) -> str:
    """Return the key of the one definition that ``asked`` names.

    A key as written wins, in whichever of ``groups`` it is. After that each group is searched by itself: for
    a key in any case, a label or further name in any language, a label without its brackets, an abbreviation
    in them (``NPS``), and at last a key or label that starts with these words (``CLV:CAC``). ``refusal`` is
    the key of the message that nothing is called so. Raises ``UsageError`` where nothing or more than one
    thing has the name.
    """
    groups = list(groups)
    if any(asked in group for group in groups):
        return asked
    wanted = words(asked)
    for group in groups:
        best: dict[int, list[str]] = {}
        for key, one in group.items():
            level = min((level for level, name in _names(key, one) if _fits(level, wanted, name)), default=-1)
            best.setdefault(level, []).append(key)
        best.pop(-1, None)
        if best:
            found = best[min(best)]
            if len(found) > 1:
                raise UsageError(Message("may_be", name=asked, found=one_of(found)), Message("write_one_key"))
            return found[0]
    known = [name for group in groups for key, one in group.items() for name in (key, *_labels(one)[:1])]
    raise UsageError(Message(refusal, name=asked), did_you_mean(asked, known))


def find_keys(asked: Iterable[str], groups: Iterable[Named], refusal: str) -> tuple[str, ...]:
    """Return the key of each name in ``asked``, each once; an item may hold several, separated by commas.

    A label with a comma in it is taken as a whole first. Raises ``UsageError`` like ``find_key``.
    """
    groups = list(groups)
    found: dict[str, None] = {}
    for item in asked:
        try:
            found[find_key(item, groups, refusal)] = None
        except UsageError:
            parts = [part for part in item.split(",") if part.strip()]
            if len(parts) < 2:
                raise
            found.update(dict.fromkeys(find_key(part.strip(), groups, refusal) for part in parts))
    return tuple(found)


def _labels(one: Definition) -> tuple[str, ...]:
    return () if isinstance(one, (RuleDefinition, TableKind)) else tuple(one.label.values())


def _names(key: str, one: Definition) -> Iterator[tuple[int, list[str]]]:
    """Yield what a definition is called, each with its level: the lowest level that fits decides."""
    yield _KEY, words(key)
    yield _START, words(key)
    further = one.also if isinstance(one, InputDefinition) else ()
    for text in dict.fromkeys((*_labels(one), *further)):
        name = words(text)
        yield _LABEL, name
        yield _START, name
        if _BRACKETS.search(text):
            yield _BARE, words(_BRACKETS.sub(" ", text))
            yield from ((_SHORT, words(it)) for it in _BRACKETS.findall(text) if _ABBREVIATION.fullmatch(it))


def _fits(level: int, wanted: list[str], name: list[str]) -> bool:
    if level == _START:
        return bool(wanted) and name[: len(wanted)] == wanted
    return bool(wanted) and "".join(wanted) == "".join(name)
