"""The small company tells the stories of the requirements."""

import duckdb
import pytest

from demo.support import pairs, rows, value

TICKETS = {
    "海淀店": 9850,
    "朝阳店": 9200,
    "西城店": 8600,
    "东城店": 7800,
    "丰台店": 7500,
    "石景山店": 7100,
    "通州店": 6800,
    "大兴店": 6200,
}
# settled or open orders whose amounts nobody broke
SOUND = "status in ('open', 'closed') and total_amount between 0 and 300000"
WAITED = """
    with stages as (
        select
            store_id,
            repair_order_no,
            min(event_at) filter (where status = 'arrived') as arrived_at,
            min(event_at) filter (where status = 'bay_entered') as bay_entered_at
        from dms_ro_status_events
        group by store_id, repair_order_no
    )
    select avg(date_diff('second', arrived_at, bay_entered_at) / 3600)
    from stages
    where store_id = '{store}' and bay_entered_at >= arrived_at
    and arrived_at >= timestamp '{since}' and arrived_at < timestamp '{until}'
"""


def test_tickets_rank_as_in_the_eight_store_table(small: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        small,
        f"""
        select
            any_value(store.store_name),
            sum(total_amount)
            / count(distinct vehicle_id || (opened_at + interval 8 hour)::date::varchar)
        from now_dms_repair_orders
        inner join (select distinct store_id, store_name from dms_stores) as store
            using (store_id)
        where {SOUND}
        group by store_id
        order by 2 desc
        """,
    )
    assert [name for name, _ in found] == list(TICKETS)
    for name, ticket in found:
        assert float(str(ticket)) == pytest.approx(TICKETS[str(name)], rel=0.05)


