"""Conditions and findings as text, checked against the facts that a catalog offers."""
