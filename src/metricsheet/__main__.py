"""``python -m metricsheet``."""

from metricsheet.cli.main import run

run()
