"""Files and small databases: names, units, zones, sheets, merged headings, versions."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ingest import IngestSummary, ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import Bays, connector, landed_batches, landed_rows, rejects, said_by


@pytest.fixture
def land(home: Home, settings: Settings, progress: Progress) -> Any:
    def run() -> IngestSummary:
        return ingest(home, settings, progress)

    return run


@pytest.fixture
def folder(home: Home) -> Path:
    place = home.root / "in"
    place.mkdir(parents=True)
    return place


def test_names_units_formats_and_zones_are_translated(home: Home, folder: Path, land: Any) -> None:
    connector(
        home,
        "legacy",
        kind="csv",
        time_zone="Asia/Shanghai",
        connection={"folder": str(folder)},
        tables=[
            {
                "files": "工时*.txt",
                "feeds": "dms.labour_lines",
                "keys": ["labour_line_id"],
                "columns": {
                    "labour_line_id": "明细号",
                    "repair_order_no": "工单号",
                    "store_id": "门店",
                    "technician_id": "工号",
                    "service_item_code": "项目",
                    "pay_type": {"constant": "customer"},
                    "hours_sold": {"from": "工时分", "unit": "分钟"},
                    "labour_amount": {"from": "金额万", "unit": "万元"},
                    "discount_amount": {"absent": True},
                    "cost_amount": {"from": "成本", "unit": "分"},
                    "created_at": {"from": "建单", "format": "%d/%m/%Y %H:%M"},
                },
            }
        ],
    )
    (folder / "工时 2025年3月.txt").write_bytes(
        "明细号|工单号|门店|工号|项目|工时分|金额万|成本|建单|备注\n"
        "1|R1|S1|T1|P1|90|0.0123|1,234|05/03/2025 07:30|好\n"
        "2|R1|S1|T1|P1|ninety|0.01|5|05/03/2025 07:30|坏\n".encode("gbk")
    )
    summary = land()
    assert summary.connectors.problems == []
    columns = (
        "pay_type, hours_sold::varchar, labour_amount::varchar, discount_amount, "
        "cost_amount::varchar, created_at, 备注, _row_number, _batch_id"
    )
    assert landed_rows(home, columns, "labour_lines") == [
        (
            "customer", "1.50", "123.00", None, "12.34", datetime(2025, 3, 4, 23, 30), "好", 1,
            "2025-03-31.s000001",
        )
    ]  # fmt: skip
    number, column, reason, raw = rejects(home, landed_batches(home, "labour_lines")[0])[0]
    assert (number, column, reason) == (2, "hours_sold", "not a numeric(8,2)")
    assert '"工时分":"ninety"' in raw
    assert landed_batches(home, "labour_lines")[0].notes == ["read as gb18030"]


def test_sheets_with_headings_of_two_rows(home: Home, folder: Path, land: Any) -> None:
    book = openpyxl.Workbook()
    for title, store in (("费用 海淀", "S1"), ("费用 浦东", "S2"), ("说明", "S3")):
        sheet = book.create_sheet(title)
        sheet.append(["2025 年费用表"])
        sheet.append(["编号", "门店", "费用", None, None, "更新"])
        sheet.append([None, None, "月份", "科目", "金额", None])
        sheet.append([f"{store}-1", store, "2025-03", "rent", 1234.5, datetime(2025, 4, 1, 9)])
        sheet.merge_cells("C2:E2")
        sheet.merge_cells("A2:A3")
    book.remove(book.worksheets[0])
    book.save(folder / "2025-03.xlsx")
    connector(
        home,
        "books",
        kind="excel",
        time_zone="Asia/Shanghai",
        connection={"folder": str(folder)},
        tables=[
            {
                "files": "*.xlsx",
                "sheet": "费用*",
                "feeds": "finance.cost_lines",
                "header_row": 2,
                "header_rows": 2,
                "columns": {
                    "cost_line_id": "编号",
                    "store_id": "门店",
                    "cost_centre": {"absent": True},
                    "cost_month": "费用/月份",
                    "account_code": "费用/科目",
                    "amount": "费用/金额",
                    "updated_at": "更新",
                },
            }
        ],
    )
    summary = land()
    assert (summary.connectors.problems, summary.connectors.drifts) == ([], [])
    assert landed_rows(
        home,
        "cost_line_id, cost_month, amount, updated_at, _row_number, _source_file",
        "cost_lines",
    ) == [
        ("S1-1", "2025-03", "1234.5", "2025-04-01 01:00:00", 4, "books/2025-03.xlsx#费用 海淀"),
        ("S2-1", "2025-03", "1234.5", "2025-04-01 01:00:00", 4, "books/2025-03.xlsx#费用 浦东"),
    ]
    batches = landed_batches(home, "cost_lines")
    (home.ledger / f"{batches[1].key}.json").unlink()
    assert [batch.source_file for batch in land().landed] == ["books/2025-03.xlsx#费用 浦东"]
    assert not land().has_news


def test_a_file_that_changed_lands_as_a_newer_version(home: Home, folder: Path, land: Any) -> None:
    connector(
        home,
        "bays",
        kind="csv",
        connection={"folder": str(folder)},
        tables=[{"files": "*.csv", "feeds": "dms.bays", "keys": ["bay_id"]}],
    )
    header = "bay_id,store_id,bay_type,installed_on,retired_on,updated_at\n"
    path = folder / "2025-03-05.csv"
    path.write_text(header + "b1,s1,body,2025-01-01,,\n")
    assert land().landed[0].extract_on == "2025-03-05"
    path.write_text(header + "b1,s1,quick_service,2025-01-01,,\n")
    assert land().landed[0].batch_id == "2025-03-05.s000002"
    assert not land().has_news


def test_a_rejected_file_is_read_again_when_the_connector_is_changed(
    home: Home, folder: Path, land: Any
) -> None:
    (folder / "a.csv").write_text("no,store_id\nb1,s1\n")
    absent = {
        name: {"absent": True} for name in ("bay_type", "installed_on", "retired_on", "updated_at")
    }
    table = {"files": "*.csv", "feeds": "dms.bays", "keys": ["bay_id"], "columns": absent}
    where = {"folder": str(folder)}
    connector(home, "bays", kind="csv", connection=where, tables=[table])
    assert [batch.reason for batch in land().rejected] == ["columns missing from the contract"]
    assert not land().has_news
    table["columns"] = {**absent, "bay_id": "no"}
    connector(home, "bays", kind="csv", connection=where, tables=[table])
    assert land().rows_landed == 1


def test_sqlite_changes_arrive_as_versions(home: Home, land: Any) -> None:
    bays = Bays(home, time_zone="Asia/Shanghai")
    assert land().rows_landed == 3
    assert not land().has_news
    bays.add(4)
    bays.run(
        "update bays set bay_type = 'wash', updated_at = '2025-01-05 08:30:00' where bay_id = 'b2'"
    )
    assert [batch.rows_landed for batch in land().landed] == [2]
    assert landed_rows(home, "bay_id, bay_type, updated_at")[-2:] == [
        ("b2", "wash", datetime(2025, 1, 5, 0, 30)),
        ("b4", "body", datetime(2025, 1, 5, 0, 0)),
    ]
    bays.run(
        "update bays set bay_type = 'body', updated_at = '2025-01-05 08:30:00' where bay_id = 'b2'"
    )
    assert land().rows_landed == 1
    assert not land().has_news


def test_rows_that_repeat_a_key_land_once(home: Home, land: Any) -> None:
    bays = Bays(home)
    bays.run("insert into bays select * from bays where bay_id = 'b1'")
    bays.run("update bays set bay_type = 'x' where rowid = 4")
    assert land().rows_landed == 4
    assert not land().has_news
    bays.run("update bays set bay_type = 'y' where rowid = 4")
    assert land().rows_landed == 2
    assert not land().has_news


def test_a_bad_row_of_a_table_is_rejected_once(home: Home, land: Any) -> None:
    bays = Bays(home)
    bays.run("alter table bays add column day text", "update bays set day = 'soon'")
    bays.table["columns"] = {"installed_on": "day"}
    bays.declare()
    batch = land().landed[0]
    assert (batch.rows_landed, batch.rows_rejected) == (0, 3)
    assert rejects(home, batch)[0][1:3] == ("installed_on", "not a date")
    assert not land().has_news


def test_duckdb_and_parquet(home: Home, folder: Path, land: Any) -> None:
    select = (
        "select 'b' || i as bay_id, 's' as store_id, 'body' as bay_type, date '2025-01-01' as "
        "installed_on, null::date as retired_on, timestamptz '2025-02-01 08:00:00+08' "
        "as updated_at from range(3) as r (i)"
    )
    with duckdb.connect(folder / "copy.duckdb") as database:
        database.execute(f"create table bays as {select}")
    duckdb.execute(f"copy ({select}) to '{folder}/2025-02.parquet' (format parquet)")
    table = {"feeds": "dms.bays", "keys": ["bay_id"]}
    connector(
        home,
        "copy",
        kind="duckdb",
        connection={"path": str(folder / "copy.duckdb")},
        tables=[table | {"from": "bays"}],
    )
    connector(
        home,
        "lake",
        kind="parquet",
        connection={"folder": str(folder)},
        tables=[table | {"files": "*.parquet"}],
    )
    assert land().rows_landed == 6
    assert set(landed_rows(home, "installed_on, updated_at")) == {
        (date(2025, 1, 1), datetime(2025, 2, 1, 0, 0))
    }
    assert not land().has_news


def test_the_ledger_is_all_the_state_there_is(home: Home, land: Any) -> None:
    Bays(home)
    land()
    batch = landed_batches(home)[0]
    assert batch.cursor_high == "2025-01-05 08:00:00"
    (home.ledger / f"{batch.key}.json").unlink()
    assert land().rows_landed == 3
    assert [one.key for one in ledger.load(home)] == [batch.key]


def test_one_source_that_fails_stops_no_other(home: Home, land: Any) -> None:
    Bays(home)
    connector(
        home,
        "another",
        kind="sqlite",
        connection={"path": "nowhere.db"},
        tables=[{"from": "x", "feeds": "dms.bays"}],
    )
    summary = land()
    assert summary.rows_landed == 3
    assert "there is no file nowhere.db" in summary.connectors.problems[0]
    with pytest.raises(Exception, match="could not be read, everything else has landed"):
        summary.raise_if_incomplete()


def test_a_late_source_is_told(home: Home, land: Any, progress: Progress) -> None:
    Bays(home, expected_hours=24)
    land()
    said = said_by(progress)
    assert "bays is late" in said and "ask steward" in said
