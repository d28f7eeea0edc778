"""What each measure is, in sums over the relations of records.sql: written apart from the model."""

from . import customer_measures, month_measures
from .formulas import share
from .statement_measures import STATEMENT_MEASURES, STATEMENT_SUMS

PAYERS = ("customer", "warranty", "insurance", "internal")
PAYER_NAMES = ("customer_paid", "warranty", "insurance", "internal")

# Sums of each relation, as SQL aggregates.
SUMS = {
    "orders": {
        "revenue": "sum(listed_labour + listed_parts - cut)",
        "labour": "sum(listed_labour)",
        "parts": "sum(listed_parts)",
        "cut": "sum(cut)",
        "cost": "sum(cost)",
        "hours": "sum(hours)",
        "live": "count(*) filter (where order_status <> 'cancelled')",
        "closed": "count(*) filter (where order_status = 'closed')",
        "cancelled": "count(*) filter (where order_status = 'cancelled')",
        "by_appointment": (
            "count(*) filter (where order_status <> 'cancelled' and channel = 'appointment')"
        ),
        "visits": (
            "count(distinct (store_key, vehicle_id, business_on)) "
            "filter (where order_status <> 'cancelled')"
        ),
        "new_visits": (
            "count(distinct (store_key, vehicle_id, business_on)) "
            "filter (where order_status <> 'cancelled' and customer_type = 'new')"
        ),
        "packages": (
            "count(*) filter (where order_status <> 'cancelled' and has_package "
            "and order_type in ('maintenance', 'repair'))"
        ),
        "package_candidates": (
            "count(*) filter (where order_status <> 'cancelled' "
            "and order_type in ('maintenance', 'repair'))"
        ),
        "promised": (
            "count(*) filter (where order_status = 'closed' and promised_at is not null)"
        ),
        "on_time": (
            "count(*) filter (where order_status = 'closed' and closed_at <= promised_at)"
        ),
        "labour_net": "sum(labour_net)",
        "labour_cost": "sum(labour_cost)",
        "costed": "sum(costed)",
        "labour_costed": "sum(labour_costed)",
        "paper": "count(*) filter (where order_status <> 'cancelled' and entry_channel = 'paper')",
        **{
            f"by_{payer}": (
                f"count(*) filter (where order_status <> 'cancelled' and pay_type = '{payer}')"
            )
            for payer in PAYERS
        },
        "customer_revenue": (
            "sum(listed_labour + listed_parts - cut) filter (where pay_type = 'customer')"
        ),
        "closed_revenue": (
            "sum(listed_labour + listed_parts - cut) filter (where order_status = 'closed')"
        ),
        "customers": "count(distinct person_id) filter (where order_status <> 'cancelled')",
        "members": (
            "count(distinct person_id) filter (where order_status <> 'cancelled' and is_member)"
        ),
        "reachable": (
            "count(distinct person_id) "
            "filter (where order_status <> 'cancelled' and is_phone_reachable)"
        ),
    },
    "stages": {
        "checked": "count(*) filter (where is_checked)",
        "right_first": "count(*) filter (where is_passed_first)",
        **{
            f"{name}_{kind}": f"{aggregate}({name})"
            for name in (
                "customer_wait", "cycle_time", "write_up_wait", "bay_wait", "parts_wait",
                "approval_wait", "work_time", "quality_check", "delivery_wait",
            )
            for kind, aggregate in (("minutes", "sum"), ("orders", "count"))
        },
        **{
            f"{name}_p{share}": f"quantile_cont(cast({name} as double), 0.{share})"
            for name in ("customer_wait", "cycle_time")
            for share in (50, 95)
        },
    },
    "lines": {
        "count": "count(*)",
        "revenue": "sum(listed - cut)",
        "labour": "sum(listed) filter (where line_type = 'labour')",
        "parts": "sum(listed) filter (where line_type = 'part')",
        "cut": "sum(cut)",
        "cost": "sum(cost)",
        "costed": "sum(listed - cut) filter (where cost is not null)",
        "labour_costed": (
            "sum(listed - cut) filter (where line_type = 'labour' and cost is not null)"
        ),
        "hours": "sum(hours_sold)",
        "demand": "count(*) filter (where line_type = 'part')",
        "pieces": "sum(pieces) filter (where line_type = 'part')",
        "shelf": "count(*) filter (where fill_status = 'shelf')",
        "emergency": "count(*) filter (where fill_status = 'emergency')",
        "lost": "count(*) filter (where fill_status = 'lost')",
        "part_cost": "sum(cost) filter (where line_type = 'part')",
        "part_net": "sum(listed - cut) filter (where line_type = 'part')",
        "labour_net": "sum(listed - cut) filter (where line_type = 'labour')",
        "labour_cost": "sum(cost) filter (where line_type = 'labour')",
        "shelf_cost": "sum(cost) filter (where fill_status = 'shelf')",
        **{
            f"{payer}_{name}": f"sum({amount}) filter (where line_pay_type = '{payer}')"
            for payer in PAYERS
            for name, amount in (("revenue", "listed - cut"), ("hours", "hours_sold"))
        },
        **{
            f"{payer}_labour": (
                "sum(listed) filter "
                f"(where line_pay_type = '{payer}' and line_type = 'labour')"
            )
            for payer in ("customer", "warranty")
        },
    },
    "first_repairs": {
        "all": "count(*)",
        "back": "count(*) filter (where returns > 0)",
        "back_twice": "count(*) filter (where returns > 1)",
        "mature": "count(*) filter (where is_comeback_mature)",
        "mature_back": "count(*) filter (where is_comeback_mature and returns > 0)",
        "mature_strict": (
            "count(*) filter (where is_comeback_mature and returns = 0 and not has_parts_wait)"
        ),
    },
    "appointments": {
        "all": "count(*)",
        "due": "count(*) filter (where not is_cancelled)",
        "cancelled": "count(*) filter (where is_cancelled)",
        "shown": "count(*) filter (where not is_cancelled and has_order)",
        "lead": "sum(lead_days)",
    },
    "bay_days": {
        "days": "count(*) filter (where available > 0)",
        "available": "sum(available)",
        "productive": "sum(productive)",
        "blocked": "sum(blocked)",
        "overlapping": "sum(overlapping)",
    },
    "technician_days": {
        "days": "count(*) filter (where available > 0)",
        "available": "sum(available)",
        "worked": "sum(worked)",
        "missing": "sum(missing)",
        "hours": "sum(hours)",
        "orders": "sum(orders)",
        "listed": "sum(listed)",
    },
    "surveys": {
        "sent": "count(*)",
        "answered": "count(*) filter (where is_answered)",
        "scored": "count(nps_score)",
        "promoters": "count(*) filter (where nps_score >= 9)",
        "detractors": "count(*) filter (where nps_score <= 6)",
        "csi_sum": "sum(csi_score)",
        "csi_count": "count(csi_score)",
        "satisfaction_sum": "sum(satisfaction_score)",
        "satisfaction_count": "count(satisfaction_score)",
    },
    "complaints": {
        "all": "count(*)",
        "open": "count(*) filter (where is_open_complaint)",
    },
    "stock": {
        "worth": "sum(worth) filter (where is_month_end)",
        "pieces": "sum(pieces) filter (where is_month_end)",
        "days": "count(*)",
        "days_without": "count(*) filter (where pieces <= 0)",
        "yuan_days": "sum(worth)",
        "idle": "sum(worth) filter (where is_month_end and is_obsolete)",
    },
    "costs": {
        "all": "sum(amount)",
        "own": "sum(amount) filter (where cost_centre_code is null)",
        "fixed": "sum(amount) filter (where is_fixed and cost_centre_code is null)",
        **{
            account: (
                "sum(amount) filter "
                f"(where account_code = '{account}' and cost_centre_code is null)"
            )
            for account in ("marketing", "overtime")
        },
    },
    "open_orders": {
        "all": "count(*)",
        "late": "count(*) filter (where open_workday_count > 3)",
    },
    **STATEMENT_SUMS,
}  # fmt: skip


