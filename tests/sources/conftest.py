"""A tiny demo company, database servers that start once for a module, and quiet progress."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources import dms, servers
from sources.servers import Server


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture
def progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=300))


@pytest.fixture(scope="session")
def dms_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dms.make_company(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dms_files: Path
) -> Iterator[Server]:
    reason = servers.missing(request.param)
    if reason:
        pytest.skip(reason)
    with servers.running(request.param, tmp_path_factory.mktemp(request.param)) as running:
        dms.fill(running, dms_files)
        yield running


@pytest.fixture
def credentials(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
