"""What each measure of staff, targets and lines of revenue is, in sums over month_records.sql."""

from .formulas import only, share

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
# A name with "_p" is not turned from empty into zero: an empty answer is an answer here.
ONE_KIND = "count(distinct scope_kind) = 1 and count(distinct metric_code) = 1"
SUMS = {
    "staff_months": {
        "advisors": "sum(advisor_months)",
        "technicians": "sum(technician_months)",
        "hired": "sum(hired)",
        "gone": "sum(gone)",
        "revenue": "sum(revenue)",
        "visits": "sum(visits)",
    },
    "advisors": {"all": "count(*)"},
    "technicians": {"all": "count(*)"},
    "store_days": {"months": "count(distinct date_trunc('month', day_on))", "days": "max(days)"},
    "attained": {
        f"{metric}_{name}": f"sum({name}) filter (where metric_code = '{metric}')"
        for metric in ("revenue", "visits")
        for name in ("reached", "target")
    },
    "aims": {
        "is_one_p": f"{ONE_KIND} and count(distinct basis) = 1 and min(basis) <> 'mixed'",
        "is_one_month_p": "count(distinct day_on) = 1",
        "is_plain_p": "count(weight) = 0",
        "reached": "sum(reached)",
        "weight": "case when count(weight) = 0 then 1 else nullif(sum(weight), 0) end",
        "target": "sum(target)",
        "days": "max(days)",
        "workdays": "max(workdays)",
    },
    "branches": {
        "is_one_p": "count(distinct scope_kind) = 1",
        "is_one_line_p": "count(distinct revenue_line) = 1",
        "revenue": "sum(revenue)",
        "whole": "sum(whole)",
        "target": "sum(target)",
        "with_target": "sum(with_target)",
    },
    "endings": {
        "is_one_p": ONE_KIND,
        "is_single_p": "count(*) = 1",
        "amount": "sum(amount)",
        "target": "sum(target)",
        "with_target": "sum(with_target)",
    },
}  # fmt: skip


STAFF = {
    "advisor_months": "[staff_months.advisors]",
    "technician_months": "[staff_months.technicians]",
    "revenue_per_advisor_month": share("[staff_months.revenue]", "[staff_months.advisors]"),
    "visits_per_technician_month": share("[staff_months.visits]", "[staff_months.technicians]"),
    "staff_hired": "[staff_months.hired]",
    "staff_leavers": "[staff_months.gone]",
    "staff_turnover": share(
        "[staff_months.gone]", "[staff_months.advisors] + [staff_months.technicians]"
    ),
}
AIM, MONTH, PLAIN = "[aims.is_one_p]", "[aims.is_one_month_p]", "[aims.is_plain_p]"
ENDING = "[endings.is_one_p]"
MEASURES = {
    "staff_output": STAFF,
    "operations_board": {
        "revenue": "[orders.revenue]",
        "revenue_target_full_month": "[attained.revenue_target]",
        "revenue_attainment_full_month": share(
            "[attained.revenue_reached]", "[attained.revenue_target]"
        ),
        "visits": "[orders.visits]",
        "visit_target_full_month": "[attained.visits_target]",
        "visit_attainment_full_month": share(
            "[attained.visits_reached]", "[attained.visits_target]"
        ),
        "visits_per_day": only(
            "[store_days.months] = 1", share("[orders.visits]", "[store_days.days]")
        ),
        "new_customer_visits": "[orders.new_visits]",
        "new_customer_share": share("[orders.new_visits]", "[orders.visits]"),
        "average_ticket": share("[orders.revenue]", "[orders.visits]"),
        "csi": share("[surveys.csi_sum]", "[surveys.csi_count]"),
        "nps": share("100 * ([surveys.promoters] - [surveys.detractors])", "[surveys.scored]"),
        **STAFF,
    },
    "advisor_names": {"advisor_headcount": "[advisors.all]"},
    "technician_names": {"technician_headcount": "[technicians.all]"},
    "customer_contacts": {"orders": "[orders.live]", "visits": "[orders.visits]"},
    "churn_warning_contacts": {
        "warned_customers": "[warned.all]",
        "worth_at_stake": "[warned.worth]",
    },
    "target_attainment": {
        "reached": only(AIM, "1e0 * [aims.reached] / [aims.weight]"),
        "target": only(AIM, "1e0 * [aims.target] / [aims.weight]"),
        "attainment": only(AIM, share("[aims.reached]", "[aims.target]")),
        # Of a month that is over all is due.
        "target_to_date": only(AIM, "1e0 * [aims.target] / [aims.weight]"),
        "attainment_to_date": only(AIM, share("[aims.reached]", "[aims.target]")),
        "calendar_progress": only(MONTH, share("[aims.days]", "[aims.days]")),
        "workday_progress": only(MONTH, share("[aims.workdays]", "[aims.workdays]")),
        "profile_progress": only(f"{AIM} and {PLAIN}", share("[aims.target]", "[aims.target]")),
        "daily_mean": only(
            f"{AIM} and {MONTH} and {PLAIN}", share("[aims.reached]", "[aims.days]")
        ),
    },
    "revenue_tree": {
        "line_revenue": only("[branches.is_one_p]", "[branches.revenue]"),
        "line_revenue_share": only(
            "[branches.is_one_p] and [branches.is_one_line_p]",
            share("[branches.revenue]", "[branches.whole]"),
        ),
        "line_target": only("[branches.is_one_p]", "[branches.target]"),
        "line_attainment": only(
            "[branches.is_one_p]", share("[branches.with_target]", "[branches.target]")
        ),
    },
    "month_forecast": {
        **{
            name: only(ENDING, "[endings.amount]")
            for name in ("reached_to_date", "month_end_forecast", "naive_pace")
        },
        **{
            name: only("[endings.is_single_p]", "[endings.amount]")
            for name in ("forecast_low", "forecast_high")
        },
        **{
            name: only(ENDING, share("[endings.with_target]", "[endings.target]"))
            for name in ("forecast_attainment", "naive_attainment")
        },
    },
}  # fmt: skip
# Within a month these need the profile of its days; on its last day they are what it came to.
OF_WHOLE_MONTHS = {"target_attainment", "month_forecast"}
