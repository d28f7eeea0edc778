"""One foreign database for all tests, and what `connect new` proposes for it."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from aftersales.connect.new import read_proposal
from aftersales.connect.write import Proposal
from aftersales.connectors.spec import Connector
from aftersales.contract import RawTable, load_contract
from aftersales.demo.foreign import write_foreign
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture(scope="session")
def contract(settings: Settings) -> Mapping[tuple[str, str], RawTable]:
    return load_contract(settings.project_dir)


@pytest.fixture(scope="session")
def progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=300))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stores, 120 days: enough for repairs to come back."""
    path = tmp_path_factory.mktemp("foreign") / "autohaus.db"
    write_foreign(path, "2", 7, 120, lambda text: None)
    return path


@pytest.fixture(scope="session")
def proposal(
    foreign: Path,
    settings: Settings,
    progress: Progress,
    tmp_path_factory: pytest.TempPathFactory,
) -> Proposal:
    home = Home(tmp_path_factory.mktemp("proposal"))
    connector = Connector(
        "autohaus", home.connectors / "autohaus.yml", "sqlite", "steward",
        {"path": str(foreign)}, (), "Asia/Shanghai",
    )  # fmt: skip
    return read_proposal(home, settings, progress, connector)
