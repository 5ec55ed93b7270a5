"""The order a person reads a scorecard in."""

from __future__ import annotations

from dataclasses import replace

from metricsheet.evaluation.result import InputUse
from metricsheet.report.arrangement import (
    arrange,
    by_severity,
    improves,
    inputs_of,
    status_counts,
)
from metricsheet.report.formatter import sparkline
from tests.report import samples


def test_the_newest_period_is_in_view():
    (source,) = arrange(samples.quarterly())
    rows = list(source.rows())
    assert {row.period for row in rows} == {"2024-Q4"}
    assert source.periods == samples.QUARTERS
    assert [stage.stage for stage in source.stages] == ["attract", "capture", "nurture", "convert", "expand"]
    nps = next(block for block in source.stages[-1].metrics if block.metric == "nps")
    assert nps.whole is not None
    assert [row.slice["Segment"] for row in nps.slices] == ["Enterprise", "Mid-market", "SMB"]


def test_order_of_periods_does_not_matter():
    card = samples.quarterly()
    (forward,) = arrange(card)
    (backward,) = arrange(replace(card, results=card.results[::-1]))
    assert {r.value for r in forward.rows()} == {r.value for r in backward.rows()}


def test_metrics_without_any_value_are_listed_apart():
    (source,) = arrange(samples.quarterly())
    missing = {r.metric for stage in source.stages for r in stage.missing}
    assert missing == {"open_rate", "click_rate", "cac_payback", "ces", "upsell_share", "churn_rate_flags"}
    assert sum(status_counts(source).values()) == len(samples.HISTORIES)


def use(used, where="Survey!C2:C9"):
    return InputUse("recommend_score", where, used, 1, 0, 0)


def result(used, *, slice_=None, period=None, key="nps"):
    return samples.result(key, 1.0, "ok", slice_=slice_, period=period, inputs=(use(used),))


def test_cells_are_counted_once():
    whole, parts = result(10), [result(4, slice_={"S": "a"}), result(5, slice_={"S": "b"})]
    assert inputs_of([whole, *parts]) == (use(10),)
    assert inputs_of([*parts, whole]) == (use(10),)
    assert [u.used for u in inputs_of(parts)] == [9]
    # two metrics that read the same cells do not count them twice
    assert [u.used for u in inputs_of([whole, result(10, key="css")])] == [10]
    quarters = [result(3, period="2024-Q1"), result(4, period="2024-Q2")]
    assert [u.used for u in inputs_of(quarters)] == [7]
    assert [u.used for u in inputs_of([*quarters, result(2, period="2024-Q2", slice_={"S": "a"})])] == [7]


def test_a_metric_of_all_time_reads_the_same_rows_in_every_period():
    catalog = samples.catalog()

    class Dated:
        parameters = ("period_start", "period_end")

    metrics = {**catalog.metrics, "nps": replace(catalog.metrics["nps"], plan=Dated())}
    quarters = [result(10, period="2024-Q1"), result(10, period="2024-Q2")]
    assert [u.used for u in inputs_of(quarters, replace(catalog, metrics=metrics))] == [10]


def test_findings_worst_first_and_otherwise_as_given():
    ordered = by_severity(samples.findings())
    assert [f.severity for f in ordered] == [
        *("critical", "high", "high", "medium", "medium", "medium", "low", "info"),
    ]
    assert [f.rule for f in ordered[3:6]] == ["clv_cac_below_target", "mrr_falls", "low_effort_score"]


def test_better_and_worse():
    def changed(key, *series, **more):
        return samples.result(key, series[-1], "ok", series=series, period="2024-Q4", **more)

    assert improves(changed("nps", 1.0, 2.0)) is True
    assert improves(changed("cac", 1.0, 2.0)) is False
    assert improves(changed("cac", 2.0, 1.0)) is True
    assert improves(changed("nps", 2.0, 2.0)) is None
    assert improves(changed("nps", 1.0, 2.0, better="within")) is None
    assert improves(samples.result("nps", 1.0, "ok")) is None


def test_sparklines():
    assert sparkline([1, 2, 3]) == "▁▅█"
    assert sparkline([1, None, 3]) == "▁ █"
    assert sparkline([2, 2]) == "▄▄"
    assert sparkline([1]) == sparkline([]) == sparkline([None, None]) == ""
    assert sparkline([-1.7e308, 1.7e308]) == "▁█"
    assert len(sparkline([5e-324, 0.0])) == 2
