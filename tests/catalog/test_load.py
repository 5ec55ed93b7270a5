"""A whole definition into the objects of the catalog."""

import pickle

import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import OfTarget, Scale, in_language
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.translations import missing_translations
from metricsheet.errors import DefinitionError
from metricsheet.prepared import check_definitions
from metricsheet.values import ExcelError

METRICS = """\
version: 1
defaults: {currency: EUR, language: de}
settings:
  company_stage: {label: Company stage, one_of: [new, seasoned], default: new}
  campaign: {label: {en: Campaign, de: Kampagne}, type: flag, default: false}
inputs:
  score:
    label: {en: Score, de: Bewertung}
    also: [nps score, Punkte, nps score]
    scale: 0..10
    whole: true
    outside: exclude
    words: likelihood
    description: The answer
  cost: {label: Cost, unit: money, over_time: last, additive: false}
  customers: {label: Customers, unit: count}
  day: {label: Day, type: date}
  churned: {label: Churned, type: flag}
metrics:
  nps:
    label: NPS
    question: Would they recommend us?
    stage: expand
    kind: outcome
    unit: points
    better: higher
    formula: (COUNTIF(score, ">=9") - COUNTIF(score, "<=6")) / COUNT(score) * 100
    interval: nps
    min_sample: 30
    decimals: 1
    dead_zone: 2
    target: 50
    note: {en: Read the answers, de: Antworten lesen}
    source: A book
    bands:
      - {status: warn, when: below target, label: {en: Bad, de: Schlecht}}
      - {status: ok, when: at least target, label: Good}
    examples:
      - {given: {score: [10, 9, 8, 6]}, value: 25, status: low_data, why: two of four}
      - {given: {score: [null, "#N/A", yes, true]}, error: "#N/A"}
  cac:
    label: CAC
    stage: convert
    kind: outcome
    unit: money
    better: lower
    formula: cost / customers
    sample: SUM(customers)
    over_time: last
    fallback: nps
    variant_of: nps
    targets:
      - {value: €300, since: 2026-01-01, where: {region: EU}}
      - {value: 250}
    bands_by: company_stage
    band_variants:
      new:
        - {status: ok, when: at most 1.5 target, label: x}
        - {status: warn, when: above 1.5 target, label: y}
    examples:
      - given: {cost: 100, customers: 2}
        value: 50
        status: ok
        settings: {company_stage: new, campaign: yes}
  share:
    label: Share
    stage: convert
    kind: activity
    unit: percent
    better: lower
    formula: COUNTIFS(day, ">=" & period_start, churned, 1) / COUNT(churned)
    dead_zone: 0.5%
    interval: none
    target: 5%
    examples:
      - {given: {day: [2026-01-31, text], churned: [yes, no], period_start: 2026-01-01}, value: 50%}
"""
RULES = """\
version: 1
rules:
  cac_high:
    severity: high
    when:
      - cac > 300
      - any: [nps < 0, nps.trend = "falling"]
    for: 2
    keep: 1
    unless: campaign
    scope: slice
    finding: {en: "CAC is {cac}", de: "CAC beträgt {cac}"}
    recommend:
      - Spend less
      - {do: {en: Sell more, de: Mehr verkaufen}, priority: 1}
      - {en: Last, de: Zuletzt}
    source: A book
    tests:
      - {name: high, given: {cac: [301, 302], nps: -5, nps.trend: falling}, expect: fired}
  nps_low: {severity: low, when: nps < 0, finding: low, replaces: [cac_high]}
"""


@pytest.fixture
def catalog(write):
    folder = write({"metrics.yaml": METRICS, "lifecycle_rules/convert.yaml": RULES})
    return load_catalog(folder / "metrics.yaml")


def test_settings(catalog):
    stage, campaign = catalog.settings["company_stage"], catalog.settings["campaign"]
    assert (stage.one_of, stage.default, stage.label) == (("new", "seasoned"), "new", {"en": "Company stage"})
    assert (campaign.one_of, campaign.default) == (("yes", "no"), "no")
    assert (catalog.currency, catalog.language) == ("EUR", "de")


