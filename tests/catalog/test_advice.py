"""Advice that several rules give: written once, called by its name."""

import pytest

from metricsheet.api import load_catalog
from metricsheet.prepared import check_definitions

OWN = """\
version: 1
inputs: {a: {label: A}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a)}
"""
ADVICE = """\
version: 1
advice:
  call_them: {en: "Call them, it is {total}", de: "Bei {total} anrufen"}
  wait: Wait
"""


def rules(*recommend):
    """A file with one rule for each list of what to do."""
    written = [
        f"  r{number}: {{severity: low, when: total < {number}, finding: x, recommend: {items}}}\n"
        for number, items in enumerate(recommend)
    ]
    return "version: 1\nrules:\n" + "".join(written)


def advice_of(catalog, rule="r0"):
    return [(one.text["en"], one.name) for one in catalog.rules[rule].recommend]


@pytest.mark.parametrize(
    ("recommend", "expected"),
    [
        ("[call_them]", [("Call them, it is {total}", "call_them")]),
        ("[Do this, wait]", [("Do this", ""), ("Wait", "wait")]),
        (
            "[{do: wait, priority: 2}, {do: call_them, priority: 1}]",
            [("Call them, it is {total}", "call_them"), ("Wait", "wait")],
        ),
        ("[{en: wait, de: warten}]", [("wait", "")]),
        # one word that is not the name of an advice is a text, as it always was
        ("[look]", [("look", "")]),
    ],
)
def test_a_rule_gives_advice_by_its_name(write, recommend, expected):
    files = {"metrics.yaml": OWN, "lifecycle_rules/advice.yaml": ADVICE}
    catalog = load_catalog(write({**files, "lifecycle_rules/expand.yaml": rules(recommend)}))
    assert advice_of(catalog) == expected


def test_it_may_stand_in_any_file_of_rules_and_in_an_extended_one(write):
    files = {
        "metrics.yaml": OWN,
        "lifecycle_rules/attract.yaml": ADVICE,
        "lifecycle_rules/expand.yaml": rules("[call_them]"),
        "own/metrics.yaml": "version: 1\nextends: ../metrics.yaml\n",
        "own/lifecycle_rules/convert.yaml": rules("[call_them]").replace("r0", "mine"),
    }
    catalog = load_catalog(write(files) / "own")
    assert advice_of(catalog) == advice_of(catalog, "mine") == [("Call them, it is {total}", "call_them")]
    place = catalog.rules["mine"].recommend[0].places["de"]
    assert str(place).endswith("lifecycle_rules/attract.yaml:3:51")


@pytest.mark.parametrize(
    ("advice", "expand", "expected"),
    [
        (ADVICE, rules("[call_then]"), [("unknown_advice", "expand.yaml", 3)]),
        (ADVICE, rules("[write_to_them]"), [("unknown_advice", "expand.yaml", 3)]),
        (ADVICE, rules("[wait]") + "advice: {wait: Stop}\n", [("already_defined", "expand.yaml", 4)]),
        (ADVICE + rules("[wait]")[11:], "version: 1\n", [("unknown_stage", "advice.yaml", 1)]),
        (ADVICE.replace("Wait", "5"), rules("[wait]"), [("wrong_type", "advice.yaml", 4)]),
        # what is wrong with it is said once, however many rules give it
        (
            ADVICE.replace("Wait", "Wait for {totl}"),
            rules("[wait]", "[wait]", "[wait, call_them]", "[wait]", "[wait]"),
            [("unknown_fact", "advice.yaml", 4)],
        ),
    ],
)
def test_what_is_wrong_with_it(write, advice, expand, expected):
    files = {
        "metrics.yaml": OWN,
        "lifecycle_rules/advice.yaml": advice,
        "lifecycle_rules/expand.yaml": expand,
    }
    _, found = check_definitions(write(files))
    errors = [problem for problem in found if problem.severity == "error"]
    assert [(d.code, d.place.source.name.rsplit("/", 1)[-1], d.place.line) for d in errors] == expected
