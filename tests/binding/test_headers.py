"""Header texts: spellings that are the same, and the inputs they name."""

from __future__ import annotations

import pytest

from metricsheet.binding.headers import AliasIndex, header_forms, normalise, same_header
from metricsheet.catalog.definitions import InputDefinition
from metricsheet.prepared import prepare
from tests.binding.binding_catalog import CATALOG, make_catalog

INDEX = AliasIndex(CATALOG)


@pytest.mark.parametrize(
    ("header", "normal"),
    [
        ("NPS", "nps"),
        ("ＮＰＳ", "nps"),
        ("  NPS \u00a0 score ", "nps score"),
        ("nps_rating", "nps rating"),
        ("nps-rating", "nps rating"),
        ("NPS\nrating", "nps rating"),
        ("Öffnungen", "offnungen"),
        ("Müşteri Memnuniyeti", "musteri memnuniyeti"),
        ("MÜŞTERİ MEMNUNİYETİ", "musteri memnuniyeti"),
        ("İPTAL", "iptal"),
        ("ıptal", "iptal"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("Kunden-Nr.", "kunden nr"),
        ("Customer's score", "customers score"),
        ("", ""),
        ("()%", ""),
    ],
)
def test_normal_form(header: str, normal: str) -> None:
    assert normalise(header) == normal


NAMES = [
    ("NPS", "recommend_score"),
    ("nps", "recommend_score"),
    ("nps_rating", "recommend_score"),
    ("NPSRating", "recommend_score"),
    ("NPS (0-10)", "recommend_score"),
    ("NPS（0〜10）", "recommend_score"),
    ("NPS [0..10]", "recommend_score"),
    ("recommend_score", "recommend_score"),
    ("RECOMMENDATION SCORE", "recommend_score"),
    ("推奨度", "recommend_score"),
    ("推奨度（0–10）", "recommend_score"),
    ("TAVSİYE PUANI", "recommend_score"),
    ("tavsiye puani", "recommend_score"),
    ("Likelihood to Recommend", "recommend_score"),
    ("Öffnungen", "opens"),
    ("Offnungen", "opens"),
    ("Oeffnungen", "opens"),
    ("ÖFFNUNGEN (Anzahl)", "opens"),
    ("Opens n", "opens"),
    ("Revenue €", "revenue"),
    ("Revenue (EUR)", "revenue"),
    ("Revenue in EUR", "revenue"),
    ("Umsatz (TEUR)", "revenue"),
    ("# customers", "customers"),
    ("Number of customers", "customers"),
    ("Anzahl Kunden", "customers"),
    ("Müşteri Memnuniyeti", "satisfaction_score"),
    ("MUSTERI MEMNUNIYETI", "satisfaction_score"),
    ("Churn_real", "churned"),
    ("CustomersAtStart", "customers_at_start"),
]


@pytest.mark.parametrize(("header", "key"), NAMES)
def test_headers_name_inputs(header: str, key: str) -> None:
    assert INDEX.keys_of(header) == (key,)
    assert INDEX.knows(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "%",
        "()",
        "Churn_prob",
        "Churn rate",
        "NPS 2",
        "scores of the team",
        "customer",
        "Customer ID",
        "EUR",
        "n",
    ],
)
def test_other_headers_name_nothing(header: str) -> None:
    assert INDEX.keys_of(header) == ()
    assert not INDEX.knows(header)


def test_the_full_text_wins_over_the_text_without_brackets() -> None:
    index = AliasIndex(
        make_catalog(
            (
                InputDefinition("churned", {"en": "Churned"}, (), "flag"),
                InputDefinition("customers_lost", {"en": "Lost"}, ("churned (cust)",), unit="count"),
            )
        )
    )
    assert index.keys_of("Churned (cust)") == ("customers_lost",)
    assert index.keys_of("Churned (yes/no)") == ("churned",)
    assert index.keys_of("churned") == ("churned",)


def test_a_header_may_name_several_inputs() -> None:
    index = AliasIndex(
        make_catalog(
            (
                InputDefinition("churned", {"en": "Churned"}, ("churn",), "flag"),
                InputDefinition("customers_lost", {"en": "Lost"}, ("Churn",), unit="count"),
            )
        )
    )
    assert index.keys_of("CHURN") == ("churned", "customers_lost")


