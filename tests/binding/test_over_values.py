"""A list of labels with values: what stands over the values says what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet import evaluate

ROOT = Path(__file__).parents[2] / "metrics.yaml"
LISTS: dict[str, tuple[str, str, float | None]] = {
    "plain": ("Metric,Value\nLeads,200\nNew customers,20\n", "lead_to_sale", 0.1),
    "no header": ("Leads,200\nNew customers,20\n", "lead_to_sale", 0.1),
    "a period": ("KPI,January\nLeads,200\nNew customers,20\n", "lead_to_sale", 0.1),
    "money for counts": ("Item,Cost\nLeads,4000\nNew customers,2500\n", "new_leads", None),
    "money in German": ("Posten;Betrag\nLeads;4000\nNeukunden;2500\n", "new_leads", None),
    "money by its sign": ("Item,in €\nLeads,4000\nNew customers,2500\n", "new_leads", None),
    "percents for counts": ("Group,Percent\nPromoters,55\nPassives,25\nDetractors,20\n", "nps_counts", None),
    "counts": ("Group,Count\nPromoters,55\nPassives,25\nDetractors,20\n", "nps_counts", 35),
}


@pytest.mark.parametrize("case", LISTS)
def test_lists_of_labels_with_values(case: str, tmp_path: Path) -> None:
    text, metric, expected = LISTS[case]
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    (result,) = evaluate(path, metrics=ROOT, only=metric).results
    assert result.value == (pytest.approx(expected) if expected is not None else None)


def test_amounts_in_a_list_of_costs_are_bound(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Item,Cost\nMarketing cost,4000\nSales cost,1000\n", encoding="utf-8")
    card = evaluate(path, metrics=ROOT)
    bound = {use.input for result in card.results for use in result.inputs}
    assert {"marketing_cost", "sales_cost"} <= bound
