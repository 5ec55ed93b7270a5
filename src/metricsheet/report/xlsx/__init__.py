"""A scorecard as an Excel workbook."""
