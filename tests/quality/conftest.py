"""Companies that are built once for all tests of the gate."""

import shutil
from collections.abc import Iterator

import pytest

from aftersales.home import Home
from companies import build_year, copied
from quality.support import Company
from sharing import Shared


@pytest.fixture(scope="session")
def clean_company(clean_year: Home, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A year of three stores without any planted defect, built and not yet audited."""
    return Company(copied(clean_year, tmp_path_factory.mktemp("clean") / "home"))


@pytest.fixture
def spoilt_company(clean_company: Company) -> Iterator[Company]:
    """The clean company, for a test that spoils its database; restored afterwards."""
    kept = clean_company.home.root / "kept.duckdb"
    shutil.copyfile(clean_company.database, kept)
    yield clean_company
    shutil.copyfile(kept, clean_company.database)


@pytest.fixture(scope="session")
def defective_company(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The same company with every kind of defect planted, and its answer key."""
    made = shared.make("defective-year", lambda folder: build_year(folder, defects=True))
    return Company(copied(made, tmp_path_factory.mktemp("defective") / "home"))
