"""Results as tidy tables that other programs read: Parquet files, DuckDB, PostgreSQL."""
