"""The ten questions asked most, as queries of the API."""

from typing import Any


def _query(
    view: str,
    measures: list[str],
    dimensions: list[str],
    granularity: str | None = None,
) -> dict[str, Any]:
    time: dict[str, Any] = {"dimension": f"{view}.business_on"}
    if granularity:
        time["granularity"] = granularity
    return {
        "measures": [f"{view}.{name}" for name in measures],
        "dimensions": [f"{view}.{name}" for name in dimensions],
        "timeDimensions": [time],
    }


QUERIES: dict[str, dict[str, Any]] = {
    "revenue, visits, ticket by store": _query(
        "store_performance", ["revenue", "visits", "average_ticket"], ["store_name"]
    ),
    "revenue by day": _query("store_performance", ["revenue"], [], "day"),
    "revenue, margin by region and month": _query(
        "store_performance", ["revenue", "gross_margin"], ["region_name"], "month"
    ),
    "bay utilisation and turnover by store": _query(
        "store_performance", ["bay_utilisation", "bay_turnover"], ["store_name"]
    ),
    "wait P50 and P95 by store": _query(
        "service_orders", ["customer_wait_p50", "customer_wait_p95"], ["store_name"]
    ),
    "gross margin by service item": _query(
        "service_lines", ["revenue", "gross_margin"], ["service_item_name"]
    ),
    "first-time fix rate by technician level": _query(
        "first_time_fix", ["first_time_fix_rate", "comeback_rate"], ["skill_level"]
    ),
    "NPS and CSI by store and month": _query(
        "customer_satisfaction", ["nps", "csi"], ["store_name"], "month"
    ),
    "revenue by customer's visit class": _query(
        "service_orders", ["revenue", "orders"], ["visit_class"]
    ),
    "technician productivity by level": _query(
        "technician_performance", ["technician_productivity"], ["skill_level"]
    ),
}
