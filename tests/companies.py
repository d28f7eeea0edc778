"""Demo companies that tests of several folders look at."""

import io
import shutil
from pathlib import Path

from rich.console import Console

from aftersales.demo.generate import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.audit import audit
from aftersales.warehouse.build import build
from aftersales.warehouse.plan import BuildRequest
from aftersales.warehouse.publish import publish


def write_small(folder: Path) -> Path:
    """The sources of the small company, as `aftersales run` makes them."""
    generate(folder, "small", 7, None)
    return folder


def build_year(folder: Path, defects: bool) -> Home:
    """A year of three stores, landed and built, not audited."""
    return _built(folder, "3", None, defects)


def publish_months(folder: Path) -> Home:
    """Five months of two stores with every kind of defect, published."""
    home = _built(folder, "2", 150, defects=True)
    with home.lock():
        _, report = audit(home, Settings(), _progress())
        assert report.verdict.is_publishable, report.blocking
        publish(home, Settings(), _progress())
    return home


def copied(home: Home, folder: Path) -> Home:
    """A home of one's own, to change it."""
    shutil.copytree(home.root, folder, symlinks=True)
    return Home(folder)


def _built(folder: Path, scale: str, days: int | None, defects: bool) -> Home:
    home = Home(folder)
    generate(home.root, scale=scale, seed=5, days=days, defects=defects)
    with home.lock():
        ingest(home, Settings(), _progress())
        build(home, Settings(), _progress(), BuildRequest())
    return home


def _progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=300))
