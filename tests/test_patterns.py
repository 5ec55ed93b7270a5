"""Possessive groups mean the same in every version of Python: early ones of 3.11 misread them."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

import metricsheet
from metricsheet.patterns import _Late, atomic, late

RIGHT = sys.version_info >= (3, 11, 5)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"(?:ab)*+c", r"(?>(?:ab)*)c"),
        (r"(a(?:b)?+)++", r"(?>(a(?>(?:b)?))+)"),
        (r"(x){2,3}+", r"(?>(x){2,3})"),
        (r"a*+[)(]?+\)?+\\(b)?", r"a*+[)(]?+\)?+\\(b)?"),
        (r"[^]()]*+(a)*+", r"[^]()]*+(?>(a)*)"),
        (rb"(?:\xff)*+", rb"(?>(?:\xff)*)"),
    ],
)
def test_possessive_groups_are_written_as_atomic_ones(pattern: str, written: str) -> None:
    assert atomic(pattern) == written


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"(?:-?[0-9]++(?:\.[0-9]++)?+\n)*+\Z", "5.\n", False),
        (r"(?:-?[0-9]++(?:\.[0-9]++)?+\n)*+\Z", "5.1\n-2\n", True),
        (r"(?:ab)*+c", "ababac", False),
        (r"(?:ab)*+ac", "ababac", True),
    ],
)
def test_a_try_that_fails_half_way_takes_nothing(pattern: str, text: str, matches: bool) -> None:
    assert (late(pattern).match(text) is not None) is matches


PIECES = st.recursive(
    st.sampled_from(["a", "b", "ab", "[ab]", "a*+", "b?"]),
    lambda inner: st.builds(
        lambda first, second, often: f"(?:{first}{second}){often}",
        inner,
        inner,
        st.sampled_from(["?+", "*+", "++", "{1,2}+", "?", ""]),
    ),
    max_leaves=6,
)


@pytest.mark.skipif(not RIGHT, reason="this Python misreads the possessive form")
@given(PIECES, st.text("abc", max_size=12))
def test_both_forms_match_the_same(pattern: str, text: str) -> None:
    mine, theirs = (re.compile(one + "c?").match(text) for one in (atomic(pattern), pattern))
    assert (mine and mine.span()) == (theirs and theirs.span())


def test_every_pattern_of_the_package_can_be_written_so() -> None:
    seen = 0
    for found in pkgutil.walk_packages(metricsheet.__path__, "metricsheet."):
        if found.name.endswith("__main__") or (
            found.name == "metricsheet.mcp.server" and not find_spec("mcp")
        ):
            continue
        for one in vars(importlib.import_module(found.name)).values():
            if isinstance(one, _Late):
                text, flags = one._given
                text = text() if callable(text) else text
                written = atomic(text)
                if written != text:
                    seen += 1
                    mine, theirs = re.compile(written, flags), re.compile(text, flags)
                    assert mine.groups == theirs.groups
                    assert mine.groupindex == theirs.groupindex
    assert seen >= 5
