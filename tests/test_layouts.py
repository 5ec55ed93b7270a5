"""Files of one layout are bound once: the same bytes as when each is bound by itself."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from metricsheet import api
from metricsheet.binding.bind import bind
from metricsheet.binding.choose import choose as choose_binding
from metricsheet.binding.layouts import Layouts
from metricsheet.files.read import read_book
from metricsheet.one_source import Work
from metricsheet.report.data.json import as_json
from tests.real_data import DATA
from tests.stages import cases, in_deep, seeds, some

LANGUAGES = {
    "en": ("Month", "Customers at start", "Customers lost", "New customers"),
    "ja": ("月", "期初顧客数", "解約顧客数", "新規顧客数"),
    "tr": ("Ay", "Dönem başı müşteri", "Kaybedilen müşteri", "Yeni müşteri"),
    "it": ("Mese", "Clienti iniziali", "Clienti persi", "Nuovi clienti"),
    "de": ("Monat", "Kunden am Anfang", "Verlorene Kunden", "Neukunden"),
}
BRANCHES = cases(40, 15)
KEYS = ("customers_at_start", "customers_lost", "new_customers")


def branch_rows(number: int) -> list[list[Any]]:
    dice = random.Random(number)
    rows: list[list[Any]] = []
    for month in range(1, 5 + number % 8):
        start = dice.randint(400, 900)
        rows.append([date(2024, month, 1), start, dice.randint(0, 60), dice.randint(0, 90)])
    return rows


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks of five languages: every seventh has a title, and every ninth lacks a column."""
    folder = tmp_path_factory.mktemp("branches")
    for number in range(BRANCHES):
        language = list(LANGUAGES)[number % 5]
        with xlsxwriter.Workbook(folder / f"branch_{number:02}_{language}.xlsx") as book:
            sheet, day = book.add_worksheet("KPI"), book.add_format({"num_format": "yyyy-mm-dd"})
            top = 2 if number % 7 == 0 else 0
            if top:
                sheet.write(0, 0, f"Branch {number}")
            wide = 3 if number % 9 == 0 else 4
            sheet.write_row(top, 0, LANGUAGES[language][:wide])
            for at, row in enumerate(branch_rows(number), top + 1):
                sheet.write_datetime(at, 0, pd.Timestamp(row[0]).to_pydatetime(), day)
                sheet.write_row(at, 1, row[1:wide])
    return folder


def text_of(paths: Any, **how: Any) -> str:
    try:
        card = api.evaluate(paths, **how)
    except api.UnfitOptionsError as error:
        card = error.scorecard
    return json.dumps(as_json(card, card.catalog), ensure_ascii=False, sort_keys=True)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Evaluate as ``text_of`` does, each file by itself."""

    def evaluated(paths: Any, **how: Any) -> str:
        with monkeypatch.context() as changed:
            changed.setattr(Work, "layouts", None)
            changed.setattr(Work, "_unbound", None)
            return text_of(paths, **how)

    return evaluated


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the books that were bound in full."""
    names: list[str] = []

    def told(layout: Any, *given: Any, **how: Any) -> Any:
        names.append(layout.book.name)
        return choose_binding(layout, *given, **how)

    monkeypatch.setattr("metricsheet.binding.layouts.choose", told)
    return names


@in_deep
def test_branches_of_five_languages(branches: Path, alone: Callable[..., str], chosen: list[str]) -> None:
    files = sorted(branches.iterdir())
    assert text_of(files) == alone(files)
    # of each language those with all columns, with a title, and without a column
    layouts_there = {(n % 5, n % 7 == 0, n % 9 == 0) for n in range(BRANCHES)}
    assert api.evaluate(files, only="churn_rate").layouts == len(layouts_there)
    random.Random(4).shuffle(files)
    assert text_of(files) == alone(files)
    chosen.clear()
    text_of(files)
    assert len(chosen) == len(layouts_there)


CHURN: dict[str, Callable[[Any], float]] = {
    "churn_rate": lambda frame: 1 - (1 - frame["customers_lost"] / frame["customers_at_start"]).prod(),
    "churn_rate_mean": lambda frame: frame["customers_lost"].sum() / frame["customers_at_start"].sum(),
}


@pytest.mark.parametrize("metric", some(CHURN, test=1))
def test_comparison_of_branches(branches: Path, metric: str) -> None:
    """Every cell of the one comparison is what pandas makes of its workbook; no workbook is missing."""
    frame = api.evaluate(branches, only=metric, settings={"chained": "yes"}).to_frame("comparison")
    found = frame.set_index(frame["source"].map(lambda name: Path(name).name))
    assert sorted(found.index) == sorted(path.name for path in branches.iterdir())
    for path in branches.iterdir():
        number = int(path.name[7:9])
        sheet: Any = pd.read_excel(path, engine="openpyxl", header=2 if number % 7 == 0 else 0)
        sheet.columns = ["month", *KEYS[: len(sheet.columns) - 1]]
        assert found.loc[path.name, metric] == pytest.approx(CHURN[metric](sheet), rel=1e-12)


