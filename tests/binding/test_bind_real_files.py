"""Real files: which columns are found, and which are refused."""

from __future__ import annotations

from metricsheet.binding.bind import bind
from metricsheet.binding.pool import pool
from metricsheet.files.read import read_book
from metricsheet.reading.inputs import read_input
from tests.binding.binding_catalog import CATALOG
from tests.real_data import DATA, expected, needs_data

pytestmark = needs_data


def bound(name: str, mapping: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
    return bind(CATALOG, read_book(DATA / name, shown=name.rpartition("/")[2]), mapping)


def test_nps_of_three_channels() -> None:
    datasets = [bound(f"nps-three-channels/nps_{channel}.csv") for channel in ("email", "mobile", "web")]
    assert datasets[0].inputs["recommend_score"].where == "nps_email.csv!C2:C1953"
    pooled = pool(datasets)
    score = read_input(CATALOG.inputs["recommend_score"], pooled.inputs["recommend_score"].cells)
    right = expected("nps-three-channels", "nps pooled over the three files")
    assert score.used == right["n"]
    promoters = sum(c >= 9 for c in score.cells if isinstance(c, float))
    detractors = sum(c <= 6 for c in score.cells if isinstance(c, float))
    assert (promoters, detractors) == (right["promoters"], right["detractors"])
    table = pooled.tables[pooled.inputs["recommend_score"].table or ""]
    assert table.dates is not None
    assert set(table.columns["file"]) == {f"nps_{c}.csv" for c in ("email", "mobile", "web")}


def test_telco_flags_and_blank_amounts() -> None:
    dataset = bound("telco-churn/Telco-Customer-Churn.csv", {"revenue": "TotalCharges"})
    flags = read_input(CATALOG.inputs["churned"], dataset.inputs["churned"].cells)
    right = expected("telco-churn", "churn rate")
    assert sum(c == 1.0 for c in flags.cells) == right["churned"]
    assert flags.used == right["n"]
    charges = read_input(CATALOG.inputs["revenue"], dataset.inputs["revenue"].cells, text_only=True)
    assert charges.blank == expected("telco-churn", "blank (single space) TotalCharges rows")["value"]
    assert dataset.inputs["revenue"].table == dataset.inputs["churned"].table


def test_shop_flags_and_the_five_point_scale() -> None:
    dataset = bound("ecommerce-churn/E Commerce Dataset.xlsx")
    churned = dataset.inputs["churned"]
    assert churned.where == "E Commerce Dataset.xlsx!'E Comm'!B2:B5631"
    flags = read_input(CATALOG.inputs["churned"], churned.cells)
    assert sum(c == 1.0 for c in flags.cells) == expected("ecommerce-churn", "churn rate")["churned"]
    score = dataset.inputs["satisfaction_score"]
    refusal = read_input(CATALOG.inputs["satisfaction_score"], score.cells, header=score.header).refusal
    assert refusal is not None
    assert "1–5 scale" in str(refusal.message)


def test_title_row_and_headers_in_row_three() -> None:
    dataset = bound("title-row-header-row-3/clienti.xlsx")
    assert dataset.inputs["churned"].where == "clienti.xlsx!Clienti!Q4:Q4945"
    assert dataset.inputs["revenue"].where == "clienti.xlsx!Clienti!E4:E4945"
    revenue = read_input(CATALOG.inputs["revenue"], dataset.inputs["revenue"].cells)
    total = sum(c for c in revenue.cells if isinstance(c, (int, float)))
    right = expected("title-row-header-row-3", "revenue (sum Monetary)")["value"]
    assert abs(total - right) < 1e-6
    assert "RFM_Segment" in dataset.tables["Clienti"].columns


def test_answers_in_words() -> None:
    dataset = bound("text-ratings/fft_ratings.csv")
    answers = read_input(CATALOG.inputs["likelihood_answer"], dataset.inputs["likelihood_answer"].cells)
    right = expected(
        "text-ratings", "percent positive, NHS FFT convention: (Extremely likely+Likely)/all incl. Don't know"
    )
    assert sum(isinstance(c, float) and c >= 4 for c in answers.cells) == right["positive"]
    assert answers.text == right["dont_know"]
    assert answers.used + answers.text == right["n"]


def test_turkish_answers_under_question_headers() -> None:
    for number, column in enumerate("ABCDEFG", 1):
        dataset = bound("turkish-likert/anket.xlsx", {"agreement_answer": f"Sayfa1!{column}"})
        answers = read_input(CATALOG.inputs["agreement_answer"], dataset.inputs["agreement_answer"].cells)
        right = expected("turkish-likert", f"top-2-box Q{number}")
        assert answers.used == right["answered"]
        assert sum(isinstance(c, float) and c >= 4 for c in answers.cells) == right["top2"]
    assert "agreement_answer" not in bound("turkish-likert/anket.xlsx").inputs
