"""Every rule fires on its planted case and stays silent on the near miss."""

import csv

import duckdb
import pytest

from aftersales.settings import Settings
from alerts.cases import CASES, STORES

REGION_RULES = {"A5_nps", "A6_nps", "A13_nps", "A12_health_score"}


def colour_of(judged: duckdb.DuckDBPyConnection, rule: str, scope: str) -> str:
    rows = judged.execute(
        "select colour from intermediate.int_alert_signals where rule_id = ? and scope_key = ? "
        "and evaluated_on = (select max(evaluated_on) from intermediate.int_alert_signals "
        "where rule_id = ? and scope_key = ?)",
        [rule, scope, rule, scope],
    ).fetchall()
    return str(rows[0][0]) if rows else "not judged"


@pytest.mark.parametrize(("rule", "store", "colour"), CASES, ids=[case[1] for case in CASES])
def test_rule_gives_the_colour(
    judged: duckdb.DuckDBPyConnection, rule: str, store: str, colour: str
) -> None:
    scope = f"region {store}" if rule in REGION_RULES else store
    assert colour_of(judged, rule, scope) == colour


def test_every_active_rule_has_a_case_and_a_near_miss() -> None:
    path = Settings().project_dir / "seeds" / "alerts" / "alert_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        active = {row["rule_id"] for row in csv.DictReader(file) if row["status"] == "active"}
    fired = {rule for rule, _, colour in CASES if colour != "green"}
    silent = {rule for rule, _, colour in CASES if colour == "green"}
    assert active == fired == silent


def test_a_steady_store_has_no_alert(judged: duckdb.DuckDBPyConnection) -> None:
    steady = [store.key for store in STORES if not store.plants and not store.customers]
    assert steady
    rows = judged.execute(
        "select alert_id from marts.fct_alerts where store_key in "
        "(select unnest(?)) and rule_id not like 'A7_acc%'",
        [steady],
    ).fetchall()
    assert rows == []


def test_82_against_88_is_green_by_target_and_seen_by_the_streak(
    judged: duckdb.DuckDBPyConnection,
) -> None:
    assert colour_of(judged, "A1_csi", "A5_csi 88 85 82") == "green"
    assert colour_of(judged, "A5_csi", "A5_csi 88 85 82") == "yellow"


def test_the_texts_say_what_the_requirement_says(judged: duckdb.DuckDBPyConnection) -> None:
    found = judged.execute(
        "select evidence_zh, evidence_en from marts.fct_alerts "
        "where is_open and rule_id = 'A9_visits' and store_key = 'A9_visits exactly 15'"
    ).fetchone()
    assert found == (
        "近3天日均进厂850.0台，目标1000.0台，低15.0%",
        "Mean of the last 3 days 850.0 visits, target 1000.0, 15.0 % below",
    )
    unfilled = judged.execute(
        "select count(*) from marts.fct_alerts where evidence_zh like '%{%' "
        "or evidence_en like '%{%' or length(evidence_zh) = 0"
    ).fetchone()
    assert unfilled == (0,)
