"""Companies that are built once for all tests of the gate."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from aftersales.demo.generate import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.plan import BuildRequest
from quality.support import Company


def _build_company(folder: Path, defects: bool) -> Company:
    company = Company(Home(folder))
    generate(company.home.root, scale="3", seed=5, days=None, defects=defects)
    progress = Progress(Console(file=io.StringIO(), width=300))
    settings = Settings()
    ingest(company.home, settings, progress)
    build(company.home, settings, progress, BuildRequest())
    return company


@pytest.fixture(scope="session")
def clean_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A year of three stores without any planted defect, built and not yet audited."""
    return _build_company(tmp_path_factory.mktemp("clean"), defects=False)


@pytest.fixture
def spoilt_company(clean_company: Company) -> Iterator[Company]:
    """The clean company, for a test that spoils its database; restored afterwards."""
    kept = clean_company.home.root / "kept.duckdb"
    shutil.copyfile(clean_company.database, kept)
    yield clean_company
    shutil.copyfile(kept, clean_company.database)


@pytest.fixture(scope="session")
def defective_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The same company with every kind of defect planted, and its answer key."""
    return _build_company(tmp_path_factory.mktemp("defective"), defects=True)
