"""The demo company: synthetic records of the source systems, with an answer key."""

from aftersales.demo.generate import DemoSummary, generate
from aftersales.demo.scales import Scale, scale_of

__all__ = ["DemoSummary", "Scale", "generate", "scale_of"]
