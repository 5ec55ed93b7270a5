import pytest

from metricsheet.api import load_catalog
from metricsheet.errors import DefinitionError
from metricsheet.prepared import check_definitions

OWN = """\
version: 1
inputs: {a: {label: A}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a)}
  share: {label: S, stage: expand, kind: outcome, unit: percent, better: higher, formula: a / 2}
"""
PACK = """\
version: 1
name: SaaS 2026
source: A survey
as_of: 2026-01-31
population: 500 companies
benchmarks:
  median: {metric: share, value: 5%, label: {en: Median, de: Median}, note: Mind the size}
  usual: {metric: share, low: 5%, high: 15%, source: Another, as_of: 2025-12-01, population: others}
  good: {metric: total, value: 50}
"""


def test_off_unless_asked(write):
    folder = write({"metrics.yaml": OWN, "benchmark_packs/saas.yaml": PACK})
    assert load_catalog(folder).benchmarks == ()


def test_figures_with_their_origin(write):
    folder = write({"metrics.yaml": OWN, "benchmark_packs/saas.yaml": PACK})
    median, usual, good = load_catalog(folder, benchmarks=["saas"]).benchmarks
    assert (median.name, median.metric, median.value, median.high, median.text) == (
        "median",
        "share",
        0.05,
        None,
        "5%",
    )
    assert (median.source, median.as_of, median.population) == ("A survey", "2026-01-31", "500 companies")
    assert (median.label, median.note) == ({"en": "Median", "de": "Median"}, {"en": "Mind the size"})
    assert (usual.value, usual.high, usual.text) == (0.05, 0.15, "5% – 15%")
    assert (usual.source, usual.as_of, usual.population) == ("Another", "2025-12-01", "others")
    assert (good.value, good.place.line) == (50.0, 9)


def test_a_path_works_as_well_as_a_name(write):
    folder = write({"metrics.yaml": OWN, "elsewhere/mine.yaml": PACK})
    path = str(folder / "elsewhere" / "mine.yaml")
    assert len(load_catalog(folder, benchmarks=[path]).benchmarks) == 3
    assert len(load_catalog(folder, benchmarks=[path, path]).benchmarks) == 3


def test_own_packs_stand_before_those_of_extended_files(write):
    folder = write(
        {
            "base/metrics.yaml": OWN,
            "base/benchmark_packs/saas.yaml": PACK,
            "base/benchmark_packs/b2b.yaml": PACK.replace("5%", "6%"),
            "own/metrics.yaml": "version: 1\nextends: ../base\n",
            "own/benchmark_packs/saas.yaml": PACK.replace("5%", "7%"),
        }
    )
    own = folder / "own"
    assert load_catalog(own, benchmarks=["saas"]).benchmarks[0].value == pytest.approx(0.07)
    assert load_catalog(own, benchmarks=["b2b"]).benchmarks[0].value == pytest.approx(0.06)


def test_one_name_twice_for_a_metric(write):
    folder = write({"metrics.yaml": OWN, "benchmark_packs/a.yaml": PACK, "benchmark_packs/b.yaml": PACK})
    _, found = check_definitions(folder, benchmarks=["a", "b"])
    assert [d.code for d in found] == ["already_defined"] * 3


def test_an_unknown_pack(write):
    folder = write({"metrics.yaml": OWN, "benchmark_packs/saas.yaml": PACK})
    with pytest.raises(DefinitionError) as raised:
        load_catalog(folder, benchmarks=["sass"])
    assert raised.value.diagnostics[0].code == "unknown_pack"
    assert str(raised.value.diagnostics[0].hint) == "did you mean 'saas'?"


@pytest.mark.parametrize("lost", ["source: A survey\n", "as_of: 2026-01-31\n", "population: 500 companies\n"])
def test_a_figure_without_origin_is_refused(write, lost):
    folder = write({"metrics.yaml": OWN, "benchmark_packs/saas.yaml": PACK.replace(lost, "")})
    _, found = check_definitions(folder, benchmarks=["saas"])
    assert {d.code for d in found} == {"bad_benchmark"}
    assert all(lost.split(":")[0] in str(d.message) for d in found)
