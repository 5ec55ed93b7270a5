"""Which definitions are in force, and how they are shown."""

import os
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.catalog import find
from metricsheet.catalog.find import find_definitions
from metricsheet.errors import DefinitionError
from metricsheet.prepared import check_definitions
from tests.stages import some

OWN = """\
version: 1
inputs: {a: {label: A}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a)}
"""


def test_the_nearest_file_at_or_above_the_working_directory(write, monkeypatch):
    folder = write({"metrics.yaml": OWN, "deep/er/x.txt": "", "other/metrics.yml": OWN})
    for place, shown in [("", "metrics.yaml"), ("deep/er", "../../metrics.yaml"), ("other", "metrics.yml")]:
        monkeypatch.chdir(folder / place)
        found = find_definitions()
        assert found.shown.replace(os.sep, "/") == shown
        assert load_catalog().path == found.shown


def test_start_can_be_given(write, monkeypatch):
    folder = write({"work/metrics.yaml": OWN})
    monkeypatch.chdir(folder)
    assert find_definitions(start=folder / "work").shown == os.path.join("work", "metrics.yaml")


def test_otherwise_the_built_in_ones(write, monkeypatch):
    folder = write({"x.txt": ""})
    monkeypatch.chdir(folder)
    found = find_definitions()
    assert found.built_in
    assert found.shown == "built-in/metrics.yaml"
    assert load_catalog().path == "built-in/metrics.yaml"


def test_a_path_is_shown_as_it_was_given(write, monkeypatch):
    folder = write({"mine/own.yaml": OWN, "mine/metrics.yaml": OWN})
    monkeypatch.chdir(folder)
    assert find_definitions("mine/own.yaml").shown == "mine/own.yaml"
    assert find_definitions(Path("mine")).shown == os.path.join("mine", "metrics.yaml")
    assert find_definitions(folder / "mine" / "own.yaml").shown == str(folder / "mine" / "own.yaml")


@pytest.mark.parametrize("path", ["nowhere.yaml", "nowhere/metrics.yaml", "empty"])
def test_a_path_that_leads_nowhere(write, monkeypatch, path):
    monkeypatch.chdir(write({"empty/x.txt": ""}))
    with pytest.raises(FileNotFoundError):
        find_definitions(path)
    with pytest.raises(DefinitionError) as raised:
        load_catalog(path)
    assert [d.code for d in raised.value.diagnostics] == ["file_not_found"]
    assert path in str(raised.value)


def test_an_installed_package_carries_its_own(write, monkeypatch):
    folder = write({"metricsheet/builtin/metrics.yaml": OWN, "metricsheet/catalog/find.py": ""})
    monkeypatch.setattr(find, "__file__", str(folder / "metricsheet" / "catalog" / "find.py"))
    found = find.built_in_definitions()
    assert found.metrics == folder / "metricsheet" / "builtin" / "metrics.yaml"


def test_a_file_that_cannot_be_read(write, monkeypatch):
    folder = write({"metrics.yaml": OWN})

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    catalog, found = check_definitions(folder)
    assert catalog is None
    assert [(d.code, "Permission denied" in str(d.message)) for d in found] == [("file_unreadable", True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (OWN.encode("utf-16"), None),
        (b"\xef\xbb\xbf" + OWN.encode(), None),
        (OWN.replace("\n", "\r\n").encode(), None),
        (OWN.replace("label: A", "label: Öl").encode("latin-1"), "not_utf8"),
        (b"\x00\x01\x02", "invisible_character"),
        (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe", "not_utf8"),
        (b"", "empty_file"),
        (b"\xff\xfe\x41", "not_utf8"),
    ],
)
def test_encodings(tmp_path, data, code):
    (tmp_path / "metrics.yaml").write_bytes(data)
    catalog, found = check_definitions(tmp_path)
    assert (catalog is not None) == (code is None)
    assert code is None or found[0].code == code


def test_a_byte_that_is_no_utf8_is_found(tmp_path):
    (tmp_path / "metrics.yaml").write_bytes(b"version: 1\ninputs:\n  a: {label: \xd6l}\n")
    _, found = check_definitions(tmp_path)
    assert (found[0].place.line, found[0].place.column) == (3, 14)
    assert "UTF-8" in str(found[0].hint)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("expand.yaml", None),
        ("expand.yml", None),
        ("retention.yaml", "unknown_stage"),
        ("Expand.yaml", "unknown_stage"),
        ("README.md", None),
        (".hidden.yaml", None),
        ("expand.yaml.bak", None),
    ],
)
def test_files_beside_the_rules(write, name, problem):
    rule = "version: 1\nrules: {low: {severity: low, when: total < 5, finding: x}}\n"
    catalog, found = check_definitions(write({"metrics.yaml": OWN, f"lifecycle_rules/{name}": rule}))
    assert [d.code for d in found] == ([problem] if problem else [])
    if catalog is not None:
        assert list(catalog.rules) == (
            ["low"] if name.startswith("expand.y") and not name.endswith("bak") else []
        )


