"""Campaigns from their blocks."""

from __future__ import annotations

from typing import cast

from metricsheet.catalog.assembly.context import BuildContext, iso_day, local_text
from metricsheet.catalog.assembly.entries import Entry, Merged
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.accept import spoiled_keys
from metricsheet.catalog.yaml.tree import Block
from metricsheet.dataset import Campaign, CampaignKind
from metricsheet.language.message import Message


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
    """Return the campaigns of a block that stands outside of definitions; what is wrong is reported."""
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