def test_inputs(catalog):
    score, cost = catalog.inputs["score"], catalog.inputs["cost"]
    assert score.also == ("nps score", "Punkte")
    assert score.scale == Scale(0, 10, True)
    assert (score.type, score.outside, score.words, score.over_time) == (
        "number",
        "exclude",
        "likelihood",
        "sum",
    )
    assert score.description == {"en": "The answer"}
    assert (cost.unit, cost.over_time, cost.additive) == ("money", "last", False)
    assert in_language(score.label, "de") == "Bewertung"
    assert in_language(cost.label, "de") == "Cost"


def test_metric(catalog):
    nps = catalog.metrics["nps"]
    assert (nps.udf, nps.stage, nps.kind, nps.unit, nps.better) == (
        "NPS",
        "expand",
        "outcome",
        "points",
        "higher",
    )
    assert (nps.interval, nps.min_sample, nps.decimals, nps.dead_zone) == ("nps", 30, 1, 2.0)
    assert nps.plan.inputs == ("score",)
    assert [(b.status, b.low, b.high, b.low_closed) for b in nps.bands] == [
        ("warn", None, OfTarget(1.0), False),
        ("ok", OfTarget(1.0), None, True),
    ]
    assert [(t.value, t.text, t.since, dict(t.where)) for t in nps.targets] == [(50.0, "50", None, {})]
    assert nps.note == {"en": "Read the answers", "de": "Antworten lesen"}
    assert nps.examples[0].given == {"score": (10, 9, 8, 6)}
    assert (nps.examples[0].value, nps.examples[0].status, nps.examples[0].why) == (
        25.0,
        "low_data",
        "two of four",
    )


def test_examples_hold_cells(catalog):
    (with_error,) = catalog.metrics["nps"].examples[1:]
    assert with_error.given["score"] == (None, ExcelError("#N/A"), "yes", True)
    assert with_error.error == "#N/A"
    (dated,) = catalog.metrics["share"].examples
    assert dated.given == {"day": (46053.0, "text"), "churned": ("yes", "no"), "period_start": 46023.0}
    assert dated.value == 0.5
    assert catalog.metrics["cac"].examples[0].settings == {"company_stage": "new", "campaign": "yes"}


def test_targets_bands_and_links(catalog):
    cac = catalog.metrics["cac"]
    assert [(t.value, t.since, dict(t.where)) for t in cac.targets] == [
        (300.0, "2026-01-01", {"region": "EU"}),
        (250.0, None, {}),
    ]
    assert cac.bands_for({}) == ()
    assert [b.status for b in cac.bands_for({"company_stage": "new"})] == ["ok", "warn"]
    assert (cac.variant_of, cac.fallback, cac.over_time) == ("nps", "nps", "last")
    assert cac.sample is not None
    assert cac.sample.inputs == ("customers",)
    share = catalog.metrics["share"]
    assert (share.interval, share.dead_zone, share.targets[0].value) == (None, 0.005, 0.05)
    assert share.plan.parameters == ("period_start",)


def test_rules(catalog):
    rule = catalog.rules["cac_high"]
    assert (rule.stage, rule.severity, rule.for_periods, rule.keep) == ("convert", "high", 2, 1)
    assert rule.when[0].text == "cac > 300"
    assert [part.text for part in rule.when[1].any_of] == ["nps < 0", 'nps.trend = "falling"']
    assert [c.text for c in rule.unless] == ["campaign"]
    assert [(r.text["en"], r.priority) for r in rule.recommend] == [
        ("Spend less", 1),
        ("Sell more", 1),
        ("Last", 3),
    ]
    assert rule.tests[0].given == {"cac": (301, 302), "nps": -5, "nps.trend": "falling"}
    assert (rule.tests[0].name, rule.tests[0].expect) == ("high", "fired")
    assert catalog.rules["nps_low"].replaces == ("cac_high",)


def test_everything_knows_its_place(catalog):
    def line(place):
        return (place.source.name.rsplit("/", 1)[-1], place.line)

    nps, rule = catalog.metrics["nps"], catalog.rules["cac_high"]
    assert line(nps.place) == ("metrics.yaml", 20)
    assert line(nps.bands[1].place) == ("metrics.yaml", 37)
    assert line(nps.targets[0].place) == ("metrics.yaml", 32)
    assert line(nps.examples[0].place) == ("metrics.yaml", 39)
    assert line(catalog.inputs["cost"].place) == ("metrics.yaml", 15)
    assert line(rule.when[1].place) == ("convert.yaml", 7)
    assert line(rule.when[1].any_of[1].place) == ("convert.yaml", 7)
    assert line(rule.tests[0].place) == ("convert.yaml", 19)
    assert {k: line(p) for k, p in rule.finding_places.items()} == dict.fromkeys(
        ("en", "de"), ("convert.yaml", 12)
    )
    assert line(catalog.rules["nps_low"].replaces_places[0]) == ("convert.yaml", 20)


