"""The answer key names what is really wrong in the sources, and why things happened."""

from pathlib import Path

import duckdb
import pytest

from aftersales.demo.defects import DEFECTS, KINDS, defects_of
from aftersales.demo.extracts import TABLES
from aftersales.settings import Settings
from aftersales.sql import literal
from demo.support import pairs, rows, value

RANGES = Settings().project_dir / "seeds" / "identity" / "phone_ranges.csv"
NOBODY: list[tuple[object, ...]] = []
KEYS = {
    "dms.customers": "customer_id",
    "dms.vehicles": "vehicle_id",
    "dms.appointments": "store_id || ':' || appointment_id",
    "dms.repair_orders": "store_id || ':' || repair_order_no",
    "dms.ro_status_events": "store_id || ':' || event_id",
    "dms.labour_lines": "store_id || ':' || labour_line_id",
    "dms.part_lines": "store_id || ':' || part_line_id",
    "dms.bay_occupancy": "store_id || ':' || occupancy_id",
    "dms.clock_events": "store_id || ':' || clock_event_id",
    "crm.customers": "crm_customer_id",
    "crm.vehicles": "crm_customer_id || ':' || vin",
    "crm.surveys": "survey_id",
    "crm.complaints": "complaint_id",
    "finance.customers": "account_no",
    "finance.targets": "store_id || ':' || target_month || ':' || metric_code",
    "finance.cost_lines": "cost_line_id",
    "finance.revenue_lines": "store_id || ':' || repair_order_no",
    "parts.stock": "store_id || ':' || part_no || ':' || stock_on",
    "parts.movements": "store_id || ':' || movement_id",
}
# Kinds whose rows are missing from the files, or cannot be read from them.
NOT_THERE = {
    "store_day_missing",
    "stock_day_missing",
    "target_missing",
    "cost_lines_missing",
    "ledger_missing",
    "unreadable_row",
}


def test_at_least_25_kinds_are_planted_and_all_of_them(small: duckdb.DuckDBPyConnection) -> None:
    planted = [kind for (kind,) in rows(small, "select distinct defect_kind from defects")]
    assert sorted(map(str, planted)) == sorted(KINDS)
    assert len(KINDS) >= 25


@pytest.mark.parametrize("place", KEYS)
def test_planted_rows_are_in_the_sources(small: duckdb.DuckDBPyConnection, place: str) -> None:
    system, table = place.split(".")
    absent = ", ".join(f"'{kind}'" for kind in NOT_THERE)
    assert (
        rows(
            small,
            f"""
            select defect_kind, natural_key, extract
            from defects
            where system = '{system}' and table_name = '{table}' and defect_kind not in ({absent})
            and natural_key || extract not in (
                select {KEYS[place]} || extract
                from {system}_{table}
                where {KEYS[place]} is not null
            )
            limit 5
            """,
        )
        == NOBODY
    )


@pytest.mark.parametrize("place", ["finance.targets", "finance.cost_lines"])
def test_left_out_rows_are_not_in_the_sources(small: duckdb.DuckDBPyConnection, place: str) -> None:
    system, table = place.split(".")
    assert (
        rows(
            small,
            f"""
            select natural_key
            from defects
            where system = '{system}' and table_name = '{table}'
            and defect_kind in ('target_missing', 'cost_lines_missing')
            and natural_key in (select {KEYS[place]} from {system}_{table})
            """,
        )
        == NOBODY
    )


def test_a_missing_day_has_no_orders(small: duckdb.DuckDBPyConnection) -> None:
    assert value(small, "select count(*) from defects where defect_kind = 'store_day_missing'") > 0
    assert (
        rows(
            small,
            """
            select natural_key
            from defects
            where defect_kind = 'store_day_missing' and natural_key in (
                select store_id || ':' || (opened_at + interval 8 hour)::date
                from dms_repair_orders
            )
            """,
        )
        == NOBODY
    )


