"""Patterns that a target invites: planted in one store of a clean company, near misses in another.

`python -m benchmarks.normal` judges the same clean companies by them and writes docs/gaming.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aftersales.alerts.shadow import CompiledModel, shadow_of

MODELS = ("fct_gaming_signals", "fct_gaming_evidence")
DETECTORS = (
    "split_orders",
    "reopened_as_new",
    "day31_returns",
    "survey_picking",
    "phones_missing",
    "shared_phones",
    "round_waits",
    "month_end_orders",
)
GAMING_STORE, NEAR_MISS_STORE = "S002", "S001"
MONTH = "2025-09-01"
_BOTH = f"orders.store_key in ('{GAMING_STORE}', '{NEAR_MISS_STORE}')"
_IN_MONTH = f"orders.business_on between date '{MONTH}' and last_day(date '{MONTH}')"
# Orders copied with other values: kind, what is copied, how many a store, the values of the store
# that plays the game, and those of its near miss.
_COPIES = (
    (
        "split",
        f"{_IN_MONTH} and orders.revenue_amount > 0",
        20,
        "repair_order_no || 'a' as repair_order_no",
        # The insurer pays the second order: that is another invoice.
        "repair_order_no || 'a' as repair_order_no, 'other' as pay_type",
    ),
    (
        "hidden",
        f"{_IN_MONTH} and day(orders.business_on) <= 15 and orders.order_type = 'repair' "
        "and orders.is_closed",
        12,
        "'H' || repair_order_no as repair_order_no, 'maintenance' as order_type, "
        "'repair' as main_service_line, opened_at + interval 10 day as opened_at, "
        "cast(closed_on + 10 as date) as business_on",
        "'H' || repair_order_no as repair_order_no, 'maintenance' as order_type, "
        "'maintenance' as main_service_line, opened_at + interval 10 day as opened_at, "
        "cast(closed_on + 10 as date) as business_on",
    ),
    (
        "day31",
        "orders.closed_on between date '2025-08-02' and date '2025-08-24' "
        "and orders.order_type = 'repair' and orders.fault_system is not null and orders.is_closed",
        36,
        "'D' || repair_order_no as repair_order_no, "
        "cast(closed_on + 31 + picked % 6 as date) as business_on, "
        "cast(closed_on + 31 + picked % 6 as timestamp) as opened_at",
        "'D' || repair_order_no as repair_order_no, "
        "cast(closed_on + 25 + picked % 12 as date) as business_on, "
        "cast(closed_on + 25 + picked % 12 as timestamp) as opened_at",
    ),
)


def _copies() -> str:
    parts = []
    for kind, where, count, gaming, near_miss in _COPIES:
        for store, values in ((GAMING_STORE, gaming), (NEAR_MISS_STORE, near_miss)):
            parts.append(
                f"""
                select * exclude (picked) replace (
                    '{kind}:' || repair_order_key as repair_order_key, {values}
                ) from (
                    select orders.*, cast(row_number() over (
                        order by hash(orders.repair_order_key)
                    ) as integer) as picked
                    from published.marts.fct_repair_orders as orders
                    where {where} and not orders.is_cancelled and orders.store_key = '{store}'
                ) as orders where picked <= {count}
                """
            )
    return " union all ".join(parts)


# The last days of the month at one store, days all over the month at the other.
_CANCELLED = f"""
    (orders.store_key = '{GAMING_STORE}' and {_IN_MONTH} and day(orders.business_on) >= 28
        and hash(orders.repair_order_key) % 3 = 0)
    or (orders.store_key = '{NEAR_MISS_STORE}' and {_IN_MONTH}
        and hash(orders.repair_order_key) % 20 = 0)
"""
_ORDERS = f"""
    select orders.* replace (orders.is_cancelled or ({_CANCELLED}) as is_cancelled)
    from published.marts.fct_repair_orders as orders
    union all
    {_copies()}
"""
_ROUNDED = "cast(round(stages.customer_wait_minutes / 30) * 30 as decimal(12, 2))"
_STAGES = f"""
    select stages.* replace (
        case
            when stages.customer_wait_minutes is not null
                and hash(stages.repair_order_key) % 100 < case orders.store_key
                    when '{GAMING_STORE}' then 30 when '{NEAR_MISS_STORE}' then 1 else 0
                end
                then {_ROUNDED}
            else stages.customer_wait_minutes
        end as customer_wait_minutes
    )
    from published.marts.fct_order_stages as stages
    left join published.marts.fct_repair_orders as orders
        on stages.repair_order_key = orders.repair_order_key and {_BOTH} and {_IN_MONTH}
