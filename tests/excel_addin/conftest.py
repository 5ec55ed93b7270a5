"""Excel sessions shared by the tests of this folder: one process for each set of definitions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.excel_addin.excel import WITHOUT_PANDAS, Excel
from tests.stages import STAGE

TEST_METRICS = Path(__file__).parent / "metrics.yaml"


@pytest.fixture(scope="session")
def test_excel() -> Iterator[Excel]:
    """Excel with the small definitions of this folder."""
    with Excel(TEST_METRICS, **{WITHOUT_PANDAS: "1"}) as excel:
        yield excel


@pytest.fixture(scope="session")
def builtin_excel() -> Iterator[Excel]:
    """Excel with the definitions of the repository, and with pandas in deep."""
    with Excel(**({WITHOUT_PANDAS: "1"} if STAGE == "test" else {})) as excel:
        yield excel
