"""Connectors: declared ways of a source's records into landing, one YAML file a source."""
