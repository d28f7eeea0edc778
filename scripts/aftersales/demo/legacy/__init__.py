"""The system of the second brand: its tables, and the connector that reads them."""

from aftersales.demo.legacy.writer import LegacyWriter, connector_files

__all__ = ["LegacyWriter", "connector_files"]
