"""Bound inputs and definitions into results and what the rules say of them, in codes and values."""
