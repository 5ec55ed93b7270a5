"""The scorecard as Markdown: what it looks like, and that no text of the data becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from metricsheet.language import LANGUAGES
from metricsheet.report import render_markdown
from metricsheet.report.style import TextStyle
from metricsheet.report.text.markdown import inline, line
from tests.report import golden_files, samples

WIDE = TextStyle(width=160)


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language):
    text = samples.full_markdown(samples.quarterly(language), samples.catalog(language, benchmarks=True))
    golden_files.check(f"quarterly_{language}.md", text)


@pytest.mark.parametrize("name", ["plain", "hostile"])
def test_golden_of_other_cards(name):
    golden_files.check(f"{name}_en.md", samples.full_markdown(getattr(samples, name)(), samples.catalog()))


def test_several_sources_have_a_heading_each():
    card = samples.plain()
    other = tuple(replace(result, source="b|c.csv") for result in card.results)
    text = samples.full_markdown(replace(card, results=card.results + other), samples.catalog())
    heads = [row for row in text.split("\n") if row.startswith("#")]
    one = ["### Convert", "### Expand", "### Not computed"]
    assert heads == [
        *("# Customer scorecard", "## Comparison", f"## {samples.SOURCE}", *one),
        *("## b\\|c.csv", *one),
    ]


def test_of_many_slices_those_that_ask_for_action_are_shown():
    made = [("ok", f"ok {number}") for number in range(25)] + [("critical", "bad")]
    rows = [
        replace(samples.plain().results[0], slice={"Segment": name}, status=status) for status, name in made
    ]
    text = samples.full_markdown(replace(samples.plain(), results=tuple(rows)), samples.catalog())
    shown = [row for row in text.split("\n") if row.startswith("| Net Promoter Score (NPS): ")]
    assert len(shown) == 20
    assert shown[0].startswith("| Net Promoter Score (NPS): bad |")
    assert "… 6 more" in text


def test_everything_names_what_was_looked_for_and_every_rule():
    card, catalog = samples.quarterly(), samples.catalog()
    assert "churn_above_target" not in render_markdown(card, catalog)
    assert "churn_above_target" in samples.full_markdown(card, catalog)


def test_a_language_of_its_own():
    text = samples.full_markdown(samples.plain("en"), samples.catalog(), TextStyle(language="de"))
    assert "| Kennzahl | Wert |" in text


# the same strings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_those_of_the_text_report(language):
    card, catalog = samples.quarterly(language), samples.catalog(language)
    text = samples.full_text(card, catalog, WIDE).replace("\n", " ")
    compared = 0
    for row in samples.full_markdown(card, catalog).split("\n"):
        for cell in cells(row)[1:6] if row.startswith("| ") and "--" not in row else ():
            if re.search(r"\d", cell):
                assert cell in text
                compared += 1
    assert compared > 40


# nothing becomes markup -----------------------------------------------------------------------------------


def cells(row: str) -> list[str]:
    """Return the cells of a table's row, split as GitHub does: at bars without a backslash before them."""
    return [cell.strip() for cell in re.findall(r"((?:\\.|[^|\\])+)\|", row.removeprefix("|"))]


def test_a_table_keeps_its_columns_whatever_its_cells_hold():
    text = samples.full_markdown(samples.hostile(), samples.catalog())
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) == len(samples.EVIL) + 1  # and the comparison
    for table in tables:
        assert len({len(cells(row)) for row in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", r"a \| b"),
        ("a \\| b", r"a \\\| b"),
        ("`code`", r"\`code\`"),
        ("a\nb\r\n\x1b[31mc", r"a b \[31mc"),
        ("a\u202eb", "a b"),
        ("<script>", "&lt;script>"),
        ("</td>", "&lt;/td>"),
        ("<!-- x -->", "&lt;!-- x -->"),
        ("nps < 3 and <> 5", "nps < 3 and <> 5"),
        ("&lt;b> R&D & more", "&amp;lt;b> R&D & more"),
        ("[a](b) *c* ~~d~~", r"\[a\](b) \*c\* \~\~d\~\~"),
        ("churn_rate _x_ __y__", r"churn_rate \_x\_ \_\_y\_\_"),
        ("C:\\new", r"C:\\new"),
        ("-14.7", "-14.7"),
    ],
)
def test_markup_inside_a_line_is_escaped(text, shown):
    assert inline(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("> a", r"\> a"),
        ("  # a", r"\# a"),
        ("12. a", r"12\. a"),
        ("1) a", r"1\) a"),
        ("12.5 a", r"12\.5 a"),
        ("a # b", "a # b"),
    ],
)
def test_nothing_begins_a_block(text, shown):
    assert line(text) == shown


@pytest.mark.parametrize("evil", samples.EVIL)
def test_no_text_is_html_or_a_line_of_its_own(evil):
    text = inline(evil)
    assert "\n" not in text
    assert not re.search(r"<[A-Za-z/!?]", text)
    assert not re.search(r"(?<!\\)(\\\\)*[`|*\[\]]", text)
