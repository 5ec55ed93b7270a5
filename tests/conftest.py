"""What holds for every test: the same cases in every run, no clock, and nothing left behind."""

import atexit
import gc
import os
import shutil
import tempfile

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


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count everything in the folder ``fuzz`` among the fuzzers."""
    for item in items:
        if item.path.parent.name == "fuzz":
            item.add_marker(pytest.mark.fuzz)
