"""The audit of a whole candidate: verdict, tables, report and site."""

import csv
from pathlib import Path

import pytest

from aftersales.quality.model import AuditReport, Status, Verdict
from aftersales.quality.report import render
from quality.plants.set_defects import SET_DEFECTS
from quality.support import CATALOGUE, Company


def _statuses(report: AuditReport) -> dict[str, Status]:
    return {result.rule.rule_id: result.status for result in report.results}


def _spoil(company: Company, *rule_ids: str) -> None:
    with company.connect() as connection:
        for rule_id in rule_ids:
            for statement in SET_DEFECTS[rule_id]:
                connection.execute(statement)


@pytest.fixture(scope="module")
def clean_report(clean_company: Company, tmp_path_factory: pytest.TempPathFactory) -> AuditReport:
    return clean_company.audit(tmp_path_factory.mktemp("docs"))


def test_a_clean_company_passes_every_rule(clean_report: AuditReport) -> None:
    not_passed = {f.rule_id: f.message for f in clean_report.findings}
    assert not_passed == {}
    assert clean_report.verdict is Verdict.PASS


def test_every_rule_of_the_catalogue_is_evaluated_once(clean_report: AuditReport) -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        catalogued = sorted(row["rule_id"] for row in csv.DictReader(file))
    assert sorted(result.rule.rule_id for result in clean_report.results) == catalogued
    assert len(catalogued) >= 60
    assert {result.engine for result in clean_report.results} == {"gx", "dbt"}


def test_the_version_holds_the_results(clean_company: Company, clean_report: AuditReport) -> None:
    with clean_company.connect() as connection:
        results = connection.execute(
            "select count(*), count(distinct rule_id) from quality.dq_rule_results"
        ).fetchone()
        verdict = connection.execute(
            "select verdict, rules_checked, rules_passed from quality.dq_verdict"
        ).fetchall()
    count = len(clean_report.results)
    assert results == (count, count)
    assert verdict == [("pass", count, count)]


def test_the_site_says_that_the_company_is_synthetic(clean_report: AuditReport) -> None:
    index = Path(clean_report.docs_index)
    assert "synthetic company" in index.read_text(encoding="utf-8")
    assert list((index.parent / "validations").rglob("*.html"))


def test_a_critical_failure_blocks_and_says_what_to_do(spoilt_company: Company) -> None:
    _spoil(spoilt_company, "target_missing", "store_day_differs_from_facts")
    report = spoilt_company.audit()
    assert report.verdict is Verdict.FAIL
    assert not report.verdict.is_publishable
    statuses = _statuses(report)
    assert statuses.pop("store_day_differs_from_facts") is Status.FAIL
    assert statuses.pop("target_missing") is Status.WARN
    # Marts made before the fault no longer add up to the day.
    assert statuses.pop("model_invariant_broken") is Status.FAIL
    assert {rule: status for rule, status in statuses.items() if status is not Status.PASS} == {}
    (finding,) = [one for one in report.blocking if one.rule_id == "store_day_differs_from_facts"]
    assert [rows for _, rows in finding.stores] == [1]
    assert "S002" in finding.stores[0][0]
    text = render(report)
    for part in (
        "store_day_differs_from_facts",
        finding.sentence_en,
        finding.stores[0][0],
        "revenue_amount",
        "--full",
        "quality.dq_failing_rows",
    ):
        assert part in text
    assert finding.sentence_zh in render(report, "zh")
    with spoilt_company.connect() as connection:
        rows = connection.execute(
            "select rule_id, store_id, row_key from quality.dq_failing_rows "
            "where rule_id <> 'model_invariant_broken' order by all"
        ).fetchall()
        verdict = connection.execute("select verdict from quality.dq_verdict").fetchone()
    assert rows == [
        ("store_day_differs_from_facts", "S002", "S002:revenue_amount"),
        ("target_missing", "S002", "S002:2025-09:revenue"),
    ]
    assert verdict == ("fail",)


def test_warnings_alone_are_published(spoilt_company: Company) -> None:
    _spoil(spoilt_company, "bay_intervals_overlap", "odometer_rolled_back")
    report = spoilt_company.audit()
    assert report.verdict is Verdict.WARN
    assert report.verdict.is_publishable
    assert [f.rule_id for f in report.findings] == ["bay_intervals_overlap", "odometer_rolled_back"]


def test_a_rule_that_cannot_be_evaluated_is_an_error_and_not_a_failure(
    spoilt_company: Company,
) -> None:
    with spoilt_company.connect() as connection:
        connection.execute(
            "alter table marts.fct_bay_hours rename column overlapping_minutes to gone"
        )
        connection.execute("drop table marts.fct_parts_demand")
    report = spoilt_company.audit()
    assert report.verdict is Verdict.ERROR
    assert not report.verdict.is_publishable
    statuses = _statuses(report)
    assert statuses["bay_intervals_overlap"] is Status.ERROR
    assert statuses["parts_demand_split_differs"] is Status.ERROR
    assert statuses["order_vehicle_unknown"] is Status.PASS
    assert Status.FAIL not in statuses.values()
    messages = {finding.rule_id: finding.message for finding in report.blocking}
    assert "overlapping_minutes" in messages["bay_intervals_overlap"]
    assert "fct_parts_demand" in messages["parts_demand_split_differs"]


def test_hits_that_disagree_with_the_flags_are_an_error(spoilt_company: Company) -> None:
    """A row rule is judged from the flags; the listed hits must be the same rows."""
    with spoilt_company.connect() as connection:
        connection.execute(
            "insert into quality.dq_rule_hits (rule_id, table_name, row_key) "
            "values ('vin_malformed', 'stg_dms__vehicles', 'V1')"
        )
    statuses = _statuses(spoilt_company.audit())
    assert statuses.pop("vin_malformed") is Status.ERROR
    assert set(statuses.values()) == {Status.PASS}
