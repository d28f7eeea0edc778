"""The structural tests of dbt are judged by the gate, each kind under a rule of its own."""

from aftersales.quality import dbt_rules
from quality.support import ROOT, Company, catalogue_ids

STRUCTURE_RULES = catalogue_ids("structure")

# For each structural rule: the table, and the statement that breaks it there and nowhere else.
STRUCTURE_DEFECTS = {
    "primary_key_duplicated": (
        "fct_targets",
        "insert into marts.fct_targets select * from marts.fct_targets limit 1",
    ),
    "required_value_missing": (
        "dq_rule_hits",
        "insert into quality.dq_rule_hits (rule_id, table_name) values ('vin_malformed', 'x')",
    ),
    "reference_to_nothing": (
        "fct_complaints",
        "insert into marts.fct_complaints select * replace ('S999' as store_key, "
        "'CP1' as complaint_key) from marts.fct_complaints limit 1",
    ),
    "model_invariant_broken": (
        "dq_rules",
        "update reference.dq_rules set severity = 'dreadful' where rule_id = 'vin_malformed'",
    ),
}


def _failing(company: Company) -> set[tuple[str, str]]:
    with company.dbt_project() as project:
        evidence = dbt_rules.collect(company.database, ROOT, project.target_dir)
    assert not [test for test in evidence.structure_tests if test.error]
    return {(test.rule_id, test.table_name) for test in evidence.structure_tests if test.failures}


def test_every_structural_rule_has_a_planted_defect() -> None:
    assert set(STRUCTURE_DEFECTS) == set(STRUCTURE_RULES)


def test_each_planted_defect_fails_the_tests_of_its_rule_and_no_others(
    spoilt_company: Company,
) -> None:
    with spoilt_company.connect() as connection:
        for _, statement in STRUCTURE_DEFECTS.values():
            connection.execute(statement)
    expected = {(rule_id, table) for rule_id, (table, _) in STRUCTURE_DEFECTS.items()}
    assert _failing(spoilt_company) == expected
