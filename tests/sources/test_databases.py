"""Real servers, read while they are written to: nothing lost, nothing twice, deletes noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ingest import ingest
from aftersales.landing.ledger import DELETIONS
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources import dms
from sources.servers import PASSWORD, Server
from sources.support import said_by

pytestmark = pytest.mark.usefixtures("credentials")


def test_what_lands_while_rows_change_equals_the_source(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors)
    with dms.Writer(server) as writer:
        while writer.rounds < 12 and not writer.failures:
            summary = ingest(home, settings, progress)
            assert summary.connectors.problems == []
            assert summary.rejected == []
    assert writer.failures == []
    ingest(home, settings, progress)
    assert dms.differences(server, home, connector, tmp_path) == {}
    assert dms.landed_twice(home) == 0
    assert not ingest(home, settings, progress).has_news


def test_the_comparison_sees_what_is_lost_and_what_is_twice(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors, ["bays", "repair_orders"])
    ingest(home, settings, progress)
    assert dms.differences(server, home, connector, tmp_path) == {}
    batch = next(one for one in ledger.load(home) if one.table == "bays")
    again = replace(batch, batch_id=batch.batch_id + "x")
    data = ledger.data_path(home, batch)
    duckdb.sql(
        f"copy (select * replace ('{again.batch_id}' as _batch_id) from read_parquet('{data}')) "
        f"to '{ledger.data_path(home, again)}' (format parquet)"
    )
    ledger.record(home, again)
    assert dms.landed_twice(home) == batch.rows_landed
    ledger.data_path(home, again).unlink()
    for one in (batch, again):
        (home.ledger / f"{one.key}.json").unlink()
    assert dms.differences(server, home, connector, tmp_path)["bays"] == (batch.rows_landed, 0)


@contextmanager
def emptied(server: Server, table: str) -> Iterator[None]:
    """A table that has lost its rows for a while; the tests after this one find them again."""
    server.run(f"create table kept as select * from {table};")
    server.run(f"delete from {table};")
    try:
        yield
    finally:
        server.run(f"insert into {table} select * from kept; drop table kept;")


def test_deletes_are_noticed_and_revived_rows_land_again(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors)
    ingest(home, settings, progress)
    with emptied(server, "bays"):
        gone = ingest(home, settings, progress).connectors.batches("deletions")
        assert [batch.table for batch in gone] == ["bays"]
        assert gone[0].rows_deleted > 0
        path = ledger.data_path(home, gone[0])
        keys = duckdb.sql(f"select deleted_key from read_parquet('{path}')").fetchall()
        assert '"bay_id"' in keys[0][0]
        assert dms.differences(server, home, connector, tmp_path) == {}
    ingest(home, settings, progress)
    assert dms.differences(server, home, connector, tmp_path) == {}
    assert sum(batch.status == DELETIONS for batch in ledger.load(home)) == 1
    assert not ingest(home, settings, progress).has_news


def test_a_half_empty_source_deletes_nothing(
    server: Server, home: Home, settings: Settings, progress: Progress
) -> None:
    dms.write_connector(server, home.connectors, ["bays", "stores"], deletes_limit_percent=10)
    ingest(home, settings, progress)
    with emptied(server, "bays"):
        server.run("update stores set store_name = 'renamed';")
        summary = ingest(home, settings, progress).connectors
    assert not summary.batches("deletions")
    assert [batch.table for batch in summary.batches("landed")] == ["stores"]
    [problem] = summary.problems
    assert "bays" in problem and "more than 10 %" in problem and "deletes_limit_percent" in problem


def test_a_row_dated_ahead_hides_nothing(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors)
    server.run("update stores set updated_at = '2199-01-01 00:00:00';")
    ingest(home, settings, progress)
    server.run("update stores set store_name = 'renamed', updated_at = '2025-01-01 00:00:00';")
    ingest(home, settings, progress)
    assert dms.differences(server, home, connector, tmp_path) == {}
    days = [batch.extract_on or "" for batch in ledger.load(home)]
    assert max(days) < "2100"


def test_local_time_becomes_utc(
    server: Server, home: Home, settings: Settings, progress: Progress
) -> None:
    dms.write_connector(server, home.connectors)
    server.run("update advisors set updated_at = '2025-03-01 07:30:00';")
    ingest(home, settings, progress)
    landed = duckdb.sql(
        f"select distinct updated_at::varchar from "
        f"read_parquet('{home.landing}/dms/advisors/*.parquet')"
    ).fetchall()
    assert landed == [("2025-02-28 23:30:00",)]


def test_a_query_is_read_by_its_cursor_and_compared_by_its_keys(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors, ["bays", "advisors"])
    document = yaml.safe_load(connector.read_text(encoding="utf-8"))
    for table in document["tables"]:
        table["query"] = f"select * from {table['from']} where 'it''s' = 'it''s'"
    connector.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    assert ingest(home, settings, progress).connectors.problems == []
    assert dms.differences(server, home, connector, tmp_path) == {}
    assert not ingest(home, settings, progress).has_news
    server.run("update bays set updated_at = '2025-06-01 00:00:00' where bay_id like '%1';")
    server.run("create table oldest as select min(advisor_id) as advisor_id from advisors;")
    server.run("delete from advisors where advisor_id in (select * from oldest);")
    summary = ingest(home, settings, progress).connectors
    assert summary.problems == []
    assert dms.differences(server, home, connector, tmp_path) == {}
    changed = [one.rows_landed for one in summary.batches("landed") if one.table == "bays"]
    bays = duckdb.sql(f"from read_parquet('{home.landing}/dms/bays/*.parquet')").aggregate(
        "count(distinct bay_id)"
    )
    [(count,)] = bays.fetchall()
    assert 0 < sum(changed) < count


def test_a_query_changes_nothing_in_the_source(
    server: Server, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    connector = dms.write_connector(server, home.connectors, ["bays"])
    document = yaml.safe_load(connector.read_text(encoding="utf-8"))
    document["tables"][0]["query"] = (
        "with gone as (delete from bays returning *) select * from gone"
    )
    connector.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    before = server.run("select count(*) from bays;")
    assert int(before) > 0
    assert ingest(home, settings, progress).connectors.problems
    assert server.run("select count(*) from bays;") == before


def test_a_query_tells_mysql_timestamps_in_utc(
    server: Server, home: Home, settings: Settings, progress: Progress
) -> None:
    if server.kind != "mariadb":
        pytest.skip("only MySQL and MariaDB have TIMESTAMP columns that are moments")
    server.run(
        "create table stamped as select * from advisors; "
        "alter table stamped modify updated_at timestamp(6) null; "
        "set time_zone = '+08:00'; update stamped set updated_at = '2025-03-01 07:30:00';"
    )
    connector = dms.write_connector(server, home.connectors, ["advisors"])
    document = yaml.safe_load(connector.read_text(encoding="utf-8"))
    document["tables"][0] |= {
        "query": "select * from stamped",
        "columns": {"updated_at": {"time_zone": "UTC"}},
    }
    connector.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    assert ingest(home, settings, progress).connectors.problems == []
    landed = duckdb.sql(
        f"select distinct updated_at::varchar from "
        f"read_parquet('{home.landing}/dms/advisors/*.parquet')"
    ).fetchall()
    assert landed == [("2025-02-28 23:30:00",)]
    server.run("drop table stamped;")


@pytest.mark.parametrize("fault", ["none", "wrong password", "no server", "no table"])
def test_the_password_is_written_nowhere(
    server: Server,
    home: Home,
    settings: Settings,
    progress: Progress,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = dms.write_connector(server, home.connectors)
    text = path.read_text()
    if fault == "wrong password":
        monkeypatch.setenv("DMS_PASSWORD", PASSWORD + "'x")
    if fault == "no server":
        path.write_text(text.replace(f"port: {server.port}", "port: 1"))
    if fault == "no table":
        path.write_text(text.replace("from: bays", "from: nowhere"))
    summary = ingest(home, settings, progress)
    said = said_by(progress)
    has_problem = bool(summary.connectors.problems or summary.connectors.drifts)
    assert has_problem == (fault != "none")
    assert PASSWORD not in said
    assert PASSWORD not in "".join(summary.connectors.problems)
    for written in home.root.rglob("*"):
        if written.is_file():
            content = written.read_bytes()
            assert PASSWORD.encode() not in content, written
            assert PASSWORD.replace("'", "''").encode() not in content, written
