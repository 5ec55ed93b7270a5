"""The example notebook, run by a kernel of its own: what it shows is what the scorecard says."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from metricsheet import evaluate
from tests.stages import in_deep

EXAMPLES = Path(__file__).parents[2] / "examples"

pytestmark = in_deep


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("notebook")
    shutil.copy(EXAMPLES / "acme_lifecycle.xlsx", made)
    return made


@pytest.fixture(scope="module")
def shown(folder: Path) -> list[dict[str, Any]]:
    """What each cell of code shows, by the kind of it; a cell that fails raises."""
    import nbclient
    import nbformat

    notebook = nbformat.read(EXAMPLES / "scorecard.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "it is kept without what it shows"
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return [
        {k: v for one in cell for k, v in (one.get("data") or {one.name: one.text}).items()}
        for cell in outputs
    ]


def test_the_notebook_shows_what_the_scorecard_says(shown: list[dict[str, Any]], folder: Path) -> None:
    card = evaluate(EXAMPLES / "acme_lifecycle.xlsx", by="Segment", period="quarter")
    overview, figures, findings, comparison, _ = shown
    page = unescape(re.search(r'srcdoc="(.*?)"', overview["text/html"], re.DOTALL)[1])  # type: ignore[index]
    fired = [f for f in card.findings if f.outcome == "fired" and not f.slice]
    assert fired[0].text in unescape(page)
    newest = [r for r in card.results if r.period == "2024-Q4" and not r.slice]
    judged = [r for r in newest if r.status in ("ok", "warn", "critical")]
    assert len(judged) > 2
    for result in judged:
        assert re.search(rf"{re.escape(result.label)}\s+{re.escape(result.display)}", figures["text/plain"])
    assert [line for line in findings["stdout"].split("\n") if line[:1].strip()] == [
        f"{finding.severity}: {finding.text}" for finding in fired[:3]
    ]
    for segment in ("Self-service", "Mid-market", "Enterprise"):
        assert segment in comparison["text/html"]
    assert (folder / "acme.html").read_text(encoding="utf-8").startswith("<!doctype html>")
