"""Metrics from rows, one per customer, subscription or answer, against independent computations in pandas."""

from __future__ import annotations

import contextlib
import io
import json
import random
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metricsheet.cli.main import main
from tests.stages import some

ROOT = Path(__file__).parents[2]


def results(path: Path, *options: str) -> list[dict[str, Any]]:
    """Evaluate through the command line and return the results of the JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        command = ["evaluate", str(path), "--metrics", str(ROOT / "metrics.yaml"), "--format", "json"]
        assert main([*command, *options]) == 0
    found: list[dict[str, Any]] = json.loads(out.getvalue())["results"]
    return found


def only(found: list[dict[str, Any]], metric: str, period: str | None = None) -> dict[str, Any]:
    ours = [r for r in found if r["metric"] == metric and r["period"] == period and not r["slice"]]
    assert len(ours) == 1, (metric, period, [r["reason"] for r in found if r["metric"] == metric])
    return ours[0]


def saved(frame: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_excel(path, index=False, engine="xlsxwriter")
    return path


FLAGS: dict[str, tuple[list[Any], list[Any]]] = {
    # what stands for lost, what for kept
    "yes and no": (["Yes", "yes", " YES "], ["No", "no"]),
    "ones and zeros": ([1], [0]),
    "true and false": ([True], [False]),
    "true and false in words": (["TRUE", "true"], ["FALSE", "False"]),
    "Japanese": (["はい", "○"], ["いいえ", "×"]),
    "Turkish": (["Evet", "EVET"], ["Hayır", "hayir"]),
    "Italian": (["Sì", "si"], ["No"]),
    "German": (["ja", "Ja"], ["nein"]),
}


@pytest.mark.parametrize(("kind", "suffix"), some(product(FLAGS, [".csv", ".xlsx"]), test=6))
def test_churn_from_flags(tmp_path: Path, kind: str, suffix: str) -> None:
    chance = random.Random(kind)
    lost, kept = FLAGS[kind]
    left = [chance.random() < 0.3 for _ in range(200)]
    rows: list[Any] = [chance.choice(lost if gone else kept) for gone in left]
    unknown = chance.sample(range(200), 7)
    for row in unknown:
        rows[row] = None
        left[row] = False
    prices = [chance.randrange(500, 9000) / 100 for _ in rows]
    frame = pd.DataFrame({"Customer ID": range(1000, 1200), "Churned": rows, "Monthly price": prices})
    found = results(saved(frame, tmp_path / f"customers{suffix}"))
    churn = only(found, "churn_rate_flags")
    assert churn["value"] == pytest.approx(sum(left) / 193)
    assert churn["n"] == 193
    assert churn["inputs"][0]["blank"] == 7
    known = pd.Series([row not in unknown for row in range(200)])
    gone = pd.Series(left)
    price = pd.Series(prices)
    assert only(found, "mrr_lost")["value"] == pytest.approx(price[gone & known].sum())
    assert only(found, "mrr_retained")["value"] == pytest.approx(price[~gone & known].sum())
    assert only(found, "mrr_listed")["value"] == pytest.approx(price[known].sum())


def subscriptions() -> pd.DataFrame:
    """Two years of customers; some start or leave on the first or last day of a month, some the same day."""
    chance = random.Random(7)
    rows = []
    for number in range(600):
        start = pd.Timestamp("2022-07-01") + pd.Timedelta(days=chance.randrange(730))
        if chance.random() < 0.1:
            start = start.replace(day=1)
        end = None
        if chance.random() < 0.6:
            end = start + pd.Timedelta(days=chance.choice([0, 3, 20, 31, 90, 200, 400]))
            if chance.random() < 0.1:
                end = end + pd.offsets.MonthEnd(0)
        rows.append((f"C{number}", start, end, chance.randrange(10, 200)))
    return pd.DataFrame(rows, columns=["Customer ID", "Start date", "End date", "Monthly price"])


def dates_oracle(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> dict[str, float]:
    """Follow every customer day by day, the way the sentence says it and not the way the formula does."""
    at_start = lost = came_and_left = 0
    revenue = 0.0
    for _, start, end, price in frame.itertuples(index=False):
        there_before = start < first and (pd.isna(end) or end >= first)
        left_inside = not pd.isna(end) and first <= end <= last
        at_start += there_before
        lost += there_before and left_inside
        came_and_left += first <= start <= last and left_inside
        revenue += price if start <= last and (pd.isna(end) or end > last) else 0
    return {
        "churn_rate_dates": lost / at_start,
        "new_lost_in_period": came_and_left,
        "mrr_by_dates": revenue,
        "n": at_start,
    }


@pytest.mark.parametrize(
    ("length", "suffix"), some(product(["month", "quarter", "year"], [".csv", ".xlsx"]), test=3)
)
def test_churn_from_dates_by_period(tmp_path: Path, length: str, suffix: str) -> None:
    frame = subscriptions()
    path = saved(frame, tmp_path / f"subscriptions{suffix}")
    found = results(path, "--period", length, "--from", "2023-01-01", "--to", "2024-06-30")
    for period in pd.period_range(
        "2023-01", "2024-06", freq={"month": "M", "quarter": "Q", "year": "Y"}[length]
    ):
        name = f"{period.year}-Q{period.quarter}" if length == "quarter" else str(period)
        right = dates_oracle(frame, period.start_time, period.end_time.normalize())
        churn = only(found, "churn_rate_dates", name)
        assert churn["value"] == pytest.approx(right["churn_rate_dates"])
        assert churn["n"] == right["n"]
        assert only(found, "new_lost_in_period", name)["value"] == right["new_lost_in_period"]
        assert only(found, "mrr_by_dates", name)["value"] == pytest.approx(right["mrr_by_dates"])


def test_churn_from_dates_between_two_days(tmp_path: Path) -> None:
    frame = subscriptions()
    path = saved(frame, tmp_path / "subscriptions.csv")
    found = results(path, "--from", "2023-02-10", "--to", "2023-05-09")
    right = dates_oracle(frame, pd.Timestamp("2023-02-10"), pd.Timestamp("2023-05-09"))
    assert only(found, "churn_rate_dates")["value"] == pytest.approx(right["churn_rate_dates"])
    assert only(found, "mrr_by_dates")["value"] == pytest.approx(right["mrr_by_dates"])
    assert only(found, "new_lost_in_period")["value"] == right["new_lost_in_period"]


def test_dates_without_a_period_say_what_they_need(tmp_path: Path) -> None:
    churn = only(results(saved(subscriptions(), tmp_path / "s.csv")), "churn_rate_dates")
    assert churn["value"] is None
    assert "--period" in churn["reason"]


def test_mrr_from_a_subscription_list(tmp_path: Path) -> None:
    chance = random.Random(3)
    states = ["active", "Active", "past_due", "Past due", "trialing", "canceled", ""]
    frame = pd.DataFrame(
        {
            "Subscription status": [chance.choice(states) for _ in range(300)],
            "Billing months": [chance.choice([1, 1, 1, 3, 12]) for _ in range(300)],
            "Subscription price": [chance.randrange(10, 2000) for _ in range(300)],
        }
    )
    paying = frame["Subscription status"].str.lower().isin(["active", "past_due", "past due"])
    right = (frame["Subscription price"] / frame["Billing months"])[paying].sum()
    for suffix in (".csv", ".xlsx"):
        found = results(saved(frame, tmp_path / f"list{suffix}"))
        assert only(found, "mrr_subscriptions")["value"] == pytest.approx(right)
        # rival definitions are named with the value, none of them invented from this list
        assert "mrr" in only(found, "mrr_subscriptions")["variants"]
        assert only(found, "mrr")["value"] is None


def nps_of(scores: list[int]) -> float:
    return (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores) * 100


@pytest.mark.parametrize("form", ["{0}", "{0}.0", "{0} - {1}", "{0} – {1}", "{0} ({1})", "{0}: {1}"])
def test_nps_from_answers_as_text(tmp_path: Path, form: str) -> None:
    chance = random.Random(form)
    words = {0: "Not at all likely", 10: "Extremely likely"}
    scores = [chance.choice([0, 3, 5, 6, 7, 8, 9, 9, 10, 10]) for _ in range(120)]
    # survey tools explain the ends of the scale only
    texts = [form.format(s, words.get(s, "")) if s in words or "{1}" not in form else str(s) for s in scores]
    frame = pd.DataFrame({"Likelihood to recommend": [*texts, "", "n/a"]})
    nps = only(results(saved(frame, tmp_path / "survey.xlsx")), "nps")
    assert nps["value"] == pytest.approx(nps_of(scores))
    assert nps["n"] == 120
    assert nps["inputs"][0]["read_from_text"] == 120
    numbers = pd.DataFrame({"Likelihood to recommend": scores})
    again = only(results(saved(numbers, tmp_path / "numbers.xlsx")), "nps")
    assert (again["value"], again["interval"]) == (nps["value"], nps["interval"])


SATISFIED = {
    "en": ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
    "ja": ["非常に不満", "不満", "どちらともいえない", "満足", "非常に満足"],
    "tr": ["Hiç memnun değilim", "Memnun değilim", "Kararsızım", "Memnunum", "Çok memnunum"],
    "it": ["Molto insoddisfatto", "Insoddisfatto", "Neutrale", "Soddisfatto", "Molto soddisfatto"],
    "de": ["Sehr unzufrieden", "Unzufrieden", "Neutral", "Zufrieden", "Sehr zufrieden"],
}
AGREED = {
    "en": ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
    "ja": ["全くそう思わない", "そう思わない", "どちらともいえない", "そう思う", "非常にそう思う"],
    "tr": ["Kesinlikle katılmıyorum", "Katılmıyorum", "Kararsızım", "Katılıyorum", "Kesinlikle katılıyorum"],
    "it": ["Per niente d'accordo", "In disaccordo", "Neutrale", "D'accordo", "Completamente d'accordo"],
    "de": [
        "Stimme überhaupt nicht zu",
        "Stimme nicht zu",
        "Teils teils",
        "Stimme zu",
        "Stimme voll zu",
    ],
}
WORDS = [
    (metric, header, language, scale)
    for metric, header, scales in (
        ("csat_top2box", "CSAT answer", SATISFIED),
        ("agreement_top2box", "Agreement", AGREED),
    )
    for language, scale in scales.items()
]


@pytest.mark.parametrize(
    ("metric", "header", "language", "scale"), WORDS, ids=[f"{w[0]} {w[2]}" for w in WORDS]
)
def test_share_of_answers_in_words(
    tmp_path: Path, metric: str, header: str, language: str, scale: list[str]
) -> None:
    chance = random.Random(language)
    answers = [chance.randrange(5) for _ in range(90)]
    frame = pd.DataFrame({header: [*(scale[a] for a in answers), None, "n/a"]})
    share = only(results(saved(frame, tmp_path / "answers.csv")), metric)
    assert share["value"] == pytest.approx(sum(a >= 3 for a in answers) / 90)
    assert share["n"] == 90


def test_dont_know_counts_or_not_and_the_notes_say_so(tmp_path: Path) -> None:
    scale = ["Extremely unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Extremely likely"]
    chance = random.Random(1)
    answers = [chance.randrange(5) for _ in range(80)]
    frame = pd.DataFrame({"FFT rating": [*(scale[a] for a in answers), *["Don't know"] * 20, None]})
    found = results(saved(frame, tmp_path / "fft.csv"))
    positive = sum(a >= 3 for a in answers)
    counted, left_out = only(found, "percent_positive"), only(found, "likelihood_top2box")
    assert (counted["value"], counted["n"]) == (pytest.approx(positive / 100), 100)
    assert (left_out["value"], left_out["n"]) == (pytest.approx(positive / 80), 80)
    assert "likelihood_top2box" in counted["variants"]
    assert "percent_positive" in left_out["variants"]
    assert any("know" in note for note in counted["notes"])
    assert any("left out" in note for note in left_out["notes"])
