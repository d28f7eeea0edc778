"""The company of the worked examples, computed once and served by Cube."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from aftersales.serving.node import install
from aftersales.serving.server import ServerHandle, start_server
from aftersales.settings import Settings
from golden.company import VERSION, build
from semantic.support import SECRET, publish_database
from sharing import Shared


@pytest.fixture(scope="session")
def database(shared: Shared) -> Path:
    return shared.make("golden", make_golden)


def make_golden(folder: Path) -> Path:
    home = build(folder)
    found = home.root / "warehouse.duckdb"
    publish_database(home.root, VERSION, found)
    return found


@pytest.fixture
def warehouse(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def served(database: Path) -> Iterator[ServerHandle]:
    semantic_dir = Settings().project_dir / "semantic"
    install(semantic_dir)
    with start_server(database.parent, 0, SECRET, semantic_dir=semantic_dir) as handle:
        yield handle
