"""Databases: PostgreSQL, MySQL, MariaDB, SQLite and DuckDB, read by DuckDB's scanners."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from aftersales.connectors.engine import load_scanner
from aftersales.connectors.expressions import family
from aftersales.connectors.extract import Extract
from aftersales.connectors.look_up import looked_up
from aftersales.connectors.mapping import map_columns
from aftersales.connectors.queries import asked
from aftersales.connectors.rows import prepared
from aftersales.connectors.secrets import Secrets, SourceError
from aftersales.connectors.spec import Connector, TableSpec, each_name
from aftersales.connectors.zones import local_start, to_utc_sql
from aftersales.contract import duckdb_type
from aftersales.sql import identifier, literal

_ALIAS = "source"
_SERVER_TYPES = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql"}
_DEFAULT_PORTS = {"postgresql": "5432", "mysql": "3306", "mariadb": "3306"}


class MissingTableError(SourceError):
    """A table that the connector names and the source does not have."""


@dataclass(frozen=True)
class Database:
    """An attached database of a source."""

    engine: duckdb.DuckDBPyConnection
    connector: Connector
    database_name: str

    def extract(self, table: TableSpec, cursor_high: str | None) -> Extract:
        """The rows of a table; with a cursor known, those from its overlap on."""
        extract = Extract(
            name=f"{self.connector.name}/{table.source}",
            relation=self._relation(table),
            columns=self._columns_of(table),
            row_number="row_number() over ()",
            utc_columns=self._utc_columns(table),
            declared_types=self._declared_types(table),
        )
        extract = looked_up(table, extract, self._place, self._columns_at)
        native = self._native_cursor(table, extract)
        if cursor_high is not None and native is not None:
            condition = self._since(table, extract, native, cursor_high)
            extract = replace(
                extract, relation=f"(select * from {extract.relation} where {condition})"
            )
            if table.query and self.connector.kind == "postgresql" and not _looks_up(table):
                # The scanner does not carry a condition into a query: the server gets it with it.
                extract = replace(
                    extract, relation=asked(self.connector.kind, _ALIAS, table.query, condition)
                )
        extract = prepared(self.engine, table, extract)
        if cursor_high is not None and native is None and table.cursor is not None:
            condition = self._since_made(table, extract, cursor_high)
            extract = replace(
                extract, relation=f"(select * from {extract.relation} where {condition})"
            )
        return extract

    def _native_cursor(self, table: TableSpec, extract: Extract) -> str | None:
        """The source's column that is the cursor, if the server can compare it as it is."""
        spec = table.column_of(table.cursor.column) if table.cursor else None
        column = extract.column(spec.source) if spec and spec.source and spec.is_direct else None
        if column is None or family(extract.columns[column]) == "text":
            return None
        return column

    def highest(self, table: TableSpec, extract: Extract) -> str | None:
        """The furthest value of the cursor, in UTC, as the server finds it fastest."""
        column = self._native_cursor(table, extract)
        if column is None or family(extract.columns[column]) not in {"timestamp", "timestamptz"}:
            return None
        if table.each is not None and column in map(each_name, table.each.columns):
            return None
        if self.connector.kind == "postgresql":
            place = self._place(table.source).removeprefix(f"{_ALIAS}.")
            if table.query:
                place = f"({table.query}) as asked"
            query = literal(f"select max({identifier(column)}) from {place}")
            relation, value = f"postgres_query({literal(_ALIAS)}, {query})", "max"
        else:
            relation, value = extract.relation, f"max({identifier(column)})"
        spec = table.column_of(table.cursor.column) if table.cursor else None
        zone = (spec and spec.time_zone) or self.connector.time_zone
        if column in extract.utc_columns:
            zone = "UTC"
        if family(extract.columns[column]) == "timestamptz":
            moment = f"timezone('UTC', {value})"
        else:
            moment = to_utc_sql(f"cast({value} as timestamp)", zone)
        row = self.engine.execute(f"select {moment} from {relation}").fetchone()
        return row[0].isoformat(" ") if row and isinstance(row[0], datetime) else None

    def _place(self, source: str) -> str:
        schema, _, name = source.rpartition(".")
        default = {"postgresql": "public", "mysql": self.database_name}.get(
            "mysql" if self.connector.kind == "mariadb" else self.connector.kind, "main"
        )
        schema = schema or str(self.connector.connection.get("schema", default))
        return f"{_ALIAS}.{identifier(schema)}.{identifier(name)}"

    def _relation(self, table: TableSpec) -> str:
        if table.query:
            return asked(self.connector.kind, _ALIAS, table.query)
        return self._place(table.source)

    def _columns_of(self, table: TableSpec) -> dict[str, str]:
        if not table.query:
            return self._columns_at(table.source)
        described = self.engine.execute(f"describe select * from {self._relation(table)}")
        return {str(row[0]): str(row[1]) for row in described.fetchall()}

    def _columns_at(self, source: str) -> dict[str, str]:
        query = f"describe select * from {self._place(source)}"
        try:
            described = self.engine.execute(query).fetchall()
        except duckdb.CatalogException:
            described = []
        if not described:
            raise MissingTableError(f"there is no table {source}")
        return {str(row[0]): str(row[1]) for row in described}

    def _declared_types(self, table: TableSpec) -> dict[str, str] | None:
        if self.connector.kind != "sqlite" or table.query:
            return None
        path = self.connector.resolve(str(self.connector.connection["path"]))
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute(
                "select name, type from pragma_table_info(?)", (table.source,)
            ).fetchall()
        return {str(name): str(kind).upper() or "ANY" for name, kind in found}

    def _utc_columns(self, table: TableSpec) -> frozenset[str]:
        """The columns whose naive times are UTC already: MySQL's TIMESTAMP, not its DATETIME."""
        if self.connector.kind not in {"mysql", "mariadb"} or table.query:
            return frozenset()
        name = table.source.rpartition(".")[2]
        query = (
            "select column_name from information_schema.columns where data_type = 'timestamp' "
            f"and table_schema = {_mysql_literal(self.database_name)} "
            f"and table_name = {_mysql_literal(name)}"
        )
        found = self.engine.execute(
            f"select * from mysql_query({literal(_ALIAS)}, {literal(query)})"
        ).fetchall()
        return frozenset(str(row[0]) for row in found)

    def _since(self, table: TableSpec, extract: Extract, column: str, cursor_high: str) -> str:
        start = self._start(table, extract, column, cursor_high)
        name = identifier(column)
        # A row that never had its cursor set is read each time: nothing tells that it is old.
        return f"({name} >= {start} or {name} is null)"

    def _since_made(self, table: TableSpec, extract: Extract, high: str) -> str:
        """The same of a cursor that the source does not hold as it lands: made for every row."""
        cursor = table.cursor
        assert cursor is not None
        value = map_columns(self.connector, table, extract, frozenset()).values[cursor.column]
        kind = table.feeds.columns[cursor.column]
        made = f"try_cast({value.sql} as {duckdb_type(kind)})"
        if kind == "integer":
            start = str(int(high) - cursor.overlap_count)
        else:
            moment = datetime.fromisoformat(high) - cursor.overlap_time
            start = f"timestamp {literal(moment.isoformat(' '))}"
        return f"({made} >= {start} or {made} is null)"

    def _start(self, table: TableSpec, extract: Extract, column: str, high: str) -> str:
        cursor = table.cursor
        assert cursor is not None
        kind = family(extract.columns[column])
        if kind in {"integer", "decimal"}:
            return str(int(high) - cursor.overlap_count)
        start = datetime.fromisoformat(high) - cursor.overlap_time
        if kind == "timestamptz":
            return f"timestamptz {literal(start.isoformat(' ') + '+00')}"
        spec = table.column_of(cursor.column)
        zone = spec.time_zone or self.connector.time_zone
        if column not in extract.utc_columns:
            start = local_start(start, zone)
        if kind == "date":
            return f"date {literal(start.date().isoformat())}"
        if kind == "timestamp":
            return f"timestamp {literal(start.isoformat(' '))}"
        raise SourceError(
            f"{self.connector.path}: the cursor {cursor.column} of {table.source} is of type "
            f"{extract.columns[column]}: take a column of time, date or whole number"
        )


