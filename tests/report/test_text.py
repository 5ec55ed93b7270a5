"""The text report: golden files in five languages, and what must hold for every report."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from metricsheet.evaluation.result import Trend
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message
from metricsheet.language.words import term
from metricsheet.report import render_text
from metricsheet.report.columns import width
from metricsheet.report.style import TextStyle
from metricsheet.report.text.page import Page
from tests.report import golden_files, samples

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("language", LANGUAGES)
def test_golden(language):
    text = samples.full_text(
        samples.quarterly(language), samples.catalog(language, benchmarks=True), TextStyle(width=100)
    )
    golden_files.check(f"quarterly_{language}.txt", text)


@pytest.mark.parametrize("cells", [80, 140])
def test_golden_widths(cells):
    golden_files.check(
        f"quarterly_en_{cells}.txt",
        samples.full_text(samples.quarterly(), samples.catalog(), TextStyle(width=cells)),
    )


def test_golden_ascii():
    text = samples.full_text(
        samples.quarterly("it"),
        samples.catalog("it", benchmarks=True),
        TextStyle(width=100, encoding="ascii"),
    )
    golden_files.check("quarterly_it_ascii.txt", text)


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("€5 ¥5 ₺5 ₪5", "ascii", "EUR5 JPY5 TRY5 ILS5"),
        ("CN¥300 CA$7", "ascii", "CNY300 CA$7"),
        ("CN¥300 €5", "latin-1", "CN¥300 EUR5"),
        ("CN¥300 ₪4", "utf-8", "CN¥300 ₪4"),
    ],
)
def test_currencies_on_a_console_without_their_signs(text, encoding, shown):
    assert Page(TextStyle(encoding=encoding)).safe(text) == shown


def test_golden_plain():
    golden_files.check("plain_en.txt", samples.full_text(samples.plain(), samples.catalog()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cells", [80, 100, 123, 160])
def test_no_line_is_wider_than_the_page(language, cells):
    text = samples.full_text(
        samples.quarterly(language), samples.catalog(language, benchmarks=True), TextStyle(width=cells)
    )
    assert max(width(line) for line in text.split("\n")) <= cells
    assert not any(line.endswith(" ") for line in text.split("\n"))


def test_a_narrow_terminal_gets_80_columns():
    card, catalog = samples.quarterly(), samples.catalog()
    assert samples.full_text(card, catalog, TextStyle(width=20)) == samples.full_text(
        card, catalog, TextStyle(width=80)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_colour_adds_nothing_but_colour(language):
    card, catalog = samples.quarterly(language), samples.catalog(language, benchmarks=True)
    coloured = samples.full_text(card, catalog, TextStyle(colour=True))
    bare = [line.rstrip() for line in ANSI.sub("", coloured).split("\n")]
    assert bare == samples.full_text(card, catalog).split("\n")
    assert "\x1b[" not in samples.full_text(card, catalog)
    assert "\x1b[32m● " in coloured


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_aligned_by_cells_not_letters(language):
    lines = samples.full_text(
        samples.quarterly(language), samples.catalog(language), TextStyle(width=140)
    ).split("\n")
    starts = set()
    for line in lines:
        if line[:1] in "●▲✖○◆" or line.startswith(term("findings", language)):
            continue
        for sign in ("● ", "▲ ", "✖ ", "○ ", "◆ "):
            place = line.find(sign)
            if place > 20 and re.match(r"\S", line[place + 2 :]):
                starts.add(width(line[:place]))
    assert len(starts) == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932", "iso8859-9", "no-such-encoding"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poor_stream_can_show_everything(language, encoding):
    text = samples.full_text(
        samples.quarterly(language), samples.catalog(language, benchmarks=True), TextStyle(encoding=encoding)
    )
    text.encode("ascii" if encoding == "no-such-encoding" else encoding)
    assert max(width(line) for line in text.split("\n")) <= 100


def test_every_metric_is_named_with_its_value_or_its_reason():
    text = samples.full_text(samples.quarterly(), samples.catalog(), TextStyle(width=160))
    flat = " ".join(text.split())
    for result in samples.quarterly().results:
        assert result.label in flat
        if result.value is None and not result.reason.startswith("no column found"):
            assert " ".join(result.reason.split()) in flat
    assert "Open rate" in flat
    assert "delivered" in flat
    assert "churn_above_target" in flat


def test_statuses_can_be_told_without_colour():
    text = samples.full_text(samples.quarterly(), samples.catalog())
    for shown in ("● ok", "▲ at risk", "✖ critical", "◆ info", "○ few data", "· no target", "– no data"):
        assert shown in text


def test_findings_say_what_since_when_compared_why_and_what_first():
    text = samples.full_text(samples.quarterly(), samples.catalog())
    block = text[text.index("acquisition_outpaces_value") : text.index("touch_point_gap")]
    for part in (
        "CLV:CAC is 2.4:1 (target 3:1) while CAC rose to $319.",
        "Q2 2024 – Q4 2024",
        "CLV to CAC ratio 2.4:1; target 3:1 (-0.6); 2.7:1 before (Q3 2024)",
        "clv_cac_ratio < 3:1: 2.4:1 < 3:1",
        '✓ cac.trend = "rising": rising',
        "1. Move budget",
        "2. Score leads",
    ):
        assert part in block
    severities = [
        text.index(rule) for rule in ("nps_negative", "acquisition_outpaces_value", "touch_point_gap")
    ]
    assert severities == sorted(severities)
    assert "low_effort_score: missing: ces" in text
    assert "covered by acquisition_outpaces_value" in text
    assert "--map revenue=" in text


def test_other_definitions_are_named_with_their_values():
    card = samples.quarterly()
    flags = samples.result("churn_rate_flags", 0.2654, "no_target", period=samples.QUARTERS[-1])
    card = replace(card, results=(*(r for r in card.results if r.metric != "churn_rate_flags"), flags))
    assert "Other definition: Churn rate from flags 26.5%" in samples.full_text(card, samples.catalog())


def test_inputs_that_were_not_found_are_named_with_what_was_looked_for():
    why = Message("not_bound.looked_for", input="delivered", looked_for="Delivered, 到達数, …")
    ambiguous = Message("ambiguous", input="opens", candidates=("Mail!B", "Mail!F"))
    results = (
        samples.result("open_rate", None, "no_data", why=ambiguous, error="#N/A"),
        samples.result("click_rate", None, "no_data", why=why, error="#N/A"),
    )
    card = replace(samples.plain(), results=results)
    text = " ".join(samples.full_text(card, samples.catalog()).split())
    assert f"Open rate: #N/A {ambiguous}" in text
    assert "Delivered e-mails (delivered) (looked for: Delivered, 到達数, …)" in text


def test_a_change_that_is_there_does_not_read_as_none():
    series = (0.0159, 0.01593)
    card = replace(
        samples.plain(),
        results=(
            replace(
                samples.result("open_rate", series[1], "no_target", series=series, period="2024-Q4"),
                trend=Trend(series[0], "2024-Q3", series[1] - series[0], "rising"),
            ),
        ),
    )
    assert "↑ +0.003\u00a0pp" in samples.full_text(card, samples.catalog())


def test_many_slices_show_the_worst_and_say_how_many_more():
    slices = tuple(
        samples.result("nps", 50.0 - i, "ok" if i < 49 else "critical", slice_={"Region": f"R{i}"}, n=40)
        for i in range(50)
    )
    text = samples.full_text(replace(samples.plain(), results=slices), samples.catalog())
    assert "R49 " in text
    assert "… 30 more in json, csv and xlsx" in text


def test_several_sources_each_have_their_part():
    card = samples.plain()
    other = tuple(replace(r, source="Other.csv") for r in card.results)
    text = samples.full_text(replace(card, results=card.results + other), samples.catalog())
    assert text.count("Net Promoter Score (NPS)") == 2
    assert "Sources      Northwind customers.xlsx, Other.csv" in text
    assert text.index("\nOther.csv\n") > text.index("\nNorthwind customers.xlsx\n")


def test_older_newest_periods_are_dated():
    results = (
        samples.result("nps", 10.0, "ok", period="2024-Q2"),
        samples.result("cac", 300.0, "no_target", period="2024-Q4"),
    )
    text = samples.full_text(replace(samples.plain(), results=results), samples.catalog())
    assert re.search(r"NPS\)\s+10\.0.*\n  Q2 2024 · More promoters", text)


def test_no_catalog_and_nothing_at_all():
    assert "NPS" in samples.full_text(samples.quarterly())
    empty = replace(samples.plain(), results=())
    assert samples.full_text(empty).startswith("Customer scorecard\nDefinitions  metrics.yaml")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_text_from_a_workbook_cannot_steer_the_terminal(encoding):
    text = samples.full_text(samples.hostile(), samples.catalog(), TextStyle(encoding=encoding))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert max(width(line) for line in text.split("\n")) <= 100


def test_another_language_than_the_evaluation_was_asked_in():
    text = samples.full_text(samples.plain("en"), samples.catalog(), TextStyle(language="de"))
    assert "26,5\u00a0%" in text
    assert "Kunden-Scorecard" in text
    assert term("title", "xx") == "Customer scorecard"


def test_a_comparison_of_one_source_says_that_there_is_none():
    alone = replace(samples.quarterly(), results=samples.quarterly().results[:1])
    text = render_text(alone, samples.catalog(), TextStyle(show=("comparison",)))
    assert text.startswith("nothing to compare: give several files, or slice with ")