def test_two_files_for_one_stage(write):
    rules = {f"lifecycle_rules/expand.{end}": "version: 1\nrules: {}\n" for end in ("yaml", "yml")}
    _, found = check_definitions(write({"metrics.yaml": OWN, **rules}))
    assert [d.code for d in found] == ["two_rule_files"]


DBT = "version: 2\n\nmetrics:\n  - name: revenue\n    label: Revenue\n"
# files called metrics.yaml of other programs
FOREIGN = {
    "dbt": DBT,
    "dbt without a version": DBT.partition("\n")[2],
    "dbt with the list not indented": "version: 2\nmetrics:\n- name: revenue\n",
    "dbt, comments between": "# ours\nmetrics: # all of them\n\n  # first\n  - name: revenue\n",
    "dbt in one line": "version: 2\nmetrics: [{name: revenue}]\n",
    "dbt with a quoted key": '"version": 2\n"metrics":\n  - name: revenue\n',
    "dbt of Windows": DBT.replace("\n", "\r\n"),
    "semantic models": "version: 2\nsemantic_models:\n  - name: orders\n",
    "a chart": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
}
# files of ours, right or wrong: their mistakes must be reported, not passed over
OURS = {
    "right": OWN,
    "empty": "",
    "only a version": "version: 1\n",
    "no version": OWN.partition("\n")[2],
    "another version": OWN.replace("version: 1", "version: 2"),
    "metrics as a list": "version: 1\nmetrics:\n  - nps\n",
    "metrics as a list beside inputs": "version: 2\ninputs: {a: {label: A}}\nmetrics:\n  - nps\n",
    "a key misspelt": "version: 1\nmetric:\n  nps: {}\n",
    "only an extension": "extends: builtin\n",
    "nothing under metrics": "metrics:\n",
    "not YAML": "metrics: {\n",
    "not text": "\x00\x01",
}


@pytest.mark.parametrize("case", FOREIGN)
def test_definitions_of_other_programs_are_passed_over(write, monkeypatch, case):
    folder = write({"metrics.yaml": FOREIGN[case], "models/x.txt": ""})
    monkeypatch.chdir(folder / "models")
    found = find_definitions()
    assert found.built_in
    assert [Path(name).as_posix() for name in found.passed_over] == ["../metrics.yaml"]


@pytest.mark.parametrize("case", some(FOREIGN, test=2))
def test_the_catalog_says_what_was_passed_over(write, monkeypatch, case):
    folder = write({"metrics.yaml": FOREIGN[case], "models/x.txt": ""})
    monkeypatch.chdir(folder / "models")
    assert load_catalog().passed_over == find_definitions().passed_over != ()
    assert load_catalog("builtin").passed_over == ()


@pytest.mark.parametrize("case", OURS)
def test_mistakes_in_our_own_are_not_passed_over(write, monkeypatch, case):
    folder = write({"metrics.yaml": OURS[case]})
    monkeypatch.chdir(folder)
    found = find_definitions()
    assert (found.shown, found.passed_over) == ("metrics.yaml", ())


def test_ours_above_one_of_another_program(write, monkeypatch):
    folder = write({"metrics.yaml": OWN, "dbt/metrics.yaml": DBT, "dbt/metrics.yml": DBT, "dbt/x/y.txt": ""})
    monkeypatch.chdir(folder / "dbt" / "x")
    found = find_definitions()
    assert Path(found.shown).as_posix() == "../../metrics.yaml"
    assert [Path(name).as_posix() for name in found.passed_over] == ["../metrics.yaml", "../metrics.yml"]


def test_a_file_of_another_program_that_is_asked_for_is_reported(write):
    folder = write({"metrics.yaml": DBT})
    catalog, found = check_definitions(folder)
    assert catalog is None
    assert "wrong_version" in {d.code for d in found}


def test_builtin_is_a_word_and_a_path_leads_to_a_folder_of_that_name(write, monkeypatch):
    folder = write({"metrics.yaml": OWN, "builtin/metrics.yaml": OWN})
    monkeypatch.chdir(folder)
    assert find_definitions("builtin").built_in
    assert find_definitions("./builtin").shown == os.path.join("builtin", "metrics.yaml")


def test_the_keys_that_tell_ours_are_those_of_the_schema():
    from metricsheet.catalog.schema.metrics import METRICS_SCHEMA

    assert {*METRICS_SCHEMA["properties"]} - {"version"} == find.OUR_KEYS
