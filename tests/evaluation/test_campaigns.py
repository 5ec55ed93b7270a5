"""Campaigns: what rules know of them, which rules are silent, and what trends leave out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas
import pytest

from metricsheet import Scorecard, evaluate
from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Campaign
from metricsheet.evaluation.campaigns import earlier, season_of, touching
from metricsheet.records import replace
from metricsheet.values.dates import to_serial
from tests.rules.chance import shipped

# CLV:CAC by month: 3.0, 3.0, 2.4, 2.2, 2.5, 2.7
MONTHS = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01"]
CAC = [400.0, 400, 500, 545, 480, 444]


def day(iso: str) -> float:
    return to_serial(pandas.Timestamp(iso).to_pydatetime())


def campaign(start: str, end: str, kind: str = "growth", key: str = "spring") -> Campaign:
    return Campaign(key, {"en": key.title()}, kind, day(start), day(end))  # type: ignore[arg-type]


def catalog(*campaigns: Campaign) -> Catalog:
    return replace(shipped()[0], campaigns=tuple(sorted(campaigns, key=lambda c: c.start)))


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    @cache
    def write(*lines: str) -> Path:
        path = tmp_path_factory.mktemp("campaigns") / "metrics.yaml"
        said = "".join(f"  {line}\n" for line in lines)
        path.write_text(f"version: 1\nextends: builtin\ncampaigns:\n{said}", encoding="utf-8")
        return path

    return write


SPRING = "spring: {label: Spring push, start: 2024-03-05, end: 2024-05-20, kind: growth}"
COSTS = pandas.DataFrame(
    {
        "Month": pandas.to_datetime(MONTHS),
        "CLV": [1200.0] * 6,
        "Marketing cost": [cost * 50 for cost in CAC],
        "Sales cost": [cost * 50 for cost in CAC],
        "New customers": [100] * 6,
    }
)


def told(card: Scorecard, rule: str) -> Any:
    (found,) = [f for f in card.findings if f.rule == rule and not f.slice]
    return found


def until(path: Path, last: int, **more: Any) -> Scorecard:
    return evaluate(COSTS.iloc[:last], metrics=path, period=more.pop("period", "month"), **more)


# months of data, and what CLV:CAC was at the start and is at the end; None where no campaign is near
COMPARED = [
    (2, None),
    (3, None),
    (4, ("2.4:1", "2.2:1")),
    (5, ("2.4:1", "2.5:1")),
    (6, ("2.4:1", "2.5:1")),
]


@pytest.mark.parametrize(("last", "ends"), COMPARED)
def test_the_start_of_a_campaign_against_its_end(
    definitions: Any, last: int, ends: tuple[str, str] | None
) -> None:
    found = told(until(definitions(SPRING), last), "growth_campaign_compared")
    assert (found.outcome == "fired") == (ends is not None)
    if ends is not None:
        assert found.text.startswith(
            f"Growth campaign Spring push: CLV:CAC went from {ends[0]} at its start to {ends[1]}."
        )


@pytest.mark.parametrize(("last", "silent"), [(2, False), (3, True), (4, True), (5, True), (6, False)])
def test_rules_on_cac_are_silent_meanwhile_and_say_so(definitions: Any, last: int, silent: bool) -> None:
    found = told(until(definitions(SPRING), last), "clv_cac_below_target")
    if last > 2:
        assert found.outcome == ("suppressed" if silent else "fired")
    assert (found.reason.endswith("growth campaign Spring push")) == silent


def test_settings_said_by_somebody_stand(definitions: Any) -> None:
    card = until(definitions(SPRING), 4, settings={"is_growth_campaign": "no"})
    assert told(card, "clv_cac_below_target").outcome == "fired"


def test_without_periods_the_newest_day_counts(definitions: Any) -> None:
    path = definitions(SPRING)
    for last, outcome in ((4, "suppressed"), (6, "fired")):
        card = evaluate(COSTS.iloc[last - 1 : last], metrics=path)
        assert told(card, "clv_cac_below_target").outcome == outcome


def test_a_campaign_within_one_period_has_no_start_to_compare(definitions: Any) -> None:
    path = definitions("spring: {label: Spring push, start: 2024-04-05, end: 2024-04-20, kind: growth}")
    card = until(path, 4)
    assert told(card, "growth_campaign_compared").outcome == "not_evaluated"
    assert told(card, "growth_campaign_not_compared").outcome == "fired"


MRR = [100.0, 101, 102, 150, 103, 104]
CHRISTMAS = "christmas: {label: Christmas, start: 2024-04-10, end: 2024-04-20, kind: season}"


def leads(path: Path | None) -> dict[str, Any]:
    frame = pandas.DataFrame({"Month": pandas.to_datetime(MONTHS), "Leads": MRR})
    card = evaluate(frame, metrics=path or "builtin", period="month", only="new_leads")
    return {result.period or "": result for result in card.results}


def test_a_season_is_compared_with_nothing(definitions: Any) -> None:
    with_season, without = leads(definitions(CHRISTMAS)), leads(None)
    assert without["2024-05"].trend.direction == "falling"
    assert with_season["2024-04"].trend is None
    assert "in the season Christmas: compared with no other period" in with_season["2024-04"].notes
    after = with_season["2024-05"].trend
    assert (after.previous_period, after.previous, after.change) == ("2024-03", 102, 1)
    assert "2024-04" not in dict(after.series)
    # sums of what happened leave nothing out
    assert with_season["2024-06"].past == without["2024-06"].past


def test_years_are_compared_as_ever() -> None:
    seasonal = catalog(campaign("2023-12-01", "2023-12-31", "season"))
    assert season_of(seasonal, "2023") is None
    assert season_of(seasonal, "2023-Q4") is not None
    assert earlier(seasonal, "2024") == "2023"
    assert earlier(seasonal, "2024-Q1") == "2023-Q3"
    assert earlier(seasonal, "2024-01") == "2023-11"


def test_a_season_that_never_ends_leaves_the_period_before() -> None:
    endless = catalog(campaign("2000-01-01", "2100-12-31", "season"))
    assert earlier(endless, "2024-03") == "2024-02"


def test_of_two_campaigns_in_a_period_the_newer_counts() -> None:
    two = catalog(campaign("2024-03-01", "2024-03-10"), campaign("2024-03-20", "2024-04-10", key="summer"))
    found = touching(two, "2024-03", "growth")
    assert found is not None
    assert found.key == "summer"
    assert touching(two, "2024-03", "season") is None
    assert touching(two, None, "growth") is None
    inside = touching(two, None, "growth", day("2024-03-05"))
    assert inside is not None
    assert inside.key == "spring"