def test_nothing_can_be_changed(catalog):
    with pytest.raises(TypeError, match="cannot be changed"):
        catalog.metrics["nps"] = None
    with pytest.raises(TypeError):
        del catalog.inputs["score"]
    with pytest.raises(TypeError):
        catalog.metrics["nps"].label["en"] = "x"
    with pytest.raises(TypeError):
        catalog.metrics["nps"].examples[0].given.update(score=1)
    with pytest.raises(AttributeError):
        catalog.metrics["nps"].unit = "money"


def test_it_can_go_to_another_process(catalog):
    there = pickle.loads(pickle.dumps(catalog))
    assert there == catalog
    assert type(there.metrics) is Frozen


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml here")
def test_both_scanners_of_pyyaml_give_the_same(catalog, write, monkeypatch):
    folder = write({"metrics.yaml": METRICS, "lifecycle_rules/convert.yaml": RULES})
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert load_catalog(folder / "metrics.yaml") == catalog


def test_errors_are_raised_together(write):
    folder = write(
        {
            "metrics.yaml": METRICS.replace("COUNT(score)", "COUNT(scor)").replace(
                "at least target", "above target"
            ),
            "lifecycle_rules/convert.yaml": RULES.replace("severity: high", "severity: urgent"),
            "lifecycle_rules/expand.yaml": "version: 1\nrules: {a: {when: > 3}}\n",
        }
    )
    with pytest.raises(DefinitionError) as raised:
        load_catalog(folder)
    found = [(d.code, d.place.source.name.rsplit("/", 1)[-1]) for d in raised.value.diagnostics]
    assert found == [
        ("unknown_name", "metrics.yaml"),
        ("band_gap", "metrics.yaml"),
        ("not_one_of", "convert.yaml"),
        ("needs_quotes", "expand.yaml"),
    ]
    assert "did you mean 'score'?" in str(raised.value)


def test_warnings_do_not_keep_definitions_from_being_used(write):
    folder = write({"metrics.yaml": METRICS.replace("better: higher", "better: lower", 1)})
    catalog, found = check_definitions(folder)
    assert catalog is not None
    assert [(d.severity, d.code) for d in found] == [("warning", "bands_against_better")]
    assert load_catalog(folder) == catalog


def test_rules_are_checked_on_what_is_sound(write):
    """A rule that reads a broken metric is left out: what is wrong with it would only be noise."""
    rules = """\
  fine: {severity: low, when: nps > 5, finding: x}
  off: {severity: low, when: npz > 5, finding: x}
"""
    folder = write(
        {
            "metrics.yaml": METRICS.replace("cost / customers", "cost / customer"),
            "lifecycle_rules/convert.yaml": RULES + rules,
        }
    )
    catalog, found = check_definitions(folder)
    assert catalog is None
    assert {d.code for d in found} == {"unknown_name", "unknown_rule", "unknown_fact"}
    assert [str(d.message) for d in found if d.code == "unknown_fact"] == ["'npz' is not a metric or setting"]


def test_missing_translations(catalog):
    found = missing_translations(catalog)
    assert all(d.code == "missing_translation" and d.severity == "warning" and d.place for d in found)
    messages = [str(d.message) for d in found]
    assert "the label of score has no translation into ja, tr, it, fr" in messages
    assert "the label of cost has no translation into ja, tr, it, de, fr" in messages
    assert "the note of nps has no translation into ja, tr, it, fr" in messages
    assert "the band 'below target' of nps has no translation into ja, tr, it, fr" in messages
    assert "the finding of cac_high has no translation into ja, tr, it, fr" in messages
    assert "recommendation 1 of cac_high has no translation into ja, tr, it, de, fr" in messages


@pytest.mark.parametrize(
    "text", ["version: 1\n", "version: 1\nmetrics: {}\n", "version: 1\ninputs: {a: {label: x}}\n"]
)
def test_definitions_without_metrics_are_none(write, text):
    _, found = check_definitions(write({"metrics.yaml": text}))
    assert [d.code for d in found] == ["no_metrics"]
    assert "extends: builtin" in str(found[0].hint)
