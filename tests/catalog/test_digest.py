"""The digest names the content: it changes with what is said, and only with that."""

import pytest

from metricsheet.api import load_catalog

OWN = """\
version: 1
inputs: {a: {label: A}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a), target: 5}
"""
RULES = "version: 1\nrules: {low: {severity: low, when: total < 5, finding: x}}\n"


def digest(write, text=OWN, rules=RULES, name="metrics.yaml"):
    folder = write({name: text, "lifecycle_rules/expand.yaml": rules})
    return load_catalog(folder / name).digest


def test_it_is_stable_over_versions_of_python_and_machines(write):
    assert digest(write) == "52c9b6f54d38"


@pytest.mark.parametrize(
    "text",
    [
        "# a note\n" + OWN,
        OWN.replace("label: A", 'label: "A"'),
        OWN.replace("{a: {label: A}}", "\n  a:\n      label: A"),
        OWN.replace("\n", "\r\n"),
        OWN.replace("version: 1", "version:   1   # one"),
    ],
)
def test_layout_does_not_change_it(write, text):
    assert digest(write, text) == digest(write, OWN)


def test_the_name_of_the_file_does_not_change_it(write):
    assert digest(write, name="other.yaml") == digest(write)


@pytest.mark.parametrize(
    "text",
    [
        OWN.replace("target: 5", "target: 6"),
        OWN.replace("label: A", "label: B"),
        OWN.replace("SUM(a)", "SUM(a) * 1"),
        OWN.replace("target: 5", 'target: "5"'),
        OWN + OWN.splitlines()[-1].replace("total", "other") + "\n",
    ],
)
def test_content_changes_it(write, text):
    assert digest(write, text) != digest(write)


def test_rules_and_extended_files_belong_to_it(write):
    assert digest(write, rules=RULES.replace("low, when", "high, when")) != digest(write)
    folder = write({"metrics.yaml": OWN, "own.yaml": "version: 1\nextends: metrics.yaml\n"})
    own = load_catalog(folder / "own.yaml").digest
    write({"metrics.yaml": OWN.replace("target: 5", "target: 6")})
    assert load_catalog(folder / "own.yaml").digest != own


def test_benchmarks_belong_to_it(write):
    origin = "source: x, as_of: 2026-01-01, population: y"
    pack = f"version: 1\nbenchmarks:\n  a: {{metric: total, value: 3, {origin}}}\n"
    folder = write({"metrics.yaml": OWN, "benchmark_packs/saas.yaml": pack})
    assert load_catalog(folder, benchmarks=["saas"]).digest != load_catalog(folder).digest
