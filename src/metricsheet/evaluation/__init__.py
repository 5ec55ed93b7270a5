"""Bound inputs and definitions into results, findings and a scorecard."""
