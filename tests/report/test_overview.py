"""The first screen: what it shows of the demo, of a bad file and of a folder, and that it always fits."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from metricsheet.api import evaluate, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.cli.main import main
from metricsheet.language import LANGUAGES
from metricsheet.report import render_html, render_markdown, render_text, render_xlsx
from metricsheet.report.columns import width
from metricsheet.report.comparison import compare
from metricsheet.report.data.csv import render_comparison_csv
from metricsheet.report.overview import overview
from metricsheet.report.style import PARTS, TextStyle
from metricsheet.report.text.overview import MOST_LINES
from tests.report import golden_files, samples
from tests.stages import some

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported:UserWarning")

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "acme_lifecycle.xlsx"
BAD = """Customer,NPS score,Revenue,Odd one
1,3,€ 100,x
2,4,$ 200,y
3,eleven,¥ 300,z
"""
BRANCHES = {
    "north": (1000, 30, 40, 20000),
    "south": (800, 90, 10, 30000),
    "east": (500, 10, 25, 5000),
    "west": (400, None, 20, 8000),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog("builtin")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def branches(folder: Path) -> None:
    """Write a small workbook of figures for each branch; one lacks a column."""
    for name, (start, lost, new, cost) in BRANCHES.items():
        head = ["Customers at start", "Customers lost", "New customers", "Marketing cost", "Selling cost"]
        cells = [start, lost, new, cost, cost // 2]
        kept = [n for n, cell in enumerate(cells) if cell is not None]
        text = "\n".join(",".join(str(row[n]) for n in kept) for row in (head, cells))
        (folder / f"branch_{name}.csv").write_text(text + "\n", "utf-8")


def screen(files: list[str], catalog: Catalog, cells: int = 80, **options: object) -> str:
    card = evaluate(files, metrics=catalog, **options)
    return render_text(replace(card, definitions_path="metrics.yaml"), catalog, TextStyle(width=cells))


def checked(text: str, cells: int) -> None:
    lines = text.rstrip("\n").split("\n")
    assert len(lines) <= MOST_LINES
    assert max(map(width, lines)) <= cells


def without_digest(text: str, catalog: Catalog) -> str:
    return text.replace(catalog.digest[:8], "00000000")


@pytest.mark.parametrize(("name", "options"), [("demo", {}), ("demo_quarter", {"period": "quarter"})])
def test_the_demo(name: str, options: dict[str, object], here: Path, catalog: Catalog) -> None:
    shutil.copy(DEMO, here / "acme_lifecycle.xlsx")
    text = screen(["acme_lifecycle.xlsx"], catalog, **options)
    golden_files.check(f"screen_{name}.txt", without_digest(text, catalog))
    assert len(text.splitlines()) <= 30
    away = here / "a folder with a long name" / "acme_lifecycle.xlsx"
    away.parent.mkdir()
    shutil.copy(DEMO, away)
    assert screen([str(away)], catalog, **options).splitlines()[1:] == text.splitlines()[1:]
    pool = screen([str(away), "acme_lifecycle.xlsx"], catalog, pool=True, only="nps")
    assert pool.startswith("acme_lifecycle.xlsx + acme_lifecycle.xlsx")
    checked(text, 80)


def test_a_bad_file_asks_and_shows_no_figure(here: Path, catalog: Catalog) -> None:
    Path("bad.csv").write_text(BAD, "utf-8")
    text = screen(["bad.csv"], catalog)
    golden_files.check("screen_bad.txt", without_digest(text, catalog))
    assert "Odd one" not in text


def test_a_folder(here: Path, catalog: Catalog) -> None:
    branches(here)
    text = screen(["."], catalog, only=["churn_rate", "cac"])
    golden_files.check("screen_folder.txt", without_digest(text, catalog))
    assert "1 lacks customers_lost: branch_west.csv" in text


@pytest.mark.parametrize(("cells", "language"), some(product([80, 100, 120, 200], LANGUAGES), test=4))
def test_it_fits_in_every_language_and_width(
    cells: int, language: str, here: Path, catalog: Catalog, demo_card: Callable[[str], Any]
) -> None:
    for card in (demo_card(language), samples.quarterly(language), samples.hostile()):
        known = catalog if card is demo_card(language) else samples.catalog(language)
        checked(render_text(card, known, TextStyle(width=cells)), cells)


@pytest.fixture(scope="module")
def demo_card(catalog: Catalog) -> Callable[[str], Any]:
    return cache(
        lambda language: evaluate(DEMO, metrics=catalog, period="quarter", by=("Segment",), language=language)
    )


@pytest.mark.parametrize(("sources", "problems"), some(product([1, 2, 60], [0, 1, 3, 400]), test=3))
def test_it_fits_however_much_there_is(sources: int, problems: int) -> None:
    card = samples.quarterly()
    for cells in (80, 133):
        many = replace(
            card,
            results=tuple(replace(r, source=f"{r.source} {n}") for n in range(sources) for r in card.results),
            findings=tuple(
                replace(f, source=f"{f.source} {n}") for n in range(sources) for f in card.findings
            ),
            problems=tuple(
                replace(p, code=f"{p.code}{n}") for n in range(problems) for p in card.problems[:1]
            ),
        )
        text = render_text(many, samples.catalog(), TextStyle(width=cells))
        checked(text, cells)
        assert ("(--show inputs)" in text) == (len(overview(many, samples.catalog()).asks) > 3)


def test_a_kind_of_problem_is_told_once_with_its_count() -> None:
    card = samples.quarterly()
    first = card.problems[0]
    others = (replace(first, message=first.message.also(cells=n)) for n in range(6))
    many = replace(card, problems=(first, *others))
    asks = [ask for ask in overview(many, samples.catalog()).asks if ask.message == first.message]
    assert [ask.count for ask in asks] == [7]
    assert "(+6)" in render_text(many, samples.catalog())


def test_problems_stand_by_kind_and_table() -> None:
    card = samples.quarterly()
    first = replace(card.problems[0], metrics=())
    several = (
        first,
        replace(first, message=first.message.also(cells=1)),
        replace(first, table="another"),
        first,
    )
    asks = overview(replace(card, problems=several), samples.catalog()).asks
    assert sorted(ask.count for ask in asks if ask.message == first.message) == [1, 2]


def test_notices_and_notes_stand_in_the_full_report_alone() -> None:
    card = samples.quarterly()
    notice = replace(card.problems[0], code="told_quietly")
    told = replace(card, problems=(), notices=(notice,))
    assert "told_quietly" not in render_text(told, samples.catalog())
    assert str(notice.message)[:20] not in render_text(told, samples.catalog())
    for part in ("inputs", "all"):
        assert "told_quietly" in render_text(told, samples.catalog(), TextStyle(show=(part,)))


def test_one_overview_feeds_every_format() -> None:
    card, catalog = samples.quarterly(), samples.catalog()
    whole = replace(card, results=tuple(r for r in card.results if not r.slice))
    found = overview(whole, catalog)
    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(whole, catalog)))["Overview"]
    shown = {
        "text": render_text(whole, catalog, TextStyle(width=160)),
        "markdown": render_markdown(whole, catalog),
        "html": render_html(whole, catalog),
        # numbers are numbers there, in the format of their unit
        "xlsx": " ".join(
            str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None
        ),
    }
    assert len(found.headline) > 3
    assert found.findings
    for name, text in shown.items():
        plain = " ".join(unescape(text).split())
        for result in found.headline[:6]:
            assert result.label in plain, name
            assert (str(result.value) if name == "xlsx" else result.display) in plain, name
        assert found.findings[0][0].text in plain, name
        assert found.findings[0][0].recommend[0] in plain, name


def test_headline_metrics_can_be_chosen(here: Path) -> None:
    Path("metrics.yaml").write_text(
        "version: 1\nextends: builtin\nmetrics:\n  cac: {override: true, headline: true}\n", "utf-8"
    )
    own = load_catalog("metrics.yaml")
    card = evaluate(DEMO, metrics=own)
    assert [result.metric for result in overview(card, own).headline] == ["cac"]
    card = evaluate(DEMO, metrics=own, only=["cpc", "nps"])
    assert {result.metric for result in overview(card, own).headline} == {"cpc", "nps"}


# comparison -----------------------------------------------------------------------------------------------


def test_the_comparison_is_worst_first_and_holds_every_source(here: Path, catalog: Catalog) -> None:
    branches(here)
    card = evaluate(".", metrics=catalog, only=["churn_rate", "cac"])
    rows = list(csv.DictReader(io.StringIO(render_comparison_csv(card, catalog))))
    assert {row["source"] for row in rows} == {f"branch_{name}.csv" for name in BRANCHES}
    for row in rows:
        start, lost, new, cost = BRANCHES[row["source"].removeprefix("branch_").removesuffix(".csv")]
        assert float(row["cac"]) == pytest.approx((cost + cost // 2) / new)
        assert row["churn_rate"] == "" if lost is None else float(row["churn_rate"]) == lost / start
    assert rows[-1]["source"] == "branch_west.csv"
    assert "customers_lost" in rows[-1]["churn_rate reason"]


def test_slices_are_compared_with_the_whole_below() -> None:
    from metricsheet.report.arrangement import arrange

    card = samples.quarterly()
    found = compare(arrange(card, samples.catalog()))
    assert found is not None
    assert [row.slice for row in found.wholes] == [{}]
    badness = [
        [
            [row.cells[m].status for m in found.metrics if m in row.cells].count(s)
            for s in ("critical", "warn")
        ]
        for row in found.rows
    ]
    assert badness == sorted(badness, reverse=True)


def test_columns_that_do_not_fit_follow_in_a_table_of_their_own() -> None:
    card, catalog = samples.quarterly(), samples.catalog()
    text = render_text(card, catalog, TextStyle(width=80, show=("comparison",)))
    found = overview(card, catalog).comparison
    assert found is not None
    flat = "".join(text.split())
    for metric in found.metrics:
        for row in found.rows:
            if metric in row.cells and row.cells[metric].value is not None:
                assert row.cells[metric].display.replace("\xa0", "") in flat
    checked(text, 80)


# command line ---------------------------------------------------------------------------------------------


def test_a_bare_file_is_evaluated(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("survey.csv").write_text("NPS score\n" + "10\n" * 40, "utf-8")
    assert main(["evaluate", "survey.csv"]) == 0
    said = capsys.readouterr().out
    assert main(["survey.csv"]) == 0
    assert capsys.readouterr().out == said


def test_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--only", "nps"]) == 0
    assert "Net Promoter Score (NPS)" in capsys.readouterr().out


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_shown(part: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    branches(here)
    assert main(["evaluate", ".", "--metrics", "builtin", "--show", part]) == 0
    assert capsys.readouterr().out.strip() or part == "findings"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--show", "finding"], "did you mean 'findings'?"),
        (["--show", "nothing_like_it"], "parts are"),
        (["--show", "rules", "--format", "csv"], "one table of a CSV file"),
        (["--show", "findings,comparison", "--format", "csv"], "one table of a CSV file"),
    ],
)
def test_parts_that_there_are_not(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(DEMO), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_show_chooses_the_table_of_a_csv_file(here: Path) -> None:
    branches(here)
    assert main(["evaluate", ".", "--metrics", "builtin", "--show", "comparison", "-o", "x.csv"]) == 0
    assert Path("x.csv").read_text("utf-8-sig").startswith("source,")
    assert not Path("x.findings.csv").exists()


def test_unused_columns_come_with_lines_that_bind_them(here: Path, catalog: Catalog) -> None:
    Path("odd.csv").write_text("NPS score,Custmers lost\n" + "9,1\n" * 30, "utf-8")
    text = render_text(evaluate("odd.csv", metrics=catalog), catalog, TextStyle(show=("inputs",)))
    assert '--map "customers_lost=Custmers lost"' in text
    assert "also:" in text
