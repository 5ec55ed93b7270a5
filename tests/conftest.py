"""What holds for every test: the same cases in every run, no clock, and nothing left behind."""

import atexit
import gc
import os
import shutil
import tempfile
import time

import pytest

from metricsheet.language.option import COMMAND_LINE, stay_in
from tests import rows, shared, stages

stages.choose_profile()
stay_in(COMMAND_LINE)  # as most people write options; tests/language/test_option.py tries the other hosts
gc.disable()  # while tests are imported and collected: next to nothing of that is garbage

# definitions are read once and cached in a folder of this run, or read anew each time: in the other stages,
# and with METRICSHEET_CACHE=off, where somebody changes the code while tests run, as make mutants does
if stages.STAGE == "test" and os.environ.get("METRICSHEET_CACHE") != "off":
    folder = tempfile.mkdtemp(prefix="metricsheet-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["METRICSHEET_CACHE"] = folder
    shared.share()
    pytest_runtest_protocol = rows.pytest_runtest_protocol
else:
    os.environ["METRICSHEET_CACHE"] = "off"


def pytest_collection_finish() -> None:
    """Let the collector of garbage run less often, past the thousands of tests, and leave what is shared."""
    gc.freeze()
    gc.set_threshold(1_000_000, *((1_000, 1_000) if stages.STAGE == "test" else (50, 50)))
    gc.enable()


def pytest_sessionfinish() -> None:
    """Leave what stays: it would be looked through again and again while the process ends."""
    if stages.STAGE != "test":
        gc.collect()
    gc.freeze()


def pytest_runtest_setup() -> None:
    """End a round of fuzzing when its minutes are over, the one thing here that a clock decides."""
    until = os.environ.get("METRICSHEET_FUZZ_UNTIL")
    if until is not None and time.time() > float(until):
        pytest.skip("the minutes are over")
