"""The formula language: text to a plan, and a plan to a value with Excel's semantics."""
