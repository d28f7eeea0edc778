"""Contributions add up, agree with a computation of their own, and errors in a sum are seen."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from jinja2 import Template

from aftersales.explain.macros import render
from aftersales.settings import Settings

ROOT = Settings().project_dir
DRAWS = 1000
HALF_A_CENT = 0.005


def residuals(connection: duckdb.DuckDBPyConnection, seed: int, planted: float) -> pd.DataFrame:
    """Residuals of questions drawn at random."""
    sql = render(ROOT, "tests/explain/random_pairs.sql", seed=seed, draws=DRAWS, planted=planted)
    return connection.sql(sql).df()


@pytest.mark.parametrize("seed", [1, 20251031])
def test_a_thousand_random_questions_leave_nothing_over(
    warehouse: duckdb.DuckDBPyConnection, seed: int
) -> None:
    found = residuals(warehouse, seed, 0)
    worst = max(found["residual"].abs().max(), found["split_residual"].abs().max())
    print(
        f"{len(found)} questions, {found['metric_code'].nunique()} metrics, "
        f"{found['dimension_code'].nunique()} dimensions, {int(found['members'].sum())} "
        f"contributions, largest residual {worst:.1e}"
    )
    assert len(found) == DRAWS
    assert found["metric_code"].nunique() > 20
    assert worst < HALF_A_CENT


def test_a_wrong_sum_of_one_member_is_left_over(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = residuals(warehouse, 1, 1)
    plain = found[found["metric_code"].isin(["revenue", "visits", "orders", "hours_sold"])]
    assert len(plain) > 20
    assert (plain["residual"].abs() - 1).abs().max() < HALF_A_CENT


@pytest.fixture
def own_copy(database: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that a test may spoil."""
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(database, copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


def data_test(name: str) -> str:
    """The query of a data test, for a warehouse that dbt has built."""
    schemas = {"int_": "intermediate", "fct_": "marts", "dim_": "marts"}
    text = (ROOT / "tests" / "data" / "explain" / f"{name}.sql").read_text(encoding="utf-8")
    return Template(text).render(
        config=lambda **_: "",
        ref=lambda table: f"{schemas[table[:4]]}.{table}",
        threshold=lambda code: (
            f"(select value from reference.thresholds "
            f"where threshold_code = '{code}' and valid_to is null)"
        ),
    )


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        (
            "metric_members_add_up",
            "update marts.fct_metric_members set numerator = numerator + 1 "
            "where metric_code = 'nps' and dimension_code = 'channel' and member_code = 'walk_in' "
            "and store_key = 'S001' and part = 'whole'",
        ),
        (
            "metric_members_add_up",
            "delete from marts.fct_metric_members where metric_code = 'average_ticket' "
            "and dimension_code = 'order_type' and member_code = 'repair' and store_key = 'S001'",
        ),
        (
            "metric_changes_leave_nothing_over",
            "update marts.fct_metric_changes set residual_value = 0.01 "
            "where metric_code = 'revenue' and scope_key = 'S001'",
        ),
        (
            "metric_changes_leave_nothing_over",
            "update marts.fct_metric_tree_contributions set contribution = contribution + 0.01 "
            "where metric_code = 'revenue' and node_path = 'revenue/visits' and scope_key = 'S001'",
        ),
    ],
)
def test_a_planted_error_is_seen(
    own_copy: duckdb.DuckDBPyConnection, name: str, defect: str
) -> None:
    query = data_test(name)
    assert own_copy.execute(query).fetchall() == []
    own_copy.execute(defect)
    assert own_copy.execute(query).fetchall() != []


