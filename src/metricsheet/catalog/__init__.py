"""Definitions: strict YAML into a checked, immutable catalog."""