def test_forms_start_with_the_fullest() -> None:
    assert header_forms("Number of customers (EU) n") == (
        "numberofcustomerseun",
        "=customer eu n number",
        "numberofcustomersn",
        "=customer n number",
        "numberofcustomerseu",
        "=customer eu number",
        "numberofcustomers",
        "=customer number",
        "customerseun",
        "=customer eu n",
        "customersn",
        "=customer n",
        "customerseu",
        "=customer eu",
        "customers",
    )
    assert header_forms("") == ()


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ("Cust BoP", ("customers_at_start",)),
        ("Customers (start)", ("customers_at_start",)),
        ("Customers (end)", ("customers_at_end",)),
        ("Clients at beginning of period", ("customers_at_start",)),
        ("Customers (churned)", ("customers_lost",)),
        ("Churned clients", ("customers_lost",)),
        ("New clients added", ("new_customers",)),
        ("S&M expense", ("sales_marketing_cost",)),
        ("Marketing & sales expenses (USD)", ("sales_marketing_cost",)),
        ("Mktg expenditure", ("marketing_cost",)),
        ("Avg. revenue per client", ("average_revenue",)),
        ("MRR (lost)", ("mrr_churned",)),
        ("Churned ARR", ("mrr_churned",)),
        ("ARR", ()),
        ("Marketing-Ausgaben", ("marketing_cost",)),
        ("Vertriebsausgaben", ("sales_cost",)),
        ("Kunden Anfang", ("customers_at_start",)),
        ("Spese di marketing", ("marketing_cost",)),
        ("Coûts du marketing", ("marketing_cost",)),
        # what several inputs are called in other words, and what is one word alone, is not guessed
        ("Ad expense", ()),
        ("Expense of sales", ()),
        ("Expenses", ()),
        ("Expenditure", ()),
        # a bracket may add where, or that it happened, and not what makes another figure of it
        ("Leads (EU)", ("leads",)),
        ("Leads (Actual)", ("leads",)),
        ("Actual leads", ("leads",)),
        ("Besucher Ist", ("visitors",)),
        ("Leads (YTD)", ()),
        ("Leads (Budget 2024)", ()),
        ("Leads (% change)", ()),
        ("Leads (rolling 3 months)", ()),
        ("Visitors (per day)", ()),
        ("Visitors (PY)", ()),
        ("Besucher (kumuliert)", ()),
        ("Leads (Vorjahr)", ()),
        ("Visiteurs (moyenne)", ()),
        ("訪問者 (累計)", ()),
        ("Revenue (lost)", ()),
        ("Visitors (new)", ()),
        ("Orders (refunded)", ()),
        ("Visitors (plan B)", ("visitors",)),
        ("Leads (social media)", ("leads",)),
        ("Leads (pay-per-click)", ("leads",)),
        # an id is no count of customers, a rate no number of them
        ("Customer number", ("customer_id",)),
        ("Customer churn", ()),
        ("Cost per lead", ()),
    ],
)
def test_other_words_for_the_same(header: str, keys: tuple[str, ...]) -> None:
    assert prepare().headers.keys_of(header) == keys


@pytest.mark.parametrize(("one", "other"), [("NPS score", "nps_score"), ("ＮＰＳ", "nps"), ("a b", "AB")])
def test_same_header(one: str, other: str) -> None:
    assert same_header(one, other)


@pytest.mark.parametrize(("one", "other"), [("NPS", "NPS 2"), ("か", "が"), ("a", "")])
def test_not_the_same_header(one: str, other: str) -> None:
    assert not same_header(one, other)


def test_nearest_headers() -> None:
    near = INDEX.nearest(("Recomendation score", "Custmers at start", "Wetter", "x", ""))
    assert near["recommend_score"] == "Recomendation score"
    assert near["customers_at_start"] == "Custmers at start"
    assert "Wetter" not in near.values()
    assert INDEX.nearest(()) == {}


def test_what_was_looked_for_is_short() -> None:
    found = INDEX.looked_for("recommend_score")
    assert str(found).startswith("Recommendation score, nps")
    assert len(str(found)) < 120


def test_who_uses_an_input() -> None:
    assert INDEX.users["customers"] == ("clv", "cost_ratio")
    assert "segment" not in INDEX.users
