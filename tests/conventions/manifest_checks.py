"""Conventions of the dbt project, each a function from the manifest to a list of findings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Node = dict[str, Any]
Manifest = dict[str, Any]
Check = Callable[[Manifest], list[str]]

PREFIXES_BY_FOLDER = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "bridge_", "mart_"),
    "quality": ("dq_",),
    "snapshots": ("snap_",),
    "utilities": ("util_",),
}
PUBLIC_PREFIXES = PREFIXES_BY_FOLDER["marts"]
PORTABLE_TYPE = re.compile(r"^(string|integer|boolean|date|timestamp|numeric\(\d+, ?\d+\))$")
CLOCK = re.compile(
    r"\b(current_date|current_time|current_timestamp|localtimestamp|sysdate)\b"
    r"|\b(now|getdate|today|sysdatetime|unix_timestamp)\s*\(\s*\)",
    re.IGNORECASE,
)
TARGET_TYPE = re.compile(r"\btarget\s*(\.\s*type\b|\[\s*['\"]type['\"]\s*\])")
PERSONAL_COLUMN = re.compile(
    r"^(phone|phone_(digits|number|raw)|vin|plate_no|email|address|id_card_no"
    r"|(customer|technician|advisor|person|contact|owner|employee|driver)_name)$"
)
LINEAGE_COLUMNS = {
    "_batch_id",
    "_source_file",
    "_row_number",
    "quarantine_rule_id",
    "flag_rule_ids",
}
MAX_YML_LINES = 400


def models(manifest: Manifest) -> Iterator[Node]:
    """Yield every model of the project."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            yield node


def is_public(node: Node) -> bool:
    """Tell whether a model is part of the contract with readers."""
    return str(node["name"]).startswith(PUBLIC_PREFIXES)


def is_staging(node: Node) -> bool:
    """Tell whether a model is a staging model."""
    return str(node["name"]).startswith("stg_")


def folder_of(node: Node) -> str:
    """Give the first folder below `models`."""
    return str(node["original_file_path"]).split("/")[1]


