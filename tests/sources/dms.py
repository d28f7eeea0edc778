"""The demo company's DMS inside a real database server, and what has landed of it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from aftersales.connectors.changes import current_rows
from aftersales.connectors.load import load_connector
from aftersales.connectors.state import State
from aftersales.contract import RawTable, load_contract
from aftersales.demo import generate
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.settings import Settings
from aftersales.sql import literal
from sources.servers import Server

NATURAL_KEYS = {
    "stores": ("store_id",),
    "bays": ("bay_id",),
    "technicians": ("technician_id",),
    "advisors": ("advisor_id",),
    "service_items": ("service_item_code",),
    "customers": ("customer_id",),
    "vehicles": ("vehicle_id",),
    "appointments": ("store_id", "appointment_id"),
    "repair_orders": ("store_id", "repair_order_no"),
    "ro_status_events": ("store_id", "event_id"),
    "labour_lines": ("store_id", "labour_line_id"),
    "part_lines": ("store_id", "part_line_id"),
    "bay_occupancy": ("store_id", "occupancy_id"),
    "clock_events": ("store_id", "clock_event_id"),
}
ZONE = "Asia/Shanghai"
_TYPES = {
    "postgresql": {
        "string": "varchar(60)",
        "integer": "bigint",
        "boolean": "boolean",
        "date": "date",
        "timestamp": "timestamp",
    },
    "mariadb": {
        "string": "varchar(60)",
        "integer": "bigint",
        "boolean": "tinyint(1)",
        "date": "date",
        "timestamp": "datetime(6)",
    },
}
_NOW = {"postgresql": f"(now() at time zone '{ZONE}')", "mariadb": "now(6)"}


def contract_tables() -> dict[str, RawTable]:
    """The raw tables of the DMS by name."""
    contract = load_contract(Settings().project_dir)
    return {name: contract["dms", name] for name in NATURAL_KEYS}


def make_company(folder: Path, scale: str = "1", days: int = 30) -> Path:
    """Files of a demo company; gives the folder of its DMS."""
    generate(folder, scale, 7, days)
    return folder / "sources" / "dms"


def fill(server: Server, dms: Path, tables: Sequence[str] | None = None) -> None:
    """Create the tables and load the newest version of every record, in the server's local time."""
    for name, raw in contract_tables().items():
        if tables is not None and name not in tables:
            continue
        _create(server, raw)
        path = server.folder / f"{name}.tsv"
        _write_tsv(raw, dms / name, path)
        path.chmod(0o644)
        if server.kind == "postgresql":
            server.run(f"\\copy {name} from '{path}'")
        else:
            server.run(f"load data local infile '{path}' into table {name} character set utf8mb4;")
        path.unlink()


def _create(server: Server, raw: RawTable) -> None:
    types = _TYPES[server.kind]
    keys = NATURAL_KEYS[raw.name]
    columns = [
        f"{name} {types.get(kind, kind)}{' not null' if name in keys else ' null'}"
        for name, kind in raw.columns.items()
    ]
    key = ", ".join(keys)
    server.run(f"create table {raw.name} ({', '.join(columns)}, primary key ({key}));")
    if "updated_at" in raw.columns:
        server.run(f"create index {raw.name}_updated on {raw.name} (updated_at);")


def _write_tsv(raw: RawTable, folder: Path, path: Path) -> None:
    keys = ", ".join(NATURAL_KEYS[raw.name])
    needed = [*NATURAL_KEYS[raw.name], *({"updated_at"} & set(raw.columns))]
    has_keys = " and ".join(f"{name} is not null" for name in needed)
    columns = ", ".join(
        f"try_cast({name} as timestamp) + interval 8 hour as {name}"
        if kind == "timestamp"
        else f"left(translate({name}, e'\\t\\n\\\\', '   '), 60) as {name}"
        if kind == "string"
        else f"cast({name} as integer) as {name}"
        if kind == "boolean"
        else name
        for name, kind in raw.columns.items()
    )
    files = literal(folder / "*.parquet")
    duckdb.execute(
        f"copy (select {columns} from read_parquet({files}, filename = true, "
        f"file_row_number = true, union_by_name = true) where {has_keys} "
        f"qualify row_number() over (partition by {keys} order by filename desc, "
        f"file_row_number desc) = 1) to {literal(path)} "
        "(format csv, header false, delimiter '\t', quote '', escape '', nullstr '\\N')"
    )


def now(kind: str) -> str:
    """The local moment in the SQL of a server."""
    return _NOW[kind]


