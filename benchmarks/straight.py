"""The models' own SQL as one script, straight in DuckDB: no dbt, no contracts, no increments.

The reference of the full build. It runs the compiled SELECT of each model in the order of the
graph, on the same landed batches, with the same engine settings, so what remains is what dbt and
the pipeline around it cost.
"""

import json
import sys
from pathlib import Path

import duckdb

from aftersales.contract import load_contract
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.settings import Settings
from aftersales.warehouse.control import create_control_schema
from aftersales.warehouse.plan import BuildPlan


def models_in_order(manifest: dict[str, dict[str, dict[str, object]]]) -> list[dict[str, object]]:
    """Tables and views of the project, each after what it reads."""
    nodes = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    done: dict[str, dict[str, object]] = {}

    def visit(name: str) -> None:
        if name in done or name not in nodes:
            return
        depends_on = nodes[name].get("depends_on", {})
        assert isinstance(depends_on, dict)
        for parent in depends_on.get("nodes", []):
            visit(parent)
        done[name] = nodes[name]

    for name in sorted(nodes):
        visit(name)
    return [node for node in done.values() if node["resource_type"] == "model"]


def main(home_dir: str, built: str, target: str) -> None:
    """Build `target` from what has landed in `home_dir`, with the seeds of the database `built`."""
    home, settings = Home(Path(home_dir)), Settings()
    database = Path(target)
    database.unlink(missing_ok=True)
    work = home.work / "dbt"
    manifest = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    batches = ledger.load(home)
    as_of_on = ledger.newest_day(batches)
    assert as_of_on is not None
    plan = BuildPlan("straight", None, as_of_on, True, batches, batches)
    connection = duckdb.connect(
        database,
        config={
            "threads": 2,
            "memory_limit": settings.memory_limit,
            "preserve_insertion_order": False,
            "checkpoint_threshold": "1TB",
            "auto_checkpoint_skip_wal_threshold": 10**12,
            "temp_directory": str(home.work / "spill"),
        },
    )
    create_control_schema(connection, home, load_contract(settings.project_dir).values(), plan)
    connection.execute(f"attach '{built}' as built (read_only)")
    connection.execute("create schema if not exists reference")
    for (seed,) in connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'built' and schema_name = 'reference'"
    ).fetchall():
        connection.execute(f"create table reference.{seed} as from built.reference.{seed}")
    connection.execute("detach built")
    for node in models_in_order(manifest):
        config = node["config"]
        assert isinstance(config, dict)
        if config["materialized"] == "ephemeral":
            continue
        kind = "view" if config["materialized"] == "view" else "table"
        path = work / "compiled" / "aftersales" / str(node["original_file_path"])
        connection.execute(f"create schema if not exists {node['schema']}")
        connection.execute(
            f"create {kind} {node['schema']}.{node['name']} as {path.read_text(encoding='utf-8')}"
        )
    connection.execute("force checkpoint")
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
