"""Places: of keys and values, in every way to write them, and of a character inside a text."""

import pytest

from metricsheet.catalog.yaml.tree import place_in_text
from metricsheet.errors import Diagnostic
from metricsheet.language.message import Message
from tests.catalog.conftest import LOADERS, read

FILE = """\
# the file
größe: {länge: 5, 高さ: "x"}
list:
  - one
  -   two
  - {k: v}
text: >-
  folded
  text
"""


@pytest.mark.parametrize("loader", LOADERS)
def test_keys_and_values_know_where_they_are(loader):
    root, problems = read(FILE, loader)
    assert not problems.found
    at = {}
    for key, value in root.items():
        at[key] = (str(root.key_place(key)), str(root.place(key)))
        if isinstance(value, dict):
            at |= {k: (str(value.key_place(k)), str(value.place(k))) for k in value}
        if isinstance(value, list):
            at |= {f"{key}.{i}": str(value.place(i)) for i in range(len(value))}
    assert at == {
        "größe": ("file.yaml:2:1", "file.yaml:2:8"),
        "länge": ("file.yaml:2:9", "file.yaml:2:16"),
        "高さ": ("file.yaml:2:19", "file.yaml:2:23"),
        "list": ("file.yaml:3:1", "file.yaml:4:3"),
        "list.0": "file.yaml:4:5",
        "list.1": "file.yaml:5:7",
        "list.2": "file.yaml:6:5",
        "text": ("file.yaml:7:1", "file.yaml:7:7"),
    }


@pytest.mark.parametrize(
    ("written", "text", "inside"),
    [
        ("a: SUM(x) / y", "SUM(x) / y", "y"),
        ('a: "SUM(x) / y"', "SUM(x) / y", "y"),
        ("a: 'it''s y'", "it's y", "y"),
        ('a: "say \\"hi\\" y"', 'say "hi" y', "y"),
        ("a: >\n  SUM(x)\n  / y", "SUM(x) / y", "y"),
        ("a: >-\n\n  SUM(x)\n    / y", "\nSUM(x)\n  / y", "y"),
        ("a: |\n  SUM(x)\n  / y", "SUM(x)\n/ y", "y"),
        ("a: SUM(x)\n   / y", "SUM(x) / y", "y"),
        ("b: y\na:\n  SUM(x)\n   / y", "SUM(x) / y", "y"),
        ("a: {b: c}\nd: {a: SUM(x) / y}", "SUM(x) / y", "y"),
        ('a: "große Öffnung y"', "große Öffnung y", "y"),
    ],
)
def test_a_character_inside_a_text_is_found_again(written, text, inside):
    root, _ = read(written)
    block = root.get("d", root)
    assert block["a"] == text
    place = place_in_text(block.place("a"), text, text.rindex(inside))
    assert place.source.line(place.line)[place.column - 1] == inside
    assert written.count("\n", 0, written.rindex(inside)) + 1 == place.line


def test_what_cannot_be_seen_is_a_dot_beside_the_caret():
    _, problems = read("a: \x1b[31m\tx")
    shown = problems.in_order()[0].render()
    assert "\x1b" not in shown
    assert "a: ·[31m·x" in shown


def test_the_caret_stands_under_its_column_after_wide_letters():
    root, _ = read("推奨度: 高い値")
    first, line, caret, *_ = Diagnostic(Message("nothing"), root.place("推奨度")).render().split("\n")
    assert first == "file.yaml:1:6: error[nothing]: nothing"
    assert line == "    1 | 推奨度: 高い値"
    assert caret == "      |         ^"
