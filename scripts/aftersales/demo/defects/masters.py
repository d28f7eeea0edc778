"""Defects planted in customers, vehicles and appointments of the dealer management system."""

from __future__ import annotations

from aftersales.demo.defects.model import changed, future_dated, unknown_code

# The shapes a phone takes when nobody can be reached under it.
UNREACHABLE_PHONE = """[
    left(phone, 10), '0' || phone[2:], '', '无', '010-' || right(phone, 8), phone || '1',
    '13800000000', left(phone, 3) || 'XXXX' || right(phone, 4)
][1 + (_k % 8)::integer]"""
BAD_PLATE = """[
    left(plate_no, 5), plate_no || '88', '无牌', '临' || right(plate_no, 5)
][1 + (_k % 4)::integer]"""

DEFECTS = (
    changed(
        "phone_unreachable",
        "dms.customers",
        305_000,
        "phone",
        UNREACHABLE_PHONE,
        when="not _is_keyed_again",
    ),
    future_dated("dms.customers", "created_at", 1_500),
    unknown_code("dms.customers", "customer_kind", "vip", 2_000),
    changed("vin_malformed", "dms.vehicles", 5_000, "vin", "left(vin, 15)"),
    changed(
        "vin_with_ioq",
        "dms.vehicles",
        4_000,
        "vin",
        "left(vin, 4) || 'IOQ'[1 + (_k % 3)::integer] || vin[6:]",
    ),
    changed(
        "vin_duplicated",
        "dms.vehicles",
        2_000,
        "vin",
        "_other_vin",
        when="_other_vin is not null",
    ),
    changed("plate_malformed", "dms.vehicles", 6_000, "plate_no", BAD_PLATE),
    unknown_code("dms.vehicles", "energy_type", "hydrogen?", 2_000),
    changed(
        "unknown_customer", "dms.vehicles", 1_500, "customer_id", "'C99' || right(customer_id, 5)"
    ),
    future_dated("dms.appointments", "booked_at", 1_000),
    unknown_code("dms.appointments", "channel", "fax", 1_500),
    changed(
        "unknown_order",
        "dms.appointments",
        1_000,
        "repair_order_no",
        "'RO000000-' || right(repair_order_no, 3)",
        when="repair_order_no is not null",
    ),
)
