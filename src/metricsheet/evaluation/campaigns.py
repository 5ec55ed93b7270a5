"""Campaigns in time: which periods they touch, what rules may ask of them, and what trends leave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Campaign, CampaignKind
from metricsheet.evaluation.periods import before, bounds, length_of, period_of
from metricsheet.language.message import Message
from metricsheet.language.template import of_label
from metricsheet.values import Cell

ValueIn = Callable[[str, str], float | None]
"""Returns the value of a metric in a period, ``None`` where it has none."""


def touching(
    catalog: Catalog, period: str | None, kind: CampaignKind, newest: float | None = None
) -> Campaign | None:
    """Return the newest campaign of ``kind`` that touches ``period``; without periods, the ``newest`` day."""
    if period is None:
        first = last = newest
    else:
        first, last = bounds(period)
    if first is None or last is None:
        return None
    found = [c for c in catalog.campaigns if c.kind == kind and c.start <= last and first <= c.end]
    return found[-1] if found else None


def season_of(catalog: Catalog, period: str) -> Campaign | None:
    """Return the season that touches a month or quarter; years all have their seasons, and are alike."""
    return None if length_of(period) == "year" else touching(catalog, period, "season")


def earlier(catalog: Catalog, period: str) -> str:
    """Return the period before ``period`` that no season touches."""
    found = before(period)
    for _ in range(MOST_IN_SEASON):
        if season_of(catalog, found) is None:
            return found
        found = before(found)
    return before(period)


MOST_IN_SEASON = 24
"""This many periods in a row may be of seasons; more, and there is nothing else to compare with."""


def campaign_facts(
    catalog: Catalog,
    period: str | None,
    newest: float | None,
    given: Mapping[str, str],
    value_in: ValueIn,
) -> dict[str, Cell]:
    """Return what rules may know of campaigns in ``period``.

    Flags that are yes during a campaign, unless they are ``given``; the name of the growth campaign that
    runs, or ended in the period before; and of each metric its value in the period in which it started and,
    up to now, in that in which it ends.
    """
    facts: dict[str, Cell] = {}
    for key, setting in catalog.settings.items():
        running = setting.during and touching(catalog, period, setting.during, newest)
        if running and key not in given:
            facts[key] = True
    growth = touching(catalog, period, "growth", newest)
    if growth is None and period is not None:
        growth = touching(catalog, before(period), "growth")
    if growth is None:
        return facts
    facts["campaign.name"] = growth.label["en"]
    if period is None:
        return facts
    length = length_of(period)
    start, end = period_of(growth.start, length), min(period, period_of(growth.end, length))
    if start < end:
        for key in catalog.metrics:
            values = value_in(key, start), value_in(key, end)
            if values[0] is not None and values[1] is not None:
                facts[f"{key}.campaign_start"], facts[f"{key}.campaign_end"] = values
    return facts


def in_season(season: Campaign) -> Message:
    """Return why a period is not compared with the one before it."""
    return Message("in_season", season=of_label(season.label))
