"""Tests of landing, build and publication."""
