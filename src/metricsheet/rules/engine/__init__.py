"""Compiled rules over facts: outcomes with every comparison they made."""
