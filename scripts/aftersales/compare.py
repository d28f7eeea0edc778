"""Comparison of two databases, table by table and row for row, in both directions.

`python -m aftersales.compare A.duckdb B.duckdb` prints what differs; exit code 1 if anything does.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.sql import identifier, literal

PUBLISHED_SCHEMAS = ("staging", "intermediate", "marts", "quality", "reference")
_SAMPLE_ROWS = 3


@dataclass(frozen=True)
class Difference:
    """How one table differs; empty samples when not even its columns agree."""

    table: str
    reason: str
    samples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in one line, with some of the rows."""
        rows = "".join(f"\n    {sample}" for sample in self.samples)
        return f"{self.table}: {self.reason}{rows}"


def compare_databases(
    left: Path, right: Path, schemas: Iterable[str] = PUBLISHED_SCHEMAS
) -> list[Difference]:
    """Compare all tables of the given schemas; no difference means equal in every row."""
    wanted = set(schemas)
    differences = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables = []
        for side, path in (("left_side", left), ("right_side", right)):
            connection.execute(f"attach {literal(path)} as {side} (read_only)")
            tables.append(_tables(connection, side, wanted))
        for table in sorted(tables[0] ^ tables[1]):
            holder = "left" if table in tables[0] else "right"
            differences.append(Difference(".".join(table), f"is only in the {holder} database"))
        for schema, name in sorted(tables[0] & tables[1]):
            relation = f"{identifier(schema)}.{identifier(name)}"
            difference = compare_relations(
                connection, f"{schema}.{name}", f"left_side.{relation}", f"right_side.{relation}"
            )
            if difference is not None:
                differences.append(difference)
    return differences


def compare_relations(
    connection: duckdb.DuckDBPyConnection, name: str, left: str, right: str
) -> Difference | None:
    """Compare two relations of one connection: columns, types, then rows both ways."""
    left_columns, right_columns = (_columns(connection, side) for side in (left, right))
    if left_columns != right_columns:
        only_left = sorted(left_columns.items() - right_columns.items())
        only_right = sorted(right_columns.items() - left_columns.items())
        return Difference(name, f"columns differ: left {only_left}, right {only_right}")
    columns = ", ".join(identifier(column) for column in left_columns)
    if _fingerprint(connection, left, columns) == _fingerprint(connection, right, columns):
        return None
    reasons, samples = [], []
    for side, one, other in (("left", left, right), ("right", right, left)):
        surplus = f"(select {columns} from {one} except all select {columns} from {other})"
        row = connection.execute(f"select count(*) from {surplus}").fetchone()
        if row is None or row[0] == 0:
            continue
        reasons.append(f"{row[0]} rows only on the {side}")
        found = connection.execute(f"from {surplus} limit {_SAMPLE_ROWS}").fetchall()
        samples += [f"{side}: {values}" for values in found]
    return Difference(name, ", ".join(reasons), tuple(samples)) if reasons else None


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: str
) -> tuple[int, ...] | None:
    """The rows as a multiset: their number and two sums over 64-bit hashes of the whole row.

    Comparing the rows themselves needs memory for both tables; this needs none. Two different
    tables agree in all three by an accident of one in 2^128.
    """
    return connection.execute(
        f"select count(*), sum(hash({columns})::hugeint), sum(hash({columns}, 'again')::hugeint) "
        f"from {relation}"
    ).fetchone()


def _tables(
    connection: duckdb.DuckDBPyConnection, database: str, schemas: set[str]
) -> set[tuple[str, str]]:
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ?", [database]
    ).fetchall()
    return {(schema, table) for schema, table in rows if schema in schemas}


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def main(left: str, right: str) -> int:
    """Print the differences of two databases; give the exit code."""
    differences = compare_databases(Path(left), Path(right))
    for difference in differences:
        print(difference)
    print(f"{len(differences)} tables differ")
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m aftersales.compare A/warehouse.duckdb B/warehouse.duckdb")
    sys.exit(main(sys.argv[1], sys.argv[2]))
