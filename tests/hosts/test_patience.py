"""A spreadsheet that does not answer is asked twice, and says so once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.libreoffice import Formula, Page, answers


def test_a_libreoffice_that_computes_nothing_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = tmp_path / "tries"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho try >> {tries}\necho no display\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    found = answers([Page("one", Formula("1+1"), {}), Page("two", Formula("2"), {})], tmp_path)
    assert tries.read_text().split() == ["try", "try"]
    with pytest.raises(pytest.fail.Exception, match="no display"):
        found["one"]
    with pytest.raises(pytest.skip.Exception):
        found["two"]
