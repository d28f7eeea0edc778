"""Targets, forecasts, the board and ticket gaps equal what is computed from the records by hand."""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import duckdb
import pytest

from aftersales.serving.client import Value, query
from aftersales.serving.server import ServerHandle

from ..support import TOKENS
from .compare import as_number, as_text
from .measures import MEASURES
from .pace_by_hand import (
    Day,
    Forecast,
    Network,
    Order,
    gap,
    length,
    range_ratio,
    staff_days,
    summed,
)
from .sums import totals

Known = dict[str, dict[str, float | None]]
# Numerator (times its factor) and denominator of each metric that has a target.
TARGETED = {
    "revenue": ("[orders.revenue]", None),
    "visits": ("[orders.visits]", None),
    "csi": ("[surveys.csi_sum]", "[surveys.csi_count]"),
    "nps": ("100 * ([surveys.promoters] - [surveys.detractors])", "[surveys.scored]"),
    "first_time_fix_rate": (
        "[first_repairs.mature] - [first_repairs.mature_back]", "[first_repairs.mature]",
    ),
    "bay_utilisation": ("[bay_days.productive]", "[bay_days.available]"),
    "average_ticket": ("[orders.revenue]", "[orders.visits]"),
    "gross_margin": ("[orders.costed] - [orders.cost]", "[orders.costed]"),
}  # fmt: skip
LINES = {
    "maintenance": "service", "repair": "service", "beauty_accessories": "accessories",
    "insurance": "insurance", "parts_sale": "parts", None: "unassigned",
}  # fmt: skip
CUTOFFS = (5, 10, 12, 15, 20, 25)
MONTH = "strftime(day_on, '%Y-%m')"


def ask(served: ServerHandle, view: str, measures: Sequence[str], keys: Sequence[str]) -> Known:
    """Measures of a view by several dimensions and by month, under one joined key."""
    rows = query(
        served.url,
        TOKENS["engineer"],
        {
            "measures": [f"{view}.{name}" for name in measures],
            "dimensions": [f"{view}.{name}" for name in keys],
            "timeDimensions": [{"dimension": f"{view}.business_on", "granularity": "month"}],
            "limit": 50000,
        },
    ).rows
    found: Known = {}
    for row in rows:
        month = as_text(row[f"{view}.business_on.month"])[:7]
        key = "/".join([*(as_text(row[f"{view}.{name}"]) for name in keys), month])
        found[key] = {name: number(row[f"{view}.{name}"]) for name in measures}
    return found


def number(value: Value) -> float | None:
    return as_number(value)


def unlike(shown: Known, known: Known, tolerance: float = 1e-9) -> list[str]:
    """What differs, in words."""
    if not known:
        return ["nothing was computed by hand"]
    problems = [f"only one side has {key}" for key in sorted(shown.keys() ^ known.keys())]
    for key in sorted(shown.keys() & known.keys()):
        for name, expected in known[key].items():
            found = shown[key][name]
            if found is None or expected is None:
                same = found is expected
            else:
                same = math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)
            if not same:
                problems.append(f"{name} of {key}: API {found}, by hand {expected}")
    return problems


def scopes_of(records: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """`kind/key` of each scope, and its stores."""
    stores = records.execute("select store_id, region_name from newest_stores").fetchall()
    found = {f"store/{store}": [store] for store, _ in stores}
    for store, region in stores:
        found.setdefault(f"region/{region}", []).append(store)
        found.setdefault("network/network", []).append(store)
    return found


def metric_parts(records: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], list[float]]:
    """Numerator and denominator by metric, store and month."""
    formulas = {
        f"{metric}.{part}": formula
        for metric, parts in TARGETED.items()
        for part, formula in zip(("top", "bottom"), parts, strict=True)
        if formula is not None
    }
    found: dict[tuple[str, str, str], list[float]] = {}
    for group, values in totals(records, formulas, f"store_key || '/' || {MONTH}").items():
        store, month = group.split("/")
        for metric, (_, bottom) in TARGETED.items():
            parts = [values[f"{metric}.top"] or 0.0]
            if bottom is not None:
                parts.append(values[f"{metric}.bottom"] or 0.0)
            found[metric, store, month] = parts
    return found


