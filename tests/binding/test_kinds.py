"""Which kind a table is taken for, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from metricsheet.binding.bind import bind
from metricsheet.dataset import Dataset
from metricsheet.errors import UsageError
from metricsheet.files.book import RawCell
from tests.binding.binding_catalog import book, sheet
from tests.binding.test_export_layouts import by_header, headers, shipped

IDS = ["a", "b", "c"]
MONTHS = ["2024-01", "2024-02", "2024-03"]
DAYS = ["2024-01-05", "2024-02-06", "2024-03-07"]


def bound(columns: dict[str, Sequence[RawCell]], **read: str) -> Dataset:
    cells = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return bind(shipped(), book(sheet("Data", *cells), text_only=True), read=read, headers=headers())


def kind(dataset: Dataset) -> str:
    kinds = [table.taken_for.kind for table in dataset.tables.values() if table.taken_for is not None]
    return kinds[0] if kinds else ""


CASES: dict[str, tuple[dict[str, Sequence[RawCell]], str, dict[str, str]]] = {
    "a stage without a lost deal is no outcome": (
        {"Deal ID": IDS, "Stage": ["Closed Won", "Proposal", "Closed Won"], "Close Date": DAYS},
        "",
        {"closed_date": "Close Date"},
    ),
    "words that begin with a known one": (
        {"Deal ID": IDS, "Stage": ["Closed Won", "Closed Lost to Acme", "Demo"], "Close Date": DAYS},
        "deals",
        {"deal_won": "Stage", "closed_date": "Close Date"},
    ),
    "a state of the US is no status": (
        {"Customer ID": IDS, "State": ["CA", "NY", "TX"], "Price": [1, 2, 3], "Plan": IDS},
        "",
        {"customer_id": "Customer ID"},
    ),
    "customers that repeat are no list of customers": (
        {"Customer ID": ["a", "a", "b"], "Churn": ["Yes", "No", "No"]},
        "",
        {"customer_id": "Customer ID"},
    ),
    "when a subscription ended, not when it was cancelled": (
        {
            "Subscription ID": IDS,
            "Status": ["active", "canceled", "active"],
            "Price": [1, 2, 3],
            "Canceled At": DAYS,
            "Ended At": DAYS,
        },
        "subscriptions",
        {
            "subscription_id": "Subscription ID",
            "subscription_status": "Status",
            "subscription_price": "Price",
            "end_date": "Ended At",
            "cancelled_on": "Canceled At",
        },
    ),
    "a header without brackets comes first": (
        {"Month": MONTHS, "Revenue (formatted)": [1, 2, 3], "Revenue": [1, 2, 3], "Leads": [4, 5, 6]},
        "figures",
        {"date": "Month", "revenue": "Revenue", "leads": "Leads"},
    ),
    "the header says the scale": (
        {"Date": DAYS, "CSAT (1-10)": ["4", "5", "3"]},
        "answers",
        {"date": "Date", "satisfaction_score": "CSAT (1-10)"},
    ),
    "the answers say the scale": (
        {"Date": DAYS, "How satisfied are you?": ["9", "5", "10"]},
        "answers",
        {"date": "Date", "satisfaction_score": "How satisfied are you?"},
    ),
    "percents are no counts": (
        {"Month": MONTHS, "Customers at start": [9, 8, 7], "Churn %": [0.1, 0.2, 0.1], "New": [1, 2, 1]},
        "figures",
        {"date": "Month", "customers_at_start": "Customers at start", "new_customers": "New"},
    ),
    "a status says who left": (
        {"Customer ID": ["a", "b", "c"], "Status": ["Active", "Churned", "Active"], "MRR": [1, 2, 3]},
        "customers",
        {"customer_id": "Customer ID", "churned": "Status", "monthly_price": "MRR"},
    ),
    "a status of all who stayed says nothing of those who left": (
        {"Customer ID": ["a", "b", "c"], "Status": ["Active", "Active", "active"], "MRR": [1, 2, 3]},
        "customers",
        {"customer_id": "Customer ID", "monthly_price": "MRR"},
    ),
    "a status with words that say neither": (
        {"Customer ID": ["a", "b", "c"], "Status": ["Active", "Churned", "Trial"], "MRR": [1, 2, 3]},
        "customers",
        {"customer_id": "Customer ID", "monthly_price": "MRR"},
    ),
    "active and inactive may be of anything": (
        {"Customer ID": ["a", "b", "c"], "Status": ["Active", "Inactive", "Active"], "MRR": [1, 2, 3]},
        "customers",
        {"customer_id": "Customer ID", "monthly_price": "MRR"},
    ),
    "nobody left": (
        {"Customer ID": ["a", "b", "c"], "Churn": ["No", "No", "no"], "MRR": [1, 2, 3]},
        "customers",
        {"customer_id": "Customer ID", "churned": "Churn", "monthly_price": "MRR"},
    ),
    "dates of something else": (
        {"Task": IDS, "Start date": DAYS, "End date": DAYS, "Budget": [1, 2, 3]},
        "",
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_table_is(case: str) -> None:
    columns, wanted, inputs = CASES[case]
    found = bound(columns)
    assert (kind(found), by_header(found)) == (wanted, inputs)


def test_two_columns_under_one_header_are_asked() -> None:
    found = bound(
        {"Date": DAYS, "Would you recommend us?": ["9", "8", "2"], "Would you recommend Bo?": ["9", "8", "2"]}
    )
    assert "recommend_score" not in found.inputs
    assert found.refused["recommend_score"].code == "ambiguous"


def test_a_list_of_labels_is_read_like_a_table_of_one_period() -> None:
    cells = [["Customers", 250], ["Revenue", 100], ["Delivered", 1000], ["Opens", 200], ["Clicks", 30]]
    found = bind(shipped(), book(sheet("Data", *cells)), headers=headers())
    assert by_header(found) == {
        "customers": "Customers",
        "revenue": "Revenue",
        "delivered": "Delivered",
        "opens": "Opens",
        "clicks": "Clicks",
    }


TIED: dict[str, Sequence[RawCell]] = {
    "Customer ID": IDS,
    "Sales": [10, 20, 30],
    "Order date": DAYS,
    "Signup date": DAYS,
}


def test_a_tie_binds_what_all_kinds_read_alike() -> None:
    found = bound(TIED)
    assert by_header(found) == {"customer_id": "Customer ID", "revenue": "Sales"}
    problem = next(one for one in found.problems if one.code == "kind_open")
    assert problem.message.values["columns"] == ("Order date", "Signup date")
    assert str(problem.hint) == "choose with --read kind=sales or --read kind=customers"


@pytest.mark.parametrize(
    ("asked", "inputs"),
    [
        ("sales", {"customer_id": "Customer ID", "revenue": "Sales", "date": "Order date"}),
        ("customers", {"customer_id": "Customer ID", "revenue": "Sales", "start_date": "Signup date"}),
    ],
)
def test_a_person_says_the_kind(asked: str, inputs: dict[str, str]) -> None:
    found = bound(TIED, kind=asked)
    assert (kind(found), by_header(found)) == (asked, inputs)
    assert "kind_open" not in [problem.code for problem in found.problems]


def test_a_kind_that_no_table_can_be() -> None:
    found = bound(TIED, kind="email")
    assert [str(p.option) for p in found.problems if p.code == "no_such_kind"] == ["--read kind=email"]


def test_a_kind_that_is_not_known() -> None:
    with pytest.raises(UsageError, match="'deal' is not a kind of table"):
        bound(TIED, kind="deal")


def test_unused_columns_have_guesses() -> None:
    found = bound({"Date": DAYS, "NPS": ["9", "8", "2"], "Amount": [1, 2, 3], "Colour": IDS})
    guesses = {column.column: column.guesses for column in found.unused}
    assert guesses["Amount"][0] == "revenue"
    assert "deal_value" in guesses["Amount"]
    assert guesses["Colour"] == ()
    deals = bound(
        {"Deal ID": IDS, "Stage": ["won", "lost", "open"], "Agreed amount": [1, 2, 3], "Close date": DAYS}
    )
    assert [one.guesses[0] for one in deals.unused if one.column == "Agreed amount"] == ["deal_value"]