@contextmanager
def attached(
    engine: duckdb.DuckDBPyConnection, connector: Connector, secrets: Secrets
) -> Iterator[Database]:
    """Attach the database of a connector, read-only, for as long as it is read."""
    load_scanner(engine, connector.kind)
    if connector.kind in _SERVER_TYPES:
        name = _attach_server(engine, connector, secrets)
    else:
        name = _attach_file(engine, connector)
    try:
        yield Database(engine, connector, name)
    finally:
        engine.execute(f"detach {_ALIAS}")
        engine.execute(f"drop secret if exists {_ALIAS}_secret")


def _attach_server(
    engine: duckdb.DuckDBPyConnection, connector: Connector, secrets: Secrets
) -> str:
    server = _SERVER_TYPES[connector.kind]
    values = {name: secrets.value(name) for name in ("host", "user", "password", "database")}
    values["port"] = secrets.value("port") or _DEFAULT_PORTS[connector.kind]
    ssl_mode = secrets.value("ssl_mode")
    if ssl_mode and server == "postgres":
        values["sslmode"] = ssl_mode
    elif ssl_mode:
        values["ssl_mode"] = {
            "disable": "disabled",
            "prefer": "preferred",
            "require": "required",
            "verify-ca": "verify_ca",
            "verify-full": "verify_identity",
        }[ssl_mode]
    options = "".join(f", {name} {literal(one)}" for name, one in values.items() if one)
    engine.execute(f"create or replace temporary secret {_ALIAS}_secret (type {server}{options})")
    engine.execute(f"attach '' as {_ALIAS} (type {server}, secret {_ALIAS}_secret, read_only)")
    return str(values["database"])


def _attach_file(engine: duckdb.DuckDBPyConnection, connector: Connector) -> str:
    path = connector.resolve(str(connector.connection["path"]))
    if not path.is_file():
        raise SourceError(f"there is no file {connector.connection['path']}")
    options = "type sqlite, read_only" if connector.kind == "sqlite" else "read_only"
    engine.execute(f"attach {literal(path)} as {_ALIAS} ({options})")
    return path.stem


def _looks_up(table: TableSpec) -> bool:
    return any(spec.look_up for spec in table.columns.values())


def _mysql_literal(value: str) -> str:
    return literal(value.replace("\\", "\\\\"))
