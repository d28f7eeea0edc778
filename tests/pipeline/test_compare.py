"""The comparison that proves equality must see every kind of difference."""

from pathlib import Path

import duckdb
import pytest

from aftersales.compare import compare_databases, main

BASE = """
create schema marts;
create table marts.t as select * from (values (1, 'a'), (2, null)) as rows (k, v)
"""


def database(path: Path, *statements: str) -> Path:
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_equal_tables_in_another_order_are_equal(tmp_path: Path) -> None:
    left = database(tmp_path / "left.duckdb", BASE)
    right = database(
        tmp_path / "right.duckdb",
        "create schema marts",
        "create table marts.t as select * from (values (2, null), (1, 'a')) v(k, v)",
    )
    assert compare_databases(left, right) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            "update marts.t set v = 'b' where k = 1",
            "1 rows only on the left, 1 rows only on the right",
        ),
        ("insert into marts.t values (1, 'a')", "1 rows only on the right"),
        ("delete from marts.t where v is null", "1 rows only on the left"),
        ("alter table marts.t alter k type bigint", "columns differ"),
        ("alter table marts.t add column w integer", "columns differ"),
        ("create table marts.u (k integer)", "only in the right database"),
        ("drop table marts.t", "only in the left database"),
    ],
)
def test_every_kind_of_difference_is_reported(tmp_path: Path, change: str, reason: str) -> None:
    left = database(tmp_path / "left.duckdb", BASE)
    right = database(tmp_path / "right.duckdb", BASE, change)
    differences = compare_databases(left, right)
    assert len(differences) == 1
    assert reason in str(differences[0])


def test_other_schemas_are_left_out(tmp_path: Path) -> None:
    left = database(
        tmp_path / "left.duckdb",
        BASE,
        "create schema landing; create table landing.x as select 1 as a",
    )
    right = database(tmp_path / "right.duckdb", BASE)
    assert compare_databases(left, right) == []


def test_the_command_tells_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = database(tmp_path / "left.duckdb", BASE)
    right = database(tmp_path / "right.duckdb", BASE, "delete from marts.t where v is null")
    assert main(str(left), str(left)) == 0
    assert main(str(left), str(right)) == 1
    assert "1 rows only on the left" in capsys.readouterr().out
