"""Every view × role: what is granted answers with the caller's rows only, the rest is refused."""

from typing import Any

import pytest
import requests

from aftersales.metrics.model import Model, ViewMember
from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask

ALL = None
EVERYONE = {"hq", "region_manager", "store_manager", "steward", "engineer"}
MANAGED = {"region_manager": {"S001", "S002"}, "store_manager": {"S001"}}
PERSONAL = {"customer_name", "phone", "vin", "plate_no", "technician_name", "advisor_name"}

# Written apart from the model: who may see which view.
GRANTED = {
    "store_performance": EVERYONE,
    "service_orders": EVERYONE,
    "service_lines": EVERYONE,
    "first_time_fix": EVERYONE,
    "appointment_performance": EVERYONE,
    "bay_performance": EVERYONE,
    "technician_performance": EVERYONE,
    "customer_satisfaction": EVERYONE,
    "customer_complaints": EVERYONE,
    "customer_value": EVERYONE,
    "customer_segments": EVERYONE,
    "customer_retention": EVERYONE,
    "churn_warnings": EVERYONE,
    "churn_warning_contacts": {"steward", "store_manager"},
    "business_lines": EVERYONE,
    "parts_supply": EVERYONE,
    "parts_inventory": EVERYONE,
    "store_profit": EVERYONE,
    "operating_costs": EVERYONE,
    "open_order_backlog": EVERYONE,
    "health_scores": EVERYONE,
    "alerts": EVERYONE,
    "alert_causes": EVERYONE,
    "alert_actions": EVERYONE,
    "health_score_items": EVERYONE,
    "target_attainment": EVERYONE,
    "month_forecast": EVERYONE,
    "forecast_backtest": EVERYONE,
    "revenue_tree": EVERYONE,
    "staff_output": EVERYONE,
    "operations_board": EVERYONE,
    "store_gap_drivers": EVERYONE,
    "metric_contributions": EVERYONE,
    "metric_changes": EVERYONE,
    "metric_tree_contributions": EVERYONE,
    "metric_trends": EVERYONE,
    "store_ranking": EVERYONE,
    "metric_dispersion": EVERYONE - {"store_manager"},
    "benchmark_gaps": EVERYONE,
    "profit_and_loss": EVERYONE,
    "cost_drivers": EVERYONE,
    "definition_bridges": EVERYONE,
    "pay_type_margins": EVERYONE,
    "hidden_costs": EVERYONE,
    "customer_contacts": {"steward", "store_manager"},
    "technician_names": {"steward", "store_manager"},
    "advisor_names": {"steward", "store_manager"},
    "warehouse_version": EVERYONE,
    "metric_availability": EVERYONE,
    "metric_definitions": EVERYONE,
    "metric_error_bounds": EVERYONE,
    "defect_backlog": EVERYONE,
    "gaming_signals": {"hq", "steward"},
    "reconciliations": EVERYONE,
    "reconciliation_breaks": EVERYONE,
    "data_quality_rules": {"hq", "steward", "engineer"},
    "data_quality_batches": {"hq", "steward", "engineer"},
    "data_quality_rows": {"steward"},
}
WITHOUT_STORES = {
    "warehouse_version",
    "metric_definitions",
    "data_quality_rules",
    "data_quality_batches",
    "data_quality_rows",
    "metric_dispersion",
}
BY_STORE = {view: roles for view, roles in GRANTED.items() if view not in WITHOUT_STORES}
ROLES = sorted(EVERYONE)
BY_ROLE_AND_VIEW = [(view, role) for view in GRANTED for role in ROLES]


def question_of(member: ViewMember) -> dict[str, Any]:
    if member.meta.get("semi_additive"):
        month = {"dimension": f"{member.view}.business_on", "granularity": "month"}
        return {"measures": [member.path], "timeDimensions": [month]}
    if member.definition["type"] == "time":
        time = {"dimension": member.path, "granularity": member.meta.get("period", "day")}
        return {"timeDimensions": [time], "limit": 3}
    return {member.kind: [member.path], "limit": 3}


def test_matrix_covers_every_view(model: Model) -> None:
    assert set(GRANTED) == set(model.views)


@pytest.mark.parametrize(("view", "role"), BY_ROLE_AND_VIEW)
def test_a_view_answers_exactly_the_granted_roles(
    server: ServerHandle, model: Model, view: str, role: str
) -> None:
    members = model.view_members(view)
    # Every member for one role with all rows and one with few; for the others the first will do.
    for member in members if role in {"hq", "store_manager"} else members[:1]:
        reply = ask(server, question_of(member), TOKENS[role])
        if role in GRANTED[view]:
            assert reply.status == requests.codes.ok, (member.path, reply)
        else:
            assert reply.status == requests.codes.forbidden, (member.path, reply)
            assert "data" not in reply.body


