"""What is known beforehand: words for our columns, shapes of values, limits. Typed CSV files."""

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import duckdb

from aftersales.contract import RawTable
from aftersales.files import read_yaml
from aftersales.sql import literal

Contract = dict[tuple[str, str], RawTable]
_PACKAGE = files("aftersales.connect")
_CODE_SEEDS = {
    "code_values": "code_list, code, title_zh, title_en",
    "order_types": "'order_type', order_type, title_zh, title_en",
    "cost_accounts": "'cost_account', account_code, title_zh, title_en",
}


@cache
def sql_text(name: str) -> str:
    """The text of a SQL file of this package."""
    return _PACKAGE.joinpath("sql", name).read_text(encoding="utf-8")


class Limits:
    """Thresholds and weights by their code, from `words/limits.csv`, where each has its reason."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Read them once."""
        self._values = dict(engine.execute("select code, value from limits").fetchall())

    def __getitem__(self, code: str) -> float:
        """The value of a limit."""
        return float(self._values[code])

    def count(self, code: str) -> int:
        """A limit that counts."""
        return int(self._values[code])


def teach(engine: duckdb.DuckDBPyConnection, project: Path, contract: Contract) -> Limits:
    """Put everything known into tables of the engine, names as they are spelled among it."""
    limits = teach_facts(engine, project, contract)
    engine.create_function("pinyin_forms", pinyin_forms, ["VARCHAR"], "VARCHAR[]")
    engine.execute(sql_text("words.sql"))
    return limits


def teach_facts(engine: duckdb.DuckDBPyConnection, project: Path, contract: Contract) -> Limits:
    """Put what is known of the contract's values into tables of the engine."""
    with as_file(_PACKAGE.joinpath("words")) as folder:
        for path in sorted(folder.glob("*.csv")):
            engine.execute(
                f"create or replace temporary table {path.stem} as select * exclude (valid_to) "
                f"from read_csv({literal(path)}, all_varchar = true, header = true) "
                "where valid_to is null"
            )
    engine.execute(
        "create or replace temporary table limits as "
        "select * replace (cast(value as double) as value) from limits"
    )
    _teach_contract(engine, project, contract)
    _teach_codes(engine, project)
    engine.execute(sql_text("facts.sql"))
    return Limits(engine)


def _teach_contract(engine: duckdb.DuckDBPyConnection, project: Path, contract: Contract) -> None:
    keys = natural_keys(project)
    rows = [
        (f"{system}.{name}", column, kind, column in keys.get(f"{system}.{name}", ()), position)
        for (system, name), raw in contract.items()
        for position, (column, kind) in enumerate(raw.columns.items())
    ]
    engine.execute(
        "create or replace temporary table contract_columns "
        "(raw_table varchar, column_name varchar, data_type varchar, is_key boolean, "
        "position integer)"
    )
    engine.executemany("insert into contract_columns values (?, ?, ?, ?, ?)", rows)


def natural_keys(project: Path) -> dict[str, tuple[str, ...]]:
    """The columns that name a record of each raw table, by `system.table`."""
    documents = [
        read_yaml(path)
        for path in sorted((project / "models" / "staging").glob("*/_*__sources.yml"))
    ]
    return {
        f"{source['name']}.{table['name']}": tuple(
            table.get("config", {}).get("meta", {}).get("natural_key", ())
        )
        for document in documents
        for source in document.get("sources", [])
        for table in source["tables"]
    }


def _teach_codes(engine: duckdb.DuckDBPyConnection, project: Path) -> None:
    seeds = project / "seeds" / "codes"
    parts = [
        f"select {columns} from read_csv({literal(seeds / f'{name}.csv')}, all_varchar = true)"
        for name, columns in _CODE_SEEDS.items()
    ]
    engine.execute(
        "create or replace temporary table contract_codes (code_list, code, title_zh, title_en) as "
        + " union all ".join(parts)
    )


def pinyin_forms(word: str) -> list[str]:
    """How a Chinese word is written in letters: in full, and by initials."""
    return _pinyin()(word)


@cache
def _pinyin() -> Callable[[str], list[str]]:
    from pypinyin import Style, lazy_pinyin

    def forms(word: str) -> list[str]:
        full = "".join(lazy_pinyin(word))
        initials = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
        return [full, initials]

    return forms
