"""What stands behind a finding, and how it is told: its results, the slices compared, the signs of whys."""

from __future__ import annotations

from dataclasses import replace

from metricsheet.report.finding_lines import SLICES_COMPARED, Evidence, comparison_lines
from metricsheet.report.scorecard import Finding
from metricsheet.rules.engine.trace import Comparison
from tests.report import samples


def finding(*because: Comparison, **more) -> Finding:
    given = {
        "source": samples.SOURCE,
        "rule": "a_rule",
        "stage": "expand",
        "severity": "low",
        "outcome": "fired",
        "slice": {},
        "period": None,
        "text": "Something is so.",
    }
    return Finding(**{**given, "because": because, **more})


def test_results_behind_a_finding():
    card = samples.quarterly()
    evidence = Evidence(card.results)
    high = next(f for f in card.findings if f.rule == "acquisition_outpaces_value")
    behind = evidence.behind(high)
    assert [(r.metric, r.period) for r in behind] == [("clv_cac_ratio", "2024-Q4"), ("cac", "2024-Q4")]
    negative = next(f for f in card.findings if f.rule == "nps_negative")
    assert [r.value for r in evidence.behind(negative)] == [-6.2]
    assert evidence.slices(high) == evidence.slices(negative) == []


def test_words_in_quotation_marks_name_no_metric():
    said = finding(Comparison('company_stage = "nps"', "new", "=", "nps", False))
    results = [samples.result("nps", 1.0, "ok")]
    assert Evidence(results).behind(said) == []


def test_a_finding_about_a_spread_shows_the_slices_of_the_newest_period():
    gap = finding(Comparison("nps.spread > 10", "20", ">", "10", True))
    results = [
        samples.result("nps", value, status, slice_={"Team": team}, period=period)
        for team, value, status, period in (
            ("A", 30.0, "ok", "2024-Q4"),
            ("B", 10.0, "ok", "2024-Q4"),
            ("B", 90.0, "ok", "2024-Q3"),
            ("closed", -50.0, "critical", "2024-Q2"),
            ("small", -80.0, "low_data", "2024-Q4"),
        )
    ]
    assert [r.slice["Team"] for r in Evidence(results).slices(gap)] == ["A", "B"]
    assert Evidence(results).slices(replace(gap, slice={"Team": "A"})) == []
    assert Evidence([]).slices(gap) == []


def test_of_many_slices_the_ends_are_shown():
    gap = finding(Comparison("nps.spread > 10", "20", ">", "10", True))
    results = [samples.result("nps", float(n), "ok", slice_={"Team": str(n)}) for n in range(20)]
    shown = [r.value for r in Evidence(results).slices(gap)]
    assert shown == [19.0, 18.0, 17.0, 2.0, 1.0, 0.0]
    assert len(shown) == SLICES_COMPARED


def test_signs_of_a_finding_that_fired():
    told = comparison_lines(
        finding(
            Comparison("nps < 0", "-6.2", "<", "0", True, "6.2 below 0", -6.2),
            Comparison("ces < 4", "5.1", "<", "4", False, "1.1 above 4", 1.1),
            Comparison("css < 50%", "missing", "<", "50%", None),
            Comparison('cac.trend = "rising"', "rising", "=", "rising", True),
            Comparison("BETWEEN(nps, -10, 0)", "-6.2", "between", "-10 and 0", True, "3.8 above -10", 3.8),
            Comparison("NOT(ISMISSING(nps))", "-6.2", "is not missing", "", True),
            Comparison("unless is_growth_campaign", "no", "=", "yes", False, unless=True),
        ),
        "en",
    )
    assert told == [
        "✓ nps < 0: -6.2 < 0 (6.2 below 0)",
        "– ces < 4: 5.1 < 4 (1.1 above 4)",
        "– css < 50%: missing < 50%",
        '✓ cac.trend = "rising": rising',
        "✓ BETWEEN(nps, -10, 0): -6.2 (3.8 above -10)",
        "✓ NOT(ISMISSING(nps)): -6.2",
        "✓ unless is_growth_campaign: no",
    ]


def test_signs_of_other_outcomes():
    against = Comparison("nps < 0", "6.2", "<", "0", False, "6.2 above 0", 6.2)
    unknown = Comparison("css < 50%", "missing", "<", "50%", None)
    exempt = Comparison("unless is_growth_campaign", "yes", "=", "yes", True, unless=True)
    told = comparison_lines(finding(against, unknown, exempt, outcome="not_fired"), "en")
    assert [line[0] for line in told] == ["✖", "?", "✖"]
    # a kept finding fires although its condition holds no more
    kept = comparison_lines(
        finding(against, reason="still reported: the condition last held in 2024-10"), "en"
    )
    assert kept[0].startswith("✖ ")


def test_one_rule_in_several_slices_is_told_once_with_the_worst_first():
    def low(team: str, margin: float) -> Finding:
        because = Comparison("nps < 0", f"{margin}", "<", "0", True, "below 0", margin)
        return finding(because, slice={"Team": team}, text=f"NPS of {team} is low.", recommend=("Call them",))

    findings = tuple(low(f"T{n:02}", -float(n)) for n in range(1, 15))
    whole = replace(findings[0], slice={}, text="NPS is low.")
    card = replace(samples.plain(), findings=(*findings, whole))
    text = samples.full_text(card, samples.catalog())
    assert text.count("a_rule") == 1
    assert text.count("Call them") == 1
    told = text.split("Findings (1)")[1]
    assert told.index("NPS is low.") < told.index("T14: NPS of T14") < told.index("T13: NPS of T13")
    assert "T04" not in told
    assert "4 more" in told
