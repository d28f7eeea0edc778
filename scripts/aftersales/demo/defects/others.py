"""Defects planted in customer relations, finance and the parts department."""

from __future__ import annotations

from aftersales.demo.defects.masters import BAD_PLATE, UNREACHABLE_PHONE
from aftersales.demo.defects.model import Defect, changed, future_dated, unknown_code

# The letter stands for bytes that are no UTF-8 text; they are put in after the file is written.
UNDECODABLE_MARK = "\ue000"
IS_ANSWERED = "responded_at is not null"


def _unreadable(place: str, per_million: int) -> tuple[Defect, ...]:
    """Give the three ways a line of a text file cannot be read."""
    system, table = place.split(".")
    return (
        Defect(
            "unreadable_row",
            system,
            table,
            per_million,
            line="line || ',备注,补录'",
            detail="'too many fields'",
        ),
        Defect(
            "unreadable_row",
            system,
            table,
            per_million,
            line="regexp_replace(line, ',[^,]*,[^,]*$', '')",
            detail="'too few fields'",
        ),
        Defect(
            "unreadable_row",
            system,
            table,
            per_million,
            line=f"replace(line, ',', '{UNDECODABLE_MARK},')",
            detail="'bytes that are no text'",
        ),
    )


CRM_DEFECTS = (
    changed(
        "phone_unreachable",
        "crm.customers",
        292_000,
        "phone",
        UNREACHABLE_PHONE,
        when="not _is_keyed_again",
    ),
    changed("value_unparsable", "crm.customers", 1_500, "created_at", "'去年三月'"),
    unknown_code("crm.customers", "acquisition_channel", "billboard", 2_000),
    *_unreadable("crm.customers", 600),
    changed(
        "vin_malformed",
        "crm.vehicles",
        4_000,
        "vin",
        "left(vin, 15)",
        key="crm_customer_id || ':' || left(vin, 15)",
    ),
    changed(
        "vin_with_ioq",
        "crm.vehicles",
        3_000,
        "vin",
        "left(vin, 4) || 'IOQ'[1 + (_k % 3)::integer] || vin[6:]",
        key="crm_customer_id || ':' || left(vin, 4) || 'IOQ'[1 + (_k % 3)::integer] || vin[6:]",
    ),
    changed("plate_malformed", "crm.vehicles", 5_000, "plate_no", BAD_PLATE),
    changed(
        "survey_score_out_of_range", "crm.surveys", 4_000, "nps_score", "'11'", when=IS_ANSWERED
    ),
    changed(
        "survey_score_out_of_range",
        "crm.surveys",
        3_000,
        "satisfaction_score",
        "'85'",
        when=IS_ANSWERED,
    ),
    changed("csi_out_of_range", "crm.surveys", 4_000, "csi_score", "'112.50'", when=IS_ANSWERED),
    changed(
        "survey_without_order",
        "crm.surveys",
        2_000,
        "repair_order_no",
        "'RO000000-' || right(repair_order_no, 3)",
    ),
    changed(
        "times_out_of_order",
        "crm.surveys",
        3_000,
        "responded_at",
        "(sent_at::timestamp - interval 1 day)::varchar",
        when=IS_ANSWERED,
    ),
    changed("value_unparsable", "crm.surveys", 2_500, "csi_score", "'八十五'", when=IS_ANSWERED),
    changed("value_unparsable", "crm.surveys", 800, "sent_at", "left(sent_at, 10) || ' 25:61'"),
    future_dated("crm.surveys", "sent_at", 800),
    unknown_code("crm.surveys", "survey_channel", "pigeon", 1_200),
    unknown_code("crm.surveys", "reason_code", "weather", 60_000),
    *_unreadable("crm.surveys", 500),
    changed(
        "complaint_without_order",
        "crm.complaints",
        9_000,
        "repair_order_no",
        "'RO000000-' || right(repair_order_no, 3)",
        when="repair_order_no is not null",
    ),
    changed(
        "times_out_of_order",
        "crm.complaints",
        9_000,
        "closed_at",
        "(opened_at::timestamp - interval 1 day)::varchar",
        when="closed_at is not null",
    ),
    unknown_code("crm.complaints", "topic_code", "weather", 8_000),
    future_dated("crm.complaints", "opened_at", 4_000),
    *_unreadable("crm.complaints", 3_000),
)