def margins(relation: str, revenue: str) -> dict[str, str]:
    """Gross profit of labour and of parts, from the sums of a relation."""
    net, cost = f"[{relation}.labour_costed]", f"[{relation}.labour_cost]"
    parts_net, parts_cost = f"({revenue} - {net})", f"([{relation}.cost] - {cost})"
    return {
        "labour_gross_profit": f"{net} - {cost}",
        "labour_gross_margin": share(f"{net} - {cost}", net),
        "parts_gross_profit": f"{parts_net} - {parts_cost}",
        "parts_gross_margin": share(f"{parts_net} - {parts_cost}", parts_net),
    }


# Sums in brackets are [relation.sum].
MONEY_OF_ORDERS = {
    "revenue": "[orders.revenue]",
    "labour_sales": "[orders.labour]",
    "parts_sales": "[orders.parts]",
    "discount": "[orders.cut]",
    "discount_rate": share("[orders.cut]", "[orders.labour] + [orders.parts]"),
    "direct_cost": "[orders.cost]",
    "gross_profit": "[orders.costed] - [orders.cost]",
    "gross_margin": share("[orders.costed] - [orders.cost]", "[orders.costed]"),
    "cost_known_share": share("[orders.costed]", "[orders.revenue]"),
    "average_ticket": share("[orders.revenue]", "[orders.visits]"),
    "effective_labour_rate": share("[orders.labour]", "[orders.hours]"),
    "parts_to_labour_ratio": share("[orders.parts]", "[orders.labour]"),
    "package_penetration": share("[orders.packages]", "[orders.package_candidates]"),
    **margins("orders", "[orders.costed]"),
    "revenue_per_order": share("[orders.revenue]", "[orders.live]"),
    "customer_paid_ticket": share("[orders.customer_revenue]", "[orders.by_customer]"),
    "customer_paid_order_share": share("[orders.by_customer]", "[orders.live]"),
    "gross_profit_per_visit": share("[orders.costed] - [orders.cost]", "[orders.visits]"),
}
COUNTS_OF_ORDERS = {
    "orders": "[orders.live]",
    "closed_orders": "[orders.closed]",
    "visits": "[orders.visits]",
    "hours_sold": "[orders.hours]",
    "hours_per_order": share("[orders.hours]", "[orders.live]"),
    "on_time_delivery_rate": share("[orders.on_time]", "[orders.promised]"),
    "cancelled_orders": "[orders.cancelled]",
    "cancellation_rate": share("[orders.cancelled]", "[orders.live] + [orders.cancelled]"),
    "new_customer_visits": "[orders.new_visits]",
    "new_customer_share": share("[orders.new_visits]", "[orders.visits]"),
    "returning_customer_visits": "[orders.visits] - [orders.new_visits]",
    "returning_customer_share": share("[orders.visits] - [orders.new_visits]", "[orders.visits]"),
    "appointment_share": share("[orders.by_appointment]", "[orders.live]"),
    "electronic_order_share": share("[orders.live] - [orders.paper]", "[orders.live]"),
}
WAITS = {
    "average_customer_wait": share(
        "[stages.customer_wait_minutes]", "[stages.customer_wait_orders]"
    ),
    "average_cycle_time": share("[stages.cycle_time_minutes]", "[stages.cycle_time_orders]"),
}
FIXES = {
    "comeback_eligible_orders": "[first_repairs.all]",
    "comeback_orders": "[first_repairs.back]",
    "comeback_rate": share("[first_repairs.mature_back]", "[first_repairs.mature]"),
    "first_time_fix_rate": share(
        "[first_repairs.mature] - [first_repairs.mature_back]", "[first_repairs.mature]"
    ),
    "first_time_fix_rate_provisional": share(
        "[first_repairs.all] - [first_repairs.back]", "[first_repairs.all]"
    ),
    "first_time_fix_rate_strict": share("[first_repairs.mature_strict]", "[first_repairs.mature]"),
}
SATISFACTION = {
    "surveys_sent": "[surveys.sent]",
    "survey_responses": "[surveys.answered]",
    "response_rate": share("[surveys.answered]", "[surveys.sent]"),
    "nps": share("100 * ([surveys.promoters] - [surveys.detractors])", "[surveys.scored]"),
    "nps_responses": "[surveys.scored]",
    "promoter_share": share("[surveys.promoters]", "[surveys.scored]"),
    "detractor_share": share("[surveys.detractors]", "[surveys.scored]"),
    "passive_share": share(
        "[surveys.scored] - [surveys.promoters] - [surveys.detractors]", "[surveys.scored]"
    ),
    "csi": share("[surveys.csi_sum]", "[surveys.csi_count]"),
}
BAYS = {
    "bay_utilisation": share("[bay_days.productive]", "[bay_days.available]"),
    "bay_blocked_share": share("[bay_days.blocked]", "[bay_days.available]"),
}
TECHNICIANS = {
    "technician_productivity": share("[technician_days.worked]", "[technician_days.available]"),
    "technician_efficiency": share("60 * [technician_days.hours]", "[technician_days.worked]"),
    "technician_proficiency": share("60 * [technician_days.hours]", "[technician_days.available]"),
    "unapplied_time_share": share(
        "[technician_days.available] - [technician_days.worked]", "[technician_days.available]"
    ),
}

