"""Settings, campaigns and inputs from their blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from metricsheet.catalog.assembly.context import RESERVED, BuildContext, iso_day, local_text, optional_text
from metricsheet.catalog.assembly.entries import Entry, Merged
from metricsheet.catalog.definitions import InputDefinition, Scale, Setting
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.accept import spoiled_keys
from metricsheet.catalog.yaml.tree import Block
from metricsheet.dataset import Campaign, CampaignKind
from metricsheet.errors import did_you_mean
from metricsheet.formula.plan import NameInfo, NameType
from metricsheet.language.message import Message
from metricsheet.values.folding import fold

FLAG_WORDS = ("yes", "no")
FLAG_MEANINGS = (*FLAG_WORDS, "blank")

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_PLAIN_NUMBER = re.compile(_NUMBER, re.ASCII)
_SCALE = re.compile(rf"\s*({_NUMBER})\s*\.\.\.?\s*({_NUMBER})\s*", re.ASCII)
_OTHER_SCALE = re.compile(rf"\s*({_NUMBER})\s*(?:-|–|—|:|to|,)\s*({_NUMBER})\s*", re.ASCII)


def build_settings(building: BuildContext) -> None:
    """Fill ``building.settings`` and make them parameters of formulas."""
    for key, entry in building.merged.settings.items():
        setting = None if entry.broken else _setting(building, entry)
        name_type: NameType = "any"
        if setting is not None:
            building.settings[key] = setting
            name_type = "flag" if setting.one_of == FLAG_WORDS else "text"
        _name(building, entry, NameInfo("parameter", name_type))


def build_inputs(building: BuildContext) -> None:
    """Fill ``building.inputs`` and make them names of formulas."""
    for key, entry in building.merged.inputs.items():
        info = NameInfo("input", "any")
        if not entry.broken:
            definition = _input(building, entry)
            building.inputs[key] = definition
            info = NameInfo("input", definition.type, definition.unit)
        _name(building, entry, info)


def _name(building: BuildContext, entry: Entry, info: NameInfo) -> None:
    if entry.key in RESERVED:
        message = Message("name_taken.reserved", name=entry.key)
        building.problems.error(message, entry.place, Message("call_it_value", name=entry.key))
    elif entry.key in building.names:
        report_twice(building, entry, building.merged.settings[entry.key])
    else:
        building.names[entry.key] = info


def report_twice(building: BuildContext, entry: Entry, earlier: Entry) -> None:
    """Report that two kinds of definition share a key, so that a formula could mean either."""
    building.problems.error(
        Message("name_taken.known", name=entry.key),
        entry.place,
        Message("one_set_of_names"),
        ((earlier.place, Message("first_defined")),),
    )


def _setting(building: BuildContext, entry: Entry) -> Setting | None:
    block, problems = entry.block, building.problems
    words = block.items_of("one_of")
    if ("type" in block) == (words is not None):
        found = "both" if words is not None else "neither"
        message = Message("bad_setting.one_of_or_flag", setting=entry.key, found=found)
        problems.error(message, entry.place)
        return None
    one_of = tuple(str(word) for word in words) if words is not None else FLAG_WORDS
    if len(set(one_of)) < len(one_of):
        problems.error(Message("bad_setting.word_twice"), block.place("one_of"))
    default = setting_value(block["default"]) if "default" in block else None
    if default is not None and default not in one_of:
        message = Message("unknown_setting_value", choices=tuple(one_of), found=default)
        problems.error(message, block.place("default"), did_you_mean(default, one_of))
        default = None
    during = cast("CampaignKind | None", block.get("during"))
    if during is not None and one_of != FLAG_WORDS:
        message = Message("bad_setting.during", setting=entry.key)
        problems.error(message, block.key_place("during"))
        during = None
    return Setting(entry.key, local_text(block["label"]), one_of, default, during, entry.place)


def setting_value(value: object) -> str:
    """Return a setting's value as text; true and false are the words of a flag."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _input(building: BuildContext, entry: Entry) -> InputDefinition:
    block = entry.block
    kind = block.text("type", "number")
    for key in ("scale", "words", "whole", "groups", "either_way", "sign", "derived"):
        if key in block and kind != "number":
            message = Message("needs_numbers", key=key, type=kind)
            building.problems.error(message, block.key_place(key))
    for key in ("whole", "groups", "either_way"):
        if block.get(key) and "scale" not in block:
            message = Message("needs_scale", key=key)
            building.problems.error(message, block.key_place(key), Message("write_scale_0_10"))
    scale = _scale(building, block) if "scale" in block else None
    groups = _groups(building, block, scale)
    also, either_way = block.items_of("also"), block.items_of("either_way")
    return InputDefinition(
        key=entry.key,
        label=local_text(block["label"]),
        also=tuple(dict.fromkeys(str(header) for header in also)) if also is not None else (),
        type=cast(Any, kind),
        unit=cast(Any, block.get("unit")),
        scale=scale,
        over_time=cast(Any, block.text("over_time", "sum")),
        additive=block.get("additive") is not False,
        outside=cast(Any, block.text("outside", "refuse")),
        words=cast(Any, block.get("words")),
        sign=cast(Any, block.get("sign")),
        groups=groups,
        either_way=tuple(dict.fromkeys(str(header) for header in either_way or ())),
        means=_means(building, block, kind),
        description=optional_text(block, "description"),
        place=entry.place,
    )


