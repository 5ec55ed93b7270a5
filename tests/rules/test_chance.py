"""Change or noise: what the shipped rules say of worlds that were drawn, and of worlds written down."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from metricsheet import evaluate
from metricsheet.evaluation.intervals import Terms
from metricsheet.evaluation.noise import MOST_SLICES, WORST_LISTED, with_evidence
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.results import with_trends
from tests.rules import chance
from tests.rules.chance import ROOT, how_often, months, result, said
from tests.stages import some

DEMO = ROOT / "examples" / "acme_lifecycle.xlsx"
TRIALS = 120
# three standard errors above 5 % of so many draws
MOST = 0.05 + 3 * (0.05 * 0.95 / TRIALS) ** 0.5

# rule, draws without any true difference; by the rules' marks alone it fires in 45 to 99 % of most of them
NOTHING = [
    ("churn_concentrated", chance.segments("churn_rate_mean", 5, 100, 0.05)),
    ("churn_concentrated", chance.segments("churn_rate_mean", 10, 100, 0.05)),
    ("touchpoint_satisfaction_gap", chance.segments("css", 8, 40, 0.75, "Touch point")),
    ("loyalty_falls", chance.answers_by_month("nps", 6, 50, chance.SCORES)),
    ("fewer_deals_won", chance.people_by_month("win_rate", 6, 60, 0.35)),
    ("cac_rising", chance.figures_by_month("cac", 12, 0.03)),
    ("mrr_swings", chance.figures_by_month("mrr", 16, 0.1)),
    ("mrr_leaks", chance.figures_by_month("mrr", 24, 0.1)),
    ("mrr_keeps_falling", chance.figures_by_month("mrr", 16, 0.1)),
]


@pytest.mark.parametrize(("rule", "draw"), some(NOTHING, test=3))
def test_nothing_differs_and_hardly_a_rule_fires(rule: str, draw: chance.Draw) -> None:
    assert how_often(rule, draw, TRIALS) <= MOST


def test_a_segment_that_loses_twice_as_many_is_found() -> None:
    draw = chance.segments("churn_rate_mean", 5, 1_000, 0.05, first=0.1)
    assert how_often("churn_concentrated", draw, 40) >= 0.95


def test_a_cost_far_beyond_its_history_is_found() -> None:
    assert how_often("cac_rising", chance.figures_by_month("cac", 24, 0.03, last=1.3), 40) >= 0.9


def figures(metric: str, values: list[float]) -> list[Result]:
    return [result(metric, value, period) for value, period in zip(values, months(len(values)), strict=True)]


# the unrest of ten months, then one more; what the rule says, by which method
LEVEL = [100.0, 102, 99, 101, 100, 103, 99, 100, 102, 100]
COSTS = [
    ("a jump beyond the history", [*LEVEL, 120.0], "fired", "history", False),
    ("as it always moves", [*LEVEL, 102.5], "not_fired", "history", False),
    ("a jump, and too few periods to know", [100.0, 120.0], "not_fired", "zone", True),
    ("twice, and too few periods to know", [100.0, 110.0, 120.0], "fired", "zone", True),
    ("it never moved before", [*[100.0] * 10, 105.0], "fired", "history", False),
    ("up by the same each month", [100.0 + 3 * at for at in range(12)], "fired", "history", False),
]


@pytest.mark.parametrize(("case", "values", "outcome", "method", "short"), COSTS)
def test_costs_against_their_history(
    case: str, values: list[float], outcome: str, method: str, short: bool
) -> None:
    found = said("cac_rising", figures("cac", values))
    assert found.outcome == outcome, case
    assert found.evidence["cac.run_is_real"].method == method
    assert [m.code for m in found.remarks] == (["too_few_periods"] if short and outcome == "fired" else [])


SLOWLY = [100_000 * 0.991**at for at in range(25)]
MRR = [
    ("mrr_swings", [*LEVEL, 112.0], "fired"),
    ("mrr_swings", [*LEVEL, 103.0], "not_fired"),
    ("mrr_swings", [100.0, 109.0], "not_fired"),
    ("mrr_swings", [100.0, 111.0], "fired"),
    (
        "mrr_swings",
        [100.0 + 3 * at for at in range(12)],
        "not_fired",
    ),  # growth by the same is its usual change
    ("mrr_leaks", SLOWLY, "fired"),
    ("mrr_leaks", [value * (1.005 if at % 2 else 0.995) for at, value in enumerate(SLOWLY)], "fired"),
    ("mrr_leaks", [100_000.0 + 6_000 * (-1) ** at for at in range(25)], "not_fired"),
    ("mrr_keeps_falling", SLOWLY[:7], "fired"),
    ("mrr_keeps_falling", [99_000.0, *SLOWLY[:6]], "pending"),
]


@pytest.mark.parametrize(("rule", "values", "outcome"), MRR)
def test_mrr_against_what_it_usually_does(rule: str, values: list[float], outcome: str) -> None:
    assert said(rule, figures("mrr", values)).outcome == outcome


def test_how_far_a_figure_usually_moves() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is an oracle and not installed")
    # 9 past changes of 1 to 9: their median is 5, t of 0.37 * 8 degrees of freedom is 3.2116 (scipy)
    values = [0.0]
    for size in range(1, 10):
        values.append(values[-1] + size * (-1) ** size)
    told = with_evidence(
        chance.shipped()[0],
        with_trends(chance.shipped()[0], figures("mrr", [*values, 50.0])),
        {"mrr.usual_change"},
    )
    usual = told[-1].evidence["change_is_real"].usual
    assert usual == pytest.approx(stats.t.ppf(0.975, 0.37 * 8) * 1.4826 * 5, rel=1e-6)
    assert told[-3].evidence["change_is_real"].usual is None


def test_below_eight_changes_nothing_is_worse_than_medium() -> None:
    short, long = [100.0, 80.0], [*LEVEL, 80.0]
    found = said("mrr_falling", figures("mrr", short))
    assert (found.outcome, found.severity, found.definition.severity) == ("fired", "medium", "high")
    assert said("mrr_falling", figures("mrr", long)).severity == "high"


def test_a_finding_that_lost_severity_silences_none_that_is_worse(tmp_path: object) -> None:
    card = evaluate(
        ROOT / "examples" / "acme_lifecycle.xlsx", metrics=ROOT / "metrics.yaml", period="quarter"
    )
    fired = {f.rule: f for f in card.findings if f.outcome == "fired"}
    assert fired["acquisition_outpaces_value"].severity == "medium"
    assert fired["acquisition_outpaces_value"].text.endswith("more than noise.")
    assert fired["clv_cac_below_target"].severity == "high"
    ranks = [f.severity for f in card.findings]
    assert ranks == sorted(ranks, key=["critical", "high", "medium", "low", "info"].index)


def test_every_finding_of_the_demo_is_real_or_marked() -> None:
    trends = 0
    for period, by in some(product(("month", "quarter"), (None, "Segment", "Touchpoint")), test=2):
        card = evaluate(DEMO, metrics=ROOT / "metrics.yaml", period=period, by=by)
        for finding in card.findings:
            if finding.outcome != "fired" or not finding.evidence:
                continue
            trends += 1
            tested = {f: e for f, e in finding.evidence.items() if not f.endswith(".change_is_real")}
            read = {c.text for c in finding.because}
            assert all(one.real for fact, one in tested.items() if fact in read), finding.rule
            marked = any(one.step_is_noise or one.method == "zone" for one in finding.evidence.values())
            assert bool(finding.remarks) == marked, finding.rule
    assert trends > 5


def nps(promoters: int, detractors: int, answers: int) -> Terms:
    return Terms("nps", (float(promoters), float(detractors), float(answers)), 100.0)


def test_a_run_that_is_real_although_its_last_step_is_not() -> None:
    terms = [nps(60, 10, 100), nps(45, 20, 100), nps(30, 30, 100), nps(25, 33, 100)]
    found = said("loyalty_falls", [result("nps", t, p) for t, p in zip(terms, months(4), strict=True)])
    assert found.outcome == "fired"
    run, step = found.evidence["nps.run_is_real"], found.evidence["nps.change_is_real"]
    assert (run.against, run.difference, run.comparisons) == (50.0, -58.0, 3)
    assert step.low is not None
    assert step.high is not None
    assert step.low < 0 < step.high
    assert [m.code for m in found.remarks] == ["step_is_noise"]


def test_more_slices_ask_for_more() -> None:
    def by_region(count: int) -> list[Result]:
        found = [result("nps", nps(50, 20, 100), period) for period in months(2)]
        for at in range(count):
            ends = (nps(50, 20, 100), nps(30, 27, 100)) if at == 0 else (nps(50, 20, 100), nps(49, 20, 100))
            found += [result("nps", t, p, {"Region": f"R{at}"}) for t, p in zip(ends, months(2), strict=True)]
        return found

    catalog, _ = chance.shipped()
    p = []
    for count in (1, 20):
        told = with_evidence(catalog, with_trends(catalog, by_region(count)), ["nps.trend"])
        (newest,) = [r for r in told if r.slice == {"Region": "R0"} and r.period == months(2)[1]]
        evidence = newest.evidence["change_is_real"]
        assert evidence.comparisons == count + 1
        assert evidence.p_value is not None
        p.append(evidence.p_value)
    assert p[0] < 0.05 < p[1]
    assert p[1] == pytest.approx(min(1.0, p[0] / 2 * 21))


def test_only_metrics_that_rules_ask_about_are_tested() -> None:
    catalog, _ = chance.shipped()
    told = with_trends(catalog, figures("cac", LEVEL))
    assert not any(r.evidence for r in with_evidence(catalog, told, ["cac", "cac.target", "nps.trend"]))


def test_regions_are_no_touch_points() -> None:
    def by(name: str) -> list[Result]:
        terms = [Terms("proportion", (hits, 100.0)) for hits in (90.0, 85.0, 40.0)]
        return [result("css", t, slice_={name: f"N{at}"}) for at, t in enumerate(terms)]

    for name in ("Touchpoint", "touch point", "TOUCH-POINT", "Kanal", "Channel"):
        assert said("touchpoint_satisfaction_gap", by(name)).outcome == "fired", name
    assert said("touchpoint_satisfaction_gap", by("Region")).outcome == "not_fired"
    gap = said("satisfaction_below_rest", by("Region"))
    assert gap.outcome == "fired"
    assert str(gap.text) == "Satisfaction is 40.0% for N2 and 87.5% for all others together."


def test_slices_without_counts_say_why_nothing_is_known() -> None:
    ready_made = [result("css", share, slice_={"Touchpoint": f"T{share}"}) for share in (0.9, 0.4)]
    found = said("touchpoint_satisfaction_gap", ready_made)
    assert found.outcome == "not_evaluated"
    assert "no counts are known behind the figures of css" in str(found.reason)


def test_of_many_slices_the_worst_are_listed_and_all_are_tested() -> None:
    rng = Random(3)
    many = chance.segments("churn_rate_mean", MOST_SLICES + 10, 200, 0.05, first=0.3)(rng)
    evidence = said("churn_concentrated", many).evidence["churn_rate_mean.differs_from_rest"]
    assert evidence.comparisons == MOST_SLICES + 10
    assert len(evidence.slices) == WORST_LISTED
    assert evidence.slices[0][0] == "S0"
    values = [one.against + one.difference for _, one in evidence.slices]
    assert values == sorted(values, reverse=True)


def test_the_worst_is_one_that_differs_before_one_that_is_merely_small() -> None:
    shares = {"tiny": (4.0, 30.0), "leaks": (110.0, 1000.0), "rest": (150.0, 3000.0)}
    slices = [
        result("churn_rate_mean", Terms("proportion", t), slice_={"S": name}) for name, t in shares.items()
    ]
    found = said("churn_concentrated", slices)
    assert found.outcome == "fired"
    assert "in leaks and" in str(found.text)
