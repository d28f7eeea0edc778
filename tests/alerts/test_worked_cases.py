"""The alerts of the requirements: what the rules make of the figures stated."""

from typing import Any

import duckdb

from golden.cases import prove


def signal(judged: duckdb.DuckDBPyConnection, rule: str, store: str) -> tuple[Any, ...]:
    """Colour and deviation on the newest day; a deviation the wrong way is positive."""
    [found] = judged.execute(
        "select colour, deviation from intermediate.int_alert_signals "
        "where rule_id = ? and scope_key = ? and evaluated_on = date '2025-10-31'",
        [rule, store],
    ).fetchall()
    return tuple(found)


def test_visits_of_85_against_110_are_red(judged: duckdb.DuckDBPyConnection) -> None:
    colour, deviation = signal(judged, "A9_visits", "A9_visits 85 of 110")
    assert colour == "red"
    prove("S3-AL2", stated=-23, found=-deviation)


def test_csi_of_82_against_88_is_green_and_its_trend_yellow(
    judged: duckdb.DuckDBPyConnection,
) -> None:
    colour, deviation = signal(judged, "A1_csi", "A1_csi 82 against 88")
    assert colour == "green"
    prove("S3-AL3", stated=None, found=-deviation)
    assert signal(judged, "A5_csi", "A5_csi 88 85 82")[0] == "yellow"
