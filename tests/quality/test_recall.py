"""Every defect planted in the demo company is found, row by row."""

from pathlib import Path

import duckdb
import pytest

from aftersales.demo.defects import KINDS
from aftersales.quality.model import AuditReport, Verdict
from quality.support import Company

# What the gate found, by defect kind and natural key. CRM vehicles are listed without their VIN,
# which is personal: batch and row lead to it.
FOUND = """
    with rules as (
        select rule_id, rule_kind, defect_kind from reference.dq_rules where defect_kind <> ''
    )

    select rules.defect_kind, hits.row_key
    from quality.dq_rule_hits as hits
    inner join rules on hits.rule_id = rules.rule_id

    union all

    select rules.defect_kind, rows.row_key
    from quality.dq_failing_rows as rows
    inner join rules on rows.rule_id = rules.rule_id and rules.rule_kind = 'set'

    union all

    select rules.defect_kind, vehicles.crm_customer_id || ':' || vehicles.vin as row_key
    from quality.dq_rule_hits as hits
    inner join rules on hits.rule_id = rules.rule_id
    inner join staging.stg_crm__vehicles as vehicles
        on hits.table_name = 'stg_crm__vehicles'
            and hits.batch_id = vehicles._batch_id
            and hits.row_number = vehicles._row_number
"""
MISSED = """
    select planted.defect_kind, planted.system, planted.table_name, planted.natural_key
    from read_parquet($answers) as planted
    where not exists (
        select 1 from found
        where found.defect_kind = planted.defect_kind
            and (found.row_key = planted.natural_key or found.row_key = planted.detail)
    )
    and not exists (
        select 1 from landing.rejects as rejects
        where planted.defect_kind = 'unreadable_row'
            and rejects.system = planted.system
            and rejects.table_name = planted.table_name
            and contains(rejects.raw_text, planted.natural_key)
    )
"""


@pytest.fixture(scope="module")
def report(defective_company: Company) -> AuditReport:
    return defective_company.audit()


def _answers(company: Company) -> str:
    return str(Path(company.home.root) / "answer_key" / "defects.parquet")


def test_every_planted_row_is_found(defective_company: Company, report: AuditReport) -> None:
    assert report.results
    with defective_company.connect() as connection:
        connection.execute(f"create temp table found as {FOUND}")
        answers = _answers(defective_company)
        missed = connection.execute(MISSED, {"answers": answers}).fetchall()
    planted = duckdb.execute(f"select count(*) from '{answers}'").fetchone()
    assert planted is not None
    assert planted[0] > 1_000
    assert missed == []


def test_every_kind_of_defect_belongs_to_a_rule(defective_company: Company) -> None:
    with defective_company.connect() as connection:
        rows = connection.execute("select distinct defect_kind from reference.dq_rules").fetchall()
    assert set(KINDS) <= {kind for (kind,) in rows}
    assert len(KINDS) >= 25


def test_the_demo_company_is_published_with_warnings(report: AuditReport) -> None:
    assert [finding.rule_id for finding in report.blocking] == []
    assert report.verdict is Verdict.WARN
