"""What holds for every test: the same cases in every run, no clock, and nothing left behind."""

import atexit
import gc
import os
import shutil
import tempfile
import time

import pytest

from tests import shared, stages

stages.choose_profile()

# definitions are read once and cached in a folder of this run, or read anew each time in the other stages
if stages.STAGE == "test":
    folder = tempfile.mkdtemp(prefix="metricsheet-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["METRICSHEET_CACHE"] = folder
    shared.share()
else:
    os.environ["METRICSHEET_CACHE"] = "off"


def pytest_collection_finish() -> None:
    """Let the collector of garbage run less often, and past the thousands of tests, which stay."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def pytest_runtest_setup() -> None:
    """End a round of fuzzing when its minutes are over, the one thing here that a clock decides."""
    until = os.environ.get("METRICSHEET_FUZZ_UNTIL")
    if until is not None and time.time() > float(until):
        pytest.skip("the minutes are over")
