"""Classes, months and lines add up, the unknown included, and the planted leavers are found."""

import pytest

from aftersales.quality import dbt_rules
from quality.plants.changes import STORE, change
from quality.support import ROOT, Company

DEFECTS = {
    "fct_customer_segments": change(
        "fct_customer_segments",
        "revenue_amount = revenue_amount + 0.01",
        f"store_key = {STORE} and segment_kind = 'rfm_class' and segment is null",
    ),
    "fct_customer_month": change(
        "fct_customer_month",
        "lapsed_customer_count = lapsed_customer_count + 1",
        f"store_key = {STORE} and month_start_on = date '2025-09-01'",
    ),
    "fct_service_line_month": change(
        "fct_service_line_month",
        "cost_amount = cost_amount - 0.01",
        f"store_key = {STORE} and month_start_on = date '2025-09-01' and service_line is null",
    ),
}
# Whoever was neglected, left for that and is dear enough to be called.
FOUND = """
    with planted as (
        select distinct sources.customer_key, causes.store_id, causes.cause
        from read_parquet($answers) as causes
        inner join marts.bridge_customer_sources as sources
            on sources.source_customer_key = 'dms:' || causes.customer_id
    ),

    due as (
        select distinct planted.customer_key
        from planted
        inner join marts.fct_customer_value as customers using (customer_key)
        where planted.cause = 'low_satisfaction' and planted.store_id = 'S002'
        and customers.recency_days >= 180
        and customers.worth_rank <= 0.1 * customers.ranked_customer_count
    )

    select
        count(*) as warned,
        count(*) filter (where store_key = 'S002') as at_the_store,
        count(*) filter (where customer_key in (select customer_key from planted)) as gone,
        count(*) filter (where customer_key in (
            select customer_key from planted where cause = 'low_satisfaction'
        )) as dissatisfied,
        count(*) filter (where customer_key in (select customer_key from due)) as found,
        (select count(*) from due) as due
    from marts.fct_churn_warnings
"""


@pytest.mark.parametrize("table", DEFECTS)
def test_what_does_not_add_up_is_noticed(spoilt_company: Company, table: str) -> None:
    with spoilt_company.connect() as connection:
        connection.execute(DEFECTS[table])
    with spoilt_company.dbt_project() as project:
        evidence = dbt_rules.collect(spoilt_company.database, ROOT, project.target_dir)
    failing = [test for test in evidence.structure_tests if test.failures]
    assert {(test.rule_id, test.table_name) for test in failing} == {
        ("model_invariant_broken", table)
    }


def test_the_neglected_customers_of_chaoyang_are_on_the_list(clean_company: Company) -> None:
    with clean_company.connect() as connection:
        answers = str(clean_company.home.root / "answer_key" / "churn_causes.parquet")
        [row] = connection.execute(FOUND, {"answers": answers}).fetchall()
    warned, at_the_store, gone, dissatisfied, found, due = row
    assert warned >= 20
    assert at_the_store / warned >= 0.8
    assert gone / warned >= 0.95
    assert dissatisfied / warned >= 0.75
    assert found / due >= 0.75