def test_package_penetration_stands_behind_the_ticket(small: duckdb.DuckDBPyConnection) -> None:
    shares = [
        float(str(row[0]))
        for row in rows(
            small,
            f"""
            select avg((package_code is not null)::integer)
            from now_dms_repair_orders
            where {SOUND} and order_type in ('maintenance', 'repair') and store_id <> 'S999'
            group by store_id
            order by store_id
            """,
        )
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(0.68, abs=0.04)
    assert shares[-1] < 0.28


def test_packages_are_sold_on_eligible_orders_only(small: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        small,
        """
        select distinct order_type
        from dms_repair_orders
        where package_code is not null and order_type <> 'tuning'
        order by order_type
        """,
    ) == [("maintenance",), ("repair",)]


def test_haidian_has_the_best_csi(small: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        small,
        """
        select store_id, avg(try_cast(csi_score as double)) as csi
        from now_crm_surveys
        where try_cast(csi_score as double) <= 100
        group by store_id
        order by csi desc
        """,
    )
    assert found[0][0] == "S001"
    assert float(str(found[0][1])) == pytest.approx(94, abs=1.2)


def test_tongzhou_loses_csi_three_weeks_running(small: duckdb.DuckDBPyConnection) -> None:
    weeks = rows(
        small,
        """
        select date_trunc('week', responded_at::timestamp + interval 8 hour) as week,
            avg(csi_score::double)
        from now_crm_surveys
        where store_id = 'S007' and responded_at >= '2025-10-12 16:00:00'
        and try_cast(csi_score as double) <= 100
        group by week
        order by week
        """,
    )
    assert [float(str(csi)) for _, csi in weeks] == pytest.approx([88, 85, 82], abs=1.6)


def test_tongzhou_misses_its_visits_three_days_running(small: duckdb.DuckDBPyConnection) -> None:
    daily_target = value(
        small,
        """
        select target_value::double / 31
        from finance_targets
        where store_id = 'S007' and target_month = '2025-10' and metric_code = 'visits'
        """,
    )
    last_days = rows(
        small,
        """
        select count(distinct vehicle_id)
        from now_dms_repair_orders
        where store_id = 'S007' and status <> 'cancelled'
        and opened_at >= timestamp '2025-10-28 16:00' and opened_at < timestamp '2025-10-31 16:00'
        group by (opened_at + interval 8 hour)::date
        """,
    )
    assert len(last_days) == 3
    assert all(int(str(visits)) <= 0.85 * daily_target for (visits,) in last_days)


def test_tongzhou_makes_its_customers_wait(small: duckdb.DuckDBPyConnection) -> None:
    story = value(
        small, WAITED.format(store="S007", since="2025-10-10 16:00", until="2025-10-31 16:00")
    )
    before = value(
        small, WAITED.format(store="S007", since="2025-02-28 16:00", until="2025-09-30 16:00")
    )
    assert story > 1.4 * before


def test_complaints_grow_in_tongzhou(small: duckdb.DuckDBPyConnection) -> None:
    count = (
        "select count(*) from now_crm_complaints where store_id = 'S007' "
        "and try_cast(opened_at as timestamp) between timestamp '{}' and timestamp '{}'"
    )
    story = value(small, count.format("2025-10-10 16:00", "2025-10-31 16:00")) / 21
    before = value(small, count.format("2025-02-28 16:00", "2025-10-10 16:00")) / 224
    assert story > 1.4 * before


def test_chaoyang_falls_five_points(small: duckdb.DuckDBPyConnection) -> None:
    csi = (
        "select avg(try_cast(csi_score as double)) from now_crm_surveys where store_id = 'S002' "
        "and try_cast(csi_score as double) <= 100 and responded_at between '{}' and '{}'"
    )
    october = value(small, csi.format("2025-09-30 16:00", "2025-10-31 16:00"))
    before = value(small, csi.format("2025-05-31 16:00", "2025-09-30 16:00"))
    assert october - before == pytest.approx(-5, abs=2)


def test_good_customers_of_chaoyang_stay_away(small: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        small,
        f"""
        with last_visits as (
            select
                vehicle_id,
                avg(total_amount) as spend,
                max(opened_at) as seen_at,
                arg_max(store_id, opened_at) as store_id,
                arg_max(repair_order_no, opened_at) as repair_order_no
            from now_dms_repair_orders
            where {SOUND}
            group by vehicle_id
        ),

        ranked as (
            select *, ntile(5) over (order by spend desc) as fifth
            from last_visits
        )

        select ranked.store_id, count(*) as lost
        from ranked
        inner join now_crm_surveys as survey
            on ranked.store_id = survey.store_id
            and ranked.repair_order_no = survey.repair_order_no
        where fifth = 1 and seen_at < timestamp '2025-04-30 16:00'
        and try_cast(satisfaction_score as integer) < 8
        group by ranked.store_id
        order by lost desc
        """,
    )
    assert found[0][0] == "S002"
    assert int(str(found[0][1])) >= 10


def test_novices_fix_less_at_the_first_visit_than_experts(
    small: duckdb.DuckDBPyConnection,
) -> None:
    found: dict[object, object] = dict(
        pairs(
            small,
            f"""
            with repairs as (
                select store_id, repair_order_no, vehicle_id, fault_system, opened_at, closed_at
                from now_dms_repair_orders
                where order_type = 'repair' and {SOUND}
            ),

            judged as (
                select
                    skill_level,
                    exists (
                        select 1
                        from repairs as later
                        where later.vehicle_id = repairs.vehicle_id
                        and later.fault_system = repairs.fault_system
                        and later.opened_at > repairs.closed_at
                        and later.opened_at < repairs.closed_at + interval 30 day
                    ) as has_comeback
                from repairs
                inner join dms_labour_lines as line using (store_id, repair_order_no)
                inner join (
                    select technician_id, max(skill_level) as skill_level
                    from dms_technicians
                    group by technician_id
                ) as technician using (technician_id)
                where closed_at is not null and closed_at < timestamp '2025-10-01'
            )

            select skill_level, 1 - avg(has_comeback::integer)
            from judged
            group by rollup (skill_level)
            """,
        )
    )
    assert float(str(found["novice"])) == pytest.approx(0.72, abs=0.05)
    assert float(str(found["expert"])) == pytest.approx(0.94, abs=0.03)
    assert 0.78 <= float(str(found[None])) <= 0.87


def test_service_lines_have_their_shares_and_margins(small: duckdb.DuckDBPyConnection) -> None:
    found = {
        str(line): (float(str(share)), float(str(margin)))
        for line, share, margin in rows(
            small,
            """
            with lines as (
                select service_item_code, labour_amount - discount_amount as net, cost_amount
                from dms_labour_lines
                where labour_amount between 0 and 200000
                union all
                select service_item_code, part_amount - discount_amount, cost_amount
                from dms_part_lines
                where part_amount between 0 and 200000
            )

            select
                service_line,
                sum(net) / sum(sum(net)) over (),
                (sum(net) - sum(cost_amount)) / sum(net)
            from lines
            inner join (select distinct service_item_code, service_line from dms_service_items)
                using (service_item_code)
            group by service_line
            """,
        )
    }
    stated = {
        "maintenance": (0.35, 0.45),
        "repair": (0.45, 0.38),
        "beauty_accessories": (0.12, 0.55),
        "parts_sale": (0.08, 0.25),
    }
    for line, (share, margin) in stated.items():
        assert found[line][0] == pytest.approx(share, abs=0.03)
        assert found[line][1] == pytest.approx(margin, abs=0.03)


def test_a_fifth_of_the_appointments_are_no_shows(small: duckdb.DuckDBPyConnection) -> None:
    share = value(
        small,
        """
        select avg((repair_order_no is null)::integer)
        from now_dms_appointments
        where cancelled_at is null and due_at < timestamp '2025-10-31 16:00'
        """,
    )
    assert 0.15 <= share <= 0.20


def test_a_third_of_the_customers_answer(small: duckdb.DuckDBPyConnection) -> None:
    share = value(
        small,
        "select avg((responded_at is not null)::integer) from now_crm_surveys "
        "where sent_at < '2025-10-20'",
    )
    assert 0.27 <= share <= 0.34