"""
_LONG = f"""
    create table long_waits as
    select orders.repair_order_key, orders.source_customer_key, orders.store_key,
        stages.customer_wait_minutes
        > median(stages.customer_wait_minutes) over (partition by orders.store_key) as is_long
    from published.marts.fct_repair_orders as orders
    inner join published.marts.fct_order_stages as stages using (repair_order_key)
    where {_BOTH} and {_IN_MONTH} and stages.customer_wait_minutes is not null
"""
# Left out where the wait was long, or anywhere.
_SURVEYS = f"""
    select surveys.* from published.marts.fct_surveys as surveys
    left join memory.main.long_waits as waits using (repair_order_key)
    where not coalesce(
        (waits.is_long or waits.store_key = '{NEAR_MISS_STORE}')
        and hash(surveys.survey_key) % 10 < 6, false
    )
"""
# Numbers missing or shared: by six customers of one advisor, or by three of a family.
_PHONES = f"""
    with waited as (
        select source_customer_key, bool_or(is_long or store_key = '{NEAR_MISS_STORE}') as is_meant
        from memory.main.long_waits group by all
    ),

    served as (
        select source_customer_key, store_key, row_number() over (
            partition by store_key order by hash(source_customer_key)
        ) as number
        from (
            select distinct orders.source_customer_key, orders.store_key
            from published.marts.fct_repair_orders as orders
            where {_BOTH} and {_IN_MONTH} and advisor_key = store_key || '-A01'
        ) as customers
    )

    select records.* replace (
        case
            when waited.is_meant and hash(records.source_customer_key) % 10 < 3 then null
            when served.number <= 24
                then case when served.store_key = '{GAMING_STORE}'
                    then '1390000' || lpad(cast(served.number // 6 as varchar), 4, '0')
                    else '1380000' || lpad(cast(served.number // 3 as varchar), 4, '0')
                end
            else records.phone_digits
        end as phone_digits
    )
    from published.intermediate.int_customer_records as records
    left join waited using (source_customer_key)
    left join served using (source_customer_key)
"""
# The build looks at some months; here it is most of a year.
_THRESHOLDS = """
    select * replace (
        case when threshold_code = 'gaming_days' then 270 else value end as value
    ) from published.reference.thresholds
"""
_LOOKS = """
    select detector_code, scope_kind, store_key, count(*)
    from marts.fct_gaming_signals where asks_for_look group by all
"""
_JUDGED = "select count(*) from marts.fct_gaming_signals"
_EVIDENCE = "select detector_code, store_key, count(*) from marts.fct_gaming_evidence group by all"
Looks = dict[tuple[str, str, str], int]


@dataclass
class GamingLooks:
    """What asks for a look: by detector, kind of scope and store."""

    judged: int = 0
    clean: Looks = field(default_factory=dict)
    planted: Looks = field(default_factory=dict)
    evidence: dict[tuple[str, str], int] = field(default_factory=dict)


def judge_gaming(database: Path, models: Sequence[CompiledModel]) -> GamingLooks:
    """Judge a clean company as it is, and with the patterns planted."""
    looks = GamingLooks()
    months = {"reference.thresholds": _THRESHOLDS}
    with shadow_of(database, months, models) as shadow:
        looks.clean = _looks(shadow)
        row = shadow.execute(_JUDGED).fetchone()
        looks.judged = int(row[0]) if row else 0
    replaced = {
        **months,
        "marts.fct_repair_orders": _ORDERS,
        "marts.fct_order_stages": _STAGES,
        "marts.fct_surveys": _SURVEYS,
        "intermediate.int_customer_records": _PHONES,
    }
    with shadow_of(database, replaced, models, [_LONG]) as shadow:
        looks.planted = _looks(shadow)
        rows = shadow.execute(_EVIDENCE).fetchall()
        looks.evidence = {(detector, store): count for detector, store, count in rows}
    return looks


def _looks(shadow: duckdb.DuckDBPyConnection) -> Looks:
    rows = shadow.execute(_LOOKS).fetchall()
    return {(detector, scope, store): count for detector, scope, store, count in rows}
