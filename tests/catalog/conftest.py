"""Shared by the tests of definitions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.reader import read_bytes
from metricsheet.catalog.yaml.tree import Block

LOADERS = [pytest.param(yaml.SafeLoader, id="python")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))


def read(text: str, loader: object = None) -> tuple[Block | None, Problems]:
    """Return what a file with ``text`` holds, and its problems."""
    problems = Problems()
    return read_bytes("file.yaml", text.encode(), problems, loader=loader), problems


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Return a function that writes files, by path, into an empty folder and returns the folder."""

    def write_files(files: dict[str, str]) -> Path:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write_files
