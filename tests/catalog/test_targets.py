"""Targets and bands as one question: what is in force, what is refused, what ``check`` advises to write."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.catalog.assembly.band_checks import Ends, read_when
from metricsheet.catalog.bands_in_force import bands_against, bands_in_force, possible_bands, statuses_of
from metricsheet.catalog.definitions import BandDefinition, Target
from metricsheet.prepared import check_definitions
from tests.stages import seeds

NPS = "critical below 0 / ok at least 0"
NAMED = "critical at most 1 / warn below 2/3 target / warn below target / ok at most 5 / info above 5"
AROUND = "ok between 0.9 target and 1.1 target / warn below 1000"
FIXED = "critical at most 1 / warn below 3 / ok at most 5 / info above 5"


def split(text: str) -> list[tuple[str, str]]:
    """Return (status, when) of bands written one behind the other, between slashes."""
    return [tuple(band.split(" ", 1)) for band in text.split(" / ") if band]  # type: ignore[misc]


def written(text: str) -> tuple[BandDefinition, ...]:
    """Return bands whose labels are their own ``when``."""
    found = []
    for status, when in split(text):
        ends = read_when(when, "points", "EUR")
        assert isinstance(ends, Ends)
        low, high = (ends.low, ends.low_closed), (ends.high, ends.high_closed)
        found.append(BandDefinition(status, when, {"en": when}, *low, *high))  # type: ignore[arg-type]
    return tuple(found)


def graded(text, better, target, value):
    bands = bands_against(written(text), better, None if target is None else Target(target, f"{target:g}"))
    band = next((band for band in bands if band.contains(value)), None)
    return None if band is None else (band.status, band.label["en"])


GRADED = [
    # bands, better, target, value, status and label (of these bands the label is the when:)
    (NPS, "higher", None, 24.8, ("ok", "at least 0")),
    (NPS, "higher", 50, 24.8, ("warn", "Below target")),
    (NPS, "higher", 50, 50, ("ok", "at least 0")),
    (NPS, "higher", 50, 49.999, ("warn", "Below target")),
    # 57/100*100 in binary, which is 57 for everybody else
    (NPS, "higher", 57, 56.99999999999999, ("ok", "at least 0")),
    (NPS, "higher", 50, -3, ("critical", "below 0")),
    (NPS, "higher", 0, 0, ("ok", "at least 0")),
    ("", "higher", 50, 49, ("warn", "Below target")),
    ("", "higher", 50, 50, ("ok", "On target")),
    ("", "lower", 50, 50, ("ok", "On target")),
    ("", "lower", 50, 51, ("warn", "Above target")),
    ("", "within", 50, 50, ("ok", "On target")),
    ("", "within", 50, 50.5, ("warn", "Outside target")),
    ("", "within", 50, 49.5, ("warn", "Outside target")),
    ("", "higher", None, 50, None),
    ("ok at most 10 / warn above 10", "lower", 5, 5, ("ok", "at most 10")),
    ("ok at most 10 / warn above 10", "lower", 5, 7, ("warn", "Above target")),
    ("ok at most 10 / warn above 10", "lower", 5, 12, ("warn", "above 10")),
    # an order of bands in which the good ones come first
    ("ok at least 0 / critical below 0", "higher", 50, -3, ("critical", "below 0")),
    ("ok at least 0 / critical below 0", "higher", 50, 3, ("warn", "Below target")),
    ("info at least 50 / ok at least 0 / critical below 0", "higher", 60, 55, ("warn", "Below target")),
    # within: the bands say on which side of the target it is bad
    (FIXED, "within", 3, 4, ("ok", "at most 5")),
    (FIXED, "within", 3, 2.5, ("warn", "below 3")),
    (FIXED, "within", 3, 9, ("info", "above 5")),
    ("ok at most 5 / warn above 5", "within", 5, 4, ("ok", "at most 5")),
    ("ok at most 5 / warn above 5", "within", 5, 6, ("warn", "above 5")),
    (FIXED, "within", 4, 3.5, ("warn", "Outside target")),
    (FIXED, "within", 4, 4, ("ok", "at most 5")),
    # bands that name the target decide alone
    (NAMED, "within", 3, 3.5, ("ok", "at most 5")),
    (NAMED, "within", 4, 3.5, ("warn", "below target")),
    (NAMED, "within", 4, 2.5, ("warn", "below 2/3 target")),
    (NAMED, "within", 4, 4, ("ok", "at most 5")),
    (NAMED, "within", 6, 5.5, ("warn", "below target")),
    (NAMED, "within", 6, 6, ("info", "above 5")),
    (NAMED, "within", 6, 0.9, ("critical", "at most 1")),
    ("ok at least 0.9 target / warn below 0.9 target", "higher", 50, 46, ("ok", "at least 0.9 target")),
    (AROUND, "within", 50, 55, ("ok", "between 0.9 target and 1.1 target")),
    (AROUND, "within", -50, -55, ("ok", "between 0.9 target and 1.1 target")),
    # without a target in force only what stands above the first band that names one is known
    (NAMED, "within", None, 0.5, ("critical", "at most 1")),
    (NAMED, "within", None, 4, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "better", "target", "value", "expected"), GRADED)
def test_what_a_value_is_called(text, better, target, value, expected):
    assert graded(text, better, target, value) == expected


@pytest.mark.parametrize("seed", seeds(200, 50))
def test_the_engine_steps_in_exactly_where_a_good_value_misses_the_target(seed):
    """Against the plainest way: the author's status, unless it is good and the value is on the worse side."""
    chance = random.Random(seed)
    edges = sorted(chance.sample(range(-5, 15), chance.randint(1, 4)))
    bands = [f"{chance.choice(['ok', 'info', 'warn', 'critical'])} below {edge}" for edge in edges]
    text = " / ".join([*bands, f"{chance.choice(['ok', 'warn'])} at least {edges[-1]}"])
    better, target = chance.choice(["higher", "lower"]), chance.choice([*edges, chance.uniform(-6, 16)])
    for value in [*edges, target, *(chance.uniform(-8, 18) for _ in range(40))]:
        own = graded(text, better, None, value)
        missed = value < target if better == "higher" else value > target
        label = "Below target" if better == "higher" else "Above target"
        steps_in = missed and own[0] in ("ok", "info")
        assert graded(text, better, target, value) == (("warn", label) if steps_in else own)


