"""What a version knows of its data: read from its tables, nothing is computed but sums of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from aftersales.errors import AftersalesError
from aftersales.quality.catalogue import ROW, SET, schema_of
from aftersales.sql import literal
from aftersales.steward.masking import masked_column, masked_text

_SQL = Path(__file__).with_name("sql")
_LINEAGE = ("_batch_id", "_source_file", "_row_number", "quarantine_rule_id", "flag_rule_ids")
Row = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Questions to the database of one version."""

    connection: duckdb.DuckDBPyConnection

    def ask(self, name: str, **parameters: Any) -> list[Row]:
        """The rows of `sql/<name>.sql`."""
        sql = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
        for mark, column in (("key", "row_key"), ("detail", "detail"), ("reason", "reason")):
            sql = sql.replace(f"{{masked_{mark}}}", masked_text(column))
        return self._rows(sql, parameters)

    def verdict(self) -> Row:
        """The conclusion of the audit."""
        return self.ask("verdict")[0]

    def find_store(self, name: str | None) -> str | None:
        """The key of a store given by name or key; raise when there is none."""
        if name is None:
            return None
        found = self._rows(
            "select store_key from marts.dim_store where store_name = $name or store_key = $name",
            {"name": name},
        )
        if not found:
            raise AftersalesError(
                f"There is no store {name}: give its name or key as `aftersales quality` lists it."
            )
        return str(found[0]["store_key"])

    def rule(self, rule_id: str) -> Row:
        """A rule with its result; raise when the version knows none of that name."""
        found = self.ask("rules", rule=rule_id)
        if found:
            return found[0]
        known = [row["rule_id"] for row in self.ask("rules", rule=None)]
        near = get_close_matches(rule_id, known, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "`aftersales quality` lists them."
        raise AftersalesError(f"There is no rule '{rule_id}': {hint}")

    def landed_rows(self, failing: list[Row]) -> dict[tuple[str, str, int], Row]:
        """The staged rows of these failing rows of row rules, with personal data masked."""
        wanted: dict[str, set[tuple[str, int]]] = {}
        for row in failing:
            if row["batch_id"] is not None and row["row_number"] is not None:
                place = (str(row["batch_id"]), int(row["row_number"]))
                wanted.setdefault(str(row["table_name"]), set()).add(place)
        found: dict[tuple[str, str, int], Row] = {}
        for table, places in sorted(wanted.items()):
            for row in self._staged(table, places):
                landed = (table, str(row.pop("_batch_id")), int(row.pop("_row_number")))
                found[landed] = {name: value for name, value in row.items() if value is not None}
        return found

    def _staged(self, table: str, places: set[tuple[str, int]]) -> list[Row]:
        relation = f"{schema_of(table)}.{table}"
        names = [str(row["column_name"]) for row in self._rows(f"describe {relation}", {})]
        shown = ", ".join(
            f"{masked_column(name, 'staged')} as {name}" for name in names if name not in _LINEAGE
        )
        listed = ", ".join(f"({literal(batch)}, {number})" for batch, number in sorted(places))
        return self._rows(
            f"select staged._batch_id, staged._row_number, {shown} from {relation} as staged "
            f"where (staged._batch_id, staged._row_number) in ({listed})",
            {},
        )

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        cursor = self.connection.execute(sql, parameters or None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def open_version(database: Path) -> Iterator[Reader]:
    """A version's database, never to be written; raise when its code was older than this report."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            yield Reader(connection)
    except duckdb.CatalogException as error:
        raise AftersalesError(
            f"The version in {database.parent} was built by older code and lacks a table of this "
            f"report ({error}): run `aftersales run`."
        ) from error


def all_rows_query(rule: Row) -> str:
    """The query that returns every row that breaks a rule, whole; it runs on the version's file."""
    table, rule_id = str(rule["table_name"]), str(rule["rule_id"])
    if rule["rule_kind"] != ROW:
        return f"select * from quality.dq_failing_rows where rule_id = {literal(rule_id)}"
    return (
        f"select * from {schema_of(table)}.{table} as staged\n"
        f"where strpos(flag_rule_ids, {literal(f'|{rule_id}|')}) > 0\n"
        "  and (_batch_id, _row_number) not in (\n"
        "    select (batch_id, row_number) from quality.dq_corrections\n"
        f"    where is_repaired and 'stg_' || system || '__' || table_name = {literal(table)})"
    )


def correct_command(row: Row) -> str | None:
    """The command that corrects a failing row; None where it is no single landed row."""
    if row["batch_id"] is None or row["row_number"] is None:
        return None
    table = str(row["table_name"]).removeprefix("stg_").replace("__", ".", 1)
    return (
        f"aftersales correct {table} {row['batch_id']} {row['row_number']} "
        "--set COLUMN=VALUE --by NAME --reason TEXT"
    )


def is_of_many_rows(rule: Row) -> bool:
    """Whether a rule speaks of several rows or tables, so that no row of it can be corrected."""
    return bool(rule["rule_kind"] == SET)