def test_targets_and_attainment(served: ServerHandle, records: duckdb.DuckDBPyConnection) -> None:
    parts = metric_parts(records)
    targets = {
        ("first_time_fix_rate" if metric == "ftfr" else metric, store, month): float(value)
        for metric, store, month, value in records.execute(
            """
            select metric_code, store_id, target_month,
                if(target_unit = 'wan_yuan', target_value * 10000, target_value)
            from newest_targets cross join known
            where target_month <= strftime(known.as_of_on, '%Y-%m')
            """
        ).fetchall()
    }
    known: Known = {}
    for metric, (_, bottom) in TARGETED.items():
        for scope, stores in scopes_of(records).items():
            for month in sorted({month for _, _, month in targets}):
                with_target = [store for store in stores if (metric, store, month) in targets]
                assert with_target, "the company plants no missing target"
                tops = sum(parts[metric, store, month][0] for store in with_target)
                weights = [
                    parts[metric, store, month][1] if bottom else 1.0 for store in with_target
                ]
                asked_for = sum(
                    targets[metric, store, month] * weight
                    for store, weight in zip(with_target, weights, strict=True)
                )
                weight = sum(weights) if bottom else 1.0
                days = length(date.fromisoformat(f"{month}-01"))
                known[f"{metric}/{scope}/{month}"] = {
                    "reached": tops / weight if weight else None,
                    "target": asked_for / weight if weight else None,
                    "attainment": tops / asked_for if asked_for else None,
                    "target_to_date": asked_for / weight if weight else None,
                    "attainment_to_date": tops / asked_for if asked_for else None,
                    "calendar_progress": 1.0,
                    "workday_progress": 1.0,
                    "profile_progress": None if bottom else 1.0,
                    "daily_mean": None if bottom else tops / days,
                }
    names = list(next(iter(known.values())))
    shown = ask(served, "target_attainment", names, ["metric_code", "scope_kind", "scope_key"])
    assert unlike(shown, known) == []


def test_a_question_that_mixes_metrics_or_scopes_gets_nothing(served: ServerHandle) -> None:
    names = ["reached", "target", "attainment", "target_to_date", "attainment_to_date"]
    by_metric = ask(served, "target_attainment", names, ["metric_code"])
    by_scope = ask(served, "target_attainment", names, ["scope_kind"])
    for rows in (by_metric, by_scope):
        assert rows
        assert all(value is None for row in rows.values() for value in row.values())


def networks_of(records: duckdb.DuckDBPyConnection) -> dict[str, Network]:
    """The days of the stores as each forecast metric sees them."""
    rows = records.execute(
        """
        select
            stores.store_id, calendar.day_on,
            case
                when calendar.is_holiday and calendar.holiday_name = '春节' then 'spring_festival'
                when calendar.is_holiday then 'holiday'
                when calendar.is_workday and calendar.is_weekend then 'adjusted_workday'
                else 'weekday_' || calendar.iso_weekday
            end,
            exists (
                select 1 from open_days
                where open_days.store_key = stores.store_id
                    and open_days.business_on = calendar.day_on
            ),
            coalesce(sum(listed_labour + listed_parts - cut), 0),
            count(distinct vehicle_id) filter (where order_status <> 'cancelled'),
            count(*) filter (where order_status <> 'cancelled')
        from newest_stores as stores
        cross join known
        inner join calendar on calendar.day_on <= known.as_of_on
            and calendar.day_on >= (select min(business_on) from orders)
        left join orders
            on orders.store_key = stores.store_id and orders.business_on = calendar.day_on
        group by all
        """
    ).fetchall()
    return {
        metric: Network(
            Day(str(row[0]), row[1], str(row[2]), bool(row[3]), float(row[4 + number]))
            for row in rows
        )
        for number, metric in enumerate(("revenue", "visits", "orders"))
    }


