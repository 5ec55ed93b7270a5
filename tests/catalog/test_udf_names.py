"""Names that become Excel functions and their arguments."""

import keyword

import pytest
from openpyxl.utils.formulas import FORMULAE

from metricsheet.catalog.assembly.excel_rules import (
    argument_name_problem,
    companion_of,
    function_name_problem,
    suggestion,
)

GOOD = """
NPS CSS CES CLV CAC CLV_CAC_RATIO PROFIT_PER_CUSTOMER MRR EXPANSION_MRR CHURN_RATE CHURN_RATE_FLAGS OPEN_RATE
CLICK_RATE CTR CPC CPM CPL ARR NRR GRR ARPA LTV QUICK_RATIO XFE1 A1048577 XFD1048577 ABCD1 NPS_2 CES_7
NPS_2024 C_1 RATE_OF_CHURN GROUPS
"""

BAD = {
    "is also the address of a cell": """
        CES7 NPS10 NPS100 MRR1 ARR12 LTV2024 TAX2024 XFD1 XFD1048576 ABC1 R1C1 R12 C12 RC7 R1C RX1""",
    "is shorter than three letters": "A AB D7 W4 R C RC IF PI",
    "is a function of Excel": """
        RATE GROWTH TREND SUM COUNT MEDIAN FILTER SORT LET LAMBDA LOOKUP SCAN IMAGE YIELD COPILOT""",
    "is a function of Excel in another language": "SUMME MEDIA TASSO RENDITE ORTALAMA WENN SOMMA",
    "is an Excel 4 macro function": """
        RUN ECHO GROUP RESULT RETURN ARGUMENT EVALUATE EXEC EXECUTE ERROR BREAK ELSE BEEP TABLE""",
    "is a word of VBA": "END LOOP STRING CURRENCY OPTION PROPERTY SUB DIM",
    "is a function of this add-in": "FLAG TARGET BENCHMARK METRIC_INFO SCORECARD WHY METRICSHEET_CHECK",
}


@pytest.mark.parametrize("name", GOOD.split())
def test_takes(name):
    assert function_name_problem(name) is None


@pytest.mark.parametrize(
    ("why", "name"), [(why, name) for why, names in BAD.items() for name in names.split()]
)
def test_refuses(why, name):
    assert str(function_name_problem(name)) == why


@pytest.mark.parametrize("name", sorted(n for n in FORMULAE if n.isalnum()))
def test_refuses_every_function_that_another_library_knows(name):
    assert function_name_problem(name) is not None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("end", "a word of VBA"),
        ("type", "a word of VBA"),
        ("next", "a word of VBA"),
        ("date", "a word of VBA"),
        ("Date", "a word of VBA"),
        ("c7", "the address of a cell"),
        ("r", "the address of a cell"),
        ("q1", "the address of a cell"),
        ("class", "a word of Python"),
        ("lambda", "a word of Python"),
        ("caller", "reserved by xlwings"),
    ],
)
def test_refuses_as_an_argument(name, why):
    assert why in str(argument_name_problem(name) or "")


@pytest.mark.parametrize(
    "name", ["revenue", "opens", "rate", "value", "count", "recommend_score", "q_1", "start_date"]
)
def test_takes_as_an_argument(name):
    assert argument_name_problem(name) is None


@pytest.mark.parametrize("word", [w for w in keyword.kwlist if w.islower()])
def test_no_word_of_python_is_an_argument(word):
    assert argument_name_problem(word) is not None


def test_companions():
    known = {"NPS", "NPS_FLAG", "CHURN_N", "X_FLAG"}
    assert companion_of("NPS_FLAG", known) == "NPS"
    assert companion_of("CHURN_N", known) is None
    assert companion_of("NPS", known) is None


AWKWARD = ["ces7", "d7", "rate", "group", "end", "a", "date", "class", "tax2024", "if", "nps_flag"]


@pytest.mark.parametrize("name", AWKWARD)
def test_what_is_suggested_is_taken(name):
    suggested = suggestion(name)
    assert function_name_problem(suggested.upper()) is None
    assert argument_name_problem(suggested) is None
