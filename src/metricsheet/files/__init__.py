"""Bytes, data frames and paths into a ``Book``: sheets of cells with what their file says about them."""
