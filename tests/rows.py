"""Rows of large tables run without the machinery of fixtures, which costs more than what most rows test."""

from __future__ import annotations

import pytest

GOVERN = {"skip", "skipif", "xfail", "usefixtures"}
"""Marks that decide before or after a test, in the usual way of running it."""
ENDS = (KeyboardInterrupt, pytest.exit.Exception)
"""What ends the run and fails no test."""


def needs_only_values(item: pytest.Item) -> bool:
    """Return whether a test takes nothing but the values of its row, and no fixture at all."""
    if not isinstance(item, pytest.Function):
        return False
    marks = list(item.iter_markers())
    given = {
        name.strip()
        for mark in marks
        if mark.name == "parametrize" and not mark.kwargs.get("indirect")
        for name in (mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0])
    }
    return given.issuperset(item.fixturenames) and not any(mark.name in GOVERN for mark in marks)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Call a test that needs only values, and report the call as always; leave all others to pytest.

    The last one of a module goes the usual way, which takes down what the module has set up.
    """
    usual = nextitem is None or nextitem.parent is not item.parent or item.config.getoption("usepdb")
    if usual or not needs_only_values(item):
        return None
    assert isinstance(item, pytest.Function)
    values = item.callspec.params if hasattr(item, "callspec") else {}
    with item.config.pluginmanager.getplugin("capturemanager").item_capture("call", item):
        call = pytest.CallInfo.from_call(lambda: item.obj(**values), "call", reraise=ENDS)
    report = item.ihook.pytest_runtest_makereport(item=item, call=call)
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
