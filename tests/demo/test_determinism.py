"""The same company comes out each time, and a later day changes no earlier file."""

from pathlib import Path

import duckdb
import pytest

from aftersales.demo import engine, generate, scale_of
from aftersales.demo.extracts import TABLES
from aftersales.demo.manifest import read_manifest
from aftersales.errors import AftersalesError
from demo.support import digests


@pytest.fixture(scope="module")
def month_and_a_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("day")
    generate(home, "1", 3, 32)
    return home


def test_the_same_bytes_twice(month_and_a_day: Path, tmp_path: Path) -> None:
    generate(tmp_path, "1", 3, 32)
    assert digests(tmp_path / "sources") == digests(month_and_a_day / "sources")


def test_the_same_bytes_with_other_threads(
    month_and_a_day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = engine.connect

    def connect_with_one_thread(temp_directory: Path) -> duckdb.DuckDBPyConnection:
        connection = connect(temp_directory)
        connection.execute("set threads = 1")
        return connection

    monkeypatch.setattr(engine, "connect", connect_with_one_thread)
    generate(tmp_path, "1", 3, 32)
    assert digests(tmp_path / "sources") == digests(month_and_a_day / "sources")


def test_another_seed_is_another_company(month_and_a_day: Path, tmp_path: Path) -> None:
    generate(tmp_path, "1", 4, 30)
    first, second = digests(tmp_path / "sources"), digests(month_and_a_day / "sources")
    assert first["dms/repair_orders/2024-11.parquet"] != second["dms/repair_orders/2024-11.parquet"]


def test_one_more_day_adds_one_file_a_table(month_and_a_day: Path, tmp_path: Path) -> None:
    generate(tmp_path, "1", 3, 33)
    longer, shorter = digests(tmp_path / "sources"), digests(month_and_a_day / "sources")
    assert {path: longer[path] for path in shorter} == shorter
    added = longer.keys() - shorter.keys()
    assert len(added) == len(TABLES)
    assert all("/2024-12-03." in path for path in added)


def test_a_continued_company_equals_a_new_one(month_and_a_day: Path, tmp_path: Path) -> None:
    generate(tmp_path, "1", 3, 31)
    continued = generate(tmp_path, "1", 3, 32)
    assert continued.written_extract_count == 1
    assert digests(tmp_path / "sources") == digests(month_and_a_day / "sources")
    for name in ("defects", "persons", "comeback_causes", "churn_causes"):
        path = f"answer_key/{name}.parquet"
        assert (tmp_path / path).read_bytes() == (month_and_a_day / path).read_bytes()


def test_a_company_that_is_there_is_kept(month_and_a_day: Path) -> None:
    again = generate(month_and_a_day, "1", 3, 32)
    assert (again.written_extract_count, again.row_count) == (0, 0)


def test_the_sources_say_that_they_are_synthetic(month_and_a_day: Path) -> None:
    label = read_manifest(month_and_a_day / "sources")
    assert label is not None
    assert (label.label, label.scale, label.seed, label.days) == ("synthetic", "1", 3, 32)
    assert "synthetic" in (month_and_a_day / "sources" / "README.txt").read_text("utf-8")


@pytest.mark.parametrize("name", ["", "tiny", "0", "9999", "-1"])
def test_an_unknown_scale_is_refused(name: str) -> None:
    with pytest.raises(AftersalesError, match="There is no demo scale"):
        scale_of(name)


@pytest.mark.parametrize("days", [0, 5000])
def test_days_out_of_reach_are_refused(tmp_path: Path, days: int) -> None:
    with pytest.raises(AftersalesError, match="days"):
        generate(tmp_path, "1", 1, days)


@pytest.mark.parametrize(
    ("name", "stores", "days"), [("small", 8, 365), ("region", 25, 1096), ("nation", 150, 1096)]
)
def test_the_named_scales(name: str, stores: int, days: int) -> None:
    assert (scale_of(name).store_count, scale_of(name).base_days) == (stores, days)