@pytest.mark.parametrize(
    ("view", "role"), [(view, role) for view, roles in BY_STORE.items() for role in sorted(roles)]
)
def test_rows_end_at_the_caller_s_stores(server: ServerHandle, view: str, role: str) -> None:
    reply = ask(server, {"dimensions": [f"{view}.store_key"]}, TOKENS[role])
    stores = set(reply.column(f"{view}.store_key"))
    # Rows about a region or the network name no store: whoever has one store sees none of them.
    assert role != "store_manager" or None not in stores
    assert stores - {None} == MANAGED.get(role, {"S001", "S002", "S003", "S004"})


def of_stores(view: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows about a store, those about a region or the network left out."""
    return [row for row in rows if row[f"{view}.store_key"] is not None]


@pytest.mark.parametrize("role", ["region_manager", "store_manager"])
def test_totals_end_at_the_caller_s_stores(server: ServerHandle, model: Model, role: str) -> None:
    for view, roles in BY_STORE.items():
        if role not in roles:
            continue
        # A view of states has no measure; the stores it lists must end at the caller's too.
        members = model.view_members(view)
        measures = [member for member in members if member.kind == "measures"]
        # By store: some measures stand for one store at a time and give nothing for several.
        question = question_of(measures[0]) if measures else {}
        base = {**question, "dimensions": [f"{view}.store_key"], "limit": 1000}
        base["order"] = {f"{view}.store_key": "asc"}
        everything = of_stores(view, ask(server, base, TOKENS["steward"]).rows)
        own = of_stores(view, ask(server, base, TOKENS[role]).rows)
        store_filter = {
            "member": f"{view}.store_key",
            "operator": "equals",
            "values": sorted(MANAGED[role]),
        }
        expected = ask(server, {**base, "filters": [store_filter]}, TOKENS["steward"]).rows
        assert own == expected
        assert own != everything


@pytest.mark.parametrize("role", ["region_manager", "store_manager"])
def test_a_wider_filter_does_not_widen(server: ServerHandle, role: str) -> None:
    view = "store_performance"
    for values in (["S003"], ["S001", "S003"]):
        reply = ask(
            server,
            {
                "dimensions": [f"{view}.store_key"],
                "filters": [
                    {
                        "or": [
                            {"member": f"{view}.store_key", "operator": "equals", "values": values},
                            {"member": f"{view}.store_key", "operator": "set"},
                        ]
                    }
                ],
            },
            TOKENS[role],
        )
        assert set(reply.column(f"{view}.store_key")) <= MANAGED[role]


def test_a_store_manager_sees_no_other_store_by_name(server: ServerHandle) -> None:
    question = {"dimensions": ["store_gap_drivers.baseline_kind"]}
    kinds = {
        role: set(ask(server, question, TOKENS[role]).column("store_gap_drivers.baseline_kind"))
        for role in ("region_manager", "store_manager")
    }
    assert kinds["region_manager"] == {"region", "network", "store"}
    assert kinds["store_manager"] == {"region", "network"}


@pytest.mark.parametrize("view", ["metric_trends", "metric_dispersion", "benchmark_gaps"])
def test_a_region_manager_sees_rows_about_its_regions_only(server: ServerHandle, view: str) -> None:
    question = {"dimensions": [f"{view}.scope_kind", f"{view}.region_name"]}
    regions = set(ask(server, question, TOKENS["region_manager"]).column(f"{view}.region_name"))
    everything = set(ask(server, question, TOKENS["hq"]).column(f"{view}.region_name"))
    assert regions == {"华北"}
    assert everything == {"华北", "华东", None}


def test_personal_data_is_only_in_views_for_those_who_may_see_it(model: Model) -> None:
    for view, roles in GRANTED.items():
        shown = PERSONAL & {member.name for member in model.view_members(view)}
        assert not shown or roles <= {"steward", "store_manager"}, (view, shown)


@pytest.mark.parametrize("role", ROLES)
def test_meta_shows_each_role_its_views(server: ServerHandle, model: Model, role: str) -> None:
    headers = {"Authorization": f"Bearer {TOKENS[role]}"}
    reply = requests.get(f"{server.url}/v1/meta", headers=headers, timeout=30).json()
    shown = {cube["name"] for cube in reply["cubes"]}
    assert shown == {view for view, roles in GRANTED.items() if role in roles}
    for cube in reply["cubes"]:
        for member in [*cube["measures"], *cube["dimensions"]]:
            assert member["shortTitle"] and member["description"], member["name"]
            assert member["meta"]["owner"], member["name"]
            assert member["name"].split(".")[1][0] != "_"


@pytest.mark.parametrize("role", ROLES)
def test_generated_sql_is_for_engineers(server: ServerHandle, role: str) -> None:
    reply = ask(server, {"measures": ["store_performance.revenue"]}, TOKENS[role], "sql")
    if role == "engineer":
        assert "fct_store_day" in str(reply.body["sql"])
    else:
        assert reply.status == requests.codes.forbidden
        assert "fct_store_day" not in str(reply.body)
