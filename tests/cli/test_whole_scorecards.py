"""Rules that look at the scorecard as a whole, from files that hold just enough to make them speak or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metricsheet.cli.main import main
from tests import command_line
from tests.command_line import DEMO, ROOT, SHIPPED


def evaluated(path: Path | str, *options: str) -> dict[str, Any]:
    return command_line.card(str(path), *SHIPPED, *options)


def fired(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f["rule"]: f for f in card["findings"] if f["outcome"] == "fired" and not f["slice"]}


ADVERTISING = {"Month": ["2024-01-01", "2024-02-01"], "Impressions": [1000, 1200], "Ad clicks": [10, 14],
               "Ad cost": [20, 25]}  # fmt: skip
MAILING = {"Emails sent": [100, 120], "Emails delivered": [98, 119], "Opens": [30, 33], "Clicks": [5, 4]}
LEADS = {"Visitors": [300, 310], "Leads": [9, 12]}
LEAD_COST = {"Leads": [9, 12], "Marketing cost": [90, 110]}
UPSELL = {"Upsell revenue": [100, 120], "Total revenue": [1000, 1100]}
WINNING = {"New customers": [2, 3], "Sales cost": [50, 60]}

# what the file holds, rules that must fire, rules that must not
CASES: list[tuple[str, dict[str, list[Any]], set[str], set[str]]] = [
    (
        "advertising alone",
        ADVERTISING,
        {"activity_only_scorecard", "early_stage_scorecard", "capture_outcome_missing"},
        {"expand_outcome_missing"},
    ),
    (
        "advertising and leads",
        {**ADVERTISING, **LEADS},
        {"early_stage_scorecard"},
        {"activity_only_scorecard", "capture_outcome_missing"},
    ),
    (
        "mailing without what came of it",
        {"Month": ADVERTISING["Month"], **MAILING},
        {"activity_only_scorecard", "expand_outcome_missing"},
        {"early_stage_scorecard", "capture_outcome_missing"},
    ),
    (
        "mailing and what came of it",
        {"Month": ADVERTISING["Month"], **MAILING, **UPSELL},
        set(),
        {"activity_only_scorecard", "expand_outcome_missing", "early_stage_scorecard"},
    ),
    (
        "cost of leads without that of customers",
        {"Month": ADVERTISING["Month"], **LEAD_COST},
        {"convert_outcome_missing"},
        set(),
    ),
    (
        "cost of leads and of customers",
        {"Month": ADVERTISING["Month"], **LEAD_COST, **WINNING},
        set(),
        {"convert_outcome_missing"},
    ),
]


@pytest.mark.parametrize(("columns", "wanted", "unwanted"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_a_scorecard_holds(
    tmp_path: Path, columns: dict[str, list[Any]], wanted: set[str], unwanted: set[str]
) -> None:
    path = tmp_path / "figures.csv"
    rows = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = fired(evaluated(path))
    assert wanted <= found.keys()
    assert unwanted.isdisjoint(found)


def test_the_stand_in_is_named_with_its_value(tmp_path: Path) -> None:
    path = tmp_path / "mail.csv"
    path.write_text("Emails delivered,Clicks\n1000,30\n", encoding="utf-8")
    finding = fired(evaluated(path))["expand_outcome_missing"]
    assert "3.0%" in finding["text"]
    assert "activity metric" in finding["text"]


def test_objectives_that_nobody_tracks() -> None:
    """The demo holds satisfaction, retention and upselling; a churn list alone holds only the second."""
    rules = {"satisfaction_not_tracked", "retention_not_tracked", "upsell_not_tracked"}
    assert rules.isdisjoint(fired(evaluated(DEMO)))


def test_objectives_of_a_list_of_customers(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    rows = [f"C{n},{'Yes' if n % 4 == 0 else 'No'},{10 + n % 7}" for n in range(200)]
    path.write_text("\n".join(["Customer ID,Churned,Monthly price", *rows]), encoding="utf-8")
    found = fired(evaluated(path))
    assert {"satisfaction_not_tracked", "upsell_not_tracked"} <= found.keys()
    assert "retention_not_tracked" not in found
    assert "81%" in found["satisfaction_not_tracked"]["text"]


def test_the_gap_between_touch_points() -> None:
    card = evaluated(DEMO, "--by", "Touchpoint")
    finding = fired(card)["touchpoint_satisfaction_gap"]
    scores = {r["slice"].get("Touchpoint"): r["value"] for r in card["results"] if r["metric"] == "css"}
    del scores[None]
    highest, lowest = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    assert (highest, lowest) == ("Product", "Checkout")
    assert finding["text"].startswith(f"Satisfaction is {scores[highest]:.1%} for Product but only")
    (gap,) = [one for one in finding["because"] if one["text"].startswith("css.spread >=")]
    tested = {one["fact"]: one for one in finding["evidence"]}["css.spread_is_real"]
    assert tested["real"]
    assert tested["low"] > 0
    assert tested["difference"] == pytest.approx(scores["Product"] - scores["Checkout"])
    assert gap["left"].replace("\u00a0", " ") == f"{100 * (scores[highest] - scores[lowest]):.1f} pp"
    assert finding["recommend"][0].startswith("Walk through Checkout")
    whole = evaluated(DEMO)["findings"]
    (unknown,) = [f for f in whole if f["rule"] == "touchpoint_satisfaction_gap"]
    assert (unknown["outcome"], unknown["missing"]) == (
        "not_evaluated",
        ["css.sliced_by", "css.spread", "css.spread_is_real"],
    )


def test_a_growth_campaign_is_judged_against_its_start() -> None:
    campaign = ("--set", "is_growth_campaign=yes")
    # rising cost is what a campaign brings: nobody is alarmed by it
    whole = evaluated(DEMO, *campaign, "--period", "quarter")["findings"]
    outcomes = {f["rule"]: f["outcome"] for f in whole if not f["slice"]}
    silent = ("cac_rising", "acquisition_outpaces_value", "clv_cac_below_target")
    assert {outcomes[rule] for rule in silent} == {"suppressed"}
    # what it was at the start takes the campaign's dates
    assert outcomes["growth_campaign_not_compared"] == "fired"
    assert outcomes["growth_campaign_compared"] == "not_evaluated"
    alone = fired(evaluated(DEMO, *campaign))
    assert "growth_campaign_compared" not in alone
    assert "campaigns:" in alone["growth_campaign_not_compared"]["recommend"][0]
    assert "--period quarter" in alone["growth_campaign_not_compared"]["recommend"][1]


SCORES = {
    # promoters, passives, detractors of a survey, status, statuses the interval touches
    "clearly positive": (60, 20, 20, "ok", []),
    "just positive": (42, 18, 40, "ok", ["ok", "critical"]),
    "clearly negative": (20, 20, 60, "critical", []),
    "just negative": (40, 18, 42, "critical", ["critical", "ok"]),
    "few answers": (12, 5, 2, "low_data", []),
}


@pytest.mark.parametrize("kind", list(SCORES))
def test_small_samples_and_unsure_verdicts_show_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    promoters, passives, detractors, status, candidates = SCORES[kind]
    path = tmp_path / "survey.csv"
    scores = ["10"] * promoters + ["7"] * passives + ["3"] * detractors
    path.write_text("\n".join(["Recommendation score", *scores]), encoding="utf-8")
    card = evaluated(path)
    (nps,) = [r for r in card["results"] if r["metric"] == "nps"]
    assert (nps["status"], nps["candidates"], nps["uncertain"]) == (status, candidates, bool(candidates))
    low, high = nps["interval"]
    assert low < nps["value"] < high
    outcomes = {f["rule"]: f["outcome"] for f in card["findings"]}
    assert outcomes["negative_nps"] == ("fired" if status == "critical" else "not_fired")
    unsure = status == "ok" and bool(candidates)
    assert outcomes["nps_could_be_negative"] == ("fired" if unsure else "not_fired")
    command = ["evaluate", str(path), "--metrics", str(ROOT / "metrics.yaml"), "--only", "nps"]
    assert main([*command, "--show", "all"]) == 0
    text = capsys.readouterr().out
    word = {"ok": "ok", "critical": "critical", "low_data": "few data"}[status]
    assert (f"{word}?" in text) is bool(candidates)
    assert word in text
    assert ("the interval also reaches" in text) is bool(candidates)
    assert main([*command, "--format", "csv"]) == 0
    header, row = (line.split(",") for line in capsys.readouterr().out.lstrip("\ufeff").split("\r\n")[:2])
    shown = dict(zip(header, row, strict=False))
    assert (shown["status"], shown["uncertain"]) == (status, str(bool(candidates)).upper())
    assert shown["candidates"] == " ".join(candidates)
