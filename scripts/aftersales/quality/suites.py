"""Runs the suites of Great Expectations inside the candidate's DuckDB file."""

from __future__ import annotations

import logging
import os
import warnings
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales.quality.catalogue import ROW, SET, schema_of
from aftersales.quality.declarations import expectation_class
from aftersales.quality.judgement import tolerated_rows
from aftersales.quality.model import Count, Observation, Rule
from aftersales.quality.statements import NEWEST, TOTAL, batch_query, flag_column, flags_query

ENGINE = "gx"
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class TableFacts:
    """What the audit knows of a table before it judges it."""

    rows: int
    newest_batch_id: str = ""
    newest_rows: int = 0


@dataclass(frozen=True)
class SuiteRun:
    """What the suites observed, and the index page of the site if one was asked for."""

    observations: dict[str, Observation]
    docs_index: str


def run_suites(
    database: Path,
    project_dir: Path,
    *,
    rules: Iterable[Rule],
    set_rule_sql: dict[str, str],
    tables: dict[str, TableFacts],
    docs_dir: Path | None,
    site_name: str,
) -> SuiteRun:
    """Evaluate row and set rules, one suite a table, one expectation a rule."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx

        from aftersales.quality import gx_duckdb

        logging.getLogger("great_expectations").propagate = False
        gx_duckdb.install()
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql(
            "candidate", connection_string=f"duckdb:///{database}", create_temp_table=False
        )
        try:
            session = _Session(gx, context, source, project_dir)
            definitions = session.definitions(rules, set_rule_sql, tables)
            observations = dict(session.refused)
            for definition in definitions:
                for result in definition.run(result_format=_RESULT_FORMAT).results:
                    _merge(observations, _observe(result))
            docs_index = _build_docs(context, docs_dir, site_name) if docs_dir else ""
        finally:
            _let_go(source)
    return SuiteRun(observations, docs_index)


def _let_go(source: Any) -> None:
    """Close every connection to the candidate: DuckDB refuses a second configuration meanwhile."""
    execution_engine = source.get_execution_engine()
    execution_engine.close()
    execution_engine.engine.dispose()
    source.get_engine().dispose()


class _Session:
    """Turns rules into suites of one context."""

    def __init__(self, gx: Any, context: Any, source: Any, project_dir: Path) -> None:
        self._gx = gx
        self._context = context
        self._source = source
        self._project_dir = project_dir
        self.refused: dict[str, Observation] = {}

    def definitions(
        self, rules: Iterable[Rule], set_rule_sql: dict[str, str], tables: dict[str, TableFacts]
    ) -> list[Any]:
        """One validation a suite of what can be evaluated; what cannot is in `refused`."""
        grouped: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in rules:
            if rule.rule_kind in (ROW, SET):
                grouped[rule.rule_kind, rule.table_name].append(rule)
        definitions: list[Any] = []
        for (kind, table_name), members in sorted(grouped.items()):
            facts = tables.get(table_name)
            if facts is None:
                for rule in members:
                    self._refuse(rule, f"the table {table_name} is not in the candidate")
            elif kind == ROW:
                definitions.append(self._row_suite(table_name, members, facts))
            else:
                definitions.extend(self._set_suite(table_name, members, set_rule_sql, facts))
        return definitions

    def _row_suite(self, table_name: str, rules: list[Rule], facts: TableFacts) -> Any:
        query = flags_query(table_name, [rule.rule_id for rule in rules], facts.newest_batch_id)
        asset = self._source.add_query_asset(f"{table_name} (flags)", query=query)
        scopes = [(TOTAL, facts.rows)]
        if facts.newest_rows:
            scopes.append((NEWEST, facts.newest_rows))
        expectation = expectation_class(self._project_dir, ROW, "")
        expectations = [
            expectation(
                column=flag_column(rule.rule_id, scope),
                max_value=tolerated_rows(rule, rows),
                **_description(rule, scope, rows),
            )
            for rule in rules
            for scope, rows in scopes
        ]
        return self._definition(asset, f"rows of {table_name}", expectations)

    def _set_suite(
        self,
        table_name: str,
        rules: list[Rule],
        set_rule_sql: dict[str, str],
        facts: TableFacts,
    ) -> list[Any]:
        asset = self._source.add_table_asset(
            table_name, table_name=table_name, schema_name=schema_of(table_name)
        )
        expectations = []
        for rule in rules:
            try:
                query = batch_query(rule, set_rule_sql)
                expectation = expectation_class(self._project_dir, SET, rule.rule_id)
            except LookupError as error:
                self._refuse(rule, str(error.args[0]))
                continue
            expectations.append(
                expectation(
                    unexpected_rows_query=query,
                    tolerated_row_count=tolerated_rows(rule, facts.rows),
                    **_description(rule, TOTAL, facts.rows),
                )
            )
        if not expectations:
            return []
        return [self._definition(asset, f"sets of {table_name}", expectations)]

    def _definition(self, asset: Any, name: str, expectations: list[Any]) -> Any:
        # A suite that is complete when it is added is stored once, not once an expectation.
        suite = self._context.suites.add(
            self._gx.ExpectationSuite(name=name, expectations=expectations)
        )
        return self._context.validation_definitions.add(
            self._gx.ValidationDefinition(
                name=name, data=asset.add_batch_definition_whole_table("all"), suite=suite
            )
        )

    def _refuse(self, rule: Rule, reason: str) -> None:
        self.refused[rule.rule_id] = Observation(rule.rule_id, ENGINE, error=reason)


def _severity(rule: Rule) -> str:
    """What it means that the expectation is not met: that the rule fires, or that it blocks."""
    if rule.severity == "critical" and rule.critical_ratio != rule.warning_ratio:
        return "warning"
    return rule.severity


def _description(rule: Rule, scope: str, rows: int) -> dict[str, Any]:
    scope_note = "" if scope == TOTAL else " (newest batch)"
    return {
        "description": f"{rule.sentence_zh} / {rule.sentence_en}{scope_note}",
        "severity": _severity(rule),
        "notes": f"{rule.rule_id} · {rule.owner} · endangers {', '.join(rule.endangered_metrics)}",
        "meta": {
            "rule_id": rule.rule_id,
            "owner": rule.owner,
            "scope": scope,
            "rows_checked": rows,
        },
    }


def _observe(result: Any) -> Observation:
    meta = result.expectation_config.meta
    rule_id, scope, rows = meta["rule_id"], meta["scope"], int(meta["rows_checked"])
    error = _exception_of(result.exception_info)
    if not error and "observed_value" not in result.result:
        error = "Great Expectations gave no observed value"
    if error:
        return Observation(rule_id, ENGINE, error=error)
    count = Count(rows, int(result.result["observed_value"] or 0))
    if scope == NEWEST:
        return Observation(rule_id, ENGINE, newest=count)
    return Observation(rule_id, ENGINE, total=count)


def _merge(observations: dict[str, Observation], observation: Observation) -> None:
    """Put the two scopes of a row rule together; an error of either is an error of the rule."""
    known = observations.get(observation.rule_id)
    if known is not None:
        observation = Observation(
            observation.rule_id,
            ENGINE,
            total=observation.total or known.total,
            newest=observation.newest or known.newest,
            error=observation.error or known.error,
        )
    observations[observation.rule_id] = observation


def _exception_of(info: dict[str, Any]) -> str:
    """The reason an expectation could not be evaluated; an exception is not a failed check."""
    if "raised_exception" in info:
        info = {"": info}
    for entry in info.values():
        if isinstance(entry, dict) and entry.get("raised_exception"):
            message = str(entry.get("exception_message") or "an exception without a message")
            return message.strip().splitlines()[0]
    return ""


def _build_docs(context: Any, docs_dir: Path, site_name: str) -> str:
    context.add_data_docs_site(
        site_name,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(docs_dir.resolve()),
            },
        },
    )
    context.build_data_docs(site_names=[site_name])
    return str(docs_dir / "index.html")
