"""A fresh home for each test, the project's settings and its raw contract."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from aftersales.contract import RawTable, load_contract
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture(scope="session")
def contract(settings: Settings) -> Mapping[tuple[str, str], RawTable]:
    return load_contract(settings.project_dir)


@pytest.fixture
def progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=300))
