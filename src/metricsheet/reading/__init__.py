"""Cells as people write them into typed columns, or the reason why they cannot be read."""
