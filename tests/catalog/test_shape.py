"""The JSON Schema, and who judges by it: the quick one of every run, jsonschema, and its stand-in."""

import copy
import random
from functools import cache

import pytest
from jsonschema import Draft7Validator

from metricsheet.catalog.find import find_definitions
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.accept import accepts, broken_entries
from metricsheet.catalog.schema.schema import FILE_KINDS, schema
from metricsheet.catalog.schema.violations import violations
from metricsheet.catalog.yaml.reader import read_bytes
from tests.catalog.conftest import read
from tests.catalog.shape_mistakes import METRIC, WRONG
from tests.stages import cases, seeds


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_the_schema_is_a_schema(kind):
    Draft7Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_an_editor_finds_a_description_of_every_key(kind):
    def keys(part, path):
        for key, value in part.get("properties", {}).items():
            yield (*path, key), value
            yield from keys(value, (*path, key))
        for inner in [part.get("items"), part.get("additionalProperties"), *part.get("anyOf", [])]:
            if isinstance(inner, dict):
                yield from keys(inner, path)

    whole = schema(kind)
    for part in (whole, *whole["definitions"].values()):
        for path, value in keys(part, ()):
            if (
                value not in [{"$ref": f"#/definitions/{n}"} for n in whole["definitions"]]
                or path[-1] in "value"
            ):
                assert value.get("description") or "$ref" in value, path


def built_in_files():
    files = find_definitions(None)
    yield "metrics", files.metrics
    yield from (("rules", path) for path in files.rules)
    yield from (("benchmarks", path) for path in files.packs.values())
    yield from (("translations", path) for _, path in files.translations)


def spoil(value, chance):
    """Change one thing somewhere in a tree: a value, a key, a kind, a length."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        if chance.random() < 0.75:
            value[key] = spoil(value[key], chance)
            return value
        match chance.randrange(3):
            case 0:
                del value[key]
            case 1:
                value[key + "x"] = value.pop(key)
            case 2:
                value["New Key"] = value[key]
        return value
    if isinstance(value, list) and value and chance.random() < 0.85:
        at = chance.randrange(len(value))
        value[at] = spoil(value[at], chance)
        return value
    others = [
        None,
        True,
        "",
        "text",
        0,
        -1,
        1.5,
        2,
        [],
        {},
        ["a"],
        {"en": "a"},
        {"de": "a"},
        "EUR",
        1,
        [[1]],
        "2020-01-01",
    ]
    return chance.choice(others)


@cache
def judged(kind, path):
    return read_bytes("f", path.read_bytes(), Problems()), Draft7Validator(schema(kind))


@pytest.mark.parametrize("seed", seeds(1000, 12))
def test_the_quick_judge_and_jsonschema_are_of_one_mind(seed):
    chance = random.Random(seed)
    kind, path = chance.choice(list(built_in_files()))
    root, validator = judged(kind, path)
    small = dict(root)
    for section in ("metrics", "inputs", "settings", "rules", "benchmarks"):
        if section in small:
            chosen = chance.sample(list(small[section]), min(3, len(small[section])))
            small[section] = {key: dict(small[section][key]) for key in chosen}
    assert validator.is_valid(small)
    assert accepts(kind)(small)
    for _ in range(cases(12, 3)):
        other = spoil(copy.deepcopy(plain(small)), chance)
        assert accepts(kind)(other) == validator.is_valid(other), other
        theirs, ours = (
            [*map(told, found)]
            for found in (validator.iter_errors(other), violations(validator.schema, other))
        )
        assert ours == theirs, other


def told(error):
    """Return what is asked of an error of jsonschema, or of one of ours."""
    paths = (error.absolute_path, error.relative_path, error.absolute_schema_path)
    branches = [(inner.schema_path[0], told(inner)) for inner in error.context]
    return (
        (error.validator, error.validator_value, error.instance, error.schema),
        [[*path] for path in paths],
        branches,
    )


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def test_a_keyword_that_the_quick_judge_does_not_know_is_an_error(monkeypatch):
    monkeypatch.setattr(
        "metricsheet.catalog.schema.accept.schema", lambda kind: {"uniqueItems": True, "definitions": {}}
    )
    accepts.cache_clear()
    with pytest.raises(ValueError, match="uniqueItems"):
        accepts("metrics")
    accepts.cache_clear()


@pytest.mark.parametrize(("kind", "text", "code", "place", "message", "hint"), WRONG)
def test_says_what_is_wrong(kind, text, code, place, message, hint):
    root, problems = read(text)
    assert problems.found == []
    broken_entries(kind, root, problems)
    found = {d.code: d for d in problems.in_order()}
    assert code in found, [d.render() for d in problems.in_order()]
    diagnostic = found[code]
    assert f"{diagnostic.place.line}:{diagnostic.place.column}" == place
    assert str(diagnostic.message).startswith("expected ")
    assert message in str(diagnostic.message)
    assert hint in str(diagnostic.hint or "")


def test_only_the_broken_entries_are_lost():
    text = f"version: 1\nmetrics:\n  good: {{{METRIC}}}\n  bad: {{{METRIC}, x: 1}}\n  Ugly: {{{METRIC}}}\n"
    root, problems = read(text)
    assert broken_entries("metrics", root, problems) == {
        ("metrics", "bad"): frozenset({"x"}),
        ("metrics", "Ugly"): frozenset(),
    }


def test_an_editor_completes_the_author_s_own_keys(write):
    from metricsheet.api import load_catalog

    folder = write(
        {"metrics.yaml": f"version: 1\ninputs: {{a: {{label: x}}}}\nmetrics: {{abc: {{{METRIC}}}}}\n"}
    )
    parts = schema("metrics", load_catalog(folder))["definitions"]
    assert parts["metric_key"]["enum"] == ["abc"]
    assert "enum" not in parts["setting_key"]
