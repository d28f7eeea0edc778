"""The tables an audit reads before it starts and leaves behind inside the version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from aftersales.quality.catalogue import ROW, SET, schema_of
from aftersales.quality.dbt_rules import StructureTest
from aftersales.quality.model import AuditError, Rule, RuleResult, Status, Verdict
from aftersales.quality.statements import (
    insert_row_rule_rows,
    insert_set_rule_rows,
    insert_structure_rows,
)
from aftersales.quality.suites import TableFacts

_CREATE = """
    create schema if not exists quality;
    create or replace table quality.dq_rule_results (
        rule_id varchar not null,
        rule_kind varchar not null,
        table_name varchar not null,
        severity varchar not null,
        status varchar not null,
        rows_checked bigint not null,
        rows_failed bigint not null,
        failed_ratio double not null,
        newest_rows_checked bigint,
        newest_rows_failed bigint,
        rows_listed bigint not null,
        engine varchar not null,
        message varchar not null
    );
    create or replace table quality.dq_failing_rows (
        rule_id varchar not null,
        store_id varchar,
        business_on date,
        table_name varchar not null,
        row_key varchar,
        batch_id varchar,
        source_file varchar,
        row_number bigint,
        detail varchar
    );
    create or replace table quality.dq_verdict (
        verdict varchar not null,
        as_of_on date not null,
        rules_checked integer not null,
        rules_passed integer not null,
        rules_warned integer not null,
        rules_failed integer not null,
        rules_in_error integer not null,
        rows_failed bigint not null
    );
"""


def read_table_facts(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], newest_batch_min_rows: int
) -> dict[str, TableFacts]:
    """Row counts of every table the rules judge, and the newest batch of staging tables.

    A newest batch below the minimum is not judged apart: shares of a handful of rows say nothing.
    """
    facts = {}
    kinds = {(rule.table_name, rule.rule_kind) for rule in rules if rule.rule_kind in (ROW, SET)}
    for table_name, kind in sorted(kinds):
        relation = f"{schema_of(table_name)}.{table_name}"
        try:
            rows = _scalar(connection, f"select count(*) from {relation}")
            newest: tuple[str, int] = ("", 0)
            if kind == ROW:
                newest = _newest_batch(connection, relation)
        except duckdb.CatalogException:
            continue
        if newest[1] < newest_batch_min_rows:
            newest = ("", 0)
        facts[table_name] = TableFacts(rows, *newest)
    return facts


def read_threshold(connection: duckdb.DuckDBPyConnection, code: str) -> int:
    """A whole-number limit from the seed of thresholds."""
    row = connection.execute(
        "select value from reference.thresholds where threshold_code = ? and valid_to is null",
        [code],
    ).fetchone()
    if row is None:
        raise AuditError(f"seeds/thresholds.csv has no row in force for {code}: add it.")
    return int(row[0])


def read_hit_counts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Rows of `quality.dq_rule_hits` by rule and table, repaired rows left out as in staging."""
    rows = connection.execute(
        """
        select rule_id, table_name, count(*)
        from quality.dq_rule_hits as hits
        anti join (
            select 'stg_' || system || '__' || table_name as table_name, batch_id, row_number
            from quality.dq_corrections
            where is_repaired
        ) as repaired
            using (table_name, batch_id, row_number)
        group by all
        """
    ).fetchall()
    return {(str(rule_id), str(table)): int(count) for rule_id, table, count in rows}


def write_results(
    connection: duckdb.DuckDBPyConnection,
    as_of_on: date,
    verdict: Verdict,
    *,
    results: Iterable[RuleResult],
    structure_tests: Iterable[StructureTest],
    listed_rows_max: int,
) -> None:
    """Replace the audit's tables in one transaction."""
    results = list(results)
    connection.execute("begin")
    connection.execute(_CREATE)
    for test in structure_tests:
        if test.failures or test.error:
            rule = next(r.rule for r in results if r.rule.rule_id == test.rule_id)
            connection.execute(
                insert_structure_rows(
                    rule, test.test_name, test.table_name, test.failures, test.error
                )
            )
    for result in results:
        _list_failing_rows(connection, result, listed_rows_max)
        connection.execute(
            "insert into quality.dq_rule_results select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
            "(select count(*) from quality.dq_failing_rows where rule_id = $1), $11, $12",
            [
                result.rule.rule_id,
                result.rule.rule_kind,
                result.rule.table_name,
                result.rule.severity,
                result.status.value,
                result.total.checked,
                result.total.failed,
                result.total.ratio,
                result.newest.checked if result.newest else None,
                result.newest.failed if result.newest else None,
                result.engine,
                result.message,
            ],
        )
    statuses = [result.status for result in results]
    connection.execute(
        "insert into quality.dq_verdict values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            verdict.value,
            as_of_on,
            len(results),
            *(statuses.count(s) for s in (Status.PASS, Status.WARN, Status.FAIL, Status.ERROR)),
            sum(result.total.failed for result in results),
        ],
    )
    connection.execute("commit")


def _list_failing_rows(
    connection: duckdb.DuckDBPyConnection, result: RuleResult, listed_rows_max: int
) -> None:
    if result.status is Status.ERROR or result.total.failed == 0:
        return
    limit = None if result.status is Status.FAIL else listed_rows_max
    if result.rule.rule_kind == ROW:
        connection.execute(insert_row_rule_rows(result.rule, limit))
    elif result.rule.rule_kind == SET:
        connection.execute(insert_set_rule_rows(result.rule, result.failing_sql, limit))


def _newest_batch(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, int]:
    row = connection.execute(
        f"select _batch_id, count(*) from {relation} "
        "group by _batch_id order by _batch_id desc limit 1"
    ).fetchone()
    return (str(row[0]), int(row[1])) if row else ("", 0)


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
