"""A small company without planted defects: landed and built by the pipeline, and read by hand."""

import io
from pathlib import Path

from rich.console import Console

from aftersales.demo import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.manifest import read_manifest
from aftersales.warehouse.plan import BuildRequest

from ..support import publish_database
from .records import Records, read_records

STORES, SEED, DAYS = "2", 11, 92


def make_company(root: Path) -> Path:
    """Land and build a company, and publish its candidate as it is."""
    home, settings = Home(root), Settings()
    progress = Progress(Console(file=io.StringIO()))
    generate(root, STORES, SEED, DAYS, defects=False)
    with home.lock():
        ingest(home, settings, progress)
        manifest = build(home, settings, progress, BuildRequest(is_full=True, as_of_on=None))
    database = home.candidates / manifest.version_id / "warehouse.duckdb"
    publish_database(root, manifest.version_id, database)
    return root


def read_company(root: Path) -> Records:
    """Read what the candidate of a company was made of."""
    [folder] = (root / "candidates").glob("2*")
    manifest = read_manifest(folder)
    return read_records(root / "landing", manifest.batches, manifest.as_of_on)