def test_forecasts_of_past_months(served: ServerHandle, records: duckdb.DuckDBPyConnection) -> None:
    known: Known = {}
    [(as_of,)] = records.execute("select as_of_on from known").fetchall()
    scopes = scopes_of(records)
    for metric, network in networks_of(records).items():
        months = sorted({month for _, month in network.days if month < as_of.replace(day=1)})
        made: dict[tuple[str, int, date], Forecast] = {
            (scope, cutoff, month): summed(
                network.forecast(store, month, cutoff) for store in stores
            )
            for scope, stores in scopes.items()
            for cutoff in CUTOFFS
            for month in months
        }
        for (scope, cutoff, month), one in made.items():
            errors: dict[str, list[float]] = defaultdict(list)
            for (other, day, earlier), past in made.items():
                same_kind = other.split("/")[0] == scope.split("/")[0]
                if day == cutoff and earlier < month and past.has_history and same_kind:
                    errors[other].append(past.error / past.amount)
            width = range_ratio(errors[scope], [e for some in errors.values() for e in some])
            low = None if width is None else max(one.reached, one.amount * (1 - width))
            high = None if width is None else one.amount * (1 + width)
            known[f"{metric}/{scope}/{cutoff}/{month:%Y-%m}"] = {
                "backtest_count": 1.0,
                "range_count": 0.0 if low is None else 1.0,
                "forecast_mape": one.error / one.actual,
                "naive_mape": abs(one.naive - one.actual) / one.actual,
                "range_coverage": (
                    None if low is None or high is None else float(low <= one.actual <= high)
                ),
            }
    keys = ["metric_code", "scope_kind", "scope_key", "cutoff_day"]
    shown = ask(served, "forecast_backtest", list(MEASURES_OF_BACKTEST), keys)
    # Forecasts are stored to the hundredth: of 700 orders that is a few millionths.
    assert unlike(shown, known, tolerance=2e-5) == []


MEASURES_OF_BACKTEST = (
    "backtest_count", "range_count", "forecast_mape", "naive_mape", "range_coverage",
)  # fmt: skip


