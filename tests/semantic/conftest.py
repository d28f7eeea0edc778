"""One server over a sample warehouse for the whole session, and the model as data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales.metrics.model import Model, read_model
from aftersales.serving.node import install
from aftersales.serving.server import ServerHandle, start_server
from aftersales.settings import Settings

from .support import SECRET, build_version, publish


@pytest.fixture(scope="session")
def semantic_dir() -> Path:
    return Settings().project_dir / "semantic"


@pytest.fixture(scope="session")
def model(semantic_dir: Path) -> Model:
    return read_model(semantic_dir / "model")


@pytest.fixture(scope="session")
def installed_dir(semantic_dir: Path) -> Path:
    install(semantic_dir)
    return semantic_dir


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    build_version(home, "v1", 1)
    publish(home, "v1")
    return home


@pytest.fixture(scope="session")
def server(installed_dir: Path, sample_home: Path) -> Iterator[ServerHandle]:
    with start_server(sample_home, 0, SECRET, semantic_dir=installed_dir) as handle:
        yield handle
