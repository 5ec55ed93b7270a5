"""docs/definitions.md: its examples load, and it has every key of the format."""

import re
from pathlib import Path

import pytest

from metricsheet.catalog.schema.schema import FILE_KINDS, schema
from metricsheet.evaluation.examples import run_examples
from metricsheet.prepared import check_definitions

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"(?m)^## ", PAGE)[1:]}
BLOCK = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("heading", [heading for heading, part in SECTIONS.items() if "```yaml" in part])
def test_examples_load(heading, write):
    files = dict(BLOCK.findall(SECTIONS[heading]))
    assert SECTIONS[heading].count("```yaml") == len(BLOCK.findall(SECTIONS[heading]))
    packs = [Path(name).stem for name in files if name.startswith("benchmark_packs")]
    catalog, found = check_definitions(write(files), benchmarks=packs)
    assert [d.render() for d in found if d.code != "missing_translation"] == []
    own = [
        key for key in catalog.metrics if not catalog.metrics[key].place.source.name.startswith("built-in")
    ]
    assert [
        f"{o.metric}: wanted {o.wanted}, got {o.got}" for o in run_examples(catalog, own) if not o.passed
    ] == []


def keys_of(part):
    for key, value in part.get("properties", {}).items():
        yield key
        yield from keys_of(value)
    for name in ("items", "additionalProperties"):
        if isinstance(part.get(name), dict):
            yield from keys_of(part[name])
    for inner in part.get("anyOf", []):
        yield from keys_of(inner)


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_key_is_explained(kind):
    whole = schema(kind)
    keys = {key for part in (whole, *whole["definitions"].values()) for key in keys_of(part)}
    assert sorted(key for key in keys if f"`{key}`" not in PAGE and f"`{key}:" not in PAGE) == []


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_word_of_a_choice_is_there(kind):
    def choices(part):
        yield from part.get("enum", [])
        for inner in part.values():
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    yield from choices(one)

    words = set(choices(schema(kind)))
    assert sorted(word for word in words if word not in PAGE and not word.startswith("#")) == []
