"""Great Expectations on DuckDB: what it needs from us, and that it still needs it."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
import pytest

from aftersales.quality import gx_duckdb


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select i as number from range(20000) r(i)")
    return path


@pytest.fixture
def validate(database: Path) -> Iterator[Any]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql("small", connection_string=f"duckdb:///{database}")
    asset = source.add_table_asset("numbers", table_name="numbers")
    yield asset.add_batch_definition_whole_table("all").get_batch().validate
    source.get_execution_engine().close()


@pytest.fixture
def without_listener() -> Iterator[None]:
    gx_duckdb.uninstall()
    yield
    gx_duckdb.install()


def _message(result: Any) -> str:
    return str(result.exception_info)


def test_versions_the_listener_was_written_for() -> None:
    """On a new version: run the two tests below, then move the pin here."""
    assert version("great-expectations") == "1.24.1"
    assert version("duckdb-engine") == "0.17.0"


@pytest.mark.usefixtures("without_listener")
def test_without_the_listener_no_expectation_can_be_evaluated(validate: Any) -> None:
    """The day this fails the packages agree with each other: delete the listener."""
    result = validate(gxe.ExpectColumnValuesToNotBeNull(column="number"))
    assert not result.success
    assert "list index out of range" in _message(result)


@pytest.mark.parametrize(
    ("expectation", "is_met"),
    [
        (gxe.ExpectColumnValuesToNotBeNull(column="number"), True),
        (gxe.ExpectColumnValuesToBeUnique(column="number"), True),
        (gxe.ExpectColumnValuesToBeBetween(column="number", max_value=9), False),
        (gxe.ExpectColumnSumToBeBetween(column="number", max_value=199_990_000), True),
        (gxe.ExpectTableRowCountToEqual(value=20_000), True),
    ],
)
def test_with_the_listener_expectations_are_evaluated(
    validate: Any, expectation: Any, is_met: bool
) -> None:
    gx_duckdb.install()
    result = validate(expectation)
    assert not result.exception_info["raised_exception"], _message(result)
    assert result.success is is_met


def test_rows_are_counted_in_duckdb_and_never_fetched(validate: Any) -> None:
    """The plain expectation would bring 20,000 rows into Python; ours asks for their count."""
    from aftersales.quality.expectations import ExpectNoRows

    gx_duckdb.install()
    query = "select * from {batch}"
    plain = validate(gxe.UnexpectedRowsExpectation(unexpected_rows_query=query))
    assert "must not fetch" in _message(plain)
    ours = validate(ExpectNoRows(unexpected_rows_query=query))
    assert ours.result["observed_value"] == 20_000
    assert not ours.success


def test_an_exception_is_told_apart_from_a_failure(validate: Any) -> None:
    from aftersales.quality.expectations import ExpectNoRows
    from aftersales.quality.suites import _exception_of

    gx_duckdb.install()
    broken = validate(ExpectNoRows(unexpected_rows_query="select missing from {batch}"))
    assert not broken.success
    assert "missing" in _exception_of(broken.exception_info)
    failed = validate(ExpectNoRows(unexpected_rows_query="select * from {batch} where number < 3"))
    assert not failed.success
    assert not _exception_of(failed.exception_info)
