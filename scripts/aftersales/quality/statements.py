"""The SQL the gate writes by itself: counting flags, binding a rule to its batch, failing rows."""

from __future__ import annotations

from aftersales.quality.catalogue import schema_of
from aftersales.quality.model import Rule

TOTAL, NEWEST = "total", "newest"


def literal(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def flag_column(rule_id: str, scope: str) -> str:
    """The column that counts a row rule over everything or over the newest batch."""
    return f"{rule_id}__{scope}"


def _not_repaired(table_name: str, batch_id: str, row_number: str) -> str:
    """Leaves out rows that a steward corrected: they are judged as they re-entered."""
    return f"""({batch_id}, {row_number}) not in (
            select (batch_id, row_number) from quality.dq_corrections
            where is_repaired and 'stg_' || system || '__' || table_name = {literal(table_name)}
        )"""


def flags_query(table_name: str, rule_ids: list[str], newest_batch_id: str) -> str:
    """Rows that broke each row rule of a staging table, grouped by what was flagged.

    One scan for all rules: rows are grouped by their flags, of which there are few kinds, and the
    rules are looked for in the groups.
    """
    columns = []
    for rule_id in rule_ids:
        hit = f"case when contains(flags.flag_rule_ids, {literal(f'|{rule_id}|')})"
        columns.append(f"{hit} then flags.row_count else 0 end as {flag_column(rule_id, TOTAL)}")
        newest = flag_column(rule_id, NEWEST)
        columns.append(f"{hit} then flags.newest_row_count else 0 end as {newest}")
    newest_batch = f"_batch_id = {literal(newest_batch_id)}"
    flags = f"""
        select
            flag_rule_ids,
            count(*) as row_count,
            sum(case when {newest_batch} then 1 else 0 end) as newest_row_count
        from {schema_of(table_name)}.{table_name} as judged
        where {_not_repaired(table_name, "judged._batch_id", "judged._row_number")}
        group by flag_rule_ids
    """
    return f"select {', '.join(columns)} from ({flags}) as flags"


def batch_query(rule: Rule, set_rule_sql: dict[str, str]) -> str:
    """The compiled query of a set rule with its table replaced by the batch being judged."""
    sql = set_rule_sql.get(rule.rule_id)
    if sql is None:
        raise LookupError(
            f"no dbt test carries meta.rule_id {rule.rule_id}: add "
            f"tests/data/rules/{rule.rule_id}.sql or retire the rule in the catalogue"
        )
    relation = f'"{schema_of(rule.table_name)}"."{rule.table_name}"'
    start = sql.find(relation)
    if start < 0:
        raise LookupError(f"the query of {rule.rule_id} does not read {rule.table_name}")
    before, after = sql[:start], sql[start + len(relation) :]
    before = before[: before.rfind(" ") + 1]
    return f"{_double_braces(before)}{{batch}}{_double_braces(after)}"


def _double_braces(sql: str) -> str:
    return sql.replace("{", "{{").replace("}", "}}")


def insert_set_rule_rows(rule: Rule, sql: str, limit: int | None) -> str:
    """Writes the rows that break a set rule; a limit is counted by the caller."""
    limited = "" if limit is None else f"limit {limit}"
    return f"""
        insert into quality.dq_failing_rows
        select
            {literal(rule.rule_id)} as rule_id,
            cast(failing.store_id as varchar) as store_id,
            cast(failing.business_on as date) as business_on,
            {literal(rule.table_name)} as table_name,
            cast(failing.row_key as varchar) as row_key,
            null as batch_id,
            null as source_file,
            null as row_number,
            cast(failing.detail as varchar) as detail
        from ({sql}) as failing
        order by all
        {limited}
    """


def insert_row_rule_rows(rule: Rule, limit: int | None) -> str:
    """Writes the rows that break a row rule, from the hits that staging recorded."""
    limited = "" if limit is None else f"limit {limit}"
    return f"""
        insert into quality.dq_failing_rows
        select
            rule_id,
            store_id,
            null as business_on,
            table_name,
            row_key,
            batch_id,
            source_file,
            row_number,
            null as detail
        from quality.dq_rule_hits
        where
            rule_id = {literal(rule.rule_id)}
            and table_name = {literal(rule.table_name)}
            and {_not_repaired(rule.table_name, "dq_rule_hits.batch_id", "dq_rule_hits.row_number")}
        order by batch_id desc, source_file, row_number
        {limited}
    """


def insert_structure_rows(
    rule: Rule, test_name: str, table_name: str, failures: int, detail: str
) -> str:
    """Writes one line for a structural test that did not pass."""
    return f"""
        insert into quality.dq_failing_rows
        values (
            {literal(rule.rule_id)}, null, null, {literal(table_name)}, {literal(test_name)},
            null, null, null, {literal(detail or f"{failures} rows")}
        )
    """
