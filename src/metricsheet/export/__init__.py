"""Definitions in forms that other programs run without us."""
