"""Files made to hurt: each is refused with a code, in few steps, and without growing in memory."""

import tracemalloc

import pytest

from metricsheet.catalog.problems import MOST_SHOWN
from metricsheet.catalog.yaml import events, reader
from metricsheet.catalog.yaml.reader import MOST_BYTES
from tests.catalog.conftest import LOADERS, read
from tests.stages import STAGE, cases
from tests.steps import at_most


def many(deep: int, test: int | None = None) -> int:
    """Return a size: all of it in ``make deep``, else ``test`` or a tenth, where growth shows as well."""
    return cases(deep, test or deep // 10)


BOMBS = {
    "alias of an alias": (
        "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(many(2000))),
        "anchor",
    ),
    "nine to the ninth": (
        "a: &a [l, l, l]\n"
        + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{'*' + chr(97 + i)}]\n" for i in range(9)),
        "alias",
    ),
    "merge of a merge": (
        "a: &a {k: 1}\n" + "".join(f"b{i}: {{<<: [*a, *a]}}\n" for i in range(many(1000))),
        "merge_key",
    ),
    "contains itself": ("a: &a [*a]\n", "alias"),
    "lists in lists": ("a: " + "[" * many(100_000), "nested_too_deep"),
    "blocks in blocks": ("a: " + "{a: " * many(50_000), "nested_too_deep"),
    "indented for ever": ("".join(" " * i + "a:\n" for i in range(many(1500, 500))), "nested_too_deep"),
    "dashes for ever": ("- " * many(500_000), "nested_too_deep"),
    "a million values": ("a: [" + "1," * many(900_000, 11_000) + "]", "too_many_values"),
    "a million keys": ("".join(f"k{i}: 1\n" for i in range(many(150_000, 11_000))), "too_many_values"),
    "too many bytes": ("a: " + "x" * MOST_BYTES, "file_too_large"),
    "one problem a line": ("".join(f"k{i}: > 3\n" for i in range(many(100_000, 3_000))), "needs_quotes"),
    "one comment a line": ("".join(f"k{i}: a #3\n" for i in range(many(40_000, 3_000))), "hash_in_text"),
    "the same key": ("a: 1\n" * many(40_000, 3_000), "duplicate_key"),
    "only tabs": ("\t" * many(1_900_000), "tab"),
    "a tab a line": ("\tx: 1\n" * many(300_000), "tab"),
    "only zeros": ("\0" * many(1_900_000), "invisible_character"),
    "a quote never closed": ('a: "' + "x\n" * 900_000, "unclosed_quote"),
    "colons": ("a" + ": " * many(900_000), None),
    "question marks": ("? " * many(500_000), "key_not_text"),
    "one long key": ("a" * many(1_900_000) + ": 1", None),
    "backslashes": ('a: "' + "\\q" * many(400_000) + '"', "bad_escape"),
    "quotes": ("a: " + '"x" ' * many(400_000), "text_after_quote"),
}


# read again and again up to a limit, and that takes a while
SLOW = {"a quote never closed"} if STAGE == "test" else set()


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in SLOW])
def test_is_refused_at_once(name, monkeypatch):
    for module in (events, reader):
        monkeypatch.setattr(module, "MOST_VALUES", many(events.MOST_VALUES))
    text, code = BOMBS[name]
    with at_most(10 * len(text) + 10_000):
        _, problems = read(text)
    assert problems.found
    assert code is None or code in {d.code for d in problems.found}
    assert len(problems.found) <= MOST_SHOWN


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    "name", ["alias of an alias", "merge of a merge", "contains itself", "nine to the ninth"]
)
def test_nothing_is_expanded(name, loader):
    tracemalloc.start()
    read(BOMBS[name][0], loader)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


def test_the_last_line_says_how_many_problems_are_not_shown():
    _, problems = read("".join(f"k{i}: 0{i}1\n" for i in range(MOST_SHOWN + 30)))
    found = problems.in_order()
    assert len(found) == MOST_SHOWN + 1
    assert found[-1].code == "too_many_problems"
    assert "30 more" in str(found[-1].message)
