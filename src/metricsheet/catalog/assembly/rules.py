"""Rules from their blocks: shape and places; what the conditions say is read by ``metricsheet.rules``."""

from __future__ import annotations

import re
from typing import Any, cast

from metricsheet.catalog.assembly.context import BuildContext, local_text
from metricsheet.catalog.assembly.entries import Entry
from metricsheet.catalog.definitions import ConditionText, Recommendation, RuleDefinition, RuleTest
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.yaml.tree import Block, Items
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message
from metricsheet.source import Place

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
"""How an item of ``recommend`` looks that can only be the name of an advice."""


def build_rules(building: BuildContext) -> dict[str, RuleDefinition]:
    """Return every rule that says when it holds; with what is broken in it left out.

    A broken rule is there to be checked further: definitions with a problem are never used.
    """
    return {
        key: _rule(building, entry)
        for key, entry in building.merged.rules.items()
        if not entry.broken or {"when", "finding"} <= entry.block.keys()
    }


def names_said(rule: RuleDefinition) -> set[str]:
    """Return every word in the conditions, texts and tests of ``rule`` that could be a key."""
    conditions = [*rule.when, *rule.unless]
    texts = [part.text for one in conditions for part in (one, *one.any_of)]
    texts += [*rule.finding.values(), *(text for one in rule.recommend for text in one.text.values())]
    texts += [name for test in rule.tests for name in test.given]
    return {word for text in texts for word in re.findall(r"[a-z][a-z0-9_]*", text)}


def _rule(building: BuildContext, entry: Entry) -> RuleDefinition:
    block = entry.block
    replaces = block.items_of("replaces")
    finding = block["finding"]
    return RuleDefinition(
        key=entry.key,
        stage=cast(Any, entry.stage),
        severity=cast(Any, block.text("severity", "info")),
        when=_conditions(block, "when"),
        finding=local_text(finding),
        for_periods=cast(int, block.get("for", 1)),
        keep=cast(int, block.get("keep", 0)),
        unless=_conditions(block, "unless"),
        replaces=tuple(str(key) for key in replaces or ()),
        recommend=_recommendations(building, block.items_of("recommend")),
        scope=cast(Any, block.text("scope", "slice")),
        source=block.text("source"),
        tests=_tests(block.items_of("tests")),
        place=entry.place,
        replaces_places=tuple(replaces.place(index) for index in range(len(replaces))) if replaces else (),
        finding_places=_text_places(finding, block.place("finding")),
        key_places=Frozen({key: block.key_place(key) for key in block}),
        broken=entry.broken,
    )


def _text_places(text: object, place: Place) -> Frozen[str, Place]:
    """Return where a text is written, by language."""
    if isinstance(text, Block):
        return Frozen({language: text.place(language) for language in text})
    return Frozen({"en": place})


def _conditions(block: Block, key: str) -> tuple[ConditionText, ...]:
    value = block.get(key)
    if value is None:
        return ()
    if isinstance(value, Items):
        return tuple(_condition(item, value.place(index)) for index, item in enumerate(value))
    return (_condition(value, block.place(key)),)


def _condition(value: object, place: Place) -> ConditionText:
    if isinstance(value, Block):
        alternatives = value.items_of("any") or Items(value.source, value.at)
        parts = tuple(_condition(item, alternatives.place(index)) for index, item in enumerate(alternatives))
        return ConditionText("", parts, place)
    return ConditionText(str(value), (), place)


def _recommendations(building: BuildContext, items: Items | None) -> tuple[Recommendation, ...]:
    """Return what to do, in the order written where no priority says otherwise."""
    found: list[Recommendation] = []
    if items is None:
        return ()
    known = building.merged.advice
    for number, item in enumerate(items, 1):
        text, place, priority, name = item, items.place(number - 1), number, ""
        if isinstance(item, Block) and "do" in item:
            text, place, priority = item["do"], item.place("do"), cast(int, item.get("priority", number))
        if isinstance(text, str) and (text in known or _NAME.fullmatch(text)):
            if text not in known:
                hint = did_you_mean(text, known) or Message("name_or_text")
                building.problems.error(Message("unknown_advice", found=text), place, hint)
            if text not in known or known[text].broken:
                continue
            name, advice = text, known[text].block
            text, place = advice["do"], advice.place("do")
        found.append(Recommendation(local_text(text), priority, _text_places(text, place), name))
    return tuple(sorted(found, key=lambda one: one.priority))


def _tests(items: Items | None) -> tuple[RuleTest, ...]:
    found: list[RuleTest] = []
    for index, item in enumerate(items or ()):
        test = cast(Block, item)
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in cast(Block, test["given"]).items()
        }
        place = items.place(index) if items is not None else None
        found.append(RuleTest(test.text("name"), Frozen(given), test.text("expect"), place))
    return tuple(found)
