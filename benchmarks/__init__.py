"""Benchmarks of the warehouse, each against a reference in the same run; never tests."""
