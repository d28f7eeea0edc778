"""A small company, built once; an existing warehouse can be named to save the time."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from aftersales.metrics.model import Model, read_model
from aftersales.settings import Settings


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> Path:
    """The database of a small company without planted defects."""
    named = os.environ.get("AFTERSALES_EXPLAIN_DATABASE")
    if named:
        return Path(named)
    root: Path = request.getfixturevalue("independent_company")
    [found] = root.glob("candidates/2*/warehouse.duckdb")
    return found


@pytest.fixture
def warehouse(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, opened for reading."""
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def model() -> Model:
    """Cube's model: where metrics are defined."""
    return read_model(Settings().project_dir / "semantic" / "model")
