"""Landed rows by hand: the first of a batch, none that breaks a rule, and the newest of those."""

import json
from pathlib import Path

import duckdb
import pytest

from . import landed
from .landed import TABLES, read_landed

LINES = """
    (values
        ('2025-09', 1, 'L1', ' CUSTOMER ', 1, 100), ('2025-09', 2, 'L1', 'customer', 1, 999),
        ('2025-09', 3, 'L2', 'customer', 1, -5), ('2025-09', 4, 'L3', 'voucher', 1, 100),
        ('2025-09', 5, 'L4', 'customer', 1, 100), ('2025-09', 6, ' ', 'customer', 1, 100),
        ('2025-09', 7, 'L5', 'customer', null, 100), ('2025-09', 8, 'L6', 'customer', 1, 200001),
        ('2025-10', 1, 'L4', 'customer', 1, 200), ('2025-10', 2, 'L1', 'customer', 1, -1),
        ('2025-11', 1, 'L4', 'customer', 1, 300)
    ) as told (_batch_id, _row_number, labour_line_id, pay_type, hours_sold, labour_amount)
"""
SHIFTS = """
    (values
        (1, 'C1', timestamp '2025-09-30 08:00:00', timestamp '2025-09-30 23:59:59'),
        (2, 'C2', timestamp '2025-09-30 08:00:00', timestamp '2025-10-01 00:00:00'),
        (3, 'C3', timestamp '2025-09-30 08:00:00', timestamp '2025-09-30 07:59:59'),
        (4, 'C4', timestamp '2025-09-30 08:00:00', null)
    ) as told (_row_number, clock_event_id, clocked_on_at, clocked_off_at)
"""


def write(landing: Path, place: str, batch: str, rows: str) -> None:
    """Land the rows of a batch, and its entry in the ledger."""
    system, table = place.split("/")
    (landing / place).mkdir(parents=True, exist_ok=True)
    (landing / "_ledger").mkdir(exist_ok=True)
    last_day = {"2025-09": 30, "2025-10": 31, "2025-11": 30}[batch]
    entry = {
        "system": system, "table": table, "batch_id": batch, "extract_on": f"{batch}-{last_day}",
    }  # fmt: skip
    (landing / "_ledger" / f"{system}.{table}.{batch}.json").write_text(json.dumps(entry))
    duckdb.sql(rows).write_parquet(str(landing / place / f"{batch}.parquet"))


def read(monkeypatch: pytest.MonkeyPatch, landing: Path, name: str) -> tuple[set[object], int]:
    """Keys and amounts of a table that are left, and how many rows were landed."""
    monkeypatch.setattr(landed, "TABLES", {name: TABLES[name]})
    place = TABLES[name].place.replace("/", ".")
    with duckdb.connect() as connection:
        count = read_landed(connection, landing, [f"{place}.2025-09", f"{place}.2025-10"])
        column = {"labour_lines": "(labour_line_id, pay_type, labour_amount)"}.get(
            name, "clock_event_id"
        )
        rows = connection.execute(f"select {column} from newest_{name}").fetchall()
    return {row[0] for row in rows}, count


def test_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A newer version that breaks a rule leaves the older one; a later batch is no part of it."""
    for batch in ("2025-09", "2025-10", "2025-11"):
        write(tmp_path, "dms/labour_lines", batch, f"""
            select *, 'S1' as store_id, 'R1' as repair_order_no, 'I1' as service_item_code,
                0 as discount_amount, 0 as cost_amount
            from {LINES} where _batch_id = '{batch}'
        """)  # fmt: skip
    rows, count = read(monkeypatch, tmp_path, "labour_lines")
    assert rows == {("L1", "customer", 100), ("L4", "customer", 200)}
    assert count == 10


def test_shifts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing ends before it starts or after the day of its extract; an open end is let in."""
    write(tmp_path, "dms/clock_events", "2025-09", f"""
        select *, '2025-09' as _batch_id, 'S1' as store_id, 'T1' as technician_id,
            'shift' as clock_kind
        from {SHIFTS}
    """)  # fmt: skip
    rows, count = read(monkeypatch, tmp_path, "clock_events")
    assert rows == {"C1", "C4"}
    assert count == 4
