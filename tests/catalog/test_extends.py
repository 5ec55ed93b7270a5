"""Definitions that add to others: what is inherited, overridden, added and refused."""

import pytest

from metricsheet.api import load_catalog
from metricsheet.prepared import check_definitions

BASE = """\
version: 1
defaults: {currency: USD, language: en}
settings:
  stage: {label: Stage, one_of: [new, old]}
inputs:
  a: {label: A, also: [alpha], unit: count}
  b: {label: B}
metrics:
  total:
    label: {en: Total, de: Summe}
    stage: expand
    kind: outcome
    unit: points
    better: higher
    formula: SUM(a)
    min_sample: 5
    target: 10
    bands_by: stage
    bands: [{status: ok, when: at least 5, label: x}, {status: warn, when: below 5, label: y}]
    band_variants:
      new: [{status: ok, when: at least 1, label: x}, {status: warn, when: below 1, label: y}]
    examples:
      - {given: {a: [1, 2]}, value: 3, status: warn}
      - {given: {a: [1]}, status: low_data}
  other: {label: Other, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(b)}
"""
RULES = """\
version: 1
rules:
  low:
    severity: high
    when: total < 5
    finding: low
    recommend: [do it]
    tests: [{name: x, given: {total: 4}, expect: fired}]
"""


def load(write, own, **files):
    folder = write(
        {
            "base/metrics.yaml": BASE,
            "base/lifecycle_rules/expand.yaml": RULES,
            "own/metrics.yaml": own,
            **files,
        }
    )
    return load_catalog(folder / "own" / "metrics.yaml")


def test_what_is_not_changed_is_inherited(write):
    catalog = load(write, "version: 1\nextends: ../base/metrics.yaml\n")
    assert list(catalog.metrics) == ["total", "other"]
    assert list(catalog.rules) == ["low"]
    assert catalog.rules["low"].stage == "expand"
    assert (catalog.currency, catalog.language) == ("USD", "en")
    assert catalog.path.endswith("own/metrics.yaml")
    assert catalog.metrics["total"].place.source.name.endswith("base/metrics.yaml")


def test_a_folder_can_be_extended(write):
    assert list(load(write, "version: 1\nextends: ../base\n").metrics) == ["total", "other"]


def test_defaults_are_changed_one_by_one(write):
    catalog = load(write, "version: 1\nextends: ../base\ndefaults: {currency: EUR}\n")
    assert (catalog.currency, catalog.language) == ("EUR", "en")


@pytest.mark.parametrize(
    ("keys", "look", "expected"),
    [
        ("target: 20", lambda m: [t.value for t in m.targets], [20.0]),
        ("target: 20", lambda m: [(e.value, e.status) for e in m.examples], [(3.0, None)]),
        (
            "targets: [{value: 1}, {value: 2, since: 2026-01-01}]",
            lambda m: [t.value for t in m.targets],
            [1.0, 2.0],
        ),
        ("label: Mine", lambda m: dict(m.label), {"en": "Mine"}),
        ("label: Mine", lambda m: m.formula, "SUM(a)"),
        ("formula: SUM(b)", lambda m: (m.plan.inputs, m.examples), (("b",), ())),
        ("unit: count", lambda m: m.examples, ()),
        ("min_sample: 1", lambda m: [(e.value, e.status) for e in m.examples], [(3.0, None)]),
        (
            "bands: [{status: info, when: at least 0, label: x}, {status: warn, when: below 0, label: y}]",
            lambda m: ([b.status for b in m.bands_for({"stage": "new"})], m.bands_by, dict(m.band_variants)),
            (["info", "warn"], None, {}),
        ),
        (
            "bands: [{status: info, when: at least 0, label: x}, {status: warn, when: below 0, label: y}]",
            lambda m: [(e.value, e.status) for e in m.examples],
            [(3.0, None)],
        ),
        ("examples: [{given: {a: 1}, value: 1}]", lambda m: [e.value for e in m.examples], [1.0]),
        ("formula: SUM(b), examples: [{given: {b: 1}, value: 1}]", lambda m: len(m.examples), 1),
    ],
)
def test_override_changes_the_keys_it_gives(write, keys, look, expected):
    catalog = load(write, f"version: 1\nextends: ../base\nmetrics:\n  total: {{override: true, {keys}}}\n")
    assert look(catalog.metrics["total"]) == expected
    assert list(catalog.metrics) == ["total", "other"], "it keeps its place"


