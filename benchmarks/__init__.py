"""Benchmarks of the warehouse, each against a reference in the same run. Never part of the tests."""
