"""Defects planted in the dealer management system."""

from __future__ import annotations

from aftersales.demo.defects.model import Defect, changed, future_dated, unknown_code

# The shapes a phone takes when nobody can be reached under it.
UNREACHABLE_PHONE = """[
    left(phone, 10), '0' || phone[2:], '', '无', '010-' || right(phone, 8), phone || '1',
    '13800000000', left(phone, 3) || 'XXXX' || right(phone, 4)
][1 + (_k % 8)::integer]"""
BAD_PLATE = """[
    left(plate_no, 5), plate_no || '88', '无牌', '临' || right(plate_no, 5)
][1 + (_k % 4)::integer]"""
IS_REPAIR = "order_type = 'repair'"
IS_SETTLED = "closed_at is not null"

MASTER_DEFECTS = (
    changed(
        "phone_unreachable",
        "dms.customers",
        305_000,
        "phone",
        UNREACHABLE_PHONE,
        when="not _is_keyed_again",
    ),
    # records keyed long before the first extract would only move to another day of the past
    future_dated(
        "dms.customers",
        "created_at",
        1_500,
        when="created_at > at_utc(getvariable('until_s') - 399 * 86400)",
    ),
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

ORDER_DEFECTS = (
    Defect(
        "repair_order_number_duplicated",
        "dms",
        "repair_orders",
        1_500,
        "repair_order_no",
        {"odometer_km": "odometer_km + 137", "package_code": "null", "advisor_id": "advisor_id"},
        mode="add",
        detail="vehicle_id",
    ),
    changed("repair_order_mandatory_missing", "dms.repair_orders", 800, "vehicle_id", "null"),
    changed("repair_order_mandatory_missing", "dms.repair_orders", 1_500, "advisor_id", "null"),
    changed("repair_order_mandatory_missing", "dms.repair_orders", 1_200, "odometer_km", "null"),
    changed(
        "times_out_of_order",
        "dms.repair_orders",
        1_500,
        "arrived_at",
        "opened_at + interval 90 minute",
    ),
    changed(
        "times_out_of_order",
        "dms.repair_orders",
        1_000,
        "promised_at",
        "opened_at - interval 75 minute",
    ),
    changed(
        "closed_before_opened",
        "dms.repair_orders",
        1_500,
        "closed_at",
        "opened_at - interval 130 minute",
        when=IS_SETTLED,
    ),
    future_dated("dms.repair_orders", "opened_at", 1_000),
    Defect(
        "header_total_mismatch",
        "dms",
        "repair_orders",
        3_000,
        "total_amount",
        {"total_amount": "total_amount + 100 + (_k % 900)::integer"},
        when="status <> 'cancelled'",
        detail="total_amount::varchar",
    ),
    Defect(
        "negative_amount",
        "dms",
        "repair_orders",
        1_200,
        "discount_amount",
        {"discount_amount": "-100.00", "total_amount": "labour_amount + part_amount + 100"},
        when="status <> 'cancelled'",
        detail="discount_amount::varchar",
    ),
    Defect(
        "amount_absurd",
        "dms",
        "repair_orders",
        600,
        "labour_amount",
        {
            "labour_amount": "labour_amount + 990000",
            "total_amount": "total_amount + 990000",
        },
        when="status <> 'cancelled'",
        detail="labour_amount::varchar",
    ),
    changed(
        "odometer_implausible",
        "dms.repair_orders",
        1_500,
        "odometer_km",
        "9000000 + odometer_km % 1000",
    ),
    changed(
        "odometer_rollback",
        "dms.repair_orders",
        2_500,
        "odometer_km",
        "odometer_km // 2",
        when="_visits_before >= 2 and odometer_km > 40000",
    ),
    unknown_code("dms.repair_orders", "status", "finished", 500),
    unknown_code("dms.repair_orders", "pay_type", "voucher", 800),
    unknown_code("dms.repair_orders", "order_type", "tuning", 600),
    unknown_code("dms.repair_orders", "channel", "drive_by", 800),
    unknown_code("dms.repair_orders", "fault_system", "unclear", 500),
    unknown_code("dms.repair_orders", "entry_channel", "fax", 600),
    changed(
        "unknown_vehicle", "dms.repair_orders", 1_500, "vehicle_id", "'V99' || right(vehicle_id, 5)"
    ),
    changed(
        "unknown_customer",
        "dms.repair_orders",
        1_500,
        "customer_id",
        "'C99' || right(customer_id, 5)",
    ),
    changed(
        "unknown_advisor", "dms.repair_orders", 1_200, "advisor_id", "left(advisor_id, 5) || 'A99'"
    ),
    changed(
        "unknown_store",
        "dms.repair_orders",
        500,
        "store_id",
        "'S999'",
        key="'S999:' || repair_order_no",
    ),
    changed(
        "times_out_of_order",
        "dms.ro_status_events",
        300,
        "created_at",
        "event_at - interval 95 minute",
    ),
    Defect(
        "times_out_of_order",
        "dms",
        "ro_status_events",
        4_000,
        "event_at",
        {"event_at": "event_at - interval 6 day"},
        when="status = 'work_finished'",
        detail="store_id || ':' || repair_order_no",
    ),
    future_dated("dms.ro_status_events", "event_at", 200),
    unknown_code("dms.ro_status_events", "status", "coffee", 400),
)

LINE_DEFECTS = (
    Defect(
        "line_duplicated",
        "dms",
        "labour_lines",
        1_500,
        "labour_line_id",
        mode="add",
        detail="labour_line_id",
    ),
    Defect(
        "orphan_line",
        "dms",
        "labour_lines",
        800,
        "repair_order_no",
        {
            "labour_line_id": "'LX' || labour_line_id[2:]",
            "repair_order_no": "'RO000000-' || right(repair_order_no, 3)",
        },
        mode="add",
        key="store_id || ':LX' || labour_line_id[2:]",
        detail="repair_order_no",
    ),
    changed(
        "hours_sold_zero_with_amount",
        "dms.labour_lines",
        1_500,
        "hours_sold",
        "0",
        when="labour_amount > 0",
    ),
    changed(
        "amount_in_wan",
        "dms.labour_lines",
        1_000,
        "labour_amount",
        "round(labour_amount / 10000, 2)",
        when="labour_amount / 10000 / hours_sold < 4.5",
    ),
    changed("amount_absurd", "dms.labour_lines", 500, "labour_amount", "labour_amount + 450000"),
    changed("negative_amount", "dms.labour_lines", 800, "labour_amount", "-labour_amount"),
    unknown_code("dms.labour_lines", "pay_type", "voucher", 700),
    changed(
        "unknown_technician",
        "dms.labour_lines",
        1_500,
        "technician_id",
        "left(technician_id, 5) || 'T99'",
    ),
    changed("unknown_service_item", "dms.labour_lines", 1_000, "service_item_code", "'ZZ99'"),
    Defect(
        "line_duplicated",
        "dms",
        "part_lines",
        1_500,
        "part_line_id",
        mode="add",
        detail="part_line_id",
    ),
    Defect(
        "orphan_line",
        "dms",
        "part_lines",
        800,
        "repair_order_no",
        {
            "part_line_id": "'QX' || part_line_id[2:]",
            "repair_order_no": "'RO000000-' || right(repair_order_no, 3)",
        },
        mode="add",
        key="store_id || ':QX' || part_line_id[2:]",
        detail="repair_order_no",
    ),
    changed(
        "line_amount_mismatch",
        "dms.part_lines",
        2_000,
        "part_amount",
        "part_amount + 37.50",
        when="fill_status <> 'lost'",
    ),
    changed(
        "amount_in_wan",
        "dms.part_lines",
        1_000,
        "part_amount",
        "round(part_amount / 10000, 2)",
        when="part_amount >= 500",
    ),
    changed("amount_absurd", "dms.part_lines", 500, "part_amount", "part_amount + 450000"),
    changed(
        "negative_amount",
        "dms.part_lines",
        800,
        "part_amount",
        "-part_amount",
        when="part_amount > 0",
    ),
    unknown_code("dms.part_lines", "fill_status", "somewhere", 600),
    unknown_code("dms.part_lines", "pay_type", "voucher", 600),
    changed("unknown_part", "dms.part_lines", 1_200, "part_no", "'P999999'"),
)

WORKSHOP_DEFECTS = (
    changed(
        "bay_interval_reversed",
        "dms.bay_occupancy",
        1_500,
        "finished_at",
        "started_at - interval 25 minute",
    ),
    Defect(
        "bay_intervals_overlap",
        "dms",
        "bay_occupancy",
        6_000,
        "started_at",
        {"started_at": "started_at - interval 30 minute"},
        when="_follows_at_once",
        detail="bay_id || ':' || (started_at + interval 8 hour)::date::varchar",
    ),
    changed("unknown_bay", "dms.bay_occupancy", 1_200, "bay_id", "left(bay_id, 5) || 'B99'"),
    unknown_code("dms.bay_occupancy", "occupancy_kind", "parked", 800),
    future_dated("dms.bay_occupancy", "finished_at", 500),
    changed("clock_off_missing", "dms.clock_events", 12_000, "clocked_off_at", "null"),
    changed(
        "clock_interval_too_long",
        "dms.clock_events",
        2_500,
        "clocked_off_at",
        "clocked_on_at + interval 31 hour",
        when="clocked_on_at < at_utc(getvariable('until_s') - 3 * 86400)",
    ),
    changed(
        "unknown_technician",
        "dms.clock_events",
        1_200,
        "technician_id",
        "left(technician_id, 5) || 'T99'",
    ),
    unknown_code("dms.clock_events", "clock_kind", "lunch", 800),
    future_dated("dms.clock_events", "clocked_off_at", 500),
)

DEFECTS = MASTER_DEFECTS + ORDER_DEFECTS + LINE_DEFECTS + WORKSHOP_DEFECTS
