"""Slicing by a header that only some tables have, and findings that do not depend on what else is asked."""

from __future__ import annotations

from typing import Any

from tests.command_line import DEMO, SHIPPED, card


def evaluated(*options: str, code: int = 0) -> dict[str, Any]:
    return card(DEMO, *SHIPPED, *options, code=code)


def test_a_table_without_the_header_is_shown_as_a_whole() -> None:
    whole, sliced = evaluated(), evaluated("--by", "Touchpoint")
    values = {r["metric"]: r["value"] for r in whole["results"]}
    assert {r["metric"]: r["value"] for r in sliced["results"] if not r["slice"]} == values
    cut = {r["metric"] for r in sliced["results"] if r["slice"]}
    assert {"nps", "css", "ces"} <= cut
    assert cut.isdisjoint({"churn_rate", "mrr", "cac", "clv_cac_ratio"})
    (problem,) = sliced["problems"]
    assert problem["code"] == "cannot_slice"
    assert "Customers" in problem["message"]
    assert "Survey" not in problem["message"]


def test_findings_about_the_whole_stay_when_some_tables_are_sliced() -> None:
    def about_the_whole(card: dict[str, Any]) -> dict[str, str]:
        return {f["rule"]: f["outcome"] for f in card["findings"] if not f["slice"]}

    before, after = about_the_whole(evaluated()), about_the_whole(evaluated("--by", "Touchpoint"))
    changed = {rule for rule in before if before[rule] != after[rule]}
    # these compare segments, and now there are some
    assert {rule: after[rule] for rule in changed} == {
        "touchpoint_satisfaction_gap": "fired",
        "ease_gap": "fired",
        "satisfaction_below_rest": "suppressed",
        "loyalty_below_rest": "not_fired",
    }


def test_a_header_that_no_table_has_comes_with_a_hint() -> None:
    (problem,) = evaluated("--by", "Touchpont", code=2)["problems"]
    assert problem["hint"] == "did you mean 'touchpoint'?"
    (problem,) = evaluated("--by", "Shoe size", code=2)["problems"]
    assert problem["hint"].startswith("--by takes one of ")


def test_findings_about_one_metric_do_not_depend_on_what_else_is_shown() -> None:
    """``--only`` hides metrics, but must not make them missing for the rules."""
    everything = evaluated("--period", "quarter")
    judged = {(f["rule"], f["period"]): f["outcome"] for f in everything["findings"]}
    told: dict[str, set[str]] = {}
    for metric in ("click_rate", "cac", "clv_cac_ratio", "churn_rate_mean", "mrr", "nps"):
        alone = evaluated("--period", "quarter", "--only", metric)
        assert {r["metric"] for r in alone["results"]} == {metric}
        for finding in alone["findings"]:
            assert finding["outcome"] == judged[finding["rule"], finding["period"]]
            assert any(metric in c["text"] for c in finding["because"])
            told.setdefault(metric, set()).add(finding["rule"])
    # upsell revenue is in the workbook: nothing stands in for it
    assert "expand_outcome_missing" in told["click_rate"]
    assert judged["expand_outcome_missing", "2024-Q4"] == "not_fired"
    # a rule is silenced also by one about other metrics
    assert "cac_rising" in told["cac"]
    assert judged["cac_rising", "2024-Q4"] == "suppressed"
    assert "activity_only_scorecard" not in set().union(*told.values())
