"""Tests of the steward's workplace."""
