"""What holds for every test."""

import os

# tests read definitions anew, and leave nothing behind in the cache folder of whoever runs them
os.environ["METRICSHEET_CACHE"] = "off"
