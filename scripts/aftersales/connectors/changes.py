"""Which rows of an extract are news: SQL against the newest versions that have landed."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from aftersales.connectors.mapping import BAD_COLUMN, BAD_REASON, RAW_TEXT
from aftersales.contract import LINEAGE_COLUMNS
from aftersales.sql import identifier, literal, literal_list

_OUR_COLUMNS = frozenset({*LINEAGE_COLUMNS, BAD_COLUMN, BAD_REASON, RAW_TEXT})


def scan(files: Sequence[Path]) -> str:
    """A relation over parquet files of maybe different columns."""
    return f"read_parquet({literal_list(files)}, union_by_name = true)"


def columns_of(engine: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a relation with their types, without those that we add."""
    described = engine.execute(f"describe select * from {relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in described if row[0] not in _OUR_COLUMNS}


def newest_keys(
    landed: Sequence[Path],
    deletions: Sequence[Path],
    keys: Sequence[str],
    among: str | None = None,
) -> str:
    """SQL of each key that has landed, its newest batch, and whether that only says it is gone.

    With the name of a relation in `among`, of its keys only.
    """
    listed = ", ".join(identifier(key) for key in keys)
    wanted = f" where exists (select 1 from {among} where {_same(among, 'event', keys)})"
    where = wanted if among else ""
    events = [
        f"select {listed}, _batch_id, false as is_deleted from {scan(landed)} as event{where}"
    ]
    if deletions:
        events.append(
            f"select {listed}, batch_id as _batch_id, true as is_deleted "
            f"from {scan(deletions)} as event{where}"
        )
    return (
        f"select {listed}, max(_batch_id) as batch_id, "
        f"max_by(is_deleted, _batch_id) as is_deleted "
        f"from ({' union all '.join(events)}) group by {listed}"
    )


def current_rows(landed: Sequence[Path], deletions: Sequence[Path], keys: Sequence[str]) -> str:
    """SQL of the newest landed version of every row that the source still has."""
    return (
        f"select landed.* from {scan(landed)} as landed "
        f"inner join ({newest_keys(landed, deletions, keys)}) as newest "
        f"on {_same('landed', 'newest', keys)} and landed._batch_id = newest.batch_id "
        "where not newest.is_deleted"
    )


def news(
    engine: duckdb.DuckDBPyConnection,
    spool: Path,
    landed: Sequence[Path],
    deletions: Sequence[Path],
    keys: Sequence[str],
    recent: str | None = None,
) -> str:
    """SQL of the numbers of those rows that differ from the newest landed version of their key.

    A key with one row that differs comes with all its rows: a source that repeats a key would
    otherwise show one of them as new in each run. `recent` is a condition that every extracted row
    fulfils: an older version that does not is different, and need not be read.
    """
    good = f"(select * from {scan([spool])} where {BAD_COLUMN} is null)"
    if not landed:
        return f"select _row_number from {good}"
    now, before = columns_of(engine, good), columns_of(engine, scan(landed))
    names = list(dict.fromkeys([*now, *before]))
    keys = keys or [name for name in now if name in before]
    same = " and ".join(_equal(name, now.get(name), before.get(name)) for name in names)
    return (
        f"with extracted as {good}, "
        f"landed as (select landed.* from {scan(landed)} as landed "
        f"where exists (select 1 from extracted where {_same('extracted', 'landed', keys)})"
        f"{f' and ({recent})' if recent else ''}), "
        f"newest as ({newest_keys(landed, deletions, keys, 'extracted')}), "
        "newest_rows as (select landed.* from landed inner join newest "
        f"on {_same('landed', 'newest', keys)} and landed._batch_id = newest.batch_id), "
        "known as (select extracted._row_number from extracted where exists "
        f"(select 1 from newest_rows where {same})), "
        f"changed_keys as (select distinct {', '.join(identifier(key) for key in keys)} "
        "from extracted where _row_number not in (select _row_number from known)) "
        "select extracted._row_number from extracted where exists "
        f"(select 1 from changed_keys where {_same('extracted', 'changed_keys', keys)})"
    )


def deleted_keys(
    keys_now: Path, landed: Sequence[Path], deletions: Sequence[Path], keys: Sequence[str]
) -> str:
    """SQL of the keys that have landed and that the source no longer has."""
    listed = ", ".join(identifier(key) for key in keys)
    return (
        f"select {listed} from ({newest_keys(landed, deletions, keys)}) as known "
        f"where not is_deleted and not exists (select 1 from read_parquet({literal(keys_now)}) "
        f"as held where {_same('held', 'known', keys)}) order by {listed}"
    )


def known_key_count(landed: Sequence[Path], deletions: Sequence[Path], keys: Sequence[str]) -> str:
    """SQL of the number of keys that have landed and were not gone when last looked at."""
    return (
        f"select count(*) from ({newest_keys(landed, deletions, keys)}) as known "
        "where not is_deleted"
    )


def rows_of_keys(keys_relation: str, landed: Sequence[Path], keys: Sequence[str]) -> str:
    """SQL of the landed rows that carry one of the keys: the keys, batch and row number."""
    listed = ", ".join(f"landed.{identifier(key)}" for key in keys)
    return (
        f"select {listed}, landed._batch_id as landed_batch_id, landed._row_number as row_number "
        f"from {scan(landed)} as landed inner join {keys_relation} as wanted "
        f"on {_same('wanted', 'landed', keys)} order by all"
    )


def revived_keys(
    keys_now: Path, landed: Sequence[Path], deletions: Sequence[Path], keys: Sequence[str]
) -> str:
    """SQL of the number of keys that were gone and are back."""
    return (
        f"select count(*) from ({newest_keys(landed, deletions, keys)}) as known "
        f"where is_deleted and exists (select 1 from read_parquet({literal(keys_now)}) "
        f"as held where {_same('held', 'known', keys)})"
    )


def _same(left: str | None, right: str, keys: Sequence[str]) -> str:
    return " and ".join(
        f"{left}.{identifier(key)} is not distinct from {right}.{identifier(key)}" for key in keys
    )


def _equal(name: str, now: str | None, before: str | None) -> str:
    quoted = identifier(name)
    if now is None:
        return f"newest_rows.{quoted} is null"
    if before is None:
        return f"extracted.{quoted} is null"
    if now == before:
        return f"extracted.{quoted} is not distinct from newest_rows.{quoted}"
    return (
        f"cast(extracted.{quoted} as varchar) is not distinct from "
        f"cast(newest_rows.{quoted} as varchar)"
    )
