"""Addresses of tables in databases: what they say, and that no secret is in what is shown of them."""

from __future__ import annotations

import sys
from itertools import product

import pytest

from metricsheet.engines.sql.address import address, is_address, named_like, shown_address
from metricsheet.errors import WorkbookError
from tests.engines.stored_tables import card

SAID = {
    "postgresql://host/shop#public.answers": ("host/shop", "public.answers", "answers"),
    "postgres://me@host:5433/shop#answers": ("me@host:5433/shop", "answers", "answers"),
    "postgresql+psycopg://me:secret@host/shop#a b": ("me:secret@host/shop", "a b", "a b"),
    "postgresql://me:s%40t@[::1]:5433/shop?sslmode=require#s.t": (
        "me:s%40t@[::1]:5433/shop?sslmode=require",
        "s.t",
        "t",
    ),
    "postgresql:///#answers": ("/", "answers", "answers"),
    "postgresql://host/shop": ("host/shop", "", "shop"),
    "postgresql://": ("", "", "database"),
}


@pytest.mark.parametrize("text", SAID)
def test_what_an_address_says(text: str) -> None:
    found = address(text)
    assert (found.url, found.table, named_like(text)) == SAID[text]
    assert is_address(text)
    shown = shown_address(text)
    assert "me" not in shown
    assert "sslmode" not in shown
    assert shown.startswith(found.shown)
    assert shown.endswith(f"#{found.table}" if found.table else found.shown)


@pytest.mark.parametrize(
    "path", ["answers.csv", "C:\\data\\a.xlsx", "/srv/a.parquet", "a:b", "postgresql", "", "x/y://z"]
)
def test_paths_are_none(path: str) -> None:
    assert not is_address(path)


def test_no_part_of_a_password_is_shown() -> None:
    for signs in product("@:/?#q", repeat=4):
        secret = "".join(signs)
        shown = shown_address(f"postgresql://me:{secret}@host/shop#answers")
        assert shown in ("postgresql://host/shop#answers", "postgresql://…"), secret
        if shown.endswith("…"):
            with pytest.raises(WorkbookError, match="the address of the database cannot be read"):
                address(f"postgresql://me:{secret}@host/shop#answers")
        else:
            assert address(f"postgresql://me:{secret}@host/shop#answers").secret == secret


def test_a_driver_that_is_missing_leaves_the_other_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    found = card(["postgresql://host/shop#answers", {"NPS score": [9, 10]}])
    [missing] = [problem for problem in found.problems if problem.fatal]
    assert (missing.source, missing.code) == ("postgresql://host/shop#answers", "needs_sql")
    assert str(missing.hint) == "pip install 'metricsheet[sql]'"
    assert any(result.value == 100.0 for result in found.results)
