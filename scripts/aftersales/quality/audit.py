"""The audit of a candidate version: evaluate every rule of the catalogue, conclude, write down."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from aftersales.quality import dbt_rules, needs, report, suites, tables
from aftersales.quality.catalogue import ROW, SET, STRUCTURE, read_as_of, read_catalogue
from aftersales.quality.dbt_rules import DbtEvidence
from aftersales.quality.held_rows import count_held_rows
from aftersales.quality.judgement import classify, conclude
from aftersales.quality.model import (
    AuditError,
    AuditReport,
    Count,
    Observation,
    Rule,
    RuleResult,
    Status,
)

SITE_NAME = "Audit"


def run_audit(
    database: Path,
    project_dir: Path,
    docs_dir: Path | None,
    *,
    synthetic_label: str | None = None,
    target_dir: Path | None = None,
) -> AuditReport:
    """Judge a candidate and leave results, failing rows and verdict inside it.

    `target_dir` is where dbt keeps its parsed project; the build's folder saves a second parse.
    """
    if not database.is_file():
        raise AuditError(f"There is no database at {database}: run `aftersales build` first.")
    stopwatch = Stopwatch()
    with duckdb.connect(str(database)) as connection:
        as_of_on = read_as_of(connection)
        rules = read_catalogue(connection, as_of_on)
        listed_rows_max = tables.read_threshold(connection, "listed_rows_max")
        minimum = tables.read_threshold(connection, "newest_batch_min_rows")
        facts = tables.read_table_facts(connection, rules, minimum)
        hits = tables.read_hit_counts(connection)
    with stopwatch.step("dbt"):
        evidence = dbt_rules.collect(database, project_dir, target_dir)
    with stopwatch.step("great expectations"):
        site_name = f"{SITE_NAME} ({synthetic_label})" if synthetic_label else SITE_NAME
        run = suites.run_suites(
            database,
            project_dir,
            rules=rules,
            set_rule_sql=evidence.set_rule_sql,
            tables=facts,
            docs_dir=docs_dir,
            site_name=site_name,
        )
    observations = {**run.observations, **_structure_observations(rules, evidence)}
    with duckdb.connect(str(database)) as connection:
        held = count_held_rows(connection, evidence.set_rule_sql)
    results = tuple(
        _with_failing_sql(
            _judged(rule, _checked(rule, observations, evidence, hits), held.get(rule.rule_id, 0)),
            evidence,
        )
        for rule in _all_rules(rules, evidence)
    )
    with duckdb.connect(str(database)) as connection:
        results = needs.excuse(connection, as_of_on, results)
    verdict = conclude(results)
    with stopwatch.step("write results"), duckdb.connect(str(database)) as connection:
        tables.write_results(
            connection,
            as_of_on,
            verdict,
            results=results,
            structure_tests=evidence.structure_tests,
            listed_rows_max=listed_rows_max,
        )
        findings = report.find(connection, results)
    return AuditReport(verdict, results, findings, run.docs_index, stopwatch.timings)


class Stopwatch:
    """Remembers how long each step took."""

    def __init__(self) -> None:
        """Start with no step."""
        self.timings: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step."""
        start = time.monotonic()
        yield
        self.timings[name] = round(time.monotonic() - start, 2)


def _judged(rule: Rule, observation: Observation | None, held_rows: int) -> RuleResult:
    """The conclusion about a rule; rows in cells that are held back harm nobody, but are told."""
    if held_rows and observation is not None and observation.total is not None:
        total = observation.total
        left = Count(total.checked, max(0, total.failed - held_rows))
        observation = dataclasses.replace(observation, total=left)
    result = classify(rule, observation)
    if held_rows and result.status is Status.PASS:
        message = f"{held_rows} rows break the rule in cells that are held back"
        return dataclasses.replace(result, status=Status.WARN, message=message)
    return result


def _checked(
    rule: Rule,
    observations: dict[str, Observation],
    evidence: DbtEvidence,
    hits: dict[tuple[str, str], int],
) -> Observation | None:
    """The observation of a row rule, unless its predicate is missing or its hits disagree."""
    observation = observations.get(rule.rule_id)
    if rule.rule_kind != ROW or observation is None or observation.error:
        return observation
    if (rule.table_name, rule.rule_id) not in evidence.judged_rule_ids:
        reason = f"the model {rule.table_name} judges no row by this rule"
        return dataclasses.replace(observation, error=reason)
    recorded = hits.get((rule.rule_id, rule.table_name), 0)
    flagged = observation.total.failed if observation.total else 0
    if recorded != flagged:
        reason = (
            f"{rule.table_name} flags {flagged} rows but quality.dq_rule_hits holds {recorded}: "
            "build the candidate again with --full"
        )
        return dataclasses.replace(observation, error=reason)
    return observation


def _all_rules(rules: list[Rule], evidence: DbtEvidence) -> list[Rule]:
    """The catalogue, and a rule in error for each id that is judged but not catalogued."""
    known = {rule.rule_id for rule in rules}
    judged = {rule_id: (ROW, table) for table, rule_id in evidence.judged_rule_ids}
    judged.update(dict.fromkeys(evidence.set_rule_sql, (SET, "unknown")))
    judged.update({test.rule_id: (STRUCTURE, test.table_name) for test in evidence.structure_tests})
    strays = [
        Rule(
            rule_id=rule_id,
            rule_kind=kind,
            table_name=table,
            severity="critical",
            warning_ratio=None,
            critical_ratio=None,
            sentence_zh="规则不在规则目录中",
            sentence_en="The rule is judged but not in the catalogue",
            owner="data-engineering",
            endangered_metrics=(),
            fix_hint_en="Add its row to seeds/quality/dq_rules.csv",
            fix_hint_zh="在 seeds/quality/dq_rules.csv 中补充该规则",
            defect_kind="",
        )
        for rule_id, (kind, table) in sorted(judged.items())
        if rule_id not in known
    ]
    return [*rules, *strays]


def _structure_observations(rules: Iterable[Rule], evidence: DbtEvidence) -> dict[str, Observation]:
    """One observation a structural rule: tests run against tests that did not pass."""
    observations = {}
    for rule in rules:
        if rule.rule_kind != STRUCTURE:
            continue
        members = [test for test in evidence.structure_tests if test.rule_id == rule.rule_id]
        errors = [f"{test.test_name}: {test.error}" for test in members if test.error]
        failed = sum(1 for test in members if test.failures)
        if not members:
            errors = ["no dbt test belongs to this rule"]
        observations[rule.rule_id] = Observation(
            rule.rule_id,
            "dbt",
            total=Count(len(members), failed),
            error="; ".join(errors[:3]),
        )
    return observations


def _with_failing_sql(result: RuleResult, evidence: DbtEvidence) -> RuleResult:
    sql = evidence.set_rule_sql.get(result.rule.rule_id, "")
    return dataclasses.replace(result, failing_sql=sql)
