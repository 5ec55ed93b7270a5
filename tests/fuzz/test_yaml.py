"""Any text at all is either read or refused, and by both scanners of PyYAML alike."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import read

pytestmark = pytest.mark.fuzz

PIECES = [
    *[
        "a",
        "b:",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "'",
        "#",
        " #",
        "&",
        "*",
        "!",
    ],
    *[
        "|",
        ">",
        "%",
        "@",
        "?",
        "? ",
        "---",
        "...",
        "<<",
        "\t",
        "\u00a0",
        "\u3000",
        "1",
        "0",
        "017",
        "\\",
        "é",
    ],
    *["：", "\x00", "\u200b", "\r\n", "~", "yes", "(", ")", "="],
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_breaks_the_reader(text):
    root, problems = read(text)
    found = problems.in_order()
    assert root is not None or found
    for diagnostic in found:
        assert diagnostic.place.line >= 1
        assert diagnostic.place.column >= 1
        assert diagnostic.code in diagnostic.render()


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml here")
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_one_scanner_takes_the_other_takes_alike(text):
    """Where a text is refused the two may word the first problem differently; where it is read, never."""
    by_python, in_python = read(text, yaml.SafeLoader)
    by_libyaml, in_libyaml = read(text, yaml.CSafeLoader)
    assert bool(in_python.found) == bool(in_libyaml.found)
    if not in_python.found:
        assert repr(by_python) == repr(by_libyaml)
        assert by_python.values_at == by_libyaml.values_at
        assert by_python.keys_at == by_libyaml.keys_at
