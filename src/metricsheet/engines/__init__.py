"""Engines compute primitives over columns; everything else is finished by the formula package."""
