"""The worked examples about customers and service lines, asked of the served metrics."""

import pytest

from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask


def numbers(
    server: ServerHandle, view: str, measures: list[str], by: str | None = None, **question: object
) -> dict[str | None, list[float]]:
    dimensions = [f"{view}.{by}"] if by else []
    asked = {
        "measures": [f"{view}.{name}" for name in measures],
        "dimensions": dimensions,
        **question,
    }
    rows = ask(server, asked, TOKENS["hq"]).rows
    return {
        row[dimensions[0]] if by else None: [float(row[f"{view}.{name}"]) for name in measures]
        for row in rows
    }


def only(view: str, kind: str) -> list[dict[str, object]]:
    return [{"member": f"{view}.segment_kind", "operator": "equals", "values": [kind]}]


def test_the_classes_of_48_000_customers(server: ServerHandle) -> None:
    # Cases S3-CRM, S3-WAKE.
    found = numbers(server, "customer_value", ["known_customers", "wake_up_target"], "value_class")
    assert found == {
        "high_value": [4800, 0],
        "active": [19200, 0],
        "dormant": [9600, pytest.approx(2880)],
        "lost": [14400, 0],
    }
    whole = numbers(server, "customer_value", ["known_customers", "high_value_share"])
    assert whole == {None: [48000, pytest.approx(0.10)]}


def test_a_tenth_of_the_customers_brings_58_percent_of_the_revenue(server: ServerHandle) -> None:
    view = "customer_segments"
    shares = ["customer_share", "customer_revenue_share"]
    found = numbers(server, view, shares, "segment", filters=only(view, "value_class"))
    assert found == {
        "high_value": [pytest.approx(0.10), pytest.approx(0.58)],
        "active": [pytest.approx(0.40), pytest.approx(0.35)],
        "dormant": [pytest.approx(0.20), pytest.approx(0.07)],
        "lost": [pytest.approx(0.30), 0],
        None: [0, 0],
    }


def test_classes_of_several_kinds_are_not_counted_several_times(server: ServerHandle) -> None:
    view = "customer_segments"
    measures = ["segment_customers", "revenue", "customer_share", "customer_revenue_share"]
    whole = numbers(server, view, measures)[None]
    assert whole[0] == 48000
    assert whole[2:] == [pytest.approx(1), pytest.approx(1)]
    for kind in ("value_class", "membership"):
        assert numbers(server, view, measures, filters=only(view, kind))[None] == whole
    by_store = numbers(server, view, measures, "store_key")
    assert sum(values[1] for values in by_store.values()) == pytest.approx(whole[1])
    assert all(values[2] == pytest.approx(1) for values in by_store.values())


def test_43_percent_of_23_warned_customers_come_back(server: ServerHandle) -> None:
    # Case S3-AL1.
    found = numbers(server, "churn_warnings", ["warned_customers", "expected_recoveries"])
    assert found == {None: [23, pytest.approx(9.89)]}


def test_retention_and_churn_make_one(server: ServerHandle) -> None:
    months = {
        "timeDimensions": [{"dimension": "customer_retention.business_on", "granularity": "month"}]
    }
    rows = ask(
        server,
        {
            "measures": ["customer_retention.retention_rate", "customer_retention.churn_rate"],
            **months,
        },
    ).rows
    kept = [float(row["customer_retention.retention_rate"]) for row in rows]
    lost = [float(row["customer_retention.churn_rate"]) for row in rows]
    assert kept == [pytest.approx(0.85), pytest.approx(0.92)]
    assert [a + b for a, b in zip(kept, lost, strict=True)] == [pytest.approx(1)] * 2


def test_lines_of_35_45_12_8_percent_earn_41_45(server: ServerHandle) -> None:
    # Cases S4-BIZGM, S4-BIZNPS.
    view = "business_lines"
    measures = ["service_line_revenue_share", "gross_margin", "nps"]
    lines = [{"member": f"{view}.service_line", "operator": "set"}]
    found = numbers(server, view, measures, "service_line", filters=lines)
    assert found == {
        "maintenance": [pytest.approx(0.35), pytest.approx(0.45), pytest.approx(75)],
        "repair": [pytest.approx(0.45), pytest.approx(0.38), pytest.approx(58)],
        "beauty_accessories": [pytest.approx(0.12), pytest.approx(0.55), pytest.approx(72)],
        "parts_sale": [pytest.approx(0.08), pytest.approx(0.25), pytest.approx(68)],
    }
    share, margin, nps = numbers(server, view, measures)[None]
    assert share == pytest.approx(1)
    # stated beside the table: 38
    assert margin == pytest.approx(0.4145)
    # by answers; the shares of revenue would give 66.43, which is not a weight of NPS
    assert nps == pytest.approx(100 * 302 / 475)
    by_revenue = sum(values[0] * values[2] for values in found.values())
    assert by_revenue == pytest.approx(66.43)


def test_two_lines_together_hold_their_shares(server: ServerHandle) -> None:
    view = "business_lines"
    two = [
        {"member": f"{view}.service_line", "operator": "equals", "values": ["repair", "parts_sale"]}
    ]
    found = numbers(server, view, ["service_line_revenue_share"], filters=two)
    assert found == {None: [pytest.approx(0.53)]}