FINANCE_DEFECTS = (
    changed(
        "phone_unreachable",
        "finance.customers",
        80_000,
        "phone",
        UNREACHABLE_PHONE,
        when="not _is_keyed_again",
    ),
    *_unreadable("finance.customers", 1_000),
    Defect("target_missing", "finance", "targets", 5_000, mode="drop"),
    changed(
        "target_ratio_as_percent",
        "finance.targets",
        12_000,
        "target_value",
        "(target_value::decimal(18, 4) * 100)::varchar",
        when="target_unit = 'ratio'",
    ),
    changed(
        "amount_in_wan",
        "finance.targets",
        30_000,
        "target_value",
        "(target_value::decimal(18, 4) / 10000)::varchar",
        when="metric_code = 'revenue' and target_unit = 'yuan'",
    ),
    changed("negative_amount", "finance.targets", 4_000, "target_value", "'-' || target_value"),
    changed("value_unparsable", "finance.targets", 6_000, "target_value", "'约' || target_value"),
    unknown_code("finance.targets", "target_unit", "million", 5_000),
    Defect(
        "cost_lines_missing",
        "finance",
        "cost_lines",
        25_000,
        when="account_code in ('rent', 'equipment') and store_id is not null",
        mode="drop",
        detail="store_id || ':' || cost_month || '-01:' || account_code",
    ),
    changed(
        "amount_in_wan",
        "finance.cost_lines",
        12_000,
        "amount",
        "round(amount::decimal(18, 2) / 10000, 2)::decimal(18, 2)::varchar",
        when="amount::decimal(18, 2) < 900000",
    ),
    changed("negative_amount", "finance.cost_lines", 8_000, "amount", "'-' || amount"),
    changed("amount_absurd", "finance.cost_lines", 5_000, "amount", "'9900000.00'"),
    changed("value_unparsable", "finance.cost_lines", 6_000, "amount", "'1.2万'"),
    unknown_code("finance.cost_lines", "account_code", "gifts", 6_000),
    *_unreadable("finance.cost_lines", 2_500),
    unknown_code("finance.cost_lines", "cost_centre", "hq_moon", 15_000),
    changed(
        "ledger_next_month",
        "finance.revenue_lines",
        1_500,
        "booked_month",
        "_next_month",
        when="_order_is_sound",
    ),
    Defect(
        "ledger_missing",
        "finance",
        "revenue_lines",
        1_000,
        when="_order_is_sound",
        mode="drop",
    ),
    Defect(
        "ledger_tax_basis",
        "finance",
        "revenue_lines",
        1_500,
        "labour_amount",
        {
            name: f"round({name}::decimal(18, 2) * 1.13, 2)::decimal(18, 2)::varchar"
            for name in ("labour_amount", "part_amount", "other_amount")
        },
        when="_order_is_sound",
        detail="labour_amount::varchar",
    ),
)

PARTS_DEFECTS = (
    Defect(
        "stock_negative",
        "parts",
        "stock",
        800,
        "quantity_on_hand",
        {"quantity_on_hand": "-3", "stock_amount": "-300"},
        detail="quantity_on_hand::varchar",
    ),
    Defect(
        "stock_movement_mismatch",
        "parts",
        "stock",
        1_000,
        "quantity_on_hand",
        {"quantity_on_hand": "quantity_on_hand + 7", "stock_amount": "stock_amount + 700"},
        when="_follows_sound_day",
        detail="quantity_on_hand::varchar",
    ),
    changed(
        "unknown_part",
        "parts.stock",
        400,
        "part_no",
        "'P9' || right(part_no, 5)",
        key="store_id || ':P9' || right(part_no, 5) || ':' || stock_on",
    ),
    Defect(
        "future_dated",
        "parts",
        "stock",
        300,
        "stock_on",
        {"stock_on": "stock_on + 400"},
        key="store_id || ':' || part_no || ':' || (stock_on + 400)",
        detail="stock_on::varchar",
    ),
    future_dated("parts.movements", "moved_at", 300),
    unknown_code("parts.movements", "movement_kind", "swap", 500),
)

DEFECTS = CRM_DEFECTS + FINANCE_DEFECTS + PARTS_DEFECTS
