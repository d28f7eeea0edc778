"""Every planted difference between two records is listed with its reason, and no other one is."""

from pathlib import Path
from typing import Any

import duckdb

from quality.support import Company

REASONS = {
    "ledger_missing": "missing_in_ledger",
    "ledger_next_month": "booked_later",
    "ledger_tax_basis": "tax_basis",
}
# Both sides of the ledger once more, from the files as they landed.
LANDED = """
    with orders as (
        select * from read_parquet($landing || '/dms/repair_orders/**/*.parquet')
        qualify row_number() over (
            partition by store_id, repair_order_no order by _batch_id desc, _row_number desc
        ) = 1
    ),

    closed as (
        select
            store_id,
            strftime(closed_at + interval 8 hour, '%Y-%m') as month,
            sum(labour_amount + part_amount - discount_amount) as amount
        from orders
        where status = 'closed'
        group by all
    ),

    booked as (
        select
            store_id,
            booked_month as month,
            sum(labour_amount::decimal(18, 2) + part_amount::decimal(18, 2)
                + other_amount::decimal(18, 2)) as amount
        from read_parquet($landing || '/finance/revenue_lines/**/*.parquet')
        group by all
    )

    select store_id, month, coalesce(closed.amount, 0), coalesce(booked.amount, 0)
    from closed full join booked using (store_id, month)
    order by all
"""
SUMMED = """
    select store_key, strftime(month_start_on, '%Y-%m'), left_value, right_value
    from marts.fct_reconciliations
    where pair_code = 'orders_ledger'
    order by all
"""


def _planted(connection: duckdb.DuckDBPyConnection, company: Company, query: str) -> list[Any]:
    answers = str(Path(company.home.root) / "answer_key" / "defects.parquet")
    connection.execute(
        "create or replace temp table planted as select defect_kind, natural_key, detail, "
        "breaks.reason_code, breaks.pair_code from read_parquet($answers) as planted "
        "left join marts.fct_reconciliation_breaks as breaks "
        "on breaks.record_key in (planted.natural_key, planted.detail)",
        {"answers": answers},
    )
    return connection.execute(query).fetchall()


def test_every_planted_break_of_the_ledger_is_found_with_its_reason(
    defective_company: Company,
) -> None:
    with defective_company.connect() as connection:
        found = _planted(
            connection,
            defective_company,
            "select defect_kind, reason_code, count(*) from planted "
            "where starts_with(defect_kind, 'ledger_') "
            "and pair_code is distinct from 'orders_lines' group by all",
        )
    reasons = {(kind, reason) for kind, reason, _ in found}
    assert {kind for kind, _ in reasons} == set(REASONS)
    # A line of the same order may be wrong, too: then the amounts differ by more than the tax.
    assert reasons <= {*REASONS.items(), ("ledger_tax_basis", "amount")}


def test_every_planted_break_of_the_other_pairs_is_found(defective_company: Company) -> None:
    with defective_company.connect() as connection:
        missed = _planted(
            connection,
            defective_company,
            """
            select * from planted
            where pair_code is null and defect_kind in (
                'header_total_mismatch', 'survey_without_order', 'stock_movement_mismatch'
            )
            """,
        )
    assert missed == []


def test_nothing_breaks_on_a_clean_company(clean_company: Company) -> None:
    with clean_company.connect() as connection:
        breaks = connection.execute("from marts.fct_reconciliation_breaks limit 5").fetchall()
        beyond = connection.execute(
            "select pair_code, count(*), count(*) filter (where not is_within) "
            "from marts.fct_reconciliations group by all order by all"
        ).fetchall()
    assert breaks == []
    assert [pair for pair, _, _ in beyond] == [
        "orders_ledger", "orders_lines", "stock_movements", "surveys_orders",
    ]  # fmt: skip
    assert all(months >= 36 and not outside for _, months, outside in beyond)


def test_both_sides_of_the_ledger_are_what_landed(clean_company: Company) -> None:
    with clean_company.connect() as connection:
        landing = str(clean_company.home.landing)
        landed = connection.execute(LANDED, {"landing": landing}).fetchall()
        assert connection.execute(SUMMED).fetchall() == landed


def test_the_breaks_add_up_to_the_difference(defective_company: Company) -> None:
    """What one month lacks because it is booked later, the later one has too much."""
    with defective_company.connect() as connection:
        total = connection.execute(
            "select sum(difference_value) from marts.fct_reconciliations "
            "where pair_code = 'orders_ledger'"
        ).fetchone()
        listed = connection.execute(
            "select sum(difference_value) from marts.fct_reconciliation_breaks "
            "where pair_code = 'orders_ledger'"
        ).fetchone()
    assert total == listed
