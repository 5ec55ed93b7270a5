"""The versions that tests are run with are those that ``pyproject.toml`` speaks of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = {
    key: [Requirement(text) for text in texts] for key, texts in PROJECT["optional-dependencies"].items()
}


def versions(name: str) -> dict[str, Version]:
    """Return the version of each library in a file of constraints, which holds nothing else."""
    found = {}
    for line in (ROOT / "constraints" / name).read_text(encoding="utf-8").splitlines()[1:]:
        match = re.fullmatch(r"([\w.-]+)==([\w.+-]+)", line)
        assert match, line
        found[canonicalize_name(match[1])] = Version(match[2])
    return found


def test_the_newest_versions_are_written_down_and_allowed() -> None:
    newest = versions("newest.txt")
    for asked in [*CORE, *(one for extra in EXTRAS.values() for one in extra if one.name != "metricsheet")]:
        assert asked.specifier.contains(newest[canonicalize_name(asked.name)]), asked


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    lowest = versions("lowest.txt")
    for asked in [*CORE, *EXTRAS["fast"], *EXTRAS["test"], *EXTRAS["oracles"]]:
        (bound,) = [one.version for one in asked.specifier if one.operator == ">="]
        assert lowest[canonicalize_name(asked.name)] == Version(bound), asked


@pytest.mark.parametrize("asked", CORE, ids=str)
def test_a_cap_is_only_on_what_is_known_by_its_sentences(asked: Requirement) -> None:
    capped = any(one.operator in ("<", "<=", "==", "~=") for one in asked.specifier)
    assert capped == (asked.name == "pyyaml")
