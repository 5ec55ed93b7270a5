"""docs/glossary.md: one term per thing in each language, as the language files and translations have it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from metricsheet.language import LANGUAGES
from tests.language.test_every_language import table

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
HEAD = """\
# Glossary

One term for each thing in each language: labels, bands, findings, advice, headings and messages use
these words. The table is made from the language files (`src/metricsheet/language/`) and `translations/`,
and a test compares it: `METRICSHEET_UPDATE_GOLDEN=1 pytest tests/language/test_glossary.py` writes it
anew. Who changes a term changes it everywhere.

"""
SECTIONS = {
    "Reports": (
        *("metric", "status", "target", "period", "slice", "value", "stage", "finding", "rule", "severity"),
        *("bands", "trend", "benchmark", "input", "settings", "currency", "formula", "activity", "outcome"),
    ),
    "Stages": ("attract", "capture", "nurture", "convert", "expand"),
    "Statuses": ("ok", "info", "warn", "critical", "low_data", "no_target", "no_data", "invalid"),
    "Outcomes of rules": ("fired", "pending", "suppressed", "not_fired", "not_evaluated"),
    "Customers and money": (
        *("inputs.customers", "inputs.new_customers", "inputs.active_customers", "inputs.customers_lost"),
        *("inputs.accounts_lost", "inputs.revenue", "inputs.nonrecurring_revenue", "inputs.upsell_revenue"),
        *(
            "inputs.existing_customer_revenue",
            "inputs.gross_margin",
            "inputs.cogs",
            "metrics.clv",
            "metrics.cac",
        ),
        *("metrics.clv_cac_ratio", "metrics.arpa", "metrics.mrr", "metrics.arr", "metrics.expansion_mrr"),
        *("metrics.churn_rate", "metrics.retention_rate", "metrics.logo_churn", "metrics.gross_mrr_churn"),
        *("metrics.net_mrr_churn", "metrics.grr", "metrics.nrr", "metrics.upsell_share"),
    ),
    "Leads and deals": (
        *("inputs.leads", "inputs.qualified_leads", "inputs.opportunities", "inputs.won_deals"),
        *("inputs.lost_deals", "inputs.open_deals", "inputs.deal_value", "metrics.win_rate"),
        *("metrics.cost_per_lead", "metrics.lead_to_sale", "metrics.sales_cycle"),
    ),
    "Surveys and mail": (
        *("inputs.promoters", "inputs.passives", "inputs.detractors", "metrics.nps", "metrics.css"),
        *("metrics.ces", "inputs.touchpoint", "inputs.opens", "inputs.clicks", "inputs.unsubscribes"),
        *("inputs.bounces", "inputs.impressions", "inputs.reach", "inputs.sessions", "inputs.visitors"),
    ),
}


def page() -> str:
    parts = []
    for section, keys in SECTIONS.items():
        lines = [f"## {section}", "", f"| {' | '.join(LANGUAGES)} |", "|" + "---|" * len(LANGUAGES)]
        for key in keys:
            texts = table()["LABELS", f"{key}.label"] if "." in key else table()["TERMS", key]
            lines.append(f"| {' | '.join(texts[language] for language in LANGUAGES)} |")
        parts.append("\n".join(lines))
    return HEAD + "\n\n".join(parts) + "\n"


def test_the_page_is_made_from_the_data() -> None:
    if os.environ.get("METRICSHEET_UPDATE_GOLDEN"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_two_things_have_one_name() -> None:
    for keys in SECTIONS.values():
        for language in LANGUAGES:
            terms = [
                (table()["LABELS", f"{key}.label"] if "." in key else table()["TERMS", key])[language]
                for key in keys
            ]
            assert len(set(terms)) == len(terms), (language, sorted(terms))


GIVEN_UP = {
    "ja": r"LTV|総収益維持率|顧客努力指標|サンプル数",
    "tr": r"(?i)(?<!müşteri )\baday|çekme\b|yerleşik müşteri|kazanılan fırsat|açık fırsat",
    "it": r"(?i)tasso di chiusura|la scheda|clienti attuali|valore del ciclo di vita",
    "de": r"Gewinnquote|Fürsprecher|Mehrverkauf|Konten\b|Offene Abschlüsse|Kundenaufwand",
    "fr": r"(?i)taux de churn|clients perdues|tableau de bord client\b",
}
"""Words that were given up for another one of the same thing."""


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_word_that_was_given_up_does_not_come_back(language: str) -> None:
    found = [
        (key, text)
        for (_, key), texts in table().items()
        if re.search(GIVEN_UP[language], text := texts.get(language, ""))
    ]
    assert found == []
