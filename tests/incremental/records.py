"""What an extract of the contradicting company holds, table by table."""

UPDATED = {"updated_at": "past(i, 'updated')"}
_LINE = {
    "repair_order_no": "order_no(i, 'order')",
    "store_id": "store(i)",
    "service_item_code": "'I' || draw(i, 'item', 60)",
    "pay_type": "pick(i, 'pay', ['customer', 'warranty'])",
    "discount_amount": "cast(draw(i, 'discount', 50) as decimal(18, 2))",
    "cost_amount": "cast(draw(i, 'cost', 500) as decimal(18, 2))",
    "created_at": "past(i, 'created')",
}

# Table, rows in the base extract, rows in a daily extract, columns that are filled.
TABLES: dict[tuple[str, str], tuple[int, int, dict[str, str]]] = {
    ("dms", "service_items"): (
        60,
        1,
        {
            "service_item_code": "'I' || draw(i, 'item', 60)",
            "service_item_name": "'operation'",
            "service_line": "pick(i, 'line', ['maintenance', 'repair'])",
            "standard_hours": "1.5",
        },
    ),
    ("dms", "bays"): (
        9,
        1,
        {
            "bay_id": "'B' || draw(i, 'bay', 9)",
            "store_id": "'S' || (1 + draw(i, 'bay', 9) % 3)",
            "bay_type": "'mechanical'",
            "installed_on": "date '2023-11-01' + draw(i, 'installed', 300)",
        },
    ),
    ("dms", "technicians"): (
        9,
        1,
        {
            "technician_id": "'T' || draw(i, 'technician', 9)",
            "store_id": "'S' || (1 + draw(i, 'technician', 9) % 3)",
            "technician_name": "'Zhao'",
            "skill_level": "'senior'",
            "hired_on": "date '2024-01-01'",
        },
    ),
    ("dms", "customers"): (
        60,
        5,
        {
            "customer_id": "'C' || draw(i, 'customer', 60)",
            "store_id": "store(i)",
            "customer_name": "'name ' || draw(i, 'name', 12)",
            "phone": "maybe(i, 'phoned', 80, '1380000' || (1000 + draw(i, 'phone', 15)))",
            "customer_kind": "pick(i, 'kind', ['person', 'company'])",
            "created_at": "past(i, 'created')",
        },
    ),
    ("crm", "customers"): (
        40,
        4,
        {
            "crm_customer_id": "'M' || draw(i, 'customer', 60)",
            "customer_name": "'name ' || draw(i, 'name', 12)",
            "phone": "maybe(i, 'phoned', 80, '+86 1380000' || (1000 + draw(i, 'phone', 15)))",
            "is_member": "draw(i, 'member', 2) = 0",
            "acquisition_channel": "'referral'",
            "created_at": "past(i, 'created')",
        },
    ),
    ("crm", "vehicles"): (
        40,
        4,
        {
            "crm_customer_id": "'M' || draw(i, 'customer', 60)",
            "vin": "'LSVAA000000000' || (100 + draw(i, 'vin', 40))",
        },
    ),
    ("dms", "vehicles"): (
        40,
        4,
        {
            "vehicle_id": "'V' || draw(i, 'vehicle', 40)",
            "vin": "'LSVAA000000000' || (100 + draw(i, 'vin', 40))",
            "customer_id": "'C' || draw(i, 'customer', 60)",
            "energy_type": "'ice'",
            "created_at": "past(i, 'created')",
        },
    ),
    ("dms", "repair_orders"): (
        2500,
        8,
        {
            "repair_order_no": "order_no(i, 'order')",
            "store_id": "store(i)",
            "vehicle_id": "'V' || draw(i, 'vehicle', 40)",
            "customer_id": "'C' || draw(i, 'customer', 60)",
            "advisor_id": "'A1'",
            "appointment_id": "maybe(i, 'booked', 40, 'P' || draw(i, 'appointment', 450))",
            "channel": "'walk_in'",
            "order_type": "pick(i, 'type', ['repair', 'repair', 'maintenance'])",
            "fault_system": "pick(i, 'fault', ['engine', 'brake'])",
            "pay_type": "'customer'",
            "arrived_at": "past(i, 'opened') - to_seconds(draw(i, 'arrived', 3000))",
            "opened_at": "past(i, 'opened')",
            "promised_at": "past(i, 'opened') + to_hours(5)",
            "closed_at": "maybe(i, 'closed', 80, least("
            " past(i, 'opened') + to_minutes(60 + draw(i, 'duration', 5000)),"
            " until() - to_seconds(1)))",
            "status": "case when draw(i, 'cancelled', 12) = 0 then 'cancelled'"
            " when draw(i, 'closed', 100) < 80 then 'closed' else 'open' end",
            "labour_amount": "10.0",
            "part_amount": "10.0",
            "discount_amount": "0.0",
            "total_amount": "20.0",
            "entry_channel": "'tablet'",
            "created_at": "past(i, 'created')",
        },
    ),
    ("dms", "labour_lines"): (
        4000,
        8,
        _LINE
        | {
            "labour_line_id": "'L' || draw(i, 'line', 4200)",
            "technician_id": "'T' || draw(i, 'technician', 9)",
            "hours_sold": "cast(1 + draw(i, 'hours', 5) as decimal(8, 2))",
            "labour_amount": "cast(200 + draw(i, 'amount', 900) as decimal(18, 2))",
        },
    ),
    ("dms", "part_lines"): (
        3000,
        6,
        _LINE
        | {
            "part_line_id": "'D' || draw(i, 'line', 3200)",
            "part_no": "'N' || draw(i, 'part', 10)",
            "quantity": "cast(2 as decimal(10, 2))",
            "unit_price_amount": "cast(100 as decimal(18, 2))",
            "part_amount": "cast(200 as decimal(18, 2))",
            "fill_status": "pick(i, 'fill', ['shelf', 'emergency', 'lost'])",
        },
    ),
    ("dms", "ro_status_events"): (
        12000,
        12,
        {
            "event_id": "'E' || draw(i, 'event', 13000)",
            "repair_order_no": "order_no(i, 'order')",
            "store_id": "store(i)",
            "status": "pick(i, 'status', ['arrived', 'opened', 'bay_entered', 'work_finished',"
            " 'qc_passed', 'delivered', 'parts_wait_started', 'parts_wait_ended',"
            " 'approval_wait_started', 'approval_wait_ended'])",
            "event_at": "past(i, 'event')",
            "created_at": "past(i, 'created')",
        },
    ),
    ("dms", "appointments"): (
        400,
        4,
        {
            "appointment_id": "'P' || draw(i, 'appointment', 450)",
            "store_id": "store(i)",
            "vehicle_id": "'V' || draw(i, 'vehicle', 40)",
            "customer_id": "'C' || draw(i, 'customer', 60)",
            "channel": "'app'",
            "booked_at": "past(i, 'due') - to_days(2)",
            "due_at": "past(i, 'due')",
            "cancelled_at": "maybe(i, 'cancelled', 10, past(i, 'due') - to_days(1))",
            "repair_order_no": "maybe(i, 'shown', 70, order_no(i, 'order'))",
        },
    ),
    ("dms", "bay_occupancy"): (
        2000,
        8,
        {
            "occupancy_id": "'O' || draw(i, 'occupancy', 2100)",
            "bay_id": "'B' || draw(i, 'bay', 9)",
            "store_id": "'S' || (1 + draw(i, 'bay', 9) % 3)",
            "repair_order_no": "order_no(i, 'order')",
            "occupancy_kind": "pick(i, 'kind', ['productive', 'blocked'])",
            "started_at": "past(i, 'started')",
            "finished_at": "maybe(i, 'finished', 95, least("
            "past(i, 'started') + to_minutes(draw(i, 'duration', 2500)), until() - to_seconds(1)))",
        },
    ),
    ("dms", "clock_events"): (
        2000,
        8,
        {
            "clock_event_id": "'K' || draw(i, 'clock', 2100)",
            "technician_id": "'T' || draw(i, 'technician', 9)",
            "store_id": "'S' || (1 + draw(i, 'technician', 9) % 3)",
            "clock_kind": "pick(i, 'kind', ['shift', 'job'])",
            "repair_order_no": "maybe(i, 'ordered', 60, order_no(i, 'order'))",
            "clocked_on_at": "past(i, 'on')",
            "clocked_off_at": "maybe(i, 'off', 90,"
            " past(i, 'on') + to_minutes(draw(i, 'duration', 600)))",
        },
    ),
    ("crm", "surveys"): (
        600,
        5,
        {
            "survey_id": "'U' || draw(i, 'survey', 700)",
            "store_id": "store(i)",
            "repair_order_no": "order_no(i, 'order')",
            "survey_channel": "'sms'",
            "sent_at": "past(i, 'sent')",
            "responded_at": "maybe(i, 'responded', 60, past(i, 'sent') + to_hours(30))",
            "nps_score": "draw(i, 'nps', 11)",
            "csi_score": "draw(i, 'csi', 101)",
            "satisfaction_score": "draw(i, 'score', 11)",
        },
    ),
    ("crm", "complaints"): (
        200,
        3,
        {
            "complaint_id": "'W' || draw(i, 'complaint', 220)",
            "store_id": "store(i)",
            "repair_order_no": "maybe(i, 'ordered', 60, order_no(i, 'order'))",
            "topic_code": "'price'",
            "opened_at": "past(i, 'opened')",
            "closed_at": "maybe(i, 'closed', 50, past(i, 'opened') + to_hours(20))",
        },
    ),
    ("parts", "stock"): (
        1500,
        6,
        {
            "store_id": "store(i)",
            "part_no": "'N' || draw(i, 'part', 10)",
            "stock_on": "cast(past(i, 'stock') as date)",
            "quantity_on_hand": "cast(draw(i, 'pieces', 20) as decimal(10, 2))",
            "stock_amount": "cast(draw(i, 'value', 2000) as decimal(18, 2))",
        },
    ),
    ("parts", "master"): (
        10,
        2,
        {
            "part_no": "'N' || draw(i, 'part', 10)",
            "part_name": "'filter'",
            "part_category": "'filter'",
            "unit_cost_amount": "cast(50 as decimal(18, 2))",
            "list_price_amount": "cast(100 as decimal(18, 2))",
            "abc_class": "pick(i, 'class', ['A', 'B', 'C'])",
        },
    ),
    ("parts", "movements"): (
        50,
        3,
        {
            "store_id": "store(i)",
            "part_no": "'N' || draw(i, 'part', 10)",
            "movement_id": "'Q' || draw(i, 'movement', 60)",
            "movement_kind": "'receipt'",
            "quantity": "cast(2 as decimal(10, 2))",
            "moved_at": "past(i, 'moved')",
        },
    ),
    ("finance", "customers"): (
        15,
        2,
        {
            "account_no": "'D' || draw(i, 'account', 20)",
            "customer_name": "'name ' || draw(i, 'name', 12)",
            "phone": "'1380000' || (1000 + draw(i, 'phone', 15))",
            "created_at": "past(i, 'created')",
        },
    ),
    ("finance", "targets"): (
        60,
        4,
        {
            "store_id": "store(i)",
            "target_month": "strftime(past(i, 'month'), '%Y-%m')",
            "metric_code": "pick(i, 'metric', ['revenue', 'visits'])",
            "target_value": "cast(100000 + draw(i, 'value', 9) as decimal(18, 4))",
            "target_unit": "case when draw(i, 'metric', 2) = 0 then 'yuan' else 'count' end",
            "target_basis": "'full_month'",
        },
    ),
    ("finance", "cost_lines"): (
        60,
        4,
        {
            "cost_line_id": "'Y' || draw(i, 'posting', 70)",
            "store_id": "case when draw(i, 'bearer', 4) > 0 then store(i) end",
            "cost_centre": "case when draw(i, 'bearer', 4) = 0 then 'hq_it' end",
            "cost_month": "strftime(past(i, 'month'), '%Y-%m')",
            "account_code": "pick(i, 'account', ['rent', 'wages', 'other'])",
            "amount": "cast(1000 + draw(i, 'amount', 900) as decimal(18, 2))",
        },
    ),
    ("finance", "revenue_lines"): (
        400,
        4,
        {
            "revenue_line_id": "'W' || draw(i, 'voucher', 500)",
            "store_id": "store(i)",
            "booked_month": "strftime(past(i, 'month'), '%Y-%m')",
            "repair_order_no": "order_no(i, 'order')",
            "labour_amount": "cast(draw(i, 'amount', 900) as decimal(18, 2))",
            "part_amount": "cast(20 as decimal(18, 2))",
            "other_amount": "cast(0 as decimal(18, 2))",
        },
    ),
}
