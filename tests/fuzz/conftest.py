"""Fixtures of the definitions' tests, for the fuzzers of definitions."""

from tests.catalog.conftest import write as write
