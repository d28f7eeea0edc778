"""What the analysis costs: a full build of all models against one of facts and dimensions alone.

Both builds run in one candidate that holds the whole company, so both read the same rows and write
the same tables; only the models asked for differ.
"""

import sys
from pathlib import Path

import duckdb

from aftersales.contract import load_contract
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.candidate import finished_candidate, stable_database_path
from aftersales.warehouse.control import create_control_schema
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import DATABASE_NAME
from aftersales.warehouse.plan import BuildRequest, plan_build
from benchmarks.process import Measurement, aftersales, measure

# Comparison, explanation, scores, alerts, targets and pace, profit and loss, customers' value: all
# that is computed from facts, dimensions and the sums by store and day.
ANALYSIS = [
    "path:models/intermediate/alerts",
    "path:models/intermediate/comparison",
    "path:models/intermediate/explain",
    "path:models/intermediate/finance",
    "path:models/marts/performance",
    "int_changed_periods",
    "int_month_paces",
    "int_pace_*",
    "int_store_gap_sums",
    "int_store_month_mix",
    "int_store_period*",
    "int_customer_window",
    "fct_churn_warnings",
    "fct_customer_month",
    "fct_customer_segments",
    "fct_customer_value",
    "fct_cost_drivers",
    "fct_definition_bridges",
    "fct_hidden_costs",
    "fct_line_margins",
    "fct_pnl_lines",
    "fct_staff_month",
]
KEPT = ["fct_store_day", "fct_store_month"]


def build_models(home_dir: str, with_analysis: str) -> None:
    """Build the models of the finished candidate afresh; the process that is measured."""
    home, settings = Home(Path(home_dir)), Settings()
    database = stable_database_path(home)
    plan = plan_build(home, settings, BuildRequest(is_full=True), Progress())
    # A closed candidate has no views of the landed batches any more.
    with duckdb.connect(str(database)) as connection:
        contract = load_contract(settings.project_dir)
        create_control_schema(connection, home, contract.values(), plan)
    project = DbtProject(home, settings, database)
    everything = ["run", "--full-refresh"]
    if with_analysis == "yes":
        project.run(Progress(), "Build all models", everything)
        return
    project.run(Progress(), "Build models", [*everything, "--exclude", *ANALYSIS])
    project.run(Progress(), "Build sums", [*everything, "--select", *KEPT])


def _models(database: Path) -> int:
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute(
            "select count(*) from duckdb_tables() where schema_name in "
            "('staging', 'intermediate', 'marts', 'quality')"
        ).fetchone()
    return int(row[0]) if row else 0


def _row(name: str, one: Measurement) -> str:
    return f"| {name} | {one.wall_seconds:.1f} | {one.cpu_seconds:.1f} | {one.peak_gib:.2f} |"


def run(home: Path, scale: str, log: Path) -> list[str]:
    """Measure both on the company in `home`; gives Markdown lines."""
    measure(aftersales(home, "build", "--full"), log)
    command = [sys.executable, "-m", "benchmarks.analysis", str(home)]
    without = measure([*command, "no"], log)
    everything = measure([*command, "yes"], log)
    folder, _ = finished_candidate(Home(home))
    return [
        f"### What the analysis costs, `{scale}` ({_models(folder / DATABASE_NAME)} tables)",
        "",
        "| models built afresh | wall s | CPU s | peak GiB |",
        "|---|---|---|---|",
        _row("staging, facts, dimensions, sums by store", without),
        _row("all of them", everything),
        "",
        f"All of them take {everything.wall_seconds / without.wall_seconds:.2f} times as long.",
        "",
    ]


if __name__ == "__main__":
    build_models(*sys.argv[1:])
