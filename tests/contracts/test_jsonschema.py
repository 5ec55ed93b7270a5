"""What the explanations of shape errors read from jsonschema's errors: attributes, never sentences."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from jsonschema import Draft7Validator

from metricsheet.catalog.schema import explain
from metricsheet.catalog.schema.schema import schema

ANY_OF = {"anyOf": [{"type": "string"}, {"type": "object", "required": ["x", "y"]}]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"minimum": 1}, "b": ANY_OF},
    "required": ["a", "b"],
    "additionalProperties": False,
    "propertyNames": {"pattern": "^[a-z]$"},
}


def errors(value: object) -> list[Any]:
    return list(Draft7Validator(SCHEMA).iter_errors(value))


def test_a_missing_key_is_an_error_each_with_one_place() -> None:
    found = errors({})
    assert [error.validator for error in found] == ["required", "required"]
    assert {tuple(error.absolute_path) for error in found} == {()}
    assert {tuple(error.absolute_schema_path) for error in found} == {("required",)}
    assert found[0].validator_value == ["a", "b"]
    assert found[0].instance == {}


def test_an_error_knows_where_what_and_against_what() -> None:
    (error,) = errors({"a": 0, "b": ""})
    assert (error.validator, error.validator_value, error.instance) == ("minimum", 1, 0)
    assert list(error.absolute_path) == ["a"]
    assert list(error.absolute_schema_path) == ["properties", "a", "minimum"]
    assert error.schema == {"minimum": 1}


def test_branches_come_with_their_number() -> None:
    (error,) = errors({"a": 1, "b": {"x": 1}})
    assert error.validator == "anyOf"
    assert [(inner.schema_path[0], inner.validator) for inner in error.context] == [
        (0, "type"),
        (1, "required"),
    ]
    assert not error.context[0].relative_path


def test_names_of_keys_are_errors_of_the_whole() -> None:
    found = errors({"a": 1, "b": "", "?": 1})
    assert [error.validator for error in found] == ["additionalProperties", "pattern"]
    assert found[1].instance == "?"
    assert "propertyNames" in found[1].absolute_schema_path


@pytest.mark.parametrize("kind", ["metrics", "rules", "benchmarks"])
def test_every_keyword_of_the_schema_has_an_explanation(kind: Any) -> None:
    """So that no sentence of jsonschema's own is shown."""
    explained = {name[1:] for name, _ in inspect.getmembers(explain._Speaker, inspect.isfunction)}
    silent = {"$ref", "anyOf", "properties", "propertyNames", "items", "allOf", "if", "then", "else"}
    assert keywords(schema(kind)) <= explained | silent


def keywords(part: Any) -> set[str]:
    """Return the keywords of a schema that can be wrong."""
    notes = {"$schema", "$id", "title", "description", "examples", "default", "definitions", "format"}
    if not isinstance(part, dict):
        return set()
    found = set(part) - notes
    for key, inner in part.items():
        if key in ("properties", "definitions", "patternProperties"):
            for each in inner.values():
                found |= keywords(each)
        elif isinstance(inner, dict) and key not in ("const", "default"):
            found |= keywords(inner)
        elif isinstance(inner, list) and key in ("anyOf", "allOf", "oneOf"):
            for each in inner:
                found |= keywords(each)
    return found
