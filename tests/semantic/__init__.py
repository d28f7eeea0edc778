"""Tests of the semantic layer: model, access, clients, versions."""
