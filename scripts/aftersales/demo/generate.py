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

from aftersales.demo import answer_key, engine, horizon, manifest
from aftersales.demo.defects.planting import ANSWER_TABLE
from aftersales.demo.extracts import TABLES, ExtractWriter, file_path
from aftersales.demo.horizon import Extract
from aftersales.demo.legacy import LegacyWriter, connector_files
from aftersales.demo.manifest import Manifest
from aftersales.demo.scales import Scale, scale_of
from aftersales.demo.world import World
from aftersales.errors import AftersalesError

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
    legacy_stores: int = 0,
) -> DemoSummary:
    """Write the records of a synthetic company as its source systems would hold them.

    Files go to `home/sources`, the truth about them to `home/answer_key`. A company that is there
    already is kept; more days of it only add files. The DMS records of `legacy_stores` stores go
    to `home/legacy` in the shape of another system, with the connector that reads them.
    """
    started = time.monotonic()
    report = progress or LOGGER.info
    size = scale_of(scale)
    if not 0 <= legacy_stores <= size.store_count:
        raise AftersalesError(
            f"{legacy_stores} stores cannot keep their records in the legacy system: the company "
            f"has {size.store_count}, so ask for at most {size.store_count}."
        )
    last = horizon.last_day(size, days)
    wanted = horizon.extracts(size, last)
    sources = home / "sources"
    label = manifest.manifest_of(
        scale, seed, (last - size.starts_on).days + 1, defects=defects, legacy_stores=legacy_stores
    )
    kept = _kept_extracts(sources, label, size, wanted)
    rows = 0
    if len(kept) < len(wanted) or not (home / "answer_key" / "defects.parquet").exists():
        (sources / manifest.MANIFEST).unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix="aftersales-demo-") as temp:
            connection = engine.connect(Path(temp))
            connection.execute(ANSWER_TABLE)
            world = World(connection, size, seed, last, defects=defects)
            legacy = None
            if legacy_stores:
                legacy = LegacyWriter(connection, home / "legacy", legacy_stores)
                _install(home / "connectors", connector_files(connection))
            writer = ExtractWriter(connection, sources, defects=defects, legacy=legacy)
            for number, extract in enumerate(wanted, start=1):
                world.live_until(horizon.months_needed(extract))
                rows += writer.write(extract, keep=extract in kept)
                answer_key.note_world_defects(connection, extract)
                world.forget_before(horizon.day_number(extract.to_on) * 86400 + 86400)
                report(
                    f"demo company: extract {extract.name} ({number} of {len(wanted)}), "
                    f"{rows:,} rows written"
                )
            answer_key.write_answer_key(connection, home / "answer_key", last)
            connection.close()
        manifest.write_manifest(sources, label)
    return DemoSummary(
        scale=scale,
        seed=seed,
        days=label.days,
        first_on=size.starts_on,
        last_on=last,
        extract_count=len(wanted),
        written_extract_count=len(wanted) - len(kept),
        row_count=rows,
        seconds=time.monotonic() - started,
    )


def _install(folder: Path, wanted: dict[str, str]) -> None:
    """Write files that are not there; what somebody has made of one stays."""
    for name, text in wanted.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def _kept_extracts(
    sources: Path, label: Manifest, size: Scale, wanted: list[Extract]
) -> list[Extract]:
    """Give the extracts that are there already, after clearing away every other file."""
    found = manifest.read_manifest(sources)
    if found is None or not found.is_same_company(label):
        shutil.rmtree(sources, ignore_errors=True)
        shutil.rmtree(sources.parent / "legacy", ignore_errors=True)
        return []
    there = horizon.extracts(size, horizon.last_day(size, found.days))
    kept = [extract for extract in wanted if extract in there and _is_complete(sources, extract)]
    for extract in there:
        if extract not in kept:
            for folder, pattern in ((sources, "*/*"), (sources.parent / "legacy", "*")):
                for path in folder.glob(f"{pattern}/{extract.name}.*"):
                    path.unlink()
    return kept


def _is_complete(sources: Path, extract: Extract) -> bool:
    """Tell whether every file of an extract is there."""
    return all(file_path(sources, system, table, extract.name).exists() for system, table in TABLES)