def month_pair(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """The last complete month whose contributions are kept, and the one before it."""
    found = connection.execute(
        "select max(month_start_on) from marts.fct_metric_contributions "
        "where is_complete and comparison = 'previous'"
    ).fetchone()
    assert found is not None
    now = pd.Timestamp(found[0])
    return f"{now - pd.DateOffset(months=1):%Y-%m}", f"{now:%Y-%m}"


def by_hand(sums: pd.DataFrame, base: str, now: str) -> pd.DataFrame:
    """Rate and mix of a ratio as the textbook has them, member by member."""
    wide = sums.unstack("month", fill_value=0.0)
    above, below = wide["above"], wide["below"]
    whole: Any = above.sum() / below.sum()
    share = below / below.sum()
    rate = above / below
    mean_whole = (whole[base] + whole[now]) / 2
    mean_rate = (rate[base] + rate[now]) / 2
    return pd.DataFrame(
        {
            "rate_effect": (share[base] + share[now]) / 2 * (rate[now] - rate[base]),
            "mix_effect": (share[now] - share[base]) * (mean_rate - mean_whole),
        }
    )


QUERIES = {
    ("average_ticket", "pay_type"): """
        select strftime(business_on, '%Y-%m') as month, pay_type as member,
            sum(revenue_amount) as above,
            count(distinct visit_key) filter (where is_first_order_of_visit) as below
        from marts.fct_repair_orders where store_key = 'S001' group by all
    """,
    ("gross_margin", "service_line"): """
        select strftime(business_on, '%Y-%m') as month, service_line as member,
            sum(revenue_amount - cost_amount) as above, sum(revenue_amount) as below
        from marts.fct_repair_order_lines where store_key = 'S001' group by all
    """,
    ("nps", "order_type"): """
        select strftime(surveys.business_on, '%Y-%m') as month, orders.order_type as member,
            100 * sum(case when nps_score >= 9 then 1 when nps_score <= 6 then -1 else 0 end)
                as above,
            count(*) as below
        from marts.fct_surveys as surveys
        left join marts.fct_repair_orders as orders using (repair_order_key)
        where surveys.store_key = 'S001' and nps_score is not null group by all
    """,
    ("first_time_fix_rate_provisional", "technician_level"): """
        select strftime(business_on, '%Y-%m') as month, technicians.skill_level as member,
            sum(case when comeback_count = 0 then 1 else 0 end) as above, count(*) as below
        from marts.fct_comebacks as comebacks
        left join marts.dim_technician as technicians using (technician_key)
        where comebacks.store_key = 'S001' group by all
    """,
}  # fmt: skip


@pytest.mark.parametrize(("metric", "dimension"), list(QUERIES))
def test_contributions_equal_a_computation_of_their_own(
    warehouse: duckdb.DuckDBPyConnection, metric: str, dimension: str
) -> None:
    base, now = month_pair(warehouse)
    sums = warehouse.sql(QUERIES[metric, dimension]).df()
    sums["member"] = sums["member"].fillna("(none)")
    sums = sums[sums["month"].isin([base, now])].astype({"above": float, "below": float})
    expected = by_hand(sums.set_index(["member", "month"]), base, now)
    shown = warehouse.execute(
        "select member_code as member, rate_effect, mix_effect "
        "from marts.fct_metric_contributions where metric_code = ? and dimension_code = ? "
        "and comparison = 'previous' and scope_key = 'S001' and month_start_on = ?",
        [metric, dimension, f"{now}-01"],
    ).df()
    shown = shown.set_index("member").astype(float)
    # Members on one side only have no textbook rate.
    known = expected.dropna().index
    assert len(known) > 1
    assert set(shown.index) >= set(known)
    gap = (shown.loc[known] - expected.loc[known]).abs().max().max()
    assert gap < 1e-5


def test_new_customers_are_those_of_the_first_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    _, now = month_pair(warehouse)
    shown = warehouse.execute(
        "select member_code, cast(numerator as double) from marts.fct_metric_members "
        "where metric_code = 'revenue' and dimension_code = 'visit_history' and part = 'whole' "
        "and store_key = 'S001' and month_start_on = ?",
        [f"{now}-01"],
    ).fetchall()
    expected = warehouse.execute(
        """
        with firsts as (
            select sources.customer_key, min(orders.business_on) as first_on
            from marts.fct_repair_orders as orders
            inner join marts.bridge_customer_sources as sources using (source_customer_key)
            where orders.is_first_order_of_visit group by all
        )
        select
            case
                when orders.business_on = firsts.first_on then 'new'
                when orders.business_on > firsts.first_on then 'returning'
                else '(none)'
            end as member,
            cast(sum(orders.revenue_amount) as double)
        from marts.fct_repair_orders as orders
        left join marts.bridge_customer_sources as sources using (source_customer_key)
        left join firsts using (customer_key)
        where orders.store_key = 'S001' and strftime(orders.business_on, '%Y-%m') = ?
        group by all having sum(orders.revenue_amount) <> 0
        """,
        [now],
    ).fetchall()
    assert dict(shown) == pytest.approx(dict(expected))
