"""The command line over real files, against answers computed independently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metricsheet.cli.main import main
from tests.real_data import DATA, expected, needs_data, wrong_values

pytestmark = needs_data

NPS = "nps-three-channels"
CHANNELS = [DATA / NPS / f"nps_{channel}.csv" for channel in ("email", "mobile", "web")]
TELCO = DATA / "telco-churn" / "Telco-Customer-Churn.csv"
SHOP = DATA / "ecommerce-churn" / "E Commerce Dataset.xlsx"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """Evaluate to JSON and return it."""
    assert main(["evaluate", *map(str, arguments), "--format", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def value(card: dict[str, Any], metric: str, slice_: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the one result of a metric over a slice."""
    found = [r for r in card["results"] if r["metric"] == metric and r["slice"] == (slice_ or {})]
    assert len(found) == 1, found
    result: dict[str, Any] = found[0]
    return result


def test_pooled_nps(capsys: pytest.CaptureFixture[str]) -> None:
    card = run(capsys, *CHANNELS, "--pool")
    right = expected(NPS, "nps pooled over the three files")
    result = value(card, "nps")
    assert result["value"] == pytest.approx(right["value"], abs=1e-9)
    assert result["n"] == right["n"]
    assert result["interval"] == pytest.approx(right["ci95_adjusted_wald"], abs=1e-9)
    wrong = wrong_values(NPS)[0]
    assert all(r["value"] is None or abs(r["value"] - wrong) > 1e-6 for r in card["results"])


def test_each_channel_alone(capsys: pytest.CaptureFixture[str]) -> None:
    card = run(capsys, *CHANNELS)
    for channel, path in zip(("email", "mobile", "web"), CHANNELS, strict=True):
        right = expected(NPS, f"nps channel={channel}")
        found = [r for r in card["results"] if r["metric"] == "nps" and r["source"] == str(path)]
        assert found[0]["value"] == pytest.approx(right["value"], abs=1e-9)
        assert found[0]["n"] == right["n"]
        assert found[0]["interval"] == pytest.approx(right["ci95_adjusted_wald"], abs=1e-9)


def test_churn_from_yes_and_no(capsys: pytest.CaptureFixture[str]) -> None:
    card = run(capsys, TELCO, "--by", "Contract")
    whole = value(card, "churn_rate_flags")
    assert whole["value"] == pytest.approx(expected("telco-churn", "churn rate")["value"], abs=1e-9)
    assert whole["n"] == 7043
    for contract in ("Month-to-month", "One year", "Two year"):
        right = expected("telco-churn", f"churn rate Contract={contract}")
        found = value(card, "churn_rate_flags", {"Contract": contract})
        assert found["value"] == pytest.approx(right["value"], abs=1e-9)
        assert found["n"] == right["n"]


def test_data_behind_a_dictionary_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    card = run(capsys, SHOP, "--by", "Complain")
    churn = value(card, "churn_rate_flags")
    assert churn["value"] == pytest.approx(expected("ecommerce-churn", "churn rate")["value"], abs=1e-9)
    assert "E Comm" in churn["inputs"][0]["from"]
    for complained in ("0", "1"):
        right = expected("ecommerce-churn", f"churn rate Complain={complained}")
        found = value(card, "churn_rate_flags", {"Complain": complained})
        assert found["value"] == pytest.approx(right["value"], abs=1e-9)


def test_six_or_above_is_refused_on_a_five_point_scale(capsys: pytest.CaptureFixture[str]) -> None:
    result = value(run(capsys, SHOP), "css")
    assert result["value"] is None
    assert "1–5" in result["reason"] or "1..5" in result["reason"]
    assert "satisfaction_score" in result["reason"]
