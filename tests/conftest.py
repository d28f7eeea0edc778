"""What all tests share: one reading of the dbt project, and how two workers divide the tests."""

from collections.abc import Iterator

import pytest

from dividing import Divided
from read_once import read_once


@pytest.fixture(scope="session", autouse=True)
def _project_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Divided:
    return Divided(config, log)
