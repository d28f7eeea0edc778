"""What dbt contributes to the gate: compiled set rules, and the results of structural tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales.quality.model import AuditError

SET_RULE_TAG = "set_rule"

# Structural tests that name no rule of their own are gathered under one rule a kind.
STRUCTURE_RULES = {
    "unique": "primary_key_duplicated",
    "unique_grain": "primary_key_duplicated",
    "not_null": "required_value_missing",
    "relationships": "reference_to_nothing",
}
OTHER_STRUCTURE_RULE = "model_invariant_broken"

_JUDGED = re.compile(r"""\[\s*['"]([a-z0-9_]+)['"]\s*,\s*['"](?:quarantine|flag)['"]""")


@dataclass(frozen=True)
class StructureTest:
    """One structural dbt test and what came of it."""

    rule_id: str
    test_name: str
    table_name: str
    failures: int
    error: str
    failing_sql: str


@dataclass(frozen=True)
class DbtEvidence:
    """Everything the gate takes from dbt."""

    set_rule_sql: dict[str, str]
    judged_rule_ids: frozenset[tuple[str, str]]
    structure_tests: tuple[StructureTest, ...]


def collect(database: Path, project_dir: Path, target_dir: Path | None) -> DbtEvidence:
    """Compile the set rules and run the structural tests against a candidate."""
    with _dbt(database, project_dir, target_dir) as dbt:
        compiled = _compile_set_rules(dbt)
        exclude = ["--exclude", f"tag:{SET_RULE_TAG}", "--exclude-resource-type", "unit_test"]
        tested = dbt.invoke("test", *exclude, may_fail=True)
        return DbtEvidence(
            set_rule_sql=_set_rule_sql(compiled),
            judged_rule_ids=_judged_rule_ids(dbt.manifest),
            structure_tests=tuple(_structure_test(result) for result in tested.results),
        )


def compile_set_rules(database: Path, project_dir: Path, target_dir: Path | None) -> dict[str, str]:
    """The query of every set rule, compiled for a candidate."""
    with _dbt(database, project_dir, target_dir) as dbt:
        return _set_rule_sql(_compile_set_rules(dbt))


def _compile_set_rules(dbt: _Dbt) -> Any:
    select = ["--select", f"tag:{SET_RULE_TAG}"]
    return dbt.invoke("compile", "--no-populate-cache", "--no-introspect", *select)


@contextmanager
def _dbt(database: Path, project_dir: Path, target_dir: Path | None) -> Iterator[_Dbt]:
    """The parsed project; every connection to the candidate is let go of at the end."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    target = {} if target_dir is None else {"DBT_TARGET_PATH": str(target_dir.resolve())}
    with _environment(AFTERSALES_DATABASE=str(database), **target):
        try:
            yield _Dbt(project_dir)
        finally:
            DuckDBConnectionManager.close_all_connections()


class _Dbt:
    """dbt in this process, with the project parsed once for all commands."""

    def __init__(self, project_dir: Path) -> None:
        from dbt.cli.main import dbtRunner  # importing dbt costs seconds

        self._project_dir = project_dir
        self._runner = dbtRunner()
        self.manifest = self.invoke("parse")
        self._runner = dbtRunner(manifest=self.manifest)

    def invoke(self, command: str, *arguments: str, may_fail: bool = False) -> Any:
        """Run one command and give its result; a command that stops is an error of the audit."""
        where = ["--project-dir", str(self._project_dir), "--profiles-dir", str(self._project_dir)]
        quiet = ["--log-level", "none", "--log-level-file", "none"]
        outcome = self._runner.invoke([*quiet, command, *arguments, *where, "--target", "duckdb"])
        if outcome.exception is not None:
            raise AuditError(
                f"dbt {command} of the audit stopped: {outcome.exception}. "
                f"Run `dbt {command}` in {self._project_dir.name} to see where."
            ) from outcome.exception
        if outcome.result is None or not (outcome.success or may_fail):
            raise AuditError(
                f"dbt {command} of the audit did not succeed: {_first_message(outcome.result)}"
            )
        return outcome.result


def _first_message(result: Any) -> str:
    messages = [r.message for r in getattr(result, "results", []) if r.message]
    return messages[0] if messages else "no message was given"


def _set_rule_sql(compiled: Any) -> dict[str, str]:
    statements: dict[str, str] = {}
    for result in compiled.results:
        rule_id = _rule_id(result.node)
        if not rule_id:
            raise AuditError(
                f"{result.node.original_file_path} carries the tag {SET_RULE_TAG} but no "
                "meta.rule_id in its config; give it the id of its rule in the catalogue."
            )
        if rule_id in statements:
            raise AuditError(f"Two dbt tests carry the rule id {rule_id}; one rule, one test.")
        statements[rule_id] = result.node.compiled_code.strip()
    return statements


def _judged_rule_ids(manifest: Any) -> frozenset[tuple[str, str]]:
    """Pairs of staging model and rule id for every predicate that a model judges rows by."""
    pairs: set[tuple[str, str]] = set()
    for node in manifest.nodes.values():
        if node.resource_type == "model" and node.name.startswith("stg_"):
            pairs.update((node.name, rule_id) for rule_id in _JUDGED.findall(node.raw_code))
    return frozenset(pairs)


def _structure_test(result: Any) -> StructureTest:
    node = result.node
    kind = node.test_metadata.name if getattr(node, "test_metadata", None) else ""
    status = str(result.status)
    return StructureTest(
        rule_id=_rule_id(node) or STRUCTURE_RULES.get(kind, OTHER_STRUCTURE_RULE),
        test_name=node.name,
        table_name=_table_name(node),
        failures=int(result.failures or 0),
        error=str(result.message or "no message") if status in ("error", "skipped") else "",
        failing_sql=(node.compiled_code or "").strip(),
    )


def _rule_id(node: Any) -> str:
    meta: dict[str, Any] = node.config.meta or {}
    return str(meta.get("rule_id", ""))


def _table_name(node: Any) -> str:
    attached = getattr(node, "attached_node", None)
    owner = attached or next(iter(node.depends_on.nodes), "")
    return str(owner).rsplit(".", maxsplit=1)[-1]


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