METRICS = """\
version: 1
settings: {size: {label: Size, one_of: [small, big]}}
inputs: {a: {label: A}}
metrics:
  score: {label: M, stage: expand, kind: outcome, unit: points, better: BETTER, formula: SUM(a), KEYS}
"""


def check(write, keys, better="higher"):
    text = METRICS.replace("BETTER", better).replace("KEYS", keys)
    return check_definitions(write({"metrics.yaml": text}))


def listed(text: str) -> str:
    """Return bands as a list in YAML."""
    bands = (
        f"{{status: {status}, when: {when}, label: x{n}}}" for n, (status, when) in enumerate(split(text))
    )
    return f"[{', '.join(bands)}]"


def keys(targets: str, bands: str, **variants: str) -> str:
    """Return the keys of a metric: one target or a list of them, bands, and those for a size."""
    found = [f"targets: {targets}" if targets.startswith("[") else f"target: {targets}"] if targets else []
    found += [f"bands: {listed(bands)}"] if bands else []
    if variants:
        sizes = ", ".join(f"{size}: {listed(text)}" for size, text in variants.items())
        found += ["bands_by: size", f"band_variants: {{{sizes}}}"]
    return ", ".join(found)


TWO = "[{value: 5}, {value: 50, where: {a: b}}]"
OPEN = "warn below target / ok above target"
TEN, TWENTY = "warn below 10 / ok at least 10", "warn below 20 / ok at least 20"
PROBLEMS = [
    # targets, bands, better, code, part of the message, hint or related places
    ("", "warn below target / ok at least target", "higher", "band_without_target", "write target:"),
    ("5", OPEN, "higher", "band_gap", "exactly 5 where the target is 5"),
    ("5", OPEN, "higher", "band_gap", "write at most target here"),
    ("10", "warn below 0.5 target / ok above 5", "higher", "band_gap", "exactly 5"),
    ("10", "warn below 0.5 target / ok at least 8", "higher", "band_gap", "between 0.5 target and 8"),
    (
        *("5", "warn below target / warn below 0.5 target / ok at least target", "higher"),
        *("band_hidden", "taken by the band 'below target'"),
    ),
    ("5", TEN, "higher", "target_in_bad_band", "'below 10', which is warn"),
    ("5", TEN, "higher", "target_in_bad_band", "below target, at least target"),
    (
        *("50", "critical above 10 / ok at most 10", "lower"),
        *("target_in_bad_band", "above target, at most target"),
    ),
    ("5", "warn at most target / ok above target", "higher", "target_in_bad_band", "'at most target'"),
    ("5", "warn below 66% of target / ok at least 0", "higher", "bad_when", "below 0.66 target"),
    (TWO, TEN, "higher", "target_in_bad_band", "found 5"),
]


