"""A full build of a whole company, against the same SQL as one script straight in DuckDB."""

import sys
from pathlib import Path

import duckdb

from aftersales.compare import compare_databases
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.candidate import finished_candidate
from aftersales.warehouse.dbt_runner import DbtProject
from benchmarks.process import aftersales, measure


def _count(database: Path, table: str) -> int:
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def run(work: Path, scale: str) -> list[str]:
    """Make the company, land it, build it both ways and compare; gives Markdown lines."""
    home, log = work / f"build-{scale}", work / "full_build.log"
    demo = measure(aftersales(home, "demo", "--scale", scale), log)
    landing = measure(aftersales(home, "ingest"), log)
    build = measure(aftersales(home, "build", "--full"), log)
    folder, _ = finished_candidate(Home(home))
    built = folder / "warehouse.duckdb"
    # The compiled SQL names its relations with the database, so the file bears the same name.
    target = home / "straight" / "warehouse.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    # A build writes no JSON about the project; the order of the models is read from it.
    DbtProject(Home(home), Settings(), built).run(Progress(), "Read the project", ["parse"])
    straight = measure(
        [sys.executable, "-m", "benchmarks.straight", str(home), str(built), str(target)], log
    )
    differences = compare_databases(built, target)
    ratio = build.wall_seconds / straight.wall_seconds
    rows = [
        ("make the company's records", demo),
        ("land them", landing),
        ("build, full", build),
        ("the same SQL, one script in DuckDB", straight),
    ]
    return [
        f"### Full build, `{scale}` ({_count(built, 'marts.fct_repair_orders'):,} repair orders, "
        f"{_count(built, 'marts.fct_repair_order_lines'):,} lines)",
        "",
        "| | wall s | CPU s | peak GiB |",
        "|---|---|---|---|",
        *[
            f"| {name} | {one.wall_seconds:.1f} | {one.cpu_seconds:.1f} | {one.peak_gib:.2f} |"
            for name, one in rows
        ],
        "",
        f"Ratio {ratio:.2f} (target 1.5), peak {build.peak_gib:.2f} GiB (target 12). "
        f"Tables that differ between the two: {len(differences)}.",
        "",
    ]
