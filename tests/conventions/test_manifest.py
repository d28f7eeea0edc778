"""The project keeps its own conventions, and each check sees its violation."""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import manifest_checks as checks
import pytest

ROOT = Path(__file__).resolve().parents[2]
Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Give the manifest of the project as it is."""
    target = tmp_path_factory.mktemp("manifest")
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--no-partial-parse"]
    places = ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT), "--target-path", str(target)]
    environment = {**os.environ, "DBT_LOG_PATH": str(target)}
    result = subprocess.run(
        [*command, *places], capture_output=True, text=True, env=environment, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    loaded: Manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def column(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "A column.", "data_type": "string", "meta": {}, **more}


def model(name: str, path: str, code: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "resource_type": "model",
        "original_file_path": f"models/{path}/{name}.sql",
        "patch_path": f"aftersales://models/{path}/{name}.yml",
        "description": "A table.",
        "raw_code": code,
        "columns": {},
        "depends_on": {"nodes": []},
        "config": {},
        "access": "protected",
        "group": None,
        **more,
    }


def good_manifest() -> Manifest:
    """Give a small project that breaks no convention."""
    raw = {
        "name": "orders",
        "source_name": "dms",
        "columns": {"vin": column("vin", config={"meta": {"personal_data": True}})},
    }
    staging = model("stg_dms__orders", "staging/dms", "select 1 -- now() in a comment is fine")
    staging["depends_on"]["nodes"] = ["source.aftersales.dms.orders"]
    staging["columns"] = {name: column(name) for name in checks.LINEAGE_COLUMNS}
    staging["columns"]["vin"] = column("vin", config={"meta": {"personal_data": True}})
    fact = model(
        "fct_orders",
        "marts/service",
        "select * from {{ ref('stg_dms__orders') }} where quarantine_rule_id is null",
        config={"contract": {"enforced": True}, "meta": {"grain": "order", "owner": "service"}},
        access="public",
        group="warehouse",
    )
    fact["depends_on"]["nodes"] = ["model.aftersales.stg_dms__orders"]
    fact["columns"] = {
        "order_key": column("order_key"),
        "revenue_amount": column("revenue_amount", data_type="numeric(18,2)"),
    }
    return {
        "nodes": {
            "model.aftersales.stg_dms__orders": staging,
            "model.aftersales.fct_orders": fact,
        },
        "sources": {"source.aftersales.dms.orders": raw},
        "unit_tests": {
            "unit_test.aftersales.fct_orders.counts": {
                "name": "counts",
                "model": "fct_orders",
                "original_file_path": "models/marts/service/fct_orders__unit_tests.yml",
            }
        },
    }


FACT = "nodes/model.aftersales.fct_orders"
STAGING = "nodes/model.aftersales.stg_dms__orders"

# One violation a line: the check that must see it, where it is planted, what is planted.
VIOLATIONS = [
    (checks.check_prefixes, f"{FACT}/name", "orders"),
    (checks.check_prefixes, f"{FACT}/name", "stg_orders"),
    (checks.check_prefixes, f"{FACT}/original_file_path", "models/reports/fct_orders.sql"),
    (checks.check_yml_per_public_model, f"{FACT}/patch_path", "aftersales://models/marts/a.yml"),
    (checks.check_yml_per_public_model, f"{FACT}/patch_path", None),
    (
        checks.check_yml_per_public_model,
        f"{STAGING}/patch_path",
        "aftersales://models/marts/service/fct_orders.yml",
    ),
    (checks.check_grain_and_owner, f"{FACT}/config/meta/grain", ""),
    (checks.check_grain_and_owner, f"{FACT}/config/meta", {"grain": "order"}),
    (checks.check_descriptions, f"{FACT}/description", " "),
    (checks.check_descriptions, f"{FACT}/columns", {}),
    (checks.check_descriptions, f"{STAGING}/columns/vin/description", ""),
    (checks.check_staging_columns, f"{STAGING}/columns", {"_batch_id": column("_batch_id")}),
    (checks.check_portable_types, f"{FACT}/columns/order_key/data_type", "varchar(20)"),
    (checks.check_portable_types, f"{FACT}/columns/order_key/data_type", None),
    (checks.check_portable_types, f"{FACT}/columns/order_key/data_type", "double"),
    (checks.check_contracts, f"{FACT}/config/contract/enforced", False),
    (checks.check_contracts, f"{FACT}/access", "protected"),
    (checks.check_contracts, f"{FACT}/group", None),
    (checks.check_no_clock, f"{FACT}/raw_code", "select CURRENT_DATE as d"),
    (checks.check_no_clock, f"{FACT}/raw_code", "select now ( ) as d"),
    (checks.check_no_clock, f"{FACT}/raw_code", "select getdate() as d"),
    (checks.check_no_clock, f"{FACT}/raw_code", "select current_timestamp as d"),
    (checks.check_no_target_type, f"{FACT}/raw_code", "{% if target.type == 'spark' %}1"),
    (checks.check_no_target_type, f"{FACT}/raw_code", "{% if target['type'] == 'spark' %}1"),
    (checks.check_own_day_arithmetic, f"{FACT}/raw_code", "{{ dbt.datediff('a', 'b', 'day') }}"),
    (
        checks.check_only_staging_reads_sources,
        f"{FACT}/depends_on/nodes",
        ["source.aftersales.dms.orders"],
    ),
    (
        checks.check_only_staging_reads_sources,
        f"{STAGING}/depends_on/nodes",
        ["source.aftersales.dms.orders", "source.aftersales.dms.orders"],
    ),
    (checks.check_quarantine_is_filtered, f"{FACT}/raw_code", "select 1 from stg"),
    (
        checks.check_quarantine_is_filtered,
        f"{FACT}/raw_code",
        "select 1 from stg -- where quarantine_rule_id is null",
    ),
    (
        checks.check_quarantine_is_filtered,
        f"{FACT}/raw_code",
        "{{ current_rows('dms.bays', 'stg_dms__bays') }}",
    ),
    (checks.check_personal_data, f"{STAGING}/columns/vin", column("vin")),
    (checks.check_personal_data, f"{FACT}/columns/order_key", column("advisor_name")),
    (
        checks.check_personal_data,
        "sources/source.aftersales.dms.orders/columns/vin",
        column("phone", config={"meta": {"personal_data": False}}),
    ),
    (
        checks.check_unit_test_files,
        "unit_tests/unit_test.aftersales.fct_orders.counts/original_file_path",
        "models/marts/service/fct_orders.yml",
    ),
]


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: str(check.__name__))
def test_project_keeps_convention(check: checks.Check, manifest: Manifest) -> None:
    findings = check(manifest)
    assert not findings, "\n".join(findings)


def test_project_has_models_of_every_kind(manifest: Manifest) -> None:
    names = [node["name"] for node in checks.models(manifest)]
    for prefix in ("stg_", "int_", "dim_", "fct_", "bridge_", "dq_"):
        assert any(name.startswith(prefix) for name in names), f"no {prefix} model was parsed"


def test_yml_files_are_short() -> None:
    findings = checks.check_yml_length([ROOT / name for name in ("models", "seeds", "macros")])
    assert not findings, "\n".join(findings)


def test_long_yml_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "long.yml").write_text("a: 1\n" * checks.MAX_YML_LINES, encoding="utf-8")
    (tmp_path / "short.yml").write_text("a: 1\n" * (checks.MAX_YML_LINES - 1), encoding="utf-8")
    assert [re.sub(r".*/", "", text) for text in checks.check_yml_length([tmp_path])] == [
        "long.yml: 400 lines; split it below 400."
    ]


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: str(check.__name__))
def test_check_accepts_a_good_project(check: checks.Check) -> None:
    assert check(good_manifest()) == []


@pytest.mark.parametrize(
    ("check", "place", "planted"),
    VIOLATIONS,
    ids=[f"{check.__name__}-{number}" for number, (check, _, _) in enumerate(VIOLATIONS)],
)
def test_check_sees_planted_violation(check: checks.Check, place: str, planted: Any) -> None:
    broken = copy.deepcopy(good_manifest())
    *path, last = place.split("/")
    thing = broken
    for key in path:
        thing = thing[key]
    thing[last] = planted
    assert check(broken), f"{check.__name__} did not see {planted!r} at {place}"


def test_every_check_has_a_planted_violation() -> None:
    assert {check for check, _, _ in VIOLATIONS} == set(checks.CHECKS)
