"""What is wrong with a mapped sample, each as one sentence with what to do."""

import json

import duckdb

from aftersales.clock import utc_now
from aftersales.connect.checked import Checked, Report
from aftersales.connect.knowledge import Limits, sql_text
from aftersales.connectors.mapping import BAD_COLUMN, BAD_REASON, RAW_TEXT
from aftersales.sql import identifier, literal

_SHOWN = 120


def judge(
    engine: duckdb.DuckDBPyConnection,
    report: Report,
    limits: Limits,
    keys: dict[str, tuple[str, ...]],
) -> None:
    """Add every finding to the report."""
    for table in report.tables:
        if not table.rows:
            report.warn(f"{table.source} has no rows: look whether it is the right table.")
            continue
        _judge_rejects(engine, report, table, limits)
        _judge_keys(engine, report, table, keys.get(table.raw, ()), limits)
        _judge_references(engine, report, table, keys, limits)
    if report.tables:
        _judge_cells(engine, report, limits)


def _tell(report: Report, sentence: str, rows: int, total: int, limits: Limits) -> None:
    """What is rare is a defect of rows, what is not is one of the mapping."""
    (report.error if rows > limits["rare_share"] * total else report.warn)(sentence)


def _judge_rejects(
    engine: duckdb.DuckDBPyConnection, report: Report, table: Checked, limits: Limits
) -> None:
    """Rows that would be rejected, by column; of the row only the value is shown."""
    found = engine.execute(
        f"select {BAD_COLUMN}, {BAD_REASON}, count(*), min({RAW_TEXT}) "
        f"from mapped_{table.number} where {BAD_COLUMN} is not null group by all order by 3 desc"
    ).fetchall()
    for column, reason, rows, row in found:
        spec = table.spec.column_of(column)
        values = [str(json.loads(row).get(source)) for source in spec.sources]
        example = f" (such as {' '.join(values)[:_SHOWN]})" if values else ""
        sentence = (
            f"{table.raw}.{column}: {_of(rows, table.rows)} of {table.source} would be rejected, "
            f"{reason}{example}: declare its format, unit or values."
        )
        _tell(report, sentence, rows, table.rows, limits)


def _judge_keys(
    engine: duckdb.DuckDBPyConnection,
    report: Report,
    table: Checked,
    keys: tuple[str, ...],
    limits: Limits,
) -> None:
    keys = table.spec.keys or keys
    if not keys:
        return
    for key in keys:
        rows = _number(
            engine,
            f"select count(*) from {table.relation} "
            f"where {identifier(key)} is null or trim(cast({identifier(key)} as varchar)) = ''",
        )
        if rows:
            sentence = (
                f"{table.raw}.{key}: {_of(rows, table.rows)} of {table.source} have none, and it "
                "is part of the key: name a column that is never empty."
            )
            _tell(report, sentence, rows, table.rows, limits)
    listed = ", ".join(identifier(key) for key in keys)
    rows = _number(
        engine,
        f"select coalesce(sum(times - 1), 0) from (select count(*) as times from {table.relation} "
        f"group by {listed} having count(*) > 1)",
    )
    if rows:
        sentence = (
            f"{table.raw}: {_of(rows, table.rows)} of {table.source} repeat a key "
            f"({', '.join(keys)}): only one row of each would count; name the columns that "
            "tell the rows apart."
        )
        _tell(report, sentence, rows, table.rows, limits)


def _judge_references(
    engine: duckdb.DuckDBPyConnection,
    report: Report,
    table: Checked,
    keys: dict[str, tuple[str, ...]],
    limits: Limits,
) -> None:
    """Rows that point to a record the source does not hold, where it holds all of that table."""
    for other in report.tables:
        shared = keys.get(other.raw, ())
        is_pointing = (
            other.raw != table.raw
            and other.is_whole
            and other.spec.feeds.system == table.spec.feeds.system
            and shared
            and set(shared) <= set(table.spec.feeds.columns)
            and not any(table.spec.column_of(key).is_absent for key in shared)
        )
        if not is_pointing:
            continue
        pairs = " and ".join(
            f"cast(here.{identifier(key)} as varchar) = cast(there.{identifier(key)} as varchar)"
            for key in shared
        )
        filled = " and ".join(f"here.{identifier(key)} is not null" for key in shared)
        rows = _number(
            engine,
            f"select count(*) from {table.relation} as here where {filled} and not exists "
            f"(select 1 from {other.relation} as there where {pairs})",
        )
        if not rows:
            continue
        sentence = (
            f"{table.raw}: {_of(rows, table.rows)} of {table.source} point to no row of "
            f"{other.source} by {', '.join(shared)}: "
        )
        if rows > (1 - limits["reference_share"]) * table.rows:
            report.error(sentence + "the columns probably hold something else; name others.")
        else:
            report.warn(sentence + "ask the owner; they will be listed as quality findings.")


def _judge_cells(engine: duckdb.DuckDBPyConnection, report: Report, limits: Limits) -> None:
    engine.execute(sql_text("findings.sql").replace("{now}", literal(utc_now()[:19])))
    found = engine.execute(
        "select kind, table_number, column_name, rows_hit, rows_seen, examples "
        "from cell_findings order by all"
    ).fetchall()
    tables = {one.number: one for one in report.tables}
    for kind, number, column, hit, seen, examples in found:
        table = tables[number]
        place, share = f"{table.raw}.{column}", _of(int(hit), int(seen))
        # What is still to be decided was said once.
        if place in report.undecided:
            continue
        shown = str(examples)[:_SHOWN]
        if kind == "unknown_code":
            sentence = (
                f"{place}: {share} carry a code the contract does not have ({shown}): map it with "
                "values."
            )
            _tell(report, sentence, int(hit), int(seen), limits)
        elif kind == "future":
            report.warn(
                f"{place}: {share} lie ahead of now (up to {shown} UTC): look at time_zone and "
                "format."
            )
        else:
            report.error(
                f"{place}: the middle value is {shown}: look at unit, or at which column it is."
            )


def _number(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0


def _of(rows: int, total: int) -> str:
    return f"{rows:,} of {total:,} rows ({100 * rows / total:.1f} %)" if total else f"{rows:,} rows"
