"""Turns the conclusions of an audit into findings somebody can act on."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from aftersales.quality.model import AuditReport, Finding, RuleResult, Status

_SAMPLE_ROWS = 5
_STORES_SHOWN = 8
_ORDER = {Status.ERROR: 0, Status.FAIL: 1, Status.WARN: 2, Status.PASS: 3}
_SEVERITIES = {"critical": 0, "warning": 1, "info": 2}


def find(
    connection: duckdb.DuckDBPyConnection, results: Iterable[RuleResult]
) -> tuple[Finding, ...]:
    """The rules that did not pass, the worst first."""
    ordered = sorted(
        (result for result in results if result.status is not Status.PASS),
        key=lambda r: (_ORDER[r.status], _SEVERITIES.get(r.rule.severity, 3), r.rule.rule_id),
    )
    names = _store_names(connection)
    return tuple(_finding(connection, result, names) for result in ordered)


def render(report: AuditReport, language: str = "en") -> str:
    """The report as text: verdict, what blocks publication in full, warnings in one line each."""
    lines = [
        f"Audit: {report.verdict.value.upper()}. {len(report.results)} rules: "
        f"{report.count(Status.PASS)} passed, {report.count(Status.WARN)} warned, "
        f"{report.count(Status.FAIL)} failed, {report.count(Status.ERROR)} could not be evaluated."
    ]
    for finding in report.blocking:
        lines.extend(_block(finding, language))
    for finding in report.findings:
        if finding.status is Status.WARN:
            lines.append(
                f"WARN {finding.rule_id}: {_sentence(finding, language)} "
                f"({finding.rows_failed} of {finding.rows_checked} rows; "
                f"endangers {_join(finding.endangered_metrics)})"
            )
    if report.docs_index:
        lines.append(f"Data Docs: {report.docs_index}")
    return "\n".join(lines)


def _block(finding: Finding, language: str) -> list[str]:
    hint = finding.fix_hint_zh if language == "zh" else finding.fix_hint_en
    stores = ", ".join(f"{name} ({rows} rows)" for name, rows in finding.stores[:_STORES_SHOWN])
    if len(finding.stores) > _STORES_SHOWN:
        stores += f" and {len(finding.stores) - _STORES_SHOWN} more"
    lines = [
        f"{finding.status.value} {finding.rule_id}: {_sentence(finding, language)}",
        f"  what happened: {finding.message}",
        f"  stores: {stores or 'not tied to a store'}",
        f"  consequence: {_join(finding.endangered_metrics)} cannot be trusted",
        f"  what to do: {hint} (owner: {finding.owner})",
        f"  where to look: {finding.where_to_look}",
    ]
    lines.extend(f"    {row}" for row in finding.sample_rows)
    return lines


def _sentence(finding: Finding, language: str) -> str:
    return finding.sentence_zh if language == "zh" else finding.sentence_en


def _join(names: Iterable[str]) -> str:
    return ", ".join(names) or "no metric"


def _finding(
    connection: duckdb.DuckDBPyConnection, result: RuleResult, names: dict[str, str]
) -> Finding:
    rule = result.rule
    stores = connection.execute(
        "select store_id, count(*) as row_count from quality.dq_failing_rows "
        "where rule_id = ? and store_id is not null group by store_id order by 2 desc, 1",
        [rule.rule_id],
    ).fetchall()
    samples = connection.execute(
        "select concat_ws(', ', business_on, store_id, row_key, detail, "
        "source_file || ' row ' || row_number) from quality.dq_failing_rows "
        f"where rule_id = ? order by all limit {_SAMPLE_ROWS}",
        [rule.rule_id],
    ).fetchall()
    return Finding(
        rule_id=rule.rule_id,
        status=result.status,
        severity=rule.severity,
        sentence_en=rule.sentence_en,
        sentence_zh=rule.sentence_zh,
        owner=rule.owner,
        table_name=rule.table_name,
        stores=tuple((names.get(store, str(store)), int(rows)) for store, rows in stores),
        rows_failed=result.total.failed,
        rows_checked=result.total.checked,
        endangered_metrics=rule.endangered_metrics,
        fix_hint_en=rule.fix_hint_en,
        fix_hint_zh=rule.fix_hint_zh,
        message=result.message,
        where_to_look=f"select * from quality.dq_failing_rows where rule_id = '{rule.rule_id}'",
        sample_rows=tuple(str(row[0]) for row in samples),
    )


def _store_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    try:
        rows = connection.execute("select store_id, store_name from marts.dim_store").fetchall()
    except duckdb.CatalogException:
        return {}
    return {str(store_id): f"{store_name} {store_id}" for store_id, store_name in rows}
