"""Make the demo company's source files."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aftersales.demo import engine, extracts, horizon
from aftersales.demo.scales import scale_of
from aftersales.demo.world import World

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoSummary:
    """What generating a demo company did."""

    scale: str
    seed: int
    days: int
    first_on: date
    last_on: date
    extract_count: int
    written_extract_count: int
    row_count: int
    seconds: float


def generate(
    home: Path,
    scale: str,
    seed: int,
    days: int | None,
    defects: bool = True,
    progress: Callable[[str], None] | None = None,
) -> DemoSummary:
    """Write the records of a synthetic company as its source systems would hold them."""
    started = time.monotonic()
    report = progress or LOGGER.info
    size = scale_of(scale)
    last = horizon.last_day(size, days)
    sources = home / "sources"
    if sources.exists():
        shutil.rmtree(sources)
    sources.mkdir(parents=True)
    wanted = horizon.extracts(size, last)
    rows = 0
    with tempfile.TemporaryDirectory(prefix="aftersales-demo-") as temp:
        connection = engine.connect(Path(temp))
        world = World(connection, size, seed, last)
        for extract in wanted:
            world.live_until(horizon.months_needed(extract))
            rows += extracts.write_extract(connection, extract, sources)
            world.forget_before(horizon.day_number(extract.to_on) * 86400 + 86400)
            report(f"demo company: extract {extract.name} written, {rows:,} rows so far")
        connection.close()
    return DemoSummary(
        scale=scale,
        seed=seed,
        days=(last - size.starts_on).days + 1,
        first_on=size.starts_on,
        last_on=last,
        extract_count=len(wanted),
        written_extract_count=len(wanted),
        row_count=rows,
        seconds=time.monotonic() - started,
    )
