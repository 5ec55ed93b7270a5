"""What holds for every test."""

import os

from hypothesis import settings

# tests read definitions anew, and leave nothing behind in the cache folder of whoever runs them
os.environ["METRICSHEET_CACHE"] = "off"


# a build must not fail by chance: there the same examples are tried every time, at a desk new ones
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
