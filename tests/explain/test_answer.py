"""The command says the same as the marts, and answers for any pair of months or stores."""

from pathlib import Path

import duckdb
import pytest

from aftersales.errors import AftersalesError
from aftersales.explain.answer import Answer, answer
from aftersales.explain.question import Scope, find_metric, make_question, read_period
from aftersales.metrics.model import Model
from aftersales.settings import Settings

ROOT: Path = Settings().project_dir
METRICS = (
    "revenue", "gross_profit", "average_ticket", "gross_margin", "nps", "csi", "complaint_rate",
    "first_time_fix_rate_provisional", "average_customer_wait", "hours_per_visit",
)  # fmt: skip
COMPARISONS = {"previous": "previous", "region": "region_mean"}


def scopes(connection: duckdb.DuckDBPyConnection) -> dict[str, Scope]:
    rows = connection.execute(
        "select store_key, store_name, region_name from marts.dim_store order by store_key"
    ).fetchall()
    key, name, region = rows[0]
    return {
        "store": Scope("store", key, name),
        "region": Scope("region", region, region),
        "network": Scope("network", "network", ""),
    }


def newest_month(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute(
        "select strftime(max(month_start_on), '%Y-%m') from marts.fct_metric_contributions"
    ).fetchone()
    assert found is not None
    return str(found[0])


def asked(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    metric: str,
    place: Scope,
    period: str,
    against: str,
) -> Answer:
    question = make_question(
        connection, find_metric(model, metric), place, read_period(period), against
    )
    return answer(connection, ROOT, question)


@pytest.mark.parametrize(
    ("scope_kind", "against"),
    [("store", "previous"), ("store", "region"), ("region", "previous"), ("network", "previous")],
)
@pytest.mark.parametrize("metric", METRICS)
def test_the_command_and_the_marts_agree(
    warehouse: duckdb.DuckDBPyConnection, model: Model, metric: str, scope_kind: str, against: str
) -> None:
    place, month = scopes(warehouse)[scope_kind], newest_month(warehouse)
    found = asked(warehouse, model, metric, place, month, against)
    shown = sorted(
        (
            dimension, row["member_code"], row["member_zh"], row["contribution"],
            row["rate_effect"], row["mix_effect"], row["base_rate"], row["current_rate"],
            row["base_share"], row["current_share"], row["base_value"], row["current_value"],
        )
        for dimension, rows in found.dimensions.items()
        for row in rows
    )  # fmt: skip
    keys = [metric, place.kind, place.key, f"{month}-01", COMPARISONS[against]]
    kept = warehouse.execute(
        "select dimension_code, member_code, member_title_zh, contribution, rate_effect, "
        "mix_effect, base_rate, current_rate, base_share, current_share, base_total, "
        "current_total from marts.fct_metric_contributions where metric_code = ? "
        "and scope_kind = ? and scope_key = ? and month_start_on = ? and comparison = ?",
        keys,
    ).fetchall()
    assert shown == sorted(kept)
    assert shown
    tree = sorted((node["node_path"], node["contribution"]) for node in found.tree)
    kept_tree = warehouse.execute(
        "select node_path, contribution from marts.fct_metric_tree_contributions "
        "where metric_code = ? and scope_kind = ? and scope_key = ? and period_start_on = ? "
        "and comparison = ? and period_kind = 'month' and branch_code = 'product'",
        keys,
    ).fetchall()
    assert tree == sorted(kept_tree)


def test_any_pair_of_months_and_stores_adds_up(
    warehouse: duckdb.DuckDBPyConnection, model: Model
) -> None:
    stores = warehouse.execute(
        "select store_key, store_name from marts.dim_store order by store_key"
    ).fetchall()
    months = [
        row[0]
        for row in warehouse.execute(
            "select distinct strftime(month_start_on, '%Y-%m') as month "
            "from marts.fct_metric_members where part = 'whole' order by month"
        ).fetchall()
    ]
    first = Scope("store", *stores[0])
    pairs = [(months[-1], months[0]), (months[0], months[-1]), (months[-1], stores[1][1])]
    for period, against in pairs:
        for metric in METRICS:
            found = asked(warehouse, model, metric, first, period, against)
            for rows in found.dimensions.values():
                assert abs(rows[0]["residual_value"]) < 0.005, (metric, period, against)
            assert {"advisor"} <= set(found.dimensions) or against == stores[1][1]
            if found.tree:
                assert abs(found.tree[0]["residual_value"]) < 0.005


def test_a_day_is_explained_by_its_tree_and_its_stores(
    warehouse: duckdb.DuckDBPyConnection, model: Model
) -> None:
    found = warehouse.execute(
        "select max(period_start_on) from marts.fct_metric_periods where period_kind = 'day'"
    ).fetchone()
    assert found is not None
    day = found[0].isoformat()
    store = asked(warehouse, model, "revenue", scopes(warehouse)["store"], day, "previous")
    assert store.dimensions == {}
    assert {node["node_path"] for node in store.tree} >= {
        "revenue/visits",
        "revenue/average_ticket/hours_per_visit",
    }
    region = asked(warehouse, model, "revenue", scopes(warehouse)["region"], day, "previous")
    assert list(region.dimensions) == ["store"]


def test_a_dimension_that_is_not_kept_is_an_error(
    warehouse: duckdb.DuckDBPyConnection, model: Model
) -> None:
    place, month = scopes(warehouse)["store"], newest_month(warehouse)
    question = make_question(
        warehouse, find_metric(model, "nps"), place, read_period(month), "previous"
    )
    with pytest.raises(AftersalesError, match=r"cannot be broken down by service_line.*order_type"):
        answer(warehouse, ROOT, question, ["service_line"])