MEASURES = {
    "store_performance": {
        **MONEY_OF_ORDERS,
        **COUNTS_OF_ORDERS,
        **WAITS,
        **FIXES,
        **SATISFACTION,
        **BAYS,
        **TECHNICIANS,
        "revenue_per_technician_day": share("[orders.revenue]", "[technician_days.days]"),
        "revenue_per_bay_day": share("[orders.revenue]", "[bay_days.days]"),
        "quality_check_coverage": share("[stages.checked]", "[orders.live]"),
        "technical_compliance_rate": share("[stages.right_first]", "[stages.checked]"),
        "hours_per_visit": share("[orders.hours]", "[orders.visits]"),
        "parts_per_visit": share("[orders.parts]", "[orders.visits]"),
        "discount_per_visit": share("[orders.cut]", "[orders.visits]"),
        "bay_turnover": share("[orders.closed]", "[bay_days.days]"),
        "orders_per_technician_day": share("[orders.live]", "[technician_days.days]"),
        "appointments_due": "[appointments.due]",
        "appointment_show_rate": share("[appointments.shown]", "[appointments.due]"),
        "appointment_no_show_rate": share(
            "[appointments.due] - [appointments.shown]", "[appointments.due]"
        ),
        "parts_fill_rate": share("[lines.shelf]", "[lines.demand]"),
        "parts_lost_rate": share("[lines.lost]", "[lines.demand]"),
        "complaints": "[complaints.all]",
        "complaint_rate": share("[complaints.all]", "[orders.visits]"),
    },
    "service_orders": {
        **MONEY_OF_ORDERS,
        **COUNTS_OF_ORDERS,
        **WAITS,
        **{
            f"{payer}_order_share": share(f"[orders.by_{payer}]", "[orders.live]")
            for payer in PAYERS
            if payer != "customer"
        },
        "revenue_per_closed_order": share("[orders.closed_revenue]", "[orders.closed]"),
        "revenue_per_customer": share("[orders.revenue]", "[orders.customers]"),
        "customers_served": "[orders.customers]",
        "visits_per_customer": share("[orders.visits]", "[orders.customers]"),
        "member_share": share("[orders.members]", "[orders.customers]"),
        "phone_reachability": share("[orders.reachable]", "[orders.customers]"),
        "technical_compliance_rate": share("[stages.right_first]", "[stages.checked]"),
        "customer_wait_p50": "[stages.customer_wait_p50]",
        "customer_wait_p95": "[stages.customer_wait_p95]",
        "cycle_time_p50": "[stages.cycle_time_p50]",
        "cycle_time_p95": "[stages.cycle_time_p95]",
        **{
            f"average_{name}": share(f"[stages.{name}_minutes]", f"[stages.{name}_orders]")
            for name in (
                "write_up_wait", "bay_wait", "parts_wait", "approval_wait", "work_time",
                "quality_check", "delivery_wait",
            )
        },
    },
    "service_lines": {
        "lines": "[lines.count]",
        "revenue": "[lines.revenue]",
        "labour_sales": "[lines.labour]",
        "parts_sales": "[lines.parts]",
        "discount": "[lines.cut]",
        "discount_rate": share("[lines.cut]", "[lines.labour] + [lines.parts]"),
        "direct_cost": "[lines.cost]",
        "gross_profit": "[lines.costed] - [lines.cost]",
        "gross_margin": share("[lines.costed] - [lines.cost]", "[lines.costed]"),
        "cost_known_share": share("[lines.costed]", "[lines.revenue]"),
        "hours_sold": "[lines.hours]",
        "effective_labour_rate": share("[lines.labour]", "[lines.hours]"),
        "parts_to_labour_ratio": share("[lines.parts]", "[lines.labour]"),
        **margins("lines", "[lines.costed]"),
        **{
            f"{name}_sales_share": share(f"[lines.{payer}_revenue]", "[lines.revenue]")
            for name, payer in zip(PAYER_NAMES, PAYERS, strict=True)
        },
        **{
            f"{name}_hours_share": share(f"[lines.{payer}_hours]", "[lines.hours]")
            for name, payer in zip(PAYER_NAMES, PAYERS, strict=True)
        },
        "customer_paid_labour_rate": share("[lines.customer_labour]", "[lines.customer_hours]"),
        "warranty_labour_rate": share("[lines.warranty_labour]", "[lines.warranty_hours]"),
    },
    "first_time_fix": {
        **FIXES,
        "repeat_comeback_rate": share("[first_repairs.back_twice]", "[first_repairs.back]"),
    },
    "appointment_performance": {
        "appointments_booked": "[appointments.all]",
        "appointments_due": "[appointments.due]",
        "appointment_show_rate": share("[appointments.shown]", "[appointments.due]"),
        "appointment_no_show_rate": share(
            "[appointments.due] - [appointments.shown]", "[appointments.due]"
        ),
        "appointment_cancellation_rate": share("[appointments.cancelled]", "[appointments.all]"),
        "average_lead_days": share("[appointments.lead]", "[appointments.all]"),
    },
    "bay_performance": {
        **BAYS,
        "bay_days": "[bay_days.days]",
        "overlapping_bay_minutes": "[bay_days.overlapping]",
    },
    "technician_performance": {
        **TECHNICIANS,
        "technician_days": "[technician_days.days]",
        "technician_job_share": share("[technician_days.orders]", "[technician_days.days]"),
        "labour_sales_per_technician_day": share(
            "[technician_days.listed]", "[technician_days.days]"
        ),
        "missing_clock_offs": "[technician_days.missing]",
    },
    "customer_satisfaction": {
        **SATISFACTION,
        "average_satisfaction_score": share(
            "[surveys.satisfaction_sum]", "[surveys.satisfaction_count]"
        ),
    },
    "customer_complaints": {
        "complaints": "[complaints.all]",
        "open_complaint_share": share("[complaints.open]", "[complaints.all]"),
    },
    "parts_supply": {
        "parts_demand_lines": "[lines.demand]",
        "parts_demanded_quantity": "[lines.pieces]",
        "parts_fill_rate": share("[lines.shelf]", "[lines.demand]"),
        "parts_emergency_rate": share("[lines.emergency]", "[lines.demand]"),
        "parts_lost_rate": share("[lines.lost]", "[lines.demand]"),
    },
    "parts_inventory": {
        "stock_at_month_end": "[stock.worth]",
        "stock_quantity_at_month_end": "[stock.pieces]",
        "parts_issued_cost": "[lines.part_cost]",
        "days_of_stock": share("30 * [stock.worth]", "[lines.part_cost]"),
        "stock_out_rate": share("[stock.days_without]", "[stock.days]"),
        "parts_turnover": share("365 * [lines.part_cost]", "[stock.yuan_days]"),
        "parts_true_turnover": share("365 * [lines.shelf_cost]", "[stock.yuan_days]"),
        "gmroi": share("365 * ([lines.part_net] - [lines.part_cost])", "[stock.yuan_days]"),
        "stock_holding_cost": "0.12 * [stock.yuan_days] / 365",
        "obsolete_stock": "[stock.idle]",
        "obsolete_stock_share": share("[stock.idle]", "[stock.worth]"),
    },
    "store_profit": {
        "revenue": "[orders.revenue]",
        "direct_cost": "[orders.cost]",
        "gross_profit": "[orders.costed] - [orders.cost]",
        "gross_margin": share("[orders.costed] - [orders.cost]", "[orders.costed]"),
        "visits": "[orders.visits]",
        "average_ticket": share("[orders.revenue]", "[orders.visits]"),
        "operating_cost": "[costs.own]",
        "fixed_cost": "[costs.fixed]",
        "operating_cost_ratio": share("[costs.own]", "[orders.revenue]"),
        "contribution": "[orders.costed] - [orders.cost] - [costs.own]",
        "contribution_margin": share(
            "[orders.costed] - [orders.cost] - [costs.own]", "[orders.revenue]"
        ),
        "absorption_rate": share("[orders.costed] - [orders.cost]", "[costs.fixed]"),
        "full_cost_absorption_rate": share("[orders.costed] - [orders.cost]", "[costs.own]"),
        "marketing_cost": "[costs.marketing]",
        "customer_acquisition_cost": share("[costs.marketing]", "[orders.new_visits]"),
        "overtime_cost": "[costs.overtime]",
        "overtime_cost_per_hour_sold": share("[costs.overtime]", "[orders.hours]"),
        **{
            name: formula
            for name, formula in margins("orders", "[orders.revenue]").items()
            if name.endswith("_margin")
        },
        "revenue_target_full_month": "[attained.revenue_target]",
        "revenue_attainment_full_month": share(
            "[attained.revenue_reached]", "[attained.revenue_target]"
        ),
        "visit_target_full_month": "[attained.visits_target]",
        "visit_attainment_full_month": share(
            "[attained.visits_reached]", "[attained.visits_target]"
        ),
    },
    "operating_costs": {"posted_cost": "[costs.all]"},
    "open_order_backlog": {
        "open_orders": "[open_orders.all]",
        "late_open_orders": "[open_orders.late]",
        "late_open_order_share": share("[open_orders.late]", "[open_orders.all]"),
    },
    **STATEMENT_MEASURES,
}  # fmt: skip
SUMS |= customer_measures.SUMS | month_measures.SUMS
MEASURES |= customer_measures.MEASURES
