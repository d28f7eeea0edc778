"""Queries that try to reach what is hidden, to break the SQL, or to ask for too much."""

from typing import Any

import pytest
import requests

from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask

VIEW = "store_performance"
REVENUE = f"{VIEW}.revenue"
PHONE = {"operator": "equals", "values": ["13800000001"]}

# Each is a way to name a member the caller may not use; `{hidden}` is filled in.
WAYS: dict[str, Any] = {
    "measure": {"measures": ["{hidden}"]},
    "dimension": {"measures": [REVENUE], "dimensions": ["{hidden}"]},
    "segment": {"measures": [REVENUE], "segments": ["{hidden}"]},
    "time dimension": {
        "measures": [REVENUE],
        "timeDimensions": [{"dimension": "{hidden}", "granularity": "day"}],
    },
    "time dimension with only a range": {
        "measures": [REVENUE],
        "timeDimensions": [{"dimension": "{hidden}", "dateRange": ["2025-01-01", "2025-01-31"]}],
    },
    "filter": {"measures": [REVENUE], "filters": [{"member": "{hidden}", **PHONE}]},
    "filter by its old key": {
        "measures": [REVENUE],
        "filters": [{"dimension": "{hidden}", **PHONE}],
    },
    "filter in or": {
        "measures": [REVENUE],
        "filters": [
            {
                "or": [
                    {"member": f"{VIEW}.store_key", "operator": "set"},
                    {"and": [{"or": [{"member": "{hidden}", **PHONE}]}]},
                ]
            }
        ],
    },
    "order": {"measures": [REVENUE], "order": {"{hidden}": "asc"}},
    "order as a list": {"measures": [REVENUE], "order": [["{hidden}", "desc"]]},
    "order beside a dimension": {
        "measures": [REVENUE],
        "dimensions": [f"{VIEW}.store_key"],
        "order": [["{hidden}", "asc"], [REVENUE, "asc"]],
    },
}
HIDDEN = [
    "customers.phone",
    "customers.customer_name",
    "vehicles.vin",
    "repair_orders._order_count",
    "store_days._revenue_amount",
    "store_days.revenue",
    "store_performance._revenue_amount",
    "customer_contacts.phone",
    "data_quality_rows.row_detail",
    "no_such_view.member",
]


def filled(part: Any, hidden: str) -> Any:
    if isinstance(part, dict):
        return {filled(key, hidden): filled(value, hidden) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(item, hidden) for item in part]
    return part.replace("{hidden}", hidden) if isinstance(part, str) else part


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_hidden_member(server: ServerHandle, way: str, hidden: str) -> None:
    for path in ("load", "dry-run"):
        reply = ask(server, filled(WAYS[way], hidden), TOKENS["hq"], path)
        # An old-style key is refused as malformed, the rest as not offered.
        assert reply.status in {requests.codes.forbidden, requests.codes.bad_request}, reply
        assert "data" not in reply.body
        assert "13800000001" not in reply.error
    sql = ask(server, filled(WAYS[way], hidden), TOKENS["engineer"], "sql")
    assert sql.status in {requests.codes.forbidden, requests.codes.bad_request}, sql


def test_one_hidden_member_in_a_list_of_queries_refuses_all(server: ServerHandle) -> None:
    month = [{"dimension": f"{VIEW}.business_on", "granularity": "month"}]
    good = {"measures": [REVENUE], "timeDimensions": month}
    bad = {**good, "filters": [{"member": "customers.phone", **PHONE}]}
    assert ask(server, [good, good], queryType="multi").status == requests.codes.ok
    reply = ask(server, [good, bad], queryType="multi")
    assert reply.status == requests.codes.forbidden
    assert "results" not in reply.body


def test_expressions_are_refused(server: ServerHandle) -> None:
    expression = (
        '{"cubeName":"store_performance","alias":"x","cubeParams":[],'
        '"expr":{"type":"SqlFunction","cubeParams":[],"sql":"(select max(phone) from '
        'marts.dim_customer)"}}'
    )
    for question in (
        {"measures": [expression]},
        {"measures": [REVENUE], "dimensions": [expression]},
        {"measures": [REVENUE], "segments": [expression]},
        {"measures": ["{not json"]},
    ):
        reply = ask(server, question)
        assert reply.status >= 400
        assert "data" not in reply.body


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1 --",
        "'; DROP TABLE marts.fct_store_day; --",
        "S001' UNION SELECT phone FROM marts.dim_customer --",
        "\\'; SELECT 1; --",
        "$1",
        "?",
        "%",
        "_",
        "{{ 7 * 7 }}",
        "${7*7}",
        "\u0000",
        "海淀店'",
    ],
)
def test_a_value_is_only_ever_a_value(server: ServerHandle, text: str) -> None:
    for operator in ("equals", "contains", "startsWith", "notEquals"):
        row_filter = {"member": f"{VIEW}.store_name", "operator": operator, "values": [text]}
        reply = ask(server, {"dimensions": [f"{VIEW}.store_key"], "filters": [row_filter]})
        assert reply.status in {requests.codes.ok, requests.codes.bad_request}, reply
        if reply.status == requests.codes.ok:
            expected = 4 if operator == "notEquals" else 0
            assert len(reply.rows) == expected
    again = ask(server, {"measures": [REVENUE]})
    assert float(again.rows[0][REVENUE]) == 384000


