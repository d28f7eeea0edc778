"""A rule blocks only what some source could have delivered."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from aftersales.quality.model import Count, Rule, RuleResult, Status
from aftersales.quality.needs import excuse

AS_OF = date(2025, 10, 31)


@pytest.fixture
def candidate() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create schema reference; create schema staging; "
        "create table reference.dq_rule_needs as select * from (values "
        "('order_advisor_unknown', 'dms', 'advisors', 'advisor_id', date '2022-01-01', null::date),"
        "('old_rule', 'dms', 'advisors', 'advisor_id', date '2022-01-01', date '2023-01-01'),"
        "('odd_rule', 'dms', 'advisors', 'no_such_column', date '2022-01-01', null)) "
        "as needs (rule_id, system, table_name, column_name, valid_from, valid_to); "
        "create table staging.stg_dms__advisors (advisor_id varchar)"
    )
    return connection


def failed(rule_id: str, status: Status = Status.FAIL) -> RuleResult:
    rule = Rule(
        rule_id, "set", "fct_repair_orders", "critical", Decimal(0), Decimal("0.05"), "", "", "",
        (), "", "", "",
    )  # fmt: skip
    return RuleResult(rule, status, "dbt", Count(100, 99), None, "99 of 100 rows")


def test_what_was_never_delivered_blocks_nothing(candidate: duckdb.DuckDBPyConnection) -> None:
    (result,) = excuse(candidate, AS_OF, [failed("order_advisor_unknown")])
    assert result.status is Status.WARN
    assert result.message == (
        "99 of 100 rows; it does not block, since no source has ever delivered "
        "dms.advisors.advisor_id"
    )


def test_one_value_is_enough_to_be_judged_by(candidate: duckdb.DuckDBPyConnection) -> None:
    candidate.execute("insert into staging.stg_dms__advisors values (null), ('A1')")
    (result,) = excuse(candidate, AS_OF, [failed("order_advisor_unknown")])
    assert result.status is Status.FAIL


@pytest.mark.parametrize("rule_id", ["rule_without_needs", "old_rule", "odd_rule"])
def test_every_other_rule_stays_strict(candidate: duckdb.DuckDBPyConnection, rule_id: str) -> None:
    (result,) = excuse(candidate, AS_OF, [failed(rule_id)])
    assert result.status is Status.FAIL


def test_an_error_is_never_excused(candidate: duckdb.DuckDBPyConnection) -> None:
    (result,) = excuse(candidate, AS_OF, [failed("order_advisor_unknown", Status.ERROR)])
    assert result.status is Status.ERROR
