"""Files as French analysts keep them are read without --map: 1 234,5, 31/12/2024, T1 2024, oui/non."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.api import evaluate
from metricsheet.report.scorecard import Scorecard

ROOT = Path(__file__).parents[2]

QUARTERS = """\
Trimestre;Clients initiaux;Clients perdus;Nouveaux clients;\
Chiffre d'affaires total (k€);Dépenses marketing;Frais commerciaux
T1 2024;1 200;30;45;1 234,5;12 500,50 €;8 000,00 €
T2 2024;1 215;28;40;1 301,2;13 100,00 €;8 250,25 €
3e trimestre 2024;1 227;35;38;1 288,0;12 900,00 €;8 100,00 €
T4 2024;1 230;31;44;1 402,7;13 300,00 €;8 300,00 €
Total général;;124;167;5 226,4;51 800,50 €;32 650,25 €
"""
CUSTOMERS = """\
Client;Date de début;Date de fin;Résilié;Abonnement mensuel
Dupont;15/01/2023;;non;49,90 €
Martin;01/02/2023;31/12/2024;oui;1 250,00 €
Durand;3 févr. 2023;;Non;79 euros
Petit;28 août 2023;15 oct. 2024;Oui;35,5 €
"""
ANSWERS = """\
Horodateur;Dans quelle mesure nous recommanderiez-vous à un ami ? (0-10);\
Êtes-vous satisfait de notre service ?
12/03/2024 10:22;9;Très satisfait
13/03/2024 11:05;7;Neutre
14/03/2024 09:00;3;Insatisfait
15/03/2024 18:40;10;Satisfait
"""
DEALS = """\
N° de devis;Nom de l'affaire;Étape;Montant;Date de création;Date de clôture
D-1;Alpha;Gagnée;12 000,00 €;05/01/2024;20/02/2024
D-2;Beta;Perdue;8 500,00 €;10/01/2024;28/02/2024
D-3;Gamma;Négociation;20 000,00 €;15/02/2024;
D-4;Delta;Signée;5 250,50 €;18/02/2024;31/03/2024
"""
SALES = """\
N° de facture;Date de facture;Client;Montant;Statut
F-1;02/01/2024;Dupont;120,00 €;Payée
F-2;05/01/2024;Martin;80,50 €;Payée
F-3;25/01/2024;Dupont;40,00 €;Remboursée
"""

# what the rows say, computed by hand
FILES = {
    "quarters": (
        QUARTERS,
        {"revenue_total": 5_226_400, "cac": 84_450.75 / 167, "churn_rate_mean": 124 / 4_872},
    ),
    "customers": (CUSTOMERS, {"churn_rate_flags": 0.5, "mrr_retained": 128.9, "mrr_lost": 1_285.5}),
    "answers": (ANSWERS, {"nps": 25.0, "csat_top2box": 0.5}),
    "deals": (DEALS, {"win_rate_deals": 2 / 3, "average_deal_size_deals": 8_625.25, "sales_cycle": 44.0}),
    "sales": (SALES, {"listed_revenue": 240.5, "customer_count": 2}),
}


def card(tmp_path: Path, text: str) -> Scorecard:
    path = tmp_path / "fichier.csv"
    path.write_text(text, encoding="utf-8")
    return evaluate(path, metrics=ROOT / "metrics.yaml", language="fr")


@pytest.mark.parametrize("name", FILES)
def test_the_numbers_are_those_of_the_rows(tmp_path: Path, name: str) -> None:
    text, wanted = FILES[name]
    found = {result.metric: result.value for result in card(tmp_path, text).results}
    assert {metric: found[metric] for metric in wanted} == pytest.approx(wanted)


def test_rows_that_do_not_count_are_told(tmp_path: Path) -> None:
    codes = {problem.code for problem in card(tmp_path, SALES).problems}
    assert "rows_not_counting" in codes
