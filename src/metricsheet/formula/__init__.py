"""The formula language: text to plan, and a plan's primitives to a value, with Excel's semantics."""