def test_unreadable_lines_are_in_the_files(
    small: duckdb.DuckDBPyConnection, small_home: Path
) -> None:
    for system, table, extract, key, detail in rows(
        small,
        "select system, table_name, extract, natural_key, detail from defects "
        "where defect_kind = 'unreadable_row' and system = 'crm' and table_name = 'customers'",
    ):
        path = small_home / "sources" / str(system) / str(table) / f"{extract}.csv"
        content = path.read_bytes().splitlines()
        fields = content[0].count(b",")
        (line,) = (line for line in content if line.startswith(str(key).encode()))
        if detail == "bytes that are no text":
            with pytest.raises(UnicodeDecodeError):
                line.decode("utf-8")
        else:
            assert line.count(b",") != fields


def test_a_row_carries_one_defect(small: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            small,
            """
            select natural_key, extract
            from defects
            group by system, table_name, extract, natural_key
            having count(*) > 1
            """,
        )
        == NOBODY
    )


def test_28_of_100_phones_reach_nobody(small: duckdb.DuckDBPyConnection) -> None:
    for system in ("dms", "crm"):
        share = value(
            small,
            f"""
            select avg((not regexp_full_match(
                regexp_replace(coalesce(phone, ''), '[ +-]', '', 'g'), '(86)?1[3-9][0-9]{{9}}'
            ) or phone like '%00000000')::integer)
            from {system}_customers
            """,
        )
        assert share == pytest.approx(0.28, abs=0.025)


def test_phones_are_of_ranges_that_are_given_out(small: duckdb.DuckDBPyConnection) -> None:
    assert (
        value(
            small,
            f"""
        select count(*)
        from (select regexp_extract(phone, '^[+ 86]*(1[3-9][0-9]{{9}})$', 1) as digits
            from crm_customers union all select phone from finance_customers)
        where regexp_full_match(digits, '1[3-9][0-9]{{9}}') and not exists (
            from read_csv({literal(RANGES)}, all_varchar = true)
            where phone_kind = 'mobile' and starts_with(digits, phone_prefix)
        )
        """,
        )
        == 0
    )


def test_records_of_one_person_share_a_phone(
    small: duckdb.DuckDBPyConnection, small_home: Path
) -> None:
    keyed_again = rows(
        small,
        f"""
        with reached as (
            select
                person_id,
                right(regexp_replace(phone, '[ +-]', '', 'g'), 11) as digits
            from read_parquet('{small_home}/answer_key/persons.parquet')
            inner join dms_customers on source_customer_id = customer_id
            where system = 'dms'
        )

        select person_id, count(*), count(distinct digits)
        from reached
        group by person_id
        having count(*) > 1
        """,
    )
    assert len(keyed_again) > 100
    assert all(phones == 1 for _, _, phones in keyed_again)


def test_causes_name_orders_that_came_back(
    small: duckdb.DuckDBPyConnection, small_home: Path
) -> None:
    causes: dict[object, object] = dict(
        pairs(
            small,
            f"""
            select cause, count(*)
            from read_parquet('{small_home}/answer_key/comeback_causes.parquet') as told
            inner join now_dms_repair_orders as index_order
                using (store_id, repair_order_no)
            inner join now_dms_repair_orders as comeback
                on told.store_id = comeback.store_id
                and told.comeback_repair_order_no = comeback.repair_order_no
            group by cause
            """,
        )
    )
    assert causes.keys() == {
        "novice_technician",
        "technician_experience",
        "part_out_of_stock",
        "overload",
        "chance",
    }


def test_customers_who_left_never_came_again(
    small: duckdb.DuckDBPyConnection, small_home: Path
) -> None:
    assert (
        rows(
            small,
            f"""
            select told.vehicle_id
            from read_parquet('{small_home}/answer_key/churn_causes.parquet') as told
            inner join now_dms_repair_orders as later on told.vehicle_id = later.vehicle_id
            where (later.opened_at + interval 8 hour)::date > told.left_on
            and later.opened_at < timestamp '2025-10-31 16:00'
            and later.store_id || ':' || later.repair_order_no not in (
                select natural_key from defects where defect_kind = 'future_dated'
            )
            """,
        )
        == NOBODY
    )


@pytest.mark.parametrize("place", TABLES)
def test_the_shares_of_a_table_fit_one_draw(place: tuple[str, str]) -> None:
    assert sum(defect.per_million for defect in defects_of(*place)) < 1_000_000


def test_every_defect_belongs_to_a_table() -> None:
    assert {(defect.system, defect.table) for defect in DEFECTS} <= set(TABLES)
