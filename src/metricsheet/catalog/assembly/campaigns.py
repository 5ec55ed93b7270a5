"""Campaigns from their blocks."""

from __future__ import annotations

from typing import cast

from metricsheet.catalog.assembly.context import BuildContext, iso_day, local_text
from metricsheet.catalog.assembly.entries import Entry
from metricsheet.catalog.definitions import Campaign, CampaignKind
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
