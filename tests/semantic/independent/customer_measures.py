"""What each measure about customers and service lines is, in sums over customer_records.sql."""

from .formulas import share

KINDS = "count(distinct segment_kind)"
CLASSES = "count(distinct segment_kind || ':' || coalesce(segment, ''))"

SUMS = {
    "standing": {
        "all": "count(*)",
        "high": "count(*) filter (where value_class = 'high_value')",
        "dormant": "count(*) filter (where value_class = 'dormant')",
        "members": "count(*) filter (where is_member)",
        "overdue": "count(*) filter (where is_overdue)",
        "earned": "sum(late_earned)",
        "worth": "sum(worth)",
    },
    "segment_heads": {"all": f"count(*) / {KINDS}"},
    "segment_orders": {
        "all": f"count(*) / {KINDS}",
        "visits": f"count(*) filter (where is_first_of_visit) / {KINDS}",
        "earned": f"sum(earned) / {KINDS}",
        "spent": f"sum(spent) / {KINDS}",
    },
    "segment_answers": {
        "scored": f"count(nps_score) / {KINDS}",
        "promoters": f"count(*) filter (where nps_score >= 9) / {KINDS}",
        "detractors": f"count(*) filter (where nps_score <= 6) / {KINDS}",
    },
    "segment_wholes": {"heads": f"sum(heads) / {CLASSES}", "earned": f"sum(earned) / {CLASSES}"},
    "customer_moves": {
        name: f"count(*) filter (where move = '{name}')"
        for name in (
            "new", "active_start", "dormant_start", "lost_start", "lapsed", "returned", "woken",
            "recovered", "active_end", "dormant_end", "lost_end", "in_year", "again_in_year",
            "cohort", "kept",
        )
    },
    "warned": {"all": "count(*)", "worth": "sum(worth)", "earned": "sum(late_earned)"},
    "main_orders": {"all": "count(*)"},
    "main_answers": {
        "scored": "count(nps_score)",
        "promoters": "count(*) filter (where nps_score >= 9)",
        "detractors": "count(*) filter (where nps_score <= 6)",
        "csi_sum": "sum(csi_score)",
        "csi_count": "count(csi_score)",
    },
    "line_wholes": {"earned": "sum(earned) / count(distinct coalesce(service_line, ''))"},
}  # fmt: skip


MEASURES = {
    "customer_value": {
        "known_customers": "[standing.all]",
        "high_value_customers": "[standing.high]",
        "high_value_share": share("[standing.high]", "[standing.all]"),
        "dormant_customers": "[standing.dormant]",
        "wake_up_target": "0.3 * [standing.dormant]",
        "known_member_share": share("[standing.members]", "[standing.all]"),
        "overdue_customers": "[standing.overdue]",
        "window_revenue_per_customer": share("[standing.earned]", "[standing.all]"),
        "yearly_worth_per_customer": share("[standing.worth]", "[standing.all]"),
    },
    "customer_segments": {
        "segment_customers": "[segment_heads.all]",
        "customer_share": share("[segment_heads.all]", "[segment_wholes.heads]"),
        "revenue": "[segment_orders.earned]",
        "customer_revenue_share": share("[segment_orders.earned]", "[segment_wholes.earned]"),
        "gross_profit": "[segment_orders.earned] - [segment_orders.spent]",
        "gross_margin": share(
            "[segment_orders.earned] - [segment_orders.spent]", "[segment_orders.earned]"
        ),
        "orders": "[segment_orders.all]",
        "visits": "[segment_orders.visits]",
        "average_ticket": share("[segment_orders.earned]", "[segment_orders.visits]"),
        "nps": share(
            "100 * ([segment_answers.promoters] - [segment_answers.detractors])",
            "[segment_answers.scored]",
        ),
        "nps_responses": "[segment_answers.scored]",
    },
    "customer_retention": {
        "active_customers_at_month_end": "[customer_moves.active_end]",
        "dormant_customers_at_month_end": "[customer_moves.dormant_end]",
        "lost_customers_at_month_end": "[customer_moves.lost_end]",
        "new_customers": "[customer_moves.new]",
        "returning_customers": "[customer_moves.returned]",
        "lapsed_customers": "[customer_moves.lapsed]",
        "woken_customers": "[customer_moves.woken]",
        "recovered_customers": "[customer_moves.recovered]",
        "retention_rate": share("[customer_moves.kept]", "[customer_moves.cohort]"),
        "churn_rate": share(
            "[customer_moves.cohort] - [customer_moves.kept]", "[customer_moves.cohort]"
        ),
        "repurchase_rate": share("[customer_moves.again_in_year]", "[customer_moves.in_year]"),
        "wake_up_rate": share("[customer_moves.woken]", "[customer_moves.dormant_start]"),
        "win_back_rate": share("[customer_moves.recovered]", "[customer_moves.lost_start]"),
        "lapse_rate": share("[customer_moves.lapsed]", "[customer_moves.active_start]"),
    },
    "churn_warnings": {
        "warned_customers": "[warned.all]",
        "worth_at_stake": "[warned.worth]",
        "warned_customer_revenue": "[warned.earned]",
        "expected_recoveries": "0.43 * [warned.all]",
        "expected_recovered_worth": "0.43 * [warned.worth]",
    },
    "business_lines": {
        "revenue": "[lines.revenue]",
        "service_line_revenue_share": share("[lines.revenue]", "[line_wholes.earned]"),
        "labour_sales": "[lines.labour]",
        "parts_sales": "[lines.parts]",
        "discount": "[lines.cut]",
        "direct_cost": "[lines.cost]",
        "gross_profit": "[lines.costed] - [lines.cost]",
        "gross_margin": share("[lines.costed] - [lines.cost]", "[lines.costed]"),
        "hours_sold": "[lines.hours]",
        "effective_labour_rate": share("[lines.labour]", "[lines.hours]"),
        "orders": "[main_orders.all]",
        "nps": share(
            "100 * ([main_answers.promoters] - [main_answers.detractors])", "[main_answers.scored]"
        ),
        "nps_responses": "[main_answers.scored]",
        "promoter_share": share("[main_answers.promoters]", "[main_answers.scored]"),
        "detractor_share": share("[main_answers.detractors]", "[main_answers.scored]"),
        "csi": share("[main_answers.csi_sum]", "[main_answers.csi_count]"),
    },
}
