"""Error bars of several stores are those of their sums, and metrics do not add up."""

import pytest

from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask

VIEW = "metric_error_bounds"
MEASURES = ["bounded_value", "lowest_value", "highest_value", "error_range", "defect_rows"]


def bounds_of(
    server: ServerHandle, role: str, *metrics: str, month: str = "2025-02-01"
) -> dict[str, float | None]:
    """The measures of metrics in a month, over the stores of a role."""
    question = {
        "measures": [f"{VIEW}.{name}" for name in MEASURES],
        "timeDimensions": [{"dimension": f"{VIEW}.business_on", "dateRange": [month, month]}],
        "filters": [
            {"member": f"{VIEW}.metric_code", "operator": "equals", "values": list(metrics)}
        ],
    }
    row = ask(server, question, TOKENS[role]).rows[0]
    values = {name: row[f"{VIEW}.{name}"] for name in MEASURES}
    return {name: None if value is None else float(value) for name, value in values.items()}


@pytest.mark.parametrize(("role", "stores"), [("hq", 4), ("region_manager", 2)])
def test_bounds_of_stores_add_up_as_sums(server: ServerHandle, role: str, stores: int) -> None:
    nps = bounds_of(server, role, "nps")
    # A store: 4 of 10, two answers unknown. The shares of several equal stores are the same.
    assert nps["bounded_value"] == pytest.approx(100 * 4 / 10)
    assert nps["lowest_value"] == pytest.approx(100 * (4 - 2) / (10 + 2))
    assert nps["highest_value"] == pytest.approx(100 * (4 + 2) / (10 + 2))
    assert nps["error_range"] == pytest.approx(100 * 4 / 12)
    assert nps["defect_rows"] == 2 * stores

    revenue = bounds_of(server, role, "revenue")
    assert revenue["bounded_value"] is not None
    assert revenue["lowest_value"] == pytest.approx(revenue["bounded_value"] * 0.9)
    assert revenue["highest_value"] == pytest.approx(revenue["bounded_value"] * 1.1)


def test_several_metrics_have_no_common_bounds(server: ServerHandle) -> None:
    both = bounds_of(server, "hq", "nps", "revenue")
    assert [both[name] for name in MEASURES[:4]] == [None] * 4


def test_backlog_of_a_store_manager_names_no_other_store(server: ServerHandle) -> None:
    question = {
        "dimensions": ["defect_backlog.store_key", "defect_backlog.backlog_rule_id"],
        "measures": ["defect_backlog.yuan_of_defects"],
    }
    assert len(ask(server, question, TOKENS["steward"]).rows) == 10
    own = ask(server, question, TOKENS["store_manager"]).rows
    assert {row["defect_backlog.store_key"] for row in own} == {"S001"}