def test_headers_are_added_to_those_inherited(write):
    catalog = load(
        write, "version: 1\nextends: ../base\ninputs:\n  a: {override: true, also: [first, alpha]}\n"
    )
    assert catalog.inputs["a"].also == ("alpha", "first")
    assert catalog.inputs["a"].unit == "count"


def test_settings_and_rules_can_be_overridden(write):
    catalog = load(
        write,
        "version: 1\nextends: ../base\nsettings: {stage: {override: true, default: old}}\n",
        **{
            "own/lifecycle_rules/expand.yaml": "version: 1\nrules: {low: {override: true, when: total < 7}}\n"
        },
    )
    assert catalog.settings["stage"].default == "old"
    rule = catalog.rules["low"]
    assert (rule.when[0].text, rule.severity, rule.tests) == ("total < 7", "high", ())
    assert rule.when[0].place.source.name.endswith("own/lifecycle_rules/expand.yaml")
    assert rule.finding_places["en"].source.name.endswith("base/lifecycle_rules/expand.yaml")


def test_a_problem_of_a_changed_key_is_in_the_file_that_changed_it(write):
    own = "version: 1\nextends: base.yaml\nmetrics:\n  total: {override: true, formula: SUM(c), target: x}\n"
    folder = write(
        {
            "base.yaml": BASE,
            "metrics.yaml": own,
        }
    )
    _, found = check_definitions(folder)
    assert [(d.code, d.place.source.name.rsplit("/", 1)[-1], d.place.line) for d in found] == [
        ("unknown_name", "metrics.yaml", 4),
        ("bad_amount", "metrics.yaml", 4),
    ]


def test_a_chain_of_files(write):
    change = "version: 1\nextends: {}.yaml\nmetrics: {{total: {{override: true, {}}}}}\n"
    folder = write(
        {
            "one.yaml": BASE,
            "two.yaml": change.format("one", "target: 20"),
            "metrics.yaml": change.format("two", "min_sample: 7"),
        }
    )
    total = load_catalog(folder).metrics["total"]
    assert (total.targets[0].value, total.min_sample) == (20, 7)


def test_rules_of_a_shared_folder_are_read_once(write):
    folder = write(
        {
            "base.yaml": BASE,
            "metrics.yaml": "version: 1\nextends: base.yaml\n",
            "lifecycle_rules/expand.yaml": RULES,
        }
    )
    assert list(load_catalog(folder).rules) == ["low"]


def test_the_built_in_definitions_can_be_extended(write):
    own = """\
version: 1
extends: builtin
inputs: {my_score: {label: My score}}
metrics:
  my_metric: {label: Mine, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(my_score)}
  nps: {override: true, target: 40}
"""
    catalog = load_catalog(write({"metrics.yaml": own}))
    assert {"my_metric", "clv", "churn_rate"} <= set(catalog.metrics)
    assert [t.value for t in catalog.metrics["nps"].targets] == [40]
    assert catalog.rules
    assert catalog.metrics["clv"].place.source.name == "built-in/metrics.yaml"
    assert next(iter(catalog.rules.values())).place.source.name.startswith("built-in/lifecycle_rules/")


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        ({"metrics.yaml": "version: 1\nextends: metrics.yaml\n"}, "extends_circle", "metrics.yaml → "),
        (
            {
                "metrics.yaml": "version: 1\nextends: b.yaml\n",
                "b.yaml": "version: 1\nextends: ./metrics.yaml\n",
            },
            "extends_circle",
            "b.yaml → ",
        ),
        ({"metrics.yaml": "version: 1\nextends: nowhere.yaml\n"}, "file_not_found", "nowhere.yaml"),
        (
            {"metrics.yaml": "version: 1\nextends: https://example.org/x.yaml\n"},
            "file_not_found",
            "example.org",
        ),
        (
            {"metrics.yaml": "version: 1\nextends: empty\n", "empty/x.txt": ""},
            "file_not_found",
            "empty/metrics.yaml",
        ),
        (
            {
                "metrics.yaml": "version: 1\nextends: f0.yaml\n",
                **{f"f{i}.yaml": f"version: 1\nextends: f{i + 1}.yaml\n" for i in range(20)},
            },
            "extends_circle",
            "at most 10 files",
        ),
    ],
)
def test_what_cannot_be_extended(write, files, code, said):
    catalog, found = check_definitions(write(files))
    assert catalog is None
    first = next(d for d in found if d.code == code)
    assert said in str(first.message)
    assert first.place is not None
