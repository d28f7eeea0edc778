"""One more day on a company with years of history: the increment's time against a full build."""

from pathlib import Path

import duckdb

from aftersales.compare import compare_databases
from aftersales.home import Home
from aftersales.warehouse.candidate import finished_candidate
from benchmarks.process import aftersales, measure

BASE_DAYS = {"small": 365, "region": 1096, "nation": 1096}


def _database(home: Path) -> Path:
    folder, _ = finished_candidate(Home(home))
    return folder / "warehouse.duckdb"


def _orders(database: Path) -> int:
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute("select count(*) from marts.fct_repair_orders").fetchone()
    return int(row[0]) if row else 0


def run(work: Path, scale: str) -> list[str]:
    """Measure both builds on the same data and compare their tables; gives Markdown lines."""
    home, log = work / f"day-{scale}", work / "one_more_day.log"
    measure(aftersales(home, "demo", "--scale", scale), log)
    measure(aftersales(home, "ingest"), log)
    measure(aftersales(home, "build", "--full"), log)
    measure(aftersales(home, "audit"), log)
    measure(aftersales(home, "publish"), log)
    measure(aftersales(home, "demo", "--scale", scale, "--days", str(BASE_DAYS[scale] + 1)), log)
    landing = measure(aftersales(home, "ingest"), log)
    increment = measure(aftersales(home, "build"), log)
    incremental = work / f"day-{scale}-incremental.duckdb"
    incremental.unlink(missing_ok=True)
    incremental.hardlink_to(_database(home))
    full = measure(aftersales(home, "build", "--full"), log)
    differences = compare_databases(incremental, _database(home))
    ratio = increment.wall_seconds / full.wall_seconds
    return [
        f"### One more day, `{scale}` ({_orders(incremental):,} repair orders)",
        "",
        "| | wall s | CPU s | peak GiB |",
        "|---|---|---|---|",
        f"| land the day | {landing.wall_seconds:.1f} | {landing.cpu_seconds:.1f} "
        f"| {landing.peak_gib:.2f} |",
        f"| build, one more day | {increment.wall_seconds:.1f} | {increment.cpu_seconds:.1f} "
        f"| {increment.peak_gib:.2f} |",
        f"| build, full, the same data | {full.wall_seconds:.1f} | {full.cpu_seconds:.1f} "
        f"| {full.peak_gib:.2f} |",
        "",
        f"Ratio {ratio:.1%} (target 10 %). Tables that differ between the two: {len(differences)}.",
        "",
    ]