def test_on_the_last_day_the_forecast_is_the_month(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    [(as_of,)] = records.execute("select as_of_on from known").fetchall()
    month = as_of.replace(day=1)
    assert as_of.day == length(month)
    wanted = {
        (store, metric): float(value)
        for store, metric, value in records.execute(
            "select store_key, metric_code, wanted from targets where business_on = ?", [month]
        ).fetchall()
    }
    known: Known = {}
    for metric, network in networks_of(records).items():
        for scope, stores in scopes_of(records).items():
            amount = sum(day.amount for store in stores for day in network.days[store, month])
            target = sum(wanted.get((store, metric), 0.0) for store in stores)
            share = amount / target if target else None
            known[f"{metric}/{scope}/{month:%Y-%m}"] = {
                **dict.fromkeys(
                    ("reached_to_date", "month_end_forecast", "forecast_low", "forecast_high",
                     "naive_pace"), amount,
                ),
                "forecast_attainment": share,
                "naive_attainment": share,
            }  # fmt: skip
    names = list(next(iter(known.values())))
    shown = ask(served, "month_forecast", names, ["metric_code", "scope_kind", "scope_key"])
    assert unlike(shown, known) == []


def test_the_revenue_tree(served: ServerHandle, records: duckdb.DuckDBPyConnection) -> None:
    rows = records.execute(
        """
        select store_key, strftime(business_on, '%Y-%m'), service_line, sum(listed - cut)
        from lines group by all
        """
    ).fetchall()
    known: Known = {}
    for scope, stores in scopes_of(records).items():
        whole: dict[str, float] = defaultdict(float)
        by_line: dict[tuple[str, str], float] = defaultdict(float)
        for store, month, service_line, amount in rows:
            if store in stores:
                whole[month] += float(amount)
                by_line[LINES[service_line], month] += float(amount)
        for (line, month), amount in by_line.items():
            known[f"{scope}/{line}/{month}"] = {
                "line_revenue": amount,
                "line_revenue_share": amount / whole[month],
                "line_target": None,
                "line_attainment": None,
            }
    names = list(next(iter(known.values())))
    shown = ask(served, "revenue_tree", names, ["scope_kind", "scope_key", "revenue_line"])
    assert unlike(shown, known) == []


def staff_of(records: duckdb.DuckDBPyConnection) -> Known:
    """Staff measures by store and month, counting everybody's days one by one."""
    people = records.execute(
        """
        select store_id, 'advisor', cast(hired_on as date), cast(left_on as date)
        from newest_advisors
        union all
        select store_id, 'technician', cast(hired_on as date), cast(left_on as date)
        from newest_technicians
        """
    ).fetchall()
    made = totals(
        records,
        {"revenue": "[orders.revenue]", "visits": "[orders.visits]"},
        f"store_key || '/' || {MONTH}",
    )
    known: Known = {}
    for key, sums in made.items():
        store, month = key.split("/")
        first = date.fromisoformat(f"{month}-01")
        last = first.replace(day=length(first))
        staff = [person for person in people if person[0] == store]
        employed: dict[str, int] = defaultdict(int)
        for _, kind, hired, left in staff:
            employed[kind] += staff_days(hired, left, first, last)
        # Stored with four decimals.
        months = {kind: round(days / length(first), 4) for kind, days in employed.items()}
        gone = sum(left is not None and first <= left <= last for *_, left in staff)
        known[key] = {
            "advisor_months": months["advisor"],
            "technician_months": months["technician"],
            "revenue_per_advisor_month": (sums["revenue"] or 0.0) / months["advisor"],
            "visits_per_technician_month": (sums["visits"] or 0.0) / months["technician"],
            "staff_hired": sum(h is not None and first <= h <= last for _, _, h, _ in staff),
            "staff_leavers": gone,
            "staff_turnover": gone / sum(months.values()),
        }
    return known


@pytest.mark.parametrize("view", ["staff_output", "operations_board"])
def test_staff_by_store_and_month(
    served: ServerHandle, records: duckdb.DuckDBPyConnection, view: str
) -> None:
    known = staff_of(records)
    names = list(next(iter(known.values())))
    assert unlike(ask(served, view, names, ["store_key"]), known) == []


def test_the_board_by_store_and_month(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    profit, store = MEASURES["store_profit"], MEASURES["store_performance"]
    names = {
        **{
            name: profit[name]
            for name in (
                "revenue", "revenue_target_full_month", "revenue_attainment_full_month",
                "visits", "visit_target_full_month", "visit_attainment_full_month",
                "average_ticket",
            )
        },
        **{name: store[name] for name in (
            "new_customer_visits", "new_customer_share", "csi", "nps",
        )},
    }  # fmt: skip
    known = totals(records, names, f"store_key || '/' || {MONTH}")
    for key, values in known.items():
        month = date.fromisoformat(f"{key.split('/')[1]}-01")
        values["visits_per_day"] = (values["visits"] or 0.0) / length(month)
    shown = ask(served, "operations_board", [*names, "visits_per_day"], ["store_key"])
    assert unlike(shown, known) == []


def orders_of(records: duckdb.DuckDBPyConnection, month: str) -> dict[str, list[Order]]:
    """Orders of a month by store."""
    rows = records.execute(
        """
        select
            store_key, order_type, has_package, channel = 'appointment',
            coalesce(is_member, false), listed_labour + listed_parts - cut,
            listed_labour, listed_parts, cut, hours
        from orders
        where order_status <> 'cancelled' and strftime(business_on, '%Y-%m') = ?
        """,
        [month],
    ).fetchall()
    found: dict[str, list[Order]] = defaultdict(list)
    for store, kind, package, appointment, member, *amounts in rows:
        found[store].append(
            Order(kind, package, appointment, member, *(float(amount) for amount in amounts))
        )
    return found


def test_drivers_of_ticket_gaps(served: ServerHandle, records: duckdb.DuckDBPyConnection) -> None:
    month = "2024-12"
    orders = orders_of(records, month)
    visits = {
        store: int(values["visits"] or 0)
        for store, values in totals(
            records, {"visits": "[orders.visits]"}, "store_key", f"{MONTH} = '{month}'"
        ).items()
    }
    known: Known = {}
    for store in orders:
        for scope, stores in scopes_of(records).items():
            if scope == f"store/{store}":
                continue
            found = gap(
                orders[store],
                [order for other in stores for order in orders[other]],
                (visits[store], sum(visits[other] for other in stores)),
            )
            for driver, amount in found.items():
                known[f"{store}/{scope}/{driver}/{month}"] = {"gap_contribution": amount}
    keys = [
        "store_key", "baseline_kind", "baseline_key", "decomposition_code", "driver_code",
        "driver_member",
    ]  # fmt: skip
    shown = {
        key: value
        for key, value in ask(served, "store_gap_drivers", ["gap_contribution"], keys).items()
        if key.endswith(month) and "/service_line/" not in key
    }
    assert len(known) > 100
    # Contributions are stored with four decimals.
    assert unlike(shown, known, tolerance=6e-5) == []


def test_each_way_explains_the_whole_gap(served: ServerHandle) -> None:
    keys = ["store_key", "baseline_kind", "baseline_key"]
    tickets = ask(served, "store_gap_drivers", ["ticket_gap"], keys)
    ways = ask(
        served, "store_gap_drivers",
        ["gap_contribution", "gap_contribution_share"], [*keys, "decomposition_code"],
    )  # fmt: skip
    assert len(ways) == 5 * len(tickets)
    for key, values in ways.items():
        *pair, _, month = key.split("/")
        whole = tickets["/".join([*pair, month])]["ticket_gap"]
        assert whole is not None and values["gap_contribution"] is not None
        assert abs(values["gap_contribution"] - whole) < 0.005, key
    mixed = ask(served, "store_gap_drivers", ["gap_contribution"], ["store_key"])
    assert all(value is None for row in mixed.values() for value in row.values())


def test_drivers_show_their_own_values(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    wanted = MEASURES["store_performance"]["package_penetration"]
    by_store = totals(records, {"it": wanted}, f"store_key || '/' || {MONTH}")
    whole = totals(records, {"it": wanted}, MONTH)
    keys = ["store_key", "baseline_kind", "driver_code"]
    shown = {
        key: row
        for key, row in ask(
            served, "store_gap_drivers", ["driver_store_value", "driver_baseline_value"], keys
        ).items()
        if "/network/package_penetration/" in key
    }
    known: Known = {
        f"{key.split('/')[0]}/network/package_penetration/{key.split('/')[1]}": {
            "driver_store_value": row["it"],
            "driver_baseline_value": whole[key.split("/")[1]]["it"],
        }
        for key, row in by_store.items()
    }
    assert known
    assert unlike(shown, known, tolerance=1e-6) == []


def test_a_difference_is_noticed() -> None:
    known: Known = {"a": {"x": 1.0}, "b": {"x": None}}
    assert unlike({"a": {"x": 1.0}, "b": {"x": None}}, known) == []
    assert unlike({"a": {"x": 1.00001}, "b": {"x": None}}, known)
    assert unlike({"a": {"x": None}, "b": {"x": None}}, known)
    assert unlike({"a": {"x": 1.0}, "b": {"x": 0.0}}, known)
    assert unlike({"a": {"x": 1.0}}, known)
    assert unlike({}, {})
