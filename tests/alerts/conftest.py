"""The company of all cases, judged once by the project's models."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from alerts.cases import STORES
from alerts.company import Company
from sharing import Shared


@pytest.fixture(scope="session")
def company(shared: Shared) -> Company:
    return shared.make("cases", make_cases)


def make_cases(folder: Path) -> Company:
    made = Company(folder)
    made.write(STORES)
    return made


@pytest.fixture(scope="session")
def judged(company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(company.database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def judged_path(company: Company) -> Path:
    return company.database
