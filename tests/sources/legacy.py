"""The legacy DMS inside a real MariaDB server, changed while it is read, and compared by hand.

What has landed is turned back into the legacy shape by the SQL of the demo company, which knows
nothing of the connector, and compared with what the server's own client says.
"""

import shutil
from pathlib import Path

import duckdb
import yaml

from aftersales.connectors.changes import current_rows
from aftersales.connectors.load import load_connector
from aftersales.connectors.state import State
from aftersales.contract import load_contract
from aftersales.demo import engine as demo_engine
from aftersales.demo.legacy.writer import TABLES
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.settings import Settings
from aftersales.sql import identifier, literal
from sources import dms
from sources.servers import Server

KEYS = {
    "mdxx": ("mdbh",),
    "gwxx": ("gwbh",),
    "ygxx": ("ygbh", "gz"),
    "khda": ("khbh",),
    "clda": ("clbh",),
    "yyd": ("mdbh", "yybh"),
    "wxgd": ("mdbh", "gdh"),
    "gdjd": ("mdbh", "gdh"),
    "qtjd": ("mdbh", "jdbh"),
    "gsmx": ("mdbh", "mxbh"),
    "pjmx": ("mdbh", "mxbh"),
    "gwzy": ("mdbh", "zybh"),
    "dkjl": ("mdbh", "dkbh"),
}
_MONEY = frozenset({"gsje", "pjje", "yhje", "zje", "cbje", "dj"})
_TYPES = {
    "gsfz": "decimal(12,2)",
    "sl": "decimal(10,2)",
    "lc": "bigint",
    "kmsj": "int",
    "gmsj": "int",
}
_NOT_MOMENTS = frozenset({"kmsj", "gmsj", "ydsj"})
_NAME = "legacy_server"


def fill(server: Server, legacy: Path) -> None:
    """Create the tables and load the newest version of every record; a wide row gathers its own."""
    with duckdb.connect() as engine:
        for name in TABLES:
            columns = _columns(legacy, name)
            path = server.folder / f"{name}.tsv"
            _write_tsv(engine, legacy, name, columns, path)
            path.chmod(0o644)
            declared = ", ".join(f"{one} {_server_type(name, one)}" for one in columns)
            server.run(
                f"create table {name} ({declared}, primary key ({', '.join(KEYS[name])})) "
                "character set utf8mb4 collate utf8mb4_bin;"
                f"load data local infile '{path}' into table {name} character set utf8mb4;"
            )
            path.unlink()


def _columns(legacy: Path, name: str) -> list[str]:
    first = sorted((legacy / name).glob("*.csv"))[0]
    with first.open(encoding="gb18030") as stream:
        return [one for one in stream.readline().strip().split(",") if one != "dcqj"]


def _is_moment(table: str, column: str) -> bool:
    if column in _NOT_MOMENTS or (table, column) == ("mdxx", "gxsj"):
        return False
    return column.endswith(("sj", "lr"))


def _server_type(table: str, column: str) -> str:
    if column in _MONEY:
        return "decimal(18,6)"
    if _is_moment(table, column):
        return "datetime"
    null = " not null" if column in KEYS[table] else " null"
    return _TYPES.get(column, "varchar(60)") + null


def _write_tsv(
    engine: duckdb.DuckDBPyConnection, legacy: Path, name: str, columns: list[str], path: Path
) -> None:
    parts = []
    for file in sorted((legacy / name).glob("*.csv")):
        plain = path.with_name(f"{name}-{file.stem}.csv")
        plain.write_text(file.read_text(encoding="gb18030"), encoding="utf-8")
        parts.append(plain)
    files = ", ".join(literal(part) for part in parts)
    keys = ", ".join(KEYS[name])
    newest = (
        f"select * from read_csv([{files}], all_varchar = true, filename = true) qualify "
        f"row_number() over (partition by {keys} order by filename desc) = 1"
    )
    if name == "gdjd":
        others = ", ".join(f"max({one}) as {one}" for one in columns if one not in KEYS[name])
        newest = (
            f"select {keys}, {others} from read_csv([{files}], all_varchar = true) group by {keys}"
        )
    listed = ", ".join(
        f"replace({one}, '/', '-') as {one}" if _is_moment(name, one) else one for one in columns
    )
    has_keys = " and ".join(f"{key} is not null" for key in KEYS[name])
    engine.execute(
        f"copy (select {listed} from ({newest}) where {has_keys}) to {literal(path)} (format csv, "
        "header false, delimiter '\t', quote '', escape '', nullstr '\\N')"
    )
    for part in parts:
        part.unlink()