def write_connector(
    server: Server,
    folder: Path,
    tables: Sequence[str] = tuple(NATURAL_KEYS),
    deletes_limit_percent: int = 100,
) -> Path:
    """Write the connector file of a server."""
    listed = []
    for name, raw in contract_tables().items():
        # Tables without a time of change are compared whole.
        cursor = "    cursor: {column: updated_at, overlap: 2 minutes}\n"
        if name not in tables:
            continue
        listed.append(
            f"  - from: {name}\n    feeds: dms.{name}\n"
            f"    keys: [{', '.join(NATURAL_KEYS[name])}]\n"
            f"{cursor if 'updated_at' in raw.columns else ''}"
            "    deletes: key_snapshot\n"
            f"    deletes_limit_percent: {deletes_limit_percent}\n"
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"dms_{server.kind}.yml"
    path.write_text(
        f"kind: {server.kind}\nowner: it\ntime_zone: {ZONE}\n"
        "connection:\n"
        f"  host: 127.0.0.1\n  port: {server.port}\n  database: dms\n"
        "  user_env: DMS_USER\n  password_env: DMS_PASSWORD\n"
        "tables:\n" + "".join(listed),
        encoding="utf-8",
    )
    return path


def differences(
    server: Server, home: Home, connector_path: Path, scratch: Path
) -> dict[str, tuple[int, int]]:
    """Rows that only the source has, and that only the landed newest versions have, by table.

    The source is read by its own client, not by what is tested.
    """
    contract = load_contract(Settings().project_dir)
    connector = load_connector(connector_path, contract)
    state = State(home, ledger.load(home))
    found = {}
    with duckdb.connect() as engine:
        for table in connector.tables:
            raw = table.feeds
            source = _exported(server, raw, scratch)
            columns = ", ".join(raw.columns)
            landed = f"select {columns} from ({source}) where false"
            files = state.landed_files(connector, table)
            if files:
                current = current_rows(files, state.deletion_files(connector, table), table.keys)
                landed = f"select {columns} from ({current})"
            only_source = f"select count(*) from ({source} except all {landed})"
            only_landed = f"select count(*) from ({landed} except all {source})"
            counts = tuple(
                (engine.execute(query).fetchone() or (0,))[0]
                for query in (only_source, only_landed)
            )
            if counts != (0, 0):
                found[raw.name] = (int(counts[0]), int(counts[1]))
    return found


def landed_twice(home: Home) -> int:
    """Versions of a record that landed although they equal the version before them."""
    total = 0
    with duckdb.connect() as engine:
        for name, raw in contract_tables().items():
            folder = home.landing / "dms" / name
            files = [
                path
                for path in folder.glob("*.parquet")
                if "deleted_key" not in _columns(engine, path)
            ]
            if not files:
                continue
            keys = ", ".join(NATURAL_KEYS[name])
            listed = ", ".join(f"'{path}'" for path in files)
            row = engine.execute(
                f"select count(*) from (select hash({', '.join(raw.columns)}) as now, "
                f"lag(now) over (partition by {keys} order by _batch_id, _row_number) as before "
                f"from read_parquet([{listed}], union_by_name = true)) where now = before"
            ).fetchone()
            total += row[0] if row else 0
    return total


def _columns(engine: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    described = engine.execute(f"describe select * from read_parquet('{path}')").fetchall()
    return {row[0] for row in described}


def _exported(server: Server, raw: RawTable, scratch: Path) -> str:
    path = scratch / f"{server.kind}-{raw.name}.tsv"
    columns = ", ".join(raw.columns)
    if server.kind == "postgresql":
        path.write_text(server.run(f"copy {raw.name} ({columns}) to stdout;"), encoding="utf-8")
    else:
        path.write_text(server.run(f"select {columns} from {raw.name};"), encoding="utf-8")
    null = "\\N" if server.kind == "postgresql" else "NULL"
    names = ", ".join(f"'{name}': 'varchar'" for name in raw.columns)
    values = ", ".join(
        f"cast({name} as timestamp) - interval 8 hour as {name}"
        if kind == "timestamp"
        else f"cast({name} as {_duckdb(kind)}) as {name}"
        for name, kind in raw.columns.items()
    )
    return (
        f"select {values} from read_csv({literal(path)}, header = false, delim = '\t', quote = '', "
        f"escape = '', nullstr = '{null}', columns = {{{names}}}, auto_detect = false)"
    )


def _duckdb(kind: str) -> str:
    known = {"string": "varchar", "integer": "bigint", "boolean": "boolean", "date": "date"}
    return known.get(kind, kind.replace("numeric", "decimal"))


@dataclass
class Writer:
    """Inserts and changes orders in a server, over and over, in transactions long and short."""

    server: Server
    rounds: int = 0
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._write_on)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _write_on(self) -> None:
        while not self._stop.is_set():
            try:
                self.server.run(self._statements(self.rounds))
            except AssertionError as failure:
                self.failures.append(str(failure))
                return
            self.rounds += 1

    def _statements(self, number: int) -> str:
        now = _NOW[self.server.kind]
        copied = ", ".join(
            f"concat('W', '{number}-', {name})"
            if name == "repair_order_no"
            else now
            if name == "updated_at"
            else name
            for name in contract_tables()["repair_orders"].columns
        )
        wait = "select pg_sleep(0.2);" if self.server.kind == "postgresql" else "do sleep(0.2);"
        return (
            f"begin; insert into repair_orders select {copied} from (select * from repair_orders "
            f"where repair_order_no not like 'W%' order by repair_order_no limit 5) as old; "
            f"{wait if number % 3 == 0 else ''} commit;"
            f"update repair_orders set odometer_km = {number}, updated_at = {now} "
            f"where repair_order_no like 'W{max(0, number - 2)}-%';"
            f"update labour_lines set labour_amount = {number} + 0.25 "
            f"where labour_line_id in (select labour_line_id from (select labour_line_id "
            f"from labour_lines order by labour_line_id limit 20) as old);"
        )
