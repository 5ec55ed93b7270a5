"""Every host gives the core's answer to every question, or another one for a reason that is named."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from tests.hosts import calc_sheet, classic, lambdas, office_js, officejs, wine
from tests.hosts.parity_page import cell, columns, page
from tests.hosts.questions import Question, questions
from tests.hosts.replay import Host, NotInstalledError, Outcome, differences, replay
from tests.shared import ROOT

pytestmark = pytest.mark.hosts

CATALOG = load_catalog()
PAGE = ROOT / "docs" / "parity.md"
LICENSED = (*office_js.HOSTS, *officejs.HOSTS)
HOSTS = (classic.HOST, wine.HOST, *LICENSED, calc_sheet.HOST, lambdas.HOST)
MARKS = {host.name: [pytest.mark.officejs] for host in LICENSED} | {wine.HOST.name: [pytest.mark.wine]}
"""What others may want to leave out: ``make hosts HOSTS='hosts and not officejs and not wine'``."""


@cache
def asked() -> list[Question]:
    return list(questions(CATALOG))


@cache
def outcome(host: Host) -> Outcome | str:
    """Return how a host answered, or why it cannot be installed here."""
    try:
        return replay(host, asked(), differences())
    except NotInstalledError as error:
        return str(error)


@pytest.mark.parametrize(
    "host",
    [pytest.param(host, id=host.name, marks=MARKS.get(host.name, [])) for host in HOSTS],
)
def test_a_host_says_what_the_core_says(host: Host) -> None:
    found = outcome(host)
    if isinstance(found, str):
        pytest.skip(f"{host.name} is not asked, it cannot be installed here: {found}")
    shown = "\n".join(found.unexplained[:20])
    assert not found.unexplained, f"{len(found.unexplained)} answers of {host.name} differ, such as\n{shown}"


def test_every_difference_is_of_a_host_and_is_met() -> None:
    for one in differences():
        assert one.host in {host.name for host in HOSTS}
        assert any(one.allows(one.host, question, one.kinds[0]) for question in asked()), one


@pytest.mark.officejs
@pytest.mark.wine
def test_the_page_of_parity_says_so() -> None:
    found = [result for host in HOSTS if isinstance(result := outcome(host), Outcome)]
    if os.environ.get("METRICSHEET_UPDATE_GOLDEN"):
        assert len(found) == len(HOSTS), "the page needs every host"
        PAGE.write_text(page(CATALOG, asked(), found), encoding="utf-8")
    said = columns(Path(PAGE).read_text(encoding="utf-8"))
    assert set(said) == {host.name for host in HOSTS}
    for one in found:
        assert said[one.host] == {f"`{key}`": cell(one, key) for key in CATALOG.metrics}
