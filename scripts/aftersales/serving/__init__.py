"""Serving the published version: installing and starting Cube, tokens, and a client."""
