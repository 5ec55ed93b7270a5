"""The whole text that a person sees for files with mistakes.

After a change of wording, ``UPDATE_GOLDEN=1 pytest tests/catalog/test_bad_files.py`` writes the texts anew:
read the difference before you keep it.
"""

import os
from pathlib import Path

import pytest

from metricsheet.catalog.load import check_catalog
from metricsheet.rules.check import check_rules

BAD = Path(__file__).parent / "bad"
CASES = {
    "yaml": "yaml.yaml",
    "shape": "shape.yaml",
    "inputs": "inputs.yaml",
    "names": "names.yaml",
    "bands": "bands.yaml",
    "examples": "examples.yaml",
    "extends": "extends",
    "rules": "rules",
    "packs": "packs",
}


@pytest.mark.parametrize("name", CASES)
def test_text(name, monkeypatch):
    monkeypatch.chdir(BAD)
    catalog, found = check_catalog(
        CASES[name], benchmarks=["saas", "sass"] if name == "packs" else (), checks=[check_rules]
    )
    assert catalog is None
    text = "\n\n".join(diagnostic.render() for diagnostic in found) + "\n"
    golden = BAD / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_problem_has_a_place_and_says_what_was_expected(name, monkeypatch):
    monkeypatch.chdir(BAD)
    _, found = check_catalog(CASES[name])
    for diagnostic in found:
        assert diagnostic.place is not None
        assert diagnostic.message[0].islower() or diagnostic.message[0] in "'{"
        assert not diagnostic.message.endswith(".")
        assert not (diagnostic.hint or "").endswith(".") or (diagnostic.hint or "").endswith("...")
