"""The companies the tests look at, each made once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from aftersales.demo import generate
from demo.support import open_company


@pytest.fixture(scope="session")
def small_home(small_company: Path) -> Path:
    return small_company


@pytest.fixture(scope="session")
def clean_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("clean")
    generate(home, "2", 7, 92, defects=False)
    return home


@pytest.fixture(scope="session")
def small(small_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_company(small_home) as connection:
        connection.execute(f"create view defects as from '{small_home}/answer_key/defects.parquet'")
        yield connection


@pytest.fixture(scope="session")
def clean(clean_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_company(clean_home) as connection:
        yield connection
