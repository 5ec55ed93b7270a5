"""Regions of a book into a dataset: which column or cell is which input, or why none is."""
