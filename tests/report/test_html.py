"""The HTML report: everything inside, nothing let out of its text, small enough to send."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser

import pytest

from metricsheet.language import LANGUAGES
from metricsheet.records import replace
from metricsheet.report import render_html
from metricsheet.report.html import charts
from metricsheet.report.overview import overview
from metricsheet.report.style import TextStyle
from tests.report import samples

VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The tags of a page with their attributes, its text, and what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.data = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.data = self.data or data
        elif "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(card=None, language=None) -> Page:
    return Page(render_html(card or samples.quarterly(), samples.catalog(), TextStyle(language=language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_overview_holds(language):
    card, catalog = samples.quarterly(language), samples.catalog(language)
    shown = Page(render_html(card, catalog, TextStyle(language=language)))
    assert shown.open == []
    assert ("html", {"lang": language}) in shown.tags
    told = overview(card, catalog)
    told_in = " ".join(shown.text.split())
    for group in told.findings:
        assert " ".join(group[0].text.split()) in told_in
        assert all(advice in told_in for advice in group[0].recommend)
    for result in (*told.headline, *told.moved, *told.still):
        assert " ".join(result.label.split()) in told_in
        assert " ".join(result.display.split()) in told_in


def test_nothing_is_fetched_and_the_json_is_inside():
    card = samples.quarterly()
    shown = page(card)
    for _, attributes in shown.tags:
        assert not {"src", "srcset", "style", "onclick", "onload"} & attributes.keys()
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in render_html(card, samples.catalog())
    inside = json.loads(gzip.decompress(base64.b64decode(shown.data)))
    newest = {(r.metric, tuple(r.slice.items())): r.value for r in card.results if r.judged}
    found = {(r["metric"], tuple(r["slice"].items())): r["value"] for r in inside["results"]}
    assert found.items() <= newest.items()
    assert len(found) == len({(r.metric, tuple(r.slice.items())) for r in card.results})


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<b>&amp;", "\"'><img src=x>", "{{ title }}", "]]>"]
)
def test_texts_from_outside_stay_texts(text):
    card = samples.quarterly()
    results = tuple(
        replace(r, label=text, notes=(text,), slice=dict.fromkeys(r.slice, text), formula=text, source=text)
        for r in card.results
    )
    findings = tuple(replace(f, text=text, recommend=(text,), source=text) for f in card.findings)
    shown = page(replace(card, results=results, findings=findings))
    plain = {tag for tag, _ in page(card).tags}
    assert {tag for tag, _ in shown.tags} <= plain
    assert " ".join(text.split()) in shown.text


def test_a_page_of_every_metric_and_eight_quarters_can_be_sent():
    card, catalog = samples.quarterly(), samples.catalog()
    newest = [r for r in card.results if r.trend is not None and not r.slice and r.period == "Q4 2024"]
    newest = newest or [r for r in card.results if r.trend is not None and not r.slice]
    many = [
        replace(
            newest[number % len(newest)],
            metric=f"metric_{number}",
            label=f"Metric {number}",
            period="2024-Q4",
        )
        for number in range(122)
    ]
    assert len(render_html(replace(card, results=tuple(many)), catalog).encode()) < 300_000


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (\S+?)(?=[ML]|$)", path)]


def test_a_history_is_drawn_to_scale_and_breaks_where_a_value_is_missing():
    drawn = charts.history(
        [("Q1", 10.0), ("Q2", 20.0), ("Q3", None), ("Q4", 15.0)], 20.0, lambda n: f"{n:g}", "Metric"
    )
    line = re.search(r'<path d="([^"]+)"', drawn)[1]
    (_, first), (_, second), (_, last) = points(line)
    assert line.count("M") == 2
    assert first > last > second
    assert last - second == pytest.approx((first - second) / 2, abs=1)
    target = re.search(r'class="target" d="M\d+ (\d+)', drawn)[1]
    assert float(target) == second


def test_bars_begin_at_zero_and_whiskers_span_the_interval():
    drawn = charts.bars(
        [charts.Bar("a", 10.0, "10", "ok", (5.0, 15.0)), charts.Bar("b", -5.0, "-5", "warn")], "Metric"
    )
    (x, wide), (below, less) = re.findall(r'<rect class="s-\w+" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    assert float(below) + float(less) == pytest.approx(float(x), abs=0.2)
    assert float(wide) == pytest.approx(2 * float(less), abs=0.2)
    first, last = map(float, re.search(r'class="whisker" x1="([\d.]+)" x2="([\d.]+)"', drawn).groups())
    assert last - first == pytest.approx(float(wide), abs=0.2)
    assert (first + last) / 2 == pytest.approx(float(x) + float(wide), abs=0.2)
