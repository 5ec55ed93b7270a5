"""What holds for every test: the same cases in every run, no clock, and nothing left behind."""

import atexit
import os
import shutil
import tempfile

from tests import stages

stages.choose_profile()

# definitions are read once and cached in a folder of this run, or read anew each time in the other stages
if stages.STAGE == "test":
    folder = tempfile.mkdtemp(prefix="metricsheet-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["METRICSHEET_CACHE"] = folder
else:
    os.environ["METRICSHEET_CACHE"] = "off"
