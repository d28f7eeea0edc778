"""Write what stores of the second brand hand out: other tables, names, codes, units and dates."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import duckdb

from aftersales.demo import engine

# Tables of the legacy system, and those of the contract whose records they hold.
TABLES = {
    "mdxx": ("stores",),
    "gwxx": ("bays",),
    "ygxx": ("technicians", "advisors"),
    "khda": ("customers",),
    "clda": ("vehicles",),
    "yyd": ("appointments",),
    "wxgd": ("repair_orders",),
    "gdjd": ("ro_status_events",),
    "qtjd": ("ro_status_events",),
    "gsmx": ("labour_lines",),
    "pjmx": ("part_lines",),
    "gwzy": ("bay_occupancy",),
    "dkjl": ("clock_events",),
}
STORE_TABLES = frozenset(name for names in TABLES.values() for name in names)
ENCODING = "gb18030"
CSV_OPTIONS = "format csv, header true"
_CHUNK_CHARACTERS = 1 << 22


class LegacyWriter:
    """Keeps the records of the second brand's stores apart, and writes them extract by extract."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, stores: int) -> None:
        """Choose the stores; `folder` gets a folder for each table."""
        self._connection = connection
        self._folder = folder
        engine.set_variables(connection, legacy_stores=stores)
        engine.run(connection, "legacy/_setup.sql")
        for name in TABLES:
            (folder / name).mkdir(parents=True, exist_ok=True)

    def take(self, table: str, query: str, columns: list[str]) -> str:
        """Put the legacy stores' rows of a DMS table aside; give the query of all others."""
        listed = ", ".join([*columns, "_store_id", "_sort", "_sort_2", "_copy"])
        self._connection.execute(
            f"create or replace temp table legacy_{table} as select {listed} from ({query}) "
            "where _store_id in (select store_id from legacy_store)"
        )
        return (
            f"select * from ({query}) as every_store "
            "where coalesce(_store_id, '') not in (select store_id from legacy_store)"
        )

    def write(self, extract: str) -> int:
        """Write the files of one extract from the rows put aside; give the number of records."""
        return sum(self._write_table(name, extract) for name in TABLES)

    def _write_table(self, name: str, extract: str) -> int:
        """Write one file; none when there is nothing to tell."""
        path = self._folder / name / f"{extract}.csv"
        query = (
            f"select * exclude (_sort, _sort_2, _copy), '{extract}' as dcqj "
            f"from ({engine.sql_text(f'legacy/{name}.sql')}) as legacy "
            "order by _sort, _sort_2, _copy"
        )
        plain = path.with_suffix(".utf8")
        row = self._connection.execute(f"copy ({query}) to '{plain}' ({CSV_OPTIONS})").fetchone()
        rows = int(row[0]) if row else 0
        if rows:
            with (
                plain.open(encoding="utf-8", newline="") as reader,
                path.open("w", encoding=ENCODING, newline="") as writer,
            ):
                while text := reader.read(_CHUNK_CHARACTERS):
                    writer.write(text)
        plain.unlink()
        return rows


def connector_files(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Give the files, by name, that a folder of connectors needs to read the legacy system."""
    root = files("aftersales.demo.legacy").joinpath("connectors")
    found = {
        "legacy_dms.yml": root.joinpath("legacy_dms.yml").read_text(encoding="utf-8"),
        "maps/legacy_gzxt.csv": root.joinpath("maps/legacy_gzxt.csv").read_text(encoding="utf-8"),
    }
    stores = connection.execute(
        "select mdbh, store_id, store_name from legacy_store "
        "inner join store using (store_id) order by mdbh"
    ).fetchall()
    lines = [f"{code},{store_id},{name}\n" for code, store_id, name in stores]
    found["maps/legacy_mdbh.csv"] = "source_value,contract_value,note\n" + "".join(lines)
    return found
