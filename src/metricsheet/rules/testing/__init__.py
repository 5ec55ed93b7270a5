"""The tests that a rule carries, run against the engine."""