@pytest.mark.parametrize(
    "question",
    [
        {"measures": [REVENUE], "timezone": "UTC'; select 1; --"},
        {
            "measures": [REVENUE],
            "timeDimensions": [
                {"dimension": f"{VIEW}.business_on", "granularity": "day'); select 1; --"}
            ],
        },
        {
            "measures": [REVENUE],
            "timeDimensions": [
                {"dimension": f"{VIEW}.business_on", "dateRange": ["2025-01-01' or 1=1", "x"]}
            ],
        },
        {"measures": [REVENUE], "order": {REVENUE: "asc; drop table x"}},
        {"measures": [REVENUE], "filters": [{"member": f"{VIEW}.store_key", "operator": "or 1=1"}]},
        {"measures": [f"{REVENUE}; select 1"]},
        {"measures": "store_performance.revenue"},
        {"measures": [REVENUE], "limit": "1; select 1"},
        {"measures": [REVENUE], "limit": -1},
        {"measures": [REVENUE], "maskedMembers": []},
        {"measures": [REVENUE], "surprise": 1},
        None,
        "not json",
        [],
        {},
    ],
)
def test_a_malformed_query_is_refused(server: ServerHandle, question: Any) -> None:
    reply = ask(server, question)
    assert reply.status in {requests.codes.bad_request, requests.codes.forbidden}, reply
    assert "data" not in reply.body
    assert "node_modules" not in reply.error


def test_limits_hold(server: ServerHandle) -> None:
    days = {"measures": [REVENUE], "dimensions": [f"{VIEW}.store_key", f"{VIEW}.business_on"]}
    assert len(ask(server, {**days, "limit": 7}).rows) == 7
    above = ask(server, {**days, "limit": 50001})
    assert above.status == requests.codes.bad_request
    assert "maximum of 50000" in above.error
    ungrouped = ask(server, {**days, "ungrouped": True})
    assert ungrouped.status == requests.codes.bad_request


def test_deeply_nested_filters_are_refused(server: ServerHandle) -> None:
    nested: dict[str, Any] = {"member": f"{VIEW}.store_key", "operator": "set"}
    for _ in range(40):
        nested = {"and": [nested]}
    reply = ask(server, {"measures": [REVENUE], "filters": [nested]})
    assert reply.status == requests.codes.bad_request


def test_a_huge_request_is_refused(server: ServerHandle) -> None:
    values = ["x" * 1000] * 2000
    row_filter = {"member": f"{VIEW}.store_key", "operator": "equals", "values": values}
    reply = ask(server, {"measures": [REVENUE], "filters": [row_filter]})
    assert reply.status == requests.codes.request_entity_too_large


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cubejs-api/v1/pre-aggregations/jobs",
        "/cubejs-api/v1/running-query/x",
        "/cubejs-api/v1/graphql-to-json",
        "/cubejs-system/v1/context",
        "/playground/context",
        "/cubejs-api/v1/../v1/context",
        "/etc/passwd",
    ],
)
def test_paths_that_are_not_offered_do_not_exist(server: ServerHandle, path: str) -> None:
    headers = {"Authorization": f"Bearer {TOKENS['engineer']}"}
    for method in ("GET", "POST", "DELETE"):
        reply = requests.request(method, server.root + path, headers=headers, json={}, timeout=30)
        assert reply.status_code == requests.codes.not_found


def test_a_level_is_not_added_up_over_months(server: ServerHandle) -> None:
    stock = "parts_inventory.stock_at_month_end"
    day = "parts_inventory.business_on"
    for dimensions in (
        [],
        [{"dimension": day, "granularity": "year"}],
        [{"dimension": day, "granularity": "quarter"}],
        [{"dimension": day, "dateRange": ["2025-01-01", "2025-02-28"]}],
    ):
        reply = ask(server, {"measures": [stock], "timeDimensions": dimensions})
        assert reply.status == requests.codes.bad_request
        assert "cannot be added up" in reply.error
    for dimension in (
        {"dimension": day, "granularity": "month"},
        {"dimension": day, "dateRange": ["2025-02-01", "2025-02-28"]},
    ):
        reply = ask(server, {"measures": [stock], "timeDimensions": [dimension]})
        assert set(reply.column(stock)) == {"8000"}


def test_a_month_is_not_cut_into_days(server: ServerHandle) -> None:
    for granularity in ("day", "week", "hour"):
        time = {"dimension": "store_profit.business_on", "granularity": granularity}
        reply = ask(server, {"measures": ["store_profit.revenue"], "timeDimensions": [time]})
        assert reply.status == requests.codes.bad_request
        assert "whole months" in reply.error
