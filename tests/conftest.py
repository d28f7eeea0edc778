"""What all tests share: one reading of the dbt project, and companies that are built once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales.home import Home
from companies import build_year, publish_months, write_small
from read_once import read_once
from sharing import Shared


@pytest.fixture(scope="session", autouse=True)
def _project_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """What is made once for all workers; pytest gives each worker a folder below a common one."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = Shared(common / "shared")
    yield made
    assert made.changed() == [], "a test has changed what others read: let it take a copy"


@pytest.fixture(scope="session")
def independent_company(shared: Shared) -> Path:
    """Two stores and three months without planted defects: landed, built, published as it is."""
    from semantic.independent.company import make_company

    return shared.make("independent", make_company)


@pytest.fixture(scope="session")
def small_company(shared: Shared) -> Path:
    """The sources of the small demo company, with its answer key."""
    return shared.make("small", write_small)


@pytest.fixture(scope="session")
def clean_year(shared: Shared) -> Home:
    """A year of three stores without any planted defect, built and not yet audited."""
    return shared.make("clean-year", lambda folder: build_year(folder, defects=False))


@pytest.fixture(scope="session")
def published_months(shared: Shared) -> Home:
    """Five months of two stores with every kind of defect, published."""
    return shared.make("published-months", publish_months)