def _groups(building: BuildContext, block: Block, scale: Scale | None) -> dict[str, float]:
    """Return the number of each group of answers; a number off the scale is a problem."""
    groups = block.inner("groups")
    found: dict[str, float] = {}
    for word, number in groups.items():
        found[word] = float(number)  # type: ignore[arg-type]  # the shape says that it is a number
        if scale is not None and not scale.contains(found[word]):
            message = Message("group_off_scale", group=word, number=found[word], scale=str(scale))
            building.problems.error(message, groups.place(word))
    return found


def _means(building: BuildContext, block: Block, kind: str) -> Mapping[str, str]:
    """Return what each word of the lists named under ``means`` stands for in the cells of the input."""
    given, lists, problems = block.inner("means"), building.merged.words, building.problems
    found: dict[str, str] = {}
    if "means" in block and kind == "date":
        problems.error(Message("means.date"), block.key_place("means"))
    for name in given:
        meaning = given.text(name)
        if name not in lists:
            hint = did_you_mean(name, lists)
            problems.error(Message("unknown_words", found=name), given.key_place(name), hint)
        if kind == "flag" and meaning not in FLAG_MEANINGS:
            problems.error(Message("means.flag", choices=FLAG_MEANINGS, found=meaning), given.place(name))
        elif kind == "number" and _PLAIN_NUMBER.fullmatch(meaning) is None:
            problems.error(Message("means.number", found=meaning), given.place(name))
            continue
        found.update((fold(word), meaning) for word in lists.get(name, ()))
    return Frozen(found)


def _scale(building: BuildContext, block: Block) -> Scale | None:
    text = block.text("scale")
    match = _SCALE.fullmatch(text)
    if match is None:
        meant = _OTHER_SCALE.fullmatch(text)
        hint = (
            Message("write_scale", low=meant.group(1), high=meant.group(2))
            if meant
            else Message("lowest_and_highest")
        )
        message = Message("bad_scale", found=text)
        building.problems.error(message, block.place("scale"), hint)
        return None
    low, high = float(match.group(1)), float(match.group(2))
    if low >= high:
        message = Message("bad_scale.order", found=text)
        building.problems.error(
            message, block.place("scale"), Message("write_scale_numbers", low=high, high=low)
        )
        return None
    return Scale(low, high, block.get("whole") is True)


def build_campaigns(building: BuildContext) -> tuple[Campaign, ...]:
    """Return the campaigns, first to begin first.

    Two growth campaigns at the same time are refused: nobody could say what the start of both is.
    """
    found: list[Campaign] = []
    for entry in building.merged.campaigns.values():
        campaign = None if entry.broken else _campaign(building, entry)
        if campaign is None:
            continue
        for other in found:
            both = campaign.kind == other.kind == "growth"
            if both and campaign.start <= other.end and other.start <= campaign.end and other.place:
                message = Message("campaigns_overlap", campaign=campaign.key, other=other.key)
                related = ((other.place, Message("first_defined")),)
                building.problems.error(message, entry.place, Message("one_growth_campaign"), related)
        found.append(campaign)
    return tuple(sorted(found, key=lambda campaign: campaign.start))


def campaigns_beside(block: Block, problems: Problems) -> tuple[Campaign, ...]:
    """Return the campaigns of a block that is outside of definitions; what is wrong is reported."""
    merged = Merged()
    for key, one in block.items():
        if spoiled_keys("metrics", "campaign", block, key, problems) is None and isinstance(one, Block):
            if "override" in one:
                problems.error(Message("unknown_key.mapping", found="override"), one.key_place("override"))
            else:
                merged.campaigns[key] = Entry(key, one, block.key_place(key))
    return build_campaigns(BuildContext(merged, problems))


def _campaign(building: BuildContext, entry: Entry) -> Campaign | None:
    block = entry.block
    dates = [building.date(block, key) for key in ("start", "end")]
    if None in dates:
        return None
    start, end = (iso_day(str(date)) or 0.0 for date in dates)
    if end < start:
        message = Message("ends_before_start", campaign=entry.key, start=str(dates[0]), end=str(dates[1]))
        building.problems.error(message, block.place("end"))
        return None
    kind = cast("CampaignKind", block["kind"])
    return Campaign(entry.key, local_text(block["label"]), kind, start, end, entry.place)
