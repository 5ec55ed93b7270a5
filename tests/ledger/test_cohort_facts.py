"""Cohorts as facts of rules: what they are, who may read them, and when there are none."""

from __future__ import annotations

import pytest

from metricsheet.api import evaluate
from metricsheet.evaluation.intervals import wilson_interval
from metricsheet.evaluation.ledger_report import cohort_facts
from metricsheet.prepared import prepare
from metricsheet.rules.language.facts import Vocabulary

RULE = "new_customers_leave_sooner"


def listed(cohorts):
    """(month, customers, how many of them leave in the month after), each pays 10, and 5 from then on."""
    lines = ["Customer ID,Start date,End date,Monthly price"]
    for month, customers, leave in cohorts:
        for n in range(customers):
            first, later = f"2024-{month:02d}-05", f"2024-{month + 1:02d}-05"
            lines.append(f"c{month}-{n},{first},{later},10")
            if n >= leave:
                lines.append(f"c{month}-{n},{later},,5")
    return "\n".join(lines) + "\n"


def card(tmp_path, cohorts, **options):
    path = tmp_path / "subs.csv"
    path.write_text(listed(cohorts), encoding="utf-8")
    return evaluate(path, **{"period": "month", "until": "2024-05-31", **options})


OLD = [(1, 100, 5), (2, 100, 5), (3, 100, 5)]
CASES = {
    "the newest leave sooner": ([*OLD, (4, 50, 20)], "fired"),
    "the newest are like the others": ([*OLD, (4, 50, 3)], "not_fired"),
    "few new customers": ([*OLD, (4, 20, 18)], "not_evaluated"),
    "a cohort that is too young does not count": ([*OLD, (4, 50, 3), (5, 50, 0)], "not_fired"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_newest_cohort_beside_all(tmp_path, case):
    cohorts, expected = CASES[case]
    found = card(tmp_path, cohorts)
    (finding,) = [one for one in found.findings if one.rule == RULE]
    assert finding.outcome == expected
    if expected == "fired":
        said = finding.text
        assert "Apr 2024, 60.0%" in said
        assert "of all cohorts 90.0%" in said


def test_facts_are_those_of_the_cells(tmp_path):
    facts = cohort_facts(card(tmp_path, [*OLD, (4, 50, 20)]).ledgers[0])
    stayed, all_ = 95 * 3 + 30, 350
    key = "cohort.month_1"
    assert (facts[key], facts[f"{key}.n"]) == (stayed / all_, all_)
    assert (facts[f"{key}.low"], facts[f"{key}.high"]) == wilson_interval(stayed, all_)
    assert facts[f"{key}.net"] == facts[f"{key}.gross"] == stayed * 5 / (all_ * 10)
    assert (facts[f"{key}.newest"], facts[f"{key}.newest_n"]) == (0.6, 50)
    assert (facts[f"{key}.newest_low"], facts[f"{key}.newest_high"]) == wilson_interval(30, 50)
    assert facts[f"{key}.newest_cohort"] == "2024-04"
    assert facts["cohort.month_3.n"] == 200
    assert "cohort.month_5" not in facts
    known = Vocabulary(prepare().catalog, "scorecard")
    assert all(known.fact(name) is not None for name in facts)


def test_cohorts_of_something_else_have_no_newest(tmp_path):
    facts = cohort_facts(card(tmp_path, OLD, cohort="Monthly price").ledgers[0])
    assert facts["cohort.month_1.n"] == 300
    assert not [name for name in facts if "newest" in name]


def test_few_customers_have_no_facts(tmp_path):
    assert cohort_facts(card(tmp_path, [(1, 12, 2), (2, 12, 2)]).ledgers[0]) == {}
    assert "cohort.quarter_1" in cohort_facts(
        card(tmp_path, OLD, period="quarter", until="2024-06-30").ledgers[0]
    )


NAMES = {
    "cohort.month_1": True,
    "cohort.month_13.newest_high": True,
    "cohort.quarter_2.gross": True,
    "cohort.month_0": False,
    "cohort.month_01": False,
    "cohort.month_1.": False,
    "cohort.week_1": False,
    "cohort.month_1.lwo": False,
    "cohort": False,
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    catalog = prepare().catalog
    assert (Vocabulary(catalog, "scorecard").fact(name) is not None) is NAMES[name]
    assert Vocabulary(catalog, "slice").fact(name) is None
