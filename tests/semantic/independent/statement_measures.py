"""What each measure of the statement and of cost is, in sums over statement_records.sql."""

from .formulas import only, share

# A name with "_p" is not turned from empty into zero: an empty answer is an answer here.
STATEMENT_SUMS = {
    "pnl": {
        "is_one_line_p": "min(line_code) = max(line_code)",
        "amount": "sum(amount)",
        "revenue": "sum(revenue)",
        "budget": "sum(budget)",
        "over_budget": "sum(amount - budget)",
        "previous": "sum(previous)",
        "since_previous": "sum(amount - previous)",
        "last_year": "sum(last_year)",
        "since_last_year": "sum(amount - last_year)",
        "shared": "sum(amount) filter (where line_code = 'shared_cost')",
        "profit": "sum(amount) filter (where line_code = 'operating_profit')",
    },
    "cost_changes": {
        "is_one_p": "min(scope_kind) = max(scope_kind) and min(comparison) = max(comparison)",
        "is_one_cost_p": "min(cost_code) = max(cost_code)",
        "amount": "sum(amount)",
        "total": "sum(total)",
        "units": "sum(units)",
        "base": "sum(base)",
        "change": "sum(amount - base)",
        "price": "sum(price)",
        "volume": "sum(volume)",
        "mix": "sum(amount - base - price - volume)",
    },
    "line_kinds": {
        f"{kind}_{name}": f"sum({formula}) filter (where line_type = '{line_type}' and {which})"
        for kind, line_type in (("labour", "labour"), ("parts", "part"))
        for name, formula, which in (
            ("net", "listed - cut", "true"),
            ("costed", "listed - cut", "cost is not null"),
            ("cost", "cost", "true"),
        )
    },
    "hidden": {
        name: f"sum({name})"
        for name in (
            "returned", "return_cost", "return_revenue", "goodwill", "gross", "present", "idle",
            "wages", "idle_cost",
        )
    },
}  # fmt: skip


def _of_one_line(formula: str) -> str:
    return only("[pnl.is_one_line_p]", formula)


def _of_one_scope(formula: str) -> str:
    return only("[cost_changes.is_one_p]", formula)


def _of_one_cost(formula: str) -> str:
    return _of_one_scope(only("[cost_changes.is_one_cost_p]", formula))


def _earned(kind: str) -> dict[str, str]:
    net, costed, cost = (f"[line_kinds.{kind}_{name}]" for name in ("net", "costed", "cost"))
    return {
        f"{kind}_revenue": net,
        f"{kind}_direct_cost": cost,
        f"{kind}_gross_profit": f"{costed} - {cost}",
        f"{kind}_gross_margin": share(f"{costed} - {cost}", costed),
    }


STATEMENT_MEASURES = {
    "profit_and_loss": {
        "shared_cost": "[pnl.shared]",
        "operating_profit": "[pnl.profit]",
        "pnl_amount": _of_one_line("[pnl.amount]"),
        "pnl_share_of_revenue": _of_one_line(share("[pnl.amount]", "[pnl.revenue]")),
        "pnl_budget": _of_one_line("[pnl.budget]"),
        "pnl_variance": _of_one_line("[pnl.over_budget]"),
        "pnl_previous_month": _of_one_line("[pnl.previous]"),
        "pnl_change_to_previous_month": _of_one_line("[pnl.since_previous]"),
        "pnl_last_year": _of_one_line("[pnl.last_year]"),
        "pnl_change_to_last_year": _of_one_line("[pnl.since_last_year]"),
    },
    "cost_drivers": {
        "driver_cost": _of_one_scope("[cost_changes.amount]"),
        "driver_cost_before": _of_one_scope("[cost_changes.base]"),
        "cost_share": _of_one_cost(share("[cost_changes.amount]", "[cost_changes.total]")),
        "cost_change": _of_one_scope("[cost_changes.change]"),
        "cost_price_effect": _of_one_scope("[cost_changes.price]"),
        "cost_volume_effect": _of_one_scope("[cost_changes.volume]"),
        "cost_mix_effect": _of_one_scope("[cost_changes.mix]"),
        "driver_volume": _of_one_cost("[cost_changes.units]"),
        "cost_per_driver_unit": _of_one_cost(
            share("[cost_changes.amount]", "[cost_changes.units]")
        ),
    },
    "pay_type_margins": {
        "revenue": "[lines.revenue]",
        "direct_cost": "[lines.cost]",
        "gross_profit": "[lines.costed] - [lines.cost]",
        "gross_margin": share("[lines.costed] - [lines.cost]", "[lines.costed]"),
        "cost_known_share": share("[lines.costed]", "[lines.revenue]"),
        "discount": "[lines.cut]",
        "discount_rate": share("[lines.cut]", "[lines.labour] + [lines.parts]"),
        "hours_sold": "[lines.hours]",
        "effective_labour_rate": share("[lines.labour]", "[lines.hours]"),
        **_earned("labour"),
        **_earned("parts"),
    },
    "hidden_costs": {
        "rework_orders": "[hidden.returned]",
        "rework_cost": "[hidden.return_cost]",
        "rework_revenue": "[hidden.return_revenue]",
        "goodwill_cost": "[hidden.goodwill]",
        "policy_cost": "[hidden.return_cost] + [hidden.goodwill]",
        "policy_cost_ratio": share("[hidden.return_cost] + [hidden.goodwill]", "[hidden.gross]"),
        "unapplied_hours": "1e0 * [hidden.idle] / 60",
        "unapplied_time_cost": "[hidden.idle_cost]",
        "wages_per_available_hour": share("60 * [hidden.wages]", "[hidden.present]"),
    },
}
