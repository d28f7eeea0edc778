"""The demo company's records in the shape of another make of dealer system: a SQLite file."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from aftersales.connectors.engine import load_scanner
from aftersales.demo.engine import connect, sql_text
from aftersales.demo.generate import generate
from aftersales.errors import AftersalesError
from aftersales.files import put_in_place, temporary_name
from aftersales.sql import identifier, literal

_NEWEST = {
    "stores": ("store_id",),
    "technicians": ("technician_id",),
    "service_items": ("service_item_code",),
    "customers": ("customer_id",),
    "vehicles": ("vehicle_id",),
    "repair_orders": ("store_id", "repair_order_no"),
    "labour_lines": ("store_id", "labour_line_id"),
    "part_lines": ("store_id", "part_line_id"),
}


def write_foreign(
    path: Path, scale: str, seed: int, days: int | None, progress: Callable[[str], None]
) -> dict[str, int]:
    """Make a company without planted defects and write it; give the rows of each table."""
    if path.exists():
        raise AftersalesError(f"{path} is there already: name another file, or remove it first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aftersales-foreign-") as folder:
        home = Path(folder)
        generate(home, scale, seed, days, defects=False, progress=progress)
        return convert(home / "sources" / "dms", path, home)


def convert(dms: Path, path: Path, work: Path) -> dict[str, int]:
    """Write the newest state of the records in a folder of extracts as a foreign database."""
    temporary = temporary_name(path)
    temporary.unlink(missing_ok=True)
    connection = connect(work)
    load_scanner(connection, "sqlite")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach {literal(temporary)} as foreign_db (type sqlite)")
    for table, keys in _NEWEST.items():
        _take_newest(connection, dms / table, table, keys)
    connection.execute(sql_text("foreign.sql"))
    counted = dict(
        connection.execute(
            "select table_name, estimated_size from duckdb_tables() "
            "where database_name = 'foreign_db' order by table_name"
        ).fetchall()
    )
    connection.execute("detach foreign_db")
    connection.close()
    put_in_place(temporary, path)
    return counted


def _take_newest(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, keys: tuple[str, ...]
) -> None:
    listed = ", ".join(identifier(key) for key in keys)
    connection.execute(
        f"create temporary table {table} as select * exclude (filename, file_row_number) "
        f"from read_parquet({literal(folder / '*.parquet')}, union_by_name = true, "
        "filename = true, file_row_number = true) qualify row_number() over ("
        f"partition by {listed} order by filename desc, file_row_number desc) = 1"
    )