@pytest.mark.parametrize(("targets", "text", "better", "code", "said"), PROBLEMS)
def test_bands_and_targets_that_cannot_go_together(write, targets, text, better, code, said):
    catalog, found = check(write, keys(targets, text), better)
    assert catalog is None
    errors = [d for d in found if d.code == code and d.severity == "error"]
    assert said in "\n".join(f"{d.message}\n{d.hint}\n{[str(text) for _, text in d.related]}" for d in errors)


def test_a_target_bad_under_every_setting_is_an_error(write):
    catalog, found = check(write, keys("5", TEN, small=TEN, big=TWENTY))
    assert catalog is None
    assert [d.code for d in found] == ["target_in_bad_band"]


def test_a_target_bad_under_one_setting_only_is_none(write):
    catalog, found = check(write, keys("15", "", small=TEN, big=TWENTY))
    assert catalog is not None
    assert [(d.code, d.severity) for d in found] == [("target_in_good_band", "warning")]


@pytest.mark.parametrize("bands", ["", TEN])
def test_a_target_where_nobody_knows_which_way_is_better(write, bands):
    catalog, found = check(write, keys("5", bands), "sideways")
    assert catalog is None
    (problem,) = found
    assert "'sideways'" in str(problem.message)


SOUND = [
    ("5", "warn below target / ok at least target", "higher"),
    ("5", "ok at most target / warn at most 1.5 target / critical above 1.5 target", "lower"),
    ("5", "ok between 0.9 target and 1.1 target / warn below target / warn above target", "within"),
    ("0", "warn below target / ok at least target", "higher"),
    ("-5", "warn below target / ok at least target", "higher"),
    # the target is where the bands turn good: both say the same
    ("5", "warn below 5 / ok at least 5", "higher"),
    ("5", "", "higher"),
    ("[{value: 5}, {value: 7, where: {a: b}}]", "", "lower"),
    # a target under which a band has no values is no mistake of the bands
    ("6", NAMED, "within"),
    ("1.2", NAMED, "within"),
    ("[{value: 2}, {value: 6, where: {a: b}}]", NAMED, "within"),
]


@pytest.mark.parametrize(("targets", "text", "better"), SOUND)
def test_bands_and_targets_that_go_together(write, targets, text, better):
    _, found = check(write, keys(targets, text), better)
    assert [d.render() for d in found] == []


ADVISED = [
    # bands, better, target, the bands to write (None: no bands are proposed)
    (NPS, "higher", 50, "critical below 0 / warn below target / ok at least 0"),
    (
        *("ok at least 0 / critical below 0", "higher", 50),
        "critical below 0 / warn below target / ok at least 0",
    ),
    ("ok at most 10 / warn above 10", "lower", 5, "warn above 10 / warn above target / ok at most 10"),
    (
        *("warn below 0 / info below 20 / ok at least 20", "higher", 30),
        "warn below 0 / warn below target / ok at least 20",
    ),
    ("critical at most 1 / warn below 3 / ok at least 3", "within", 4, None),
    ("", "within", 4, None),
]


