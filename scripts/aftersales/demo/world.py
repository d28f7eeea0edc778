"""The company itself: set up once, then lived month by month."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from aftersales.demo import engine, horizon
from aftersales.demo.scales import Scale

PACKAGE_UPLIFT = 1.35
BASE_TICKET_YUAN = 2710.0
UNFLUSHED_TABLES = {
    "w_order": "greatest(created_s, closed_s, opened_s)",
    "w_labour": "created_s",
    "w_part": "greatest(created_s, coalesce(moved_s, 0))",
    "w_piece": "greatest(created_s, until_s)",
    "w_appointment": "greatest(booked_s, coalesce(cancelled_s, 0), coalesce(used_s, 0))",
    "w_survey": "greatest(sent_s, coalesce(responded_s, 0))",
    "w_complaint": "greatest(opened_s, coalesce(closed_s, 0))",
    "w_stock": "day_no * 86400 + 80000",
    "w_receipt": "day_no * 86400 + 27000",
}


class World:
    """A demo company that has lived up to some month."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        scale: Scale,
        seed: int,
        last: date,
        *,
        defects: bool,
    ) -> None:
        """Set the company up on the eve of its first day; `last` bounds its calendar."""
        self.connection = connection
        self.next_month = scale.starts_on
        engine.set_variables(
            connection,
            seed=seed,
            defects=int(defects),
            store_count=scale.store_count,
            start_day=horizon.day_number(scale.starts_on),
            base_end_day=horizon.day_number(scale.base_ends_on),
            orders_per_day=scale.orders_per_day,
            vehicles_per_store=scale.vehicles_per_store,
            mean_interval=scale.mean_interval_days,
            new_share=scale.new_share,
            leave_scale=scale.leave_scale,
            package_uplift=PACKAGE_UPLIFT,
            base_ticket=BASE_TICKET_YUAN,
        )
        self._load_calendar(scale.starts_on, last)
        engine.run(
            connection,
            "setup/macros.sql",
            "setup/identity.sql",
            "setup/stores.sql",
            "setup/technicians.sql",
            "setup/catalogue.sql",
            "setup/stories.sql",
            "setup/plan.sql",
            "setup/vehicles.sql",
            "setup/state.sql",
        )

    def _load_calendar(self, first: date, last: date) -> None:
        """Give the database the days from the first to well after the last one."""
        end = horizon.next_month(horizon.next_month(horizon.next_month(last))) - timedelta(days=1)
        days = horizon.calendar(first, end)
        self.connection.execute(
            """
            create or replace table calendar as
            with days as (
                select
                    unnest($1::date[]) as date_on,
                    unnest($2::boolean[]) as is_holiday,
                    unnest($3::boolean[]) as is_open,
                    unnest($4::boolean[]) as is_eve
            )

            select
                date_on,
                (date_on - date '2022-01-01')::integer as day_no,
                (year(date_on) * 12 + month(date_on) - 1)::integer as month_no,
                isodow(date_on)::integer as iso_weekday,
                is_holiday,
                is_open,
                is_eve,
                (sum(is_open::integer) over (order by date_on))::integer as open_index,
                min(case when is_open then (date_on - date '2022-01-01')::integer end) over (
                    order by date_on rows between current row and unbounded following
                )::integer as next_open_day
            from days
            order by date_on
            """,
            [
                [day.date_on for day in days],
                [day.is_holiday for day in days],
                [day.is_open for day in days],
                [day.is_eve for day in days],
            ],
        )

    def live_until(self, month: date) -> None:
        """Live every month up to and including the one that starts on `month`."""
        while self.next_month <= month:
            self._live_month(self.next_month)
            self.next_month = horizon.next_month(self.next_month)

    def _live_month(self, month: date) -> None:
        """Live one month: demand, orders, comebacks, queue, customers' voice, stock."""
        connection = self.connection
        until = horizon.next_month(month)
        counted = connection.execute("select count(*) from vehicle").fetchone()
        engine.set_variables(
            connection,
            month_from=horizon.day_number(month),
            month_until=horizon.day_number(until),
            month_no=month.year * 12 + month.month - 1,
            vehicle_count=counted[0] if counted else 0,
            is_second_batch=0,
        )
        engine.run(
            connection,
            "month/01_prepare.sql",
            "month/02_slots.sql",
            "month/03_orders.sql",
            "month/03_jobs.sql",
            "month/04_parts.sql",
        )
        levels = connection.execute("select count(*) from stock_level").fetchone()
        if levels == (0,):
            engine.run(connection, "month/04_stock_level.sql", "month/04_parts.sql")
        engine.run(connection, "month/05_comebacks.sql", "month/06_first_batch.sql")
        engine.set_variables(connection, is_second_batch=1)
        engine.run(
            connection,
            "month/06_second_batch.sql",
            "month/03_orders.sql",
            "month/03_jobs.sql",
            "month/04_parts.sql",
            "month/05_comebacks.sql",
            "month/06_both_batches.sql",
            "month/07_labour.sql",
            "month/08_queue.sql",
            "month/08_segments.sql",
            "month/09_settle.sql",
            "month/10_appointments.sql",
            "month/11_voice.sql",
            "month/12_leave.sql",
            "month/13_stock.sql",
            "month/14_identity.sql",
        )

    def forget_before(self, seconds: int) -> None:
        """Drop rows that no later extract can hold."""
        for table, known_last in UNFLUSHED_TABLES.items():
            self.connection.execute(f"delete from {table} where {known_last} < {seconds}")
