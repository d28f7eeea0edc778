"""Random records of a company whose extracts contradict one another as often as they can.

Keys come from small ranges, so that an extract brings new versions of old records: orders on
another day, lines on another order, events before their order, customers under another name.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from aftersales.contract import RawTable, duckdb_type
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import Batch
from aftersales.sql import identifier, literal, literal_list
from incremental.probes import PROBES
from incremental.records import TABLES, UPDATED

HISTORY_DAYS = 700
DELETED_TABLES = [
    ("dms", "repair_orders"),
    ("dms", "labour_lines"),
    ("dms", "part_lines"),
    ("dms", "ro_status_events"),
    ("dms", "appointments"),
    ("dms", "bay_occupancy"),
    ("dms", "clock_events"),
    ("crm", "surveys"),
    ("crm", "complaints"),
    ("finance", "cost_lines"),
    ("finance", "targets"),
    ("finance", "revenue_lines"),
]

_MACROS = """
create macro draw(i, tag, choices) as cast(hash(i, tag, getvariable('salt')) % choices as integer);
create macro until() as cast(getvariable('until') as timestamp);
create macro past(i, tag) as
    until() - to_seconds(1 + draw(i, tag, cast(getvariable('span') as integer)));
create macro pick(i, tag, list) as list[1 + draw(i, tag, len(list))];
create macro store(i) as 'S' || (1 + draw(i, 'store', 3));
create macro order_no(i, tag) as 'RO' || draw(i, tag, 900);
create macro maybe(i, tag, percent, value) as
    case when draw(i, tag, 100) < percent then value end;
"""

_STORES_SELECT = """
select
    'S' || i as store_id, 'store ' || i as store_name, 'north' as region_name,
    'city' as city_name, 'brand' as brand_name, 'A' as store_class, date '2023-11-01' as opened_on,
    case when i = 2 then 'Asia/Urumqi' else 'Asia/Shanghai' end as time_zone,
    8 as opens_hour, 18 as closes_hour, timestamp '2023-11-01' as updated_at
from range(1, 3 + 1) as numbers (i)
"""


def write_extract(
    home: Home,
    contract: Mapping[tuple[str, str], RawTable],
    extract: str,
    extract_on: date,
    seed: int,
    is_base: bool,
) -> None:
    """Write one extract of every table; the same arguments give the same records."""
    with duckdb.connect() as connection:
        connection.execute(_MACROS)
        connection.execute(f"set variable span = {HISTORY_DAYS * 86400}")
        connection.execute(f"set variable until = timestamp '{extract_on}' + interval 1 day")
        _copy(connection, _STORES_SELECT, _path(home, "dms", "stores", extract))
        for (system, table), (base_rows, daily_rows, columns) in TABLES.items():
            connection.execute(f"set variable salt = {literal(f'{seed} {extract} {table}')}")
            values = ", ".join(
                f"cast({(columns | UPDATED).get(name, 'null')} as {duckdb_type(kind)})"
                f" as {identifier(name)}"
                for name, kind in contract[system, table].columns.items()
            )
            rows = base_rows if is_base else daily_rows
            queries = [f"select {values} from range({rows}) as numbers (i)"]
            for row in PROBES.get(extract, {}).get((system, table), []):
                fixed = ", ".join(
                    f"cast({literal(row[name]) if name in row else 'null'} as {duckdb_type(kind)})"
                    for name, kind in contract[system, table].columns.items()
                )
                queries.append(f"select {fixed}")
            _copy(connection, " union all ".join(queries), _path(home, system, table, extract))


def write_deletions(home: Home, extract: str, extract_on: date) -> None:
    """Let sources give up records that have landed, as a connector that compares keys does."""
    batches = ledger.load(home)
    with duckdb.connect() as connection:
        for system, table in DELETED_TABLES:
            files = [
                str(ledger.data_path(home, batch))
                for batch in batches
                if (batch.system, batch.table, batch.status) == (system, table, ledger.LANDED)
            ]
            batch_id = f"{extract}.gone"
            batch = Batch(
                system=system,
                table=table,
                batch_id=batch_id,
                extract=batch_id,
                extract_on=extract_on.isoformat(),
                source_file="keys",
                content_sha256="",
                source_bytes=0,
                source_modified_ns=0,
                status=ledger.DELETIONS,
                rows_landed=0,
                rows_rejected=0,
                landed_at="",
            )
            _copy(
                connection,
                f"select {literal(system)} as system, {literal(table)} as table_name, "
                f"{literal(batch_id)} as batch_id, _batch_id as landed_batch_id, "
                "_row_number as row_number, '{}' as deleted_key, "
                "timestamp '2025-11-03' as noticed_at "
                f"from read_parquet({literal_list(files)}, union_by_name = true) "
                "where hash(_row_number, _batch_id) % 40 = 0",
                ledger.data_path(home, batch),
            )
            ledger.record(home, batch)


def _path(home: Home, system: str, table: str, extract: str) -> Path:
    suffix = "csv" if system in {"crm", "finance"} else "parquet"
    path = home.sources / system / table / f"{extract}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to {literal(path)}")
