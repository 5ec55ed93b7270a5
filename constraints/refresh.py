"""Writes the versions that tests are run with: ``make constraints``.

``newest.txt`` holds the newest versions of everything that any extra asks for, ``lowest.txt`` the lowest ones
that ``pyproject.toml`` allows for the package and its tests, and what those need in turn. Run the tests
before you commit what changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOWEST_EXTRAS = ("fast", "test", "oracles")


def lowest(requirements: Iterable[str]) -> list[str]:
    """Return ``name==version`` for the lower bound of each requirement that has one."""
    found = []
    for requirement in requirements:
        bound = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?[^;]*?>=\s*([0-9.]+)", requirement)
        if bound:
            found.append(f"{bound[1]}=={bound[2]}")
    return found


def frozen(extras: Iterable[str], constraints: Iterable[str], folder: Path) -> list[str]:
    """Install the package with ``extras`` into a new environment and return the versions of all it needed."""
    wanted = folder / "wanted.txt"
    wanted.write_text("\n".join(constraints) + "\n", encoding="utf-8")
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    asked = f"{ROOT}[{','.join(extras)}]"
    subprocess.run([*pip, "install", "--quiet", "--constraint", str(wanted), asked], check=True)
    listed = subprocess.run(
        [*pip, "freeze", "--exclude", "metricsheet"], check=True, capture_output=True, text=True
    )
    return sorted(listed.stdout.split("\n"), key=str.casefold)


def write(name: str, about: str, versions: Iterable[str]) -> None:
    """Write a file of constraints, one version a line."""
    lines = [f"# {about}. Written by `make constraints`.", *filter(None, versions)]
    (ROOT / "constraints" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    bounds = lowest([*project["dependencies"], *(r for extra in LOWEST_EXTRAS for r in extras[extra])])
    with tempfile.TemporaryDirectory() as folder:
        write("newest.txt", "The newest versions that the tests pass with", frozen(extras, [], Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        versions = frozen(LOWEST_EXTRAS, bounds, Path(folder))
        write("lowest.txt", "The lowest versions that pyproject.toml allows", versions)


if __name__ == "__main__":
    sys.exit(main())
