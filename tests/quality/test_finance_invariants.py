"""The invariants of the statement and of the cost drivers fail when a cent is out of place."""

import pytest

from aftersales.quality import dbt_rules
from quality.plants.changes import STORE, change
from quality.support import ROOT, Company

MONTH = f"store_key = {STORE} and month_start_on = date '2025-09-01'"
DEFECTS = {
    "fct_pnl_lines": change(
        "fct_pnl_lines", "amount = amount + 0.01", f"{MONTH} and line_code = 'contribution'"
    ),
    "fct_cost_drivers": change(
        "fct_cost_drivers",
        "mix_effect_amount = mix_effect_amount + 0.01",
        f"{MONTH} and cost_code = 'rent' and comparison = 'previous_month'",
    ),
}


@pytest.mark.parametrize("table", DEFECTS)
def test_a_cent_out_of_place_is_noticed(spoilt_company: Company, table: str) -> None:
    with spoilt_company.connect() as connection:
        connection.execute(DEFECTS[table])
    with spoilt_company.dbt_project() as project:
        evidence = dbt_rules.collect(spoilt_company.database, ROOT, project.target_dir)
    failing = [test for test in evidence.structure_tests if test.failures]
    assert {(test.rule_id, test.table_name) for test in failing} == {
        ("model_invariant_broken", table)
    }
