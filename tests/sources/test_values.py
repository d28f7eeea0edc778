"""Codes, joined columns, parted and wide rows become rows of the contract; nothing said is lost."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aftersales.contract import load_contract
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.landing.ledger import DELETIONS, load
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import connector, landed_batches, landed_rows, rejects, said_by


class Legacy:
    """A DuckDB file of one table, its connector, and what lands of it."""

    def __init__(self, home: Home, settings: Settings, progress: Progress, table: str) -> None:
        self.home, self.settings, self.progress = home, settings, progress
        home.root.mkdir(parents=True, exist_ok=True)
        self.path = home.root / "legacy.duckdb"
        self.run(table)

    def run(self, *statements: str) -> None:
        with duckdb.connect(str(self.path)) as database:
            for statement in statements:
                database.execute(statement)

    def declare(self, *tables: dict[str, Any], **document: Any) -> None:
        connector(
            self.home,
            "legacy",
            kind="duckdb",
            connection={"path": str(self.path)},
            tables=[{"from": "t", **one} for one in tables],
            **document,
        )

    def ingest(self) -> bool:
        summary = ingest(self.home, self.settings, self.progress)
        assert summary.connectors.problems == []
        return summary.has_news


def absent(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"absent": True} for name in names}


def bays(**columns: Any) -> dict[str, Any]:
    others = absent(["store_id", "bay_type", "installed_on", "retired_on", "updated_at"])
    return {"feeds": "dms.bays", "keys": ["bay_id"], "columns": {**others, **columns}}


@pytest.mark.parametrize(
    ("otherwise", "landed", "rejected"),
    [
        ({}, ["mechanical", "9", None, None], []),
        ({"otherwise": "keep"}, ["mechanical", "9", None, None], []),
        ({"otherwise": "null"}, ["mechanical", None, None, None], []),
        ({"otherwise": None}, ["mechanical", None, None, None], []),
        ({"otherwise": "reject"}, ["mechanical", None, None], ["bay_type"]),
    ],
)
def test_codes_become_those_of_the_contract(
    home: Home,
    settings: Settings,
    progress: Progress,
    otherwise: dict[str, Any],
    landed: list[str | None],
    rejected: list[str],
) -> None:
    legacy = Legacy(
        home,
        settings,
        progress,
        "create table t as select * from (values ('b1', ' 1 '), ('b2', '9'), ('b3', null), "
        "('b4', '0')) as v (bay_id, lx)",
    )
    values = {"1": "mechanical", "0": None}
    legacy.declare(bays(bay_type={"from": "lx", "values": values, **otherwise}))
    legacy.ingest()
    assert [row[0] for row in landed_rows(home, "bay_type")] == landed
    batch = landed_batches(home)[0]
    found = rejects(home, batch) if batch.rows_rejected else []
    assert [row[1] for row in found] == rejected
    assert all("values do not list" in row[2] and '"lx":"9"' in row[3] for row in found)
    # The code itself is landed beside what became of it.
    assert " 1 " in [row[0] for row in landed_rows(home, "lx")]
    assert not legacy.ingest()


def test_a_map_in_a_file_is_one_of_the_connector(
    home: Home, settings: Settings, progress: Progress
) -> None:
    legacy = Legacy(
        home, settings, progress, "create table t as select 'b1' as bay_id, 1::tinyint as lx"
    )
    (home.connectors / "maps").mkdir(parents=True)
    path = home.connectors / "maps" / "bay_types.csv"
    path.write_text('source_value,contract_value,note\n1,body,"钣金, 喷漆"\n2,,out of use\n')
    legacy.declare(bays(bay_type={"from": "lx", "values": "maps/bay_types.csv"}))
    legacy.ingest()
    assert landed_rows(home, "bay_type, lx") == [("body", 1)]
    legacy.run("update t set lx = 2")
    legacy.ingest()
    assert landed_rows(home, "bay_type, lx")[-1] == (None, 2)


def test_a_unit_leaves_what_the_source_said(
    home: Home, settings: Settings, progress: Progress
) -> None:
    legacy = Legacy(
        home,
        settings,
        progress,
        "create table t as select 's1' as mdbh, 'l1' as lsh, 1.234567::decimal(18, 6) as gsf, "
        "33.6::decimal(10, 1) as gs, 21.005 as labour_amount",
    )
    raw = load_contract(settings.project_dir)["dms", "labour_lines"].columns
    columns = {
        **absent(raw),
        "store_id": "mdbh",
        "labour_line_id": "lsh",
        "discount_amount": {"from": "gsf", "unit": "万元"},
        "labour_amount": {"unit": "万元"},
        "hours_sold": {"from": "gs", "unit": "分钟"},
    }
    legacy.declare(
        {"feeds": "dms.labour_lines", "keys": ["store_id", "labour_line_id"], "columns": columns}
    )
    legacy.ingest()
    landed = landed_rows(
        home,
        "discount_amount::varchar, gsf::varchar, hours_sold::varchar, gs::varchar, "
        "labour_amount::varchar, source_labour_amount::varchar",
        "labour_lines",
    )
    assert landed == [("12345.67", "1.234567", "0.56", "33.6", "210050.00", "21.005")]


def test_a_moment_of_two_columns_is_a_cursor(
    home: Home, settings: Settings, progress: Progress
) -> None:
    legacy = Legacy(
        home,
        settings,
        progress,
        "create table t as select 'b' || i as bay_id, '2025.03.0' || i as rq, '0830' as sj "
        "from range(1, 4) as r (i)",
    )
    columns = {"updated_at": {"from": ["rq", "sj"], "join": " ", "format": "%Y.%m.%d %H%M"}}
    table = {**bays(**columns), "cursor": {"column": "updated_at", "overlap": "1 hour"}}
    legacy.declare(table, time_zone="Asia/Shanghai")
    legacy.ingest()
    assert [str(row[0]) for row in landed_rows(home, "updated_at")] == [
        "2025-03-01 00:30:00", "2025-03-02 00:30:00", "2025-03-03 00:30:00",
    ]  # fmt: skip
    assert landed_rows(home, "rq, sj")[0] == ("2025.03.01", "0830")
    assert not legacy.ingest()
    # A row that changed longer ago than the overlap is not read; one from then on is.
    legacy.run(
        "update t set sj = '0900' where bay_id = 'b1'",
        "insert into t values ('b4', '2025.03.03', '0835'), ('b5', null, '0835'), "
        "('b6', '2025.03.03', null)",
    )
    legacy.ingest()
    assert [row[0] for row in landed_rows(home, "bay_id")[3:]] == ["b4", "b5"]
    assert landed_rows(home, "updated_at")[-1] == (None,)
    assert [row[1:3] for row in rejects(home, landed_batches(home)[-1])] == [
        ("updated_at", "not a timestamp")
    ]


WIDE = {
    "feeds": "dms.ro_status_events",
    "keys": ["store_id", "event_id"],
    "deletes": "key_snapshot",
    "deletes_limit_percent": 100,
    "each": {
        "column": "status",
        "into": ["event_at", "created_at"],
        "values": {"opened": ["jdsj", "jdlr"], "delivered": ["jssj", "jslr"]},
    },
    "columns": {
        "store_id": {"from": "md", "values": {"1": "s1"}},
        "repair_order_no": "gdh",
        "event_id": {"from": ["md", "gdh", "each.status"], "join": "-"},
    },
}
WIDE_TABLE = (
    "create table t as select '1' as md, 'g' || i as gdh, "
    "timestamp '2025-03-01 08:00:00' + to_days(i::int) as jdsj, now()::timestamp as jdlr, "
    "null::timestamp as jssj, null::timestamp as jslr, 10 as je from range(1, 3) as r (i)"
)


def test_each_moment_of_a_wide_row_is_a_row(
    home: Home, settings: Settings, progress: Progress
) -> None:
    legacy = Legacy(home, settings, progress, WIDE_TABLE)
    legacy.declare(WIDE, time_zone="Asia/Shanghai")
    legacy.ingest()
    shown = "event_id, store_id, status, event_at::varchar, md"
    first = ("1-g1-opened", "s1", "opened", "2025-03-02 00:00:00", "1")
    landed = landed_rows(home, shown, "ro_status_events")
    assert len(landed) == 2 and first in landed
    # What of the wide row is not mapped makes no event new; a moment that is set makes one.
    legacy.run("update t set je = 11")
    assert not legacy.ingest()
    legacy.run("update t set jssj = timestamp '2025-03-09 10:00:00' where gdh = 'g2'")
    legacy.ingest()
    assert landed_rows(home, "event_id, created_at", "ro_status_events")[2:] == [
        ("1-g2-delivered", None)
    ]
    legacy.run("update t set jssj = null")
    legacy.ingest()
    gone = [one for one in load(home) if one.status == DELETIONS]
    assert [one.rows_deleted for one in gone] == [1]


def test_a_moment_that_is_gone_is_drift(home: Home, settings: Settings, progress: Progress) -> None:
    legacy = Legacy(home, settings, progress, WIDE_TABLE)
    legacy.declare(WIDE)
    legacy.ingest()
    legacy.run("alter table t drop column jslr", "alter table t add column zz int")
    legacy.ingest()
    said = said_by(progress)
    assert "missing column jslr, which feeds created_at" in said


@pytest.mark.parametrize("policy", ["accept", "quarantine"])
def test_without_the_column_that_parts_them_no_rows_land(
    home: Home, settings: Settings, progress: Progress, policy: str
) -> None:
    legacy = Legacy(home, settings, progress, "create table t as select 'b1' as bh, '1' as lx")
    legacy.declare({**bays(bay_id="bh"), "only": {"lx": "1"}}, schema_policy=policy)
    legacy.ingest()
    legacy.run("alter table t drop column lx", "insert into t values ('b2')")
    assert not legacy.ingest()
    said = said_by(progress)
    assert "missing column lx" in said and "nothing of it was loaded" in said


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ("rename column bh to bhao", "declare bay_id: bhao"),
        ("rename column lx to lxing", "write that into the connector instead of lx"),
    ],
)
def test_a_renamed_column_is_told_with_what_to_write(
    home: Home, settings: Settings, progress: Progress, change: str, advice: str
) -> None:
    legacy = Legacy(home, settings, progress, "create table t as select 'b1' as bh, '1' as lx")
    legacy.declare(bays(bay_id="bh", bay_type={"from": "lx", "values": {"1": "body"}}))
    legacy.ingest()
    legacy.run(f"alter table t {change}")
    legacy.ingest()
    assert advice in said_by(progress)


def test_wide_rows_of_parquet_are_taken_apart(
    home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    duckdb.execute(
        f"copy (select '1' as md, 'g1' as gdh, date '2025-03-01' as jdsj, null::int as jdlr, "
        f"'2025-03-02 09:00' as jssj, null as jslr) to '{folder}/2025-03.parquet'"
    )
    connector(
        home,
        "legacy",
        kind="parquet",
        connection={"folder": str(folder)},
        tables=[{"files": "*.parquet", **{k: v for k, v in WIDE.items() if "deletes" not in k}}],
    )
    ingest(home, settings, progress)
    landed = landed_rows(home, "_row_number, status, event_at::varchar", "ro_status_events")
    assert landed == [
        (101, "delivered", "2025-03-02 09:00:00"),
        (102, "opened", "2025-03-01 00:00:00"),
    ]


def test_rows_of_a_file_keep_their_number(
    home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "2025-03.csv").write_text(
        "md,gdh,jdsj,jdlr,jssj,jslr\n1,g1,2025-3-1 8:00,,2025-3-2 9:00,\n1,g2,,,2025-3-3 9:00,\n"
        "1,g3,soon,,2025-3-4 9:00,\n",
        encoding="gb18030",
    )
    connector(
        home,
        "legacy",
        kind="csv",
        connection={"folder": str(folder)},
        tables=[{"files": "*.csv", **{k: v for k, v in WIDE.items() if "deletes" not in k}}],
    )
    ingest(home, settings, progress)
    landed = landed_rows(home, "_row_number, event_id", "ro_status_events")
    # The connector's file names delivered first.
    assert landed == [
        (101, "1-g1-delivered"),
        (102, "1-g1-opened"),
        (201, "1-g2-delivered"),
        (301, "1-g3-delivered"),
    ]
    found = rejects(home, landed_batches(home, "ro_status_events")[0])
    assert [row[:3] for row in found] == [(302, "event_at", "not a timestamp")]


def test_one_table_feeds_two_by_a_code(home: Home, settings: Settings, progress: Progress) -> None:
    legacy = Legacy(
        home,
        settings,
        progress,
        "create table t as select * from (values ('m1', '1'), ('m2', '2'), ('m3', '3'), "
        "('m4', null)) as v (bh, lx)",
    )
    master = load_contract(settings.project_dir)["parts", "master"].columns
    legacy.declare(
        {**bays(bay_id="bh"), "only": {"lx": "1"}},
        {
            "feeds": "parts.master",
            "keys": ["part_no"],
            "only": {"lx": ["2"]},
            "columns": {**absent(master), "part_no": "bh"},
        },
    )
    legacy.ingest()
    assert landed_rows(home, "bay_id") == [("m1",)]
    assert landed_rows(home, "part_no", "master") == [("m2",)]
    found = rejects(home, landed_batches(home)[0])
    assert [(row[1], row[2]) for row in found] == [
        ("lx", "no table of the connector takes rows with this code")
    ] * 2
    assert not legacy.ingest()
