"""Before it blames a store, an alert looks at the records under it."""

import duckdb
import pytest

from alerts.company import AS_OF


def alert(
    judged: duckdb.DuckDBPyConnection, store: str, rule: str = "A9_visits"
) -> dict[str, object]:
    result = judged.execute(
        "select * from marts.fct_alerts where store_key = ? and rule_id = ? and last_seen_on = ?",
        [store, rule, AS_OF],
    )
    names = [column[0] for column in result.description]
    rows = result.fetchall()
    assert len(rows) == 1, (store, rows)
    return dict(zip(names, rows[0], strict=True))


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("data missing day", "data"),
        ("data two missing of three", "data"),
        # Yellow on a sound day, red only together with the missing one.
        ("data missing in a fall", "uncertain"),
        ("data missing before a fall", "uncertain"),
        ("data none", "business"),
        ("data late", "uncertain"),
        ("data quarantined", "data"),
        ("data incomplete", "data"),
    ],
)
def test_classification(judged: duckdb.DuckDBPyConnection, store: str, expected: str) -> None:
    assert alert(judged, store)["classification"] == expected


def test_a_missing_day_is_no_red_business_alert(judged: duckdb.DuckDBPyConnection) -> None:
    rows = judged.execute(
        "select rule_id, classification from marts.fct_alerts "
        "where store_key in ('data missing day', 'data two missing of three')"
    ).fetchall()
    assert rows
    assert {classification for _, classification in rows} == {"data"}
    assert "A4_visits" not in {rule for rule, _ in rows}


def test_the_evidence_stands_beside_it(judged: duckdb.DuckDBPyConnection) -> None:
    found = alert(judged, "data missing day")
    assert found["missing_day_count"] == 1
    assert found["sound_value"] == 1000
    assert found["sound_deviation"] == 0
    assert "缺1个店日" in str(found["data_evidence_zh"])
    assert "1 store days missing" in str(found["data_evidence_en"])
    assert str(found["group_key"]).endswith(":data")


def test_days_in_a_row_go_on_over_a_missing_day(judged: duckdb.DuckDBPyConnection) -> None:
    # 28, 29 and 31 October are low and sound, the 30th never arrived: a streak of three.
    assert alert(judged, "missing last of four", "A4_visits")["classification"] == "business"
    assert alert(judged, "missing last of four", "A4_visits")["colour"] == "red"
