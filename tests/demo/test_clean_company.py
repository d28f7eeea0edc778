"""Without defects the records are right: times in order, numbers known, sums to the cent."""

from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from demo.support import rows, value

NOBODY: list[tuple[object, ...]] = []
REFERENCES = [
    ("now_dms_repair_orders", "vehicle_id", "dms_vehicles", "vehicle_id"),
    ("now_dms_repair_orders", "customer_id", "dms_customers", "customer_id"),
    ("now_dms_repair_orders", "advisor_id", "dms_advisors", "advisor_id"),
    ("now_dms_repair_orders", "store_id", "dms_stores", "store_id"),
    ("now_dms_appointments", "vehicle_id", "dms_vehicles", "vehicle_id"),
    ("now_dms_appointments", "repair_order_no", "now_dms_repair_orders", "repair_order_no"),
    ("dms_vehicles", "customer_id", "dms_customers", "customer_id"),
    ("dms_labour_lines", "technician_id", "dms_technicians", "technician_id"),
    ("dms_labour_lines", "service_item_code", "dms_service_items", "service_item_code"),
    ("dms_part_lines", "part_no", "parts_master", "part_no"),
    ("dms_part_lines", "service_item_code", "dms_service_items", "service_item_code"),
    ("dms_bay_occupancy", "bay_id", "dms_bays", "bay_id"),
    ("dms_clock_events", "technician_id", "dms_technicians", "technician_id"),
    ("parts_stock", "part_no", "parts_master", "part_no"),
    ("parts_movements", "part_no", "parts_master", "part_no"),
    ("crm_vehicles", "crm_customer_id", "crm_customers", "crm_customer_id"),
    ("crm_vehicles", "vin", "dms_vehicles", "vin"),
]
ORDER_KEY = "store_id || ':' || repair_order_no"


def test_the_answer_key_is_empty(clean_home: Path) -> None:
    key = pyarrow.parquet.read_table(clean_home / "answer_key" / "defects.parquet")
    assert key.num_rows == 0


@pytest.mark.parametrize(("table", "column", "known_table", "known_column"), REFERENCES)
def test_numbers_are_known(
    clean: duckdb.DuckDBPyConnection, table: str, column: str, known_table: str, known_column: str
) -> None:
    unknown = rows(
        clean,
        f"select {column} from {table} where {column} is not null "
        f"and {column} not in (select {known_column} from {known_table}) limit 5",
    )
    assert unknown == NOBODY


@pytest.mark.parametrize(
    "table",
    [
        "dms_ro_status_events",
        "dms_labour_lines",
        "dms_part_lines",
        "dms_bay_occupancy",
        "now_crm_surveys",
        "now_crm_complaints",
    ],
)
def test_orders_are_known(clean: duckdb.DuckDBPyConnection, table: str) -> None:
    assert (
        rows(
            clean,
            f"select {ORDER_KEY} from {table} where repair_order_no is not null "
            f"and {ORDER_KEY} not in (select {ORDER_KEY} from dms_repair_orders) limit 5",
        )
        == NOBODY
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("dms_repair_orders", "store_id, repair_order_no"),
        ("dms_ro_status_events", "store_id, event_id"),
        ("dms_labour_lines", "store_id, labour_line_id"),
        ("dms_part_lines", "store_id, part_line_id"),
        ("dms_bay_occupancy", "store_id, occupancy_id"),
        ("dms_clock_events", "store_id, clock_event_id"),
        ("dms_appointments", "store_id, appointment_id"),
        ("dms_customers", "customer_id"),
        ("dms_vehicles", "vehicle_id"),
        ("crm_customers", "crm_customer_id"),
        ("crm_surveys", "survey_id"),
        ("crm_complaints", "complaint_id"),
        ("finance_targets", "store_id, target_month, metric_code"),
        ("finance_cost_lines", "cost_line_id"),
        ("parts_stock", "store_id, part_no, stock_on"),
        ("parts_movements", "store_id, movement_id"),
    ],
)
def test_a_key_appears_once_in_an_extract(
    clean: duckdb.DuckDBPyConnection, table: str, key: str
) -> None:
    assert (
        rows(
            clean,
            f"select {key} from {table} group by extract, {key} having count(*) > 1 limit 5",
        )
        == NOBODY
    )


def test_headers_are_the_sum_of_their_lines(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            clean,
            f"""
            with lines as (
                select {ORDER_KEY} as order_key, labour_amount, 0 as part_amount, discount_amount
                from dms_labour_lines
                union all
                select {ORDER_KEY}, 0, part_amount, discount_amount
                from dms_part_lines
            ),

            sums as (
                select
                    order_key,
                    sum(labour_amount) as labour_amount,
                    sum(part_amount) as part_amount,
                    sum(discount_amount) as discount_amount
                from lines
                group by order_key
            )

            select {ORDER_KEY}
            from now_dms_repair_orders as orders
            left join sums on {ORDER_KEY} = sums.order_key
            where orders.labour_amount <> coalesce(sums.labour_amount, 0)
            or orders.part_amount <> coalesce(sums.part_amount, 0)
            or orders.discount_amount <> coalesce(sums.discount_amount, 0)
            or orders.total_amount
            <> orders.labour_amount + orders.part_amount - orders.discount_amount
            """,
        )
        == NOBODY
    )


