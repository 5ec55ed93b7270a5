"""The whole text that a person sees for files with mistakes.

After a change of wording, ``UPDATE_GOLDEN=1 pytest tests/catalog/test_bad_files.py`` writes the texts anew:
read the difference before you keep it.
"""

import os
import sys
from pathlib import Path

import pytest

from metricsheet.prepared import check_definitions

BAD = Path(__file__).parent / "bad"
CASES = {
    "yaml": "yaml.yaml",
    "shape": "shape.yaml",
    "inputs": "inputs.yaml",
    "derived": "derived.yaml",
    "tables": "tables.yaml",
    "names": "names.yaml",
    "bands": "bands.yaml",
    "examples": "examples.yaml",
    "campaigns": "campaigns.yaml",
    "extends": "extends",
    "rules": "rules",
    "packs": "packs",
    "languages": "languages",
}
PACKS = {"packs": ["saas", "sass"], "languages": ["saas"]}


@pytest.mark.parametrize("jsonschema", [True, False], ids=["", "without jsonschema"])
@pytest.mark.parametrize("name", CASES)
def test_text(name, jsonschema, monkeypatch):
    monkeypatch.chdir(BAD)
    if not jsonschema:
        monkeypatch.setitem(sys.modules, "jsonschema", None)
    catalog, found = check_definitions(CASES[name], benchmarks=PACKS.get(name, ()))
    assert catalog is None
    text = "\n\n".join(diagnostic.render() for diagnostic in found) + "\n"
    golden = BAD / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_problem_has_a_place_and_says_what_was_expected(name, monkeypatch):
    monkeypatch.chdir(BAD)
    _, found = check_definitions(CASES[name])
    for diagnostic in found:
        assert diagnostic.place is not None
        assert str(diagnostic.message)[0].islower() or str(diagnostic.message)[0] in "'{"
        assert not str(diagnostic.message).endswith(".")
        assert not str(diagnostic.hint or "").endswith(".") or str(diagnostic.hint or "").endswith("...")