@pytest.mark.parametrize(("text", "better", "target", "proposed"), ADVISED)
def test_check_advises_once_and_what_it_proposes_is_sound(write, text, better, target, proposed):
    catalog, found = check(write, keys(str(target), text), better)
    assert catalog is not None
    (advice,) = found
    assert (advice.severity, advice.code) == ("warning", "target_in_good_band")
    assert f"{target}" in str(advice.message)
    paste = re.fullmatch(r"write bands: (\[.*\])", str(advice.hint))
    if proposed is None:
        assert paste is None
        assert "target" in str(advice.hint)
        return
    assert paste is not None, advice.hint
    read = yaml.load(paste[1], yaml.BaseLoader)
    assert sorted((band["status"], band["when"]) for band in read) == sorted(split(proposed))
    # pasted, it says the same as before and nothing is left to advise
    pasted, rest = check(write, f"target: {target}, bands: {paste[1]}", better)
    assert [d.render() for d in rest] == []
    for value in range(-20, 60):
        before, after = (verdict(one.metrics["score"], value) for one in (catalog, pasted))
        assert (before.status, before.label["en"]) == (after.status, after.label["en"]), value


def verdict(metric, value):
    return next(b for b in bands_in_force(metric, {}, metric.targets[0]) if b.contains(value))


def test_advice_is_given_once_for_a_metric_with_several_targets_and_variants(write):
    _, found = check(write, keys("[{value: 5}, {value: 7, where: {a: b}}]", "", small=NPS, big=NPS))
    assert [d.code for d in found] == ["target_in_good_band"]


def test_the_first_edit_everyone_makes(write):
    own = "version: 1\nextends: builtin\nmetrics:\n  clv_cac_ratio: {override: true, target: 4:1}\n"
    folder = write({"metrics.yaml": own})
    assert check_definitions(folder)[1] == ()
    metric = load_catalog(folder).metrics["clv_cac_ratio"]
    said = [verdict(metric, value) for value in (1.0, 2.66, 2.67, 3.99, 4.0, 5.0, 5.01)]
    assert [b.status for b in said] == ["critical", "warn", "warn", "warn", "ok", "ok", "info"]
    assert [b.label["en"] for b in said[1:5]] == ["Below target", "Slim profit", "Slim profit", "On target"]


def test_a_target_that_leaves_a_band_no_values_spoils_no_rule(write):
    """Under 6:1 no ratio is ``ok`` any more, but rules and their tests may go on to speak of it."""
    own = "version: 1\nextends: builtin\nmetrics:\n  clv_cac_ratio: {override: true, target: 6:1}\n"
    rule = """\
version: 1
rules:
  fine: {severity: low, when: clv_cac_ratio.status = "ok", finding: fine}
"""
    folder = write({"metrics.yaml": own})
    assert check_definitions(folder)[1] == ()
    catalog, found = check_definitions(write({"lifecycle_rules/convert.yaml": rule}))
    assert catalog is not None
    assert "never_fires" in {d.code for d in found}
    assert {d.severity for d in found} == {"warning"}


def test_statuses_are_those_that_some_value_can_get():
    tables = [written(NPS)]
    assert statuses_of(possible_bands(tables, "higher", [None])) == ("ok", "critical")
    assert statuses_of(possible_bands(tables, "higher", [Target(5, "5")])) == ("ok", "warn", "critical")
    assert statuses_of(possible_bands(tables, "higher", [Target(0, "0")])) == ("ok", "critical")
    assert statuses_of(possible_bands([()], "lower", [None])) == ()


@pytest.mark.parametrize("factor", ["2/3", "0.66", "1.5", "1/3", "0.1", "0.7"])
def test_edges_of_the_target_are_exact_to_15_digits(factor):
    """As a fraction would have it, whatever binary makes of the product."""
    for target in (3, 4, 0.05, 57, 1.1, 400):
        (band,) = bands_against(written(f"ok at least {factor} target"), "higher", Target(target, ""))
        edge = Fraction(factor) * Fraction(str(target))
        assert band.contains(float(edge))
        assert not band.contains(float(edge) * (1 - 1e-12))


def test_what_is_proven_of_rules_waits_for_definitions_without_errors(tmp_path):
    path = tmp_path / "metrics.yaml"
    path.write_text(
        "version: 1\nextends: builtin\nmetrics:\n  clv_cac_ratio: {override: true, target: '3:one'}\n",
        encoding="utf-8",
    )
    _, found = check_definitions(path)
    assert [d.message.code for d in found] == ["bad_amount"]
