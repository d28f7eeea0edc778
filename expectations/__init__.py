"""Suites of the gate: one named expectation class for each set rule of the catalogue."""
