"""One alert is one row: it escalates, closes and opens again as a new one."""

from datetime import date

import duckdb


def episodes(judged: duckdb.DuckDBPyConnection, store: str) -> list[tuple[object, ...]]:
    return judged.execute(
        "select opened_on, red_on, last_seen_on, closed_on, colour, worst_colour, days_open, "
        "status from marts.fct_alerts where rule_id = 'A9_visits' and store_key = ? "
        "order by opened_on",
        [store],
    ).fetchall()


def test_yellow_that_turns_red_keeps_its_row(judged: duckdb.DuckDBPyConnection) -> None:
    # Three-day means: 22 Oct 88 (yellow), 23 Oct 82 (red) … 27 Oct 90 (yellow), then green.
    [found] = episodes(judged, "episode escalates")
    assert found == (
        date(2025, 10, 22), date(2025, 10, 23), date(2025, 10, 27), date(2025, 10, 29),
        "yellow", "red", 8, "closed",
    )  # fmt: skip


def test_an_alert_that_closed_opens_anew(judged: duckdb.DuckDBPyConnection) -> None:
    found = episodes(judged, "episode returns")
    assert [row[0] for row in found] == [date(2025, 10, 10), date(2025, 10, 20)]
    assert [row[7] for row in found] == ["closed", "closed"]


def test_ids_name_rule_scope_and_first_day(judged: duckdb.DuckDBPyConnection) -> None:
    rows = judged.execute(
        "select count(*), count(distinct alert_id), count(*) filter (where alert_id <> concat_ws("
        "':', rule_id, rule_version, scope_key, opened_on)) from marts.fct_alerts"
    ).fetchone()
    assert rows is not None
    assert rows[0] == rows[1] > 0
    assert rows[2] == 0


def test_a_store_is_one_story(judged: duckdb.DuckDBPyConnection) -> None:
    rows = judged.execute(
        "select count(*), count(distinct rule_id), min(group_rank), max(group_rank), "
        "min(rank_in_group), max(rank_in_group) from marts.fct_alerts "
        "where store_key = 'A4_visits three days' and is_open"
    ).fetchone()
    assert rows is not None
    assert rows[1] == rows[0] == rows[5] > 1
    assert rows[2] == rows[3]
    assert rows[4] == 1


def test_ranks_follow_severity_and_stake(judged: duckdb.DuckDBPyConnection) -> None:
    ranks = judged.execute(
        "select priority_rank, classification, colour from marts.fct_alerts "
        "where priority_rank is not null order by priority_rank"
    ).fetchall()
    assert [row[0] for row in ranks] == list(range(1, len(ranks) + 1))
    leads = judged.execute(
        "select case when classification = 'data' then 2 when colour = 'red' then 1 else 3 end, "
        "group_rank from marts.fct_alerts where rank_in_group = 1 order by group_rank"
    ).fetchall()
    assert [row[0] for row in leads] == sorted(row[0] for row in leads)


def test_yuan_at_stake(judged: duckdb.DuckDBPyConnection) -> None:
    # 25 visits short on each of three days; days before the first window do not count.
    row = judged.execute(
        "select yuan_at_stake from marts.fct_alerts "
        "where rule_id = 'A4_visits' and store_key = 'cause nothing'"
    ).fetchone()
    assert row is not None
    # The ticket of these days is what was earned by fewer visits.
    assert float(row[0]) == 750 * 300000 / 2250


def test_a_cause_is_supported_by_the_records(judged: duckdb.DuckDBPyConnection) -> None:
    def supported(store: str) -> dict[str, str]:
        return dict(
            judged.execute(
                "select cause_code, is_supported from marts.fct_alert_causes "
                "where rule_id = 'A9_visits' and store_key = ? and is_open",
                [store],
            ).fetchall()
        )

    assert supported("cause appointments")["appointment_fault"] == "yes"
    assert supported("cause nothing")["appointment_fault"] == "no"
    for store in ("cause appointments", "cause nothing"):
        assert supported(store)["competitor_promotion"] == "unknown"
        assert supported(store)["advisors_left"] == "no"
    first = judged.execute(
        "select top_cause_code, first_action_en from marts.fct_alerts where is_open "
        "and rule_id = 'A9_visits' and store_key = 'cause appointments'"
    ).fetchone()
    assert first == ("appointment_fault", "Check the appointment system at once")


def test_stories_add_up_to_their_dearest_alerts(judged: duckdb.DuckDBPyConnection) -> None:
    shown = judged.execute(
        "select sum(story_yuan_at_stake), count(story_yuan_at_stake) from marts.fct_alerts"
    ).fetchone()
    expected = judged.execute(
        "select sum(most), count(*) from (select max(yuan_at_stake) as most from marts.fct_alerts "
        "where is_open and status <> 'snoozed' group by group_key)"
    ).fetchone()
    assert shown == expected
