"""Definitions by the names that people give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.named import find_key, find_keys
from metricsheet.errors import UsageError
from tests.stages import some

ROOT = Path(__file__).parents[2]

OWN = """\
version: 1
inputs:
  a: {label: Answers, also: [reply score, "antworten, gesamt"]}
  b: {label: Costs}
metrics:
  share: {label: {en: "Share of all, in points", de: Anteil}, stage: expand, kind: outcome, unit: points,
          better: higher, formula: SUM(a)}
  share_of_costs: {label: Share of costs (SOC), stage: expand, kind: outcome, unit: points, better: higher,
                   formula: SUM(b)}
  costs_soc: {label: Costs of the firm (in thousands), stage: expand, kind: outcome, unit: points,
              better: lower, formula: SUM(b)}
"""


@pytest.fixture(scope="module")
def built_in() -> Catalog:
    return load_catalog(ROOT)


# what is asked for: the key of the built-in definitions
BUILT_IN = {
    "nps": "nps",
    "NPS": "nps",
    " Nps ": "nps",
    "Net Promoter Score": "nps",
    "net promoter score (nps)": "nps",
    "CLV:CAC": "clv_cac_ratio",
    "clv_cac_ratio": "clv_cac_ratio",
    "CLV-CAC ratio": "clv_cac_ratio",
    "CLV to CAC ratio": "clv_cac_ratio",
    "CLV:CAC-Verhältnis": "clv_cac_ratio",
    "MRR": "mrr",
    "Churn rate": "churn_rate",
    "Müşteri Kayıp Oranı (tarihlerden)": "churn_rate_dates",
    "MUSTERI KAYIP ORANI TARIHLERDEN": "churn_rate_dates",
    "推奨度": "recommend_score",
    "nps score": "recommend_score",
    "CAC_Rising": "cac_rising",
}


@pytest.mark.parametrize("asked", BUILT_IN)
def test_keys_in_any_case_and_labels_in_any_language(built_in: Catalog, asked: str) -> None:
    groups = [built_in.metrics, built_in.inputs, built_in.rules]
    assert find_key(asked, groups, "not_a.metric_input_or_rule") == BUILT_IN[asked]


def test_every_key_and_every_label_finds_its_metric(built_in: Catalog) -> None:
    labels: dict[str, set[str]] = {}
    for key in some(built_in.metrics, test=10):
        assert find_key(key.upper(), [built_in.metrics], "not_a.metric") == key
    for key, metric in built_in.metrics.items():
        for label in metric.label.values():
            labels.setdefault(label, set()).add(key)
    for label, keys in some(labels.items(), test=25):
        if len(keys) == 1:
            assert {find_key(label, [built_in.metrics], "not_a.metric")} == keys


# what is asked for: (what the message says, what the hint says)
NOT_FOUND = {
    "npss": ("'npss' is not a metric", "did you mean 'nps'?"),
    "churn": ("'churn' may be churn_rate, churn_rate_mean, ", "one of these keys"),
    "recommend_score": ("is not a metric", ""),
    "": ("'' is not a metric", ""),
    "()": ("is not a metric", ""),
}


@pytest.mark.parametrize("asked", NOT_FOUND)
def test_nothing_and_too_much_are_refused(built_in: Catalog, asked: str) -> None:
    said, hint = NOT_FOUND[asked]
    with pytest.raises(UsageError) as raised:
        find_key(asked, [built_in.metrics], "not_a.metric")
    assert said in str(raised.value.message)
    assert hint in str(raised.value.hint or "")


def test_levels_and_lists(write) -> None:  # type: ignore[no-untyped-def]
    catalog = load_catalog(write({"metrics.yaml": OWN}))
    metrics = [catalog.metrics]
    # an abbreviation counts, a remark in brackets does not; a whole name wins over the start of another
    assert find_key("SOC", metrics, "not_a.metric") == "share_of_costs"
    assert find_key("share", metrics, "not_a.metric") == "share"
    with pytest.raises(UsageError):
        find_key("in thousands", metrics, "not_a.metric")
    with pytest.raises(UsageError):
        find_key("in thousands share", metrics, "not_a.metric")
    # a comma in a label does not part it
    assert find_keys(["share of all, in points"], metrics, "not_a.metric") == ("share",)
    assert find_keys(["Anteil, SOC", "share"], metrics, "not_a.metric") == ("share", "share_of_costs")
    with pytest.raises(UsageError, match="'socks' is not a metric"):
        find_keys(["share,socks"], metrics, "not_a.metric")
    assert find_key("antworten gesamt", [catalog.inputs], "not_a.input_or_metric") == "a"
