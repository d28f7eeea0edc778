"""Changes of the requirements: a share moves in percentage points, an amount in per cent."""

from decimal import Decimal
from pathlib import Path

import pytest

from aftersales.serving.server import ServerHandle
from golden import plants
from golden.cases import prove
from golden.support import headline, one, percent, trend


def test_a_margin_rises_in_points(served: ServerHandle, database: Path) -> None:
    found = trend(served, plants.PROGRAMME_STORE, "gross_margin", plants.OCTOBER)
    assert (found["previous_value"], found["metric_value"]) == (Decimal("0.35"), Decimal("0.52"))
    prove("S1-GM", stated=17, found=found["change"])
    # 17 points are nearly half of what there was: per cent would be another figure.
    assert round(found["percent"], 2) == Decimal("48.57")
    said = headline(database, plants.PROGRAMME_STORE, "gross_margin", "2025-10")
    assert said.endswith("毛利率 52.0%, 比 2025-09 (35.0%) 高 17.00 个百分点。")


def test_retention_rises_by_seven_points_and_not_by_seven_per_cent(
    served: ServerHandle, database: Path
) -> None:
    kept = [
        one(
            served,
            "customer_retention",
            ["retention_rate"],
            month,
            store_key=plants.RETENTION_STORE,
        )["retention_rate"]
        for month in ("2023-12-01", "2024-10-01")
    ]
    assert kept == [Decimal("0.85"), Decimal("0.92")]
    # The month beside the month before is kept of the metrics of the day; a share is a share.
    found = trend(served, plants.PROGRAMME_STORE, "returning_customer_share", plants.OCTOBER)
    assert [found["previous_value"], found["metric_value"]] == kept
    prove(
        "S1-RET",
        stated="+7%",
        found={"points": found["change"], "percent": found["percent"]},
    )
    said = headline(database, plants.PROGRAMME_STORE, "returning_customer_share", "2025-10")
    assert said.endswith("92.0%, 比 2025-09 (85.0%) 高 7.00 个百分点。")


def test_a_wait_falls_in_per_cent(served: ServerHandle, database: Path) -> None:
    found = trend(served, plants.PROGRAMME_STORE, "average_customer_wait", plants.OCTOBER)
    assert found["change"] == -18
    prove("S1-WAIT", stated=None, found=found["percent"])
    said = headline(database, plants.PROGRAMME_STORE, "average_customer_wait", "2025-10")
    assert said.endswith("27.0 分钟, 比 2025-09 (45.0 分钟) 低 18.0 分钟 (−40.0%)。")


def test_a_wait_of_hours_falls_by_more_than_half(served: ServerHandle) -> None:
    found = trend(served, plants.PILOT_STORE, "average_customer_wait", plants.OCTOBER)
    assert (found["previous_value"], found["metric_value"]) == (138, 66)
    prove("S0-WAIT", stated=None, found=found["percent"])


def test_a_rate_of_faults_falls_in_points_and_by_two_thirds_of_itself(
    served: ServerHandle,
) -> None:
    found = trend(served, plants.PROGRAMME_STORE, "comeback_rate", plants.OCTOBER)
    prove(
        "S1-FAULT",
        stated=None,
        found={"points": found["change"], "percent": found["percent"]},
    )


def test_nps_rises_in_points(served: ServerHandle, database: Path) -> None:
    found = trend(served, plants.PROGRAMME_STORE, "nps", plants.OCTOBER)
    prove("S1-RECO", stated=45, found={"points": found["change"], "percent": found["percent"]})
    said = headline(database, plants.PROGRAMME_STORE, "nps", "2025-10")
    assert said.endswith("72.0 分, 比 2025-09 (52.0 分) 高 20.0 分。")


def test_hours_fall_by_two_fifths(served: ServerHandle) -> None:
    found = trend(served, plants.PROGRAMME_STORE, "hours_sold", plants.OCTOBER)
    prove("S3-HRS", stated=-40, found=found["percent"])


def test_the_pilot_mixes_per_cent_and_points(served: ServerHandle, database: Path) -> None:
    revenue, csi, hours = (
        trend(served, plants.PILOT_STORE, metric, plants.OCTOBER)
        for metric in ("revenue", "csi", "hours_sold")
    )
    prove(
        "S3-PILOT",
        stated=["+20%", "+6", "-25%"],
        found=[revenue["percent"], csi["change"], hours["percent"]],
    )
    said = [
        headline(database, plants.PILOT_STORE, metric, "2025-10") for metric in ("revenue", "csi")
    ]
    assert said[0].endswith("385.0 万元, 比 2025-09 (320.0 万元) 高 65.0 万元 (+20.3%)。")
    assert said[1].endswith("92.0 分, 比 2025-09 (86.0 分) 高 6.0 分。")


def test_visits_against_the_same_days_of_the_month_before(served: ServerHandle) -> None:
    found = trend(served, plants.VISITS_STORE, "visits", plants.DECEMBER)
    days = plants.BOARD_DAYS
    assert found["metric_value"] == 85 * days
    assert round(found["percent"]) == -18
    prove("S3-AL2M", stated=None, found=found["previous_value"] / days)


def test_a_ticket_catches_up_with_the_region(served: ServerHandle) -> None:
    found = trend(served, "大兴店", "average_ticket", plants.NOVEMBER)
    assert (found["previous_value"], found["metric_value"]) == (6200, 7500)
    prove("S3-DX", stated=21, found=found["percent"])


def test_days_of_stock_rise_by_two_fifths(served: ServerHandle) -> None:
    days = [
        one(served, "parts_inventory", ["days_of_stock"], month, store_key=plants.PARTS_STORE)[
            "days_of_stock"
        ]
        for month in (plants.SEPTEMBER, plants.OCTOBER)
    ]
    assert days == [45, 63]
    prove("S0-STOCK", stated=None, found=percent(days[1] / days[0] - 1))


def test_what_falls_with_the_fix_rate(served: ServerHandle) -> None:
    fixed, nps, returning = (
        trend(served, plants.CAUSE_STORE, metric, plants.OCTOBER)["change"]
        for metric in ("first_time_fix_rate", "nps", "returning_customer_share")
    )
    assert [fixed, nps, returning] == pytest.approx([-7, -5, -7])
    prove("S4-CAUSAL", stated=[Decimal("0.7"), 1], found=[nps / fixed, returning / fixed])