def write_connector(server: Server, connectors: Path, demo_connectors: Path) -> Path:
    """The demo company's own connector, told to read the server instead of files."""
    document = yaml.safe_load((demo_connectors / "legacy_dms.yml").read_text(encoding="utf-8"))
    document["kind"] = server.kind
    del document["encoding"]
    document["connection"] = {
        "host": "127.0.0.1",
        "port": server.port,
        "database": "dms",
        "user_env": "DMS_USER",
        "password_env": "DMS_PASSWORD",
    }
    for table in document["tables"]:
        table["from"] = table.pop("files").partition("/")[0]
        table["deletes"] = "key_snapshot"
        table["deletes_limit_percent"] = 100
        if "updated_at" in table["columns"]:
            table["cursor"] = {"column": "updated_at", "overlap": "2 minutes"}
    shutil.copytree(demo_connectors / "maps", connectors / "maps", dirs_exist_ok=True)
    path = connectors / f"{_NAME}.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def differences(
    server: Server, home: Home, connector_path: Path, scratch: Path, stores: int
) -> dict[str, tuple[int, int]]:
    """Rows that only the server has, and that only the landed newest versions have, by table."""
    connector = load_connector(connector_path, load_contract(Settings().project_dir))
    state = State(home, ledger.load(home))
    found = {}
    with duckdb.connect() as engine:
        engine.execute(
            "create table store as select i::integer as store_no, 'S00' || i as store_id "
            f"from range(1, {stores + 1}) as numbers (i)"
        )
        demo_engine.set_variables(engine, legacy_stores=2)
        demo_engine.run(engine, "legacy/_setup.sql")
        for raw in {table.feeds.name: table.feeds for table in connector.tables}.values():
            columns = ", ".join(raw.columns)
            parts = [
                f"select {columns} from ({current_rows(files, gone, table.keys)})"
                for table in connector.tables
                if table.feeds.name == raw.name
                and (files := state.landed_files(connector, table))
                and (gone := state.deletion_files(connector, table)) is not None
            ]
            engine.execute(
                f"create table legacy_{raw.name} as select *, 0 as _sort, 0 as _sort_2, "
                f"0 as _copy from ({' union all '.join(parts)})"
            )
        for name in TABLES:
            made = demo_engine.sql_text(f"legacy/{name}.sql")
            engine.execute(f"create table landed as {made}")
            columns_of = [
                str(row[0])
                for row in engine.execute("describe landed").fetchall()
                if not str(row[0]).startswith("_")
            ]
            listed = ", ".join(_as_text(name, one) for one in columns_of)
            sides = [_exported(server, name, columns_of, scratch), "select * from landed"]
            counts = [
                (engine.execute(
                    f"select count(*) from (select {listed} from ({one}) "
                    f"except all select {listed} from ({other}))"
                ).fetchone() or (0,))[0]
                for one, other in (sides, sides[::-1])
            ]  # fmt: skip
            if counts != [0, 0]:
                found[name] = (int(counts[0]), int(counts[1]))
            engine.execute("drop table landed")
    return found


def _as_text(table: str, column: str) -> str:
    text = f"cast({identifier(column)} as varchar)"
    if _is_moment(table, column):
        text = f"replace({text}, '/', '-')"
    # A wide row without a moment has no row of the contract to be made of again.
    return f"nullif({text}, '') as {identifier(column)}"


def _exported(server: Server, name: str, columns: list[str], scratch: Path) -> str:
    path = scratch / f"{name}.tsv"
    path.write_text(server.run(f"select {', '.join(columns)} from {name};"), encoding="utf-8")
    types = ", ".join(f"{literal(one)}: 'varchar'" for one in columns)
    return (
        f"select * from read_csv({literal(path)}, header = false, delim = '\t', quote = '', "
        f"escape = '', nullstr = 'NULL', columns = {{{types}}}, auto_detect = false)"
    )


class Writer(dms.Writer):
    """Opens, changes, steps on, steps back and deletes legacy orders, over and over."""

    def _statements(self, number: int) -> str:
        orders = ", ".join(
            f"concat('W{number}-', gdh)" if one == "gdh" else "now()" if one == "gxsj" else one
            for one in self.columns
        )
        wait = "do sleep(0.2);" if number % 3 == 0 else ""
        earlier, before, oldest = (f"'W{max(0, number - back)}-%'" for back in (2, 4, 6))
        return (
            f"begin; insert into wxgd select {orders} from (select * from wxgd where gdh not like "
            f"'W%' order by gdh, mdbh limit 5) as old; {wait}"
            "insert into gdjd (mdbh, gdh, jdsj, jdlr, jdbh) select mdbh, gdh, jdsj, now(), "
            f"concat('E{number}-', gdh) from wxgd where gdh like 'W{number}-%'; commit;"
            f"update wxgd set lc = {number}, zt = if({number} % 2, '2', '9'), gsje = "
            f"{number} + 0.012345, gxsj = now() where gdh like {earlier};"
            "update gdjd set jcsj = now(), jclr = now(), jcbh = concat('J', gdh) "
            f"where gdh like {earlier};"
            f"update gdjd set jcsj = null, jclr = null, jcbh = null where gdh like {before};"
            f"delete from gdjd where gdh like {oldest}; delete from wxgd where gdh like {oldest};"
            f"update gsmx set gsfz = {number} * 0.6, yhje = {number} / 1000000 "
            "order by mxbh limit 20;"
        )

    @property
    def columns(self) -> list[str]:
        """The columns of an order."""
        return self.server.run(
            "select column_name from information_schema.columns where table_schema = 'dms' "
            "and table_name = 'wxgd' order by ordinal_position;"
        ).split()
