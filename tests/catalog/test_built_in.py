"""The definitions that come with the package."""

import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.catalog.definitions import STAGES
from metricsheet.catalog.find import built_in_definitions
from metricsheet.prepared import check_definitions

FILES = built_in_definitions()


def test_nothing_is_wrong_with_them():
    catalog, found = check_definitions(FILES.metrics, benchmarks=list(FILES.packs))
    assert [d.render() for d in found if d.severity == "error"] == []
    assert catalog is not None


def test_every_stage_has_rules():
    assert {path.stem for path in FILES.rules} == {*STAGES, "advice"}


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml here")
def test_both_scanners_of_pyyaml_give_the_same(monkeypatch):
    catalog = load_catalog(FILES.metrics, benchmarks=list(FILES.packs))
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert load_catalog(FILES.metrics, benchmarks=list(FILES.packs)) == catalog
