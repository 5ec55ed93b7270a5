import pytest
import yaml

from tests.catalog.conftest import LOADERS, read
from tests.catalog.yaml_refusals import REFUSED
from tests.catalog.yaml_traps import LOADS


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "meaning"), LOADS)
def test_keeps_its_meaning(text, meaning, loader):
    root, problems = read(text, loader)
    assert [d.render() for d in problems.found] == []
    assert root == meaning
    assert repr(root) == repr(meaning), "1 is not 1.0 and not true"


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_is_refused_with_place_and_fix(text, expected, loader):
    _, problems = read(text, loader)
    found = problems.in_order()
    assert [(d.code, f"{d.place.line}:{d.place.column}") for d in found] == [e[:2] for e in expected]
    for diagnostic, (_, _, fix) in zip(found, expected, strict=True):
        assert fix in str(diagnostic.hint)


def test_the_table_holds_what_plain_yaml_changes_without_a_word():
    """The reason for a loader of our own: what these lines become elsewhere."""
    silently = 0
    for text, *_ in [*LOADS, *REFUSED]:
        try:
            elsewhere = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError):
            continue
        root, problems = read(text)
        silently += bool(problems.found) or repr(root) != repr(elsewhere)
    assert silently >= 60


MANY = """\
version: 1
metrics:
  nps:
    when: >= 3
    label: CLV: CAC
    owner: @marketing
    range: [0, 1)
    formula: "x" / y
    stage:expand
    note: {nps} fell
    zip: 0123
    colour: #ff0000
    label: again
"""


@pytest.mark.parametrize("loader", LOADERS)
def test_one_run_shows_every_problem(loader):
    _, problems = read(MANY, loader)
    assert [(d.code, d.place.line) for d in problems.in_order()] == [
        ("needs_quotes", 4),
        ("colon_in_text", 5),
        ("needs_quotes", 6),
        ("half_open_range", 7),
        ("text_after_quote", 8),
        ("no_space_after_colon", 9),
        ("needs_quotes", 10),
        ("number_form", 11),
        ("hash_in_text", 12),
        ("duplicate_key", 13),
    ]


def test_lines_keep_their_numbers_while_earlier_ones_are_mended():
    _, problems = read("a: > 1\n" * 3 + "b:\n  c: 1\n    d: 2\n    e: 3\nf: [\n")
    assert [(d.code, d.place.line) for d in problems.in_order()][-2:] == [
        ("indentation", 6),
        ("unclosed_bracket", 8),
    ]


def test_of_two_equal_keys_the_first_counts_and_both_places_are_named():
    root, problems = read("a: 1\nb: 2\na: 3\n")
    assert root == {"a": 1, "b": 2}
    (diagnostic,) = problems.found
    assert diagnostic.related[0][0].line == 1
    assert "first written at file.yaml:1:1" in diagnostic.render()
