"""What is shared between tests hides no failure: a change and a maker that fails are seen."""

import os
from pathlib import Path

import pytest

from sharing import Shared


def make(folder: Path) -> str:
    folder.mkdir()
    (folder / "rows").write_text("one")
    return "made"


@pytest.fixture
def made(tmp_path: Path) -> Shared:
    shared = Shared(tmp_path)
    assert shared.make("company", make) == "made"
    return shared


def test_another_worker_finds_what_was_made(made: Shared) -> None:
    def twice(folder: Path) -> str:
        raise AssertionError(f"{folder} is made a second time")

    assert Shared(made.folder).make("company", twice) == "made"


def test_what_could_not_be_made_is_not_there_for_the_next(tmp_path: Path) -> None:
    def break_off(folder: Path) -> str:
        make(folder)
        raise ValueError("no models")

    for _ in range(2):
        with pytest.raises(ValueError, match="no models"):
            Shared(tmp_path).make("company", break_off)
    assert Shared(tmp_path).make("company", make) == "made"


def test_reading_and_logs_beside_it_change_nothing(made: Shared) -> None:
    (made.folder / "company" / "rows").read_text()
    (made.folder / "company" / "server.log").write_text("started")
    assert made.changed() == []


def test_a_changed_file_is_seen(made: Shared) -> None:
    rows = made.folder / "company" / "rows"
    rows.write_text("two")
    assert made.changed() == [rows]


def test_a_file_that_was_put_back_is_seen(made: Shared) -> None:
    rows = made.folder / "company" / "rows"
    rows.write_text("one")
    os.utime(rows, ns=(0, 0))
    assert made.changed() == [rows]


def test_a_file_that_is_gone_is_seen(made: Shared) -> None:
    rows = made.folder / "company" / "rows"
    rows.unlink()
    assert made.changed() == [rows]