def test_a_part_line_is_quantity_times_price(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            clean,
            "select part_line_id from dms_part_lines "
            "where part_amount <> quantity * unit_price_amount or cost_amount < 0",
        )
        == NOBODY
    )


def test_times_are_in_order(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            clean,
            """
            select repair_order_no
            from now_dms_repair_orders
            where arrived_at > opened_at or opened_at > promised_at or closed_at <= opened_at
            or created_at < opened_at
            """,
        )
        == NOBODY
    )
    assert (
        rows(
            clean,
            """
            with steps as (
                select
                    event_at,
                    lag(event_at) over (
                        partition by store_id, repair_order_no
                        order by list_position([
                            'arrived', 'opened', 'bay_entered', 'approval_wait_started',
                            'approval_wait_ended', 'parts_wait_started', 'parts_wait_ended',
                            'work_finished', 'qc_failed', 'qc_passed', 'delivered'
                        ], status)
                    ) as before_at
                from dms_ro_status_events
            )

            select event_at from steps where event_at < before_at
            """,
        )
        == NOBODY
    )


def test_a_bay_holds_one_vehicle_at_a_time(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            clean,
            """
            with intervals as (
                select
                    bay_id,
                    started_at,
                    lag(finished_at) over (
                        partition by bay_id order by started_at, finished_at
                    ) as free_at
                from dms_bay_occupancy
            )

            select bay_id from intervals where started_at < free_at
            """,
        )
        == NOBODY
    )


def test_a_technician_works_on_one_job_at_a_time_while_present(
    clean: duckdb.DuckDBPyConnection,
) -> None:
    assert (
        rows(
            clean,
            """
            with jobs as (
                select
                    technician_id,
                    clocked_on_at,
                    lag(clocked_off_at) over (
                        partition by technician_id order by clocked_on_at, clocked_off_at
                    ) as free_at
                from dms_clock_events
                where clock_kind = 'job'
            )

            select technician_id from jobs where clocked_on_at < free_at
            """,
        )
        == NOBODY
    )
    assert (
        rows(
            clean,
            """
            select job.clock_event_id
            from dms_clock_events as job
            where job.clock_kind = 'job' and not exists (
                select 1
                from dms_clock_events as shift
                where shift.clock_kind = 'shift' and shift.technician_id = job.technician_id
                and job.clocked_on_at >= shift.clocked_on_at
                and job.clocked_off_at <= shift.clocked_off_at
            )
            """,
        )
        == NOBODY
    )


def test_stock_is_the_sum_of_the_movements(clean: duckdb.DuckDBPyConnection) -> None:
    assert value(clean, "select min(quantity_on_hand) from parts_stock") >= 0
    assert (
        rows(
            clean,
            """
            with moved as (
                select
                    store_id,
                    part_no,
                    (moved_at + interval 8 hour)::date as stock_on,
                    sum(quantity) as quantity
                from parts_movements
                group by all
            ),

            balances as (
                select
                    stock.store_id,
                    stock.part_no,
                    stock.stock_on,
                    stock.quantity_on_hand,
                    sum(coalesce(moved.quantity, 0)) over (
                        partition by stock.store_id, stock.part_no order by stock.stock_on
                    ) as balance
                from parts_stock as stock
                left join moved using (store_id, part_no, stock_on)
            )

            select store_id, part_no, stock_on from balances where balance <> quantity_on_hand
            """,
        )
        == NOBODY
    )


def test_an_odometer_never_runs_back(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            clean,
            """
            with readings as (
                select
                    odometer_km,
                    lag(odometer_km) over (partition by vehicle_id order by opened_at) as before_km
                from now_dms_repair_orders
            )

            select odometer_km from readings where odometer_km < before_km
            """,
        )
        == NOBODY
    )


def test_every_store_has_every_target_of_every_month(clean: duckdb.DuckDBPyConnection) -> None:
    assert (
        value(
            clean,
            "select count(*) from finance_targets "
            "where target_month between '2024-11' and '2025-01'",
        )
        == 2 * 3 * 19
    )


def test_an_open_order_comes_again_when_it_closes(clean: duckdb.DuckDBPyConnection) -> None:
    versions = rows(
        clean,
        f"""
        select list(status order by extract)
        from dms_repair_orders
        group by {ORDER_KEY}
        having count(*) > 1
        """,
    )
    assert versions
    assert all(statuses == ["open", "closed"] for (statuses,) in versions)
