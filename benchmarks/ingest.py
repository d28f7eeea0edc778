"""Loading from database servers: rows per second beside the server's own export of a table."""

import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from benchmarks.process import Measurement, aftersales, measure
from sources import dms, servers  # found by PYTHONPATH=.:tests
from sources.servers import Server

_TABLE = "repair_orders"
_CHANGED_ROWS = 1_000
_REPEATS = 3


def run(work: Path, rows: int) -> list[str]:
    """Measure both servers, one after the other, which the tests know to start; gives Markdown."""
    files = work / "ingest-company"
    source = dms.make_company(files) if not files.is_dir() else files / "sources" / "dms"
    lines = [
        f"### Loading {rows:,} repair orders of 24 columns from a database server",
        "",
        "| | own export, rows/s | landing step, rows/s | of the export | whole command s "
        "| peak GiB | 1,000 changed rows, all keys compared, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind in ("postgresql", "mariadb"):
        reason = servers.missing(kind)
        if reason:
            lines.append(f"| {kind} | not measured: {reason} | | | | | |")
            continue
        with servers.running(kind, work / f"ingest-{kind}") as server:
            lines.append(_measure(server, source, work, rows))
    return [*lines, ""]


def _measure(server: Server, source: Path, work: Path, rows: int) -> str:

    dms.fill(server, source, [_TABLE])
    _multiply(server, rows)
    count = int(server.run(f"select count(*) from {_TABLE};"))
    os.environ.update(server.environment())
    export = min(_seconds(lambda: _export(server)) for _ in range(_REPEATS))
    home = Home(work / f"ingest-{server.kind}-home")
    dms.write_connector(server, home.connectors, tables=[_TABLE])
    whole = measure(aftersales(home.root, "ingest"), work / "ingest.log")
    landing = min(_landing_seconds(server, work, number) for number in range(_REPEATS))
    server.run(
        f"update {_TABLE} set odometer_km = 1, updated_at = {dms.now(server.kind)} where "
        f"repair_order_no in (select repair_order_no from (select repair_order_no from {_TABLE} "
        f"order by repair_order_no limit {_CHANGED_ROWS}) as old);"
    )
    changed = measure(aftersales(home.root, "ingest"), work / "ingest.log")
    return _row(server.kind, count, export, landing, whole, changed)


def _row(
    kind: str, count: int, export: float, landing: float, whole: Measurement, changed: Measurement
) -> str:
    return (
        f"| {kind} | {count / export:,.0f} | {count / landing:,.0f} | {export / landing:.0%} "
        f"| {whole.wall_seconds:.1f} | {whole.peak_gib:.2f} | {changed.wall_seconds:.1f} |"
    )


def _landing_seconds(server: Server, work: Path, number: int) -> float:
    """A first load into a home of its own, without the start of Python."""
    home = Home(work / f"ingest-{server.kind}-home{number}")
    dms.write_connector(server, home.connectors, tables=[_TABLE])
    progress = Progress(Console(file=(work / "ingest.log").open("a", encoding="utf-8")))
    with home.lock():
        return _seconds(lambda: ingest(home, Settings(), progress))


def _multiply(server: Server, rows: int) -> None:
    """Copy the orders under new numbers until there are enough."""
    for doubling in itertools.count():
        if int(server.run(f"select count(*) from {_TABLE};")) >= rows:
            break
        copied = ", ".join(
            f"concat({name}, '-{doubling}')" if name == "repair_order_no" else name
            for name in dms.contract_tables()[_TABLE].columns
        )
        server.run(f"insert into {_TABLE} select {copied} from {_TABLE};")
    server.run(f"analyze{' table' if server.kind == 'mariadb' else ''} {_TABLE};")


def _export(server: Server) -> None:
    path = server.folder / "export.csv"
    path.unlink(missing_ok=True)
    if server.kind == "postgresql":
        server.run(f"copy {_TABLE} to '{path}' with (format csv);")
    else:
        server.run(f"select * from {_TABLE} into outfile '{path}';")


def _seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started
