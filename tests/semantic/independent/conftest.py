"""One company for all independent computations: landed, built, served and read by hand."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from aftersales.serving.server import ServerHandle, start_server

from ..support import SECRET
from .company import read_company


@pytest.fixture(scope="package")
def company(independent_company: Path) -> Path:
    return independent_company


@pytest.fixture(scope="package")
def records(company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read_company(company).connection as connection:
        yield connection


@pytest.fixture(scope="package")
def served(company: Path, installed_dir: Path) -> Iterator[ServerHandle]:
    with start_server(company, 0, SECRET, semantic_dir=installed_dir) as handle:
        yield handle
