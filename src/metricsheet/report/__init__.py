"""A scorecard as text, JSON, CSV or a workbook."""
