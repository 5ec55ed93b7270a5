"""Engines turn columns of cells into the primitives that plans ask for."""
