"""A repair narrows the bounds by exactly what the row could have been, and leaves the backlog."""

from aftersales.warehouse.manifest import Manifest

from .conftest import RULE, Workplace

REVENUE = (
    "select sum(row_count), sum(highest_numerator - lowest_numerator) "
    f"from intermediate.int_defect_bounds where rule_id = '{RULE}' and metric_code = 'revenue'"
)
BACKLOG = (
    "select sum(open_row_count), sum(repaired_row_count), sum(yuan_at_stake) "
    f"from marts.fct_defect_backlog where rule_id = '{RULE}'"
)


def test_a_repaired_row_narrows_the_bounds_by_its_amount(workplace: Workplace) -> None:
    [(rows_before, before)] = workplace.rows(workplace.first, REVENUE)
    [(rows_after, after)] = workplace.rows(workplace.second, REVENUE)
    assert rows_before - rows_after == 1
    assert before - after == workplace.repaired_amount


def test_the_backlog_counts_the_repair(workplace: Workplace) -> None:
    [(open_before, repaired_before, yuan_before)] = workplace.rows(workplace.first, BACKLOG)
    [(open_after, repaired_after, yuan_after)] = workplace.rows(workplace.second, BACKLOG)
    # The row corrected to something as wrong broke the rule once more as it re-entered.
    assert open_after == open_before
    assert (repaired_before, repaired_after) == (0, 1)
    assert yuan_before - yuan_after == workplace.repaired_amount


def test_open_rows_are_the_rows_the_audit_failed(workplace: Workplace) -> None:
    differing = (
        "select rule_id, sum(open_row_count), any_value(results.rows_failed) "
        "from marts.fct_defect_backlog as backlog "
        "inner join quality.dq_rule_results as results using (rule_id) "
        "group by rule_id having sum(open_row_count) <> any_value(results.rows_failed)"
    )
    assert workplace.rows(workplace.second, differing) == []


def test_landed_rows_by_store_are_those_of_the_batches(workplace: Workplace) -> None:
    differing = (
        "select * from (select system, table_name, batch_id, sum(rows_landed) as rows_landed, "
        "sum(rows_quarantined) as rows_quarantined from quality.dq_store_landings group by all) "
        "full join quality.dq_landed_rows as landed using (system, table_name, batch_id) "
        "where landed.rows_landed > 0 and (stores.rows_landed is distinct from landed.rows_landed "
        "or stores.rows_quarantined is distinct from landed.rows_quarantined)"
    ).replace("group by all) full", "group by all) as stores full")

    def check(manifest: Manifest) -> None:
        assert workplace.rows(manifest, differing) == []

    check(workplace.first)
    check(workplace.second)
