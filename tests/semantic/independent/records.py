"""Landed records of a version, read by hand into the relations of records.sql and the others."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import chinese_calendar
import duckdb

from .landed import SEEDS, read_landed
from .month_measures import TARGETED
from .sums import joined, totals_sql

HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋",
}
DATE_COLUMNS = """
    year(day_on) as year_number, quarter(day_on) as quarter_number, month(day_on) as month_number,
    strftime(day_on, '%Y-%m') as year_month, isoyear(day_on) as iso_year, week(day_on) as iso_week,
    isodow(day_on) as iso_weekday, isodow(day_on) > 5 as is_weekend
"""


@dataclass(frozen=True)
class Records:
    """A database with the relations of records.sql, and how many landed rows they were made of."""

    connection: duckdb.DuckDBPyConnection
    landed_rows: int


def read_records(
    landing: Path, batches: Sequence[str], as_of_on: str, work: Path | None = None
) -> Records:
    """Read the batches of a version; `work` is a folder for a company too big for memory."""
    connection = duckdb.connect(work / "records.duckdb" if work else ":memory:")
    connection.execute("set timezone = 'UTC'")
    if work:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = '{work}'")
        connection.execute("set memory_limit = '6GB'")
    landed_rows = read_landed(connection, landing, batches)
    connection.execute("create table known as select cast(? as date) as as_of_on", [as_of_on])
    connection.execute("set variable seeds = ?", [str(SEEDS / "finance")])
    connection.execute("create table holidays (day_on date, name varchar, is_holiday boolean)")
    connection.executemany("insert into holidays values (?, ?, ?)", _holidays())
    connection.execute(f"""
        create table calendar as
        select
            day_on, {DATE_COLUMNS}, coalesce(holidays.is_holiday, false) as is_holiday,
            holidays.name as holiday_name,
            coalesce(not holidays.is_holiday, isodow(day_on) <= 5) as is_workday
        from (
            select unnest(range(
                date '2022-01-01',
                (select date_trunc('year', as_of_on) + interval 1 year from known),
                interval 1 day
            )) as day_at
        )
        cross join lateral (select cast(day_at as date) as day_on)
        left join holidays using (day_on)
    """)
    for name in ("persons", "records", "customer_records", "statement_records"):
        connection.execute(_sql(name))
    _add_target_parts(connection)
    connection.execute(_sql("month_records"))
    return Records(connection, landed_rows)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _add_target_parts(connection: duckdb.DuckDBPyConnection) -> None:
    """Numerator and denominator of each metric with a target, by store and month."""
    formulas = {
        f"{metric}_{part}": f"cast({formula or 'null'} as decimal(24, 4))"
        for metric, parts in TARGETED.items()
        for part, formula in zip(("top", "bottom"), parts, strict=True)
    }
    group = joined(["store_key", "year_month"])
    rows = " union all ".join(
        f"select '{metric}' as metric_code, grouped, {metric}_top as top, "
        f"{metric}_bottom as bottom from wide"
        for metric in TARGETED
    )
    connection.execute(f"""
        create table target_parts as
        with wide as ({totals_sql(connection, formulas, group)})
        select
            metric_code, split_part(grouped, '|', 1) as store_key,
            cast(split_part(grouped, '|', 2) || '-01' as date) as month_on, top, bottom
        from ({rows})
    """)


def _holidays() -> list[tuple[datetime.date, str, bool]]:
    constants = chinese_calendar.constants
    free = [(day, HOLIDAYS.get(name, name), True) for day, name in constants.holidays.items()]
    worked = [(day, HOLIDAYS.get(name, name), False) for day, name in constants.workdays.items()]
    return [*free, *worked]
