"""Metrics as SQL over one kind of table: aggregates of its rows, and what is made of them."""
