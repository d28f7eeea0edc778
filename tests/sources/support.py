"""A small SQLite source, and connectors written into a home."""

import io
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import yaml

from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import LANDED, Batch, data_path
from aftersales.progress import Progress

BAY_COLUMNS = {
    "bay_id": "text",
    "store_id": "text",
    "bay_type": "text",
    "installed_on": "date",
    "retired_on": "date",
    "updated_at": "timestamp",
}


def said_by(progress: Progress) -> str:
    """What a run has printed so far."""
    assert isinstance(progress.console.file, io.StringIO)
    return progress.console.file.getvalue()


def connector(home: Home, name: str, **document: Any) -> Path:
    """Write a connector file."""
    home.connectors.mkdir(parents=True, exist_ok=True)
    path = home.connectors / f"{name}.yml"
    path.write_text(
        yaml.safe_dump({"owner": "steward", **document}, allow_unicode=True), encoding="utf-8"
    )
    return path


class Bays:
    """A SQLite file with a table of bays, and its connector."""

    def __init__(self, home: Home, **document: Any) -> None:
        """Make the file, three rows, and the connector."""
        self.home = home
        home.root.mkdir(parents=True, exist_ok=True)
        self.path = home.root / "source.db"
        self.run(
            f"create table bays ({', '.join(f'{n} {t}' for n, t in BAY_COLUMNS.items())})",
            "create table stores_x (store_id text, name text)",
        )
        self.add(1, 2, 3)
        self.table: dict[str, Any] = {
            "from": "bays",
            "feeds": "dms.bays",
            "keys": ["bay_id"],
            "cursor": {"column": "updated_at", "overlap": "1 hour"},
        }
        self.declare(**document)

    def declare(self, **document: Any) -> None:
        """Write the connector anew."""
        tables = document.pop("tables", [self.table])
        connector(
            self.home,
            "bays",
            kind="sqlite",
            connection={"path": str(self.path)},
            tables=tables,
            **document,
        )

    def run(self, *statements: str) -> None:
        """Change the source."""
        database = sqlite3.connect(self.path)
        with database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def add(self, *numbers: int, moment: str = "2025-01-05 08:00:00") -> None:
        """Insert bays."""
        for number in numbers:
            self.run(
                f"insert into bays (bay_id, store_id, bay_type, installed_on, updated_at) values "
                f"('b{number}', 's1', 'body', '2024-01-01', '{moment}')"
            )


def landed_batches(home: Home, table: str = "bays") -> list[Batch]:
    """The batches of rows of a table."""
    return [one for one in ledger.load(home) if one.table == table and one.status == LANDED]


def landed_rows(home: Home, columns: str, table: str = "bays") -> list[tuple[Any, ...]]:
    """Rows of all batches of a table in their order."""
    batches = landed_batches(home, table)
    listed = ", ".join(f"'{data_path(home, one)}'" for one in batches)
    if not listed:
        return []
    return duckdb.sql(
        f"select {columns} from read_parquet([{listed}], union_by_name = true) "
        "order by _batch_id, _row_number"
    ).fetchall()


def rejects(home: Home, batch: Batch) -> list[tuple[Any, ...]]:
    """Row, column, reason and text of the rejects of a batch."""
    path = home.rejects / batch.system / batch.table / f"{batch.batch_id}.parquet"
    return duckdb.sql(
        f"select row_number, column_name, reason, raw_text from read_parquet('{path}')"
    ).fetchall()
