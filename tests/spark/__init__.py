"""Parity of the Spark build with the DuckDB build."""