def code_of(node: Node) -> str:
    """Give the source text of a node without its comments."""
    text = re.sub(r"\{#.*?#\}", " ", str(node.get("raw_code") or ""), flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", text)


def meta_of(thing: Node) -> Node:
    """Give the `meta` of a node or a column, wherever dbt keeps it."""
    config = thing.get("config") or {}
    return {**(thing.get("meta") or {}), **(config.get("meta") or {})}


def check_prefixes(manifest: Manifest) -> list[str]:
    """Every model carries a prefix of the closed set, the one of its folder."""
    findings = []
    for node in models(manifest):
        folder = folder_of(node)
        prefixes = PREFIXES_BY_FOLDER.get(folder)
        if prefixes is None:
            findings.append(f"{node['name']}: models/{folder} is not a layer of the project.")
        elif not node["name"].startswith(prefixes):
            findings.append(f"{node['name']}: a model in models/{folder} starts with {prefixes}.")
    return findings


def check_yml_per_public_model(manifest: Manifest) -> list[str]:
    """A public model is described in a file of its own name beside it, alone."""
    findings = []
    described = Counter(node["patch_path"] for node in models(manifest) if node.get("patch_path"))
    for node in filter(is_public, models(manifest)):
        beside = str(Path(node["original_file_path"]).with_suffix(".yml"))
        patch_path = str(node.get("patch_path") or "").partition("://")[2]
        if patch_path != beside:
            findings.append(f"{node['name']}: describe it in {beside}, not in {patch_path!r}.")
        elif described[node["patch_path"]] > 1:
            findings.append(f"{node['name']}: {beside} describes other models too.")
    return findings


def check_grain_and_owner(manifest: Manifest) -> list[str]:
    """A public model states its grain and its owner."""
    return [
        f"{node['name']}: config.meta has no {key}."
        for node in filter(is_public, models(manifest))
        for key in ("grain", "owner")
        if not str(meta_of(node).get(key) or "").strip()
    ]


def check_descriptions(manifest: Manifest) -> list[str]:
    """Public and staging models, and all their columns, are described."""
    findings = []
    for node in models(manifest):
        if not (is_public(node) or is_staging(node)):
            continue
        if not str(node.get("description") or "").strip():
            findings.append(f"{node['name']}: no description.")
        if not node["columns"]:
            findings.append(f"{node['name']}: no column is described.")
        findings += [
            f"{node['name']}.{column['name']}: no description."
            for column in node["columns"].values()
            if not str(column.get("description") or "").strip()
        ]
    return findings


def check_staging_columns(manifest: Manifest) -> list[str]:
    """A staging model describes every raw column and its own lineage and judgement columns."""
    findings = []
    for node in filter(is_staging, models(manifest)):
        expected = set(LINEAGE_COLUMNS)
        for parent in node["depends_on"]["nodes"]:
            source = manifest["sources"].get(parent)
            if source is not None and source["source_name"] != "control":
                expected |= set(source["columns"])
        findings += [
            f"{node['name']}.{column}: not described."
            for column in sorted(expected - set(node["columns"]))
        ]
    return findings


def check_portable_types(manifest: Manifest) -> list[str]:
    """Every column of a public model has a type every engine knows."""
    return [
        f"{node['name']}.{column['name']}: type {column.get('data_type')!r} is not portable."
        for node in filter(is_public, models(manifest))
        for column in node["columns"].values()
        if not PORTABLE_TYPE.match(str(column.get("data_type") or ""))
    ]


def check_contracts(manifest: Manifest) -> list[str]:
    """A public model enforces its contract, is public and belongs to a group."""
    findings = []
    for node in filter(is_public, models(manifest)):
        if not (node["config"].get("contract") or {}).get("enforced"):
            findings.append(f"{node['name']}: the contract is not enforced.")
        if node.get("access") != "public":
            findings.append(f"{node['name']}: access is {node.get('access')!r}, not 'public'.")
        if not node.get("group"):
            findings.append(f"{node['name']}: belongs to no group.")
    return findings


def check_no_clock(manifest: Manifest) -> list[str]:
    """No model asks the machine for the time: the day it stands for is a parameter."""
    return [
        f"{node['name']}: {match.group(0)!r} makes two runs differ; use the day of the run context."
        for node in models(manifest)
        if (match := CLOCK.search(code_of(node)))
    ]


def check_no_target_type(manifest: Manifest) -> list[str]:
    """Engine differences live in dispatched macros, not in models or tests."""
    return [
        f"{node['name']}: target.type; write a dispatched macro in macros/engine."
        for node in manifest["nodes"].values()
        if TARGET_TYPE.search(code_of(node))
    ]


def check_own_day_arithmetic(manifest: Manifest) -> list[str]:
    """Days are counted by the project's own macros: dbt's ask some engines for a connection."""
    return [
        f"{node['name']}: dbt.{match.group(1)}; use days_between, add_days or seconds_between."
        for node in manifest["nodes"].values()
        if (match := re.search(r"\bdbt\.(datediff|dateadd)\b", code_of(node)))
    ]


def check_only_staging_reads_sources(manifest: Manifest) -> list[str]:
    """Raw tables are read by staging alone, each staging model reading one."""
    findings = []
    for node in manifest["nodes"].values():
        parents = (node.get("depends_on") or {}).get("nodes") or []
        raw = [
            parent
            for parent in parents
            if parent in manifest["sources"]
            and manifest["sources"][parent]["source_name"] != "control"
        ]
        if raw and not (node["resource_type"] == "model" and is_staging(node)):
            if node["resource_type"] == "model" or "tests/data" in node["original_file_path"]:
                findings.append(f"{node['name']}: reads {raw[0]}; only staging reads raw tables.")
        elif len(raw) > 1:
            findings.append(f"{node['name']}: reads {len(raw)} raw tables; a staging model one.")
    return findings


def check_quarantine_is_filtered(manifest: Manifest) -> list[str]:
    """Whoever reads staging leaves the quarantined rows out; models/quality accounts for them.

    What is read through `current_rows` comes without them, and `deleted_keys` names keys, not rows.
    """
    findings = []
    for node in models(manifest):
        if is_staging(node) or folder_of(node) == "quality":
            continue
        code = code_of(node)
        filtered = set(re.findall(r"current_rows\('[\w.]+', '(\w+)'\)", code))
        staged = [
            name
            for name in node["depends_on"]["nodes"]
            if ".stg_" in name and name.split(".")[-1] not in filtered
        ]
        if "deleted_keys(" in code and "ref(" not in code:
            continue
        if staged and not re.search(r"quarantine_rule_id\s+is\s+null", code):
            findings.append(f"{node['name']}: reads {staged[0]} without its quarantine filter.")
    return findings


def check_personal_data(manifest: Manifest) -> list[str]:
    """Columns that tell who somebody is are marked, so that access rules can find them."""
    tables = [*models(manifest), *manifest["sources"].values()]
    return [
        f"{table['name']}.{column['name']}: mark it config.meta.personal_data: true."
        for table in tables
        for column in table["columns"].values()
        if PERSONAL_COLUMN.match(column["name"])
        and meta_of(column).get("personal_data") is not True
    ]


def check_unit_test_files(manifest: Manifest) -> list[str]:
    """Unit tests lie beside their model in a file of their own."""
    findings = []
    for test in manifest.get("unit_tests", {}).values():
        if not str(test["original_file_path"]).endswith(f"/{test['model']}__unit_tests.yml"):
            findings.append(f"{test['name']}: move it to {test['model']}__unit_tests.yml.")
    return findings


def check_yml_length(folders: list[Path]) -> list[str]:
    """A YAML file stays short enough to review."""
    findings = []
    for path in sorted(path for folder in folders for path in folder.rglob("*.yml")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines >= MAX_YML_LINES:
            findings.append(f"{path}: {lines} lines; split it below {MAX_YML_LINES}.")
    return findings


CHECKS: tuple[Check, ...] = (
    check_prefixes,
    check_yml_per_public_model,
    check_grain_and_owner,
    check_descriptions,
    check_staging_columns,
    check_portable_types,
    check_contracts,
    check_no_clock,
    check_no_target_type,
    check_own_day_arithmetic,
    check_only_staging_reads_sources,
    check_quarantine_is_filtered,
    check_personal_data,
    check_unit_test_files,
)
