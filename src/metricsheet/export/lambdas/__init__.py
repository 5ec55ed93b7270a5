"""Metrics as LAMBDA functions of a plain workbook: the core's number, or an error."""