TRAITS: dict[str, tuple[Callable[[random.Random, int], Any], ...]] = {
    "Customer id": (lambda d, n: f"C{n}", lambda d, n: f"C{n % 3}", lambda d, n: n),
    "Score": (
        lambda d, n: d.randint(0, 10),
        lambda d, n: d.randint(1, 5),
        lambda d, n: d.choice(["good", "bad"]),
        lambda d, n: round(d.random() * 100, 2),
    ),
    "Date": (
        lambda d, n: f"2024-{1 + n % 12:02}-03",
        lambda d, n: ("Jan", "Feb", "Mar")[n % 3],
        lambda d, n: n,
    ),
    "Status": (
        lambda d, n: d.choice(["active", "cancelled"]),
        lambda d, n: d.choice(["yes", "no"]),
        lambda d, n: d.choice(["red", "blue"]),
    ),
    "Amount": (lambda d, n: d.randint(1, 900), lambda d, n: f"{d.randint(1, 900)} EUR", lambda d, n: ""),
    "Customers lost": (lambda d, n: d.randint(0, 9), lambda d, n: d.choice([0, 1]), lambda d, n: "n/a"),
    "Customers at start": (lambda d, n: d.randint(50, 90), lambda d, n: f"{d.randint(5, 9)}%"),
}


def random_files(seed: int, folder: Path) -> Iterator[Path]:
    """Write files of a few sets of headers, whose cells answer what binding asks in several ways."""
    dice = random.Random(seed)
    sets = [dice.sample(list(TRAITS), dice.randint(2, 5)) for _ in range(2)]
    for number in range(cases(14, 6)):
        headers = dice.choice(sets)
        ways = [
            dice.choice(TRAITS[header][:2] if dice.random() < 0.8 else TRAITS[header]) for header in headers
        ]
        lines = [",".join(headers)]
        for row in range(dice.choice([1, 2, 6, 9])):
            lines.append(",".join("" if dice.random() < 0.03 else str(way(dice, row)) for way in ways))
        if dice.random() < 0.15:
            lines.append(",".join(["Total", *(str(dice.randint(1, 99)) for _ in headers[1:])]))
        path = folder / f"{number:02}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        yield path


def test_few_decisions_are_kept_however_many_answers_differ(tmp_path: Path) -> None:
    """Each is tried on the next book, so that more of them would make a folder take longer for every file."""
    catalog, layouts, dice = api.load_catalog(), Layouts(), random.Random(1)
    headers = ["Customer id", "Score", "Status", "Customers lost", "Customers at start"]
    for bits in range(32):
        ways = [TRAITS[header][-1 if bits >> n & 1 else 0] for n, header in enumerate(headers)]
        lines = [",".join(headers), *(",".join(str(way(dice, row)) for way in ways) for row in range(6))]
        path = tmp_path / f"{bits}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        bind(catalog, read_book(path), layouts=layouts)
    assert max(len(alike) for alike in layouts._decided.values()) == 4


@pytest.mark.parametrize("seed", seeds(15, 1))
def test_random_tables(seed: int, tmp_path: Path, alone: Callable[..., str], chosen: list[str]) -> None:
    files = list(random_files(seed, tmp_path))
    assert text_of(files) == alone(files)
    assert text_of(files, by="Status", period="month") == alone(files, by="Status", period="month")


@in_deep
def test_random_tables_share(tmp_path: Path, chosen: list[str]) -> None:
    """The cases of the test above do meet layouts again."""
    shared = 0
    for seed in seeds(5, 5):
        chosen.clear()
        files = list(random_files(seed, tmp_path))
        text_of(files)
        shared += len(files) - len(chosen)
    assert shared > 6


@pytest.mark.skipif(not DATA.exists(), reason="needs the shared data")
@pytest.mark.parametrize("name", some(["exports", "field", "hostile"], test=1))
def test_shared_data(name: str, alone: Callable[..., str]) -> None:
    files = [path for path in sorted((DATA / name).iterdir()) if path.suffix in (".csv", ".xlsx", ".txt")]
    files = some(files, 6)
    twice = [file for file in files for _ in range(2)]
    assert text_of({f"{n} {file.name}": file for n, file in enumerate(twice)}) == alone(
        {f"{n} {file.name}": file for n, file in enumerate(twice)}
    )
