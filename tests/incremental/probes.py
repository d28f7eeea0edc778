"""Orders of a quiet year, each changed by a later extract in a way that reaches another day.

Nothing else happens on the days of these orders: a day that an increment forgets stays wrong and
shows.
"""

Row = dict[str, str]
Rows = dict[tuple[str, str], list[Row]]

ORDERS = ("dms", "repair_orders")
LABOUR = ("dms", "labour_lines")
EVENTS = ("dms", "ro_status_events")


def order(number: str, vehicle: str, opened: str, closed: str, **changes: str) -> Row:
    """Give a repair of a vehicle's brakes."""
    return {
        "repair_order_no": number,
        "store_id": "S1",
        "vehicle_id": vehicle,
        "customer_id": "C1",
        "order_type": "repair",
        "fault_system": "brake",
        "pay_type": "customer",
        "opened_at": opened,
        "closed_at": closed,
        "status": "closed",
        "total_amount": "0",
    } | changes


def line(number: str, order_no: str) -> Row:
    """Give a labour line."""
    return {
        "labour_line_id": number,
        "repair_order_no": order_no,
        "store_id": "S1",
        "technician_id": "T1",
        "service_item_code": "I1",
        "pay_type": "customer",
        "hours_sold": "1.5",
        "labour_amount": "300",
        "discount_amount": "0",
        "cost_amount": "100",
    }


def event(number: str, order_no: str, status: str, at: str) -> Row:
    """Give a status event."""
    return {
        "event_id": number,
        "repair_order_no": order_no,
        "store_id": "S1",
        "status": status,
        "event_at": at,
    }


PROBES: dict[str, Rows] = {
    "2025-10": {
        ORDERS: [
            # Comes back on the last day of the window, by a later extract.
            order("A1", "VA", "2022-03-01 01:00:00", "2022-03-01 09:00:00"),
            # Loses its comeback to a repair that began before it and ended after it.
            order("B1", "VB", "2022-05-01 01:00:00", "2022-05-01 09:00:00"),
            order("B2", "VB", "2022-05-31 05:00:00", "2022-05-31 09:00:00"),
            # Loses its comeback because that order was opened on another day after all.
            order("C1", "VC", "2022-07-01 01:00:00", "2022-07-01 09:00:00"),
            order("C2", "VC", "2022-07-31 01:00:00", "2022-07-31 09:00:00"),
            # Loses a line to an order of another day.
            order("D1", "VD", "2022-09-01 01:00:00", "2022-09-01 09:00:00"),
            order("D2", "VX", "2022-09-20 01:00:00", "2022-09-20 09:00:00"),
            # Waited for parts, as an event tells later; closed on another day than opened.
            order("E1", "VE", "2022-10-01 01:00:00", "2022-10-10 09:00:00"),
            # Cancelled later.
            order("F1", "VF", "2022-11-01 01:00:00", "2022-11-01 09:00:00"),
        ],
        LABOUR: [
            line("PD", "D1"),
            line("PF", "F1"),
            # Arrives before its order.
            line("PG", "G1"),
        ],
    },
    "2025-11-01": {
        ORDERS: [
            order("A2", "VA", "2022-03-31 01:00:00", "2022-03-31 09:00:00"),
            order("B3", "VB", "2022-04-10 01:00:00", "2022-05-31 04:00:00"),
        ],
        LABOUR: [line("PD", "D2")],
    },
    "2025-11-02": {
        ORDERS: [
            order("C2", "VC", "2022-08-30 01:00:00", "2022-08-30 09:00:00"),
            order("F1", "VF", "2022-11-01 01:00:00", "2022-11-01 09:00:00", status="cancelled"),
        ],
        EVENTS: [event("PE", "E1", "parts_wait_started", "2022-10-02 01:00:00")],
    },
    # Older than what has landed: changes an order that no other extract holds, and tries to bring
    # back the day a newer extract has moved.
    "2025-10-31": {
        ORDERS: [
            order("G1", "VG", "2022-12-01 01:00:00", "2022-12-01 09:00:00"),
            order("C2", "VC", "2022-07-31 01:00:00", "2022-07-31 09:00:00"),
        ],
    },
}
