"""Reports where people open them: the HTML page in Chromium, the workbook printed by LibreOffice."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import shutil
import subprocess
import zipfile
from html import unescape
from pathlib import Path

import pytest

from metricsheet import evaluate
from metricsheet.api import load_catalog
from metricsheet.language import LANGUAGES
from metricsheet.report import render_html, render_xlsx
from metricsheet.report.style import TextStyle

pytestmark = pytest.mark.hosts

ROOT = Path(__file__).parents[2]
CATALOG = load_catalog(ROOT / "metrics.yaml")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium"
)
DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")


@pytest.fixture(scope="module")
def card():
    return evaluate(
        ROOT / "examples" / "acme_lifecycle.xlsx", metrics=CATALOG, period="quarter", by="Segment"
    )


def in_chromium(page: str, folder: Path, *options: str) -> str:
    """Return the document that Chromium makes of a page, with no network to ask."""
    path = folder / "page.html"
    path.write_text("<!doctype html>\n" + page, encoding="utf-8")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    command += [*options, "--virtual-time-budget=60000", "--dump-dom", path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout


@pytest.mark.parametrize("options", [(), DARK, ("--window-size=400,900",)], ids=["light", "dark", "phone"])
def test_axe_finds_no_fault(card, tmp_path, options):
    axe = Path(importlib.util.find_spec("axe_core_python").origin).with_name("axe.min.js").read_text("utf-8")
    ask = (
        "axe.run().then(r => { const p = document.createElement('pre'); p.id = 'axe';"
        "p.textContent = JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html)]));"
        "document.body.replaceChildren(p); })"
    )
    page = render_html(card, CATALOG).replace("<details", "<details open")
    document = in_chromium(
        page.replace("</body>", f"<script>{axe}</script><script>{ask}</script></body>"), tmp_path, *options
    )
    found = re.search(r'<pre id="axe">(.*?)</pre>', document, re.S)
    assert found is not None, document[:500]
    assert json.loads(unescape(found[1])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_searches_filters_and_sorts(card, tmp_path, language):
    ask = """
      const cards = [...document.querySelectorAll('details.metric')];
      const visible = () => cards.filter(card => card.offsetParent).length;
      const find = document.getElementById('find'), status = document.getElementById('status');
      const found = [visible()];
      find.value = 'nps'; find.dispatchEvent(new Event('input')); found.push(visible());
      find.value = ''; status.value = 'warn';
      status.dispatchEvent(new Event('change')); found.push(visible());
      document.querySelectorAll('table.heat th button')[1].click();
      const rows = [...document.querySelectorAll('table.heat tbody tr')];
      found.push(rows.map(row => Number(row.cells[1].dataset.sort)));
      found.push(document.documentElement.scrollWidth <= innerWidth);
      document.title = JSON.stringify(found);
    """
    page = render_html(card, CATALOG, TextStyle(language=language))
    document = in_chromium(page.replace("</body>", f"<script>{ask}</script></body>"), tmp_path)
    every, narrowed, warned, sorts, fits = json.loads(
        unescape(re.search(r"<title>(.*?)</title>", document)[1])
    )
    assert every > narrowed == 1
    assert warned == sum(r.status == "warn" for r in card.results if not r.slice and r.period == "2024-Q4")
    assert sorts == sorted(sorts)
    assert len(set(sorts)) > 1
    assert fits


def test_the_first_sheets_print_on_few_pages(card, tmp_path):
    whole = evaluate(ROOT / "examples" / "acme_lifecycle.xlsx", metrics=CATALOG, period="quarter")
    assert _printed(whole, tmp_path, 1) == 1
    assert _printed(whole, tmp_path, 4) <= 6


def _printed(card, folder: Path, sheets: int) -> int:
    """Return how many pages the first sheets of a scorecard take."""
    path = folder / f"first_{sheets}.xlsx"
    with zipfile.ZipFile(io.BytesIO(render_xlsx(card, CATALOG))) as made, zipfile.ZipFile(path, "w") as book:
        for name in made.namelist():
            text = made.read(name)
            if name == "xl/workbook.xml":
                later = len(re.findall(r"<sheet ", text.decode())) - sheets
                text = re.sub(
                    r'(Print_Area" localSheetId="(\d+)">[^!]+!)[^<]+',
                    lambda area: area[0] if int(area[2]) < sheets else f"{area[1]}$A$1",
                    text.decode(),
                ).encode()
            book.writestr(name, text)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, timeout=300, check=True)
    # of each later sheet only one cell is printed
    return len(re.findall(rb"/Type\s*/Page[^s]", path.with_suffix(".pdf").read_bytes())) - later
